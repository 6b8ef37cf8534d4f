"""What each lesson came to for each student, and what is to come: enough to sum up a course without its sheets."""

import json

import pytest

from bot.attendance.course import Attended
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import Flag, Seconds, Verdict
from storage.database import Store
from tests.builders import (
    NINE,
    at,
    replace,
)
from tests.handlers.slack.school import HISTORY, LESSON, School
from tests.storage.rows import tamper

DAY = 24 * 60
NOW = at(90)
WHOLE = Attended(
    planned_start=NINE,
    basis="held",
    verdict=Verdict.VALIDATED,
    flags=(Flag.LATE, Flag.BRIDGED),
    late_seconds=430,
    attended=Seconds(planned=3_000, held=2_900),
    denominator=Seconds(planned=3_600, held=2_900),
    lesson=Seconds(planned=3_600, held=3_300),
)
ABSENT = replace(WHOLE, verdict=Verdict.ABSENT, flags=(), late_seconds=None, attended=Seconds(planned=0, held=0))


@pytest.fixture
async def school(store: Store) -> School:
    made = School(store)
    await made.found()
    await made.plan(state=LessonState.PROVISIONAL)
    return made


async def keep(school: School, lesson: str = LESSON, **people: Attended) -> None:
    async with school.store.write() as memory:
        await memory.attended.keep({lesson: people})


async def own(school: School, person: str = "ada", *courses: str):
    async with school.store.read() as memory:
        return await memory.attended.of(person, courses or ["python"], now=NOW)


async def ahead(school: School, person: str = "ada", course: str = "python") -> list[tuple[str, int]]:
    return [(each.id, each.seconds) for each in (await own(school, person, course))[course].to_come]


async def test_a_lesson_is_read_as_it_was_kept(school: School) -> None:
    await keep(school, ada=WHOLE, bob=ABSENT)
    assert (await own(school))["python"].lessons == [WHOLE]
    assert (await own(school, "bob"))["python"].lessons == [ABSENT]
    assert (await own(school, "hedy"))["python"].lessons == []


async def test_a_later_version_takes_the_place_of_the_one_before(school: School) -> None:
    await keep(school, ada=WHOLE, bob=ABSENT)
    await keep(school, ada=ABSENT)
    assert (await own(school))["python"].lessons == [ABSENT]
    assert (await own(school, "bob"))["python"].lessons == []


async def test_lessons_stand_by_course_in_their_order(school: School) -> None:
    await school.plan("earlier", start=-DAY, state=LessonState.LOCKED)
    await school.plan(HISTORY, course="history", state=LessonState.PROVISIONAL)
    for lesson in (LESSON, "earlier", HISTORY):
        await keep(school, lesson, ada=WHOLE)
    found = await own(school, "ada", "python", "history")
    assert [each.planned_start for each in found["python"].lessons] == [at(-DAY), NINE]
    assert len(found["history"].lessons) == 1


async def test_what_is_ahead_is_planned_and_not_over(school: School) -> None:
    await school.plan("running", start=60)
    await school.plan("tomorrow", start=DAY, state=LessonState.PLANNED, minutes=90)
    await school.plan("cancelled", start=2 * DAY, state=LessonState.CANCELLED)
    await school.plan("forgotten", start=-DAY, state=LessonState.PLANNED)
    assert await ahead(school) == [("running", 3_600), ("tomorrow", 5_400)]


async def test_breaks_are_no_part_of_what_is_ahead(school: School) -> None:
    await school.plan("tomorrow", start=DAY, state=LessonState.PLANNED)
    pause = json.dumps([[at(DAY + 20).isoformat(), at(DAY + 30).isoformat()]]).replace(":", "\\:")
    await tamper(school.store, f"UPDATE lesson SET breaks = '{pause}' WHERE id = 'tomorrow'")
    assert await ahead(school) == [("tomorrow", 3_000)]


async def test_what_lies_outside_of_the_enrolment_is_not_ahead(school: School) -> None:
    for day in (1, 2, 3):
        await school.plan(f"day {day}", start=day * DAY, state=LessonState.PLANNED)
    second = "2026-03-04"
    only_then = f"UPDATE enrolment SET from_on = '{second}', until_on = '{second}' WHERE id = 'python ada'"
    await tamper(school.store, only_then)
    assert await ahead(school) == [("day 2", 3_600)]
    assert await ahead(school, "grace") == []
