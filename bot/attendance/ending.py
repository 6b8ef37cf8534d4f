"""When a lesson begins, ends, goes on after all, is reconciled and locked: attendance-rules, section 5."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.lessons import CorrectionKind, LessonState
from bot.attendance.timeline import SessionSpan
from bot.attendance.view import ENDED, LessonView

#: Every session has ended and the room stayed empty for this long: the lesson is over.
EMPTY_FOR = timedelta(minutes=10)
#: Whatever is still open this long after the planned end, the lesson is over.
LATEST_AFTER = timedelta(minutes=15)
#: Without a platform's record by then there is none.
RECORD_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """In which state a lesson is now, and when time alone may change that; None: never."""

    state: LessonState
    next_look_at: datetime | None


def state_of(view: LessonView) -> Standing:
    """Where the lesson stands at the view's `now`, from where it stood."""
    lesson, now = view.facts.lesson, view.scene.now
    if lesson.state is LessonState.CANCELLED or _is_cancelled(view):
        return Standing(LessonState.CANCELLED, None)
    if lesson.state is LessonState.LOCKED:
        return Standing(LessonState.LOCKED, None)
    if now < lesson.planned_start:
        return Standing(LessonState.PLANNED, lesson.planned_start)
    over_at = end_of(view)
    if over_at is None or now < over_at:
        if lesson.state in ENDED and not _goes_on(view):
            return _after_the_end(view)
        return Standing(LessonState.LIVE, min(filter(None, (over_at, lesson.planned_end + LATEST_AFTER))))
    return _after_the_end(view)


def end_of(view: LessonView) -> datetime | None:
    """When the lesson ends or ended, as far as is known now; None while a session runs and time is left.

    The earliest of: (a) all sessions ended and planned end − early_grace passed; (b) all ended and the room empty for
    10 min; (c) planned end + 15 min.
    """
    lesson = view.facts.lesson
    latest = lesson.planned_end + LATEST_AFTER
    emptied_at = _emptied_at(view)
    if emptied_at is None:
        return latest if view.scene.now >= latest else None
    nearly_over = max(emptied_at, lesson.planned_end - lesson.policy.early_grace)
    return min(nearly_over, emptied_at + EMPTY_FOR, latest)


def has_reopened(view: LessonView) -> bool:
    """Whether the room stayed empty long enough to end the lesson, and opened again before the planned end."""
    ended: datetime | None = None
    for span in _spans_inside(view):
        if ended is not None and span.started_at is not None and span.started_at - ended >= EMPTY_FOR:
            return True
        if span.ended_at is None:
            return False
        ended = max(ended or span.ended_at, span.ended_at)
    return False


def _is_cancelled(view: LessonView) -> bool:
    lesson = view.facts.lesson
    return lesson.state not in ENDED and any(each.kind is CorrectionKind.CANCELLED for each in view.facts.corrections)


def _goes_on(view: LessonView) -> bool:
    """A session opened before the planned end, after the lesson had seemed over."""
    return view.scene.now < view.facts.lesson.planned_end


def _spans_inside(view: LessonView) -> list[SessionSpan]:
    """The sessions that were open at an instant of planned time, in order of their beginning."""
    lesson = view.facts.lesson
    spans = [
        span
        for span in view.scene.spans.values()
        if (span.ended_at is None or span.ended_at > lesson.planned_start)
        and (span.started_at is None or span.started_at < lesson.planned_end)
    ]
    return sorted(spans, key=lambda span: span.started_at or lesson.planned_start)


def _emptied_at(view: LessonView) -> datetime | None:
    """When the last session ended; None while one runs, or before there was one."""
    spans = _spans_inside(view)
    ends = [span.ended_at for span in spans]
    if not ends or any(end is None or end > view.scene.now for end in ends):
        return None
    return max(end for end in ends if end is not None)


def _after_the_end(view: LessonView) -> Standing:
    lesson, now = view.facts.lesson, view.scene.now
    ends = [span.ended_at for span in view.scene.spans.values() if span.ended_at is not None]
    reconciled_at = max([lesson.planned_end, *ends]) + RECORD_WITHIN
    locked_at = lesson.planned_end + lesson.policy.lock_after if lesson.policy.lock_after is not None else None
    if locked_at is not None and now >= locked_at:
        return Standing(LessonState.LOCKED, None)
    if lesson.state is LessonState.RECONCILED or now >= reconciled_at:
        return Standing(LessonState.RECONCILED, locked_at)
    return Standing(LessonState.PROVISIONAL, min(filter(None, (reconciled_at, locked_at))))
