"""`/rollcall summary`: the summary is posted again, at the end of its channel, as a message of its own."""

from collections.abc import Iterable
from datetime import datetime

from bot.attendance.view import ENDED
from bot.attendance.wanted import MessageKind
from bot.errors import NotAllowedNow
from bot.messages import actions
from bot.messages.actions import pattern
from bot.permissions import Action
from handlers.slack.door import Door
from handlers.slack.grammar import Verb
from handlers.slack.meant import Asked, Which, lesson_meant
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit


class SummaryDoor:
    """The last lesson that ended, unless one is named."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.MENU_SUMMARY), self.chosen)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command, or a lesson that was picked from several."""
        lesson_id = asked.lesson_id
        if not lesson_id:
            courses = caller.taught
            if not courses:
                raise NotAllowedNow(caller.says.no_course_of_yours())
            lesson_id, _ = await lesson_meant(
                self._office,
                visit,
                caller,
                courses=courses,
                which=Which.ENDED,
                verb=Verb.SUMMARY.value,
                words=asked.words,
            )
        if lesson_id:
            await self._post(visit, caller, lesson_id)

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.SUMMARY))

    async def _post(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.POST_SUMMARY, matter)
        if matter.is_cancelled:
            raise NotAllowedNow(caller.says.is_cancelled(matter.title))
        if matter.lesson.state not in ENDED:
            is_before = visit.now < matter.lesson.planned_start
            says = caller.says
            raise NotAllowedNow(
                says.not_begun(matter.title, matter.start) if is_before else says.still_running(matter.title)
            )
        await self._post_anew(lesson_id, (matter.lesson.channel, matter.lesson.staff_channel), now=visit.now)
        await self._office.say(visit, caller.says.summary_comes(matter.title, matter.start))

    async def _post_anew(self, lesson_id: str, channels: Iterable[str], *, now: datetime) -> None:
        """A new message in each channel; the old one stays where it is."""
        async with self._office.store.write() as memory:
            for channel in filter(None, channels):
                await memory.messages.again(lesson_id, MessageKind.SUMMARY, channel, now=now)
        self._office.wake()
