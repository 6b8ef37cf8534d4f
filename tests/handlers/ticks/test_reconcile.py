"""A lesson is compared with its platform's own record: when it is asked for, what comes of each answer, and no more."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.attendance.events import Handle
from bot.attendance.lessons import CorrectionKind, LessonState, RecordState
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.attendance.sheet import Flag, QuestionKind, Sheet, Verdict, WrittenSheet
from bot.attendance.wanted import MessageKind
from bot.clock import wire_now
from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from handlers.ticks import reconcile, watch_lessons
from storage.database import Store
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    ROOM,
    SESSION,
    Moment,
    at,
    correction,
    handle_of,
    joined,
    session_ended,
    stay,
)
from tests.fakes.record_client import FakeRecords
from tests.handlers.slack.school import LESSON, School

#: minutes from the planned start; the lesson and its session end at minute 60
ATTEMPTS = [65, 95, 180, 420, 1500]
HOUR = 60


def row(who: object, start: Moment, end: Moment | None, **changes: object) -> RecordedStay:
    """One row of the report."""
    whom = handle_of(who) if not isinstance(who, Handle) else who  # type: ignore[arg-type]  # a person or a name
    left_at = None if end is None else at(end)
    return RecordedStay(**{"handle": whom, "joined_at": at(start), "left_at": left_at, **changes})  # type: ignore[arg-type]  # fields of it


def report(*rows: RecordedStay, **changes: object) -> PlatformRecord:
    """Zoom's report of the session, with Grace in it from ten minutes before to the end."""
    given = PlatformRecord(
        room=ROOM,
        session=SESSION,
        source="zoom_report",
        received_at=at(65),
        started_at=at(-10),
        ended_at=at(60),
        stays=(row(GRACE, -10, 60), *rows),
        is_whole=False,
    )
    return replace(given, **changes)  # type: ignore[arg-type]  # fields of it


class Watch:
    """The two ticks, woken whenever one of them wants to run."""

    def __init__(self, school: School, records: FakeRecords, *, platform: str = "zoom") -> None:
        self.school = school
        self.store: Store = school.store
        self.clients = {platform: records}
        self.now = at(60)
        self.runs = 0

    async def until(self, moment: Moment) -> "Watch":
        end = at(moment)
        async with self.store.write() as memory:
            await memory.lessons.touch([LESSON], self.now)
        await self._look()
        while (due := await self._due_at()) is not None and due <= end:
            self.now = max(self.now, due)
            await self._look()
        self.now = end
        await self._look()
        return self

    async def _look(self) -> None:
        self.runs += 1
        assert self.runs < 200, "it asks again and again"
        await watch_lessons.tick(self.store, now=self.now)
        await reconcile.tick(self.store, self.clients, now=self.now)
        await watch_lessons.tick(self.store, now=self.now)

    async def _due_at(self) -> datetime | None:
        async with self.store.read() as memory:
            moments = [
                await memory.lessons.next_due_at(),
                await memory.record_requests.next_due_at(wire_now=wire_now()),
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    async def written(self) -> WrittenSheet:
        written = (await self.school.facts()).written
        assert written is not None
        return written

    async def sheet(self) -> Sheet:
        return (await self.written()).sheet

    async def state(self) -> tuple[LessonState, RecordState]:
        sheet = await self.sheet()
        return sheet.state, sheet.record

    async def summary(self) -> dict[str, object]:
        async with self.store.read() as memory:
            found = await memory.messages.find(LESSON, MessageKind.SUMMARY, "#python-101")
        assert found is not None
        assert found.content is not None
        return dict(found.content)


@pytest.fixture
async def lesson(school: School) -> School:
    """Grace and Ada were there all the time; of Bob nobody told that he left."""
    await school.plan()
    await school.hear(stay(GRACE, -10, 60), stay(ADA, 0, 60), joined(BOB, at=0), session_ended(at=60))
    return school


def minutes(moments: list[datetime]) -> list[float]:
    return [(moment - at(0)) / timedelta(minutes=1) for moment in moments]


# When it is asked


async def test_it_is_asked_after_5_and_35_minutes_2_6_and_24_hours_and_never_again(lesson: School) -> None:
    zoom = FakeRecords(None)
    watch = await Watch(lesson, zoom).until(10 * 24 * HOUR)
    assert minutes(zoom.asked_at) == ATTEMPTS
    assert await watch.state() == (LessonState.LOCKED, RecordState.NONE)


async def test_the_moments_are_counted_from_the_end_of_the_last_session(school: School) -> None:
    await school.plan()
    await school.hear(stay(GRACE, -10, 70), session_ended(at=70))
    zoom = FakeRecords(None)
    watch = Watch(school, zoom)
    watch.now = at(70)
    await watch.until(110)
    assert minutes(zoom.asked_at) == [75, 105]


async def test_attempts_whose_moment_is_past_are_made_at_once_as_one(lesson: School) -> None:
    """The bot was down from the end of the lesson on, for three hours."""
    zoom = FakeRecords(None)
    watch = Watch(lesson, zoom)
    watch.now = at(240)
    await watch.until(1501)
    assert minutes(zoom.asked_at) == [240, 420, 1500]


async def test_after_a_week_of_silence_it_is_asked_once_and_reconciled_with_what_comes(lesson: School) -> None:
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 60)))
    watch = Watch(lesson, zoom)
    watch.now = at(6 * 24 * HOUR)
    await watch.until(6 * 24 * HOUR + 90)
    assert len(zoom.asked_at) == 1
    assert await watch.state() == (LessonState.RECONCILED, RecordState.IN)


async def test_a_record_that_is_in_is_not_asked_for_again(lesson: School) -> None:
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 60)))
    await Watch(lesson, zoom).until(2 * 24 * HOUR)
    assert minutes(zoom.asked_at) == [65]


async def test_two_replicas_do_not_ask_twice(lesson: School) -> None:
    zoom = FakeRecords(None)
    async with lesson.store.write() as memory:
        await memory.lessons.touch([LESSON], at(60))
    await watch_lessons.tick(lesson.store, now=at(60))
    async with lesson.store.write() as memory:
        mine = await memory.record_requests.claim(now=at(65), wire_now=wire_now(), limit=5, lease=timedelta(minutes=5))
    await reconcile.tick(lesson.store, {"zoom": zoom}, now=at(65))
    assert [request.lesson_id for request in mine] == [LESSON]
    assert zoom.asked_at == []


async def test_what_a_dead_process_had_claimed_is_asked_for_when_its_lease_is_over(lesson: School) -> None:
    zoom = FakeRecords(None)
    async with lesson.store.write() as memory:
        await memory.lessons.touch([LESSON], at(60))
    await watch_lessons.tick(lesson.store, now=at(60))
    async with lesson.store.write() as memory:
        long_ago = wire_now() - timedelta(hours=1)
        await memory.record_requests.claim(now=at(65), wire_now=long_ago, limit=5, lease=timedelta(minutes=5))
    await reconcile.tick(lesson.store, {"zoom": zoom}, now=at(65))
    assert minutes(zoom.asked_at) == [65]


async def test_failed_webhooks_are_asked_for_once_with_the_first_attempt(lesson: School) -> None:
    zoom = FakeRecords(None)
    await Watch(lesson, zoom).until(500)
    assert zoom.replays == [(at(-30), at(65))]


async def test_a_platform_that_cannot_be_asked_leaves_the_lesson_with_webhooks_only(lesson: School) -> None:
    watch = await Watch(lesson, FakeRecords(None), platform="another").until(1560)
    assert await watch.state() == (LessonState.RECONCILED, RecordState.NONE)


# What comes of each answer


async def test_a_record_after_35_minutes_replaces_what_was_assumed_and_reconciles(lesson: School) -> None:
    zoom = FakeRecords(None, report(row(ADA, 0, 60), row(BOB, 0, 60)))
    watch = await Watch(lesson, zoom).until(94)
    assert await watch.state() == (LessonState.PROVISIONAL, RecordState.PENDING)
    assert (await watch.sheet()).by_id["bob"].flags == (Flag.ASSUMED,)
    await watch.until(96)
    assert await watch.state() == (LessonState.RECONCILED, RecordState.IN)
    bob = (await watch.sheet()).by_id["bob"]
    assert (bob.verdict, bob.flags, bob.assumed_seconds) == (Verdict.VALIDATED, (), 0)


async def test_each_state_is_written_down_whole_and_the_summary_is_edited_in_place(lesson: School) -> None:
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 60)))
    watch = await Watch(lesson, zoom).until(61)
    first = await watch.written()
    assert (first.version, (await watch.summary())["state"]) == (1, "provisional")
    await watch.until(66)
    second = await watch.written()
    assert (second.version, second.state) == (2, LessonState.RECONCILED)
    summary = await watch.summary()
    assert (summary["state"], summary["version"], summary["sha256"]) == ("reconciled", 2, second.sha256)
    async with lesson.store.read() as memory:
        kept = await memory.sheets.get(LESSON, 1)
    assert kept == first


async def test_a_record_that_would_worsen_a_verdict_waits_for_a_tap(lesson: School) -> None:
    """Bob's last half hour was assumed, and the report says that he was gone."""
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 30)))
    watch = await Watch(lesson, zoom).until(70)
    sheet = await watch.sheet()
    assert (sheet.state, sheet.by_id["bob"].verdict) == (LessonState.PROVISIONAL, Verdict.VALIDATED)
    questions = (await watch.summary())["questions"]
    assert [question["kind"] for question in questions] == [QuestionKind.LATE_FACTS]  # type: ignore[attr-defined,index]  # questions
    await decides(lesson, CorrectionKind.APPLY_CHANGES, at=71)
    sheet = await (await watch.until(72)).sheet()
    assert (sheet.state, sheet.by_id["bob"].verdict) == (LessonState.RECONCILED, Verdict.PARTIAL)
    assert (sheet.differences[0].webhooks_seconds, sheet.differences[0].record_seconds) == (3600, 1800)


async def test_a_record_that_improves_a_verdict_applies_at_once(school: School) -> None:
    await school.plan()
    await school.hear(stay(GRACE, -10, 60), stay(ADA, 0, 60), stay(BOB, 0, 20), session_ended(at=60))
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 20), row(BOB, 20.5, 60)))
    watch = await Watch(school, zoom).until(70)
    sheet = await watch.sheet()
    assert (sheet.state, sheet.by_id["bob"].verdict) == (LessonState.RECONCILED, Verdict.VALIDATED)


async def test_what_webhooks_told_from_end_to_end_is_never_shortened_but_asked_about(school: School) -> None:
    await school.plan()
    await school.hear(stay(GRACE, -10, 60), stay(ADA, 0, 60), stay(BOB, 0, 60), session_ended(at=60))
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 30)))
    watch = await Watch(school, zoom).until(70)
    sheet = await watch.sheet()
    assert (sheet.state, sheet.by_id["bob"].attended.planned) == (LessonState.PROVISIONAL, 3600)
    questions = (await watch.summary())["questions"]
    assert [(each["kind"], each["seconds"]) for each in questions] == [("record_differs", 1800)]  # type: ignore[attr-defined,index]  # questions


@pytest.mark.parametrize(
    ("kind", "seconds", "verdict"),
    [
        (CorrectionKind.ACCEPT_VERDICT, 3600, Verdict.VALIDATED),
        (CorrectionKind.TAKE_RECORD, 1800, Verdict.PARTIAL),
    ],
)
async def test_the_trainer_says_who_is_right(
    school: School, kind: CorrectionKind, seconds: int, verdict: Verdict
) -> None:
    await school.plan()
    await school.hear(stay(GRACE, -10, 60), stay(ADA, 0, 60), stay(BOB, 0, 60), session_ended(at=60))
    watch = await Watch(school, FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 30)))).until(70)
    await decides(school, kind, at=71, person=True)
    sheet = await (await watch.until(72)).sheet()
    bob = sheet.by_id["bob"]
    assert (sheet.state, bob.attended.planned, bob.verdict) == (LessonState.RECONCILED, seconds, verdict)


async def test_nobody_answers_and_after_a_day_it_is_reconciled_as_it_stands(school: School) -> None:
    await school.plan()
    await school.hear(stay(GRACE, -10, 60), stay(ADA, 0, 60), stay(BOB, 0, 60), session_ended(at=60))
    watch = await Watch(school, FakeRecords(report(row(ADA, 0, 60), row(BOB, 0, 30)))).until(1501)
    sheet = await watch.sheet()
    assert (sheet.state, sheet.by_id["bob"].attended.planned) == (LessonState.RECONCILED, 3600)


async def test_if_webhooks_were_missed_altogether_the_record_alone_is_the_sheet(school: School) -> None:
    await school.plan()
    zoom = FakeRecords(report(row(ADA, 0, 60), row(BOB, 30, 60)), sessions=[SESSION])
    watch = Watch(school, zoom)
    watch.now = at(75)
    sheet = await (await watch.until(100)).sheet()
    assert (sheet.state, sheet.record, sheet.sources) == (LessonState.RECONCILED, RecordState.IN, ("zoom_report",))
    assert [(line.person_id, line.verdict) for line in sheet.students] == [
        ("ada", Verdict.VALIDATED),
        ("bob", Verdict.PARTIAL),
    ]


async def test_a_session_of_which_nothing_was_told_is_found_and_asked_for(school: School) -> None:
    """The host restarted at minute 30, and the bot was down from then on."""
    await school.plan()
    first = [*stay(GRACE, -10, 30), *stay(ADA, 0, 30), session_ended(at=30)]
    await school.hear(first)
    second = report(row(ADA, 32, 60), session="session-2", started_at=at(32))
    second = replace(second, stays=(row(GRACE, 32, 60), *second.stays[1:]))
    opening = report(row(ADA, 0, 30), ended_at=at(30))
    opening = replace(opening, stays=(row(GRACE, -10, 30), *opening.stays[1:]))
    zoom = FakeRecords(opening, second, sessions=[SESSION, "session-2"])
    watch = Watch(school, zoom)
    watch.now = at(40)
    sheet = await (await watch.until(200)).sheet()
    assert sheet.by_id["ada"].attended.planned == 58 * 60
    assert sheet.state is LessonState.RECONCILED


@pytest.mark.parametrize(
    "answer",
    [
        None,  # 404, or empty because one person was alone
        PlatformBusy(retry_after=timedelta(hours=5)),
        PlatformRefused("The platform does not take our credentials."),
        PlatformUnavailable("The platform answered 500."),
        PlatformUnavailable("The platform answered with HTML."),
        ValueError("nobody foresaw this"),
    ],
    ids=["none", "429", "401", "500", "html", "unforeseen"],
)
async def test_whatever_it_answers_nobody_becomes_absent_and_it_comes_to_an_end(
    lesson: School, answer: Exception | None
) -> None:
    zoom = FakeRecords(answer)
    watch = await Watch(lesson, zoom).until(3 * 24 * HOUR)
    sheet = await watch.sheet()
    assert (sheet.state, sheet.record) == (LessonState.RECONCILED, RecordState.NONE)
    assert {line.verdict for line in sheet.students} == {Verdict.VALIDATED}
    assert len(zoom.asked) <= len(ATTEMPTS) * 4


async def test_a_record_that_cannot_be_kept_is_given_up_until_the_next_attempt(lesson: School) -> None:
    """A name of half a character, which no database takes."""
    broken = report(row(Handle(name="\ud800"), 0, 60), row(Handle(name="\0"), 0, 60))
    zoom = FakeRecords(broken, report(row(ADA, 0, 60), row(BOB, 0, 60)))
    watch = await Watch(lesson, zoom).until(100)
    assert minutes(zoom.asked_at)[0] == 65
    assert await watch.state() == (LessonState.RECONCILED, RecordState.IN)


async def test_a_platform_that_was_away_for_a_moment_is_asked_again_before_the_next_attempt(lesson: School) -> None:
    zoom = FakeRecords(PlatformUnavailable("500"), report(row(ADA, 0, 60), row(BOB, 0, 60)))
    watch = await Watch(lesson, zoom).until(70)
    assert minutes(zoom.asked_at) == [65, 66]
    assert await watch.state() == (LessonState.RECONCILED, RecordState.IN)


async def test_what_it_asks_us_to_wait_is_waited(lesson: School) -> None:
    zoom = FakeRecords(PlatformBusy(retry_after=timedelta(minutes=10)), None)
    await Watch(lesson, zoom).until(80)
    assert minutes(zoom.asked_at) == [65, 75]


async def test_credentials_that_are_refused_are_not_tried_before_the_next_attempt(lesson: School) -> None:
    zoom = FakeRecords(PlatformRefused("401"))
    await Watch(lesson, zoom).until(100)
    assert minutes(zoom.asked_at) == [65, 95]


async def test_a_session_that_still_runs_is_asked_for_again_until_it_is_over(school: School) -> None:
    await school.plan()
    await school.hear(joined(GRACE, at=-10), joined(ADA, at=0))
    running = report(row(ADA, 0, None), ended_at=None, received_at=at(80))
    running = replace(running, stays=(row(GRACE, -10, None), *running.stays[1:]))
    over = report(row(ADA, 0, 100), ended_at=at(100), received_at=at(110))
    over = replace(over, stays=(row(GRACE, -10, 100), *over.stays[1:]))
    watch = Watch(school, FakeRecords(running, over))
    watch.now = at(75)
    sheet = await (await watch.until(81)).sheet()
    assert (sheet.state, sheet.record) == (LessonState.PROVISIONAL, RecordState.PENDING)
    sheet = await (await watch.until(300)).sheet()
    assert (sheet.state, sheet.by_id["ada"].attended.planned) == (LessonState.RECONCILED, 3600)


async def test_a_lesson_on_vcaas_is_reconciled_when_the_push_is_in(lesson: School) -> None:
    pushed = report(row(ADA, 0, 60), row(BOB, 0, 60), source="vcaas_data", is_whole=True)
    watch = await Watch(lesson, FakeRecords(None), platform="another").until(64)
    assert await watch.state() == (LessonState.PROVISIONAL, RecordState.PENDING)
    async with lesson.store.write() as memory:
        await memory.presence.record([], at(65), records=[("zoom", pushed)])
    await watch.until(66)
    assert await watch.state() == (LessonState.RECONCILED, RecordState.IN)


async def test_a_push_that_was_there_before_the_end_leaves_a_provisional_sheet_too(school: School) -> None:
    await school.plan()
    await school.hear(stay(GRACE, -10, 40), stay(ADA, 0, 40), session_ended(at=40))
    early = report(row(ADA, 0, 40), source="vcaas_data", is_whole=True, received_at=at(45), ended_at=at(40))
    early = replace(early, stays=(row(GRACE, -10, 40), *early.stays[1:]))
    async with school.store.write() as memory:
        await memory.presence.record([], at(45), records=[("zoom", early)])
    watch = Watch(school, FakeRecords(None), platform="another")
    watch.now = at(46)
    await watch.until(60)
    async with school.store.read() as memory:
        first = await memory.sheets.get(LESSON, 1)
    assert first is not None
    assert (first.state, await watch.state()) == (LessonState.PROVISIONAL, (LessonState.RECONCILED, RecordState.IN))


async def test_a_lesson_without_a_record_says_that_it_rests_on_webhooks_only(lesson: School) -> None:
    watch = await Watch(lesson, FakeRecords(None)).until(1505)
    summary = await watch.summary()
    assert (summary["state"], summary["record"]) == ("reconciled", "none")


async def decides(school: School, kind: CorrectionKind, *, at: Moment, person: bool = False) -> None:
    said = correction(kind, BOB if person else None, at=at)
    async with school.store.write() as memory:
        await memory.corrections.add(LESSON, said, press_key=said.id, now=said.at)
