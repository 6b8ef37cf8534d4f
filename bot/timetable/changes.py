"""What a changed file changes: which lessons are new, moved, cancelled or left alone.

A lesson that is over or running is never touched. One that keeps its day is the same lesson, at whatever hour; one that
the file no longer plans is cancelled, and comes back when the file plans it again.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.timetable.schedule import PlannedLesson


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOutLesson:
    """A lesson of the course that was laid out before."""

    id: str
    planned_start: datetime
    #: neither started, nor over, nor cancelled by a person: a file may move or cancel it
    is_open: bool
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What becomes of the lessons of one course; pairs are (lesson id, how it is planned now)."""

    new: tuple[tuple[str, PlannedLesson], ...]
    #: open lessons that are still planned: to be written as planned now
    kept: tuple[tuple[str, PlannedLesson], ...]
    #: ids of open lessons that are planned no more
    cancelled: tuple[str, ...]


def changes(
    laid_out: Iterable[LaidOutLesson], planned: Sequence[PlannedLesson], *, course_id: str, zone: ZoneInfo
) -> Changes:
    """Match what is planned now with what was laid out before.

    In this order: the same id (the same item and original start); the same start (a date became part of a rule or of a
    calendar); the same day in the course's zone, earliest with earliest (the hour was changed).
    """
    left = sorted(laid_out, key=lambda lesson: (lesson.is_cancelled, lesson.planned_start))
    rest = list(planned)
    kept: list[tuple[str, PlannedLesson]] = []
    passes: tuple[tuple[Callable[[LaidOutLesson], Hashable], Callable[[PlannedLesson], Hashable]], ...] = (
        (lambda lesson: lesson.id, lambda plan: plan.id_in(course_id)),
        (lambda lesson: lesson.planned_start, lambda plan: plan.start),
        (lambda lesson: lesson.planned_start.astimezone(zone).date(), lambda plan: plan.start.astimezone(zone).date()),
    )
    for of_lesson, of_plan in passes:
        waiting: dict[Hashable, list[LaidOutLesson]] = {}
        for lesson in left:
            waiting.setdefault(of_lesson(lesson), []).append(lesson)
        unmatched: list[PlannedLesson] = []
        for plan in rest:
            same = waiting.get(of_plan(plan))
            if not same:
                unmatched.append(plan)
            elif (lesson := same.pop(0)).is_open:
                kept.append((lesson.id, plan))
        rest = unmatched
        left = [lesson for lessons in waiting.values() for lesson in lessons]
    return Changes(
        new=tuple((plan.id_in(course_id), plan) for plan in rest),
        kept=tuple(kept),
        cancelled=tuple(lesson.id for lesson in left if lesson.is_open and not lesson.is_cancelled),
    )
