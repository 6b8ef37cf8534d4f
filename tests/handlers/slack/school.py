"""A school in a real database: two courses, their people and lessons, and what happened in the room.

Ada and Bob study Python 101, Grace teaches it and Olga coordinates it; Ada also studies History, which Grace teaches
too and nobody coordinates by name. Hedy is in no course; Rita administers the workspace.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import WINDOW_AFTER, WINDOW_BEFORE, Correction, LessonFacts, LessonState
from storage import tables
from storage.database import Store
from storage.memory import Memory
from storage.tables import table_of
from tests.builders import NINE, ROOM, Moment, at

PEOPLE = {
    "ada": "Ada Lovelace",
    "bob": "Bob Kahn",
    "grace": "Grace Hopper",
    "olga": "Olga Office",
    "hedy": "Hedy Lamarr",
    "rita": "Rita Root",
}
LESSON = "lesson-1"
HISTORY = "history-1"


def account_of(person_id: str) -> str:
    """The Slack account of somebody of the cast."""
    return f"U0{person_id.upper()}"


@dataclass(frozen=True)
class School:
    """The memory behind the door."""

    store: Store

    async def found(self) -> None:
        """Write down the courses and their people; lessons come by `plan`."""
        async with self.store.write() as memory:
            await _add(memory, *_founding(memory.workspace_id))

    async def plan(
        self,
        id_: str = LESSON,
        *,
        course: str = "python",
        start: Moment = 0,
        minutes: float = 60,
        state: LessonState = LessonState.LIVE,
    ) -> None:
        """A lesson of an hour at nine, live unless said otherwise."""
        async with self.store.read() as memory:
            workspace = memory.workspace_id
        begins = at(start)
        ends = begins + timedelta(minutes=minutes)
        room = f"room {ROOM}" if course == "python" else "room history-room"
        await self.insert(
            tables.Lesson,
            id=id_,
            workspace_id=workspace,
            course_id=course,
            room_id=room,
            planned_start=begins,
            planned_end=ends,
            window_start=begins - WINDOW_BEFORE,
            window_end=ends + WINDOW_AFTER,
            state=state.value,
        )

    async def hear(self, *events: PresenceEvent | Iterable[PresenceEvent]) -> None:
        """The platform told these."""
        told = [event for each in events for event in ([each] if isinstance(each, PresenceEvent) else each)]
        async with self.store.write() as memory:
            await memory.presence.record(
                [("zoom", None, event) for event in told], now=max(e.received_at for e in told)
            )

    async def facts(self, lesson: str = LESSON) -> LessonFacts:
        async with self.store.read() as memory:
            found = await memory.lessons.facts(lesson)
        assert found is not None
        return found.facts

    async def corrections(self, lesson: str = LESSON) -> list[Correction]:
        """What was written down about the lesson, in order."""
        async with self.store.read() as memory:
            found = await memory.corrections.of([lesson])
        return list(found.get(lesson, ()))

    async def insert(self, model: Any, **values: Any) -> None:
        async with self.store.write() as memory:
            await _add(memory, model(**values))


async def _add(memory: Memory, *rows: SQLModel) -> None:
    for row in rows:
        await memory._transaction.run(insert(table_of(type(row))).values(**row.model_dump()))


def _founding(workspace: str) -> Iterator[SQLModel]:
    """The rows of two courses and their people, each before those that point to it."""
    yield tables.PlatformAccount(
        id="zoom", workspace_id=workspace, platform="zoom", created_at=NINE, last_delay_ms=0, name="default"
    )
    for room in (ROOM, "history-room"):
        yield tables.Room(id=f"room {room}", account_id="zoom", ref=room)
    for id_, name in PEOPLE.items():
        yield tables.Person(
            id=id_,
            workspace_id=workspace,
            name=name,
            email=f"{id_}@example.com",
            external_id="",
            slack_user_id=account_of(id_),
            zone="UTC",
            language="en",
            is_admin=id_ == "rita",
            is_gone=False,
        )
    common: dict[str, Any] = {
        "workspace_id": workspace,
        "platform": "zoom",
        "zone": "UTC",
        "from_sessions": False,
        "created_at": NINE,
        "staff_channel": "",
    }
    yield tables.Course(
        id="python",
        key="python",
        name="Python 101",
        room_id=f"room {ROOM}",
        channel="#python-101",
        join_url="https://example.com/j/1",
        coordinator_id="olga",
        **common,
    )
    yield tables.Course(
        id="history",
        key="history",
        name="History",
        room_id="room history-room",
        channel="#history",
        join_url="",
        **common,
    )
    for course, person, role in (
        ("python", "ada", "student"),
        ("python", "bob", "student"),
        ("python", "grace", "trainer"),
        ("history", "ada", "student"),
        ("history", "grace", "trainer"),
    ):
        yield tables.Enrolment(id=f"{course} {person}", course_id=course, person_id=person, role=role, registrant_id="")
