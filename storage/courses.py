"""The courses of a workspace, as lists and commands name them. What a course file writes: `storage/timetable.py`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, or_, select

from storage import tables
from storage.tables import table_of
from storage.transaction import Transaction

_COURSE, _ROOM = table_of(tables.Course), table_of(tables.Room)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """One course."""

    id: str
    #: what keeps it the same when its name changes
    key: str
    name: str
    platform: str
    #: the platform's own id of the room
    room: str
    #: IANA
    zone: str
    #: the course's own link; empty where it has none
    join_url: str = ""


class Courses:
    """The courses of the workspace."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def all(self) -> list[CourseRow]:
        """Every course, by name."""
        rows = await self._transaction.all(self._courses().order_by(_COURSE.c.name, _COURSE.c.id))
        return [CourseRow(**row._asdict()) for row in rows]

    async def find(self, which: str) -> CourseRow | None:
        """The course of this id; else of exactly this name, else of this key."""
        columns = (_COURSE.c.id, _COURSE.c.name, _COURSE.c.key)
        order = case(*((column == which, place) for place, column in enumerate(columns)))
        query = self._courses().where(or_(*(column == which for column in columns))).order_by(order, _COURSE.c.id)
        row = await self._transaction.first(query.limit(1))
        return None if row is None else CourseRow(**row._asdict())

    def _courses(self) -> Select[Any]:
        columns = (_COURSE.c.id, _COURSE.c.key, _COURSE.c.name, _COURSE.c.platform, _COURSE.c.zone, _COURSE.c.join_url)
        query = select(*columns, _ROOM.c.ref.label("room")).join(_ROOM, _ROOM.c.id == _COURSE.c.room_id)
        return query.where(_COURSE.c.workspace_id == self._transaction.workspace_id)
