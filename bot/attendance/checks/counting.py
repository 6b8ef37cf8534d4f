"""What somebody's answers come to, and whether that is enough: attendance-rules, section 4."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil

from bot.attendance.checks.values import Answer, AnswerState, CheckpointState


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCounts:
    """One person's answers in one lesson or run, by state."""

    asked: int = 0
    confirmed: int = 0
    late: int = 0
    missed: int = 0
    disconnected: int = 0
    undelivered: int = 0
    waived: int = 0
    void: int = 0
    awaited: int = 0

    @property
    def countable(self) -> int:
        """Questions that speak for or against somebody; what is still awaited does neither."""
        return self.asked - self.undelivered - self.disconnected - self.void - self.awaited

    @property
    def answered(self) -> int:
        """Of them, those that speak for them."""
        return self.confirmed + self.waived

    def needed(self, share: Fraction) -> int:
        """How many of the countable ones have to be answered."""
        return ceil(share * self.countable)

    def is_failed(self, share: Fraction) -> bool:
        """Whether too few were answered; with nothing countable the rule is void and nobody fails."""
        return self.countable > 0 and self.answered < self.needed(share)


NO_CHECKS = CheckCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSheet:
    """One question of a presence check whose moment has come, with everybody's answer."""

    id: str
    #: None: it could not be asked
    opened_at: datetime | None
    state: CheckpointState
    #: in the order of the people on the sheet
    answers: tuple[Answer, ...] = ()


def counts_of(answers: Iterable[Answer]) -> CheckCounts:
    """Count one person's answers."""
    given = list(answers)
    if not given:
        return NO_CHECKS
    states = Counter(answer.state for answer in given)
    return CheckCounts(asked=states.total(), **{state.value: states[state] for state in AnswerState})


def counts_by_person(answers: Iterable[Answer]) -> dict[str, CheckCounts]:
    """Person id → what their answers come to; who was never asked is left out."""
    own: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        own[answer.person_id].append(answer)
    return {person_id: counts_of(each) for person_id, each in own.items()}
