"""`/rollcall me`: somebody's own attendance, lesson by lesson, the sums, and how much may still be missed."""

from bot.attendance.course import Attended, totals
from bot.attendance.lessons import Role
from bot.messages import actions
from bot.messages.actions import pattern
from bot.messages.me import OwnCourse, OwnLesson, me
from handlers.slack.door import Door
from handlers.slack.grammar import Verb
from handlers.slack.meant import Asked
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit
from storage.attended import OwnCourse as OwnCourseRows
from storage.door import KnownCourse


class MeDoor:
    """Read from what was written down, so that it says what everybody else has read."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.MENU_ME), self.chosen)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:  # noqa: ARG002  `me` has no object
        """The command."""
        courses = caller.courses_as(Role.STUDENT)
        async with self._office.store.read() as memory:
            found = await memory.attended.of(caller.person_id, [course.id for course in courses], now=visit.now)
        own = [own_course(course, found[course.id]) for course in courses]
        await self._office.say(visit, me(name=caller.name, courses=own, reader=caller.reader))

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.ME))


def own_course(course: KnownCourse, found: OwnCourseRows) -> OwnCourse:
    """One person's lessons of a course, and how they stand in it."""
    return OwnCourse(
        title=course.name,
        lessons=[_own_lesson(each) for each in found.lessons],
        minimum=course.minimum,
        names_in_channel=course.names_in_channel,
        totals=totals(found.lessons, [each.seconds for each in found.to_come], course.minimum),
    )


def _own_lesson(lesson: Attended) -> OwnLesson:
    return OwnLesson(
        start=int(lesson.planned_start.timestamp()),
        verdict=lesson.verdict.value,
        flags=[flag.value for flag in lesson.flags],
        late_seconds=lesson.late_seconds,
        attended_seconds=lesson.seconds,
        base_seconds=lesson.base,
        permille=min(1000, lesson.seconds * 1000 // lesson.base) if lesson.base else None,
    )
