"""Of whose rooms nothing is heard the platforms are asked: when, of which rooms, and what comes of each answer."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from bot.attendance.inside import Inside, Shown
from bot.attendance.lessons import Feed
from bot.attendance.wanted import MessageKind
from bot.clock import ManualClock, wire_now
from bot.connectors import AskedRoom
from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.zoom.client import ZoomClient
from handlers.ticks import look_into_rooms, watch_lessons
from sandbox.apis.records import Records
from sandbox.apis.server import PlatformApis
from sandbox.classroom.hundredms import HundredmsClassroom
from sandbox.classroom.participant import Participant
from sandbox.classroom.zoom import ZoomClassroom
from storage.database import Store
from tests.builders import ADA, GRACE, ROOM, Moment, at, correction, joined, session_ended
from tests.builders import CorrectionKind as Kind
from tests.handlers.platforms.answering import QUICK
from tests.handlers.slack.school import HISTORY, LESSON, School

#: minutes from the planned start
MOMENTS = [1.5, 4.5, 7.5, 9.5, 29.5]
NOWHERE = "http://127.0.0.1:9/webhooks"
TRAINER = Participant(handle="grace", name="Grace Hopper", email="grace@example.com", zoom_id="grAceAccount")
STUDENT = Participant(handle="ada", name="Ada Lovelace")


class FakeRooms:
    """Answers with what it was given, and remembers when it was asked about which rooms."""

    def __init__(self, answer: Mapping[str, Inside] | Exception | None = None, *, hangs: bool = False) -> None:
        self.answer = answer if answer is not None else {}
        self.hangs = hangs
        self.asked: list[tuple[datetime, list[str]]] = []

    async def inside(self, rooms: Sequence[AskedRoom], *, now: datetime) -> Mapping[str, Inside]:
        self.asked.append((now, sorted(each.room for each in rooms)))
        assert all((each.start, each.end) == (at(-30), now) for each in rooms)
        if self.hangs:
            await asyncio.sleep(60)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    @property
    def minutes(self) -> list[float]:
        return [(moment - at(0)) / timedelta(minutes=1) for moment, _ in self.asked]


class Watch:
    """The two ticks, woken whenever one of them wants to run."""

    def __init__(self, school: School, **clients: object) -> None:
        self.store: Store = school.store
        self.school = school
        self.clients = clients
        self.now = at(-30)
        self.runs = 0

    async def until(self, moment: Moment) -> "Watch":
        end = at(moment)
        async with self.store.write() as memory:
            await memory.lessons.touch([LESSON, HISTORY], self.now)
        await self._look()
        while (due := await self._due_at()) is not None and due <= end:
            self.now = max(self.now, due)
            await self._look()
        self.now = end
        return self

    async def _look(self) -> None:
        self.runs += 1
        assert self.runs < 100, "it asks again and again"
        await watch_lessons.tick(self.store, now=self.now)
        await look_into_rooms.tick(self.store, self.clients, now=self.now, patience_seconds=0.2)  # type: ignore[arg-type]  # what each test gives

    async def _due_at(self) -> datetime | None:
        async with self.store.read() as memory:
            moments = [
                await memory.lessons.next_due_at(),
                await memory.room_looks.next_due_at(wire_now=wire_now()),
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    async def feed(self, lesson: str = LESSON) -> Feed:
        async with self.store.read() as memory:
            found = await memory.lessons.facts(lesson)
        assert found is not None
        return found.feed

    async def shown(self) -> Shown | None:
        return (await self.school.facts()).feed.shown

    async def wanted(self) -> set[MessageKind]:
        """Every kind of message that ever stood, or is wanted."""
        return {kind for kind, _ in (await self.school.facts()).told}


@pytest.fixture
async def quiet(school: School) -> School:
    """Zoom's deliveries arrive, but none is about the lesson's room."""
    await school.plan()
    await school.hear(joined(GRACE, at=-120, room="another", session="other"), session_ended(at=-60, session="other"))
    return school


# When it is asked


async def test_it_is_asked_before_the_ladder_speaks_and_in_the_middle_and_no_more(quiet: School) -> None:
    zoom = FakeRooms({ROOM: Inside(people=0)})
    watch = await Watch(quiet, zoom=zoom).until(55)
    assert zoom.minutes == MOMENTS
    assert await watch.feed() is Feed.UNKNOWN
    assert MessageKind.TRAINER_MISSING in await watch.wanted()


async def test_of_a_room_of_which_something_is_heard_nobody_is_asked(quiet: School) -> None:
    await quiet.hear(joined(GRACE, at=-5))
    zoom = FakeRooms()
    await Watch(quiet, zoom=zoom).until(55)
    assert zoom.asked == []


async def test_once_something_is_heard_nobody_is_asked_any_more(quiet: School) -> None:
    zoom = FakeRooms({ROOM: Inside(people=0)})
    watch = await Watch(quiet, zoom=zoom).until(4)
    await quiet.hear(joined(GRACE, at=4))
    await watch.until(55)
    assert zoom.minutes == [1.5]


async def test_what_was_heard_while_the_wish_stood_ends_it_unasked(quiet: School) -> None:
    watch = await Watch(quiet).until(1)
    async with watch.store.write() as memory:
        await memory.room_looks.want([LESSON], now=at(1))
    await quiet.hear(joined(GRACE, at=1))
    await watch_lessons.tick(watch.store, now=at(1.4))
    zoom = FakeRooms({ROOM: Inside(people=1)})
    assert await look_into_rooms.tick(watch.store, {"zoom": zoom}, now=at(1.4)) is None
    assert zoom.asked == []


async def test_lessons_of_one_time_are_asked_about_together(quiet: School) -> None:
    await quiet.plan(HISTORY, course="history")
    zoom = FakeRooms({ROOM: Inside(people=0), "history-room": Inside(people=2)})
    watch = await Watch(quiet, zoom=zoom).until(4)
    assert [rooms for _, rooms in zoom.asked] == [sorted([ROOM, "history-room"])]
    assert (await watch.feed(LESSON), await watch.feed(HISTORY)) == (Feed.UNKNOWN, Feed.SILENT)


async def test_without_credentials_nobody_is_asked_and_nothing_is_known(quiet: School) -> None:
    watch = await Watch(quiet).until(55)
    assert await watch.feed() is Feed.UNKNOWN
    shown = await watch.shown()
    assert shown is not None
    assert (shown.inside, shown.error) == (None, "")


# What comes of it


async def test_where_people_are_in_the_feed_is_silent_before_anybody_is_reminded(quiet: School) -> None:
    zoom = FakeRooms({ROOM: Inside(people=3, came_at=at(-4))})
    watch = await Watch(quiet, zoom=zoom).until(55)
    assert zoom.minutes == [1.5]
    assert await watch.feed() is Feed.SILENT
    assert await watch.wanted() == {MessageKind.BOARD, MessageKind.FEED_SILENT}
    assert await watch.shown() == Shown(asked_at=at(1.5), answered_at=at(1.5), inside=Inside(people=3, came_at=at(-4)))


async def test_who_comes_later_is_seen_when_it_is_asked_again(quiet: School) -> None:
    zoom = FakeRooms({ROOM: Inside(people=0)})
    watch = await Watch(quiet, zoom=zoom).until(5)
    zoom.answer = {ROOM: Inside(people=2)}
    await watch.until(55)
    assert zoom.minutes == [1.5, 4.5, 7.5]
    assert await watch.feed() is Feed.SILENT


async def test_webhooks_that_come_after_all_prove_the_feed_again(quiet: School) -> None:
    watch = await Watch(quiet, zoom=FakeRooms({ROOM: Inside(people=2)})).until(10)
    assert await watch.feed() is Feed.SILENT
    await quiet.hear(joined(GRACE, at=-5, received=11), joined(ADA, at=0, received=11))
    await watch.until(12)
    assert await watch.feed() is Feed.PROVEN


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (PlatformRefused("Zoom refused to list the meetings that run (400)."), "Zoom refused to list the meetings that run (400)."),
        (PlatformBusy("Zoom asks us to wait."), "Zoom asks us to wait."),
        (PlatformUnavailable("Zoom did not answer in time."), "Zoom did not answer in time."),
        (ValueError("ada@example.com"), "ValueError"),
        (None, ""),
    ],
)  # fmt: skip
async def test_what_is_not_told_says_nothing_and_is_asked_at_the_next_moment(
    quiet: School, answer: Exception | None, error: str
) -> None:
    zoom = FakeRooms(answer)
    watch = await Watch(quiet, zoom=zoom).until(55)
    assert zoom.minutes == MOMENTS
    assert await watch.feed() is Feed.UNKNOWN
    assert await watch.shown() == Shown(asked_at=at(29.5), error=error)


async def test_a_platform_that_hangs_is_not_waited_for(quiet: School) -> None:
    watch = await Watch(quiet, zoom=FakeRooms(hangs=True)).until(2)
    assert await watch.shown() == Shown(asked_at=at(1.5), error="no answer in time")


async def test_an_answer_stands_while_later_ones_are_none(quiet: School) -> None:
    zoom = FakeRooms({ROOM: Inside(people=0)})
    watch = await Watch(quiet, zoom=zoom).until(2)
    zoom.answer = PlatformUnavailable("down")
    await watch.until(5)
    assert await watch.shown() == Shown(asked_at=at(4.5), answered_at=at(1.5), inside=Inside(people=0), error="down")


async def test_who_died_in_the_middle_of_asking_is_followed_by_another_one(quiet: School) -> None:
    watch = Watch(quiet)
    async with watch.store.write() as memory:
        await memory.room_looks.want([LESSON], now=at(1.5))
    long_ago = wire_now() - timedelta(minutes=3)
    async with watch.store.write() as memory:
        assert await memory.room_looks.claim(now=at(1.5), wire_now=long_ago, limit=5, lease=timedelta(minutes=2))
    zoom = FakeRooms({ROOM: Inside(people=1)})
    await look_into_rooms.tick(watch.store, {"zoom": zoom}, now=at(2))
    assert zoom.minutes == [2]


async def test_two_who_look_at_once_ask_once(quiet: School) -> None:
    async with quiet.store.write() as memory:
        await memory.room_looks.want([LESSON], now=at(1.5))
    zoom = FakeRooms({ROOM: Inside(people=1)})
    await asyncio.gather(*(look_into_rooms.tick(quiet.store, {"zoom": zoom}, now=at(2)) for _ in range(2)))
    assert zoom.minutes == [2]


async def test_a_wish_that_comes_while_it_is_asked_stands(quiet: School) -> None:
    async with quiet.store.write() as memory:
        await memory.room_looks.want([LESSON], now=at(1.5))
    async with quiet.store.write() as memory:
        (look,) = await memory.room_looks.claim(now=at(2), wire_now=wire_now(), limit=5, lease=timedelta(minutes=2))
        await memory.room_looks.answered(look, None, now=at(2))
        await memory.room_looks.want([LESSON], now=at(4.5))
        await memory.room_looks.answered(look, None, now=at(5))
    async with quiet.store.read() as memory:
        assert await memory.room_looks.next_due_at(wire_now=wire_now()) == at(4.5)


async def test_that_nobody_pressed_anything_is_not_needed_and_a_press_needs_no_asking(quiet: School) -> None:
    async with quiet.store.write() as memory:
        await memory.corrections.add(
            LESSON, correction(Kind.JOIN_PRESSED, ADA, at=-4, actor=ADA), press_key="1", now=at(-4)
        )
    zoom = FakeRooms({ROOM: Inside(people=1)})
    watch = Watch(quiet, zoom=zoom)
    watch.now = at(-1)
    await watch.until(55)
    assert (zoom.asked, await watch.feed()) == ([], Feed.SILENT)


# Over HTTP, with the sandbox's stand-ins


class Sandbox:
    """A classroom whose webhooks go nowhere, and the APIs that tell of it."""

    def __init__(self) -> None:
        self.clock = ManualClock(at(-30))
        self.zoom = ZoomClassroom(ROOM, "secret", NOWHERE, self.clock, random.Random(7), host=TRAINER)
        self.hundredms = HundredmsClassroom(ROOM, "secret", NOWHERE, self.clock, random.Random(7), host=TRAINER)
        self.apis = PlatformApis(self.clock)

    async def start(self) -> None:
        url, keys = await self.apis.start(), self.apis.keys
        self.zoom_client = ZoomClient(
            account_id=keys.zoom_account_id,
            client_id=keys.zoom_client_id,
            client_secret=keys.zoom_client_secret,
            api_url=f"{url}/zoom/v2",
            oauth_url=f"{url}/zoom/oauth/token",
            patience=QUICK,
        )
        self.hundredms_client = HundredmsClient(
            access_key=keys.hms_access_key, app_secret=keys.hms_secret, api_url=f"{url}/100ms/v2", patience=QUICK
        )

    async def stop(self) -> None:
        await self.zoom_client.close()
        await self.hundredms_client.close()
        await self.apis.stop()
        await self.zoom.close()
        await self.hundredms.close()

    def asked(self) -> list[str]:
        return [call.path for call in self.apis.calls if "oauth" not in call.path]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    await made.start()
    yield made
    await made.stop()


async def test_zooms_dashboard_shows_who_is_in(quiet: School, sandbox: Sandbox) -> None:
    sandbox.apis.admit({ROOM: sandbox.zoom})
    watch = Watch(quiet, zoom=sandbox.zoom_client)
    await watch.until(-5)
    sandbox.clock.move_to(at(-5))
    sandbox.zoom.host_joins()
    sandbox.zoom.join(STUDENT)
    await watch.until(3)
    assert await watch.feed() is Feed.SILENT
    shown = await watch.shown()
    assert shown is not None
    assert shown.inside == Inside(people=2, came_at=at(-5))
    assert sandbox.asked() == ["/zoom/v2/metrics/meetings"]


async def test_an_empty_room_stays_unknown_over_http_too(quiet: School, sandbox: Sandbox) -> None:
    sandbox.apis.admit({ROOM: sandbox.zoom})
    watch = await Watch(quiet, zoom=sandbox.zoom_client).until(55)
    assert await watch.feed() is Feed.UNKNOWN
    assert len(sandbox.asked()) == len(MOMENTS)


@pytest.mark.parametrize(
    "records", [Records(has_no_dashboard=True), Records(answers=("html", "500", "404", "half", "403"))]
)
async def test_a_school_whose_plan_tells_nothing_is_as_before(
    quiet: School, sandbox: Sandbox, records: Records
) -> None:
    sandbox.apis.admit({ROOM: sandbox.zoom})
    sandbox.apis.telling.steer(records)
    watch = await Watch(quiet, zoom=sandbox.zoom_client).until(3)
    assert await watch.feed() is Feed.UNKNOWN
    shown = await watch.shown()
    assert shown is not None
    assert shown.inside is None
    assert shown.error.startswith("Zoom ")


async def test_100ms_shows_who_is_in_an_active_room(quiet: School, sandbox: Sandbox) -> None:
    """The room of the school is asked about as if it were one of 100ms."""
    sandbox.apis.admit({ROOM: sandbox.hundredms})
    sandbox.clock.move_to(at(-5))
    sandbox.hundredms.host_joins()
    watch = await Watch(quiet, zoom=sandbox.hundredms_client).until(3)
    assert await watch.feed() is Feed.SILENT
    assert sandbox.asked() == [f"/100ms/v2/active-rooms/{ROOM}/peers"]
