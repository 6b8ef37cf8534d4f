"""What Slack's door asks: who calls, and which lesson they mean."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, String, and_, bindparam, or_, select, update
from sqlalchemy.orm import aliased

from bot.attendance.lessons import CorrectionKind, LessonState, Role
from bot.text import name_order
from storage.json_text import policy_from_json
from storage.tables import Correction, Course, Enrolment, Lesson, Person, Workspace, table_of
from storage.transaction import Transaction

_CORRECTION, _COURSE, _ENROLMENT, _LESSON, _PERSON, _WORKSPACE = (
    table_of(model) for model in (Correction, Course, Enrolment, Lesson, Person, Workspace)
)

#: Who taught one lesson instead of somebody may settle what is open about it for so long.
STANDS_IN_FOR = timedelta(days=31)
#: Written out, because SQLite takes a partial index only for its own words.
_IS_SUBSTITUTE = _CORRECTION.c.kind == bindparam(
    "substitute", CorrectionKind.SUBSTITUTE.value, type_=String(), literal_execute=True
)

_LESSONS = select(
    _LESSON.c.id,
    _LESSON.c.course_id,
    _LESSON.c.planned_start,
    _LESSON.c.planned_end,
    _LESSON.c.state,
    _COURSE.c.name,
    _COURSE.c.zone,
).join(_COURSE, _COURSE.c.id == _LESSON.c.course_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCourse:
    """A course as somebody stands in it today."""

    id: str
    name: str
    zone: str
    #: of its policy today: what must be attended
    minimum: Fraction
    #: its channel is told who was there, not only how many
    names_in_channel: bool
    roles: frozenset[Role]
    #: they are told when its trainer does not come: by name, or as an admin of a course that names nobody
    coordinates: bool
    #: lesson ids: they teach these alone, instead of somebody; empty: their roles are for all lessons of the course
    lessons_only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who stands behind a Slack account; `person_id` is empty for somebody whom we do not know."""

    person_id: str = ""
    name: str = ""
    zone: str = ""
    language: str = ""
    is_admin: bool = False
    courses: tuple[KnownCourse, ...] = ()
    #: courses of which they teach single lessons instead of somebody
    stands_in: tuple[KnownCourse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLesson:
    """A lesson to choose from."""

    id: str
    course_id: str
    title: str
    zone: str
    planned_start: datetime
    planned_end: datetime
    state: LessonState


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStudent:
    """A student of a course, enrolled now or once."""

    person_id: str
    name: str
    slack_user_id: str
    course_id: str


class Door:
    """The questions of Slack's door."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def bind(self, *, team_id: str, enterprise_id: str | None, name: str) -> bool:
        """This is the Slack workspace whose memory it is, from now on; False if it is another one's."""
        bound_to = await self._transaction.value(
            select(_WORKSPACE.c.slack_team_id).where(_WORKSPACE.c.id == self._transaction.workspace_id)
        )
        if bound_to is None:
            named = {"slack_team_id": team_id, "slack_enterprise_id": enterprise_id, "name": name}
            this = _WORKSPACE.c.id == self._transaction.workspace_id
            await self._transaction.run(update(_WORKSPACE).where(this).values(**named))
        return bound_to in {None, team_id}

    async def visitor(self, slack_user_id: str, *, now: datetime, with_courses: bool = True) -> Visitor:
        """Who this Slack account is, with the courses in which they are enrolled today or which they coordinate.

        Without courses it takes a third of the time: enough for what somebody may do wherever they are enrolled.
        """
        person = await self._transaction.first(
            select(_PERSON).where(
                _PERSON.c.workspace_id == self._transaction.workspace_id,
                _PERSON.c.slack_user_id == slack_user_id,
                _PERSON.c.merged_into.is_(None),
            )
        )
        if person is None:
            return Visitor()
        return Visitor(
            person_id=person.id,
            name=person.name,
            zone=person.zone,
            language=person.language,
            is_admin=person.is_admin,
            courses=tuple(await self._courses(person.id, is_admin=person.is_admin, now=now)) if with_courses else (),
            stands_in=tuple(await self._stands_in(person.id, now=now)) if with_courses else (),
        )

    async def lessons_about(self, course_ids: Collection[str], *, now: datetime) -> list[KnownLesson]:
        """Of each course the two that started last and the next one, cancelled ones left out."""
        found: list[KnownLesson] = []
        for course_id in course_ids:
            of_course = _LESSONS.where(_LESSON.c.course_id == course_id)
            standing = of_course.where(_LESSON.c.state != LessonState.CANCELLED.value)
            started = standing.where(_LESSON.c.planned_start <= now).order_by(_LESSON.c.planned_start.desc()).limit(2)
            coming = standing.where(_LESSON.c.planned_start > now).order_by(_LESSON.c.planned_start).limit(1)
            found += [_lesson(row) for query in (started, coming) for row in await self._transaction.all(query)]
        return sorted(found, key=lambda lesson: (lesson.planned_start, lesson.id))

    async def lessons(self, ids: Collection[str]) -> list[KnownLesson]:
        """These lessons, cancelled ones left out, in order."""
        standing = _LESSONS.where(_LESSON.c.state != LessonState.CANCELLED.value)
        rows = await self._transaction.all(standing.where(self._transaction.any_of(_LESSON.c.id, ids)))
        return sorted(map(_lesson, rows), key=lambda lesson: (lesson.planned_start, lesson.id))

    async def lessons_between(
        self, course_ids: Collection[str], *, start: datetime, end: datetime
    ) -> list[KnownLesson]:
        """The lessons of these courses that start in [start, end), in order."""
        query = _LESSONS.where(
            self._transaction.any_of(_LESSON.c.course_id, course_ids),
            _LESSON.c.planned_start >= start,
            _LESSON.c.planned_start < end,
        )
        found = [_lesson(row) for row in await self._transaction.all(query)]
        return sorted(found, key=lambda lesson: (lesson.planned_start, lesson.id))

    async def students_of(self, course_ids: Collection[str]) -> list[KnownStudent]:
        """Everybody who is or was a student of these courses, by name."""
        query = (
            select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.slack_user_id, _ENROLMENT.c.course_id)
            .join(_ENROLMENT, _ENROLMENT.c.person_id == _PERSON.c.id)
            .where(
                self._transaction.any_of(_ENROLMENT.c.course_id, course_ids),
                _ENROLMENT.c.role == Role.STUDENT.value,
                _PERSON.c.merged_into.is_(None),
            )
            .distinct()
        )
        rows = await self._transaction.all(query)
        found = [
            KnownStudent(person_id=row.id, name=row.name, slack_user_id=row.slack_user_id, course_id=row.course_id)
            for row in rows
        ]
        return sorted(found, key=lambda student: (name_order(student.name), student.person_id, student.course_id))

    async def person_of_account(self, slack_user_id: str) -> tuple[str, str] | None:
        """(id, name) of the person behind a Slack account."""
        row = await self._transaction.first(
            select(_PERSON.c.id, _PERSON.c.name).where(
                _PERSON.c.workspace_id == self._transaction.workspace_id,
                _PERSON.c.slack_user_id == slack_user_id,
                _PERSON.c.merged_into.is_(None),
            )
        )
        return None if row is None else (row.id, row.name)

    async def _stands_in(self, person_id: str, *, now: datetime) -> Iterable[KnownCourse]:
        """The courses of the lessons for which somebody was named to teach instead, within the last month."""
        other = aliased(_CORRECTION)
        is_withdrawn = select(other.c.id).where(other.c.withdraws == _CORRECTION.c.id).exists()
        query = (
            select(_CORRECTION.c.lesson_id, _CORRECTION.c.person_ids, _COURSE)
            .join(_LESSON, _LESSON.c.id == _CORRECTION.c.lesson_id)
            .join(_COURSE, _COURSE.c.id == _LESSON.c.course_id)
            .where(_IS_SUBSTITUTE, _CORRECTION.c.at >= now - STANDS_IN_FOR, ~is_withdrawn)
            .where(_COURSE.c.workspace_id == self._transaction.workspace_id)
        )
        found: dict[str, KnownCourse] = {}
        for row in await self._transaction.all(query):
            if person_id in row.person_ids:
                known = found.get(row.id)
                lessons = (known.lessons_only if known is not None else frozenset()) | {row.lesson_id}
                policy = policy_from_json(row.policy)
                found[row.id] = KnownCourse(
                    id=row.id,
                    name=row.name,
                    zone=row.zone,
                    minimum=policy.minimum,
                    names_in_channel=policy.summary_names and not row.staff_channel,
                    roles=frozenset(),
                    coordinates=False,
                    lessons_only=lessons,
                )
        return found.values()

    async def _courses(self, person_id: str, *, is_admin: bool, now: datetime) -> Iterable[KnownCourse]:
        coordinates = _COURSE.c.coordinator_id == person_id
        if is_admin:
            coordinates = or_(coordinates, _COURSE.c.coordinator_id.is_(None))
        enrolled = and_(_ENROLMENT.c.course_id == _COURSE.c.id, _ENROLMENT.c.person_id == person_id)
        query = (
            select(
                _COURSE.c.id,
                _COURSE.c.name,
                _COURSE.c.zone,
                _COURSE.c.policy,
                _COURSE.c.staff_channel,
                coordinates.label("coordinates"),
                _ENROLMENT.c.role,
                _ENROLMENT.c.from_on,
                _ENROLMENT.c.until_on,
            )
            .outerjoin(_ENROLMENT, enrolled)
            .where(
                _COURSE.c.workspace_id == self._transaction.workspace_id,
                or_(coordinates, _ENROLMENT.c.person_id.is_not(None)),
            )
            .order_by(_COURSE.c.name, _COURSE.c.id)
        )
        roles: dict[str, set[Role]] = {}
        courses: dict[str, Row[Any]] = {}
        for row in await self._transaction.all(query):
            courses[row.id] = row
            today = now.astimezone(ZoneInfo(row.zone)).date()
            begun = row.from_on is None or row.from_on <= today
            if row.role is not None and begun and (row.until_on is None or today <= row.until_on):
                roles.setdefault(row.id, set()).add(Role(row.role))
        policies = {id_: policy_from_json(row.policy) for id_, row in courses.items()}
        return [
            KnownCourse(
                id=id_,
                name=row.name,
                zone=row.zone,
                minimum=policies[id_].minimum,
                names_in_channel=policies[id_].summary_names and not row.staff_channel,
                roles=frozenset(roles.get(id_, ())),
                coordinates=bool(row.coordinates),
            )
            for id_, row in courses.items()
            if id_ in roles or row.coordinates
        ]


def _lesson(row: Row[Any]) -> KnownLesson:
    return KnownLesson(
        id=row.id,
        course_id=row.course_id,
        title=row.name,
        zone=row.zone,
        planned_start=row.planned_start,
        planned_end=row.planned_end,
        state=LessonState(row.state),
    )
