"""The board's own buttons: remind the missing, and a break of 5, 10 or 15 minutes."""

from datetime import timedelta

from bot.attendance.held import breaks_of
from bot.attendance.lessons import CorrectionKind, Interval
from bot.attendance.telling import SAID, missing_from
from bot.attendance.view import view_of
from bot.errors import NotAllowedNow
from bot.messages import actions
from bot.messages.actions import ButtonValue, pattern
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.reminder import minutes_of, refuse_if_closed
from handlers.slack.visit import Visit


class BoardDoor:
    """What a trainer taps while the lesson runs; *Mark…* is `MarkDoor`'s."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.REMIND_MISSING), self.remind)
        door.action(pattern(actions.BREAK), self.take_break)

    async def remind(self, visit: Visit) -> None:
        """One more step of the ladder, now."""
        caller, matter = await self._running(visit, Action.REMIND)
        missing = unanswered(matter)
        if not missing:
            raise NotAllowedNow(caller.says.nobody_to_remind())
        await self._office.note_or_refuse(caller, matter, Act(kind=CorrectionKind.REMIND, during=_moment(visit)))
        await self._office.say(visit, caller.says.reminded(missing))

    async def take_break(self, visit: Visit) -> None:
        """It replaces the next planned one."""
        caller, matter = await self._running(visit, Action.BREAK)
        running = [
            each for each in breaks_of(matter.lesson, matter.facts.corrections) if each.start <= visit.now < each.end
        ]
        if running:
            raise NotAllowedNow(caller.says.break_runs(int(running[0].end.timestamp())))
        length = timedelta(minutes=minutes_of(visit, caller))
        act = Act(kind=CorrectionKind.BREAK, during=Interval(visit.now, visit.now + length))
        await self._office.note_or_refuse(caller, matter, act)

    async def _running(self, visit: Visit, action: Action) -> tuple[Caller, Matter]:
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, action, matter)
        refuse_if_closed(caller, matter)
        if visit.now < matter.lesson.planned_start:
            raise NotAllowedNow(caller.says.not_begun(matter.title, matter.start))
        return caller, matter


def unanswered(matter: Matter) -> int:
    """How many are missing, can be reached in Slack, and have not said why."""
    sheet = matter.sheet()
    missing = missing_from(sheet, view_of(matter.facts, now=matter.now))
    said = {each.person for each in matter.facts.corrections if each.kind in SAID}
    return sum(
        line.person_id in missing for line in sheet.students if line.slack_user_id and line.person_id not in said
    )


def _moment(visit: Visit) -> Interval:
    """The instant of the press: two within a minute are one."""
    return Interval(visit.now, visit.now)
