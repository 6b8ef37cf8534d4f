"""Lessons as they are laid out: from the schedule of a course, or found in a session that nobody planned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.attendance.lessons import WINDOW_AFTER, WINDOW_BEFORE, CorrectionKind, Interval, LessonState
from bot.timetable.schedule import Break, PlannedLesson, Schedule
from bot.timetable.schedule_json import breaks_from_json, schedule_from_json
from storage.corrections import Corrections
from storage.json_text import intervals_from_json, intervals_to_json
from storage.sessions import schedule_item
from storage.statements import locking
from storage.tables import Course, Lesson, table_of
from storage.touch import touch
from storage.transaction import Transaction

COURSE, LESSON = table_of(Course), table_of(Lesson)

_COLUMNS = (
    "id",
    "workspace_id",
    "course_id",
    "room_id",
    "schedule_item",
    "original_start",
    "planned_start",
    "planned_end",
    "window_start",
    "window_end",
    "breaks",
    "state",
    "confirmation",
    "feed",
    "is_unplanned",
    "is_silent",
    "revision",
    "due_at",
    "failures",
    "error",
)

#: nothing changes a lesson in one of these states by itself
_SETTLED = (LessonState.LOCKED.value, LessonState.CANCELLED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLesson:
    """A lesson that was laid out before."""

    id: str
    room_id: str
    planned: Interval
    breaks: tuple[Interval, ...]
    state: LessonState
    #: a person cancelled it, not a file
    is_called_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLesson:
    """A lesson as in lists for people."""

    id: str
    title: str
    zone: str
    planned: Interval
    state: LessonState
    is_unplanned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessCourse:
    """A course whose schedule goes on for ever, and up to when it is laid out."""

    id: str
    room_id: str
    zone: str
    schedule: Schedule
    breaks: tuple[Break, ...]
    laid_out_until: datetime


class Layout:
    """The lessons of courses, as planned."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def listed(self, course_id: str | None = None) -> list[ListedLesson]:
        """The lessons of one course, or of all in the workspace, in order."""
        query = (
            select(LESSON, COURSE.c.name, COURSE.c.zone)
            .join(COURSE, COURSE.c.id == LESSON.c.course_id)
            .where(LESSON.c.workspace_id == self._transaction.workspace_id)
            .order_by(LESSON.c.planned_start, LESSON.c.id)
        )
        if course_id is not None:
            query = query.where(LESSON.c.course_id == course_id)
        return [
            ListedLesson(
                id=row.id,
                title=row.name,
                zone=row.zone,
                planned=Interval(row.planned_start, row.planned_end),
                state=LessonState(row.state),
                is_unplanned=row.is_unplanned,
            )
            for row in await self._transaction.all(query)
        ]

    async def lessons_of(self, course_id: str) -> list[KeptLesson]:
        """The lessons that the schedule of a course planned, in order; while writing they are locked."""
        query = (
            select(LESSON)
            .where(LESSON.c.course_id == course_id, ~LESSON.c.schedule_item.startswith(schedule_item("")))
            .order_by(LESSON.c.planned_start, LESSON.c.id)
        )
        rows = await self._transaction.all(locking(query, LESSON))
        said = await Corrections(self._transaction).of([row.id for row in rows if row.state == LessonState.CANCELLED])
        called_off = {
            lesson_id
            for lesson_id, corrections in said.items()
            if any(each.kind is CorrectionKind.CANCELLED for each in corrections)
        }
        return [
            KeptLesson(
                id=row.id,
                room_id=row.room_id,
                planned=Interval(row.planned_start, row.planned_end),
                breaks=intervals_from_json(row.breaks),
                state=LessonState(row.state),
                is_called_off=row.id in called_off,
            )
            for row in rows
        ]

    async def lay_out(
        self, course_id: str, room_id: str, lessons: Sequence[tuple[str, PlannedLesson]], *, now: datetime
    ) -> int:
        """Write the lessons (id, how it is planned) that are not there yet; how many that were.

        About one that is over nothing will be sent. Somebody looks at each when its window opens.
        """
        rows = [
            self._row(course_id, room_id, lesson_id, lesson, is_silent=lesson.end <= now, due_at=now)
            for lesson_id, lesson in lessons
        ]
        return len(await self._transaction.insert_new(LESSON, _COLUMNS, rows, returning=("id",)))

    async def move(self, room_id: str, lessons: Sequence[tuple[str, PlannedLesson]], *, now: datetime) -> None:
        """Write (id, how it is planned now) of lessons that have not started; a cancelled one is planned again."""
        rows = [
            (
                lesson_id,
                room_id,
                *_times(lesson.start, lesson.end),
                intervals_to_json(lesson.breaks),
                LessonState.PLANNED.value,
                None,
            )
            for lesson_id, lesson in lessons
        ]
        columns = (
            "id",
            "room_id",
            "planned_start",
            "planned_end",
            "window_start",
            "window_end",
            "breaks",
            "state",
            "cancelled_at",
        )
        await self._transaction.update_each(LESSON, columns, rows)
        await touch(self._transaction, [lesson_id for lesson_id, _ in lessons], now)

    async def cancel(self, lesson_ids: Collection[str], *, now: datetime) -> None:
        """Cancel lessons; nobody is told, unless the room is open already."""
        which = self._transaction.any_of(LESSON.c.id, lesson_ids)
        await self._transaction.run(
            update(LESSON).where(which).values(state=LessonState.CANCELLED.value, cancelled_at=now)
        )
        await touch(self._transaction, lesson_ids, now)
        unopened = update(LESSON).where(which, LESSON.c.window_start > now)
        await self._transaction.run(unopened.values(due_at=None))

    async def look_again(self, course_id: str, *, now: datetime) -> None:
        """The roster or the policy of a course has changed: every lesson that it may still change is due."""
        query = select(LESSON.c.id).where(
            LESSON.c.course_id == course_id, LESSON.c.window_start <= now, LESSON.c.state.not_in(_SETTLED)
        )
        await touch(self._transaction, [row.id for row in await self._transaction.all(query)], now)

    async def courses_ahead(self, until: datetime, *, limit: int) -> list[EndlessCourse]:
        """Courses with endless rules that are laid out no further than `until`, those behind most first."""
        query = (
            select(COURSE)
            .where(COURSE.c.workspace_id == self._transaction.workspace_id, COURSE.c.laid_out_until <= until)
            .order_by(COURSE.c.laid_out_until, COURSE.c.id)
            .limit(limit)
        )
        return [
            EndlessCourse(
                id=row.id,
                room_id=row.room_id,
                zone=row.zone,
                schedule=schedule_from_json(row.schedule, from_sessions=row.from_sessions),
                breaks=breaks_from_json(row.breaks),
                laid_out_until=row.laid_out_until,
            )
            for row in await self._transaction.all(query)
        ]

    async def laid_out_until(self) -> datetime | None:
        """Up to when the course that is behind most is laid out; None: no course has an endless rule."""
        query = select(func.min(COURSE.c.laid_out_until)).where(COURSE.c.workspace_id == self._transaction.workspace_id)
        found: datetime | None = await self._transaction.value(query)
        return found

    async def go_on(self, course: EndlessCourse, *, until: datetime | None) -> bool:
        """Remember up to when a course is laid out, None for its end; False where a file changed it meanwhile."""
        unchanged = update(COURSE).where(COURSE.c.id == course.id, COURSE.c.laid_out_until == course.laid_out_until)
        return await self._transaction.run(unchanged.values(laid_out_until=until)) == 1

    async def planned_of(self, lesson_ids: Collection[str]) -> dict[str, Interval]:
        """Lesson id → when it is planned, of those that are there."""
        query = select(LESSON.c.id, LESSON.c.planned_start, LESSON.c.planned_end)
        rows = await self._transaction.all(query.where(self._transaction.any_of(LESSON.c.id, lesson_ids)))
        return {row.id: Interval(row.planned_start, row.planned_end) for row in rows}

    async def keep_found(
        self, course_id: str, room_id: str, lesson: PlannedLesson, *, is_unplanned: bool, now: datetime
    ) -> None:
        """Write a lesson that was found in a session, or how far it reaches by now; one that is settled stays.

        Nothing is sent about one whose window has passed: its deliveries are old ones.
        """
        times = _times(lesson.start, lesson.end)
        lesson_id = lesson.id_in(course_id)
        row = self._row(
            course_id, room_id, lesson_id, lesson, due_at=now, is_silent=times[3] <= now, is_unplanned=is_unplanned
        )
        if await self._transaction.insert_new(LESSON, _COLUMNS, [row], returning=("id",)):
            return
        values = dict(zip(("planned_start", "planned_end", "window_start", "window_end"), times, strict=True))
        open_one = update(LESSON).where(LESSON.c.id == lesson_id, LESSON.c.state.not_in(_SETTLED))
        if await self._transaction.run(open_one.values(values)):
            await touch(self._transaction, [lesson_id], now)

    def _row(
        self,
        course_id: str,
        room_id: str,
        lesson_id: str,
        lesson: PlannedLesson,
        *,
        due_at: datetime,
        is_silent: bool = False,
        is_unplanned: bool = False,
    ) -> tuple[Any, ...]:
        """In the order of `_COLUMNS`; due when its window opens."""
        times = _times(lesson.start, lesson.end)
        return (
            lesson_id,
            self._transaction.workspace_id,
            course_id,
            room_id,
            lesson.item,
            lesson.original_start,
            *times,
            intervals_to_json(lesson.breaks),
            LessonState.PLANNED.value,
            "confirmed",
            "unknown",
            is_unplanned,
            is_silent,
            0,
            max(due_at, times[2]),
            0,
            "",
        )


def _times(start: datetime, end: datetime) -> tuple[datetime, datetime, datetime, datetime]:
    """Planned start and end, and those of the window."""
    return start, end, start - WINDOW_BEFORE, end + WINDOW_AFTER
