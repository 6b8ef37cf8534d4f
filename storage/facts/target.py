"""Of which lesson facts are to be read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.attendance.lessons import Lesson

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A lesson, and where it takes place."""

    lesson: Lesson
    workspace_id: str
    course_id: str
    account_id: str
    room_id: str
    #: the platform's id of the room
    room: str
    #: only this session of the room; None: every one that the lesson sees
    session_id: str | None = None

    @property
    def day(self) -> date:
        """The lesson's day in its own zone: the roster is that of this day."""
        return self.lesson.planned_start.astimezone(ZoneInfo(self.lesson.zone)).date()


def hull(targets: Sequence[Target]) -> tuple[datetime, datetime]:
    """From where the first window opens to where the last one closes."""
    windows = [target.lesson.window for target in targets]
    return min(window.start for window in windows), max(window.end for window in windows)


def ids(targets: Sequence[Target], name: str) -> Collection[Any]:
    """Every value of one attribute, each once."""
    return {getattr(target, name) for target in targets}
