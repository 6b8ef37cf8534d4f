"""`/rollcall now`: who is here, late, waiting, missing, unknown."""

from bot.errors import NotAllowedNow, NotFound
from bot.messages import actions
from bot.messages.actions import pattern
from bot.messages.now import now
from bot.permissions import Action
from handlers.slack.door import Door
from handlers.slack.grammar import Verb, leading_name
from handlers.slack.meant import Asked, Which, lesson_meant, lessons_about, near
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit


class NowDoor:
    """The lesson that runs; its room opens half an hour before."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.MENU_NOW), self.chosen)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command, or a lesson that was picked from several."""
        lesson_id = asked.lesson_id or await self._running(visit, caller, asked)
        if not lesson_id:
            return
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.SEE_LIVE, matter)
        if matter.is_cancelled:
            raise NotAllowedNow(caller.says.is_cancelled(matter.title))
        await self._office.say(visit, now(lesson=matter.lesson, sheet=matter.sheet(), reader=caller.reader))

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.NOW))

    async def _running(self, visit: Visit, caller: Caller, asked: Asked) -> str:
        courses = caller.taught
        if not courses:
            raise NotAllowedNow(caller.says.no_course_of_yours())
        name, _ = leading_name(asked.words, [course.name for course in courses])
        if asked.words and not name:
            raise NotFound(caller.says.no_course_named([course.name for course in courses]))
        meant = [course for course in courses if not name or course.name == name]
        lessons = await lessons_about(self._office, meant, now=visit.now)
        if not near(lessons, Which.RUNNING, visit.now):
            coming = [lesson for lesson in lessons if lesson.planned_start > visit.now]
            next_at = int(coming[0].planned_start.timestamp()) if coming else None
            raise NotFound(caller.says.no_lesson_now(coming[0].title if coming else name or meant[0].name, next_at))
        lesson_id, _ = await lesson_meant(
            self._office, visit, caller, courses=meant, which=Which.RUNNING, verb=Verb.NOW.value
        )
        return lesson_id
