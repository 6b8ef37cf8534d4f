"""A sheet as the HTTP API and `--format json` give it: the object of `GET /api/v1/lessons/{id}/attendance`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.attendance.checks.counting import CheckpointSheet
from bot.attendance.records import Interaction
from bot.attendance.sheet import AskedQuestion, PersonSheet, Seconds, Sheet, Stay, Stranger

#: What is counted of somebody's answers; what is awaited still is asked and nothing else.
CHECK_COUNTS = ("asked", "confirmed", "late", "missed", "disconnected", "undelivered", "waived", "void")


def attendance_json(
    sheet: Sheet, *, version: int = 0, sha256: str | None = None, feed_reason: str = ""
) -> dict[str, Any]:
    """The whole object; `version` and `sha256` are those of the sheet as written down, 0 and None while it is live.

    `meeting` is there where the platform's record tells more than attendance, and `feed_reason` where the feed is
    silent: what speaks against an empty room (`bot/attendance/feed.py`).
    """
    whole = {
        "lesson": lesson_json(sheet, version=version, sha256=sha256),
        "people": [_person(person) for person in sheet.people],
        "unknown": [_stranger(stranger) for stranger in sheet.strangers],
        "not_enrolled": [_person(person) for person in sheet.not_enrolled],
        "observers": [_person(person) for person in sheet.observers],
        "checkpoints": [_checkpoint(checkpoint) for checkpoint in sheet.checkpoints],
    }
    if sheet.recordings or sheet.devices or sheet.asked:
        whole["meeting"] = _meeting(sheet)
    if feed_reason:
        whole["feed_reason"] = feed_reason
    return whole


def lesson_json(sheet: Sheet, *, version: int = 0, sha256: str | None = None) -> dict[str, Any]:
    """The `lesson` object, as it stands in lists too."""
    return {
        "id": sheet.lesson_id,
        "course": sheet.title,
        "state": sheet.state.value,
        "confirmation": sheet.confirmation.value,
        "feed": sheet.feed.value,
        "version": version,
        "sha256": sha256,
        "planned_start": instant(sheet.planned_start),
        "planned_end": instant(sheet.planned_end),
        "actual_start": instant(sheet.actual_start),
        "actual_end": instant(sheet.actual_end),
        "planned_seconds": sheet.planned_seconds,
        "held_seconds": sheet.held_seconds,
        "record": sheet.record.value,
        "sources": list(sheet.sources),
        "differences": [
            {
                "person": each.person_id,
                "webhooks_seconds": each.webhooks_seconds,
                "record_seconds": each.record_seconds,
            }
            for each in sheet.differences
        ],
    }


def instant(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with `Z`; fractions of a second only where there are some."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def percent(permille: int | None) -> float | None:
    """A number rounded down to one decimal."""
    return None if permille is None else permille / 10


def _meeting(sheet: Sheet) -> dict[str, Any]:
    """What the platform tells beside attendance: recordings, devices, quizzes and polls with their answers."""
    return {
        "recordings": list(sheet.recordings),
        "devices": [{"person": person_id, "device": device} for person_id, device in sheet.devices],
        "quizzes": [_asked(asked) for asked in sheet.asked if asked.kind is Interaction.QUIZ],
        "polls": [_asked(asked) for asked in sheet.asked if asked.kind is Interaction.POLL],
    }


def _asked(asked: AskedQuestion) -> dict[str, Any]:
    return {
        "question": asked.text,
        "options": [{"value": value, "label": label} for value, label in asked.options],
        "correct": asked.correct or None,
        "average_accuracy": asked.accuracy or None,
        "answers": [{"person": each.person_id, "answer": each.value, "right": each.is_right} for each in asked.answers],
    }


def _person(person: PersonSheet) -> dict[str, Any]:
    return {
        "id": person.person_id,
        "name": person.name,
        "role": person.role.value,
        "email": person.email or None,
        "slack_user_id": person.slack_user_id or None,
        "presence": person.presence.value,
        "verdict": person.verdict.value if person.verdict is not None else None,
        "flags": [flag.value for flag in person.flags],
        "first_joined_at": instant(person.first_joined_at),
        "last_left_at": instant(person.last_left_at),
        "late_by_seconds": int(person.late_by.total_seconds()) if person.late_by is not None else None,
        "attended_seconds": _seconds(person.attended),
        "percent": {"planned": percent(person.permille_planned), "held": percent(person.permille_held)},
        "assumed_seconds": person.assumed_seconds,
        "waited_seconds": person.waited_seconds,
        "measured_seconds": person.measured_seconds,
        "stays": _stays(person.stays),
        "checks": {name: getattr(person.checks, name) for name in CHECK_COUNTS},
    }


def _checkpoint(checkpoint: CheckpointSheet) -> dict[str, Any]:
    return {
        "opened_at": instant(checkpoint.opened_at),
        "state": checkpoint.state.value,
        "answers": [
            {
                "person": answer.person_id,
                "asked_at": instant(answer.asked_at),
                "deadline": instant(answer.deadline),
                "state": answer.state.value,
                "at": instant(answer.at),
                "via": answer.via.value if answer.via is not None else None,
            }
            for answer in checkpoint.answers
        ],
    }


def _stranger(stranger: Stranger) -> dict[str, Any]:
    return {
        "display_name": stranger.display_name,
        "platform": stranger.platform,
        "attended_seconds": stranger.attended_seconds,
        "stays": _stays(stranger.stays),
    }


def _seconds(seconds: Seconds) -> dict[str, int]:
    return {"planned": seconds.planned, "held": seconds.held}


def _stays(stays: Sequence[Stay]) -> list[dict[str, Any]]:
    return [
        {
            "joined_at": instant(stay.joined_at),
            "left_at": instant(stay.left_at),
            "connections": stay.connections,
            "assumed": sorted(stay.assumed),
        }
        for stay in stays
    ]
