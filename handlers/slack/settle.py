"""What only a trainer can settle: accept, excuse, credit the waiting, approve or decline a dispute, late changes."""

from collections.abc import Mapping

from bot.attendance.asked import open_ask
from bot.attendance.lessons import CorrectionKind
from bot.attendance.view import ENDED
from bot.errors import BadInput, NotAllowedNow, NotFound
from bot.messages import actions, views
from bot.messages.actions import ButtonValue, pattern
from bot.permissions import Action
from handlers.slack.acts import Act
from handlers.slack.door import Door
from handlers.slack.office import Caller, Matter, Office
from handlers.slack.visit import Visit

#: What the detail of *Decline…* refuses.
REFUSES: Mapping[str, CorrectionKind] = {"excuse": CorrectionKind.CANNOT_COME, "dispute": CorrectionKind.DISPUTED}


class SettleDoor:
    """The buttons of the summary's exceptions and of open questions about one student."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.action(pattern(actions.ACCEPT), self.accept)
        door.action(pattern(actions.EXCUSE), self.excuse)
        door.action(pattern(actions.CREDIT_WAITING), self.credit_waiting)
        door.action(pattern(actions.APPROVE_DISPUTE), self.approve_dispute)
        door.action(pattern(actions.DECLINE), self.decline)
        door.action(pattern(actions.APPLY_CHANGES), self.apply_changes)
        door.action(pattern(actions.TAKE_RECORD), self.take_record)
        door.action(pattern(actions.LOCK), self.lock)
        door.view(actions.DECLINE_VIEW, self.decline_because)

    async def accept(self, visit: Visit) -> None:
        """It stays as it stands."""
        await self._settle(visit, CorrectionKind.ACCEPT_VERDICT)

    async def excuse(self, visit: Visit) -> None:
        """The whole lesson is left out for this student."""
        await self._settle(visit, CorrectionKind.EXCUSED)

    async def approve_dispute(self, visit: Visit) -> None:
        """The whole planned time counts."""
        await self._settle(visit, CorrectionKind.PRESENT)

    async def credit_waiting(self, visit: Visit) -> None:
        """The time before the closed door counts."""
        caller, matter, person_id = await self._student(visit)
        refuse_if_locked(caller, matter, person_id)
        line = matter.sheet().person(person_id)
        if line is None or not line.waited:
            raise NotAllowedNow(caller.says.nothing_to_credit())
        await self._office.note_or_refuse(caller, matter, Act(kind=CorrectionKind.CREDIT_WAITING, person=person_id))

    async def decline(self, visit: Visit) -> None:
        """Ask for the reason, which the student reads."""
        caller, matter, person_id, _ = await self._asking(visit)
        person = matter.person(person_id)
        view = views.decline_view(
            lesson_id=matter.lesson.id,
            person_id=person_id,
            name=person.name if person is not None else "",
            about_what=ButtonValue.read(visit.value).detail,
            reader=caller.reader,
        )
        await self._office.open(visit, view)

    async def decline_because(self, visit: Visit) -> None:
        """The verdict stays, and the student is told why."""
        caller, matter, person_id, asked = await self._asking(visit)
        note = visit.fields.get(actions.REASON, "")
        act = Act(kind=CorrectionKind.DECLINED, person=person_id, note=note, answers=asked)
        await self._office.note_or_refuse(caller, matter, act)

    async def apply_changes(self, visit: Visit) -> None:
        """Late facts that worsen verdicts count from now on, those that came up to now."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.SETTLE, matter)
        await self._office.note_or_refuse(caller, matter, Act(kind=CorrectionKind.APPLY_CHANGES))

    async def take_record(self, visit: Visit) -> None:
        """Where the platform's record has less than webhooks told, the record counts for this student."""
        await self._settle(visit, CorrectionKind.TAKE_RECORD)

    async def lock(self, visit: Visit) -> None:
        """From now on new facts change nothing by themselves."""
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, ButtonValue.read(visit.value).lesson, now=visit.now)
        self._office.allow(caller, Action.LOCK, matter)
        if matter.lesson.state not in ENDED:
            raise NotAllowedNow(caller.says.still_running(matter.title))
        if matter.is_locked:
            raise NotAllowedNow(caller.says.already_noted())
        await self._office.note_or_refuse(caller, matter, Act(kind=CorrectionKind.LOCK))

    async def _settle(self, visit: Visit, kind: CorrectionKind) -> None:
        caller, matter, person_id = await self._student(visit)
        if kind is not CorrectionKind.ACCEPT_VERDICT:
            refuse_if_locked(caller, matter, person_id)
        await self._office.note_or_refuse(caller, matter, Act(kind=kind, person=person_id))

    async def _asking(self, visit: Visit) -> tuple[Caller, Matter, str, CorrectionKind]:
        """Somebody who waits for an answer, and to what. Raises `NotAllowedNow` where they have it already."""
        caller, matter, person_id = await self._student(visit)
        asked = REFUSES.get(ButtonValue.read(visit.value).detail)
        if asked is None:
            raise BadInput(caller.says.not_our_button())
        if open_ask(matter.corrections_of(person_id), asked) is None:
            raise NotAllowedNow(caller.says.already_noted())
        return caller, matter, person_id, asked

    async def _student(self, visit: Visit) -> tuple[Caller, Matter, str]:
        value = ButtonValue.read(visit.value)
        caller = await self._office.caller(visit)
        matter = await self._office.matter(caller, value.lesson, now=visit.now)
        self._office.allow(caller, Action.SETTLE, matter)
        if matter.person(value.person) is None:
            raise NotFound(caller.says.unknown_account())
        return caller, matter, value.person


def refuse_if_locked(caller: Caller, matter: Matter, person_id: str) -> None:
    """Raises `BadInput` with a sentence: what changes a locked lesson has to say why, and one tap does not."""
    person = matter.person(person_id)
    if matter.is_locked:
        raise BadInput(caller.says.locked_needs_reason(matter.title, person.name if person is not None else ""))
