"""What people may read of one lesson now: the same for the API, the command line and Slack's commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.attendance.attendance import sheet_from, sheet_of
from bot.attendance.late_facts import shown
from bot.attendance.lessons import Feed, LessonFacts
from bot.attendance.sheet import Sheet
from bot.attendance.view import ENDED, view_of
from bot.reports.attendance_json import attendance_json, lesson_json
from bot.reports.lesson_sheet import PrintedSheet
from storage.lessons import Listed


def current_sheet(facts: LessonFacts, *, now: datetime, explained: bool = False) -> Sheet:
    """The sheet as people may read it: what would worsen a posted verdict waits for a trainer's tap."""
    return shown(sheet_of(facts, now=now, explained=explained), facts.written, facts.corrections)


def attendance_object(facts: LessonFacts, *, now: datetime) -> dict[str, Any]:
    """The API's attendance object, with version and hash of the sheet as written down; 0 and None before the end."""
    version, sha256 = _written(facts)
    view = view_of(facts, now=now)
    sheet = shown(sheet_from(view, explained=False), facts.written, facts.corrections)
    feed_reason = view.health.why if sheet.feed is Feed.SILENT else ""
    return attendance_json(sheet, version=version, sha256=sha256, feed_reason=feed_reason)


def lesson_object(listed: Listed, *, now: datetime) -> Mapping[str, Any]:
    """The attendance object's `lesson`, of a lesson in a list."""
    if not isinstance(listed, LessonFacts):
        return listed
    version, sha256 = _written(listed)
    return lesson_json(current_sheet(listed, now=now), version=version, sha256=sha256)


def printable(facts: LessonFacts, *, now: datetime, history_hash: str = "") -> PrintedSheet:
    """The sheet as documents show it: after the end as it was written down, so that its hash is the one beside it."""
    lesson, written = facts.lesson, facts.written if facts.lesson.state in ENDED else None
    minimum = lesson.policy.minimum * 100
    sheet = written.sheet if written is not None else current_sheet(facts, now=now)
    return PrintedSheet(
        sheet=sheet,
        version=written.version if written is not None else 0,
        sha256=written.sha256 if written is not None else None,
        at=written.at if written is not None else sheet.computed_at,
        zone=lesson.zone,
        basis=lesson.policy.basis,
        minimum=f"{float(minimum):g}",
        history_hash=history_hash,
    )


def _written(facts: LessonFacts) -> tuple[int, str | None]:
    written = facts.written if facts.lesson.state in ENDED else None
    return (written.version, written.sha256) if written is not None else (0, None)
