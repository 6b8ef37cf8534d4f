"""Who is told what of a presence check: a student's question, its whole life in one message, and the trainers' card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Literal

from bot.attendance.checks.counting import counts_by_person, counts_of
from bot.attendance.checks.limits import ASK_WITHIN
from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import Template
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, CheckpointState, PresenceCheck, Via
from bot.attendance.lessons import Lesson, Person
from bot.attendance.telling import MOST_LISTED, about, epoch, notice_of
from bot.attendance.wanted import (
    AnswerCounts,
    AnsweredLate,
    CheckCardContent,
    CheckQuestionContent,
    MessageKind,
    OpenCheckpoint,
    Wanted,
)
from bot.text import name_order

#: The card is edited at most this often.
CARD_GAP_SECONDS = 10
#: Who presses is answered in the message at once; the edit follows only if that did not work.
AFTER_A_PRESS = timedelta(seconds=3)
#: Names of who has not confirmed, on the card.
MOST_NAMED = 40

Subject = str
Stage = Literal[
    "asked", "confirmed", "missed", "late", "disputed", "accepted", "waived", "disconnected", "void", "cancelled"
]
CardStage = Literal["waiting", "preparing", "asking", "between", "over", "cancelled"]

_STAGES: Mapping[AnswerState, Stage] = {
    AnswerState.AWAITED: "asked",
    AnswerState.CONFIRMED: "confirmed",
    AnswerState.LATE: "late",
    AnswerState.MISSED: "missed",
    AnswerState.DISCONNECTED: "disconnected",
    AnswerState.VOID: "void",
    AnswerState.UNDELIVERED: "void",
    AnswerState.WAIVED: "waived",
}
_UNCONFIRMED = frozenset({AnswerState.AWAITED, AnswerState.MISSED, AnswerState.LATE})
#: What a trainer can waive.
WAIVABLE = frozenset({AnswerState.MISSED, AnswerState.LATE})


@dataclass(frozen=True, kw_only=True)
class CheckLook:
    """One presence check as it stands now, with everybody who has part in it."""

    lesson: Lesson
    check: PresenceCheck
    state: RunState
    #: of this check
    answers: tuple[Answer, ...]
    #: everybody who is named in an answer, and the trainers, by id
    people: Mapping[str, Person]
    #: person ids of who gets the card
    trainers: tuple[str, ...]
    #: (checkpoint, person) of the questions that may have changed; None: any
    changed: frozenset[tuple[str, str]] | None = None
    now: datetime

    @cached_property
    def checkpoints(self) -> Mapping[str, Checkpoint]:
        return {each.id: each for each in self.check.checkpoints}

    def name_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.name if person is not None else ""


def tell(look: CheckLook) -> tuple[tuple[Subject, Wanted], ...]:
    """What should stand in Slack, each with what it is about: a question's id, or the check's."""
    return (*_questions(look), *_cards(look))


def _questions(look: CheckLook) -> Iterator[tuple[Subject, Wanted]]:
    for answer in look.answers:
        person = look.people.get(answer.person_id)
        is_changed = look.changed is None or answer.key in look.changed
        is_told = answer.state is not AnswerState.UNDELIVERED
        if is_changed and is_told and person is not None and person.slack_user_id:
            yield answer.checkpoint_id, _question(look, answer, person)


def _question(look: CheckLook, answer: Answer, person: Person) -> Wanted:
    """What is asked is asked once, and stands as it was sent; what became of it is an edit, and never a new message."""
    kind, checkpoint = MessageKind.CHECK_QUESTION, look.checkpoints[answer.checkpoint_id]
    decider = look.name_of(answer.decided_by)
    content = question(look.lesson, checkpoint, answer, by=decider)
    if answer.state is not AnswerState.AWAITED:
        is_press = answer.state is AnswerState.CONFIRMED and answer.via is Via.BUTTON and not answer.decided_by
        due_at = look.now + AFTER_A_PRESS if is_press else look.now
        skipped = look.now - timedelta(microseconds=1)
        return Wanted(kind=kind, recipient=person.id, content=content, due_at=due_at, not_after=skipped)
    if not person.is_informed:
        content["notice"] = notice_of(look.lesson)
    opened_at = checkpoint.opened_at or look.now
    return Wanted(
        kind=kind,
        recipient=person.id,
        content=content,
        due_at=look.now,
        not_after=opened_at + ASK_WITHIN,
        only_if_new=True,
    )


def question(lesson: Lesson, checkpoint: Checkpoint, answer: Answer, *, by: str = "") -> CheckQuestionContent:
    """One student's question as it stands; `by` is the name of who accepted or waived it."""
    window = int(answer.window.total_seconds()) if answer.window is not None else None
    asked = CheckQuestionContent(about=about(lesson), checkpoint_id=checkpoint.id, stage="asked", window_seconds=window)
    is_cancelled = checkpoint.state is CheckpointState.CANCELLED
    return with_answer(asked, answer, by=by, is_cancelled=is_cancelled)


def with_answer(
    asked: CheckQuestionContent, answer: Answer, *, by: str = "", is_cancelled: bool = False
) -> CheckQuestionContent:
    """The same question, with what became of it."""
    content = asked.copy()
    content.pop("notice", None)
    content["stage"] = stage_of(answer, is_cancelled=is_cancelled)
    if answer.state is AnswerState.AWAITED:
        return content
    at = answer.at or answer.disputed_at
    if at is not None:
        content["at"] = epoch(at)
    if answer.deadline is not None:
        content["deadline"] = epoch(answer.deadline)
    if answer.via is not None:
        content["via"] = answer.via.value
    if by:
        content["by"] = by
    if answer.reason:
        content["reason"] = answer.reason
    return content


def stage_of(answer: Answer, *, is_cancelled: bool = False) -> Stage:
    """Where a student's question stands, as its message says it."""
    if is_cancelled:
        return "cancelled"
    if answer.state is AnswerState.MISSED and answer.disputed_at is not None:
        return "disputed"
    if answer.state is AnswerState.CONFIRMED and answer.decided_by:
        return "accepted"
    return _STAGES[answer.state]


def _cards(look: CheckLook) -> Iterator[tuple[Subject, Wanted]]:
    reachable = [each for each in look.trainers if each in look.people and look.people[each].slack_user_id]
    if not reachable:
        return
    content = card(look)
    for trainer in reachable:
        kind, gap = MessageKind.CHECK_CARD, CARD_GAP_SECONDS
        wanted = Wanted(kind=kind, recipient=trainer, content=content, due_at=look.now, edit_gap_seconds=gap)
        yield look.check.id, wanted


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
    if len(unconfirmed) > MOST_NAMED:
        content["more_unconfirmed"] = len(unconfirmed) - MOST_NAMED
    if len(late) > MOST_LISTED:
        content["more_late"] = len(late) - MOST_LISTED
    if len(failed) > MOST_NAMED:
        content["more_failed"] = len(failed) - MOST_NAMED
    return content


def _card_stage(look: CheckLook, newest: Checkpoint | None) -> CardStage:
    if look.check.ended_at is not None:
        return "over" if newest is not None else "cancelled"
    if look.state is RunState.WAITING_FOR_PARTICIPANT:
        return "waiting"
    if newest is None:
        return "preparing"
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


def _names(look: CheckLook, person_ids: Iterator[str]) -> list[str]:
    return sorted((look.name_of(each) for each in person_ids), key=name_order)
