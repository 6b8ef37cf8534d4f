"""What a course came to over a period, summed up by the database: never a row for each student and lesson."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Text, and_, case, cast, func, or_, select

from bot.attendance.course_report import CourseReport, Period, ReportedLesson, ReportedStudent, Tally, report_lines
from bot.attendance.lessons import Confirmation, Role
from bot.attendance.sheet import Flag, Verdict
from storage import tables
from storage.attended import AttendedLessons, LessonAhead
from storage.json_text import policy_from_json
from storage.tables import table_of
from storage.transaction import Transaction

ATTENDED, COURSE, ENROLMENT, LESSON, PERSON = (
    table_of(model) for model in (tables.Attended, tables.Course, tables.Enrolment, tables.Lesson, tables.Person)
)

#: In JSON a flag stands in quotation marks, on both databases.
_IS_LATE = cast(ATTENDED.c.flags, Text).like(f'%"{Flag.LATE.value}"%')
_LATE = func.sum(case((_IS_LATE, 1), else_=0)).label("late")
_IS_HELD = ATTENDED.c.basis == "held"
#: First and last day of one enrolment, both inclusive.
Span = tuple[date, date]


class CourseReports:
    """The course report, with as many queries for a thousand lessons as for one."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def make(self, course_id: str, period: Period, *, now: datetime) -> CourseReport:
        """The report of a course of this workspace."""
        course = await self._transaction.first(
            select(COURSE.c.id, COURSE.c.name, COURSE.c.zone, COURSE.c.policy).where(COURSE.c.id == course_id)
        )
        assert course is not None  # whoever asks has found it
        in_period = self._in_period(course_id, period, course.zone)
        tallies = await self._tallies(in_period)
        spans = await self._enrolled(course_id)
        ahead = [lesson for _, lesson in await AttendedLessons(self._transaction).ahead([course_id], now=now)]
        to_come = _to_come(spans, [lesson for lesson in ahead if _is_within(lesson.day, period)])
        listed = {person_id for person_id, own in spans.items() if any(_touches(span, period) for span in own)}
        minimum = policy_from_json(course.policy).minimum
        students = [
            ReportedStudent(
                person_id=person.id,
                name=person.name,
                email=person.email,
                tallies=tallies.get(person.id, ()),
                to_come=to_come.get(person.id, ()),
            )
            for person in await self._people(listed | tallies.keys())
        ]
        return CourseReport(
            course_id=course.id,
            title=course.name,
            zone=course.zone,
            period=period,
            as_of=now,
            minimum=minimum,
            lessons=await self._lessons(in_period),
            students=report_lines(students, minimum),
        )

    def _in_period(self, course_id: str, period: Period, zone: str) -> ColumnElement[bool]:
        """Lessons that began in the period; those that nobody planned only once somebody said that they were some."""
        is_lesson = or_(~LESSON.c.is_unplanned, LESSON.c.confirmation == Confirmation.CONFIRMED.value)
        limits = [LESSON.c.course_id == course_id, is_lesson]
        if period.first is not None:
            limits.append(LESSON.c.planned_start >= _midnight(period.first, zone))
        if period.end is not None:
            limits.append(LESSON.c.planned_start < _midnight(period.end, zone))
        return and_(*limits)

    async def _tallies(self, in_period: ColumnElement[bool]) -> dict[str, list[Tally]]:
        query = (
            select(
                ATTENDED.c.person_id,
                ATTENDED.c.verdict,
                ATTENDED.c.basis,
                func.count().label("lessons"),
                _LATE,
                func.sum(case((_IS_HELD, ATTENDED.c.attended_held), else_=ATTENDED.c.attended_planned)).label("there"),
                func.sum(case((_IS_HELD, ATTENDED.c.base_held), else_=ATTENDED.c.base_planned)).label("base"),
                func.sum(ATTENDED.c.lesson_planned).label("planned"),
                func.sum(ATTENDED.c.lesson_held).label("held"),
            )
            .join(LESSON, LESSON.c.id == ATTENDED.c.lesson_id)
            .where(in_period)
            .group_by(ATTENDED.c.person_id, ATTENDED.c.verdict, ATTENDED.c.basis)
            .order_by(ATTENDED.c.verdict, ATTENDED.c.basis)
        )
        found: dict[str, list[Tally]] = defaultdict(list)
        for row in await self._transaction.all(query):
            tally = Tally(
                verdict=Verdict(row.verdict),
                basis=row.basis,
                lessons=row.lessons,
                late=int(row.late),
                attended_seconds=int(row.there),
                base_seconds=int(row.base),
                planned_seconds=int(row.planned),
                held_seconds=int(row.held),
            )
            found[row.person_id].append(tally)
        return dict(found)

    async def _lessons(self, in_period: ColumnElement[bool]) -> tuple[ReportedLesson, ...]:
        query = (
            select(
                LESSON.c.id,
                LESSON.c.planned_start,
                ATTENDED.c.verdict,
                func.count().label("students"),
                _LATE,
                func.max(ATTENDED.c.lesson_planned).label("planned"),
                func.max(ATTENDED.c.lesson_held).label("held"),
            )
            .join(LESSON, LESSON.c.id == ATTENDED.c.lesson_id)
            .where(in_period)
            .group_by(LESSON.c.id, LESSON.c.planned_start, ATTENDED.c.verdict)
            .order_by(LESSON.c.planned_start, LESSON.c.id, ATTENDED.c.verdict)
        )
        by_lesson: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in await self._transaction.all(query):
            by_lesson[row.id].append(row)
        return tuple(_lesson(rows) for rows in by_lesson.values())

    async def _enrolled(self, course_id: str) -> dict[str, list[Span]]:
        """Person id → when they are a student of the course."""
        query = (
            select(ENROLMENT.c.person_id, ENROLMENT.c.from_on, ENROLMENT.c.until_on)
            .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
            .where(
                ENROLMENT.c.course_id == course_id,
                ENROLMENT.c.role == Role.STUDENT.value,
                PERSON.c.merged_into.is_(None),
            )
            .order_by(ENROLMENT.c.from_on, ENROLMENT.c.id)
        )
        found: dict[str, list[Span]] = defaultdict(list)
        for person_id, first, last in await self._transaction.all(query):
            found[person_id].append((first or date.min, last or date.max))
        return dict(found)

    async def _people(self, ids: Iterable[str]) -> Sequence[Row[Any]]:
        of_these = self._transaction.any_of(PERSON.c.id, list(ids))
        return await self._transaction.all(select(PERSON.c.id, PERSON.c.name, PERSON.c.email).where(of_these))


def _lesson(rows: Sequence[Row[Any]]) -> ReportedLesson:
    first = rows[0]
    return ReportedLesson(
        id=first.id,
        planned_start=first.planned_start.astimezone(UTC),
        planned_seconds=max(row.planned for row in rows),
        held_seconds=max(row.held for row in rows),
        verdicts={Verdict(row.verdict): row.students for row in rows},
        late=sum(int(row.late) for row in rows),
    )


def _to_come(spans: Mapping[str, Sequence[Span]], ahead: Sequence[LessonAhead]) -> dict[str, Sequence[int]]:
    """Person id → the planned seconds of each lesson ahead; those enrolled for the same time are computed once."""
    by_span: dict[tuple[Span, ...], Sequence[int]] = {}
    found: dict[str, Sequence[int]] = {}
    for person_id, own in spans.items():
        key = tuple(own)
        if key not in by_span:
            by_span[key] = [each.seconds for each in ahead if any(first <= each.day <= last for first, last in own)]
        found[person_id] = by_span[key]
    return found


def _is_within(day: date, period: Period) -> bool:
    return (period.first is None or period.first <= day) and (period.end is None or day < period.end)


def _touches(span: Span, period: Period) -> bool:
    first, last = span
    return (period.end is None or first < period.end) and (period.first is None or period.first <= last)


def _midnight(day: date, zone: str) -> datetime:
    """The instant at which the day begins there; at the ends of the calendar, in UTC."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
