"""Personal ways into a course's room: whose they are, which generation of them is good, and where they lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, exists, func, select, update

from bot.attendance.lessons import LessonState, LinkKind, Role
from storage import tables
from storage.history import History
from storage.tables import table_of
from storage.transaction import Transaction

COURSE, ENROLMENT, IDENTITY, LESSON, LINK, PERSON, REGISTRANT, ROOM = (
    table_of(model)
    for model in (
        tables.Course,
        tables.Enrolment,
        tables.Identity,
        tables.Lesson,
        tables.JoinLink,
        tables.Person,
        tables.Registrant,
        tables.Room,
    )
)

#: of who has no row
FIRST_GENERATION = 1
_GENERATION = func.coalesce(LINK.c.generation, FIRST_GENERATION).label("generation")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPlace:
    """What a personal link stands for."""

    course_id: str
    person_id: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """All that is needed to lead one person into the room of one course; texts are empty where unknown."""

    place: JoinPlace
    #: of the course
    title: str
    platform: str
    zone: str
    join_url: str
    #: the platform's id of the room
    room: str
    name: str
    external_id: str
    #: the platform's own link for this person, encrypted
    sealed_url: str
    #: somebody joined, or may have, with our id of the person in the place of an external id
    is_known_by_our_id: bool
    #: role, first and last day of each enrolment; the days are in the course's zone, None is open
    enrolments: tuple[tuple[Role, date | None, date | None], ...]

    def roles_on(self, day: date) -> frozenset[Role]:
        """In which roles the person is enrolled on a day."""
        enrolled = [each for each in self.enrolments if (each[1] or date.min) <= day <= (each[2] or date.max)]
        return frozenset(role for role, _, _ in enrolled)

    def has_ended(self, today: date) -> bool:
        """Whether every enrolment is over."""
        return all((last or date.max) < today for _, _, last in self.enrolments)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOwner:
    """Somebody who is enrolled in a course, and what their link stands for."""

    name: str
    email: str
    place: JoinPlace


class JoinLinks:
    """The personal links of the workspace."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def way_in(self, course_id: str, person_id: str) -> WayIn | None:
        """Where a link leads; None where the person is not and was never enrolled."""
        row = await self._transaction.first(self._way(course_id, person_id))
        if row is None:
            return None
        columns = (ENROLMENT.c.role, ENROLMENT.c.from_on, ENROLMENT.c.until_on)
        where = (ENROLMENT.c.course_id == course_id, ENROLMENT.c.person_id == person_id)
        enrolments = await self._transaction.all(select(*columns).where(*where).order_by(ENROLMENT.c.id))
        if not enrolments:
            return None
        return WayIn(
            place=JoinPlace(course_id=course_id, person_id=person_id, generation=row.generation),
            title=row.title,
            platform=row.platform,
            zone=row.zone,
            join_url=row.join_url,
            room=row.ref,
            name=row.name,
            external_id=row.external_id,
            sealed_url=row.sealed_url or "",
            is_known_by_our_id=row.is_known_by_our_id,
            enrolments=tuple((Role(each.role), each.from_on, each.until_on) for each in enrolments),
        )

    async def of_lessons(self, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], JoinPlace]:
        """(lesson id, person id) → what the person's link stands for, of those enrolled in the lesson's course."""
        if not pairs:
            return {}
        query = (
            select(LESSON.c.id, LESSON.c.course_id, ENROLMENT.c.person_id, _GENERATION)
            .join(ENROLMENT, ENROLMENT.c.course_id == LESSON.c.course_id)
            .outerjoin(LINK, _is_of(ENROLMENT))
            .where(
                self._transaction.any_of(LESSON.c.id, {lesson for lesson, _ in pairs}),
                self._transaction.any_of(ENROLMENT.c.person_id, {person for _, person in pairs}),
            )
        )
        return {(row.id, row.person_id): _place(row) for row in await self._transaction.all(query)}

    async def of_person(self, person_id: str, course_ids: Collection[str]) -> dict[str, JoinPlace]:
        """Course id → what the person's link stands for, of those courses in which they are enrolled."""
        query = (
            select(ENROLMENT.c.course_id, ENROLMENT.c.person_id, _GENERATION)
            .outerjoin(LINK, _is_of(ENROLMENT))
            .where(ENROLMENT.c.person_id == person_id, self._transaction.any_of(ENROLMENT.c.course_id, course_ids))
        )
        return {row.course_id: _place(row) for row in await self._transaction.all(query)}

    async def of_course(self, course_id: str, *, today: date) -> list[LinkOwner]:
        """Everybody whose enrolment in the course is not over, by name."""
        query = (
            select(ENROLMENT.c.course_id, ENROLMENT.c.person_id, _GENERATION, PERSON.c.name, PERSON.c.email)
            .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
            .outerjoin(LINK, _is_of(ENROLMENT))
            .where(
                ENROLMENT.c.course_id == course_id,
                func.coalesce(ENROLMENT.c.until_on, date.max) >= today,
            )
            .order_by(PERSON.c.name, PERSON.c.id)
        )
        found = {
            row.person_id: LinkOwner(name=row.name, email=row.email, place=_place(row))
            for row in await self._transaction.all(query)
        }
        return list(found.values())

    async def renew(self, course_id: str, person_ids: Collection[str], *, by: str, now: datetime) -> None:
        """Every link of these people into the course stops being good, and the next ones are others."""
        people = sorted(set(person_ids))
        columns = ("course_id", "person_id", "generation", "renewed_at")
        first = [(course_id, person_id, FIRST_GENERATION + 1, now) for person_id in people]
        new = {row[0] for row in await self._transaction.insert_new(LINK, columns, first, returning=("person_id",))}
        others = self._transaction.any_of(LINK.c.person_id, set(people) - new)
        again = update(LINK).where(LINK.c.course_id == course_id, others)
        await self._transaction.run(again.values(generation=LINK.c.generation + 1, renewed_at=now))
        await History(self._transaction).append(by, "join_link.renewed", course_id, {"persons": people}, now=now)

    async def lesson_at(self, course_id: str, now: datetime) -> tuple[str, datetime] | None:
        """The lesson that runs, else the next whose window is open: its id and planned start."""
        is_running = case((LESSON.c.planned_start <= now, 0), else_=1)
        query = (
            select(LESSON.c.id, LESSON.c.planned_start)
            .where(
                LESSON.c.course_id == course_id,
                LESSON.c.window_start <= now,
                LESSON.c.planned_end > now,
                LESSON.c.state.in_([LessonState.PLANNED.value, LessonState.LIVE.value]),
            )
            .order_by(is_running, LESSON.c.planned_start.desc(), LESSON.c.id)
            .limit(1)
        )
        row = await self._transaction.first(query)
        return None if row is None else (row.id, row.planned_start)

    def _way(self, course_id: str, person_id: str) -> Select[Any]:
        is_known = exists().where(
            IDENTITY.c.workspace_id == self._transaction.workspace_id,
            IDENTITY.c.course_id == course_id,
            IDENTITY.c.kind == LinkKind.EXTERNAL_ID.value,
            IDENTITY.c.value == PERSON.c.id,
            IDENTITY.c.withdrawn_at.is_(None),
        )
        is_registered = and_(REGISTRANT.c.room_id == COURSE.c.room_id, REGISTRANT.c.person_id == PERSON.c.id)
        return (
            select(
                COURSE.c.name.label("title"),
                COURSE.c.platform,
                COURSE.c.zone,
                COURSE.c.join_url,
                ROOM.c.ref,
                PERSON.c.name,
                PERSON.c.external_id,
                REGISTRANT.c.sealed_url,
                _GENERATION,
                is_known.label("is_known_by_our_id"),
            )
            .select_from(COURSE)
            .join(ROOM, ROOM.c.id == COURSE.c.room_id)
            .join(PERSON, PERSON.c.workspace_id == COURSE.c.workspace_id)
            .outerjoin(LINK, and_(LINK.c.course_id == COURSE.c.id, LINK.c.person_id == PERSON.c.id))
            .outerjoin(REGISTRANT, is_registered)
            .where(
                COURSE.c.workspace_id == self._transaction.workspace_id,
                COURSE.c.id == course_id,
                PERSON.c.id == person_id,
            )
        )


def _is_of(enrolment: Any) -> Any:
    return and_(LINK.c.course_id == enrolment.c.course_id, LINK.c.person_id == enrolment.c.person_id)


def _place(row: Row[Any]) -> JoinPlace:
    return JoinPlace(course_id=row.course_id, person_id=row.person_id, generation=row.generation)
