"""The trainers' card of a presence check: one message for a run, edited as students answer."""

from collections.abc import Iterable
from math import ceil
from typing import Literal

from bot.attendance.checks.counting import counts_by_person, counts_of
from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import Template
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, CheckpointState
from bot.attendance.telling import MOST_LISTED, about, epoch
from bot.attendance.wanted import AnswerCounts, AnsweredLate, CheckCardContent, OpenCheckpoint
from bot.text import name_order

#: Names of who has not confirmed.
MOST_NAMED = 40
_UNCONFIRMED = frozenset({AnswerState.AWAITED, AnswerState.MISSED, AnswerState.LATE})
#: What a trainer can waive.
WAIVABLE = frozenset({AnswerState.MISSED, AnswerState.LATE})

CardStage = Literal["waiting", "preparing", "nothing_left", "asking", "between", "over", "cancelled"]


def card(look: CheckLook) -> CheckCardContent:
    """The trainer's card: the newest question with its answers, and what only a trainer can settle."""
    check = look.check
    newest = max(check.opened, key=lambda each: each.number, default=None)
    own = [answer for answer in look.answers if newest is not None and answer.checkpoint_id == newest.id]
    unconfirmed = _names(look, (answer.person_id for answer in own if answer.state in _UNCONFIRMED))
    failed = _failed(look) if check.ended_at is not None else []
    late = _late(look)
    content = CheckCardContent(
        about=about(look.lesson),
        check_id=check.id,
        stage=_card_stage(look, newest),
        is_series=check.settings.template is not Template.NOW,
        started=check.start_reason.value if check.start_reason is not None else "",
        started_by=look.name_of(check.creator_id),
        ended=check.end_reason.value if check.end_reason is not None else "",
        counts=_counted(own),
        questions=len(check.opened),
        cancelled=sum(_could_not_be_asked(each) for each in check.checkpoints),
        open_now=_open_now(newest, own),
        unconfirmed=unconfirmed[:MOST_NAMED],
        late=late[:MOST_LISTED],
        can_waive=any(answer.state in WAIVABLE for answer in look.answers),
        none_may_be_missed=_is_strict(look),
        failed=failed[:MOST_NAMED],
        trouble=check.trouble,
    )
    return _with_the_rest(content, unconfirmed=len(unconfirmed), late=len(late), failed=len(failed))


def _with_the_rest(content: CheckCardContent, *, unconfirmed: int, late: int, failed: int) -> CheckCardContent:
    """How many there are beside those that are named."""
    if unconfirmed > MOST_NAMED:
        content["more_unconfirmed"] = unconfirmed - MOST_NAMED
    if late > MOST_LISTED:
        content["more_late"] = late - MOST_LISTED
    if failed > MOST_NAMED:
        content["more_failed"] = failed - MOST_NAMED
    return content


def _card_stage(look: CheckLook, newest: Checkpoint | None) -> CardStage:
    if look.check.ended_at is not None:
        return "over" if newest is not None else "cancelled"
    if look.state is RunState.WAITING_FOR_PARTICIPANT:
        return "waiting"
    if newest is None:
        return "preparing" if look.check.is_asking_still else "nothing_left"
    return "asking" if newest.state is CheckpointState.OPEN else "between"


def _could_not_be_asked(checkpoint: Checkpoint) -> bool:
    """Its moment came while nobody could be asked; what is cancelled because the run ended is no news."""
    return checkpoint.state is CheckpointState.CANCELLED and checkpoint.closed_at is not None


def _open_now(newest: Checkpoint | None, answers: list[Answer]) -> OpenCheckpoint | None:
    if newest is None or newest.state is not CheckpointState.OPEN or newest.opened_at is None:
        return None
    closes_at = max((answer.deadline for answer in answers if answer.deadline is not None), default=None)
    return OpenCheckpoint(
        number=newest.number,
        opened_at=epoch(newest.opened_at),
        closes_at=epoch(closes_at) if closes_at is not None else None,
        word=newest.word,
    )


def _late(look: CheckLook) -> list[AnsweredLate]:
    """Who says to have been there, and nobody has decided about."""
    found = []
    for answer in look.answers:
        at = answer.at if answer.state is AnswerState.LATE else answer.disputed_at
        if answer.state not in WAIVABLE or at is None:
            continue
        found.append(
            AnsweredLate(
                checkpoint_id=answer.checkpoint_id,
                number=look.checkpoints[answer.checkpoint_id].number,
                person_id=answer.person_id,
                name=look.name_of(answer.person_id),
                at=epoch(at),
                is_dispute=answer.state is AnswerState.MISSED,
            )
        )
    return sorted(found, key=lambda each: (each["at"], each["person_id"]))


def _failed(look: CheckLook) -> list[str]:
    share = look.lesson.policy.check_rule
    counts = counts_by_person(look.answers)
    return _names(look, (person_id for person_id, own in counts.items() if own.is_failed(share)))


def _is_strict(look: CheckLook) -> bool:
    """Whether so few questions come, as far as is known, that each of them has to be confirmed."""
    check = look.check
    coming = sum(each.state is CheckpointState.PLANNED for each in check.checkpoints) if check.ended_at is None else 0
    n = len(check.opened) + coming
    return n > 0 and ceil(look.lesson.policy.check_rule * n) >= n


def _counted(answers: list[Answer]) -> AnswerCounts:
    counts = counts_of(answers)
    return AnswerCounts(
        asked=counts.asked,
        awaited=counts.awaited,
        confirmed=counts.confirmed,
        late=counts.late,
        missed=counts.missed,
        disconnected=counts.disconnected,
        undelivered=counts.undelivered,
        waived=counts.waived,
        void=counts.void,
    )


def _names(look: CheckLook, person_ids: Iterable[str]) -> list[str]:
    return sorted((look.name_of(each) for each in person_ids), key=name_order)
