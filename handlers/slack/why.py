"""`/rollcall why`, *Why?* and *This is wrong*: how a verdict came about, and what a student may say against it."""

from collections.abc import Sequence

from bot.attendance.lessons import CorrectionKind, Feed, Role
from bot.attendance.sheet import Verdict
from bot.attendance.wanted import Choice
from bot.errors import NotAllowedNow, NotFound
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.messages.why import why
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.grammar import Verb, Who, Word, leading_name, leading_person
from handlers.slack.meant import Asked, Which, lesson_meant, places_of, student_meant
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit
from storage.door import KnownCourse, KnownStudent

#: Until there is a verdict there is nothing to say against it.
_UNDECIDED = frozenset({Verdict.PENDING, None})


class WhyDoor:
    """A student sees only their own; a trainer those of their courses."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.WHY), self.pressed)
        door.action(pattern(actions.MENU_WHY), self.chosen)
        door.action(pattern(actions.THIS_IS_WRONG), self.dispute)
        door.view(actions.WHY_VIEW, self.filled_in)
        door.view(actions.DISPUTE_VIEW, self.dispute_because)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command, with whatever is known of it by now."""
        teaches, studies = caller.taught, caller.courses_as(Role.STUDENT)
        if asked.lesson_id:
            await self._show_or_ask(visit, caller, asked.lesson_id, asked.person_id)
            return
        who, words = await self._who(asked, teaches)
        if asked.person_id:
            places = await places_of(self._office, asked.person_id, teaches)
        elif who and who.mention != visit.user:
            places = await self._places(visit, caller, who, teaches)
        else:
            await self._own(visit, caller, studies or teaches, words, person_id=caller.person_id if studies else "")
            return
        if places:
            shared = {place.course_id for place in places}
            courses = [course for course in teaches if course.id in shared]
            await self._own(visit, caller, courses, words, person_id=places[0].person_id)

    async def pressed(self, visit: Visit) -> None:
        """On the summary, or under an open question."""
        value = ButtonValue.read(visit.value)
        await self._show(visit, await self._office.caller(visit), value.lesson, value.person)

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.WHY))

    async def filled_in(self, visit: Visit) -> None:
        """A trainer picked of whom."""
        caller = await self._office.caller(visit)
        await self._show(visit, caller, ButtonValue.read(visit.value).lesson, visit.fields.get(actions.PERSON, ""))

    async def dispute(self, visit: Visit) -> None:
        """Ask what is wrong."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.DISPUTE, matter, caller.person_id)
        view = views.dispute_view(lesson_id=matter.lesson.id, title=matter.title, reader=caller.reader)
        await self._office.open(visit, view)

    async def dispute_because(self, visit: Visit) -> None:
        """A trainer decides; both see it."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.DISPUTE, matter, caller.person_id)
        note = visit.fields.get(actions.REASON, "")
        act = Act(kind=CorrectionKind.DISPUTED, person=caller.person_id, note=note)
        await self._office.note_or_refuse(caller, matter, act)
        await self._office.say(visit, caller.says.trainer_is_asked())

    async def _who(self, asked: Asked, teaches: Sequence[KnownCourse]) -> tuple[Who, Sequence[Word]]:
        """Whom the words begin with: a mention, a quoted name, or the full name of one of a trainer's students."""
        who, words = leading_person(asked.words)
        if who or not teaches:
            return who, words
        async with self._office.store.read() as memory:
            students = await memory.door.students_of([course.id for course in teaches])
        name, words = leading_name(asked.words, [student.name for student in students])
        return Who(name=name), words

    async def _places(
        self, visit: Visit, caller: Caller, who: Who, teaches: Sequence[KnownCourse]
    ) -> list[KnownStudent]:
        if not teaches:
            raise NotAllowedNow(caller.says.not_allowed(Action.SEE_WHY))
        return await student_meant(self._office, visit, caller, who, courses=teaches, detail=Verb.WHY.value)

    async def _own(
        self, visit: Visit, caller: Caller, courses: Sequence[KnownCourse], words: Sequence[Word], *, person_id: str
    ) -> None:
        """The lesson that is meant, of these courses, and then of this person; nobody: a trainer is asked of whom."""
        if not courses:
            raise NotFound(caller.says.no_course())
        lesson_id, _ = await lesson_meant(
            self._office,
            visit,
            caller,
            courses=courses,
            which=Which.RUNNING_OR_LAST,
            verb=Verb.WHY.value,
            words=words,
            person_id=person_id,
        )
        if lesson_id:
            await self._show_or_ask(visit, caller, lesson_id, person_id)

    async def _show_or_ask(self, visit: Visit, caller: Caller, lesson_id: str, person_id: str) -> None:
        if person_id:
            await self._show(visit, caller, lesson_id, person_id)
            return
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.SEE_WHY, matter)
        people = [Choice(person_id=person.id, name=person.name) for person in matter.students()]
        if not people:
            raise NotFound(caller.says.no_students(matter.title))
        await self._office.open(visit, views.why_view(lesson_id=lesson_id, people=people, reader=caller.reader))

    async def _show(self, visit: Visit, caller: Caller, lesson_id: str, person_id: str) -> None:
        matter = await self._office.matter(caller, lesson_id, now=visit.now)
        self._office.allow(caller, Action.SEE_WHY, matter, person_id)
        sheet = matter.sheet(explained=True)
        line = sheet.person(person_id)
        if line is None:
            raise NotFound(caller.says.not_on_roster(matter.title))
        names = {person.id: person.name for person in (*matter.facts.known, *matter.facts.roster)}
        is_own = person_id == caller.person_id and line.role is Role.STUDENT
        can_dispute = is_own and line.verdict not in _UNDECIDED
        answer = why(
            person=line,
            lesson=matter.lesson,
            names=names,
            reader=caller.reader,
            can_dispute=can_dispute,
            difference=next((each for each in sheet.differences if each.person_id == person_id), None),
            shown=matter.facts.feed.shown if sheet.feed is Feed.SILENT else None,
        )
        await self._office.say(visit, answer)
