"""Who is to be registered for which room, so that the platform gives them a link of their own, and what came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from bot.attendance.lessons import LessonState, Role
from storage import tables
from storage.tables import table_of
from storage.transaction import Transaction

COURSE, ENROLMENT, LESSON, PERSON, REGISTRANT, ROOM = (
    table_of(model)
    for model in (tables.Course, tables.Enrolment, tables.Lesson, tables.Person, tables.Registrant, tables.Room)
)

_COLUMNS = ("room_id", "person_id", "registrant_id", "sealed_url", "due_at", "attempts", "error")
_KEY = ("room_id", "person_id")
#: Who teaches is the host, whom platforms let in by another link.
_REGISTERED = (Role.STUDENT.value, Role.OBSERVER.value)
_AHEAD = (LessonState.PLANNED.value, LessonState.LIVE.value)
#: Dates are in the course's zone: whoever left within it anywhere is registered in vain at worst.
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRegister:
    """Somebody whom the platform is to be asked to register now."""

    room_id: str
    #: the platform's id of the room
    room: str
    person_id: str
    name: str
    email: str
    #: of a registration that a course file tells of; empty for none
    registrant_id: str
    #: how often it was asked in vain
    attempts: int


class Registrants:
    """Registrations of the workspace's people."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def wanted(self, platform: str, *, now: datetime) -> list[tuple[str, str]]:
        """(room id, person id) of who is to be registered and is not noted yet.

        That is who is enrolled, with an e-mail, in a course of the platform whose room has a lesson ahead.
        """
        is_known = and_(REGISTRANT.c.room_id == COURSE.c.room_id, REGISTRANT.c.person_id == ENROLMENT.c.person_id)
        query = (
            select(COURSE.c.room_id, ENROLMENT.c.person_id)
            .join(COURSE, COURSE.c.id == ENROLMENT.c.course_id)
            .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
            .where(
                COURSE.c.workspace_id == self._transaction.workspace_id,
                COURSE.c.platform == platform,
                ENROLMENT.c.role.in_(_REGISTERED),
                or_(ENROLMENT.c.until_on.is_(None), ENROLMENT.c.until_on >= (now - _A_DAY).date()),
                PERSON.c.email != "",
                ~exists().where(is_known, or_(REGISTRANT.c.registrant_id != "", REGISTRANT.c.due_at.is_not(None))),
                _has_lesson_ahead(COURSE.c.room_id, now),
            )
            .distinct()
        )
        return [(row.room_id, row.person_id) for row in await self._transaction.all(query)]

    async def plan(self, platform: str, *, now: datetime) -> None:
        """Note them: the platform is to be asked now."""
        wanted = await self.wanted(platform, now=now)
        fresh = [(*each, "", "", now, 0, "") for each in wanted]
        new = {tuple(row) for row in await self._transaction.insert_new(REGISTRANT, _COLUMNS, fresh, returning=_KEY)}
        again = [(*each, now) for each in wanted if each not in new]
        await self._transaction.update_each(REGISTRANT, (*_KEY, "due_at"), again, key=_KEY)

    async def take(self, *, now: datetime, limit: int, lease: timedelta) -> list[ToRegister]:
        """Those whom the platform is to be asked about now, the longest due first; nobody without a lesson ahead.

        They are the caller's for the time of the lease; whoever takes one on tells what came of it.
        """
        is_in_vain = and_(REGISTRANT.c.due_at <= now, ~_has_lesson_ahead(REGISTRANT.c.room_id, now))
        await self._transaction.run(update(REGISTRANT).where(is_in_vain).values(due_at=None))
        by_file = (
            select(func.max(ENROLMENT.c.registrant_id))
            .join(COURSE, COURSE.c.id == ENROLMENT.c.course_id)
            .where(COURSE.c.room_id == REGISTRANT.c.room_id, ENROLMENT.c.person_id == REGISTRANT.c.person_id)
            .correlate(REGISTRANT)
            .scalar_subquery()
        )
        query = (
            select(
                REGISTRANT.c.room_id,
                REGISTRANT.c.person_id,
                REGISTRANT.c.attempts,
                func.coalesce(by_file, "").label("registrant_id"),
                ROOM.c.ref.label("room"),
                PERSON.c.name,
                PERSON.c.email,
            )
            .join(ROOM, ROOM.c.id == REGISTRANT.c.room_id)
            .join(PERSON, PERSON.c.id == REGISTRANT.c.person_id)
            .where(PERSON.c.workspace_id == self._transaction.workspace_id, REGISTRANT.c.due_at <= now)
            .order_by(REGISTRANT.c.due_at, REGISTRANT.c.room_id, REGISTRANT.c.person_id)
            .limit(limit)
        )
        rows = await self._transaction.all(self._transaction.claiming(query, REGISTRANT))
        taken = [ToRegister(**row._asdict()) for row in rows]
        leased = [(each.room_id, each.person_id, now + lease) for each in taken]
        await self._transaction.update_each(REGISTRANT, (*_KEY, "due_at"), leased, key=_KEY)
        return taken

    async def made(self, asked: ToRegister, *, registrant_id: str, sealed_url: str, now: datetime) -> None:
        """The platform has registered them."""
        values = {"registrant_id": registrant_id, "sealed_url": sealed_url, "made_at": now, "due_at": None, "error": ""}
        await self._transaction.run(update(REGISTRANT).where(*_is(asked)).values(values))

    async def again(self, course_id: str, person_id: str, *, now: datetime) -> None:
        """Their link into the room of a course can be read no more: the platform is to be asked for it now."""
        room_id = select(COURSE.c.room_id).where(COURSE.c.id == course_id).scalar_subquery()
        is_it = (REGISTRANT.c.room_id == room_id, REGISTRANT.c.person_id == person_id)
        await self._transaction.run(update(REGISTRANT).where(*is_it).values(sealed_url="", due_at=now))

    async def failed(self, asked: ToRegister, *, error: str, retry_at: datetime) -> None:
        """The platform did not; when to ask again."""
        values = {"due_at": retry_at, "attempts": REGISTRANT.c.attempts + 1, "error": error}
        await self._transaction.run(update(REGISTRANT).where(*_is(asked)).values(values))

    async def put_off(self, room_ids: Collection[str], *, error: str, until: datetime) -> None:
        """Nobody can be registered for these rooms before then."""
        waiting = (self._transaction.any_of(REGISTRANT.c.room_id, room_ids), REGISTRANT.c.due_at < until)
        await self._transaction.run(update(REGISTRANT).where(*waiting).values(due_at=until, error=error))

    async def refused(self) -> tuple[int, str]:
        """How many wait to be registered after the platform could not or would not, and one reason."""
        query = (
            select(func.count(), func.max(REGISTRANT.c.error))
            .join(PERSON, PERSON.c.id == REGISTRANT.c.person_id)
            .where(
                PERSON.c.workspace_id == self._transaction.workspace_id,
                REGISTRANT.c.due_at.is_not(None),
                REGISTRANT.c.error != "",
            )
        )
        row = await self._transaction.first(query)
        assert row is not None
        return row[0], row[1] or ""

    async def next_due_at(self) -> datetime | None:
        """When the platform is to be asked next; None: never, as things stand."""
        query = (
            select(func.min(REGISTRANT.c.due_at))
            .join(PERSON, PERSON.c.id == REGISTRANT.c.person_id)
            .where(PERSON.c.workspace_id == self._transaction.workspace_id)
        )
        found: datetime | None = await self._transaction.value(query)
        return found


def _has_lesson_ahead(room_id: Any, now: datetime) -> ColumnElement[bool]:
    return exists().where(LESSON.c.room_id == room_id, LESSON.c.planned_end > now, LESSON.c.state.in_(_AHEAD))


def _is(asked: ToRegister) -> tuple[ColumnElement[bool], ...]:
    return (REGISTRANT.c.room_id == asked.room_id, REGISTRANT.c.person_id == asked.person_id)
