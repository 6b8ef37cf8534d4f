"""What becomes of a question and of each answer to it: attendance-rules, section 4."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from bot.attendance.checks.limits import TOGETHER
from bot.attendance.checks.refused import CheckRefused, RefusalCode, not_for_you
from bot.attendance.checks.settings import WINDOW
from bot.attendance.checks.values import (
    Answer,
    AnswerState,
    Checkpoint,
    CheckpointState,
    PresenceLogging,
    Via,
)
from bot.attendance.intervals import intersect, length
from bot.attendance.lessons import Interval


@unique
class QuestionHappening(StrEnum):
    """What may happen to one checkpoint."""

    MOMENT_CAME = "moment_came"
    MOMENT_MISSED = "moment_missed"  # the bot was down, or there was a break
    REACHED_NOBODY = "reached_nobody"  # Slack was down
    ANSWERED = "answered"  # nothing is awaited any more, or the next question is asked
    RUN_ENDED = "run_ended"


CHECKPOINT: Mapping[CheckpointState, Mapping[QuestionHappening, CheckpointState]] = {
    CheckpointState.PLANNED: {
        QuestionHappening.MOMENT_CAME: CheckpointState.OPEN,
        QuestionHappening.MOMENT_MISSED: CheckpointState.CANCELLED,
    },
    CheckpointState.OPEN: {
        QuestionHappening.ANSWERED: CheckpointState.CLOSED,
        QuestionHappening.RUN_ENDED: CheckpointState.CLOSED,
        QuestionHappening.REACHED_NOBODY: CheckpointState.CANCELLED,
    },
    CheckpointState.CLOSED: {},
    CheckpointState.CANCELLED: {},
}


@unique
class AnswerHappening(StrEnum):
    """What may happen to one answer."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    PRESSED = "pressed"  # in time
    PRESSED_LATE = "pressed_late"  # within twice the window
    PRESSED_TOO_LATE = "pressed_too_late"
    DEADLINE_PASSED = "deadline_passed"
    WAS_OFFLINE = "was_offline"  # for more than half of the window
    ENDED = "ended"  # the lesson, the run or the question, before the deadline
    ACCEPTED = "accepted"
    WAIVED = "waived"


ANSWER: Mapping[AnswerState, Mapping[AnswerHappening, AnswerState]] = {
    AnswerState.AWAITED: {
        AnswerHappening.DELIVERED: AnswerState.AWAITED,
        AnswerHappening.NOT_DELIVERED: AnswerState.UNDELIVERED,
        AnswerHappening.PRESSED: AnswerState.CONFIRMED,
        AnswerHappening.PRESSED_LATE: AnswerState.LATE,
        AnswerHappening.PRESSED_TOO_LATE: AnswerState.MISSED,
        AnswerHappening.DEADLINE_PASSED: AnswerState.MISSED,
        AnswerHappening.WAS_OFFLINE: AnswerState.DISCONNECTED,
        AnswerHappening.ENDED: AnswerState.VOID,
        AnswerHappening.WAIVED: AnswerState.WAIVED,
    },
    AnswerState.UNDELIVERED: {
        AnswerHappening.DELIVERED: AnswerState.AWAITED,
        AnswerHappening.PRESSED: AnswerState.CONFIRMED,
        AnswerHappening.ENDED: AnswerState.UNDELIVERED,
        AnswerHappening.WAIVED: AnswerState.WAIVED,
    },
    AnswerState.CONFIRMED: {
        AnswerHappening.DELIVERED: AnswerState.CONFIRMED,
        AnswerHappening.PRESSED: AnswerState.CONFIRMED,
        AnswerHappening.PRESSED_LATE: AnswerState.CONFIRMED,
        AnswerHappening.PRESSED_TOO_LATE: AnswerState.CONFIRMED,
    },
    AnswerState.LATE: {
        AnswerHappening.PRESSED_LATE: AnswerState.LATE,
        AnswerHappening.PRESSED_TOO_LATE: AnswerState.LATE,
        AnswerHappening.ACCEPTED: AnswerState.CONFIRMED,
        AnswerHappening.WAIVED: AnswerState.WAIVED,
    },
    AnswerState.MISSED: {
        AnswerHappening.PRESSED_LATE: AnswerState.LATE,
        AnswerHappening.PRESSED_TOO_LATE: AnswerState.MISSED,
        AnswerHappening.WAS_OFFLINE: AnswerState.DISCONNECTED,
        AnswerHappening.ACCEPTED: AnswerState.CONFIRMED,
        AnswerHappening.WAIVED: AnswerState.WAIVED,
    },
    AnswerState.DISCONNECTED: {AnswerHappening.WAIVED: AnswerState.WAIVED},
    AnswerState.VOID: {},
    AnswerState.WAIVED: {},
}

_REFUSALS: Final[Mapping[AnswerState, str]] = {
    AnswerState.AWAITED: "The answer is not late: the question is still open.",
    AnswerState.UNDELIVERED: "The question was not delivered, so it does not count.",
    AnswerState.CONFIRMED: "The answer is confirmed already.",
    AnswerState.LATE: "The answer is late already.",
    AnswerState.MISSED: "This question is over.",
    AnswerState.DISCONNECTED: "The connection was lost then, so this question does not count.",
    AnswerState.VOID: "This question ended early, so it does not count.",
    AnswerState.WAIVED: "This question was waived, so it does not count against anybody.",
}


def following(state: AnswerState, happening: AnswerHappening) -> AnswerState:
    """The state that follows. Raises `CheckRefused` where the happening has no place in this state."""
    found = ANSWER[state].get(happening)
    if found is None:
        raise not_for_you(_REFUSALS[state])
    return found


def delivered(answer: Answer, *, at: datetime) -> Answer:
    """The question stands before the student: their time begins, unless it had begun before."""
    if answer.asked_at is not None and answer.asked_at <= at:
        return answer
    state = following(answer.state, AnswerHappening.DELIVERED)
    deadline = at + answer.window if answer.window is not None else None
    return replace(answer, state=state, asked_at=at, deadline=deadline)


def late_until(answer: Answer) -> datetime | None:
    """Until when *I was there* is late and no dispute; None while nobody can be late."""
    return None if answer.deadline is None else answer.deadline + (answer.window or WINDOW)


def pressed(answer: Answer, *, via: Via, now: datetime) -> Answer:
    """The student says that they are, or were, there. Raises `CheckRefused` where it would change nothing they want.

    In time it confirms, within twice the window it is late, after that it is a dispute; a second press changes nothing.
    """
    until = late_until(answer)
    is_over = answer.state in {AnswerState.MISSED, AnswerState.LATE}
    if until is None or answer.deadline is None or (now <= answer.deadline and not is_over):
        happening = AnswerHappening.PRESSED
    else:
        happening = AnswerHappening.PRESSED_LATE if now <= until else AnswerHappening.PRESSED_TOO_LATE
    state = following(answer.state, happening)
    if answer.state in {AnswerState.CONFIRMED, AnswerState.LATE}:
        return answer
    if happening is AnswerHappening.PRESSED_TOO_LATE:
        return replace(answer, state=state, disputed_at=answer.disputed_at or now)
    return replace(answer, state=state, at=now, via=via)


def waived(answer: Answer, *, by: str, reason: str, now: datetime) -> Answer:
    """A trainer says that it shall not count. Raises `CheckRefused` without a reason, or where nothing is to waive."""
    if not reason.strip():
        raise CheckRefused(RefusalCode.INVALID_PARAMETERS, "Say why: the reason stays with the answer.")
    state = following(answer.state, AnswerHappening.WAIVED)
    return replace(answer, state=state, decided_by=by, decided_at=now, reason=reason.strip())


def accepted(answer: Answer, *, by: str, now: datetime) -> Answer:
    """A trainer lets a late or disputed answer count. Raises `CheckRefused` where the student said nothing."""
    state = following(answer.state, AnswerHappening.ACCEPTED)
    if answer.state is AnswerState.MISSED and answer.disputed_at is None:
        raise not_for_you("The student has not said that they were there. Waive the question instead.")
    return replace(answer, state=state, at=answer.at or answer.disputed_at, decided_by=by, decided_at=now)


def next_deadline(awaited: Iterable[Answer]) -> list[datetime]:
    """The moment, if any, at which deadlines are looked at next: those that are close together, together.

    Slack delivers four questions a second, so that of a thousand each would want a look of its own.
    """
    deadlines = [answer.deadline for answer in awaited if answer.deadline is not None]
    if not deadlines:
        return []
    until = min(deadlines) + TOGETHER
    return [max(deadline for deadline in deadlines if deadline <= until)]


def timed_out(answer: Answer, present: Sequence[Interval], *, at: datetime) -> Answer:
    """Nobody answered until `at`: missed, unless they were offline for more than half of the time, or joined later."""
    if answer.is_optional:
        return replace(answer, state=following(answer.state, AnswerHappening.ENDED), deadline=at)
    was_away = was_offline(answer.asked_at or at, at, present)
    happening = AnswerHappening.WAS_OFFLINE if was_away else AnswerHappening.DEADLINE_PASSED
    return replace(answer, state=following(answer.state, happening), deadline=at)


def found_offline(answer: Answer, present: Sequence[Interval]) -> Answer:
    """A missed answer as later deliveries show it; nothing else changes because of them."""
    if answer.asked_at is None or answer.deadline is None:
        return answer
    if not was_offline(answer.asked_at, answer.deadline, present):
        return answer
    return replace(answer, state=following(answer.state, AnswerHappening.WAS_OFFLINE))


def was_offline(start: datetime, end: datetime, present: Sequence[Interval]) -> bool:
    """Whether somebody was away for more than half of an interval."""
    there = length(intersect(present, [Interval(start, end)])) if start < end else timedelta(0)
    return (end - start - there) * 2 > end - start


def ended(answer: Answer) -> Answer:
    """It ends before the deadline: what is awaited is void, all else stays as it is."""
    if answer.state is not AnswerState.AWAITED:
        return answer
    return replace(answer, state=following(answer.state, AnswerHappening.ENDED))


def as_ended(logging: PresenceLogging) -> PresenceLogging:
    """All checks of a lesson as its end leaves them: nothing is open, and what is awaited is void."""
    if not logging.open_checkpoints:
        return logging
    checks = tuple(
        replace(check, checkpoints=tuple(_closed(each) for each in check.checkpoints)) for check in logging.checks
    )
    return replace(logging, checks=checks, answers=tuple(ended(answer) for answer in logging.answers))


def _closed(checkpoint: Checkpoint) -> Checkpoint:
    following_state = CHECKPOINT[checkpoint.state].get(QuestionHappening.RUN_ENDED)
    return checkpoint if following_state is None else replace(checkpoint, state=following_state)


def begun_anew(answer: Answer, *, at: datetime) -> Answer:
    """After the bot or Slack was down while it was awaited, the student has the whole time again."""
    if answer.state is not AnswerState.AWAITED or answer.deadline is None or answer.window is None:
        return answer
    return replace(answer, deadline=max(answer.deadline, at + answer.window))
