"""Lessons are laid out ahead where a rule has no end, and found in sessions that nobody planned; on both databases."""

from datetime import UTC, datetime, timedelta

from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import Lesson
from handlers.cli.course_import import import_courses
from handlers.ticks import lay_out_lessons
from storage.database import Store
from tests.bot.timetable.builders import a_file, course_text
from tests.builders import ADA, GRACE, NINE, at, during, joined, left, session_ended, session_started, stay

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY = '[{rrule: "FREQ=DAILY", start: 2026-11-21T18:00, duration: 1h}]'
PEOPLE = {
    "trainers": "[{name: Grace Hopper, email: grace@example.com}]",
    "students": "[{name: Ada Lovelace, email: ada@example.com}, {name: Bob Kahn, email: bob@example.com}]",
}
#: months away from the sessions of these tests
ONE_LESSON = "[{start: 2026-11-23T18:00, duration: 3h}]"


async def imported(store: Store, *courses: str, now: datetime = NOW, **keys: str | None) -> None:
    await import_courses(store, a_file(*courses, **keys), now=now)


async def told(store: Store, *events: PresenceEvent | tuple[PresenceEvent, ...]) -> None:
    """Record what the platform told, as it would have arrived."""
    flat = [event for each in events for event in ((each,) if isinstance(each, PresenceEvent) else each)]
    async with store.write() as memory:
        account_id = await memory.accounts.default("zoom", now=NINE)
        latest = max(event.received_at for event in flat)
        await memory.presence.record([(account_id, None, event) for event in flat], now=latest)


async def lessons(store: Store) -> list[Lesson]:
    async with store.read() as memory:
        return [each.facts.lesson for each in await memory.lessons.find()]


async def found(store: Store) -> list[Lesson]:
    """Those that are in no timetable."""
    return [lesson for lesson in await lessons(store) if lesson.planned_start < NOW]


class TestARuleWithoutEnd:
    async def test_every_day_another_day_is_laid_out(self, store: Store) -> None:
        await imported(store, schedule=DAILY)
        before = await lessons(store)
        next_at = await lay_out_lessons.tick(store, now=NOW + DAY)
        after = await lessons(store)
        assert len(after) == len(before) + 1
        assert after[-1].planned_start == before[-1].planned_start + DAY
        assert next_at == NOW + 2 * DAY

    async def test_nothing_is_done_before_it_is_due(self, store: Store) -> None:
        await imported(store, schedule=DAILY)
        assert await lay_out_lessons.tick(store, now=NOW + timedelta(hours=23)) == NOW + DAY
        assert len(await lessons(store)) == 60

    async def test_twice_is_as_good_as_once(self, store: Store) -> None:
        await imported(store, schedule=DAILY)
        for _ in range(3):
            await lay_out_lessons.tick(store, now=NOW + 5 * DAY)
        assert len(await lessons(store)) == 65

    async def test_after_a_long_outage_no_lesson_is_left_out(self, store: Store) -> None:
        await imported(store, schedule=DAILY)
        await lay_out_lessons.tick(store, now=NOW + 100 * DAY)
        starts = [lesson.planned_start.date() for lesson in await lessons(store)]
        assert starts == [NOW.date() + number * DAY for number in range(160)]
        assert [lesson.is_silent for lesson in await lessons(store)].count(True) == 40

    async def test_its_end_after_800_days_is_the_end(self, store: Store) -> None:
        await imported(store, schedule=DAILY)
        assert await lay_out_lessons.tick(store, now=NOW + 2000 * DAY) is None
        assert len(await lessons(store)) == 801
        assert await lay_out_lessons.tick(store, now=NOW + 3000 * DAY) is None

    async def test_a_lesson_that_a_file_moved_is_not_laid_out_a_second_time(self, store: Store) -> None:
        await imported(store, schedule=DAILY)
        await imported(store, schedule=DAILY.replace("18:00", "19:00"), now=NOW)
        await lay_out_lessons.tick(store, now=NOW + DAY)
        assert len(await lessons(store)) == 61

    async def test_a_school_without_endless_rules_never_has_to_be_looked_at(self, store: Store) -> None:
        await imported(store, schedule=ONE_LESSON)
        assert await lay_out_lessons.tick(store, now=NOW) is None


class TestASessionThatNobodyPlanned:
    async def test_it_becomes_a_lesson_after_ten_minutes_and_grows(self, store: Store) -> None:
        await imported(store, schedule=ONE_LESSON, **PEOPLE)
        await told(store, joined(GRACE, at=0), joined(ADA, at=2))
        assert await lay_out_lessons.tick(store, now=at(5)) == at(6)
        assert await found(store) == []
        assert await lay_out_lessons.tick(store, now=at(12)) == at(13)
        (lesson,) = await found(store)
        assert (lesson.planned, lesson.is_unplanned, lesson.title) == (during(2, 12), True, "Python 101")
        await lay_out_lessons.tick(store, now=at(30))
        (grown,) = await found(store)
        assert (grown.id, grown.planned) == (lesson.id, during(2, 30))

    async def test_it_ends_with_the_session_and_is_not_looked_at_any_more(self, store: Store) -> None:
        await imported(store, schedule=ONE_LESSON, **PEOPLE)
        await told(store, stay(GRACE, 0, 50), stay(ADA, 2, 40), session_ended(at=50))
        assert await lay_out_lessons.tick(store, now=at(51)) is None
        (lesson,) = await found(store)
        assert lesson.planned == during(2, 40)

    async def test_what_is_told_later_makes_it_longer(self, store: Store) -> None:
        await imported(store, schedule=ONE_LESSON, **PEOPLE)
        await told(store, joined(GRACE, at=0), joined(ADA, at=2), session_ended(at=30))
        await lay_out_lessons.tick(store, now=at(51))
        await told(store, left(GRACE, at=50), left(ADA, at=45), session_ended(at=50))
        assert await lay_out_lessons.tick(store, now=at(60)) is None
        (lesson,) = await found(store)
        assert lesson.planned == during(2, 45)

    async def test_a_microphone_test_and_a_room_without_students_are_none(self, store: Store) -> None:
        await imported(store, schedule=ONE_LESSON, **PEOPLE)
        await told(store, stay(GRACE, 0, 2), session_ended(at=2))
        await told(store, joined(GRACE, at=10, session="session-2"))
        assert await lay_out_lessons.tick(store, now=at(60)) == at(61)
        assert await found(store) == []
        # Two hours without a word of it: nobody waits for its end any more.
        assert await lay_out_lessons.tick(store, now=at(131)) is None

    async def test_inside_the_window_of_a_lesson_there_is_nothing_to_find(self, store: Store) -> None:
        await imported(
            store, schedule="[{start: 2026-03-02T10:30, duration: 1h}]", timezone="UTC", **PEOPLE, now=at(-60)
        )
        await told(store, stay(GRACE, 65, 170), stay(ADA, 65, 170), session_ended(at=170))
        await lay_out_lessons.tick(store, now=at(180))
        assert len(await lessons(store)) == 1

    async def test_of_two_courses_in_one_room_the_one_whose_people_are_in_has_it(self, store: Store) -> None:
        other = "[{name: Eve Clark, email: eve@example.com}]"
        await imported(
            store,
            course_text(schedule=ONE_LESSON, name="Rust 101", trainers=PEOPLE["trainers"], students=other),
            course_text(schedule=ONE_LESSON, **PEOPLE),
        )
        await told(store, stay(GRACE, 0, 50), stay(ADA, 2, 40), session_ended(at=50))
        await lay_out_lessons.tick(store, now=at(51))
        assert [lesson.title for lesson in await found(store)] == ["Python 101"]


class TestACourseThatTakesEverySession:
    async def test_its_lessons_have_the_start_and_length_that_the_platform_planned(self, store: Store) -> None:
        await imported(store, schedule="sessions", **PEOPLE)
        await told(store, session_started(at=-2, planned_for=timedelta(minutes=90)), joined(GRACE, at=0))
        assert await lay_out_lessons.tick(store, now=at(6)) is None
        (lesson,) = await found(store)
        assert (lesson.planned, lesson.is_unplanned, lesson.is_silent) == (during(-2, 88), False, False)

    async def test_each_session_is_a_lesson_of_its_own(self, store: Store) -> None:
        await imported(store, schedule="sessions", **PEOPLE)
        await told(store, stay(GRACE, 0, 20), session_ended(at=20))
        await told(store, stay(GRACE, 30, 50, session="session-2"), session_ended(at=50, session="session-2"))
        await lay_out_lessons.tick(store, now=at(60))
        assert [lesson.planned for lesson in await found(store)] == [during(0, 20), during(30, 50)]

    async def test_nothing_is_sent_about_sessions_of_long_ago(self, store: Store) -> None:
        await imported(store, schedule="sessions", **PEOPLE)
        await told(store, stay(GRACE, 0, 20), session_ended(at=20))
        await lay_out_lessons.tick(store, now=at(20 + 121))
        (lesson,) = await found(store)
        assert lesson.is_silent

    async def test_a_lesson_that_was_called_off_stays_as_it_is(self, store: Store) -> None:
        await imported(store, schedule="sessions", **PEOPLE)
        await told(store, joined(GRACE, at=0))
        await lay_out_lessons.tick(store, now=at(10))
        (lesson,) = await found(store)
        async with store.write() as memory:
            await memory.layout.cancel([lesson.id], now=at(11))
        await lay_out_lessons.tick(store, now=at(30))
        (same,) = await found(store)
        assert same.planned == during(0, 10)
