"""A session that no lesson was planned for: when does it become one?

Outside the timetable a session is a lesson once a trainer and a student have been in together for ten minutes. In a
course that takes every session of its room, one is a lesson once somebody of the roster has been in for five: shorter
visits open rooms and try microphones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.attendance.events import PresenceEvent
from bot.attendance.intervals import intersect, length, union
from bot.attendance.lessons import WINDOW_AFTER, Interval, LessonFacts, LessonState, Role
from bot.attendance.timeline import session_spans
from bot.attendance.view import LessonView, view_of

#: a trainer and a student, together: attendance-rules, section 1
TOGETHER = timedelta(minutes=10)
#: as long as a trainer's stretch must be to count: attendance-rules, section 2.4
NO_TEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLesson:
    """A lesson that was found in the room."""

    planned: Interval
    #: nobody planned it: it has no ladder, no late, no absent and no partial
    is_unplanned: bool
    #: its end moves on while people are in; False where the platform planned the end
    grows: bool = True


def found_lesson(facts: LessonFacts, *, takes_sessions: bool, now: datetime) -> FoundLesson | None:
    """The lesson that the events of one session make in a course; None while they make none.

    `facts` hold the roster, the links and the policy of the course; their lesson's times are not looked at.
    """
    span = _span(facts.events, now)
    if span is None:
        return None
    draft = replace(facts.lesson, planned_start=span.start, planned_end=span.end, breaks=(), state=LessonState.LIVE)
    view = view_of(replace(facts, lesson=draft, room_lessons=()), now=span.end)
    return _of_course_of_sessions(view, span) if takes_sessions else _unplanned(view)


def _span(events: Sequence[PresenceEvent], now: datetime) -> Interval | None:
    """From the session's first instant to its end, or to `now`; who is silent for two hours is not waited for."""
    if not events:
        return None
    told = [event.occurred_at for event in events]
    begun = [event.session_started_at for event in events if event.session_started_at is not None]
    is_over = all(span.ended_at is not None for span in session_spans(events).values())
    last = max(told) if is_over else max(told) + WINDOW_AFTER
    span = Interval(min([*told, *begun]), min(now, last))
    return span if span.start < span.end else None


def _unplanned(view: LessonView) -> FoundLesson | None:
    together = intersect(list(view.ground.held), _present(view, Role.STUDENT))
    if length(together) < TOGETHER:
        return None
    return FoundLesson(planned=Interval(together[0].start, together[-1].end), is_unplanned=True)


def _of_course_of_sessions(view: LessonView, span: Interval) -> FoundLesson | None:
    anybody = union([*view.ground.held, *_present(view, Role.STUDENT), *_present(view, Role.TRAINER)])
    if length(anybody) < NO_TEST:
        return None
    planned_for = max((event.planned_for for event in view.facts.events if event.planned_for), default=None)
    end = span.start + planned_for if planned_for else anybody[-1].end
    return FoundLesson(planned=Interval(span.start, end), is_unplanned=False, grows=planned_for is None)


def _present(view: LessonView, role: Role) -> list[Interval]:
    return union(
        interval
        for person_id, presence in view.presences.items()
        if view.roles.get(person_id) is role
        for interval in presence.present
    )
