"""What a course file changes in the memory: everything in one transaction, or nothing."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.attendance.lessons import LessonState
from bot.timetable.changes import Changes, LaidOutLesson, changes
from bot.timetable.course_file import CourseFile, CoursePlan
from bot.timetable.enrolments import EnrolmentChanges, enrolment_changes
from bot.timetable.schedule import AHEAD, PlannedLesson, is_endless
from handlers.cli.course_people import Places, meet
from storage.database import Store
from storage.layout import KeptLesson
from storage.memory import Memory
from storage.timetable import CourseByFile

#: who stands in the history for what a file did
BY_FILE = "course_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one course."""

    plan: CoursePlan
    is_new: bool
    #: of the lessons that the file plans, those laid out now
    lessons: tuple[PlannedLesson, ...]
    new: tuple[PlannedLesson, ...]
    moved: tuple[PlannedLesson, ...]
    cancelled: int
    enrolments: EnrolmentChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """What can be worked out before anybody waits for the transaction."""

    plan: CoursePlan
    #: up to when endless rules are laid out; None: there is none
    until: datetime | None
    lessons: tuple[PlannedLesson, ...]


class _DryRun(Exception):
    """Rolls the transaction back."""


async def import_courses(store: Store, file: CourseFile, *, now: datetime, is_dry_run: bool = False) -> list[Imported]:
    """Write every course of a file; in a dry run the same, and then everything is taken back."""
    imported: list[Imported] = []
    planned = [_planned(plan, now=now) for plan in file.courses]
    with suppress(_DryRun):
        async with store.write() as memory:
            imported = [await _import_course(memory, each, now=now) for each in planned]
            _take_back(is_dry_run=is_dry_run)
    return imported


def _take_back(*, is_dry_run: bool) -> None:
    if is_dry_run:
        raise _DryRun


def _planned(plan: CoursePlan, *, now: datetime) -> _Planned:
    until = now + AHEAD if any(is_endless(item) for item in plan.schedule.items) else None
    return _Planned(plan=plan, until=until, lessons=plan.lessons(until=until))


async def _import_course(memory: Memory, planned: _Planned, *, now: datetime) -> Imported:
    plan, lessons = planned.plan, planned.lessons
    account_id = await memory.accounts.default(plan.platform, now=now)
    room_id = await memory.timetable.room(account_id, plan.room)
    known = await memory.timetable.course_with_key(plan.key)
    places = await meet(memory, plan, course_id=known)
    course = _by_file(plan, room_id=room_id, coordinator_id=places.coordinator_id, until=planned.until)
    course_id = await memory.timetable.keep_course(course, now=now)
    enrolments = await _enrol(memory, course_id, plan, places, now=now)
    found, moved = await _lay_out(memory, course_id, room_id, plan, lessons, now=now)
    if known is not None:
        await memory.layout.look_again(course_id, now=now)
    imported = Imported(
        plan=plan,
        is_new=known is None,
        lessons=lessons,
        new=tuple(lesson for _, lesson in found.new),
        moved=tuple(lesson for _, lesson in moved),
        cancelled=len(found.cancelled),
        enrolments=enrolments,
    )
    facts = {
        "lessons_new": len(found.new),
        "lessons_moved": [lesson_id for lesson_id, _ in moved],
        "lessons_cancelled": list(found.cancelled),
        "enrolled": [enrolment.person_id for enrolment in enrolments.new],
        "changed": [enrolment.person_id for _, enrolment in enrolments.changed],
        "ended": [enrolment.person_id for _, enrolment in enrolments.ended],
    }
    await memory.history.append(BY_FILE, "course.imported", course_id, facts, now=now)
    return imported


def _by_file(plan: CoursePlan, *, room_id: str, coordinator_id: str | None, until: datetime | None) -> CourseByFile:
    return CourseByFile(
        key=plan.key,
        name=plan.name,
        room_id=room_id,
        platform=plan.platform,
        channel=plan.channel,
        staff_channel=plan.staff_channel,
        zone=plan.zone,
        join_url=plan.join_url,
        schedule=plan.schedule,
        breaks=plan.breaks,
        policy=plan.policy,
        coordinator_id=coordinator_id,
        laid_out_until=until,
    )


async def _enrol(
    memory: Memory, course_id: str, plan: CoursePlan, places: Places, *, now: datetime
) -> EnrolmentChanges:
    today = now.astimezone(ZoneInfo(plan.zone)).date()
    kept = await memory.timetable.enrolments(course_id)
    found = enrolment_changes(kept, places.enrolments, today=today)
    await memory.timetable.enrol(course_id, found.new)
    await memory.timetable.change_enrolments([*found.changed, *found.ended])
    return found


async def _lay_out(
    memory: Memory, course_id: str, room_id: str, plan: CoursePlan, lessons: Sequence[PlannedLesson], *, now: datetime
) -> tuple[Changes, list[tuple[str, PlannedLesson]]]:
    """Write what changed about the lessons: all of it, and (id, how it is now) of those that moved."""
    kept = {lesson.id: lesson for lesson in await memory.layout.lessons_of(course_id)}
    laid_out = [_laid_out(lesson, now=now) for lesson in kept.values()]
    found = changes(laid_out, lessons, course_id=course_id, zone=ZoneInfo(plan.zone))
    moved = [(lesson_id, lesson) for lesson_id, lesson in found.kept if _has_moved(kept[lesson_id], lesson, room_id)]
    await memory.layout.lay_out(course_id, room_id, found.new, now=now)
    await memory.layout.move(room_id, moved, now=now)
    await memory.layout.cancel(found.cancelled, now=now)
    return found, moved


def _laid_out(lesson: KeptLesson, *, now: datetime) -> LaidOutLesson:
    is_open = lesson.state in {LessonState.PLANNED, LessonState.CANCELLED} and not lesson.is_called_off
    return LaidOutLesson(
        id=lesson.id,
        planned_start=lesson.planned.start,
        is_open=is_open and lesson.planned.start > now,
        is_cancelled=lesson.state is LessonState.CANCELLED,
    )


def _has_moved(kept: KeptLesson, planned: PlannedLesson, room_id: str) -> bool:
    was = (kept.planned.start, kept.planned.end, kept.breaks, kept.room_id, kept.state)
    return was != (planned.start, planned.end, planned.breaks, room_id, LessonState.PLANNED)
