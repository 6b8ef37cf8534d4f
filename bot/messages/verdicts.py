"""Verdicts and flags in words: the same on the summary, in *why*, and in what a student is told."""

from collections.abc import Iterable

from bot.attendance.sheet import Flag, Verdict
from bot.messages.formatting import Writer


def verdict_words(write: Writer, verdict: str) -> str:
    """The verdict of one student."""
    _ = write.text
    words = {
        Verdict.VALIDATED: _("attended"),
        Verdict.PARTIAL: _("attended in part"),
        Verdict.ABSENT: _("absent"),
        Verdict.EXCUSED: _("excused"),
        Verdict.PENDING: _("not decided yet"),
        Verdict.NOT_HELD: _("lesson not held"),
        Verdict.NO_DATA: _("no data"),
    }
    return words[Verdict(verdict)]


def flag_words(write: Writer, flags: Iterable[str], *, late_seconds: int | None = None) -> list[str]:
    """What stands beside the verdict, in the order of `Flag`."""
    _ = write.text
    late = _("late") if late_seconds is None else _("{length} late", length=write.length(late_seconds))
    words = {
        Flag.LATE: late,
        Flag.LEFT_EARLY: _("left early"),
        Flag.DROPPED: _("dropped out"),
        Flag.WAITED: _("waited to be let in"),
        Flag.BRIDGED: _("short gaps filled"),
        Flag.ASSUMED: _("partly assumed"),
        Flag.WEAK_IDENTITY: _("recognised by name"),
        Flag.CHECK_FAILED: _("presence check failed"),
        Flag.CORRECTED: _("corrected"),
    }
    shown = set(flags)
    return [text for flag, text in words.items() if flag in shown]
