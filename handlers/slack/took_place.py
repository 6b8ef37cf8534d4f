"""Did it take place? Was this a lesson? The trainers' answers about a lesson as a whole."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.attendance.lessons import CorrectionKind, Interval
from bot.errors import BadInput
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.messages.answers import Answers
from bot.messages.message import Reader
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.visit import OLD_FORM, Visit


class TookPlaceDoor:
    """The buttons of the two questions about a lesson; the last answer counts."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.TOOK_PLACE_WHOLE), self.whole_time)
        door.action(pattern(actions.TOOK_PLACE_FROM_TO), self.from_to)
        door.action(pattern(actions.TOOK_PLACE_AS_MEASURED), self.as_measured)
        door.action(pattern(actions.TOOK_NO_PLACE), self.not_held)
        door.action(pattern(actions.WAS_A_LESSON), self.was_a_lesson)
        door.action(pattern(actions.NO_LESSON), self.no_lesson)
        door.view(actions.FROM_TO_VIEW, self.from_to_given, check=end_after_start)

    async def whole_time(self, visit: Visit) -> None:
        """Held is the planned time."""
        caller, matter = await self._trainer(visit)
        act = Act(kind=CorrectionKind.TOOK_PLACE, during=matter.lesson.planned)
        await self._office.note_or_refuse(caller, matter, act)

    async def as_measured(self, visit: Visit) -> None:
        """Held is what was measured, and it was a lesson."""
        await self._say(visit, CorrectionKind.TOOK_PLACE)

    async def not_held(self, visit: Visit) -> None:
        """Nobody is absent; the coordinator is told."""
        await self._say(visit, CorrectionKind.NOT_HELD)

    async def was_a_lesson(self, visit: Visit) -> None:
        """An unplanned one, for the whole course."""
        await self._say(visit, CorrectionKind.WAS_A_LESSON)

    async def no_lesson(self, visit: Visit) -> None:
        """An unplanned one, forgotten."""
        await self._say(visit, CorrectionKind.NO_LESSON)

    async def from_to(self, visit: Visit) -> None:
        """Ask when."""
        caller, matter = await self._trainer(visit)
        view = views.from_to_view(
            lesson_id=matter.lesson.id,
            title=matter.title,
            start=matter.start,
            end=int(matter.lesson.planned_end.timestamp()),
            reader=caller.reader,
        )
        await self._office.open(visit, view)

    async def from_to_given(self, visit: Visit) -> None:
        """Held is the planned time inside these two."""
        caller, matter = await self._trainer(visit)
        act = Act(kind=CorrectionKind.TOOK_PLACE, during=Interval(_at(visit, actions.FROM), _at(visit, actions.TO)))
        await self._office.note_or_refuse(caller, matter, act)

    async def _say(self, visit: Visit, kind: CorrectionKind) -> None:
        caller, matter = await self._trainer(visit)
        await self._office.note_or_refuse(caller, matter, Act(kind=kind))

    async def _trainer(self, visit: Visit) -> tuple[Caller, Matter]:
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.DECIDE_IF_HELD, matter)
        return caller, matter


def end_after_start(visit: Visit) -> Mapping[str, str]:
    """What is wrong with the two moments, by field."""
    if _at(visit, actions.FROM) < _at(visit, actions.TO):
        return {}
    # Who asks is known only to the memory, which is not asked before the modal closes.
    return {actions.TO: Answers(Reader()).end_before_start()}


def _at(visit: Visit, field: str) -> datetime:
    """Raises `BadInput` for what no picker of ours gives."""
    try:
        return datetime.fromtimestamp(int(visit.fields.get(field) or 0), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadInput(OLD_FORM) from None
