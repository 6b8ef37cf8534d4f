"""A lesson as it stands in its row beside those of its course and its room, and what is stamped on it. Pure."""

from typing import Any

from sqlalchemy import Row

from bot.attendance.lessons import Lesson, LessonState
from storage.facts import Target
from storage.json_text import intervals_from_json, policy_from_json, policy_to_json


def target_of(row: Row[Any]) -> Target:
    """The lesson, and where its facts are found."""
    return Target(
        lesson=lesson_of(row),
        workspace_id=row.workspace_id,
        course_id=row.course_id,
        account_id=row.account_id,
        room_id=row.room_id,
        room=row.ref,
    )


def lesson_of(row: Row[Any]) -> Lesson:
    """From its stamp what was stamped when it began, from its course before that."""
    stamp = row.stamp or {"policy": row.policy, "zone": row.zone, "title": row.name}
    return Lesson(
        id=row.id,
        title=stamp["title"],
        planned_start=row.planned_start,
        planned_end=row.planned_end,
        breaks=intervals_from_json(row.breaks),
        policy=policy_from_json(stamp["policy"]),
        state=LessonState(row.state),
        is_unplanned=row.is_unplanned,
        is_silent=row.is_silent,
        zone=stamp["zone"],
        platform=row.platform,
        join_url=row.join_url,
        channel=row.channel,
        staff_channel=row.staff_channel,
        coordinator=row.coordinator_id or "",
    )


def stamp_of(lesson: Lesson) -> dict[str, Any]:
    """What stands from its beginning on, whatever becomes of its course."""
    return {"policy": policy_to_json(lesson.policy), "zone": lesson.zone, "title": lesson.title}
