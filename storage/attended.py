"""What each lesson came to for each student: one short row, so that a course can be summed up without its sheets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, select

from bot.attendance.course import Attended, planned_seconds
from bot.attendance.lessons import Interval, LessonState, Role
from bot.attendance.sheet import Flag, Seconds, Verdict
from storage import tables
from storage.json_text import intervals_from_json
from storage.tables import table_of
from storage.transaction import Transaction

ATTENDED, COURSE, ENROLMENT, LESSON = (
    table_of(model) for model in (tables.Attended, tables.Course, tables.Enrolment, tables.Lesson)
)

_COLUMNS = (
    "lesson_id",
    "person_id",
    "basis",
    "verdict",
    "flags",
    "late_seconds",
    "attended_planned",
    "attended_held",
    "base_planned",
    "base_held",
    "lesson_planned",
    "lesson_held",
)
#: No lesson is longer: what began before is no lesson ahead.
_LONGEST_LESSON = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAhead:
    """A lesson that is not over yet."""

    id: str
    planned: Interval
    #: on which it begins where the course is
    day: date
    #: without its breaks
    seconds: int
    join_url: str


@dataclass(slots=True, kw_only=True)
class OwnCourse:
    """What one student had and will have of a course, in order."""

    lessons: list[Attended] = field(default_factory=list)
    to_come: list[LessonAhead] = field(default_factory=list)


class AttendedLessons:
    """The rows behind the sums of courses."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, lessons: Mapping[str, Mapping[str, Attended]]) -> None:
        """Lesson id → person id → what it came to; who stands there no more is forgotten."""
        if not lessons:
            return
        of_lessons = self._transaction.any_of(ATTENDED.c.lesson_id, lessons.keys())
        await self._transaction.run(delete(ATTENDED).where(of_lessons))
        rows = [
            _row(lesson_id, person_id, attended)
            for lesson_id, of_lesson in lessons.items()
            for person_id, attended in of_lesson.items()
        ]
        await self._transaction.insert_new(ATTENDED, _COLUMNS, rows)

    async def of(self, person_id: str, course_ids: Collection[str], *, now: datetime) -> dict[str, OwnCourse]:
        """Course id → this student's lessons, for each of these courses."""
        found = {course_id: OwnCourse() for course_id in course_ids}
        query = (
            select(ATTENDED, LESSON.c.course_id, LESSON.c.planned_start)
            .join(LESSON, LESSON.c.id == ATTENDED.c.lesson_id)
            .where(ATTENDED.c.person_id == person_id, self._transaction.any_of(LESSON.c.course_id, course_ids))
            .order_by(LESSON.c.planned_start, LESSON.c.id)
        )
        for row in await self._transaction.all(query):
            found[row.course_id].lessons.append(_read(row))
        enrolled = await self._enrolled(person_id, course_ids)
        for course_id, lesson in await self.ahead(course_ids, now=now):
            if any(first <= lesson.day <= last for first, last in enrolled[course_id]):
                found[course_id].to_come.append(lesson)
        return found

    async def _enrolled(self, person_id: str, course_ids: Collection[str]) -> dict[str, list[tuple[date, date]]]:
        query = select(ENROLMENT.c.course_id, ENROLMENT.c.from_on, ENROLMENT.c.until_on).where(
            ENROLMENT.c.person_id == person_id,
            ENROLMENT.c.role == Role.STUDENT.value,
            self._transaction.any_of(ENROLMENT.c.course_id, course_ids),
        )
        found: dict[str, list[tuple[date, date]]] = defaultdict(list)
        for course_id, first, last in await self._transaction.all(query):
            found[course_id].append((first or date.min, last or date.max))
        return found

    async def ahead(self, course_ids: Collection[str], *, now: datetime) -> list[tuple[str, LessonAhead]]:
        """(course id, lesson) in order. One that runs is ahead until it ends: what of it is missed is not known yet."""
        query = (
            select(
                LESSON.c.id,
                LESSON.c.course_id,
                LESSON.c.planned_start,
                LESSON.c.planned_end,
                LESSON.c.breaks,
                COURSE.c.zone,
                COURSE.c.join_url,
            )
            .join(COURSE, COURSE.c.id == LESSON.c.course_id)
            .where(
                self._transaction.any_of(LESSON.c.course_id, course_ids),
                LESSON.c.planned_start > now - _LONGEST_LESSON,
                LESSON.c.planned_end > now,
                LESSON.c.state.in_([LessonState.PLANNED.value, LessonState.LIVE.value]),
                ~LESSON.c.is_unplanned,
            )
            .order_by(LESSON.c.planned_start, LESSON.c.id)
        )
        return [(row.course_id, _ahead(row)) for row in await self._transaction.all(query)]


def _row(lesson_id: str, person_id: str, attended: Attended) -> tuple[Any, ...]:
    """In the order of `_COLUMNS`."""
    return (
        lesson_id,
        person_id,
        attended.basis,
        attended.verdict.value,
        [flag.value for flag in attended.flags],
        attended.late_seconds,
        attended.attended.planned,
        attended.attended.held,
        attended.denominator.planned,
        attended.denominator.held,
        attended.lesson.planned,
        attended.lesson.held,
    )


def _read(row: Row[Any]) -> Attended:
    return Attended(
        planned_start=row.planned_start,
        basis=row.basis,
        verdict=Verdict(row.verdict),
        flags=tuple(Flag(flag) for flag in row.flags or ()),
        late_seconds=row.late_seconds,
        attended=Seconds(planned=row.attended_planned, held=row.attended_held),
        denominator=Seconds(planned=row.base_planned, held=row.base_held),
        lesson=Seconds(planned=row.lesson_planned, held=row.lesson_held),
    )


def _ahead(row: Row[Any]) -> LessonAhead:
    planned = Interval(row.planned_start.astimezone(UTC), row.planned_end.astimezone(UTC))
    return LessonAhead(
        id=row.id,
        planned=planned,
        day=planned.start.astimezone(ZoneInfo(row.zone)).date(),
        seconds=planned_seconds(planned, intervals_from_json(row.breaks)),
        join_url=row.join_url,
    )
