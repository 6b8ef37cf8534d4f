"""`/rollcall cancel`, *Cancelled today* and the menu's modal: the ladder stops, the channel is told."""

from collections.abc import Sequence

from bot.attendance.lessons import CorrectionKind, Role
from bot.errors import NotAllowedNow
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.grammar import Verb, Word, sentence
from handlers.slack.meant import Asked, Which, lesson_meant
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.reminder import refuse_if_closed
from handlers.slack.visit import Visit


class CancelDoor:
    """The lesson that runs, else the next one."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.CANCEL_TODAY), self.pressed)
        door.action(pattern(actions.MENU_CANCEL), self.chosen)
        door.view(actions.CANCEL_VIEW, self.filled_in)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command; a lesson that was picked from several, or that nobody has named, is shown before."""
        if asked.lesson_id:
            await self._ask(visit, caller, asked.lesson_id)
            return
        lesson_id, reason = await self._meant(visit, caller, asked)
        if lesson_id and not asked.words:
            await self._ask(visit, caller, lesson_id)
        elif lesson_id:
            matter = await self._cancel(caller, lesson_id, sentence(reason), visit)
            await self._office.say(visit, caller.says.cancelled(matter.title, matter.start))

    async def pressed(self, visit: Visit) -> None:
        """On the message to a missing trainer or to the coordinator, which then changes by itself."""
        caller = await self._office.caller(visit)
        await self._cancel(caller, ButtonValue.read(visit.value).lesson, "", visit)

    async def chosen(self, visit: Visit) -> None:
        """In the menu: ask before."""
        caller = await self._office.caller(visit)
        lesson_id, _ = await self._meant(visit, caller, Asked(verb=Verb.CANCEL))
        if lesson_id:
            await self._ask(visit, caller, lesson_id)

    async def filled_in(self, visit: Visit) -> None:
        """Yes, this one, and why."""
        caller = await self._office.caller(visit)
        lesson_id, reason = ButtonValue.read(visit.value).lesson, visit.fields.get(actions.REASON, "")
        matter = await self._cancel(caller, lesson_id, reason, visit)
        await self._office.say(visit, caller.says.cancelled(matter.title, matter.start))

    async def _meant(self, visit: Visit, caller: Caller, asked: Asked) -> tuple[str, Sequence[Word]]:
        coordinated = [course for course in caller.courses if course.coordinates and Role.TRAINER not in course.roles]
        courses = [*caller.taught, *coordinated]
        if not courses:
            raise NotAllowedNow(caller.says.not_allowed(Action.CANCEL))
        return await lesson_meant(
            self._office,
            visit,
            caller,
            courses=courses,
            which=Which.RUNNING_OR_NEXT,
            verb=Verb.CANCEL.value,
            words=asked.words,
        )

    async def _ask(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        matter = await self._cancellable(caller, lesson_id, visit)
        view = views.cancel_view(lesson_id=lesson_id, title=matter.title, start=matter.start, reader=caller.reader)
        await self._office.open(visit, view)

    async def _cancel(self, caller: Caller, lesson_id: str, reason: str, visit: Visit) -> Matter:
        matter = await self._cancellable(caller, lesson_id, visit)
        await self._office.note_or_refuse(caller, matter, Act(kind=CorrectionKind.CANCELLED, note=reason))
        return matter

    async def _cancellable(self, caller: Caller, lesson_id: str, visit: Visit) -> Matter:
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.CANCEL, matter)
        refuse_if_closed(caller, matter)
        return matter
