"""Presence logging of one lesson: the states, what may happen in each, and what follows.

The table is the protocol's state diagram. Its round nodes, in which nothing waits, are what the arrows do on their way;
its two ways through *generate report* are one state and two happenings.
"""

from collections.abc import Mapping
from enum import StrEnum, unique

from bot.attendance.checks.refused import CheckRefused, RefusalCode


@unique
class RunState(StrEnum):
    """Where the presence logging of a lesson stands."""

    IDLE_WITHOUT_CREATOR = "idle_without_creator"
    IDLE_WITH_CREATOR = "idle_with_creator"
    WAITING_FOR_PARTICIPANT = "waiting_for_participant"
    WAITING_FOR_INITIAL_DELAY = "waiting_for_initial_delay"
    COLLECTING = "collecting"
    FINALISING = "finalising"


@unique
class Happening(StrEnum):
    """What may happen to it. The creator is whoever teaches the lesson."""

    CREATOR_JOINED = "creator_joined"
    CREATOR_LEFT = "creator_left"  # also: the lesson is over
    ENABLED_ALONE = "enabled_alone"
    ENABLED_WITH_OTHERS = "enabled_with_others"
    AUTOSTARTED = "autostarted"
    FIRST_PARTICIPANT_JOINED = "first_participant_joined"
    LAST_PARTICIPANT_LEFT = "last_participant_left"
    INITIAL_DELAY_REACHED = "initial_delay_reached"
    INTERVAL_REACHED = "interval_reached"
    CONFIRMED = "confirmed"
    DISABLED = "disabled"  # also: the one question of *check now* is answered
    REPORT_MADE = "report_made"
    REPORT_MADE_TO_WAIT_AGAIN = "report_made_to_wait_again"


@unique
class StartReason(StrEnum):
    """Why a run began to wait for its first question."""

    AUTOSTART = "autostart"
    FIRST_PARTICIPANT_JOINED = "first_participant_joined"
    STARTED_MANUALLY = "started_manually"


@unique
class EndReason(StrEnum):
    """Why a run ended."""

    LAST_PARTICIPANT_LEFT = "last_participant_left"
    CREATOR_LEFT = "creator_left"
    STOPPED_MANUALLY = "stopped_manually"


_PREPARING = {
    Happening.DISABLED: RunState.IDLE_WITH_CREATOR,
    Happening.CREATOR_LEFT: RunState.IDLE_WITHOUT_CREATOR,
}

RUN: Mapping[RunState, Mapping[Happening, RunState]] = {
    RunState.IDLE_WITHOUT_CREATOR: {
        Happening.CREATOR_JOINED: RunState.IDLE_WITH_CREATOR,
    },
    RunState.IDLE_WITH_CREATOR: {
        Happening.CREATOR_LEFT: RunState.IDLE_WITHOUT_CREATOR,
        Happening.ENABLED_ALONE: RunState.WAITING_FOR_PARTICIPANT,
        Happening.ENABLED_WITH_OTHERS: RunState.WAITING_FOR_INITIAL_DELAY,
        Happening.AUTOSTARTED: RunState.WAITING_FOR_INITIAL_DELAY,
    },
    RunState.WAITING_FOR_PARTICIPANT: {
        Happening.FIRST_PARTICIPANT_JOINED: RunState.WAITING_FOR_INITIAL_DELAY,
        **_PREPARING,
    },
    RunState.WAITING_FOR_INITIAL_DELAY: {
        Happening.INITIAL_DELAY_REACHED: RunState.COLLECTING,
        Happening.LAST_PARTICIPANT_LEFT: RunState.WAITING_FOR_PARTICIPANT,
        **_PREPARING,
    },
    RunState.COLLECTING: {
        Happening.INTERVAL_REACHED: RunState.COLLECTING,
        Happening.CONFIRMED: RunState.COLLECTING,
        Happening.LAST_PARTICIPANT_LEFT: RunState.FINALISING,
        Happening.CREATOR_LEFT: RunState.FINALISING,
        Happening.DISABLED: RunState.FINALISING,
    },
    RunState.FINALISING: {
        Happening.REPORT_MADE: RunState.IDLE_WITH_CREATOR,
        Happening.REPORT_MADE_TO_WAIT_AGAIN: RunState.WAITING_FOR_PARTICIPANT,
    },
}

#: No run is under way.
IDLE = frozenset({RunState.IDLE_WITHOUT_CREATOR, RunState.IDLE_WITH_CREATOR})
#: A run is under way and has not asked yet.
PREPARING = frozenset({RunState.WAITING_FOR_PARTICIPANT, RunState.WAITING_FOR_INITIAL_DELAY})

_ENABLING = frozenset({Happening.ENABLED_ALONE, Happening.ENABLED_WITH_OTHERS, Happening.AUTOSTARTED})


def after(state: RunState, happening: Happening) -> RunState:
    """The state that follows. Raises `CheckRefused` where the happening has no place in this state."""
    following = RUN[state].get(happening)
    if following is None:
        raise _refusal(state, happening)
    return following


def _refusal(state: RunState, happening: Happening) -> CheckRefused:
    if happening in _ENABLING and state is RunState.IDLE_WITHOUT_CREATOR:
        return CheckRefused(
            RefusalCode.INSUFFICIENT_PERMISSIONS, "A presence check runs while a trainer is in the lesson."
        )
    if happening in _ENABLING:
        return CheckRefused(
            RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED, "A presence check is running already. Stop it first."
        )
    return CheckRefused(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED, "No presence check is running now.")


def as_mermaid(table: Mapping[RunState, Mapping[Happening, RunState]]) -> str:
    """The table as a Mermaid diagram, as it stands in the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {RunState.IDLE_WITHOUT_CREATOR}"]
    for state, happenings in table.items():
        lines += [
            f"    {state} --> {following}: {happening.value.replace('_', ' ')}"
            for happening, following in happenings.items()
        ]
    return "\n".join(lines)
