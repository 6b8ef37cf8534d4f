"""What every feature of Slack's door works with: who calls, what it is about, writing it down, and answering.

Doors write down, ticks act: a press becomes a correction and wakes the tick; what stands in Slack changes from there.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.attendance.lessons import Correction, CorrectionKind, Lesson, LessonFacts, LessonState, Person, Role
from bot.attendance.sheet import Sheet
from bot.attendance.view import ENDED
from bot.errors import NotAllowedNow, NotFound
from bot.messages.answers import Answers
from bot.messages.message import Message, Reader
from bot.permissions import Action, Actor, Subject, may
from bot.text import name_order
from handlers.attendance import current_sheet
from handlers.join_links import JoinLinks
from handlers.slack.acts import Act, press_key, stands_already, what_stands
from handlers.slack.door import answer
from handlers.slack.visit import Visit, with_way_back
from handlers.slack_client import SlackClient
from storage.database import Store
from storage.door import KnownCourse, Visitor
from storage.memory import Memory
from storage.messages import StoredMessage


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who is at the door; `person_id` is empty for somebody whom no course knows."""

    person_id: str
    name: str
    actor: Actor
    courses: tuple[KnownCourse, ...]
    #: of which they teach single lessons instead of somebody
    stands_in: tuple[KnownCourse, ...]
    reader: Reader
    says: Answers

    @property
    def taught(self) -> list[KnownCourse]:
        """The courses they teach, then those of which they teach single lessons."""
        own = self.courses_as(Role.TRAINER)
        return [*own, *(each for each in self.stands_in if each.id not in {course.id for course in own})]

    def courses_as(self, role: Role) -> list[KnownCourse]:
        """The courses in which they have this role."""
        return [course for course in self.courses if role in course.roles]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """The lesson that a press is about."""

    facts: LessonFacts
    course_id: str
    now: datetime

    @property
    def lesson(self) -> Lesson:
        return self.facts.lesson

    @property
    def title(self) -> str:
        return self.facts.lesson.title

    @property
    def start(self) -> int:
        """Seconds of the epoch."""
        return int(self.facts.lesson.planned_start.timestamp())

    @property
    def is_cancelled(self) -> bool:
        said = any(each.kind is CorrectionKind.CANCELLED for each in self.facts.corrections)
        return self.lesson.state is LessonState.CANCELLED or (said and self.lesson.state not in ENDED)

    @property
    def is_over(self) -> bool:
        """It has ended, or nothing that is said about joining can matter any more."""
        return self.lesson.state in ENDED or self.now >= self.lesson.planned_end

    @property
    def is_locked(self) -> bool:
        """What is changed now has to say why."""
        return self.lesson.state is LessonState.LOCKED

    def subject(self, person_id: str = "") -> Subject:
        """What the table of permissions is asked about."""
        substitutes = {
            each
            for correction in self.facts.corrections
            if correction.kind is CorrectionKind.SUBSTITUTE
            for each in correction.person_ids
        }
        return Subject(
            course_id=self.course_id,
            coordinator_id=self.lesson.coordinator,
            substitutes=frozenset(substitutes),
            person_id=person_id,
        )

    def sheet(self, *, explained: bool = False) -> Sheet:
        """The sheet at this moment, as everybody else reads it."""
        return current_sheet(self.facts, now=self.now, explained=explained)

    def person(self, person_id: str) -> Person | None:
        """Somebody on the roster, or known to have been there."""
        everybody = (*self.facts.roster, *self.facts.known)
        return next((person for person in everybody if person.id == person_id), None)

    def corrections_of(self, person_id: str) -> list[Correction]:
        """What was changed or said about somebody, in order."""
        return [each for each in self.facts.corrections if each.person == person_id]

    def students(self) -> list[Person]:
        """The roster's students, by name."""
        students = [person for person in self.facts.roster if person.role is Role.STUDENT]
        return sorted(students, key=lambda person: (name_order(person.name), person.id))


def after_all(matter: Matter) -> datetime:
    """Now, or just after the last thing that was said: what is said later wins, also where lesson time stands still."""
    said = [each.at for each in matter.facts.corrections if each.at >= matter.now]
    return max(said) + timedelta(microseconds=1) if said else matter.now


@dataclass(frozen=True, kw_only=True)
class Linking:
    """Whose these connections are, also in the lessons of the course to come; nobody's without persons."""

    keys: Collection[tuple[str, str]]
    person_ids: Collection[str]


async def _remember(memory: Memory, caller: Caller, matter: Matter, linking: Linking) -> None:
    """Keep what they show, so that nobody is asked again.

    Ids and e-mails are strong, a display name is weak and never kept for a device or a number.
    """
    events = [event for event in matter.facts.events if (event.session, event.connection) in linking.keys]
    await memory.people.confirm_identity(
        course_id=matter.course_id,
        handles=[event.handle for event in events],
        person_ids=tuple(linking.person_ids),
        by=caller.person_id,
        now=matter.now,
    )


class Office:
    """The way from a visit to the memory and back to the person."""

    def __init__(
        self, store: Store, slack: SlackClient, wake: Callable[[], None], *, links: JoinLinks | None = None
    ) -> None:
        """Without `links` everybody has the course's own."""
        self.store = store
        self.slack = slack
        self.links = links
        self._wake = wake

    async def caller(self, visit: Visit) -> Caller:
        """Who acts; never fails."""
        async with self.store.read() as memory:
            known = await memory.door.visitor(visit.user, now=visit.now)
        return self._caller(known)

    async def presser(self, visit: Visit) -> tuple[Caller, StoredMessage | None]:
        """Who answers for themselves by a button, their courses left out, and the message on which it stands.

        A thousand may press at once: only what one press needs is read. None: only they see it.
        """
        async with self.store.read() as memory:
            known = await memory.door.visitor(visit.user, now=visit.now, with_courses=False)
            message = await memory.messages.by_place(visit.channel, visit.message_ts)
        return self._caller(known), message

    @staticmethod
    def _caller(known: Visitor) -> Caller:
        reader = Reader(language=known.language or "en", zone=known.zone or "UTC")
        roles = {course.id: course.roles for course in known.courses}
        actor = Actor(person_id=known.person_id, roles=roles, is_admin=known.is_admin)
        return Caller(
            person_id=known.person_id,
            name=known.name,
            actor=actor,
            courses=known.courses,
            stands_in=known.stands_in,
            reader=reader,
            says=Answers(reader),
        )

    async def matter(self, caller: Caller, lesson_id: str, *, now: datetime) -> Matter:
        """The lesson with everything known of it. Raises `NotFound` with a sentence."""
        async with self.store.read() as memory:
            found = await memory.lessons.facts(lesson_id)
        if found is None:
            raise NotFound(caller.says.no_lesson())
        return Matter(facts=found.facts, course_id=found.course_id, now=now)

    def allow(self, caller: Caller, action: Action, matter: Matter, person_id: str = "") -> None:
        """Ask the table. Raises `NotAllowedNow` with a sentence."""
        if not self.may(caller, action, matter, person_id):
            raise NotAllowedNow(caller.says.not_allowed(action))

    def may(self, caller: Caller, action: Action, matter: Matter, person_id: str = "") -> bool:
        """Whether the table lets them: in the roles of today, and in the one they had on the day of the lesson."""
        then = {person.role for person in matter.facts.roster if person.id == caller.person_id}
        roles = {**caller.actor.roles, matter.course_id: caller.actor.roles.get(matter.course_id, frozenset()) | then}
        return may(replace(caller.actor, roles=roles), action, matter.subject(person_id))

    async def note(self, caller: Caller, matter: Matter, *acts: Act, linking: Linking | None = None) -> bool:
        """Write acts down and wake the tick; False if all of it stood already, and then nothing changes.

        What they show for the course is kept with them or not at all: nobody would be asked again for it.
        """
        fresh = []
        for act in acts:
            last = what_stands(act, matter.facts.corrections)
            if not stands_already(act, last):
                fresh.append((act, press_key(matter.lesson.id, act, last)))
        if not fresh:
            return False
        is_new = False
        async with self.store.write() as memory:
            if linking is not None:  # first: the course before its lessons, as whoever locks both
                await _remember(memory, caller, matter, linking)
            for act, key in fresh:
                correction = act.as_correction(id_=key[:32], at=after_all(matter), actor=caller.person_id)
                is_added = await memory.corrections.add(matter.lesson.id, correction, press_key=key, now=matter.now)
                is_new = is_added or is_new
        if is_new:
            self._wake()
        return is_new

    async def note_or_refuse(self, caller: Caller, matter: Matter, *acts: Act, linking: Linking | None = None) -> None:
        """As `note`, where a second press is told so. Raises `NotAllowedNow` with a sentence."""
        if not await self.note(caller, matter, *acts, linking=linking):
            raise NotAllowedNow(caller.says.already_noted())

    def wake(self) -> None:
        """Something was written that a tick should look at."""
        self._wake()

    async def say(self, visit: Visit, said: Message | str) -> None:
        """Answer where the person is; only they see it."""
        if isinstance(said, str):
            await answer(self.slack, visit, text=said)
        else:
            await answer(self.slack, visit, text=said.text, blocks=said.blocks)

    async def open(self, visit: Visit, view: Mapping[str, Any]) -> str:
        """Open a modal, whose submission is answered where this click was; the modal's id."""
        return await self.slack.open_view(visit.trigger_id, with_way_back(view, visit))

    async def replace(self, visit: Visit, view_id: str, view: Mapping[str, Any]) -> None:
        """Put another modal in the place of one that was opened by this click."""
        await self.slack.update_view(view_id, with_way_back(view, visit))

    async def person_of_account(self, slack_user_id: str, *, now: datetime) -> tuple[str, str] | None:
        """(id, name) of the person behind a Slack account, who becomes known by it; None for bots and who is gone."""
        async with self.store.read() as memory:
            known = await memory.door.person_of_account(slack_user_id)
        if known is not None:
            return known
        profile = await self.slack.profile(slack_user_id)
        if profile.is_bot or profile.account.is_gone:
            return None
        async with self.store.write() as memory:
            return await memory.slack_accounts.add(profile.account, now=now), profile.account.name
