"""What a course file writes: courses with their rooms, people and their places in courses. Its lessons: `layout`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, or_, select, update

from bot.attendance.lessons import Policy, Role
from bot.timetable.enrolments import EnrolmentPlan
from bot.timetable.schedule import Break, Schedule
from bot.timetable.schedule_json import breaks_as_json, schedule_as_json
from storage import tables
from storage.json_text import policy_to_json
from storage.statements import locking
from storage.tables import new_id, table_of
from storage.transaction import Transaction

ACCOUNT, COURSE, ENROLMENT, PERSON, ROOM = (
    table_of(model) for model in (tables.PlatformAccount, tables.Course, tables.Enrolment, tables.Person, tables.Room)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseByFile:
    """What a file says about a course, as far as it is one row."""

    key: str
    name: str
    room_id: str
    platform: str
    channel: str
    staff_channel: str
    zone: str
    join_url: str
    schedule: Schedule
    breaks: tuple[Break, ...]
    policy: Policy
    coordinator_id: str | None
    #: up to when endless rules are laid out; None: nothing is left to lay out
    laid_out_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonByFile:
    """A person with what a file may say about them; empty where unknown."""

    id: str
    name: str
    email: str = ""
    external_id: str = ""
    slack_user_id: str = ""


class Timetable:
    """Courses as files describe them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def room(self, account_id: str, ref: str) -> str:
        """The id of a room, made on first use.

        A course names no account: if another one of the same platform has this room, and has been heard from there
        last, it is that one.
        """
        theirs = select(ACCOUNT.c.platform).where(ACCOUNT.c.id == account_id).scalar_subquery()
        known = (
            select(ROOM.c.id)
            .join(ACCOUNT, ACCOUNT.c.id == ROOM.c.account_id)
            .where(
                ROOM.c.ref == ref,
                ACCOUNT.c.platform == theirs,
                ACCOUNT.c.workspace_id == self._transaction.workspace_id,
            )
            .order_by(ROOM.c.heard_at.desc().nulls_last(), case((ROOM.c.account_id == account_id, 0), else_=1))
            .limit(1)
        )
        if (id_ := await self._transaction.value(known)) is not None:
            return str(id_)
        await self._transaction.insert_new(ROOM, ("id", "account_id", "ref"), [(new_id(), account_id, ref)])
        found: str = await self._transaction.value(
            select(ROOM.c.id).where(ROOM.c.account_id == account_id, ROOM.c.ref == ref)
        )
        return found

    async def course_with_key(self, key: str) -> str | None:
        """The id of the course that a file means."""
        query = select(COURSE.c.id).where(COURSE.c.workspace_id == self._transaction.workspace_id, COURSE.c.key == key)
        found: str | None = await self._transaction.value(locking(query, COURSE))
        return found

    async def keep_course(self, course: CourseByFile, *, now: datetime) -> str:
        """Write a course; its id, the same for the same key."""
        values = {
            "name": course.name,
            "room_id": course.room_id,
            "platform": course.platform,
            "channel": course.channel,
            "staff_channel": course.staff_channel,
            "zone": course.zone,
            "join_url": course.join_url,
            "schedule": schedule_as_json(course.schedule),
            "breaks": breaks_as_json(course.breaks),
            "policy": policy_to_json(course.policy),
            "coordinator_id": course.coordinator_id,
            "from_sessions": course.schedule.from_sessions,
            "laid_out_until": course.laid_out_until,
        }
        made = {"id": new_id(), "workspace_id": self._transaction.workspace_id, "key": course.key, "created_at": now}
        row = {**made, **values}
        await self._transaction.insert_new(COURSE, tuple(row), [tuple(row.values())])
        found = await self.course_with_key(course.key)
        assert found is not None
        await self._transaction.run(update(COURSE).where(COURSE.c.id == found).values(values))
        return found

    async def people_like(
        self, *, emails: Collection[str], slack_user_ids: Collection[str], external_ids: Collection[str]
    ) -> list[PersonByFile]:
        """Everybody of the workspace with one of these; who was merged has the id of the person they are."""
        is_like = or_(
            self._transaction.any_of(PERSON.c.email, emails),
            self._transaction.any_of(PERSON.c.slack_user_id, slack_user_ids),
            self._transaction.any_of(PERSON.c.external_id, external_ids),
        )
        query = select(PERSON).where(PERSON.c.workspace_id == self._transaction.workspace_id, is_like)
        return [_person(row) for row in await self._transaction.all(query.order_by(PERSON.c.id))]

    async def people_of(self, course_id: str) -> list[PersonByFile]:
        """Everybody who has or had a place in the course."""
        places = select(ENROLMENT.c.person_id).where(ENROLMENT.c.course_id == course_id)
        query = select(PERSON).where(PERSON.c.id.in_(places)).order_by(PERSON.c.id)
        return [_person(row) for row in await self._transaction.all(query)]

    async def keep_people(self, people: Sequence[PersonByFile]) -> None:
        """Write people, new ones and known ones; what is empty here is left as it is."""
        known = {
            row.id: row
            for row in await self._transaction.all(
                select(PERSON).where(self._transaction.any_of(PERSON.c.id, [person.id for person in people]))
            )
        }
        columns = ("id", "name", "email", "external_id", "slack_user_id")
        rows = [tuple(getattr(person, name) for name in columns) for person in people if person.id not in known]
        workspace = self._transaction.workspace_id
        made = ("workspace_id", "zone", "language", "is_admin", "is_gone")
        await self._transaction.insert_new(
            PERSON, (*columns, *made), [(*row, workspace, "", "", False, False) for row in rows]
        )
        changed = [
            tuple(getattr(person, name) or getattr(known[person.id], name) for name in columns)
            for person in people
            if person.id in known
        ]
        await self._transaction.update_each(PERSON, columns, changed)

    async def enrolments(self, course_id: str) -> list[tuple[str, EnrolmentPlan]]:
        """(enrolment id, enrolment) of a course, past ones too."""
        query = select(ENROLMENT).where(ENROLMENT.c.course_id == course_id).order_by(ENROLMENT.c.id)
        return [
            (
                row.id,
                EnrolmentPlan(
                    person_id=row.person_id,
                    role=Role(row.role),
                    registrant_id=row.registrant_id,
                    from_on=row.from_on,
                    until_on=row.until_on,
                ),
            )
            for row in await self._transaction.all(query)
        ]

    async def enrol(self, course_id: str, plans: Sequence[EnrolmentPlan]) -> None:
        """Give people places in a course."""
        columns = ("id", "course_id", "person_id", "role", "registrant_id", "from_on", "until_on")
        rows = [
            (new_id(), course_id, plan.person_id, plan.role.value, plan.registrant_id, plan.from_on, plan.until_on)
            for plan in plans
        ]
        await self._transaction.insert_new(ENROLMENT, columns, rows)

    async def change_enrolments(self, plans: Sequence[tuple[str, EnrolmentPlan]]) -> None:
        """Write (enrolment id, how it is now)."""
        columns = ("id", "registrant_id", "from_on", "until_on")
        rows = [(enrolment_id, plan.registrant_id, plan.from_on, plan.until_on) for enrolment_id, plan in plans]
        await self._transaction.update_each(ENROLMENT, columns, rows)


def _person(row: Row[Any]) -> PersonByFile:
    return PersonByFile(
        id=row.merged_into or row.id,
        name=row.name,
        email=row.email,
        external_id=row.external_id,
        slack_user_id=row.slack_user_id,
    )
