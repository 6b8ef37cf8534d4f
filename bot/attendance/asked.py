"""What a student asked, and what answered it: a claim to be in, a request to be excused, *this is wrong*."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.attendance.lessons import Correction, CorrectionKind

#: What settles an exception, beside a refusal.
DECIDES_VERDICT: Final = frozenset(
    {
        CorrectionKind.ACCEPT_VERDICT,
        CorrectionKind.PRESENT,
        CorrectionKind.NOT_PRESENT,
        CorrectionKind.EXCUSED,
        CorrectionKind.CREDIT_WAITING,
    }
)
#: What answers each thing that can be asked, beside its own refusal.
ANSWERED_BY: Final[Mapping[CorrectionKind, frozenset[CorrectionKind]]] = {
    CorrectionKind.IN_ALREADY: DECIDES_VERDICT,
    CorrectionKind.DISPUTED: DECIDES_VERDICT,
    CorrectionKind.CANNOT_COME: DECIDES_VERDICT - {CorrectionKind.CREDIT_WAITING},
}


def answers(decision: Correction, asked: CorrectionKind) -> bool:
    """Whether it settles what was asked: a decision about the verdict does, a refusal settles only what it refuses."""
    if decision.kind is CorrectionKind.DECLINED:
        return decision.answers is asked
    return decision.kind in ANSWERED_BY[asked]


def open_ask(corrections: Sequence[Correction], asked: CorrectionKind) -> Correction | None:
    """The last time that somebody asked this, if nobody has answered since; of their corrections in order."""
    found: Correction | None = None
    for each in corrections:
        if each.kind is asked:
            found = each
        elif found is not None and answers(each, asked):
            found = None
    return found


def last_word(corrections: Sequence[Correction]) -> Correction | None:
    """What stands about somebody's verdict: an open dispute, else the last decision; a refused claim is neither."""
    dispute = open_ask(corrections, CorrectionKind.DISPUTED)
    if dispute is not None:
        return dispute
    decided = [
        each
        for each in corrections
        if each.kind in DECIDES_VERDICT
        or (each.kind is CorrectionKind.DECLINED and each.answers is not CorrectionKind.IN_ALREADY)
    ]
    return decided[-1] if decided else None
