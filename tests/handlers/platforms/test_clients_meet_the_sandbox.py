"""The clients ask the sandbox's stand-ins, over HTTP, and get back what the classrooms played."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.attendance.inside import Inside
from bot.attendance.records import PlatformRecord
from bot.connectors import AskedRoom, AskedSession, RecordClient
from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.vcaas.client import VcaasClient, callbacks_at
from handlers.platforms.zoom.client import NewRegistrant, ZoomClient
from sandbox.apis.vcaas import KEY_HEADER
from sandbox.classroom.book import Book
from sandbox.classroom.deliveries import Handling
from tests.handlers.platforms.answering import QUICK
from tests.sandbox.apis.conftest import ADA, HMS_ROOM, ZOOM_ROOM, Asker, asker, steered
from tests.sandbox.apis.test_hundredms_api import a_lesson as a_lesson_on_100ms
from tests.sandbox.apis.test_zoom_api import a_lesson as a_lesson_on_zoom

__all__ = ["asker"]  # a fixture

PLATFORMS = ["zoom", "100ms"]


class Pair:
    """A platform's client, and its classroom with the lesson that it played."""

    def __init__(self, client: Any, asker: Asker, book: Book, room: str) -> None:
        self.client: RecordClient = client
        self._asker, self._book, self._room = asker, book, room

    async def record(self, session: str = "") -> PlatformRecord | None:
        now = self._asker.clock.at
        asked = AskedSession(
            account="a",
            room=self._room,
            session=session or self.session,
            planned_start=now - timedelta(hours=1),
            planned_end=now,
        )
        return await self.client.records(asked, now=now)

    async def sessions(self, start: datetime, end: datetime) -> list[str]:
        asked = AskedRoom(account="a", room=self._room, start=start, end=end)
        return list(await self.client.sessions(asked, now=self._asker.clock.at))

    @property
    def session(self) -> str:
        return list(self._book)[-1].session_id

    @property
    def played(self) -> set[tuple[str, datetime, datetime | None, bool]]:
        """What happened, to the second."""
        return {
            (stay.name, whole(stay.since), whole(stay.until), stay.is_waiting)
            for stay in list(self._book)[-1].stays
            if stay.since != stay.until
        }


def whole(moment: Any) -> Any:
    return moment and moment.replace(microsecond=0)


def told(record: PlatformRecord | None) -> set[tuple[str, datetime, datetime | None, bool]]:
    assert record is not None
    return {(stay.handle.name, whole(stay.joined_at), whole(stay.left_at), stay.is_waiting) for stay in record.stays}


@pytest.fixture
async def zoom(asker: Asker) -> AsyncIterator[ZoomClient]:
    keys = asker.apis.keys
    client = ZoomClient(
        account_id=keys.zoom_account_id,
        client_id=keys.zoom_client_id,
        client_secret=keys.zoom_client_secret,
        api_url=f"{asker.url}/zoom/v2",
        oauth_url=f"{asker.url}/zoom/oauth/token",
        patience=QUICK,
    )
    yield client
    await client.close()


@pytest.fixture
async def hundredms(asker: Asker) -> AsyncIterator[HundredmsClient]:
    keys = asker.apis.keys
    client = HundredmsClient(
        access_key=keys.hms_access_key, app_secret=keys.hms_secret, api_url=f"{asker.url}/100ms/v2", patience=QUICK
    )
    yield client
    await client.close()


@pytest.fixture(params=PLATFORMS)
async def pair(request: pytest.FixtureRequest, asker: Asker, zoom: ZoomClient, hundredms: HundredmsClient) -> Pair:
    if request.param == "zoom":
        await a_lesson_on_zoom(asker)
        return Pair(zoom, asker, asker.zoom.book, ZOOM_ROOM)
    await a_lesson_on_100ms(asker)
    return Pair(hundredms, asker, asker.hundredms.book, HMS_ROOM)


async def test_the_record_is_what_was_played_to_the_second(pair: Pair) -> None:
    assert told(await pair.record()) == pair.played


async def test_pages_of_two_make_the_same_record(pair: Pair, asker: Asker) -> None:
    steered(asker, a_page=2)
    assert told(await pair.record()) == pair.played


async def test_a_session_is_found_without_any_webhook(pair: Pair, asker: Asker) -> None:
    now = asker.clock.at
    assert await pair.sessions(now - timedelta(minutes=20), now) == [pair.session]
    assert await pair.sessions(now + timedelta(minutes=1), now + timedelta(minutes=20)) == []
    assert await pair.sessions(now - timedelta(hours=2), now - timedelta(hours=1)) == []


@pytest.mark.parametrize("records", [{"are_never": True}, {"are_empty": True}, {"after": timedelta(hours=1)}])
async def test_what_is_not_there_yet_is_no_record(pair: Pair, asker: Asker, records: Any) -> None:
    steered(asker, **records)
    assert await pair.record() is None


async def test_a_record_of_a_session_that_nobody_knows_is_none(pair: Pair) -> None:
    assert await pair.record("/no//such/session==") is None


async def test_a_record_may_be_a_little_off(pair: Pair, asker: Asker) -> None:
    steered(asker, off_by=timedelta(seconds=2), without=frozenset({"bob"}))
    assert told(await pair.record()) == {
        (name, since + timedelta(seconds=2), until and until + timedelta(seconds=2), is_waiting)
        for name, since, until, is_waiting in pair.played
        if name != "Bob Stone"
    }


@pytest.mark.parametrize("answers", [("500",), ("503", "500"), ("hangs",), ("401",)])
async def test_what_goes_wrong_once_or_twice_is_got_over(pair: Pair, asker: Asker, answers: tuple[str, ...]) -> None:
    steered(asker, answers=answers)
    assert told(await pair.record()) == pair.played


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (("500",) * 3, PlatformUnavailable),
        (("html",), PlatformUnavailable),
        (("half",), PlatformUnavailable),
        (("empty",), PlatformUnavailable),
        (("401",) * 2, PlatformRefused),
        (("429",), PlatformBusy),
    ],
)
async def test_what_stays_wrong_is_one_of_three_errors(
    pair: Pair, asker: Asker, answers: tuple[str, ...], error: type[Exception]
) -> None:
    steered(asker, answers=answers)
    with pytest.raises(error):
        await pair.record()
    assert told(await pair.record()) == pair.played


async def test_a_token_that_ended_is_renewed_in_the_middle_of_the_pages(pair: Pair, asker: Asker) -> None:
    assert told(await pair.record()) == pair.played
    steered(asker, a_page=2, answers=("401",))
    assert told(await pair.record()) == pair.played


async def test_of_a_running_session_100ms_tells_who_is_still_in(asker: Asker, hundredms: HundredmsClient) -> None:
    asker.hundredms.host_joins()
    await asker.later(minutes=5)
    asker.hundredms.join(ADA)
    pair = Pair(hundredms, asker, asker.hundredms.book, HMS_ROOM)
    record = await pair.record()
    assert record is not None
    assert record.ended_at is None
    assert told(record) == pair.played
    assert [peer.user_id for peer in await hundredms.active_peers(HMS_ROOM)] == ["grace-1", "ada-1"]
    asked = AskedRoom(account="a", room=HMS_ROOM, start=asker.clock.at - timedelta(hours=1), end=asker.clock.at)
    (inside,) = (await hundredms.inside([asked], now=asker.clock.at)).values()
    assert inside == Inside(people=2, came_at=asker.clock.at)
    active = await hundredms.active_room(HMS_ROOM)
    assert active is not None
    assert active.session_id == pair.session


async def test_zoom_tells_who_is_in_and_of_a_running_session_no_more(asker: Asker, zoom: ZoomClient) -> None:
    asker.zoom.host_joins()
    await asker.later(minutes=5)
    asker.zoom.wait(ADA)
    pair = Pair(zoom, asker, asker.zoom.book, ZOOM_ROOM)
    assert await pair.record() is None
    now = asker.clock.at
    for window in (timedelta(minutes=30), timedelta(minutes=1)):
        asked = AskedRoom(account="a", room=ZOOM_ROOM, start=now - window, end=now)
        began_at = whole(now - timedelta(minutes=5))
        assert await zoom.inside([asked], now=now) == {ZOOM_ROOM: Inside(people=1, came_at=began_at)}


async def test_without_a_dashboard_zoom_tells_of_no_room(asker: Asker, zoom: ZoomClient) -> None:
    asker.zoom.host_joins()
    await asker.later(minutes=5)
    steered(asker, has_no_dashboard=True)
    asked = AskedRoom(account="a", room=ZOOM_ROOM, start=asker.clock.at - timedelta(hours=1), end=asker.clock.at)
    with pytest.raises(PlatformRefused, match="only available for Business"):
        await zoom.inside([asked], now=asker.clock.at)


async def test_who_hosted_is_in_the_record_by_their_account(asker: Asker, zoom: ZoomClient) -> None:
    await a_lesson_on_zoom(asker)
    record = await Pair(zoom, asker, asker.zoom.book, ZOOM_ROOM).record()
    assert record is not None
    assert {stay.handle.name for stay in record.stays if stay.handle.is_host} == {"Grace Hopper"}


async def test_registrants_get_links_and_are_listed(asker: Asker, zoom: ZoomClient) -> None:
    meeting = await zoom.meeting(ZOOM_ROOM)
    assert meeting is not None
    assert meeting.takes_registrants
    ada = await zoom.create_registrant(ZOOM_ROOM, NewRegistrant(email="ada@example.com", first_name="Ada"))
    people = [NewRegistrant(email=f"s{number}@example.com", first_name="S") for number in range(31)]
    many = await zoom.create_registrants(ZOOM_ROOM, people)
    steered(asker, a_page=10)
    assert await zoom.registrants(ZOOM_ROOM) == [ada, *many]


async def test_a_fourth_registration_on_one_day_is_busy(asker: Asker, zoom: ZoomClient) -> None:
    ada = NewRegistrant(email="ada@example.com", first_name="Ada")
    for _ in range(3):
        await zoom.create_registrant(ZOOM_ROOM, ada)
    with pytest.raises(PlatformBusy) as busy:
        await zoom.create_registrant(ZOOM_ROOM, ada)
    assert busy.value.retry_after == timedelta(hours=1)
    assert "ada@" not in str(busy.value)


async def test_100ms_sends_again_what_it_could_not_deliver(asker: Asker, hundredms: HundredmsClient) -> None:
    begun = asker.clock.at
    with asker.hundredms.deliveries.handled(Handling(is_lost=True)):
        asker.hundredms.host_joins()
    await asker.later(minutes=5)
    now = asker.clock.at
    assert await hundredms.replay(since=begun, until=now, now=now) == 2
    assert len([each for each in asker.hundredms.deliveries.record if b'"is_replay":true' in each.body]) == 2


async def test_a_room_is_made_with_codes_for_its_roles(hundredms: HundredmsClient) -> None:
    room = await hundredms.create_room({"name": "Evening school"})
    assert room == await hundredms.create_room({"name": "Evening school"})
    codes = await hundredms.create_room_codes(room["id"])
    assert {code.role for code in codes} == {"teacher", "co-teacher", "student"}


async def test_vcaas_creates_a_meeting_that_calls_back(asker: Asker) -> None:
    client = VcaasClient(api_url=f"{asker.url}/vcaas", header=f"{KEY_HEADER}: {asker.apis.keys.vcaas_key}")
    meeting = await client.create_meeting(
        "python-101",
        title="Python 101",
        starts_at=asker.clock.at,
        ends_at=asker.clock.at + timedelta(hours=1),
        callbacks=callbacks_at("https://rollcall.example.com/webhooks/vcaas/token"),
    )
    await client.close()
    assert meeting.meeting_url.endswith(meeting.meeting_id)


async def test_wrong_credentials_are_refused(asker: Asker) -> None:
    zoom = ZoomClient(account_id="x", client_id="x", client_secret="x", api_url=f"{asker.url}/zoom/v2", oauth_url=f"{asker.url}/zoom/oauth/token", patience=QUICK)  # fmt: skip
    hundredms = HundredmsClient(access_key="x", app_secret="x" * 32, api_url=f"{asker.url}/100ms/v2", patience=QUICK)
    for client in (zoom, hundredms):
        with pytest.raises(PlatformRefused):
            await client.check()
        await client.close()
