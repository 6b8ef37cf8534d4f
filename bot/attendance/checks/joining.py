"""What somebody who comes into the lesson is told of its presence check."""

from enum import StrEnum, unique

from bot.attendance.checks.run import IDLE, RunState
from bot.attendance.checks.values import AnswerState, PresenceLogging


@unique
class JoiningState(StrEnum):
    """The protocol's three states."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    WAITING_FOR_CONFIRMATION = "waiting_for_confirmation"


def joining_state(logging: PresenceLogging | None, person_id: str, *, is_creator: bool) -> JoiningState:
    """Whether a check runs, and whether this person may confirm at once; who teaches is asked nothing."""
    if logging is None or logging.state in IDLE or logging.state is RunState.FINALISING:
        return JoiningState.DISABLED
    if is_creator:
        return JoiningState.ENABLED
    own = [logging.by_key.get((each.id, person_id)) for each in logging.open_checkpoints]
    open_states = {AnswerState.AWAITED, AnswerState.UNDELIVERED}
    is_awaited = any(answer is None or answer.state in open_states for answer in own)
    return JoiningState.WAITING_FOR_CONFIRMATION if is_awaited else JoiningState.ENABLED
