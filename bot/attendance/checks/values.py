"""A presence check, its checkpoints and their answers, as they stand."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from functools import cached_property

from bot.attendance.checks.run import EndReason, RunState, StartReason
from bot.attendance.checks.settings import CheckSettings


@unique
class CheckpointState(StrEnum):
    """Where one question stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"  # it could not be asked in time, or the run ended before


@unique
class AnswerState(StrEnum):
    """Where one student's answer stands: attendance-rules, section 4."""

    AWAITED = "awaited"
    CONFIRMED = "confirmed"
    LATE = "late"  # after the deadline and within twice the window
    MISSED = "missed"
    DISCONNECTED = "disconnected"  # offline for more than half of the window
    VOID = "void"  # it ended before the deadline, or joined while it was open and did not answer
    UNDELIVERED = "undelivered"
    WAIVED = "waived"


@unique
class Via(StrEnum):
    """How somebody answered."""

    BUTTON = "button"
    CODE = "code"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One student's, to one checkpoint."""

    checkpoint_id: str
    person_id: str
    state: AnswerState
    #: joined while it was open: counts only if confirmed
    is_optional: bool = False
    #: how long this student has; None: until the next question
    window: timedelta | None = None
    #: when it was delivered; None: not yet, or never
    asked_at: datetime | None = None
    deadline: datetime | None = None
    #: when they answered
    at: datetime | None = None
    via: Via | None = None
    #: person id of who waived it, or accepted a late one
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    #: *I was there*, said too late to count even as late
    disputed_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.checkpoint_id, self.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One question in a presence check."""

    id: str
    check_id: str
    #: which draw of the seed gave its moment; above `OUT_OF_TURN`: a trainer did
    draw: int
    state: CheckpointState
    planned_at: datetime
    #: counts from 1 in the order of asking; 0: not asked yet, or never
    number: int = 0
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    #: None: open until the next one
    window: timedelta | None = None
    #: what a trainer says aloud for who cannot use the button
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class PresenceCheck:
    """One run, from enabling to its report."""

    id: str
    lesson_id: str
    #: person id of who enabled it; empty: it started by itself
    creator_id: str
    settings: CheckSettings
    created_at: datetime
    #: in hexadecimal: all its moments follow from it
    seed: str
    #: committed to in the history when the run was created
    seed_hash: str
    #: since when it waits for its first question
    started_at: datetime | None = None
    start_reason: StartReason | None = None
    #: when nobody is asked any more
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    #: its report is made, or there is none to make
    is_over: bool = False
    asset_id: str = ""
    filename: str = ""
    #: why there is no report: a `RefusalCode`; empty: nothing is wrong
    trouble: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def opened(self) -> tuple[Checkpoint, ...]:
        """The questions that were asked, in order, those that did not reach anybody left out."""
        asked = [each for each in self.checkpoints if each.state in {CheckpointState.OPEN, CheckpointState.CLOSED}]
        return tuple(asked)

    @property
    def is_asking_still(self) -> bool:
        """Whether a question is to come by itself; a plan with a count may have none left when it is started."""
        return any(each.state is CheckpointState.PLANNED for each in self.checkpoints)


@dataclass(frozen=True, kw_only=True)
class PresenceLogging:
    """All presence checks of one lesson, and where the state machine stands."""

    lesson_id: str
    state: RunState
    #: oldest first; at most the last one is not over
    checks: tuple[PresenceCheck, ...] = ()
    answers: tuple[Answer, ...] = ()
    #: it starts by itself
    is_armed: bool = False
    #: the last look at which the bot ran and Slack answered
    well_at: datetime | None = None
    #: counts every change but those of answers
    revision: int = 0

    @property
    def current(self) -> PresenceCheck | None:
        """The run that is not over."""
        return self.checks[-1] if self.checks and not self.checks[-1].is_over else None

    @cached_property
    def checkpoints(self) -> Mapping[str, Checkpoint]:
        """By id, of all runs."""
        return {each.id: each for check in self.checks for each in check.checkpoints}

    @cached_property
    def open_checkpoints(self) -> tuple[Checkpoint, ...]:
        """Those that wait for answers now, oldest first."""
        return tuple(each for each in self.checkpoints.values() if each.state is CheckpointState.OPEN)

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], Answer]:
        """(checkpoint id, person id) → answer."""
        return {answer.key: answer for answer in self.answers}

    @cached_property
    def _by_checkpoint(self) -> Mapping[str, list[Answer]]:
        found: dict[str, list[Answer]] = defaultdict(list)
        for answer in self.answers:
            found[answer.checkpoint_id].append(answer)
        return found

    @cached_property
    def by_person(self) -> Mapping[str, list[Answer]]:
        """Person id → their answers, in the order of asking."""
        found: dict[str, list[Answer]] = defaultdict(list)
        for checkpoint_id in self.checkpoints:
            for answer in self._by_checkpoint.get(checkpoint_id, ()):
                found[answer.person_id].append(answer)
        return found

    def answers_to(self, checkpoint_id: str) -> list[Answer]:
        """Everybody's to one question."""
        return list(self._by_checkpoint.get(checkpoint_id, ()))

    def answers_in(self, check: PresenceCheck) -> tuple[Answer, ...]:
        """Everybody's in one run."""
        own = {each.id for each in check.checkpoints}
        return tuple(answer for answer in self.answers if answer.checkpoint_id in own)
