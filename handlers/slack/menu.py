"""`/rollcall`: the menu, help, and the way from a typed verb or a picked lesson to the feature that answers it."""

from collections.abc import Mapping

from bot.attendance.lessons import Role
from bot.errors import BadInput
from bot.messages import actions
from bot.messages.actions import ButtonValue, pattern
from bot.messages.help import help_
from bot.messages.menu import menu
from handlers.slack.door import Door
from handlers.slack.grammar import SYNONYMS, Verb, parse, split
from handlers.slack.meant import Answering, Asked, is_running, lessons_about
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit

COMMAND = "/rollcall"


class MenuDoor:
    """The root command. All answers are seen only by who asked."""

    def __init__(self, office: Office, verbs: Mapping[Verb, Answering]) -> None:
        self._office = office
        self._verbs = verbs

    def register(self, door: Door) -> None:
        door.command(COMMAND, self.typed)
        door.action(pattern(actions.PICK_LESSON), self.picked)
        door.action(pattern(actions.PICK_PERSON), self.picked)
        door.action(pattern(actions.MENU_HELP), self.help)

    async def typed(self, visit: Visit) -> None:
        """A line behind the command."""
        caller = await self._office.caller(visit)
        command = parse(visit.text)
        if command.verb is None:
            suggestion = command.suggestion.value if command.suggestion is not None else ""
            raise BadInput(caller.says.unknown_verb(command.typed, suggestion))
        if command.verb is Verb.MENU:
            await self._menu(visit, caller)
        elif command.verb is Verb.HELP:
            about = SYNONYMS.get(command.words[0].key) if command.words else None
            await self._office.say(visit, help_(verb=about.value if about else "", reader=caller.reader))
        else:
            await self._verbs[command.verb].answer(visit, caller, Asked(verb=command.verb, words=command.words))

    async def picked(self, visit: Visit) -> None:
        """*Which lesson?*, *Who is meant?*: go on with what was typed before."""
        value = ButtonValue.read(visit.value)
        words = split(value.detail)
        verb = SYNONYMS.get(words[0].key) if words else None
        answering = self._verbs.get(verb) if verb is not None else None
        caller = await self._office.caller(visit)
        if verb is None or answering is None:
            raise BadInput(caller.says.old_button())
        asked = Asked(verb=verb, words=words[1:], lesson_id=value.lesson, person_id=value.person)
        await answering.answer(visit, caller, asked)

    async def help(self, visit: Visit) -> None:
        """The menu's button."""
        caller = await self._office.caller(visit)
        await self._office.say(visit, help_(reader=caller.reader))

    async def _menu(self, visit: Visit, caller: Caller) -> None:
        lessons = await lessons_about(self._office, [*caller.courses, *caller.stands_in], now=visit.now)
        answer = menu(
            is_student=bool(caller.courses_as(Role.STUDENT)),
            is_trainer=bool(caller.taught),
            is_coordinator=any(course.coordinates for course in caller.courses),
            is_admin=caller.actor.is_admin,
            running=[lesson.title for lesson in lessons if is_running(lesson, visit.now)],
            reader=caller.reader,
        )
        await self._office.say(visit, answer)
