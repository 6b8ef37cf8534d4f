"""Sessions outside the timetable: in a course's room and nobody's window, or in a course that takes every session."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.attendance.lessons import Lesson, LessonFacts, LessonState
from storage.facts import Target, load_facts
from storage.json_text import policy_from_json
from storage.sessions import schedule_item
from storage.tables import Course, Room, Session, table_of
from storage.tables import Lesson as LessonRow
from storage.transaction import Transaction

COURSE, LESSON, ROOM, SESSION = (table_of(model) for model in (Course, LessonRow, Room, Session))


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayCourse:
    """A course of the room, as if the session were a lesson of it."""

    course_id: str
    #: the schedule says: every session of the room
    from_sessions: bool
    #: of a lesson without an id that lasts as long as the session: its roster, links, policy, and the events
    facts: LessonFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class StraySession:
    """A session that somebody must look at: is it a lesson?"""

    id: str
    #: `schedule_item` of the lesson that is found in it
    schedule_item: str
    room_id: str
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None
    #: since when it is due
    due_at: datetime
    #: the courses whose lesson it may be; none where another lesson's window sees it by now
    courses: tuple[StrayCourse, ...]


class Strays:
    """Sessions outside the timetable."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def due(self, now: datetime, limit: int = 50) -> list[StraySession]:
        """Those that somebody must look at, the longest due first; while writing they are claimed."""
        query = (
            select(SESSION, ROOM.c.ref.label("room_ref"))
            .join(ROOM, ROOM.c.id == SESSION.c.room_id)
            .where(SESSION.c.due_at <= now)
            .order_by(SESSION.c.due_at, SESSION.c.id)
            .limit(limit)
        )
        sessions = await self._transaction.all(self._transaction.claiming(query, SESSION))
        courses = await self._courses(sessions)
        seen = await self._seen_otherwise(sessions)
        chosen = [
            (session, course)
            for session in sessions
            for course in courses[session.room_id]
            if course.from_sessions or session.id not in seen
        ]
        facts = await load_facts(self._transaction, [_target(session, course) for session, course in chosen])
        found: dict[str, list[StrayCourse]] = defaultdict(list)
        for (session, course), each in zip(chosen, facts, strict=True):
            found[session.id].append(StrayCourse(course_id=course.id, from_sessions=course.from_sessions, facts=each))
        return [_stray(session, found[session.id]) for session in sessions]

    async def look_again(self, looked_at: Iterable[tuple[StraySession, datetime | None]]) -> None:
        """Say when to look next, None for never; where something new was told meanwhile it stays due."""
        next_look = (
            update(SESSION)
            .where(SESSION.c.id == bindparam("session_id"), SESSION.c.due_at == bindparam("was_due_at"))
            .values(due_at=bindparam("next_at"))
        )
        for stray, next_at in looked_at:
            values = {"session_id": stray.id, "was_due_at": stray.due_at, "next_at": next_at}
            await self._transaction.run(next_look, values)

    async def next_due_at(self) -> datetime | None:
        """When somebody must look next; None: never."""
        query = select(func.min(SESSION.c.due_at)).where(SESSION.c.due_at.is_not(None))
        found: datetime | None = await self._transaction.value(query)
        return found

    async def _courses(self, sessions: Sequence[Row[Any]]) -> Mapping[str, list[Row[Any]]]:
        rooms = {session.room_id for session in sessions}
        query = select(COURSE).where(self._transaction.any_of(COURSE.c.room_id, rooms)).order_by(COURSE.c.id)
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in await self._transaction.all(query):
            found[row.room_id].append(row)
        return found

    async def _seen_otherwise(self, sessions: Sequence[Row[Any]]) -> set[str]:
        """The sessions that lie in the window of a lesson that was not found in them."""
        query = (
            select(SESSION.c.id, LESSON.c.schedule_item)
            .join(LESSON, LESSON.c.room_id == SESSION.c.room_id)
            .where(
                self._transaction.any_of(SESSION.c.id, {session.id for session in sessions}),
                LESSON.c.window_start <= SESSION.c.last_at,
                LESSON.c.window_end > SESSION.c.first_at,
            )
        )
        rows = await self._transaction.all(query)
        return {row.id for row in rows if row.schedule_item != schedule_item(row.id)}


def _target(session: Row[Any], course: Row[Any]) -> Target:
    draft = Lesson(
        id="",
        title=course.name,
        planned_start=session.first_at,
        planned_end=session.last_at,
        policy=policy_from_json(course.policy),
        state=LessonState.LIVE,
        is_unplanned=True,
        zone=course.zone,
        platform=course.platform,
        join_url=course.join_url,
        channel=course.channel,
        staff_channel=course.staff_channel,
        coordinator=course.coordinator_id or "",
    )
    return Target(
        lesson=draft,
        workspace_id=course.workspace_id,
        course_id=course.id,
        account_id=session.account_id,
        room_id=session.room_id,
        room=session.room_ref,
        session_id=session.id,
    )


def _stray(session: Row[Any], courses: Iterable[StrayCourse]) -> StraySession:
    return StraySession(
        id=session.id,
        schedule_item=schedule_item(session.id),
        room_id=session.room_id,
        first_at=session.first_at,
        last_at=session.last_at,
        ended_at=session.ended_at,
        due_at=session.due_at,
        courses=tuple(courses),
    )
