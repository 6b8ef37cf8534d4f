"""`/rollcall mark`, *Mark…* on the board and in the menu: a trainer corrects one student's attendance."""

from collections.abc import Sequence

from bot.attendance.lessons import CorrectionKind
from bot.attendance.wanted import Choice
from bot.errors import BadInput, NotAllowedNow, NotFound
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.grammar import MARKS, Mark, MarkKind, Verb, Who, parse_mark, sentence
from handlers.slack.meant import Asked, Which, lesson_meant, places_of, student_meant
from handlers.slack.office import Caller, Office
from handlers.slack.visit import OLD_FORM, Visit
from storage.door import KnownCourse

KINDS = {
    MarkKind.PRESENT: CorrectionKind.PRESENT,
    MarkKind.EXCUSED: CorrectionKind.EXCUSED,
    MarkKind.ABSENT: CorrectionKind.NOT_PRESENT,
}


class MarkDoor:
    """About the lesson that runs, else the last that ended, of the one course that both share; otherwise it asks."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.MARK), self.pressed)
        door.action(pattern(actions.MENU_MARK), self.chosen)
        door.view(actions.MARK_VIEW, self.filled_in)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command, with whatever is known of it by now; with nothing, the modal asks."""
        courses = caller.taught
        if not courses and not asked.lesson_id:
            raise NotAllowedNow(caller.says.no_course_of_yours())
        if not asked.words:
            await self._ask_about(visit, caller, asked, courses)
            return
        mark = picked(asked) if asked.person_id else parse_mark(asked.words)
        if mark.kind is None or not (asked.person_id or mark.who):
            raise BadInput(caller.says.how_to_mark())
        person_id, lesson_id = asked.person_id, asked.lesson_id
        if not lesson_id:
            person_id, lesson_id = await self._find(visit, caller, courses, mark, person_id)
        if lesson_id:
            await self._mark(visit, caller, lesson_id, person_id, mark)

    async def pressed(self, visit: Visit) -> None:
        """On the board, the trainer's card or *now*."""
        caller = await self._office.caller(visit)
        await self._ask(visit, caller, ButtonValue.read(visit.value).lesson)

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.MARK))

    async def filled_in(self, visit: Visit) -> None:
        """Whom, as what, and why."""
        caller = await self._office.caller(visit)
        kind = _kind(visit.filled_in(actions.MARK_KIND))
        mark = Mark(Who(), kind, visit.fields.get(actions.REASON, ""))
        lesson_id = ButtonValue.read(visit.value).lesson
        await self._mark(visit, caller, lesson_id, visit.filled_in(actions.PERSON), mark)

    async def _find(
        self, visit: Visit, caller: Caller, courses: Sequence[KnownCourse], mark: Mark, person_id: str
    ) -> tuple[str, str]:
        """(person, lesson) of the course that both share; no lesson where the caller was asked."""
        detail = f"{Verb.MARK.value} {mark.kind} {mark.reason}".strip()
        if person_id:
            places = await places_of(self._office, person_id, courses)
        else:
            places = await student_meant(self._office, visit, caller, mark.who, courses=courses, detail=detail)
        if not places:
            return "", ""
        shared = {place.course_id for place in places}
        lesson_id, _ = await lesson_meant(
            self._office,
            visit,
            caller,
            courses=[course for course in courses if course.id in shared],
            which=Which.RUNNING_OR_LAST,
            verb=detail,
            person_id=places[0].person_id,
        )
        return places[0].person_id, lesson_id

    async def _ask_about(self, visit: Visit, caller: Caller, asked: Asked, courses: Sequence[KnownCourse]) -> None:
        lesson_id = asked.lesson_id
        if not lesson_id:
            which, verb = Which.RUNNING_OR_LAST, Verb.MARK.value
            lesson_id, _ = await lesson_meant(self._office, visit, caller, courses=courses, which=which, verb=verb)
        if lesson_id:
            await self._ask(visit, caller, lesson_id)

    async def _ask(self, visit: Visit, caller: Caller, lesson_id: str) -> None:
        """Open the modal at once, because the trigger lasts three seconds, and fill it when the roster is read."""
        view_id = await self._office.open(visit, views.loading(reader=caller.reader))
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.MARK, matter)
        people = [Choice(person_id=person.id, name=person.name) for person in matter.students()]
        if not people:
            raise NotFound(caller.says.no_students(matter.title))
        view = views.mark_view(
            lesson_id=lesson_id,
            title=matter.title,
            people=people,
            reader=caller.reader,
            needs_reason=matter.is_locked,
        )
        await self._office.replace(visit, view_id, view)

    async def _mark(self, visit: Visit, caller: Caller, lesson_id: str, person_id: str, mark: Mark) -> None:
        assert mark.kind is not None  # nobody comes here without one
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.MARK, matter)
        person = next((student for student in matter.students() if student.id == person_id), None)
        if person is None:
            raise NotFound(caller.says.not_on_roster(matter.title))
        if matter.is_locked and not mark.reason.strip():
            raise BadInput(caller.says.locked_needs_reason(matter.title, person.name))
        await self._office.note_or_refuse(
            caller, matter, Act(kind=KINDS[mark.kind], person=person_id, note=mark.reason)
        )
        await self._office.say(visit, caller.says.marked(person.name, mark.kind.value, matter.title, matter.start))


def _kind(chosen: str) -> MarkKind:
    if chosen not in set(MarkKind):
        raise BadInput(OLD_FORM)
    return MarkKind(chosen)


def picked(asked: Asked) -> Mark:
    """What was typed before somebody was picked: the kind, then the reason."""
    kind = MARKS.get(asked.words[0].key)
    return Mark(Who(), kind, sentence(asked.words[1:]))
