"""When a lesson begins, ends, goes on after all, is reconciled and locked: attendance-rules, section 5."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.events import EventKind
from bot.attendance.lessons import END_OF_DAY, CorrectionKind, Lesson, LessonState
from bot.attendance.timeline import SessionSpan
from bot.attendance.view import ENDED, LessonView

#: Every session has ended and the room stayed empty for this long: the lesson is over.
EMPTY_FOR = timedelta(minutes=10)
#: Whatever is still open this long after the planned end, the lesson is over.
LATEST_AFTER = timedelta(minutes=15)
#: The last *left* may arrive up to 2.4 s after *ended* (a capture of 2022): what it settles should not be said first.
LAST_LEFTS = timedelta(seconds=3)
#: Without a platform's record by then there is none.
RECORD_WITHIN = timedelta(hours=24)
#: An attempt to get it may take so long.
PATIENCE = timedelta(hours=1)
#: A lesson is provisional first, also where the record is there already.
AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """In which state a lesson is now, and when time alone may change that; None: never."""

    state: LessonState
    next_look_at: datetime | None
    #: reconciled because the record is in, so only if nothing in it is open, or from then on; None: in any case
    unless_open_until: datetime | None = None


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
    is_going_on = over_at is None or now < over_at
    if is_going_on and (lesson.state not in ENDED or _is_called_back(view)):
        return Standing(LessonState.LIVE, over_at or lesson.planned_end + LATEST_AFTER)
    settled_at = settles_at(view)
    if settled_at is not None and lesson.state not in ENDED:
        return Standing(LessonState.LIVE, settled_at)
    return _after_the_end(view)


def settles_at(view: LessonView) -> datetime | None:
    """When the last *left*s of a session that was just told to have ended had their time; None: they have had it."""
    now = view.scene.now
    told = [event.received_at for event in view.facts.events if event.kind is EventKind.SESSION_ENDED]
    return max((at + LAST_LEFTS for at in told if at <= now < at + LAST_LEFTS), default=None)


def end_of(view: LessonView) -> datetime | None:
    """When the lesson ends or ended, as far as is known now; None while a session runs and time is left.

    The earliest of: (a) all sessions ended and planned end − early_grace passed; (b) all ended and the room empty for
    10 min, unless it opened again before the planned end; (c) planned end + 15 min.
    """
    lesson = view.facts.lesson
    latest = lesson.planned_end + LATEST_AFTER
    for pause in _pauses(view):
        if pause.opened_at is None or pause.ended_the_lesson:
            return min(pause.over_at, latest)
    return latest if view.scene.now >= latest else None


def locks_at(lesson: Lesson) -> datetime | None:
    """When the lesson's course has it locked; None: only a trainer does."""
    after = lesson.policy.lock_after
    if after is None:
        return None
    return _midnight_after(lesson) if after == END_OF_DAY else lesson.planned_end + after


def has_reopened(view: LessonView) -> bool:
    """Whether the room stayed empty long enough to end the lesson, and opened again before the planned end."""
    return any(pause.was_taken_for_the_end for pause in _pauses(view))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pause:
    """A time in which every session so far had ended."""

    emptied_at: datetime
    #: None: it has not opened again
    opened_at: datetime | None
    #: planned end − early_grace: from here on an empty room is the end, and a session that opens is the next lesson's
    nearly_over_at: datetime

    @property
    def over_at(self) -> datetime:
        """The earlier of (a) and (b)."""
        return min(max(self.emptied_at, self.nearly_over_at), self.emptied_at + EMPTY_FOR)

    @property
    def ended_the_lesson(self) -> bool:
        """By (a), before the room opened again: nothing brings it back."""
        return self.opened_at is not None and self.nearly_over_at <= self.over_at < self.opened_at

    @property
    def was_taken_for_the_end(self) -> bool:
        """By (b), and the room opened again."""
        return self.opened_at is not None and self.over_at <= self.opened_at and self.over_at < self.nearly_over_at


def _pauses(view: LessonView) -> list[_Pause]:
    lesson = view.facts.lesson
    nearly_over_at = lesson.planned_end - lesson.policy.early_grace
    pauses: list[_Pause] = []
    ended: datetime | None = None
    for span in _sessions_inside(view).values():
        started = span.started_at or lesson.planned_start
        if ended is not None and started > ended:
            pauses.append(_Pause(emptied_at=ended, opened_at=started, nearly_over_at=nearly_over_at))
        if span.ended_at is None or span.ended_at > view.scene.now:
            return pauses
        ended = max(ended or span.ended_at, span.ended_at)
    if ended is not None:
        pauses.append(_Pause(emptied_at=ended, opened_at=None, nearly_over_at=nearly_over_at))
    return pauses


def _midnight_after(lesson: Lesson) -> datetime:
    """The end of the local day in which the lesson ends; one that ends at midnight ends in the day before."""
    zone = ZoneInfo(lesson.zone)
    last_day = (lesson.planned_end - timedelta(microseconds=1)).astimezone(zone).date()
    return datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)


def _is_cancelled(view: LessonView) -> bool:
    lesson = view.facts.lesson
    return lesson.state not in ENDED and any(each.kind is CorrectionKind.CANCELLED for each in view.facts.corrections)


def _is_called_back(view: LessonView) -> bool:
    """A session opened before the planned end, after the lesson had seemed over; later ones call nothing back."""
    return view.scene.now < view.facts.lesson.planned_end or has_reopened(view)


def _sessions_inside(view: LessonView) -> dict[str, SessionSpan]:
    """The sessions that were open at an instant of planned time, in order of their beginning."""
    lesson, now = view.facts.lesson, view.scene.now
    inside = {
        session: span
        for session, span in view.scene.spans.items()
        if (span.ended_at is None or span.ended_at > lesson.planned_start)
        and (span.started_at is None or (span.started_at < lesson.planned_end and span.started_at <= now))
    }
    return dict(sorted(inside.items(), key=lambda each: each[1].started_at or lesson.planned_start))


def _after_the_end(view: LessonView) -> Standing:
    lesson, now = view.facts.lesson, view.scene.now
    locked_at = locks_at(lesson)
    is_locked_by_hand = any(each.kind is CorrectionKind.LOCK for each in view.facts.corrections)
    if is_locked_by_hand or (locked_at is not None and now >= locked_at):
        return Standing(LessonState.LOCKED, None)
    if lesson.state is LessonState.RECONCILED:
        return Standing(LessonState.RECONCILED, locked_at)
    ends = [span.ended_at for span in _sessions_inside(view).values() if span.ended_at is not None]
    without_record_at = max([lesson.planned_end, *ends]) + RECORD_WITHIN
    asking = view.facts.asking
    if asking is not None and asking.due_at is not None:
        without_record_at = max(without_record_at, asking.due_at + PATIENCE)
    if now >= without_record_at and lesson.state is not LessonState.PROVISIONAL and not lesson.is_silent:
        # It was over before anybody looked: what can be asked for is asked for first.
        return Standing(LessonState.PROVISIONAL, _earliest(now + AT_ONCE, locked_at))
    if now >= without_record_at:
        return Standing(LessonState.RECONCILED, locked_at)
    if not is_recorded(view):
        return Standing(LessonState.PROVISIONAL, _earliest(without_record_at, locked_at))
    if lesson.state is not LessonState.PROVISIONAL:
        return Standing(LessonState.PROVISIONAL, now + AT_ONCE)
    return Standing(LessonState.RECONCILED, locked_at, unless_open_until=without_record_at)


def is_recorded(view: LessonView) -> bool:
    """Whether the record of every session inside the lesson is in, to its end."""
    whole = {record.session for record in view.facts.records if record.ended_at is not None}
    return bool(whole) and _sessions_inside(view).keys() <= whole


def asks_since(view: LessonView, state: LessonState) -> datetime | None:
    """The end of the last session that the lesson sees, from which attempts are counted; None: nothing is asked for.

    A session of which nobody told the end has ended with the lesson, as far as we know: asking is how to find out.
    """
    lesson = view.facts.lesson
    if state is not LessonState.PROVISIONAL or lesson.is_silent or is_recorded(view):
        return None
    spans = _sessions_inside(view).values()
    ends = [span.ended_at for span in spans if span.ended_at is not None]
    if len(ends) < len(spans) or not ends:
        ends.append(end_of(view) or lesson.planned_end + LATEST_AFTER)
    return max(ends)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
