"""`/rollcall check`, `/presence`, the board's *Presence check*: a trainer asks who is there, once or now and then."""

from collections.abc import Sequence

from bot.attendance.checks.card import card
from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.values import AnswerState
from bot.attendance.wanted import MessageKind
from bot.errors import BadInput
from bot.messages import actions, check_views, views
from bot.messages.actions import ButtonValue, pattern
from bot.messages.check_answers import CheckAnswers
from bot.messages.message import Message, Reader
from bot.messages.render import render
from bot.permissions import Action
from handlers.checks import Checks
from handlers.slack.check_form import series_of, settings_meant, wrong_fields
from handlers.slack.check_grammar import (
    CheckLine,
    CheckVerb,
    NoLength,
    Series,
    parse_check,
    parse_time,
)
from handlers.slack.check_refusals import refusal, refusals
from handlers.slack.confirm import ConfirmDoor
from handlers.slack.door import Door
from handlers.slack.grammar import Verb, Word, sentence, split
from handlers.slack.meant import Asked, Which, lesson_meant, places_of, student_meant
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.visit import Visit
from storage.door import KnownStudent

COMMAND = "/presence"


class CheckDoor:
    """What a trainer does with presence checks; what students answer is `ConfirmDoor`'s."""

    def __init__(self, office: Office, checks: Checks, confirming: ConfirmDoor) -> None:
        self._office = office
        self._checks = checks
        self._confirming = confirming

    def register(self, door: Door) -> None:
        door.command(COMMAND, self.typed)
        door.action(pattern(actions.CHECK_NOW), self.pressed_now)
        door.action(pattern(actions.CHECK_STOP), self.pressed_stop)
        door.action(pattern(actions.CHECK_START), self.pressed_start)
        door.action(pattern(actions.MENU_CHECK), self.chosen)
        door.view(actions.CHECK_VIEW, self.filled_in, check=wrong_fields)

    async def typed(self, visit: Visit) -> None:
        """`/presence` is `/rollcall check`."""
        caller = await self._office.caller(visit)
        await self.answer(visit, caller, Asked(verb=Verb.CHECK, words=split(visit.text)))

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command; with nothing, a trainer is asked by the modal, and a student sees the own question."""
        says = CheckAnswers(caller.reader)
        try:
            line = parse_check(asked.words)
        except NoLength as wrong:
            raise BadInput(says.no_length(wrong.typed)) from None
        if line.typed and line.verb is None:
            raise BadInput(says.unknown_check(line.typed))
        if line.verb is CheckVerb.TIME:
            await self._give_time(visit, caller, asked, line)
        elif line.verb is CheckVerb.CONFIRM:
            await self._confirming.by_word(visit, caller, sentence(line.words))
        elif not caller.taught and line.verb in {None, CheckVerb.STATUS}:
            await self._confirming.own(visit, caller)
        else:
            lesson_id = asked.lesson_id or await self._running(visit, caller, asked.words, line)
            if lesson_id:
                await self._do(visit, caller, lesson_id, line)

    async def pressed_now(self, visit: Visit) -> None:
        """*Ask now* on the card."""
        caller = await self._office.caller(visit)
        await self._ask(visit, caller, ButtonValue.read(visit.value).lesson)

    async def pressed_stop(self, visit: Visit) -> None:
        """*Stop* on the card."""
        caller = await self._office.caller(visit)
        await self._stop(visit, caller, ButtonValue.read(visit.value).lesson)

    async def pressed_start(self, visit: Visit) -> None:
        """*Presence check* on the board."""
        caller = await self._office.caller(visit)
        await self._open(visit, caller, ButtonValue.read(visit.value).lesson)

    async def chosen(self, visit: Visit) -> None:
        """In the menu and at home."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.CHECK))

    async def filled_in(self, visit: Visit) -> None:
        """Once or as a series, and when."""
        caller = await self._office.caller(visit)
        lesson_id = ButtonValue.read(visit.value).lesson
        template = visit.filled_in(actions.CHECK_TEMPLATE)
        if template == check_views.ASK_NOW:
            await self._ask(visit, caller, lesson_id)
        else:
            await self._start(visit, caller, lesson_id, series_of(visit, template))

    async def _running(self, visit: Visit, caller: Caller, words: Sequence[Word], line: CheckLine) -> str:
        """The lesson that runs now, of those whom they teach; empty where they were asked which one."""
        if not caller.taught:
            raise refusal(caller, RefusalCode.INSUFFICIENT_PERMISSIONS)
        again = f"{Verb.CHECK.value} {sentence(words)}".strip()
        courses, which = caller.taught, Which.RUNNING
        lesson_id, _ = await lesson_meant(
            self._office, visit, caller, courses=courses, which=which, verb=again, words=line.words
        )
        return lesson_id

    async def _give_time(self, visit: Visit, caller: Caller, asked: Asked, line: CheckLine) -> None:
        """One student of the course has longer to answer, from the next question on."""
        says = CheckAnswers(caller.reader)
        if not caller.taught:
            raise refusal(caller, RefusalCode.INSUFFICIENT_PERMISSIONS)
        who, window = parse_time(line.words)
        if window is None or not (who or asked.person_id):
            raise BadInput(says.how_to_give_time())
        seconds = int(window.total_seconds())
        again, courses = f"{Verb.CHECK.value} {CheckVerb.TIME.value} {seconds}s", caller.taught
        if asked.person_id:
            places = await places_of(self._office, asked.person_id, courses)
        else:
            places = await student_meant(self._office, visit, caller, who, courses=courses, detail=again)
        if not places:
            return
        lesson_id = asked.lesson_id or await self._near(visit, caller, places, again)
        if lesson_id:
            with refusals(caller):
                await self._checks.give_time(lesson_id, places[0].person_id, caller.person_id, window, now=visit.now)
            await self._office.say(visit, says.longer(places[0].name, seconds))

    async def _near(self, visit: Visit, caller: Caller, places: Sequence[KnownStudent], again: str) -> str:
        """The lesson that runs or comes next, of a course in which they are a student; empty where it was asked."""
        shared = {place.course_id for place in places}
        lesson_id, _ = await lesson_meant(
            self._office,
            visit,
            caller,
            courses=[course for course in caller.taught if course.id in shared],
            which=Which.RUNNING_OR_NEXT,
            verb=again,
            person_id=places[0].person_id,
        )
        return lesson_id

    async def _do(self, visit: Visit, caller: Caller, lesson_id: str, line: CheckLine) -> None:
        if line.verb is CheckVerb.NOW:
            await self._ask(visit, caller, lesson_id)
        elif line.verb is CheckVerb.START:
            await self._start(visit, caller, lesson_id, line.series)
        elif line.verb is CheckVerb.STOP:
            await self._stop(visit, caller, lesson_id)
        elif line.verb is CheckVerb.STATUS:
            await self._show(visit, caller, lesson_id)
        else:
            await self._open(visit, caller, lesson_id)

    async def _ask(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        """Once, at once."""
        says = CheckAnswers(caller.reader)
        with refusals(caller):
            checkpoint = await self._checks.check_now(lesson_id, caller.person_id, now=visit.now)
            status = await self._checks.status(lesson_id, now=visit.now)
        answers = status.logging.answers_to(checkpoint.id) if status.logging is not None else []
        asked = [each for each in answers if each.state is not AnswerState.UNDELIVERED]
        await self._office.say(visit, says.asked(len(asked)))

    async def _start(self, visit: Visit, caller: Caller, lesson_id: str, series: Series) -> None:
        matter = await self._trainers(visit, caller, lesson_id)
        says = CheckAnswers(caller.reader)
        try:
            settings = settings_meant(series, matter.lesson.policy.presence_checks)
        except CheckRefused as refused:
            raise refusal(caller, refused.code) from refused
        with refusals(caller):
            check = await self._checks.enable(lesson_id, caller.person_id, settings, now=visit.now)
        if check.started_at is None:
            await self._office.say(visit, says.waits(matter.title))
        elif check.is_asking_still:
            await self._office.say(visit, says.started(matter.title))
        else:
            await self._office.say(visit, says.started_in_vain(matter.title))

    async def _stop(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        matter = await self._trainers(visit, caller, lesson_id)
        with refusals(caller):
            await self._checks.disable(lesson_id, caller.person_id, now=visit.now)
        await self._office.say(visit, CheckAnswers(caller.reader).stopped(matter.title))

    async def _show(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        """The card as it stands now, where it was asked for."""
        matter = await self._trainers(visit, caller, lesson_id)
        shown = card_of(matter, caller.reader)
        if shown is None:
            raise refusal(caller, RefusalCode.PRESENCE_LOGGING_NOT_ENABLED)
        await self._office.say(visit, shown)

    async def _open(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        """Open the modal at once, because the trigger lasts three seconds, and fill it when the lesson is read."""
        view_id = await self._office.open(visit, views.loading(reader=caller.reader))
        matter = await self._trainers(visit, caller, lesson_id)
        view = check_views.check_view(
            lesson_id=lesson_id,
            title=matter.title,
            template=matter.lesson.policy.presence_checks,
            reader=caller.reader,
        )
        await self._office.replace(visit, view_id, view)

    async def _trainers(self, visit: Visit, caller: Caller, lesson_id: str) -> Matter:
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.CHECK, matter)
        return matter


def card_of(matter: Matter, reader: Reader) -> Message | None:
    """The trainer's card of the newest presence check; None where there was none."""
    logging = matter.facts.logging
    if logging is None or not logging.checks:
        return None
    check = logging.checks[-1]
    everybody = (*matter.facts.known, *matter.facts.roster)
    look = CheckLook(
        lesson=matter.lesson,
        check=check,
        state=logging.state,
        answers=logging.answers_in(check),
        people={person.id: person for person in everybody},
        trainers=(),
        now=matter.now,
    )
    return render(MessageKind.CHECK_CARD, card(look), reader)
