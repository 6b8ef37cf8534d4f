"""Verdicts, flags and states in words, as documents say them."""

from collections.abc import Iterable
from typing import Final

from bot.attendance.checks.values import AnswerState
from bot.attendance.lessons import Confirmation, LessonState, RecordState, Role
from bot.attendance.sheet import Flag, PersonSheet, Verdict
from bot.language import Words

NO_BREAK: Final = "\u00a0"


def verdict_words(words: Words, verdict: Verdict) -> str:
    """The verdict of one student."""
    _ = words.text
    return {
        Verdict.VALIDATED: _("attended"),
        Verdict.PARTIAL: _("attended in part"),
        Verdict.ABSENT: _("absent"),
        Verdict.EXCUSED: _("excused"),
        Verdict.PENDING: _("not decided yet"),
        Verdict.NOT_HELD: _("lesson not held"),
        Verdict.NO_DATA: _("no data"),
    }[verdict]


def role_words(words: Words, role: Role) -> str:
    """What somebody is in the lesson."""
    _ = words.text
    return {
        Role.STUDENT: _("student"),
        Role.TRAINER: _("trainer"),
        Role.OBSERVER: _("observer"),
        Role.NOT_ENROLLED: _("not enrolled"),
    }[role]


def flag_words(words: Words, person: PersonSheet) -> list[str]:
    """What stands beside the verdict; of who was late, by how many minutes."""
    _ = words.text
    late = int(person.late_by.total_seconds()) // 60 if person.late_by is not None else 0
    said = {
        Flag.LATE: _("{n} min late", n=late).replace(" ", NO_BREAK, 1),
        Flag.LEFT_EARLY: _("left early"),
        Flag.DROPPED: _("dropped out"),
        Flag.WAITED: _("waited to be let in"),
        Flag.BRIDGED: _("short gaps filled"),
        Flag.ASSUMED: _("partly assumed"),
        Flag.WEAK_IDENTITY: _("recognised by name"),
        Flag.CHECK_FAILED: _("presence check failed"),
        Flag.CORRECTED: _("corrected"),
    }
    return [said[flag] for flag in person.flags]


def answer_words(words: Words, state: AnswerState) -> str:
    """What an answer to a presence check came to."""
    _ = words.text
    return {
        AnswerState.AWAITED: _("awaited"),
        AnswerState.CONFIRMED: _("confirmed"),
        AnswerState.LATE: _("answered late"),
        AnswerState.MISSED: _("missed"),
        AnswerState.DISCONNECTED: _("was offline"),
        AnswerState.VOID: _("does not count"),
        AnswerState.UNDELIVERED: _("could not be asked"),
        AnswerState.WAIVED: _("waived"),
    }[state]


def state_words(words: Words, state: LessonState) -> str:
    """How final a sheet is."""
    _ = words.text
    return {
        LessonState.PLANNED: _("planned"),
        LessonState.LIVE: _("live, not final"),
        LessonState.PROVISIONAL: _("provisional"),
        LessonState.RECONCILED: _("reconciled with the platform's record"),
        LessonState.LOCKED: _("locked"),
        LessonState.CANCELLED: _("cancelled"),
    }[state]


def confirmation_words(words: Words, confirmation: Confirmation) -> str:
    """Whether the lesson took place."""
    _ = words.text
    return {
        Confirmation.CONFIRMED: _("took place"),
        Confirmation.UNCONFIRMED: _("not confirmed yet"),
        Confirmation.NOT_HELD: _("not held"),
    }[confirmation]


def record_words(words: Words, record: RecordState) -> str:
    """Whether the platform's own record was compared."""
    _ = words.text
    return {
        RecordState.PENDING: _("the platform's record is not in yet"),
        RecordState.IN: _("compared with the platform's record"),
        RecordState.NONE: _("webhooks only, there is no record of the platform"),
    }[record]


def listed(items: Iterable[str]) -> str:
    """One after the other; nothing for none."""
    return ", ".join(item for item in items if item)
