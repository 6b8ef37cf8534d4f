"""The buttons of a trainer who is missing: on my way, cancelled today, somebody else teaches."""

from datetime import timedelta

from bot.attendance.lessons import CorrectionKind, Interval, Role
from bot.attendance.sheet import Presence
from bot.errors import NotAllowedNow, NotFound
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.office import Office
from handlers.slack.reminder import minutes_of, refuse_if_closed
from handlers.slack.visit import Visit


class TrainerDoor:
    """What a trainer says by one tap; *I am in* is `ReminderDoor`'s, *Is "Room 4" you?* `WhoIsItDoor`'s."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.TRAINER_ON_MY_WAY), self.on_my_way)
        door.action(pattern(actions.SOMEBODY_ELSE_TEACHES), self.somebody_else)
        door.view(actions.SUBSTITUTE_VIEW, self.picked)

    async def on_my_way(self, visit: Visit) -> None:
        """The coordinator and the students see the promised time."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.SAY_AS_TRAINER, matter)
        refuse_if_closed(caller, matter)
        line = matter.sheet().person(caller.person_id)
        if line is not None and line.presence is Presence.PRESENT:
            raise NotAllowedNow(caller.says.you_are_in())
        promised = Interval(visit.now, visit.now + timedelta(minutes=minutes_of(visit, caller)))
        act = Act(kind=CorrectionKind.ON_MY_WAY, person=caller.person_id, during=promised)
        await self._office.note_or_refuse(caller, matter, act)

    async def somebody_else(self, visit: Visit) -> None:
        """Ask who."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.NAME_SUBSTITUTE, matter)
        refuse_if_closed(caller, matter)
        view = views.substitute_view(lesson_id=matter.lesson.id, title=matter.title, reader=caller.reader)
        await self._office.open(visit, view)

    async def picked(self, visit: Visit) -> None:
        """A trainer of this lesson, and of no other."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.NAME_SUBSTITUTE, matter)
        refuse_if_closed(caller, matter)
        found = await self._office.person_of_account(visit.fields.get(actions.SLACK_USER, ""), now=visit.now)
        if found is None:
            raise NotFound(caller.says.unknown_account())
        person_id, name = found
        known = matter.person(person_id)
        if known is not None and known.role is Role.TRAINER:
            raise NotAllowedNow(caller.says.already_noted())
        act = Act(kind=CorrectionKind.SUBSTITUTE, person_ids=(person_id,))
        await self._office.note_or_refuse(caller, matter, act)
        await self._office.say(visit, caller.says.teaches_now(name, matter.title))
