"""Rows that stand already when a test of the storage begins."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text

from storage.database import Store
from storage.memory import Memory
from storage.tables import Course, Lesson, Person, Room, table_of
from tests.builders import NINE


async def add(store: Store, model: type[Any], **values: Any) -> str:
    """One row, with the model's defaults; its id."""
    async with store.write() as memory:
        row = model(**values)
        await memory._transaction.run(insert(table_of(model)), row.model_dump())
        return str(row.id)


async def a_person(store: Store, name: str = "Ada Lovelace", **values: Any) -> str:
    return await add(store, Person, **{"workspace_id": await workspace_of(store), "name": name, **values})


async def a_room(store: Store, ref: str = "97711976001") -> str:
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=NINE)
    return await add(store, Room, account_id=account, ref=ref)


async def a_course(store: Store, key: str = "python-101", **values: Any) -> str:
    given = {"name": key, "platform": "zoom", "created_at": NINE, "zone": "Europe/Rome", **values}
    room_id = given.pop("room_id", None) or await a_room(store, ref=f"room of {key}")
    return await add(store, Course, workspace_id=await workspace_of(store), key=key, room_id=room_id, **given)


async def a_stored_lesson(
    store: Store, id_: str = "lesson-1", *, course_id: str = "", start: datetime = NINE, **values: Any
) -> str:
    """A lesson of an hour."""
    course_id = course_id or await a_course(store, key=f"course of {id_}")
    async with store.read() as memory:
        course = table_of(Course)
        room_id = await memory._transaction.value(select(course.c.room_id).where(course.c.id == course_id))
    end = start + timedelta(hours=1)
    times = {
        "planned_start": start,
        "planned_end": end,
        "window_start": start - timedelta(minutes=30),
        "window_end": end + timedelta(minutes=120),
    }
    given = {"workspace_id": await workspace_of(store), "course_id": course_id, "room_id": room_id, **times, **values}
    return await add(store, Lesson, id=id_, **given)


async def workspace_of(store: Store) -> str:
    async with store.read() as memory:
        return memory.workspace_id


async def look(memory: Memory, sql: str) -> Any:
    """The only row that a query in SQL finds."""
    (row,) = await memory._transaction.all(text(sql))
    return row


async def tamper(store: Store, sql: str) -> None:
    """Do behind the program's back what its own methods would not."""
    async with store.write() as memory:
        await memory._transaction.run(text(sql))
