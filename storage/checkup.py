"""What `rollcall doctor` asks of the memory: whether the school is set up so that lessons can work."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.attendance.lessons import Role
from storage import tables
from storage.tables import table_of
from storage.transaction import Transaction

COURSE, ENROLMENT, LESSON, ROOM = (
    table_of(model) for model in (tables.Course, tables.Enrolment, tables.Lesson, tables.Room)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseToCheck:
    """A course with lessons to come, or with every session of its room."""

    name: str
    platform: str
    #: its channel and that of its staff: names with `#`, or ids
    channels: tuple[str, ...]
    has_trainer: bool


class Checkup:
    """The school as a whole, as somebody looks at it who sets it up."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def courses(self, *, now: datetime) -> list[CourseToCheck]:
        """By name; a course whose lessons are all over needs nothing any more."""
        today = now.date()
        trains = exists().where(
            ENROLMENT.c.course_id == COURSE.c.id,
            ENROLMENT.c.role == Role.TRAINER,
            or_(ENROLMENT.c.until_on.is_(None), ENROLMENT.c.until_on >= today),
        )
        goes_on = or_(COURSE.c.from_sessions, self._has_lesson(LESSON.c.planned_end > now))
        columns = (COURSE.c.name, COURSE.c.platform, COURSE.c.channel, COURSE.c.staff_channel, trains.label("trains"))
        query = select(*columns).where(COURSE.c.workspace_id == self._transaction.workspace_id, goes_on)
        return [
            CourseToCheck(
                name=row.name,
                platform=row.platform,
                channels=tuple(filter(None, (row.channel, row.staff_channel))),
                has_trainer=bool(row.trains),
            )
            for row in await self._transaction.all(query.order_by(COURSE.c.name, COURSE.c.id))
        ]

    async def accounts_with_lessons_begun(self, *, now: datetime) -> set[str]:
        """Ids of the accounts in whose rooms a lesson should have been heard of by now."""
        begun = self._has_lesson(and_(LESSON.c.planned_start <= now, LESSON.c.is_silent.is_(False)))
        query = select(ROOM.c.account_id).join(COURSE, COURSE.c.room_id == ROOM.c.id).where(begun).distinct()
        return {row.account_id for row in await self._transaction.all(query)}

    def _has_lesson(self, which: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(LESSON.c.course_id == COURSE.c.id, LESSON.c.cancelled_at.is_(None), which)
