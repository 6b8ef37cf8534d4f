"""The client of Zoom's REST API: every shape that it answers in, its tokens, its pages."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from bot.attendance.events import Handle
from bot.attendance.records import PlatformRecord
from bot.connectors import AskedRoom, AskedSession
from bot.errors import BotError, PlatformBusy, PlatformRefused, PlatformUnavailable
from bot.settings import Settings
from handlers.platforms.zoom.client import NewRegistrant, ZoomClient
from handlers.platforms.zoom.replies import Meeting, PastMeeting, Registrant
from tests.handlers.platforms.answering import QUICK, Answer, AnsweringApi, Asked, hangs, kept, says, written

ROOM, UUID = "97711976001", "/aB//cD=="
TWICE_ENCODED = quote(quote(UUID, safe=""), safe="")
NOW = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)
ADA = NewRegistrant(email="ada@example.com", first_name="Ada", last_name="Lovelace")

NONE_SUCH = says({"code": 3001, "message": "Meeting does not exist: ."}, status=404)
NOT_PAID = says({"code": 200, "message": "No permission."}, status=400)


class HandClock:
    """Wire time that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class Zoom:
    """A client with the API and the token endpoint that it asks."""

    def __init__(self) -> None:
        self.wire = HandClock()
        self.api, self.oauth = AnsweringApi(), AnsweringApi()
        self.oauth.will(says(kept("zoom/token")))
        self.client: ZoomClient

    async def start(self) -> None:
        self.client = ZoomClient(
            account_id="account",
            client_id="client",
            client_secret="client-secret",
            api_url=await self.api.start() + "/v2",
            oauth_url=await self.oauth.start() + "/oauth/token",
            patience=QUICK,
            now=self.wire,
        )

    async def stop(self) -> None:
        await self.client.close()
        await self.api.stop()
        await self.oauth.stop()

    def will(self, *answers: Answer) -> None:
        self.api.will(*answers)

    @property
    def asked(self) -> list[Asked]:
        return self.api.asked

    async def records(self, **changes: Any) -> PlatformRecord | None:
        planned = {"planned_start": at("17:00"), "planned_end": at("18:30")}
        asked = AskedSession(**{"account": "a", "room": ROOM, "session": UUID, **planned, **changes})
        return await self.client.records(asked, now=NOW)


@pytest.fixture
async def zoom() -> AsyncIterator[Zoom]:
    made = Zoom()
    await made.start()
    yield made
    await made.stop()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-23T{text}+00:00")


# Tokens


async def test_a_token_is_asked_for_with_the_apps_credentials(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/meeting")))
    await zoom.client.meeting(ROOM)
    (asked,) = zoom.oauth.asked
    assert (asked.method, asked.path) == ("POST", "/oauth/token")
    assert asked.query == {"grant_type": "account_credentials", "account_id": "account"}
    assert asked.headers["Authorization"] == f"Basic {b64encode(b'client:client-secret').decode()}"
    assert zoom.asked[0].bearer == kept("zoom/token")["access_token"]


@pytest.mark.parametrize(
    ("expires_in", "good_for"), [(3600, 3300), ("3600", 3300), (60, 30), (None, 3300), ("soon", 3300), (3600.0, 3300)]
)
async def test_a_token_is_used_until_shortly_before_its_end(zoom: Zoom, expires_in: Any, good_for: int) -> None:
    zoom.oauth.will(says(kept("zoom/token", expires_in=expires_in)))
    await zoom.client.check()
    zoom.wire.at += timedelta(seconds=good_for - 1)
    await zoom.client.check()
    assert len(zoom.oauth.asked) == 1
    zoom.wire.at += timedelta(seconds=1)
    await zoom.client.check()
    assert len(zoom.oauth.asked) == 2


async def test_many_calls_at_once_ask_for_one_token(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/meeting")))
    await asyncio.gather(*(zoom.client.meeting(ROOM) for _ in range(5)))
    assert (len(zoom.oauth.asked), len(zoom.asked)) == (1, 5)


async def test_a_refused_token_is_replaced_once(zoom: Zoom) -> None:
    zoom.oauth.will(says(kept("zoom/token")), says(kept("zoom/token", access_token="second")))
    zoom.will(says({"code": 124, "message": "Invalid access token."}, status=401), says(kept("zoom/meeting")))
    await zoom.client.meeting(ROOM)
    assert [asked.bearer for asked in zoom.asked] == [kept("zoom/token")["access_token"], "second"]
    zoom.will(says({"code": 124, "message": "Access token is expired."}, status=401))
    with pytest.raises(PlatformRefused) as refused:
        await zoom.client.meeting(ROOM)
    assert str(refused.value) == "Zoom refused to look up a meeting (401: Access token is expired)."


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (
            says({"reason": "Invalid client_id or client_secret", "error": "invalid_client"}, status=400),
            PlatformRefused,
            "Zoom refused to give us a token (400: Invalid client_id or client_secret, invalid_client).",
        ),
        (says({}), PlatformUnavailable, "Zoom answered without a token when asked to give us one."),
        (written("<html>"), PlatformUnavailable, "Zoom answered nothing usable when asked to give us a token: The body is not JSON."),
        (says({}, status=429, headers={"Retry-After": "9"}), PlatformBusy, "Zoom asks us to wait before we give us a token (429)."),
        (hangs, PlatformUnavailable, "Zoom did not answer in time when asked to give us a token."),
    ],
)  # fmt: skip
async def test_without_a_token_nothing_is_asked(zoom: Zoom, answer: Any, error: type[BotError], sentence: str) -> None:
    zoom.oauth.will(answer)
    with pytest.raises(error) as problem:
        await zoom.records()
    assert str(problem.value) == sentence
    assert zoom.asked == []


async def test_no_secret_is_in_what_can_be_printed(zoom: Zoom) -> None:
    token = kept("zoom/token")["access_token"]
    basic = b64encode(b"client:client-secret").decode()
    for server, repeated in ((zoom.api, token), (zoom.oauth, basic)):
        server.will(says({"message": f"{repeated} client-secret ada@example.com"}, status=400))
        with pytest.raises(PlatformRefused) as refused:
            await zoom.client.create_registrant(ROOM, ADA)
        told = str(refused.value) + repr(refused.value) + repr(zoom.client) + repr(zoom.client._tokens) + repr(ADA)
        for secret in (token, basic, "client-secret", "ada@example.com", "Lovelace"):
            assert secret not in told
        zoom.oauth.will(says(kept("zoom/token")))
        zoom.wire.at += timedelta(hours=1)


async def test_the_settings_make_a_client_only_with_all_three_credentials() -> None:
    given = {"ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "b", "ZOOM_CLIENT_SECRET": "c"}
    for missing in given:
        environment = {name: value for name, value in given.items() if name != missing}
        assert ZoomClient.from_settings(Settings.from_env(environment)) is None
    client = ZoomClient.from_settings(Settings.from_env(given))
    assert client is not None
    await client.close()


# The record


async def test_the_report_is_a_stay_for_each_row(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/report")), says(kept("zoom/past_meeting")))
    record = await zoom.records()
    assert record is not None
    assert (record.room, record.session, record.source, record.is_whole) == (ROOM, UUID, "zoom_report", False)
    assert (record.received_at, record.started_at, record.ended_at) == (NOW, at("16:57:51"), at("18:30:20"))
    ada = Handle(name="Ada Lovelace", email="ada@example.com", registrant_id="rEgAda")
    bob = Handle(name="Bob Stone", external_id="bob-1")
    grace = Handle(name="Grace Hopper", email="grace@example.com", user_id="grAceAccount0001", is_host=True)
    told = [(stay.number, stay.handle, stay.joined_at, stay.left_at, stay.is_waiting) for stay in record.stays]
    assert told == [
        ("16778240", grace, at("16:58"), at("18:30"), False),
        ("16780288", bob, at("17:00"), at("17:01"), True),
        ("16780288", bob, at("17:01"), at("18:29"), False),
        ("16779264", ada, at("17:02"), at("17:30"), False),
        ("167782402026-11-23 17:30:00:000", ada, at("17:30"), at("18:29"), False),
    ]
    assert all(stay.connection is None for stay in record.stays)


@pytest.mark.parametrize(
    ("host_id", "hosts"),
    [("grAceAccount0001", ["Grace"]), ("sUbstitute", ["Sam"]), ("sOmebodyElse", []), ("", []), (None, [])],
)
async def test_the_host_is_who_has_the_account_of_the_sessions_host(zoom: Zoom, host_id: Any, hosts: list[str]) -> None:
    times = {"join_time": "2026-11-23T17:00:00Z", "leave_time": "2026-11-23T18:00:00Z"}
    rows = [
        {"name": "Grace", "id": "grAceAccount0001", **times},
        {"name": "Sam", "id": "", "participant_user_id": "sUbstitute", **times},
        {"name": "A guest", "id": "", "participant_user_id": None, "user_email": "grace@example.com", **times},
    ]
    zoom.will(says({"participants": rows}), says(kept("zoom/past_meeting", host_id=host_id)))
    record = await zoom.records()
    assert record is not None
    assert [stay.handle.name for stay in record.stays if stay.handle.is_host] == hosts


async def test_of_whom_the_session_itself_is_not_told_nobody_is_the_host(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/report")), NOT_PAID)
    record = await zoom.records()
    assert record is not None
    assert not any(stay.handle.is_host for stay in record.stays)


async def test_a_uuid_is_encoded_twice_in_every_path(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/report")), says(kept("zoom/past_meeting")))
    await zoom.records()
    report, meeting = zoom.asked
    assert report.path == f"/v2/report/meetings/{TWICE_ENCODED}/participants"
    assert meeting.path == f"/v2/past_meetings/{TWICE_ENCODED}"
    assert report.query == {"include_fields": "registrant_id", "page_size": "300"}


async def test_all_pages_of_a_report_are_read(zoom: Zoom) -> None:
    report = kept("zoom/report")
    rows = report["participants"]
    pages = [
        says({**report, "participants": rows[:2], "next_page_token": "second"}),
        says({**report, "participants": rows[2:], "next_page_token": "third"}),
        says({"participants": [], "next_page_token": ""}),
    ]
    zoom.will(*pages, says(kept("zoom/past_meeting")))
    record = await zoom.records()
    assert record is not None
    assert len(record.stays) == 5
    assert [asked.query.get("next_page_token") for asked in zoom.asked] == [None, "second", "third", None]


async def test_a_page_that_follows_itself_is_left(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/report", next_page_token="again")))
    assert len(await zoom.client.report(UUID)) == 12
    assert len(zoom.asked) == 2


async def test_a_page_that_fails_in_the_middle_is_no_record_of_the_first(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/report", next_page_token="second")), says({}, status=500))
    with pytest.raises(PlatformUnavailable):
        await zoom.records()


@pytest.mark.parametrize(
    "refusal",
    [
        NOT_PAID,
        NONE_SUCH,
        says({"code": 4711, "message": "Invalid access token, does not contain scopes."}, status=400),
        says({"participants": []}),
    ],
)
async def test_without_a_report_the_list_of_participants_is_the_record(zoom: Zoom, refusal: Any) -> None:
    zoom.will(refusal, says(kept("zoom/past_participants")), says(kept("zoom/past_meeting")))
    record = await zoom.records()
    assert record is not None
    assert zoom.asked[1].path == f"/v2/past_meetings/{TWICE_ENCODED}/participants"
    ada, telephone = record.stays
    assert (ada.handle.user_id, ada.handle.registrant_id, ada.number) == ("rEgAda", "rEgAda", "16779264")
    assert telephone.handle == Handle(name="***0123")


@pytest.mark.parametrize(
    "answers",
    [
        [NONE_SUCH],
        [says({"code": 3001, "message": "Meeting ID is invalid or not end."}, status=400)],
        [NOT_PAID, NONE_SUCH],
        [NONE_SUCH, says({"participants": []})],
        [says({"participants": None}), says({})],
    ],
)
async def test_what_zoom_does_not_know_yet_is_no_record(zoom: Zoom, answers: list[Answer]) -> None:
    zoom.will(*answers)
    assert await zoom.records() is None


@pytest.mark.parametrize("scopes", [NOT_PAID, says({"message": "no"}, status=403)])
async def test_where_neither_may_be_read_the_refusal_is_told(zoom: Zoom, scopes: Any) -> None:
    zoom.will(scopes)
    with pytest.raises(PlatformRefused, match="Zoom refused to list who took part"):
        await zoom.records()


@pytest.mark.parametrize("meeting", [NONE_SUCH, NOT_PAID, says({"id": None, "start_time": "", "end_time": "soon"})])
async def test_without_the_sessions_own_times_those_that_were_told_or_written_stand(zoom: Zoom, meeting: Any) -> None:
    zoom.will(says(kept("zoom/report")), meeting)
    record = await zoom.records()
    assert record is not None
    assert (record.room, record.session) == (ROOM, UUID)
    assert (record.started_at, record.ended_at) == (at("16:58"), at("18:30"))
    if meeting in {NONE_SUCH, NOT_PAID}:
        zoom.will(says(kept("zoom/report")), meeting)
        record = await zoom.records(started_at=at("16:50"), ended_at=at("18:35"))
        assert record is not None
        assert (record.started_at, record.ended_at) == (at("16:50"), at("18:35"))


async def test_a_token_that_is_refused_for_good_in_between_is_no_record(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/report")), says({"code": 124, "message": "Invalid access token."}, status=401))
    with pytest.raises(PlatformRefused):
        await zoom.records()


async def test_odd_rows_are_read_as_far_as_they_say_something(zoom: Zoom) -> None:
    rows = [
        {"name": 7, "user_id": None, "join_time": "2026-11-23T17:00:00Z", "leave_time": ""},
        {"name": "No time"},
        {"name": "Long ago", "join_time": "1999-01-01T00:00:00Z", "leave_time": "2026-11-23T18:00:00Z"},
        {"name": ["odd"], "join_time": "2026-11-23T17:00:00Z"},
        {"user_id": "nul\x00", "user_email": "nul\x00@example.com", "join_time": "2026-11-23T17:30:00+01:00", "leave_time": "2026-11-23T18:00:00Z", "extra": {}},
        None,
    ]  # fmt: skip
    zoom.will(says({"participants": rows}), says(kept("zoom/past_meeting")))
    record = await zoom.records()
    assert record is not None
    told = [(stay.handle, stay.number, stay.joined_at, stay.left_at) for stay in record.stays]
    assert told == [
        (Handle(), "", at("16:30"), at("18:00")),
        (Handle(name="7"), "", at("17:00"), at("18:30:20")),
    ]


async def test_who_only_waited_leaves_no_record(zoom: Zoom) -> None:
    rows = [{"name": "Bob", "join_time": "2026-11-23T17:00:00Z", "leave_time": "2026-11-23T17:30:00Z", "status": "in_waiting_room"}]  # fmt: skip
    zoom.will(says({"participants": rows}), says(kept("zoom/past_meeting")))
    assert await zoom.records() is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says({}, status=500), PlatformUnavailable),
        (says({"code": 124, "message": "Invalid access token."}, status=401), PlatformRefused),
        (written("<html>hello</html>"), PlatformUnavailable),
        (written('{"participants": ['), PlatformUnavailable),
        (written(""), PlatformUnavailable),
        (says([]), PlatformUnavailable),
        (says({"participants": {"name": "Ada"}}), PlatformUnavailable),
        (says({}, status=429, headers={"Retry-After": "2026-11-24T00:00:00Z"}), PlatformBusy),
        (hangs, PlatformUnavailable),
    ],
)
async def test_a_bad_answer_is_one_of_three_errors_and_never_a_record(
    zoom: Zoom, answer: Any, error: type[Exception]
) -> None:
    zoom.will(answer)
    with pytest.raises(error):
        await zoom.records()


# Sessions


@pytest.mark.parametrize(("shape", "host"), [("zoom/past_meeting", "grAceAccount0001"), ("zoom/report_meeting", "")])
async def test_a_session_that_is_over_has_its_times(zoom: Zoom, shape: str, host: str) -> None:
    zoom.will(says(kept(shape)))
    assert await zoom.client.past_meeting(UUID) == PastMeeting(
        room=ROOM, uuid=UUID, started_at=at("16:57:51"), ended_at=at("18:30:20"), host_id=host
    )


async def test_a_meetings_sessions_are_listed(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/instances")))
    found = await zoom.client.instances(ROOM)
    assert [each.uuid for each in found] == [UUID, "since-yesterday==", "last-week==", "later==", "of-no-time=="]
    assert zoom.asked[0].path == f"/v2/past_meetings/{ROOM}/instances"
    for none in (NONE_SUCH, says({"meetings": None})):
        zoom.will(none)
        assert await zoom.client.instances(ROOM) == []


async def test_the_sessions_of_a_lesson_are_those_that_ran_in_its_time(zoom: Zoom) -> None:
    overlaps, over = kept("zoom/past_meeting", end_time="2026-11-23T17:10:00Z"), kept("zoom/past_meeting", end_time="2026-11-23T16:00:00Z")  # fmt: skip
    asked = AskedRoom(account="a", room=ROOM, start=at("17:00"), end=at("18:30"))
    zoom.will(says(kept("zoom/instances")), says(overlaps), says(over))
    assert await zoom.client.sessions(asked, now=NOW) == [UUID, "of-no-time=="]
    zoom.will(says(kept("zoom/instances")), says(over), NONE_SUCH)
    assert await zoom.client.sessions(asked, now=NOW) == ["since-yesterday==", "of-no-time=="]


async def test_zoom_sends_nothing_again(zoom: Zoom) -> None:
    assert await zoom.client.replay(since=at("17:00"), until=NOW, now=NOW) == 0
    assert zoom.asked == []


# Meetings and registrants


async def test_a_meeting_says_whether_people_can_be_registered(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/meeting")))
    found = await zoom.client.meeting(ROOM)
    assert found == Meeting(room=ROOM, join_url="https://example.com/j/97711976001", takes_registrants=True)
    assert "example.com" not in repr(found)
    for settings in ({"approval_type": 2}, {}, None):
        zoom.will(says(kept("zoom/meeting", settings=settings)))
        found = await zoom.client.meeting(ROOM)
        assert found is not None
        assert not found.takes_registrants
    zoom.will(NONE_SUCH)
    assert await zoom.client.meeting(ROOM) is None


async def test_who_is_registered_has_a_link_of_their_own(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/registrant")))
    found = await zoom.client.create_registrant(ROOM, ADA)
    assert found == Registrant(
        registrant_id="rEgAda", email="ada@example.com", join_url="https://example.com/w/97711976001?tk=ada"
    )
    assert "tk=ada" not in repr(found)
    (asked,) = zoom.asked
    assert (asked.method, asked.path) == ("POST", f"/v2/meetings/{ROOM}/registrants")
    assert asked.document == {
        "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "auto_approve": True,
    }  # fmt: skip


@pytest.mark.parametrize("missing", ["join_url", "registrant_id"])
async def test_who_waits_for_the_hosts_approval_has_no_link(zoom: Zoom, missing: str) -> None:
    zoom.will(says(kept("zoom/registrant", **{missing: ""})))
    assert await zoom.client.create_registrant(ROOM, ADA) is None


async def test_a_fourth_registration_on_one_day_is_busy_and_names_nobody(zoom: Zoom) -> None:
    message = "You have exceeded the daily rate limit (3) of Add meeting registrant API requests for the registrant (ada@example.com)."  # fmt: skip
    zoom.will(says({"code": 429, "message": message}, status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(PlatformBusy) as busy:
        await zoom.client.create_registrant(ROOM, ADA)
    assert busy.value.retry_after == timedelta(days=1)
    assert "ada@" not in str(busy.value)


async def test_a_registration_whose_answer_is_lost_is_not_made_twice(zoom: Zoom) -> None:
    zoom.will(hangs)
    with pytest.raises(PlatformUnavailable):
        await zoom.client.create_registrant(ROOM, ADA)
    assert len(zoom.asked) == 1


async def test_many_are_registered_thirty_at_a_time(zoom: Zoom) -> None:
    people = [NewRegistrant(email=f"s{number}@example.com", first_name=f"S{number}") for number in range(31)]
    zoom.will(says(kept("zoom/batch_registrants")), says({"registrants": None}))
    (ada,) = await zoom.client.create_registrants(ROOM, people)
    assert (ada.registrant_id, ada.email) == ("rEgAda", "ada@example.com")
    first, second = zoom.asked
    assert first.path == f"/v2/meetings/{ROOM}/batch_registrants"
    assert [len(asked.document["registrants"]) for asked in (first, second)] == [30, 1]
    assert first.document["registrants_confirmation_email"] is False


async def test_registrants_are_listed_page_by_page(zoom: Zoom) -> None:
    bob = {"id": "rEgBob", "email": "bob@example.com", "join_url": "https://example.com/w/1?tk=bob"}
    zoom.will(says(kept("zoom/registrants")), says({"registrants": [bob, {"id": "rEgNobody"}], "next_page_token": None}))  # fmt: skip
    assert [each.registrant_id for each in await zoom.client.registrants(ROOM)] == ["rEgAda", "rEgBob"]
    assert zoom.asked[0].query == {"status": "approved", "page_size": "300"}
    assert zoom.asked[1].query["next_page_token"] == "w7587w4eiyfsudgf"
