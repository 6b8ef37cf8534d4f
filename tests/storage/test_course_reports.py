"""The course report out of the database: sums over the lessons of a period, on both databases."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.attendance.course import Attended, Outlook
from bot.attendance.course_report import WHOLE_COURSE, CourseLine, CourseReport, Period
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import Flag, Seconds, Verdict
from storage import tables
from storage.database import Store
from storage.tables import table_of
from tests.builders import (
    NINE,
    at,
    replace,
)
from tests.handlers.slack.school import School

DAY = 24 * 60
NOW = at(3 * DAY)
WHOLE = Attended(
    planned_start=NINE,
    basis="held",
    verdict=Verdict.VALIDATED,
    attended=Seconds(planned=3_000, held=2_900),
    denominator=Seconds(planned=3_600, held=2_900),
    lesson=Seconds(planned=3_600, held=3_300),
)
LATE = replace(WHOLE, flags=(Flag.LATE, Flag.BRIDGED), late_seconds=430)
ABSENT = replace(WHOLE, verdict=Verdict.ABSENT, attended=Seconds(planned=0, held=0))
PARTIAL_OF_PLAN = replace(WHOLE, verdict=Verdict.PARTIAL, basis="planned")
EXCUSED = replace(ABSENT, verdict=Verdict.EXCUSED)
NOT_HELD = replace(ABSENT, verdict=Verdict.NOT_HELD, lesson=Seconds(planned=3_600, held=0))


@pytest.fixture
async def school(store: Store) -> School:
    """Two lessons of Python are over, one each day, and one is to come."""
    made = School(store)
    await made.found()
    for number in range(2):
        await made.plan(f"lesson-{number}", start=number * DAY, state=LessonState.PROVISIONAL)
    await made.plan("ahead", start=5 * DAY, minutes=30, state=LessonState.PLANNED)
    return made


async def keep(school: School, lesson: str, **people: Attended) -> None:
    async with school.store.write() as memory:
        await memory.attended.keep({lesson: people})


async def report(school: School, period: Period = WHOLE_COURSE, course: str = "python") -> CourseReport:
    async with school.store.read() as memory:
        return await memory.course_reports.make(course, period, now=NOW)


async def line(school: School, person: str = "ada", period: Period = WHOLE_COURSE) -> CourseLine:
    return next(each for each in (await report(school, period)).students if each.person_id == person)


async def test_each_student_has_the_sums_of_their_lessons_on_the_basis_of_each(school: School) -> None:
    await keep(school, "lesson-0", ada=LATE, bob=ABSENT)
    await keep(school, "lesson-1", ada=PARTIAL_OF_PLAN, bob=EXCUSED)
    ada, bob = (await report(school)).students
    assert (ada.name, ada.lessons, ada.validated, ada.partial, ada.late) == ("Ada Lovelace", 2, 1, 1, 1)
    assert (ada.planned_seconds, ada.held_seconds) == (7_200, 6_600)
    assert (ada.attended_seconds, ada.base_seconds, ada.permille) == (2_900 + 3_000, 2_900 + 3_600, 907)
    assert (ada.to_come_seconds, ada.best_permille) == (1_800, (5_900 + 1_800) * 1_000 // (6_500 + 1_800))
    assert (bob.lessons, bob.absent, bob.excused, bob.attended_seconds, bob.permille) == (1, 1, 1, 0, 0)
    assert bob.outlook is Outlook.LOST


async def test_what_was_not_held_is_in_no_sum(school: School) -> None:
    await keep(school, "lesson-0", ada=NOT_HELD)
    ada = await line(school)
    assert (ada.lessons, ada.not_counted, ada.planned_seconds, ada.permille) == (0, 1, 0, None)


async def test_each_lesson_has_its_verdicts(school: School) -> None:
    await keep(school, "lesson-0", ada=LATE, bob=ABSENT)
    await keep(school, "lesson-1", ada=WHOLE)
    found = await report(school)
    assert [(each.id, each.students, each.late) for each in found.lessons] == [("lesson-0", 2, 1), ("lesson-1", 1, 0)]
    assert found.lessons[0].verdicts == {Verdict.VALIDATED: 1, Verdict.ABSENT: 1}
    assert (found.planned_seconds, found.held_seconds) == (7_200, 6_600)
    assert (found.attended_seconds, found.base_seconds, found.permille) == (5_800, 8_700, 666)
    assert (found.title, found.zone, found.minimum) == ("Python 101", "UTC", Fraction(9, 10))


@pytest.mark.parametrize(
    ("period", "lessons", "to_come"),
    [
        (Period(first=date(2026, 3, 2), end=date(2026, 3, 3)), 1, 0),
        (Period(first=date(2026, 3, 3)), 1, 1_800),
        (Period(end=date(2026, 3, 2)), 0, 0),
        (Period(first=date(2026, 3, 7), end=date(2026, 3, 8)), 0, 1_800),
        (WHOLE_COURSE, 2, 1_800),
    ],
)
async def test_a_period_takes_lessons_by_the_day_on_which_they_begin(school, period, lessons, to_come) -> None:
    for number in range(2):
        await keep(school, f"lesson-{number}", ada=WHOLE, bob=ABSENT)
    ada = await line(school, period=period)
    assert (ada.lessons, ada.to_come_seconds) == (lessons, to_come)


async def test_the_days_are_those_of_the_course_s_zone(school: School) -> None:
    """11:00 in UTC on 2 March is 01:00 of 3 March in Kiribati."""
    await school.insert(
        tables.Course, id="far", key="far", name="Far", room_id="room history-room", channel="", join_url="",
        workspace_id=(await _workspace(school)), platform="zoom", zone="Pacific/Kiritimati", created_at=NINE,
        staff_channel="",
    )  # fmt: skip
    await school.insert(tables.Enrolment, id="far ada", course_id="far", person_id="ada", role="student")
    await school.plan("far-1", course="history", start=2 * 60)
    async with school.store.write() as memory:
        lesson = table_of(tables.Lesson)
        await memory._transaction.run(lesson.update().where(lesson.c.id == "far-1").values(course_id="far"))
    await keep(school, "far-1", ada=WHOLE)
    found = await report(school, Period(first=date(2026, 3, 3), end=date(2026, 3, 4)), course="far")
    assert [each.id for each in found.lessons] == ["far-1"]


async def test_who_is_enrolled_and_was_never_there_has_a_line(school: School) -> None:
    assert [(each.person_id, each.lessons, each.permille) for each in (await report(school)).students] == [
        ("ada", 0, None),
        ("bob", 0, None),
    ]


async def test_what_is_to_come_counts_for_who_is_enrolled_then(school: School) -> None:
    enrolment = table_of(tables.Enrolment)
    async with school.store.write() as memory:
        ends = enrolment.update().where(enrolment.c.id == "python bob").values(until_on=NOW.date())
        await memory._transaction.run(ends)
    assert [each.to_come_seconds for each in (await report(school)).students] == [1_800, 0]


async def test_who_left_before_the_period_is_not_listed(school: School) -> None:
    enrolment = table_of(tables.Enrolment)
    async with school.store.write() as memory:
        ends = enrolment.update().where(enrolment.c.id == "python bob").values(until_on=NINE.date())
        await memory._transaction.run(ends)
    later = Period(first=NINE.date() + timedelta(days=1))
    assert [each.person_id for each in (await report(school, later)).students] == ["ada"]


async def test_an_unplanned_lesson_counts_once_somebody_said_that_it_was_one(school: School) -> None:
    lesson = table_of(tables.Lesson)
    await keep(school, "lesson-0", ada=WHOLE)
    for confirmation, lessons in (("unconfirmed", 0), ("confirmed", 1)):
        async with school.store.write() as memory:
            values = {"is_unplanned": True, "confirmation": confirmation}
            await memory._transaction.run(lesson.update().where(lesson.c.id == "lesson-0").values(**values))
        assert (await line(school)).lessons == lessons


async def _workspace(school: School) -> str:
    async with school.store.read() as memory:
        return memory.workspace_id
