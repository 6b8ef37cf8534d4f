"""What every person's presence in one lesson is computed against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.attendance.lessons import WINDOW_AFTER, WINDOW_BEFORE, LessonFacts
from bot.attendance.timeline import SessionSpan


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One lesson, seen at one instant: as it runs, or after its end."""

    facts: LessonFacts
    spans: Mapping[str, SessionSpan]
    now: datetime
    is_live: bool
    _caps: dict[datetime, datetime | None] = field(default_factory=dict)

    def cap(self, heard_at: datetime) -> datetime | None:
        """The planned end of the last lesson of the room in whose window that instant lies."""
        if heard_at not in self._caps:
            ends = [
                planned.end
                for planned in self.facts.room_lessons
                if planned.start - WINDOW_BEFORE <= heard_at < planned.end + WINDOW_AFTER
            ]
            self._caps[heard_at] = max(ends, default=None)
        return self._caps[heard_at]

    def session_start(self, session: str) -> datetime:
        span = self.spans.get(session)
        return span.started_at if span and span.started_at else self.facts.lesson.planned_start

    def session_end(self, session: str) -> datetime | None:
        span = self.spans.get(session)
        return span.ended_at if span else None

    def endings(self, session: str) -> Sequence[datetime]:
        """Every end of it that was told, in order."""
        span = self.spans.get(session)
        return span.endings if span else ()
