"""*Are you there?*: what students answer, by the button or by the word said aloud, and what trainers decide of it."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import cast

import structlog

from bot.attendance.checks.card import WAIVABLE
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.telling import question, stage_of, with_answer
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, Via
from bot.attendance.lessons import LessonState, Role
from bot.attendance.wanted import CheckQuestionContent, MessageKind
from bot.errors import BadInput, NotAllowedNow, NotFound, SlackBusy, SlackRefused
from bot.messages import actions, check_views, views
from bot.messages.actions import ButtonValue, pattern
from bot.messages.check_answers import CheckAnswers
from bot.messages.check_views import Unconfirmed
from bot.messages.render import render
from bot.permissions import Action
from handlers.batches import Together
from handlers.checks import Checks
from handlers.slack.check_refusals import refusal, refusals
from handlers.slack.door import Door
from handlers.slack.meant import is_running, lessons_about
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.visit import Visit
from storage.messages import StoredMessage

log = structlog.get_logger(__name__)

#: An answer with its lesson's id and its question.
Found = tuple[str, Checkpoint, Answer]
#: A message's id, what stands in it by now, and since when.
Shown = tuple[str, CheckQuestionContent, datetime]


class ConfirmDoor:
    """Who presses acts for themselves, whosever message it is; a press is answered in the message that was pressed."""

    def __init__(self, office: Office, checks: Checks) -> None:
        self._office = office
        self._checks = checks
        self._shown: Together[Shown, None] = Together(self._note_shown)

    def register(self, door: Door) -> None:
        door.action(pattern(actions.CHECK_CONFIRM), self.confirm)
        door.action(pattern(actions.CHECK_WAS_THERE), self.was_there)
        door.action(pattern(actions.CHECK_ACCEPT), self.accept)
        door.action(pattern(actions.CHECK_WAIVE), self.ask_whom_to_waive)
        door.view(actions.CHECK_WAIVE_VIEW, self.waive)

    async def confirm(self, visit: Visit) -> None:
        """The button; after the deadline it says *I was there*, whatever still stands on it."""
        (caller, message), value = await self._office.presser(visit), ButtonValue.read(visit.value)
        try:
            answer = await self._checks.confirm(
                value.lesson, caller.person_id, via=Via.BUTTON, now=visit.now, checkpoint_id=value.detail
            )
        except CheckRefused as refused:
            raise await self._why_not(caller, value, refused) from refused
        await self._answer_in_place(visit, caller, message, answer)

    async def was_there(self, visit: Visit) -> None:
        """Late within twice the window, a dispute after that."""
        (caller, message), value = await self._office.presser(visit), ButtonValue.read(visit.value)
        try:
            answer = await self._checks.was_there(value.detail, caller.person_id, now=visit.now)
        except CheckRefused as refused:
            raise await self._why_not(caller, value, refused) from refused
        await self._answer_in_place(visit, caller, message, answer)

    async def by_word(self, visit: Visit, caller: Caller, word: str) -> None:
        """`/presence confirm WORD`, in whichever of their lessons a question is open to them."""
        says = CheckAnswers(caller.reader)
        if not word:
            raise BadInput(says.say_the_word())
        asked = await self._asked(visit, caller)
        found = [each for each in asked if each[2].state is AnswerState.AWAITED]
        if not found:
            has_missed = any(answer.state is AnswerState.MISSED for *_, answer in asked[-1:])
            raise NotAllowedNow(says.too_late() if has_missed else says.not_asked())
        meant = [each for each in found if _same(each[1].word, word)]
        if not meant:
            raise BadInput(says.wrong_word())
        lesson_id, checkpoint, _ = meant[-1]
        with refusals(caller):
            answer = await self._checks.confirm(
                lesson_id,
                caller.person_id,
                via=Via.CODE,
                now=visit.now,
                word=checkpoint.word,
                checkpoint_id=checkpoint.id,
            )
        await self._office.say(visit, self._told(caller, answer))

    async def own(self, visit: Visit, caller: Caller) -> None:
        """A student's newest question as it stands, with its button: for whom the message did not reach."""
        found = await self._asked(visit, caller)
        if not found:
            raise NotAllowedNow(CheckAnswers(caller.reader).not_asked())
        lesson_id, checkpoint, answer = found[-1]
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        content = question(matter.lesson, checkpoint, answer)
        sent_at = int((answer.asked_at or visit.now).timestamp())
        await self._office.say(visit, render(MessageKind.CHECK_QUESTION, content, caller.reader, sent_at=sent_at))

    async def accept(self, visit: Visit) -> None:
        """A trainer lets a late answer, or a dispute, count."""
        caller, value = await self._office.caller(visit), ButtonValue.read(visit.value)
        with refusals(caller):
            await self._checks.accept_late(value.detail, value.person, caller.person_id, now=visit.now)
        matter = await self._office.matter(caller, value.lesson, now=visit.now)
        await self._office.say(visit, CheckAnswers(caller.reader).accepted(_name(matter, value.person)))

    async def ask_whom_to_waive(self, visit: Visit) -> None:
        """Open the modal at once, because the trigger lasts three seconds, and fill it when the answers are read."""
        caller, value = await self._office.caller(visit), ButtonValue.read(visit.value)
        view_id = await self._office.open(visit, views.loading(reader=caller.reader))
        matter = await self._office.matter(caller, value.lesson, now=visit.now)
        self._office.allow(caller, Action.CHECK, matter)
        answers = _waivable(matter, value.detail)
        if not answers:
            raise NotFound(CheckAnswers(caller.reader).nothing_to_waive())
        view = check_views.check_waive_view(
            lesson_id=value.lesson, title=matter.title, answers=answers, reader=caller.reader
        )
        await self._office.replace(visit, view_id, view)

    async def waive(self, visit: Visit) -> None:
        """Whose answer, and why."""
        caller, value = await self._office.caller(visit), ButtonValue.read(visit.value)
        checkpoint_id, _, person_id = visit.filled_in(actions.CHECK_ANSWERED).partition(" ")
        reason = visit.filled_in(actions.REASON)
        with refusals(caller):
            await self._checks.waive(checkpoint_id, person_id, caller.person_id, reason, now=visit.now)
        matter = await self._office.matter(caller, value.lesson, now=visit.now)
        await self._office.say(visit, CheckAnswers(caller.reader).waived(_name(matter, person_id)))

    async def _answer_in_place(
        self, visit: Visit, caller: Caller, message: StoredMessage | None, answer: Answer
    ) -> None:
        """Show what became of it where it was pressed: an edit would wait for its turn among a thousand others."""
        is_own = message is not None and (message.lesson_id, message.recipient) == answer.key
        if message is None or not is_own or message.content is None:
            self._office.wake()  # their own message follows by an edit
            await self._office.say(visit, self._told(caller, answer))
            return
        content = with_answer(cast("CheckQuestionContent", message.content), answer)
        shown = render(message.kind, content, caller.reader)
        try:
            await self._office.slack.respond(visit.response_url, text=shown.text, blocks=shown.blocks, in_place=True)
        except (SlackBusy, SlackRefused) as failed:
            log.info("press_not_answered_in_place", message=message.id, code=failed.code)
            self._office.wake()  # the edit follows
            return
        await self._shown.add((message.id, content, visit.now))

    async def _note_shown(self, batch: Sequence[Shown]) -> list[None]:
        """Those who pressed at once, at once."""
        async with self._office.store.write() as memory:
            for message_id, content, now in sorted(batch, key=itemgetter(0)):
                await memory.messages.shown(message_id, content, now=now)
        return [None] * len(batch)

    def _told(self, caller: Caller, answer: Answer) -> str:
        says = CheckAnswers(caller.reader)
        if answer.state is AnswerState.CONFIRMED and answer.at is not None and not answer.decided_by:
            return says.confirmed(int(answer.at.timestamp()))
        return says.stands(stage_of(answer))

    async def _why_not(self, caller: Caller, value: ButtonValue, refused: CheckRefused) -> NotAllowedNow:
        """What stands already is said; whom nobody asked is told that."""
        async with self._office.store.read() as memory:
            found = await memory.checks.of([value.lesson], person_ids=[caller.person_id])
        logging = found.get(value.lesson)
        answer = logging.by_key.get((value.detail, caller.person_id)) if logging is not None else None
        if answer is None:
            return refusal(caller, RefusalCode.PRESENCE_LOGGING_NOT_ALLOWED_FOR_PARTICIPANT)
        if answer.state in {AnswerState.AWAITED, AnswerState.MISSED}:
            return refusal(caller, refused.code)
        return NotAllowedNow(self._told(caller, answer))

    async def _asked(self, visit: Visit, caller: Caller) -> list[Found]:
        """This student's answers in the lessons that run now, the newest last."""
        lessons = await lessons_about(self._office, caller.courses_as(Role.STUDENT), now=visit.now)
        running = [each.id for each in lessons if each.state is LessonState.LIVE or is_running(each, visit.now)]
        async with self._office.store.read() as memory:
            loggings = await memory.checks.of(running, person_ids=[caller.person_id])
        found = [
            (lesson_id, logging.checkpoints[answer.checkpoint_id], answer)
            for lesson_id, logging in loggings.items()
            for answer in logging.answers
        ]
        return sorted(found, key=lambda each: each[1].opened_at or each[1].planned_at)


def _waivable(matter: Matter, check_id: str) -> list[Unconfirmed]:
    logging = matter.facts.logging
    if logging is None:
        return []
    found = []
    for answer in logging.answers:
        checkpoint = logging.checkpoints[answer.checkpoint_id]
        if answer.state in WAIVABLE and checkpoint.check_id == check_id:
            name = _name(matter, answer.person_id)
            found.append(Unconfirmed(checkpoint.id, checkpoint.number, answer.person_id, name))
    return found


def _name(matter: Matter, person_id: str) -> str:
    person = matter.person(person_id)
    return person.name if person is not None else ""


def _same(word: str, typed: str) -> bool:
    return bool(word) and word.casefold() == " ".join(typed.casefold().split()).strip(".!")
