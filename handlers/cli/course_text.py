"""What the import says: one line a course, and the first week of a dry run."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.cli.course_import import Imported

WEEK = timedelta(days=7)


def summary(imported: Imported, *, now: datetime) -> str:
    """What became of one course."""
    plan, enrolments = imported.plan, imported.enrolments
    if imported.is_new:
        over = sum(lesson.end <= now for lesson in imported.new)
        said = [
            _count(len(imported.new), "lesson") + (f" ({over} of them over already)" if over else ""),
            _count(len(plan.trainers), "trainer"),
            _count(len(plan.students), "student"),
        ]
        said += [_count(len(plan.observers), "observer")] if plan.observers else []
        said += ["every session of the room becomes a lesson"] if plan.schedule.from_sessions else []
        return f"{plan.name}: new; {', '.join(said)}"
    changed = [
        (len(imported.new), "lesson", "new"),
        (len(imported.moved), "lesson", "changed"),
        (imported.cancelled, "lesson", "cancelled"),
        (len(enrolments.new), "enrolment", "new"),
        (len(enrolments.changed), "enrolment", "changed"),
        (len(enrolments.ended), "enrolment", "ended today"),
    ]
    said = [f"{_count(count, thing)} {what}" for count, thing, what in changed if count]
    return f"{plan.name}: {', '.join(said) or 'lessons and people are as they were'}"


def first_week(imported: Iterable[Imported], *, now: datetime) -> list[str]:
    """The lessons of the first week that is not over, in order, each in the zone of its course."""
    ahead = sorted(
        ((lesson.start, lesson.end, each.plan) for each in imported for lesson in each.lessons if lesson.end > now),
        key=lambda found: (found[0], found[2].name),
    )
    if not ahead:
        return ["No lesson lies ahead."]
    lines = ["The first week:"]
    for start, end, plan in ahead:
        if start < ahead[0][0] + WEEK:
            zone = ZoneInfo(plan.zone)
            local = f"{start.astimezone(zone):%a %Y-%m-%d %H:%M}–{end.astimezone(zone):%H:%M}"
            lines.append(f"  {local}  {plan.name}  ({plan.zone})")
    return lines


def _count(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
