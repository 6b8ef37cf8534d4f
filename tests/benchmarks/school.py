"""A school as large as one likes, written straight into a store."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from bot.attendance.lessons import WINDOW_AFTER, WINDOW_BEFORE
from storage.database import Store
from storage.deliveries import NewDelivery
from storage.tables import Course, Enrolment, Lesson, Person, Room, table_of

LESSON = timedelta(hours=1)
ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """Each course has its own room, trainer and students; the first lessons of all begin at once, then one a day."""

    courses: int
    students: int
    starts_at: datetime
    created_at: datetime
    #: of the first lessons; every later one is due a day after the one before
    due_at: datetime
    lessons_each: int = 1
    platform: str = "zoom"


def room_of(course: int) -> str:
    """The platform's id of a course's room."""
    return str(90_000_000_000 + course)


def email_of(course: int, place: int) -> str:
    """Of somebody in a course: the students have the first places, the trainer has the last."""
    return f"p{course}-{place}@example.com"


def external_id_of(course: int, place: int) -> str:
    """What platforms are told to call somebody."""
    return f"x{course}-{place}"


def channel_of(course: int) -> str:
    """Where its board stands."""
    return f"C{course}"


async def found_school(store: Store, school: School) -> None:
    """Write the school, and that its platform has delivered before: the feed is unknown, not silent."""
    async with store.write() as memory:
        workspace_id = memory.workspace_id
        account_id = await memory.accounts.default(school.platform, now=school.created_at)
        await memory.deliveries.keep([_any_delivery(account_id, school.created_at)])
    tables: Mapping[type[SQLModel], Iterator[dict[str, Any]]] = {
        Room: ({"id": f"r{each}", "account_id": account_id, "ref": room_of(each)} for each in range(school.courses)),
        Person: _people(school, workspace_id),
        Course: _courses(school, workspace_id),
        Enrolment: _enrolments(school),
        Lesson: _lessons(school, workspace_id),
    }
    for model, rows in tables.items():
        await _write(store, model, rows)
    if not store._dialect.takes_turns:
        async with store.write() as memory:
            # PostgreSQL does so by itself, within a minute after many rows came.
            await memory._transaction.run(text("ANALYZE"))


async def _write(store: Store, model: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    while portion := list(islice(rows, ROWS)):
        # What is not given is as the model has it.
        defaults = model(**portion[0]).model_dump()
        columns = list(defaults)
        async with store.write() as memory:
            await memory._transaction.insert_new(
                table_of(model), columns, [tuple((defaults | row).values()) for row in portion]
            )


def _people(school: School, workspace_id: str) -> Iterator[dict[str, Any]]:
    for course in range(school.courses):
        for place in range(school.students + 1):
            yield {
                "id": f"p{course}-{place}",
                "workspace_id": workspace_id,
                "name": f"Student {course}-{place}",
                "email": email_of(course, place),
                "external_id": external_id_of(course, place),
                "slack_user_id": f"U{course}X{place}",
                "looked_up_at": school.created_at,
                "informed_at": school.created_at,
            }


def _courses(school: School, workspace_id: str) -> Iterator[dict[str, Any]]:
    for course in range(school.courses):
        yield {
            "id": f"c{course}",
            "workspace_id": workspace_id,
            "key": f"course-{course}",
            "name": f"Course {course}",
            "room_id": f"r{course}",
            "platform": school.platform,
            "channel": channel_of(course),
            "created_at": school.created_at,
            "join_url": f"https://example.com/j/{room_of(course)}",
        }


def _enrolments(school: School) -> Iterator[dict[str, Any]]:
    for course in range(school.courses):
        for place in range(school.students + 1):
            yield {
                "id": f"e{course}-{place}",
                "course_id": f"c{course}",
                "person_id": f"p{course}-{place}",
                "role": "trainer" if place == school.students else "student",
            }


def _lessons(school: School, workspace_id: str) -> Iterator[dict[str, Any]]:
    for course in range(school.courses):
        for day in range(school.lessons_each):
            later = timedelta(days=day)
            start = school.starts_at + later
            yield {
                "id": f"l{course}-{day}",
                "workspace_id": workspace_id,
                "course_id": f"c{course}",
                "room_id": f"r{course}",
                "planned_start": start,
                "planned_end": start + LESSON,
                "window_start": start - WINDOW_BEFORE,
                "window_end": start + LESSON + WINDOW_AFTER,
                "due_at": school.due_at + later,
            }


def _any_delivery(account_id: str, at: datetime) -> NewDelivery:
    return NewDelivery(
        account_id=account_id,
        route="",
        delivery_key="the first one",
        headers={},
        body=b"{}",
        received_at=at,
        verified_at=at,
    )
