"""The buttons of a student's reminder and of *Lost you*: on my way, technical problem, can't come, in already, Join."""

import re
from datetime import timedelta

from bot.attendance.lessons import CorrectionKind, Interval
from bot.attendance.sheet import Presence
from bot.errors import BadInput, BotError, NotAllowedNow
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.visit import Visit
from handlers.slack.who_is_it import link_to, strangers_here

#: What *On my way* can promise.
LONGEST_PROMISE = 120


class ReminderDoor:
    """What a missing student says by one tap; the message then changes by itself."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.JOIN), self.join)
        door.action(pattern(actions.ON_MY_WAY), self.on_my_way)
        door.action(pattern(actions.TECHNICAL_PROBLEM), self.technical_problem)
        door.action(pattern(actions.CANNOT_COME), self.cannot_come)
        door.action(pattern(actions.IN_ALREADY), self.in_already)
        door.action(pattern(actions.THAT_WAS_ME), self.in_already)
        door.action(pattern(actions.TRAINER_IN_ALREADY), self.in_already)
        door.view(actions.CANNOT_COME_VIEW, self.cannot_come_because)
        door.view(actions.IN_ALREADY_VIEW, self.in_under)

    async def join(self, visit: Visit) -> None:
        """The link has opened by itself: the press is noted, and is no presence. Nothing is answered."""
        caller = await self._office.caller(visit)
        try:
            matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        except BotError:
            return  # the link did what the person wanted
        says = (Action.SAY_ABOUT_SELF, Action.SAY_AS_TRAINER)
        is_expected = any(self._office.may(caller, action, matter, caller.person_id) for action in says)
        if is_expected and not matter.is_over and not matter.is_cancelled:
            await self._office.note(caller, matter, Act(kind=CorrectionKind.JOIN_PRESSED, person=caller.person_id))

    async def on_my_way(self, visit: Visit) -> None:
        """Silent until the promised time."""
        caller, matter = await self._missing_student(visit)
        minutes = minutes_of(visit, caller)
        promised = Interval(visit.now, visit.now + timedelta(minutes=minutes))
        act = Act(kind=CorrectionKind.ON_MY_WAY, person=caller.person_id, during=promised)
        await self._office.note_or_refuse(caller, matter, act)

    async def technical_problem(self, visit: Visit) -> None:
        """The trainer is told; who has answered is not reminded again."""
        caller, matter = await self._missing_student(visit)
        act = Act(kind=CorrectionKind.TECHNICAL_PROBLEM, person=caller.person_id)
        await self._office.note_or_refuse(caller, matter, act)

    async def cannot_come(self, visit: Visit) -> None:
        """Ask why."""
        caller, matter = await self._missing_student(visit)
        view = views.cannot_come_view(lesson_id=matter.lesson.id, title=matter.title, reader=caller.reader)
        await self._office.open(visit, view)

    async def cannot_come_because(self, visit: Visit) -> None:
        """Reminders stop at once; a trainer decides about the excuse."""
        caller, matter = await self._missing_student(visit)
        reason = visit.fields.get(actions.REASON, "")
        act = Act(kind=CorrectionKind.CANNOT_COME, person=caller.person_id, note=reason)
        await self._office.note_or_refuse(caller, matter, act)

    async def in_already(self, visit: Visit) -> None:
        """Ask under which name."""
        caller, matter = await self._somebody_expected(visit)
        names = [stranger.display_name for stranger in strangers_here(matter)]
        view = views.in_already_view(lesson_id=matter.lesson.id, names=names, reader=caller.reader)
        await self._office.open(visit, view)

    async def in_under(self, visit: Visit) -> None:
        """A student's word becomes a question to the trainer; a trainer's own word counts."""
        caller, matter = await self._somebody_expected(visit)
        name = visit.fields.get(actions.NAME_IN_ROOM, "") or visit.fields.get(actions.NAME_TYPED, "")
        if self._office.may(caller, Action.IDENTIFY, matter) and strangers_here(matter, name):
            await link_to(self._office, caller, matter, subject=name, person_id=caller.person_id)
            await self._office.say(visit, caller.says.noted())
            return
        act = Act(kind=CorrectionKind.IN_ALREADY, person=caller.person_id, note=name)
        await self._office.note_or_refuse(caller, matter, act)
        await self._office.say(visit, caller.says.trainer_is_asked())

    async def _missing_student(self, visit: Visit) -> tuple[Caller, Matter]:
        """Who presses, and the lesson, if it still matters. Raises `NotAllowedNow` with a sentence."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.SAY_ABOUT_SELF, matter, caller.person_id)
        refuse_if_closed(caller, matter)
        line = matter.sheet().person(caller.person_id)
        if line is not None and line.presence in {Presence.PRESENT, Presence.WAITING}:
            raise NotAllowedNow(caller.says.you_are_in())
        return caller, matter

    async def _somebody_expected(self, visit: Visit) -> tuple[Caller, Matter]:
        """A student or a trainer of the lesson; after it too, because a name may be recognised late."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        if not self._office.may(caller, Action.SAY_AS_TRAINER, matter):
            self._office.allow(caller, Action.SAY_ABOUT_SELF, matter, caller.person_id)
        if matter.is_cancelled:
            raise NotAllowedNow(caller.says.is_cancelled(matter.title))
        line = matter.sheet().person(caller.person_id)
        if line is not None and line.presence is Presence.PRESENT:
            raise NotAllowedNow(caller.says.you_are_in())
        return caller, matter


def refuse_if_closed(caller: Caller, matter: Matter) -> None:
    """Raises `NotAllowedNow` with a sentence where nothing that is said about coming matters any more."""
    if matter.is_cancelled:
        raise NotAllowedNow(caller.says.is_cancelled(matter.title))
    if matter.is_over:
        raise NotAllowedNow(caller.says.is_over(matter.title))


def minutes_of(visit: Visit, caller: Caller) -> int:
    """The minutes that a button carries; more than two hours is none of ours."""
    detail = ButtonValue.read(visit.value).detail
    minutes = int(detail) if re.fullmatch("[0-9]{1,3}", detail) else 0
    if not 0 < minutes <= LONGEST_PROMISE:
        raise BadInput(caller.says.not_our_button())
    return minutes
