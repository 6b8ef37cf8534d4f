"""A course with its people, its room and its lessons, written straight into the tables."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import LessonFacts, Person, Role
from storage import tables
from storage.memory import Memory
from storage.tables import table_of
from tests.builders import NINE, ROOM, ROSTER

HOUR = timedelta(hours=1)


async def add(memory: Memory, model: type[tables.SQLModel], **values: Any) -> str:
    """One row with the model's own defaults."""
    row = model(**values)
    await memory._transaction.run(insert(table_of(model)).values(row.model_dump()))
    return str(getattr(row, "id", ""))


async def add_room(memory: Memory, ref: str = ROOM, *, platform: str = "zoom") -> str:
    account_id = await memory.accounts.default(platform, now=NINE)
    return await add(memory, tables.Room, account_id=account_id, ref=ref)


async def add_person(memory: Memory, person: Person) -> str:
    return await add(
        memory,
        tables.Person,
        id=person.id,
        workspace_id=memory.workspace_id,
        name=person.name,
        email=person.email,
        external_id=person.external_id,
        slack_user_id=person.slack_user_id,
        informed_at=NINE if person.is_informed else None,
    )


async def enrol(
    memory: Memory, course_id: str, person: Person, *, from_on: date | None = None, until_on: date | None = None
) -> None:
    await add(
        memory,
        tables.Enrolment,
        course_id=course_id,
        person_id=person.id,
        role=person.role,
        registrant_id=person.registrant_id,
        from_on=from_on,
        until_on=until_on,
    )


async def add_course(
    memory: Memory, *, room_id: str, people: Iterable[Person] = (), name: str = "Python 101", **values: Any
) -> str:
    """A course of these people, who are there already."""
    course_id = await add(
        memory,
        tables.Course,
        **{
            "workspace_id": memory.workspace_id,
            "key": name,
            "name": name,
            "room_id": room_id,
            "platform": "zoom",
            "channel": "C0PYTHON",
            "created_at": NINE,
            **values,
        },
    )
    for person in people:
        await enrol(memory, course_id, person)
    return course_id


async def add_lesson(
    memory: Memory, *, course_id: str, room_id: str, start: datetime = NINE, length: timedelta = HOUR, **values: Any
) -> str:
    """A lesson that is due when its window opens."""
    end = start + length
    return await add(
        memory,
        tables.Lesson,
        **{
            "id": tables.new_id(),
            "workspace_id": memory.workspace_id,
            "course_id": course_id,
            "room_id": room_id,
            "planned_start": start,
            "planned_end": end,
            "window_start": start - timedelta(minutes=30),
            "window_end": end + timedelta(minutes=120),
            "due_at": start - timedelta(minutes=30),
            **values,
        },
    )


async def a_course_with_a_lesson(memory: Memory, **values: Any) -> str:
    """Python 101 on Monday at nine, with Ada, Bob and Grace; the lesson's id."""
    for person in ROSTER:
        await add_person(memory, person)
    room_id = await add_room(memory)
    course_id = await add_course(memory, room_id=room_id, people=ROSTER, **values)
    return await add_lesson(memory, course_id=course_id, room_id=room_id)


async def tell(memory: Memory, *events: PresenceEvent, now: datetime = NINE) -> set[str]:
    """Record events of the account of Zoom."""
    account_id = await memory.accounts.default("zoom", now=NINE)
    return await memory.presence.record([(account_id, None, event) for event in events], now=now)


def a_student(number: int, **changes: Any) -> Person:
    """One of many."""
    return Person(
        **{
            "id": f"student-{number}",
            "name": f"Student {number:03}",
            "role": Role.STUDENT,
            "email": f"student-{number}@example.com",
            "slack_user_id": f"U{number:05}",
            **changes,
        }
    )


async def facts(memory: Memory, lesson_id: str) -> LessonFacts:
    """What the rules are told of a lesson."""
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    return found.facts


async def course_of(memory: Memory, lesson_id: str) -> str:
    """The id of a lesson's course."""
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    return found.course_id
