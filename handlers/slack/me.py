"""`/rollcall me`: somebody's own attendance, lesson by lesson, and the sums."""

from collections.abc import Iterable

from bot.attendance.lessons import Role
from bot.attendance.sheet import PersonSheet, Sheet, Verdict
from bot.attendance.written import parse
from bot.messages import actions
from bot.messages.actions import pattern
from bot.messages.me import OwnCourse, OwnLesson, me
from handlers.slack.door import Door
from handlers.slack.grammar import Verb
from handlers.slack.meant import Asked
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit
from storage.door import KnownCourse

#: Lessons that count for nothing: in neither sum of the course rule (attendance-rules, section 7).
NOT_COUNTED = frozenset({Verdict.NOT_HELD, Verdict.NO_DATA, Verdict.PENDING})


class MeDoor:
    """Read from the sheets that were written down, so that it says what everybody else has read."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.MENU_ME), self.chosen)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:  # noqa: ARG002  `me` has no object
        """The command."""
        courses = caller.courses_as(Role.STUDENT)
        async with self._office.store.read() as memory:
            written = await memory.door.written_sheets([course.id for course in courses])
        own = [own_course(course, sheets_of(course.id, written), caller.person_id) for course in courses]
        await self._office.say(visit, me(name=caller.name, courses=own, reader=caller.reader))

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.ME))


def sheets_of(course_id: str, written: Iterable[tuple[str, str]]) -> list[Sheet]:
    """The sheets of one course."""
    return [parse(body) for course, body in written if course == course_id]


def own_course(course: KnownCourse, sheets: Iterable[Sheet], person_id: str) -> OwnCourse:
    """One person's lessons of a course, and Σ attended ÷ Σ D over those that count, on the basis of the course."""
    lines = [(sheet, line) for sheet in sheets if (line := sheet.person(person_id)) and line.role is Role.STUDENT]
    is_planned = course.basis == "planned"
    counted = [line for _, line in lines if line.verdict not in NOT_COUNTED]
    attended = sum(_attended(line, is_planned=is_planned) for line in counted)
    base = sum(_base(line, is_planned=is_planned) for line in counted)
    return OwnCourse(
        title=course.name,
        lessons=[_own_lesson(sheet, line, is_planned=is_planned) for sheet, line in lines],
        attended_seconds=attended,
        base_seconds=base,
        permille=attended * 1000 // base if base else None,
    )


def _own_lesson(sheet: Sheet, line: PersonSheet, *, is_planned: bool) -> OwnLesson:
    return OwnLesson(
        start=int(sheet.planned_start.timestamp()),
        verdict=(line.verdict or Verdict.PENDING).value,
        flags=[flag.value for flag in line.flags],
        late_seconds=int(line.late_by.total_seconds()) if line.late_by is not None else None,
        attended_seconds=_attended(line, is_planned=is_planned),
        base_seconds=_base(line, is_planned=is_planned),
        permille=line.permille_planned if is_planned else line.permille_held,
    )


def _attended(line: PersonSheet, *, is_planned: bool) -> int:
    return line.attended.planned if is_planned else line.attended.held


def _base(line: PersonSheet, *, is_planned: bool) -> int:
    return line.denominator.planned if is_planned else line.denominator.held
