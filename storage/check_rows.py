"""Presence checks as rows: how each value of `bot/attendance/checks` is written, and read again. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from bot.attendance.checks.run import EndReason, StartReason
from bot.attendance.checks.settings import CheckSettings, Template, TimeRange
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, CheckpointState, PresenceCheck, Via

CHECK_COLUMNS: Final = (
    "id",
    "lesson_id",
    "creator_id",
    "settings",
    "created_at",
    "seed",
    "seed_hash",
    "started_at",
    "start_reason",
    "ended_at",
    "end_reason",
    "is_over",
    "asset_id",
    "filename",
    "trouble",
)
CHECKPOINT_COLUMNS: Final = (
    "id",
    "presence_check_id",
    "draw",
    "number",
    "state",
    "planned_at",
    "opened_at",
    "closed_at",
    "window_seconds",
    "word",
)
ANSWER_COLUMNS: Final = (
    "checkpoint_id",
    "person_id",
    "state",
    "is_optional",
    "window_seconds",
    "asked_at",
    "deadline",
    "at",
    "via",
    "decided_by",
    "decided_at",
    "reason",
    "disputed_at",
)


def check_row(check: PresenceCheck) -> tuple[Any, ...]:
    """In the order of `CHECK_COLUMNS`."""
    return (
        check.id,
        check.lesson_id,
        check.creator_id or None,
        settings_to_json(check.settings),
        check.created_at,
        check.seed,
        check.seed_hash,
        check.started_at,
        check.start_reason or "",
        check.ended_at,
        check.end_reason or "",
        check.is_over,
        check.asset_id,
        check.filename,
        check.trouble,
    )


def read_check(row: Row[Any], checkpoints: Iterable[Checkpoint]) -> PresenceCheck:
    """A run with its questions, in the order of their moments."""
    return PresenceCheck(
        id=row.id,
        lesson_id=row.lesson_id,
        creator_id=row.creator_id or "",
        settings=settings_from_json(row.settings),
        created_at=row.created_at,
        seed=row.seed,
        seed_hash=row.seed_hash,
        started_at=row.started_at,
        start_reason=StartReason(row.start_reason) if row.start_reason else None,
        ended_at=row.ended_at,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        is_over=row.is_over,
        asset_id=row.asset_id,
        filename=row.filename,
        trouble=row.trouble,
        checkpoints=tuple(checkpoints),
    )


def checkpoint_row(checkpoint: Checkpoint) -> tuple[Any, ...]:
    """In the order of `CHECKPOINT_COLUMNS`."""
    return (
        checkpoint.id,
        checkpoint.check_id,
        checkpoint.draw,
        checkpoint.number,
        checkpoint.state.value,
        checkpoint.planned_at,
        checkpoint.opened_at,
        checkpoint.closed_at,
        _seconds(checkpoint.window),
        checkpoint.word,
    )


def read_checkpoint(row: Row[Any]) -> Checkpoint:
    """One question."""
    return Checkpoint(
        id=row.id,
        check_id=row.presence_check_id,
        draw=row.draw,
        number=row.number,
        state=CheckpointState(row.state),
        planned_at=row.planned_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        window=_window(row.window_seconds),
        word=row.word,
    )


def answer_row(answer: Answer) -> tuple[Any, ...]:
    """In the order of `ANSWER_COLUMNS`."""
    return (
        answer.checkpoint_id,
        answer.person_id,
        answer.state.value,
        answer.is_optional,
        _seconds(answer.window),
        answer.asked_at,
        answer.deadline,
        answer.at,
        answer.via or "",
        answer.decided_by,
        answer.decided_at,
        answer.reason,
        answer.disputed_at,
    )


def read_answer(row: Row[Any]) -> Answer:
    """One student's answer to one question."""
    return Answer(
        checkpoint_id=row.checkpoint_id,
        person_id=row.person_id,
        state=AnswerState(row.state),
        is_optional=row.is_optional,
        window=_window(row.window_seconds),
        asked_at=row.asked_at,
        deadline=row.deadline,
        at=row.at,
        via=Via(row.via) if row.via else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        disputed_at=row.disputed_at,
    )


def settings_to_json(settings: CheckSettings) -> dict[str, Any]:
    """Lengths in seconds."""
    return {
        "template": settings.template.value,
        "initial": {"after": settings.initial.after, "within": settings.initial.within},
        "interval": {"after": settings.interval.after, "within": settings.interval.within},
        "window": _seconds(settings.window),
    }


def settings_from_json(written: Mapping[str, Any]) -> CheckSettings:
    """The other way round."""
    return CheckSettings(
        template=Template(written["template"]),
        initial=TimeRange(**written["initial"]),
        interval=TimeRange(**written["interval"]),
        window=_window(written["window"]),
    )


def _seconds(window: timedelta | None) -> int | None:
    return None if window is None else int(window.total_seconds())


def _window(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
