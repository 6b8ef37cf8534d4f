"""A list says of each lesson what the lesson itself says, and looks at no more than it needs for that."""

import pytest

from bot.attendance.events import Handle
from bot.attendance.lessons import CorrectionKind, LessonFacts, LessonState
from handlers.attendance import attendance_object, lesson_object
from handlers.ticks import watch_lessons
from tests.builders import ADA, BOB, GRACE, Moment, at, correction, joined, left, replace
from tests.handlers.slack.conftest import school
from tests.handlers.slack.school import HISTORY, LESSON, School

__all__ = ["school"]

#: Long after the other lessons; nothing is told of it.
TOMORROW = "tomorrow"


@pytest.fixture
async def lessons(school: School) -> School:
    """One of an hour at nine, one that nobody comes to, and one that is far ahead."""
    await school.plan(state=LessonState.PLANNED)
    await school.plan(HISTORY, course="history", state=LessonState.PLANNED)
    await school.plan(TOMORROW, start=1440, state=LessonState.PLANNED)
    return school


async def correct(school: School, kind: CorrectionKind, lesson: str, *, minute: Moment) -> None:
    async with school.store.write() as memory:
        await memory.corrections.add(lesson, correction(kind, at=minute), now=at(minute))


async def assert_both_say_the_same(school: School, *, minute: Moment) -> None:
    now = at(minute)
    async with school.store.write() as memory:
        await memory.lessons.touch([LESSON, HISTORY, TOMORROW], now)
    await watch_lessons.tick(school.store, now=now)
    await assert_the_list_agrees(school, minute=minute)


async def assert_the_list_agrees(school: School, *, minute: Moment) -> None:
    now = at(minute)
    async with school.store.read() as memory:
        listed = [lesson_object(each, now=now) for each in await memory.lessons.listed(now=now)]
    itself = [attendance_object(await school.facts(each["id"]), now=now)["lesson"] for each in listed]
    assert listed == itself
    assert len(listed) == 3


async def test_only_of_a_silent_feed_the_attendance_says_why(lessons: School) -> None:
    facts = await lessons.facts(LESSON)
    assert attendance_object(facts, now=at(30))["feed_reason"] == "never_delivered"
    heard = replace(facts, feed=replace(facts.feed, account_ever_delivered=True, room_heard_at=at(0)))
    assert "feed_reason" not in attendance_object(heard, now=at(30))


@pytest.mark.parametrize("minute", [-600, -31, -29, -1])
async def test_before_it_begins(lessons: School, minute: Moment) -> None:
    await assert_both_say_the_same(lessons, minute=minute)


async def test_before_it_begins_and_somebody_is_there_already(lessons: School) -> None:
    await lessons.hear(joined(GRACE, at=-20), joined(ADA, at=-10))
    await assert_both_say_the_same(lessons, minute=-5)


async def test_before_it_begins_and_something_was_said_of_it(lessons: School) -> None:
    await correct(lessons, CorrectionKind.TOOK_PLACE, LESSON, minute=-90)
    await correct(lessons, CorrectionKind.CANCELLED, HISTORY, minute=-90)
    await correct(lessons, CorrectionKind.PRESENT, TOMORROW, minute=-90)
    await assert_both_say_the_same(lessons, minute=-60)


async def test_once_it_should_have_begun_and_nobody_has_looked_yet(lessons: School) -> None:
    no_host = Handle(name=GRACE.name, email=GRACE.email)
    await lessons.hear(joined(no_host, at=-20), joined(ADA, at=-10))
    await assert_the_list_agrees(lessons, minute=6)


async def test_from_its_beginning_to_its_lock(lessons: School) -> None:
    await lessons.hear(joined(GRACE, at=-5), joined(ADA, at=2))
    for minute in (0, 0.1, 30):
        await assert_both_say_the_same(lessons, minute=minute)
    await lessons.hear(left(ADA, at=58), left(GRACE, at=60))
    for minute in (76, 90):
        await assert_both_say_the_same(lessons, minute=minute)
    await correct(lessons, CorrectionKind.TOOK_PLACE, HISTORY, minute=95)
    await lessons.hear(joined(BOB, at=5, received_at=at(100)), left(BOB, at=50, received_at=at(100)))
    for minute in (101, 1510, 11 * 1440):
        await assert_both_say_the_same(lessons, minute=minute)
    assert (await lessons.facts()).lesson.state is LessonState.LOCKED


async def test_what_is_over_or_has_not_begun_is_listed_without_looking_at_anybody(lessons: School) -> None:
    await lessons.hear(joined(GRACE, at=-5), joined(ADA, at=2), left(ADA, at=58), left(GRACE, at=60))
    await assert_both_say_the_same(lessons, minute=76)
    async with lessons.store.read() as memory:
        found = await memory.lessons.listed(now=at(76))
    computed = [each for each in found if isinstance(each, LessonFacts)]
    assert [(each.lesson.id, each.roster) for each in computed] == [(TOMORROW, ())]
