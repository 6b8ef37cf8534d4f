"""Who is this in the room? Confirmed once by a person, remembered, and everything is computed again."""

from collections.abc import Iterable

from bot.attendance.asked import open_ask
from bot.attendance.identity import Strength
from bot.attendance.lessons import CorrectionKind, Role
from bot.attendance.sheet import Presence, Stranger, display_name_of
from bot.attendance.view import view_of
from bot.attendance.wanted import Choice
from bot.errors import NotAllowedNow, NotFound
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.messages.blocks import LONGEST_OPTION_VALUE
from bot.permissions import Action
from handlers.slack.acts import Act, links
from handlers.slack.door import Door
from handlers.slack.office import Caller, Linking, Matter, Office
from handlers.slack.visit import Visit

Connection = tuple[str, str]


class WhoIsItDoor:
    """The trainer's taps on a name that nobody knows, or that counts for the wrong person."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.IS_PERSON), self.is_person)
        door.action(pattern(actions.SOMEBODY_ELSE), self.somebody_else)
        door.action(pattern(actions.NOT_A_PERSON), self.not_a_person)
        door.action(pattern(actions.NOT_THIS_PERSON), self.not_this_person)
        door.action(pattern(actions.DECIDE_IDENTITY), self.decide)
        door.action(pattern(actions.IS_THIS_YOU), self.is_me)
        door.view(actions.WHO_IS_IT_VIEW, self.picked)

    async def is_person(self, visit: Visit) -> None:
        """*It is Ada.*"""
        value = ButtonValue.read(visit.value)
        caller, matter = await self._trainer(visit)
        await link_to(self._office, caller, matter, subject=value.detail, person_id=value.person)

    async def picked(self, visit: Visit) -> None:
        """*Somebody else*: this one."""
        value = ButtonValue.read(visit.value)
        caller, matter = await self._trainer(visit)
        person = await link_to(
            self._office, caller, matter, subject=value.detail, person_id=visit.fields.get(actions.PERSON, "")
        )
        await self._office.say(visit, caller.says.is_now_known(display_name_of(value.detail), person))

    async def is_me(self, visit: Visit) -> None:
        """*Is "Room 4" you?* Yes."""
        caller, matter = await self._trainer(visit)
        subject = ButtonValue.read(visit.value).detail
        await link_to(self._office, caller, matter, subject=subject, person_id=caller.person_id)

    async def somebody_else(self, visit: Visit) -> None:
        """Ask who, of everybody on the roster."""
        caller, matter = await self._trainer(visit)
        view = views.who_is_it_view(
            lesson_id=matter.lesson.id,
            subject=ButtonValue.read(visit.value).detail,
            people=roster(matter),
            reader=caller.reader,
        )
        await self._office.open(visit, view)

    async def not_a_person(self, visit: Visit) -> None:
        """A guest or a note-taker counts for nobody."""
        caller, matter = await self._trainer(visit)
        subject = ButtonValue.read(visit.value).detail
        keys = _keys(strangers(matter, subject))
        if not keys:
            raise NotAllowedNow(caller.says.stranger_gone(display_name_of(subject)))
        await self._link(caller, matter, keys, ())

    async def not_this_person(self, visit: Visit) -> None:
        """*No, that is not Ada*: her claim is declined; without a name, what counts for her weakly no longer does."""
        value = ButtonValue.read(visit.value)
        caller, matter = await self._trainer(visit)
        if matter.person(value.person) is None:
            raise NotFound(caller.says.unknown_account())
        if value.detail:
            await self._refuse_claim(caller, matter, value)
            return
        weak = counted_weakly(matter, value.person)
        if not weak:
            raise NotAllowedNow(caller.says.already_noted())
        acts = [Act(kind=CorrectionKind.UNLINK, connection=key) for key in weak]
        await self._office.note_or_refuse(caller, matter, *acts)

    async def _refuse_claim(self, caller: Caller, matter: Matter, value: ButtonValue) -> None:
        claim = open_ask(matter.corrections_of(value.person), CorrectionKind.IN_ALREADY)
        if claim is None or claim.note != value.detail:
            raise NotAllowedNow(caller.says.already_noted())
        act = Act(kind=CorrectionKind.DECLINED, person=value.person, note=value.detail, answers=claim.kind)
        await self._office.note_or_refuse(caller, matter, act)

    async def decide(self, visit: Visit) -> None:
        """What counts for one person on doubtful ground is confirmed, or is somebody else's."""
        value = ButtonValue.read(visit.value)
        caller, matter = await self._trainer(visit)
        doubtful = counted_weakly(matter, value.detail) or disagreeing(matter, value.detail)
        if not doubtful or matter.person(value.person) is None:
            raise NotAllowedNow(caller.says.already_noted())
        await self._link(caller, matter, doubtful, (value.person,))

    async def _trainer(self, visit: Visit) -> tuple[Caller, Matter]:
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.IDENTIFY, matter)
        return caller, matter

    async def _link(self, caller: Caller, matter: Matter, keys: list[Connection], person_ids: tuple[str, ...]) -> None:
        linking = Linking(keys=keys, person_ids=person_ids)
        await self._office.note_or_refuse(caller, matter, *links(keys, person_ids), linking=linking)


async def link_to(office: Office, caller: Caller, matter: Matter, *, subject: str, person_id: str) -> str:
    """Everything in the room under this name, or this one device, is this person, now and later; the person's name.

    Raises `NotAllowedNow` with a sentence where nobody unknown is called so any more, or the person is not known.
    """
    keys = _keys(strangers(matter, subject))
    person = matter.person(person_id)
    if not keys:
        raise NotAllowedNow(caller.says.stranger_gone(display_name_of(subject)))
    if person is None:
        raise NotAllowedNow(caller.says.unknown_account())
    linking = Linking(keys=keys, person_ids=(person.id,))
    await office.note_or_refuse(caller, matter, *links(keys, (person.id,)), linking=linking)
    return person.name


def strangers(matter: Matter, subject: str) -> list[Stranger]:
    """Who was in under this name, or on this device, and is known to nobody."""
    return [each for each in matter.sheet().strangers if _as_chosen(each.subject) == _as_chosen(subject)]


def _as_chosen(subject: str) -> str:
    """As it comes back from a list: Slack's is cut, and what is read at the door has no space at its end.

    A device without a name stands in no list, and its call is long.
    """
    return subject[:LONGEST_OPTION_VALUE].rstrip() if display_name_of(subject) else subject


def strangers_here(matter: Matter, name: str | None = None) -> list[Stranger]:
    """Strangers whom somebody may claim to be: those in the room, after the lesson everybody who was."""
    found = matter.sheet().strangers if name is None else strangers(matter, name)
    return [each for each in found if matter.is_over or each.presence is Presence.PRESENT]


def roster(matter: Matter) -> list[Choice]:
    """Students and trainers of the lesson."""
    return [
        Choice(person_id=person.id, name=person.name)
        for person in matter.facts.roster
        if person.role in {Role.STUDENT, Role.TRAINER}
    ]


def counted_weakly(matter: Matter, person_id: str) -> list[Connection]:
    """The connections that count for somebody by a name alone."""
    found = view_of(matter.facts, now=matter.now).resolutions.items()
    return [key for key, by in found if person_id in by.person_ids and by.strength <= Strength.WEAK]


def disagreeing(matter: Matter, person_id: str) -> list[Connection]:
    """The connections that count for somebody while other evidence points to somebody else."""
    found = view_of(matter.facts, now=matter.now).resolutions.items()
    return [key for key, by in found if person_id in by.person_ids and by.disagrees_with]


def _keys(found: Iterable[Stranger]) -> list[Connection]:
    return [key for stranger in found for key in stranger.connections]
