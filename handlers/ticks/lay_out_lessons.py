"""Lay out lessons ahead where a rule has no end, and find the lessons that nobody planned.

The work follows what there is to do: courses that fall behind, and sessions outside the timetable. Lessons that are
laid out already are not looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.attendance.lessons import WINDOW_AFTER, Interval
from bot.attendance.unplanned import FoundLesson, found_lesson
from bot.timetable.schedule import AHEAD, PlannedLesson, lay_out
from storage.database import Store
from storage.layout import EndlessCourse
from storage.strays import StraySession

#: A course is laid out again once it is behind by this much.
STEP = timedelta(days=1)
#: An open session is looked at again after this much.
LOOK_EVERY = timedelta(minutes=1)
#: Courses or sessions in one go.
CHUNK = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """What one session is in one course."""

    course_id: str
    takes_sessions: bool
    lesson: FoundLesson
    planned: PlannedLesson

    @property
    def id(self) -> str:
        return self.planned.id_in(self.course_id)


async def tick(store: Store, *, now: datetime) -> datetime | None:
    """Do what is due; when somebody must look again."""
    moments = (await _lay_out_ahead(store, now=now), await _find_lessons(store, now=now))
    return min((moment for moment in moments if moment is not None), default=None)


async def _lay_out_ahead(store: Store, *, now: datetime) -> datetime | None:
    async with store.read() as memory:
        courses = await memory.layout.courses_ahead(now + AHEAD - STEP, limit=CHUNK)
    for course in courses:
        until, lessons = _next_lessons(course, now=now)
        async with store.write() as memory:
            if await memory.layout.go_on(course, until=until):
                await memory.layout.lay_out(course.id, course.room_id, lessons, now=now)
        log.info("lessons_laid_out", course=course.id, count=len(lessons))
    async with store.read() as memory:
        until = await memory.layout.laid_out_until()
    return None if until is None else max(until - AHEAD + STEP, now)


def _next_lessons(course: EndlessCourse, *, now: datetime) -> tuple[datetime | None, list[tuple[str, PlannedLesson]]]:
    """Up to when the course is laid out now, None where that was its last lesson; and (id, lesson) of the new ones."""
    zone, horizon = ZoneInfo(course.zone), now + AHEAD
    every = lay_out(course.schedule, zone=zone, breaks=course.breaks)
    new = [lesson for lesson in every if course.laid_out_until < lesson.start <= horizon]
    is_over = every[-1].start <= horizon
    return None if is_over else horizon, [(lesson.id_in(course.id), lesson) for lesson in new]


async def _find_lessons(store: Store, *, now: datetime) -> datetime | None:
    async with store.read() as memory:
        strays = await memory.strays.due(now, limit=CHUNK)
        candidates = {stray.id: _candidates(stray, now=now) for stray in strays}
        known = await memory.layout.planned_of([each.id for found in candidates.values() for each in found])
    for stray in strays:
        await _keep(store, stray, _chosen(candidates[stray.id], known), known, now=now)
    async with store.read() as memory:
        return await memory.strays.next_due_at()


def _candidates(stray: StraySession, *, now: datetime) -> list[_Candidate]:
    """The lesson that the session is in each course of its room, where it is one."""
    candidates: list[_Candidate] = []
    for course in stray.courses:
        found = found_lesson(course.facts, takes_sessions=course.from_sessions, now=now)
        if found is not None:
            planned = PlannedLesson(
                item=stray.schedule_item, original_start="", start=found.planned.start, end=found.planned.end
            )
            candidates.append(
                _Candidate(
                    course_id=course.course_id, takes_sessions=course.from_sessions, lesson=found, planned=planned
                )
            )
    return candidates


def _chosen(candidates: Sequence[_Candidate], known: Mapping[str, Interval]) -> Sequence[_Candidate]:
    """Every course that takes all sessions; without one that which had it before, else which was in longest."""
    taking = [each for each in candidates if each.takes_sessions]
    if taking or not candidates:
        return taking
    return [max(candidates, key=lambda each: (each.id in known, each.lesson.planned.length, each.course_id))]


async def _keep(
    store: Store, stray: StraySession, chosen: Sequence[_Candidate], known: Mapping[str, Interval], *, now: datetime
) -> None:
    async with store.write() as memory:
        for each in chosen:
            if known.get(each.id) != each.lesson.planned:
                await memory.layout.keep_found(
                    each.course_id, stray.room_id, each.planned, is_unplanned=each.lesson.is_unplanned, now=now
                )
        await memory.strays.look_again([(stray, _look_at(stray, chosen, now=now))])
    for each in chosen:
        if each.id not in known:
            log.info("lesson_found", lesson=each.id, session=stray.id)


def _look_at(stray: StraySession, chosen: Sequence[_Candidate], *, now: datetime) -> datetime | None:
    """When time alone may change what the session is; None: only news of it can."""
    is_over = stray.ended_at is not None and stray.ended_at >= stray.last_at
    is_open = not is_over and now < stray.last_at + WINDOW_AFTER
    may_change = not chosen or any(each.lesson.grows for each in chosen)
    return now + LOOK_EVERY if is_open and may_change else None
