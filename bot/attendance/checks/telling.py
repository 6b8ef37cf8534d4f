"""Who is told what of a presence check: a student's question, its whole life in one message, and the trainers' card."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from bot.attendance.checks.card import card
from bot.attendance.checks.limits import ASK_WITHIN
from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, CheckpointState, Via
from bot.attendance.lessons import Lesson, Person
from bot.attendance.telling import about, epoch, notice_of
from bot.attendance.wanted import (
    CheckQuestionContent,
    MessageKind,
    Wanted,
)

#: The card is edited at most this often.
CARD_GAP_SECONDS = 10
#: Who presses is answered in the message at once; the edit follows only if that did not work.
AFTER_A_PRESS = timedelta(seconds=3)

Stage = Literal[
    "asked", "confirmed", "missed", "late", "disputed", "accepted", "waived", "disconnected", "void", "cancelled"
]

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


def tell(look: CheckLook) -> tuple[tuple[str, Wanted], ...]:
    """What should stand in Slack, each with what it is about: a question's id, or the check's."""
    return (*_questions(look), *_cards(look))


def _questions(look: CheckLook) -> Iterator[tuple[str, Wanted]]:
    # Whoever is asked the same shares one content, which is then written down once.
    asked: dict[tuple[str, timedelta | None, datetime | None, bool], CheckQuestionContent] = {}
    for answer in look.answers:
        person = look.people.get(answer.person_id)
        is_changed = look.changed is None or answer.key in look.changed
        is_told = answer.state is not AnswerState.UNDELIVERED
        if is_changed and is_told and person is not None and person.slack_user_id:
            if answer.state is not AnswerState.AWAITED:
                yield answer.checkpoint_id, _outcome(look, answer)
                continue
            key = (answer.checkpoint_id, answer.window, _put_off_to(answer), person.is_informed)
            content = asked.get(key) or asked.setdefault(key, _asked(look, answer, person))
            yield answer.checkpoint_id, _asking(look, answer, content)


def _asked(look: CheckLook, answer: Answer, person: Person) -> CheckQuestionContent:
    content = question(look.lesson, look.checkpoints[answer.checkpoint_id], answer)
    if not person.is_informed:
        content["notice"] = notice_of(look.lesson)
    return content


def _asking(look: CheckLook, answer: Answer, content: CheckQuestionContent) -> Wanted:
    """What is asked is asked once, and stands as it was sent; only a deadline that was put off is an edit."""
    opened_at = look.checkpoints[answer.checkpoint_id].opened_at or look.now
    return Wanted(
        kind=MessageKind.CHECK_QUESTION,
        recipient=answer.person_id,
        content=content,
        due_at=look.now,
        not_after=opened_at + ASK_WITHIN,
        only_if_new=_put_off_to(answer) is None,
    )


def _outcome(look: CheckLook, answer: Answer) -> Wanted:
    """What became of it is an edit, and never a new message: whom it did not reach is not told."""
    decider = look.name_of(answer.decided_by)
    is_press = (answer.via is Via.BUTTON or answer.disputed_at is not None) and not answer.decided_by
    return Wanted(
        kind=MessageKind.CHECK_QUESTION,
        recipient=answer.person_id,
        content=question(look.lesson, look.checkpoints[answer.checkpoint_id], answer, by=decider),
        due_at=look.now + AFTER_A_PRESS if is_press else look.now,
        not_after=look.now - timedelta(microseconds=1),
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
        put_off_to = _put_off_to(answer)
        if put_off_to is not None:
            content["deadline"] = epoch(put_off_to)
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


def _put_off_to(answer: Answer) -> datetime | None:
    """The deadline of who was given the whole time again, because the bot or Slack was down."""
    if answer.asked_at is None or answer.deadline is None or answer.window is None:
        return None
    return answer.deadline if answer.deadline > answer.asked_at + answer.window else None


def stage_of(answer: Answer, *, is_cancelled: bool = False) -> Stage:
    """Where a student's question stands, as its message says it."""
    if is_cancelled:
        return "cancelled"
    if answer.state is AnswerState.MISSED and answer.disputed_at is not None:
        return "disputed"
    if answer.state is AnswerState.CONFIRMED and answer.decided_by:
        return "accepted"
    return _STAGES[answer.state]


def _cards(look: CheckLook) -> Iterator[tuple[str, Wanted]]:
    reachable = [each for each in look.trainers if each in look.people and look.people[each].slack_user_id]
    if not reachable:
        return
    content = card(look)
    for trainer in reachable:
        kind, gap = MessageKind.CHECK_CARD, CARD_GAP_SECONDS
        wanted = Wanted(kind=kind, recipient=trainer, content=content, due_at=look.now, edit_gap_seconds=gap)
        yield look.check.id, wanted
