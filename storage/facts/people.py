"""Who may be in the room: the roster of the day, others whom a handle points to, and what was confirmed of handles."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import structs
from sqlalchemy import Row, and_, case, or_, select

from bot.attendance.events import PresenceEvent
from bot.attendance.identity import comparable
from bot.attendance.lessons import Correction, Link, LinkKind, Person, Role
from storage.facts.target import Target, ids
from storage.statements import any_of, given
from storage.tables import Enrolment, Identity, Registrant, table_of
from storage.tables import Person as PersonRow
from storage.transaction import Transaction

ENROLMENT, IDENTITY, PERSON, REGISTRANT = (table_of(model) for model in (Enrolment, Identity, PersonRow, Registrant))

#: Who stands on a roster in several roles counts as the first of them.
_PRECEDENCE = (Role.TRAINER, Role.STUDENT, Role.OBSERVER)
_ROLES = {role.value: role for role in Role}

#: the first and the last day of an enrolment, and whose it is
_Enrolled = tuple[date, date, Person]

_PERSON_COLUMNS = (
    PERSON.c.id,
    PERSON.c.name,
    PERSON.c.email,
    PERSON.c.external_id,
    # who is deactivated in Slack cannot be reached there
    case((PERSON.c.is_gone, ""), else_=PERSON.c.slack_user_id).label("slack_user_id"),
    PERSON.c.informed_at.is_not(None),
)
_ENROLLED = (
    select(
        ENROLMENT.c.course_id,
        ENROLMENT.c.role,
        ENROLMENT.c.registrant_id,
        ENROLMENT.c.from_on,
        ENROLMENT.c.until_on,
        *_PERSON_COLUMNS,
    )
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
    .where(any_of(ENROLMENT.c.course_id, "courses"))
)
_CONFIRMED = select(
    IDENTITY.c.workspace_id,
    IDENTITY.c.account_id,
    IDENTITY.c.course_id,
    IDENTITY.c.kind,
    IDENTITY.c.value,
    IDENTITY.c.person_id,
).where(
    any_of(IDENTITY.c.workspace_id, "workspaces"),
    any_of(IDENTITY.c.kind, "kinds"),
    any_of(IDENTITY.c.value, "values"),
    IDENTITY.c.withdrawn_at.is_(None),
)
_ADMINS = (
    select(PERSON.c.workspace_id, PERSON.c.id)
    .where(any_of(PERSON.c.workspace_id, "workspaces"), PERSON.c.is_admin, PERSON.c.is_gone.is_(False))
    .order_by(PERSON.c.id)
)
_REGISTERED = select(REGISTRANT.c.room_id, REGISTRANT.c.person_id, REGISTRANT.c.registrant_id).where(
    any_of(REGISTRANT.c.room_id, "rooms"), REGISTRANT.c.registrant_id != ""
)
_PERSONS = select(*_PERSON_COLUMNS).where(
    any_of(PERSON.c.id, "persons"), PERSON.c.workspace_id == given(PERSON.c.workspace_id, "workspace")
)
_POINTED = select(PERSON.c.workspace_id, *_PERSON_COLUMNS).where(
    or_(
        and_(any_of(PERSON.c.workspace_id, "workspaces"), any_of(PERSON.c.email, "emails")),
        and_(any_of(PERSON.c.workspace_id, "workspaces"), any_of(PERSON.c.external_id, "numbers")),
        any_of(PERSON.c.id, "persons"),
    )
)
_REGISTRANTS = tuple(
    select(table.c.registrant_id, PERSON.c.workspace_id, *_PERSON_COLUMNS)
    .join(PERSON, PERSON.c.id == table.c.person_id)
    .where(any_of(table.c.registrant_id, "registrants"))
    for table in (ENROLMENT, REGISTRANT)
)


@dataclass(frozen=True, slots=True)
class Handles:
    """Everything by which the events of one lesson may point to somebody."""

    #: (kind, value); names as they are compared
    values: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, events: Iterable[PresenceEvent]) -> "Handles":
        found: set[tuple[str, str]] = set()
        for handle in {id(event.handle): event.handle for event in events}.values():
            found |= {
                (LinkKind.USER_ID, handle.user_id),
                (LinkKind.REGISTRANT_ID, handle.registrant_id),
                (LinkKind.EXTERNAL_ID, handle.external_id),
                (LinkKind.EMAIL, handle.email),
                (LinkKind.ALIAS, comparable(handle.name)),
            }
        return cls(frozenset((kind, value) for kind, value in found if value))


async def load_rosters(transaction: Transaction, targets: Sequence[Target]) -> list[tuple[Person, ...]]:
    """For each lesson who is enrolled on its day, by name."""
    rows = await transaction.all(_ENROLLED, {"courses": ids(targets, "course_id")})
    enrolled: dict[str, list[_Enrolled]] = defaultdict(list)
    for course_id, role, registrant_id, from_on, until_on, *who in rows:
        person = _person(who, role=_ROLES[role], registrant_id=registrant_id)
        enrolled[course_id].append((from_on or date.min, until_on or date.max, person))
    registered = await _registered(transaction, targets)
    return [
        tuple(_as_registered(person, registered, target) for person in _on(target.day, enrolled[target.course_id]))
        for target in targets
    ]


async def load_links(
    transaction: Transaction, targets: Sequence[Target], handles: Sequence[Handles]
) -> list[tuple[Link, ...]]:
    """For each lesson what was confirmed of the handles in it; for its course wins over for the workspace."""
    values = {value for each in handles for _, value in each.values}
    if not values:
        return [()] * len(targets)
    pointing = {"workspaces": ids(targets, "workspace_id"), "kinds": list(LinkKind), "values": values}
    by_value: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in await transaction.all(_CONFIRMED, pointing):
        by_value[row.kind, row.value].append(row)
    return [
        tuple(
            link
            for key in sorted(each.values & by_value.keys())
            if (link := _link(key, [row for row in by_value[key] if _holds_for(target, row)])) is not None
        )
        for target, each in zip(targets, handles, strict=True)
    ]


async def load_known(
    transaction: Transaction,
    targets: Sequence[Target],
    handles: Sequence[Handles],
    *,
    links: Sequence[Sequence[Link]],
    rosters: Sequence[Sequence[Person]],
    corrections: Sequence[Sequence[Correction]],
) -> list[tuple[Person, ...]]:
    """For each lesson the others whom a handle, a link or a correction points to."""
    named = [
        _named(target, of_links, of_corrections)
        for target, of_links, of_corrections in zip(targets, links, corrections, strict=True)
    ]
    people = await _people(transaction, targets, handles, named)
    registrants = await _registrants(transaction, handles)
    pointers: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for workspace_id, person in people.values():
        pointers[workspace_id, LinkKind.EMAIL, person.email].add(person.id)
        pointers[workspace_id, LinkKind.EXTERNAL_ID, person.external_id].add(person.id)
    for registrant_id, workspace_id, person in registrants:
        people.setdefault(person.id, (workspace_id, person))
        pointers[workspace_id, LinkKind.REGISTRANT_ID, registrant_id].add(person.id)
    known: list[tuple[Person, ...]] = []
    for target, each, of_lesson, roster in zip(targets, handles, named, rosters, strict=True):
        enrolled = {person.id for person in roster}
        pointed = {id_ for value in each.values for id_ in pointers.get((target.workspace_id, *value), ())}
        as_registered = {
            person.id: person for value, _, person in registrants if (LinkKind.REGISTRANT_ID, value) in each.values
        }
        found = sorted(id_ for id_ in (of_lesson | pointed) - enrolled if id_ in people)
        known.append(tuple(as_registered.get(id_, people[id_][1]) for id_ in found))
    return known


async def load_admins(transaction: Transaction, targets: Sequence[Target]) -> Mapping[str, tuple[str, ...]]:
    """By workspace the ids of its admins."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for workspace_id, person_id in await transaction.all(_ADMINS, {"workspaces": ids(targets, "workspace_id")}):
        found[workspace_id] += (person_id,)
    return found


async def _registered(transaction: Transaction, targets: Sequence[Target]) -> dict[tuple[str, str], str]:
    """Room id and person id → the registrant id that the room's platform gave when we registered them."""
    rows = await transaction.all(_REGISTERED, {"rooms": ids(targets, "room_id")})
    return {(room_id, person_id): registrant_id for room_id, person_id, registrant_id in rows}


def _as_registered(person: Person, registered: Mapping[tuple[str, str], str], target: Target) -> Person:
    """With the registrant id of our registration, which is the course file's where the platform knows that one."""
    registrant_id = registered.get((target.room_id, person.id), "")
    return structs.replace(person, registrant_id=registrant_id) if registrant_id else person


async def load_person(transaction: Transaction, person_id: str) -> Person | None:
    """One person of the workspace, without a role in any lesson."""
    return (await load_persons(transaction, [person_id])).get(person_id)


async def load_persons(transaction: Transaction, person_ids: Collection[str]) -> dict[str, Person]:
    """Person id → the same, of many."""
    asked = {"persons": person_ids, "workspace": transaction.workspace_id}
    return {row[0]: _person(row) for row in await transaction.all(_PERSONS, asked)}


def _person(row: Sequence[Any], *, role: Role = Role.NOT_ENROLLED, registrant_id: str = "") -> Person:
    """From the values of `_PERSON_COLUMNS`."""
    id_, name, email, external_id, slack_user_id, is_informed = row
    return Person(
        id=id_,
        name=name,
        role=role,
        email=email,
        external_id=external_id,
        registrant_id=registrant_id,
        slack_user_id=slack_user_id,
        is_informed=is_informed,
    )


def _on(day: date, enrolled: Iterable[_Enrolled]) -> tuple[Person, ...]:
    """Those whose enrolment holds on a day, each once."""
    found: dict[str, Person] = {}
    for from_on, until_on, person in enrolled:
        if from_on <= day <= until_on:
            other = found.get(person.id)
            if other is None or _PRECEDENCE.index(person.role) < _PRECEDENCE.index(other.role):
                found[person.id] = person
    return tuple(sorted(found.values(), key=lambda person: (person.name, person.id)))


def _holds_for(target: Target, identity: Row[Any]) -> bool:
    return (
        identity.workspace_id == target.workspace_id
        and identity.account_id in (None, target.account_id)
        and identity.course_id in (None, target.course_id)
    )


def _link(key: tuple[str, str], identities: Sequence[Row[Any]]) -> Link | None:
    """The one link that a value has in a lesson; several rows are several people before one screen."""
    if not identities:
        return None
    of_course = [row for row in identities if row.course_id is not None]
    people = {row.person_id for row in of_course or identities} - {None}
    return Link(kind=LinkKind(key[0]), value=key[1], person_ids=tuple(sorted(people)))


def _named(target: Target, links: Iterable[Link], corrections: Iterable[Correction]) -> set[str]:
    """Persons whom something beside the events names: links, corrections and who made them, the coordinator."""
    found = {target.lesson.coordinator}
    for link in links:
        found.update(link.person_ids)
    for correction in corrections:
        found |= {correction.actor, correction.person or "", *correction.person_ids}
    return found - {""}


async def _people(
    transaction: Transaction, targets: Sequence[Target], handles: Sequence[Handles], named: Sequence[Collection[str]]
) -> dict[str, tuple[str, Person]]:
    """By id, with their workspace: whom an e-mail or an external id points to, and those who are named."""
    values = {kind: {value for each in handles for of, value in each.values if of == kind} for kind in LinkKind}
    asked = {
        "workspaces": ids(targets, "workspace_id"),
        "emails": values[LinkKind.EMAIL],
        "numbers": values[LinkKind.EXTERNAL_ID],
        "persons": {id_ for each in named for id_ in each},
    }
    rows = await transaction.all(_POINTED, asked)
    return {row.id: (row.workspace_id, _person(row[1:])) for row in rows}


async def _registrants(transaction: Transaction, handles: Sequence[Handles]) -> list[tuple[str, str, Person]]:
    """Registrant id, workspace and person: who registered under an id that the events tell, in whatever course."""
    values = {value for each in handles for kind, value in each.values if kind == LinkKind.REGISTRANT_ID}
    if not values:
        return []
    found: list[tuple[str, str, Person]] = []
    for query in _REGISTRANTS:
        rows = await transaction.all(query, {"registrants": values})
        found += [(row[0], row[1], _person(row[2:], registrant_id=row[0])) for row in rows]
    return found
