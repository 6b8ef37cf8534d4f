"""The people of a workspace, and the links that a human confirmed.

Who stands in which course: `storage/timetable.py`. What Slack tells of people: `storage/slack_accounts.py`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from bot.attendance.events import Handle
from bot.attendance.identity import comparable, is_device_name
from bot.attendance.lessons import LessonState, LinkKind, Person
from storage import tables
from storage.facts.people import load_person, load_persons
from storage.history import History
from storage.json_text import storable
from storage.tables import new_id, table_of
from storage.touch import touch
from storage.transaction import Transaction

_PERSON, _IDENTITY, _COURSE, _ROOM, _LESSON = (
    table_of(model) for model in (tables.Person, tables.Identity, tables.Course, tables.Room, tables.Lesson)
)

#: Ids that mean something on their own platform account only.
_OF_ACCOUNT = frozenset({LinkKind.USER_ID, LinkKind.REGISTRANT_ID, LinkKind.EXTERNAL_ID})

#: (kind, value): by what somebody is recognised
_Value = tuple[LinkKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPerson:
    """A person of the workspace; texts are empty where unknown."""

    id: str
    name: str
    email: str
    slack_user_id: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Locale:
    """Where and how somebody reads, as Slack last told; empty where it did not."""

    #: IANA
    zone: str
    #: as `de-DE`
    language: str


class People:
    """The persons of the workspace."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, who: str) -> list[StoredPerson]:
        """Whom this means: by id, e-mail or Slack id; else everybody of this name, compared as display names are."""
        wanted = who.strip()
        if not wanted:
            return []
        is_it = or_(_PERSON.c.id == wanted, _PERSON.c.slack_user_id == wanted, _PERSON.c.email == wanted.lower())
        found = await self._transaction.all(self._people().where(is_it))
        if not found:
            everybody = await self._transaction.all(self._people())
            found = [row for row in everybody if comparable(row.name) == comparable(wanted)]
        return [StoredPerson(**row._asdict()) for row in found]

    async def person(self, person_id: str) -> Person | None:
        """Somebody, without a role in any lesson."""
        return await load_person(self._transaction, person_id)

    async def persons(self, person_ids: Collection[str]) -> dict[str, Person]:
        """Person id → the same, of many."""
        return await load_persons(self._transaction, person_ids)

    async def locales(self, person_ids: Collection[str]) -> dict[str, Locale]:
        """Person id → in which zone and language they read."""
        is_asked = self._transaction.any_of(_PERSON.c.id, person_ids)
        rows = await self._transaction.all(select(_PERSON.c.id, _PERSON.c.zone, _PERSON.c.language).where(is_asked))
        return {row.id: Locale(row.zone, row.language) for row in rows}

    async def informed(self, person_ids: Collection[str], *, now: datetime) -> None:
        """They were told that attendance is recorded; the first time counts."""
        for_the_first_time = and_(self._transaction.any_of(_PERSON.c.id, person_ids), _PERSON.c.informed_at.is_(None))
        await self._transaction.run(update(_PERSON).where(for_the_first_time).values(informed_at=now))

    async def confirm_identity(
        self, *, course_id: str, handles: Iterable[Handle], person_ids: Collection[str], by: str, now: datetime
    ) -> bool:
        """Remember for the course that these handles are these persons, or nobody; False if all of it is known.

        Ids, e-mails and names are kept, but no name of a device or a role. What was confirmed of them before is
        withdrawn by it, and the course's lessons that can still change are looked at again. `by` is the id of the
        person who said so.
        """
        await self._transaction.lock(_COURSE, [course_id])
        people = sorted(set(person_ids))
        wanted: set[str | None] = {*people} or {None}
        values = _values(handles)
        standing = await self._standing(course_id, values)
        fresh = [value for value in values if {row.person_id for row in standing.get(value, ())} != wanted]
        if not fresh:
            return False
        replaced = [row.id for value in fresh for row in standing.get(value, ())]
        over = update(_IDENTITY).where(self._transaction.any_of(_IDENTITY.c.id, replaced))
        await self._transaction.run(over.values(withdrawn_at=now))
        await self._insert(course_id, fresh, wanted, by=by, now=now)
        await self._look_again(course_id, now=now)
        await History(self._transaction).append(
            by,
            "identity.confirmed",
            course_id,
            {"persons": people},
            personal={"values": [[kind.value, value] for kind, value in fresh]},
            person_id=people[0] if people else None,
            now=now,
        )
        return True

    def _people(self) -> Any:
        columns = (_PERSON.c.id, _PERSON.c.name, _PERSON.c.email, _PERSON.c.slack_user_id, _PERSON.c.external_id)
        is_ours = and_(_PERSON.c.workspace_id == self._transaction.workspace_id, _PERSON.c.merged_into.is_(None))
        return select(*columns).where(is_ours).order_by(_PERSON.c.name, _PERSON.c.id)

    async def _standing(self, course_id: str, values: Collection[_Value]) -> dict[_Value, list[Row[Any]]]:
        """What is confirmed for the course of these values; several rows are several people before one screen."""
        query = select(_IDENTITY).where(
            _IDENTITY.c.workspace_id == self._transaction.workspace_id,
            _IDENTITY.c.course_id == course_id,
            _IDENTITY.c.withdrawn_at.is_(None),
            self._transaction.any_of(_IDENTITY.c.value, [value for _, value in values]),
        )
        found: dict[_Value, list[Row[Any]]] = {}
        for row in await self._transaction.all(query):
            found.setdefault((LinkKind(row.kind), row.value), []).append(row)
        return found

    async def _insert(
        self, course_id: str, values: Iterable[_Value], people: Collection[str | None], *, by: str, now: datetime
    ) -> None:
        of_room = select(_ROOM.c.account_id).join(_COURSE, _COURSE.c.room_id == _ROOM.c.id)
        account_id = await self._transaction.value(of_room.where(_COURSE.c.id == course_id))
        fixed = (self._transaction.workspace_id, course_id)
        rows = [
            (new_id(), *fixed, account_id if kind in _OF_ACCOUNT else None, kind.value, value, person_id, by, now)
            for kind, value in values
            for person_id in people
        ]
        columns = ("workspace_id", "course_id", "account_id", "kind", "value", "person_id", "confirmed_by")
        await self._transaction.insert_new(_IDENTITY, ("id", *columns, "confirmed_at"), rows)

    async def _look_again(self, course_id: str, *, now: datetime) -> None:
        can_change: ColumnElement[bool] = and_(
            _LESSON.c.course_id == course_id,
            _LESSON.c.window_start <= now,
            _LESSON.c.state.not_in([LessonState.LOCKED.value, LessonState.CANCELLED.value]),
        )
        rows = await self._transaction.all(select(_LESSON.c.id).where(can_change))
        await touch(self._transaction, [row.id for row in rows], now)


def _values(handles: Iterable[Handle]) -> list[_Value]:
    """Everything by which these handles can be recognised another time."""
    found: set[_Value] = set()
    for handle in handles:
        found |= {
            (LinkKind.USER_ID, storable(handle.user_id)),
            (LinkKind.REGISTRANT_ID, storable(handle.registrant_id)),
            (LinkKind.EXTERNAL_ID, storable(handle.external_id)),
            (LinkKind.EMAIL, storable(handle.email)),
        }
        if not is_device_name(handle.name):
            found.add((LinkKind.ALIAS, comparable(handle.name)))
    return sorted((kind, value) for kind, value in found if value)
