"""What people do about presence checks: the one way for Slack, for sockets and for the page.

Every method is one short transaction, wakes the ticks, and raises `CheckRefused` where it is refused; then nothing was
changed. An unknown lesson or question is `NotFound`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.checks.answers import accepted, waived
from bot.attendance.checks.machine import Machine
from bot.attendance.checks.notes import NewEntry
from bot.attendance.checks.refused import CheckRefused, RefusalCode, not_for_you
from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import CheckSettings, check_window
from bot.attendance.checks.step import Step
from bot.attendance.checks.values import Answer, Checkpoint, PresenceCheck, PresenceLogging
from bot.attendance.lessons import Role
from bot.errors import NotFound
from handlers.check_answers import TRIES, Answering, overrun
from handlers.check_looks import Look, keep_look, look_at, read_checks
from handlers.check_saying import answer_of
from handlers.keys import Keys
from storage.database import Store


@dataclass(frozen=True, kw_only=True)
class CheckStatus:
    """How the presence checks of a lesson stand."""

    state: RunState
    #: the run under way, else the last one
    check: PresenceCheck | None
    #: None: nobody ever checked
    logging: PresenceLogging | None


class Checks(Answering):
    """The presence checks of the workspace, for the doors."""

    def __init__(
        self, store: Store, keys: Keys, wake: Callable[[], None], *, pressed: Callable[[], None] | None = None
    ) -> None:
        super().__init__(store, wake, pressed=pressed)
        self._keys = keys

    async def enable(self, lesson_id: str, actor_id: str, settings: CheckSettings, *, now: datetime) -> PresenceCheck:
        """A trainer begins a series."""
        step = await self._act(lesson_id, actor_id, lambda machine: machine.enable(actor_id, settings), now=now)
        return step.after.checks[-1]

    async def check_now(self, lesson_id: str, actor_id: str, *, now: datetime) -> Checkpoint:
        """A trainer asks once, at once, with a deadline; within a series it is one more of its questions."""
        asked: list[Checkpoint] = []
        await self._act(lesson_id, actor_id, lambda machine: asked.append(machine.check_now(actor_id)), now=now)
        return asked[-1]

    async def disable(self, lesson_id: str, actor_id: str, *, now: datetime) -> None:
        """A trainer ends the run, and it does not start by itself again."""
        await self._act(lesson_id, actor_id, lambda machine: machine.disable(actor_id), now=now)

    async def waive(self, checkpoint_id: str, person_id: str, actor_id: str, reason: str, *, now: datetime) -> Answer:
        """A trainer says that a question shall not count against a student, and why."""

        def decide(answer: Answer) -> Answer:
            return waived(answer, by=actor_id, reason=reason, now=now)

        return await self._decide(checkpoint_id, person_id, actor_id, "answer.waived", decide, reason, now=now)

    async def accept_late(self, checkpoint_id: str, person_id: str, actor_id: str, *, now: datetime) -> Answer:
        """A trainer lets a late or disputed answer count."""

        def decide(answer: Answer) -> Answer:
            return accepted(answer, by=actor_id, now=now)

        return await self._decide(checkpoint_id, person_id, actor_id, "answer.accepted", decide, now=now)

    async def give_time(
        self, lesson_id: str, person_id: str, actor_id: str, window: timedelta, *, now: datetime
    ) -> None:
        """A trainer gives one student of the course longer to answer, from the next question on."""
        check_window(window)
        look = await self._looked(lesson_id, actor_id, now=now)
        if look.view.roles.get(person_id) is not Role.STUDENT:
            raise not_for_you("Only students of the course are asked.")
        async with self._store.write() as memory:
            await memory.checks.give_time(look.known.lesson.course_id, person_id, window, by=actor_id, now=now)

    async def status(self, lesson_id: str, *, now: datetime) -> CheckStatus:  # noqa: ARG002  every method of the doors is told the time
        """How the checks of a lesson stand, as they were last looked at."""
        async with self._store.read() as memory:
            if await memory.lessons.plain(lesson_id) is None:
                raise NotFound
            logging = (await memory.checks.of([lesson_id])).get(lesson_id)
        state = logging.state if logging is not None else RunState.IDLE_WITHOUT_CREATOR
        last = logging.checks[-1] if logging is not None and logging.checks else None
        return CheckStatus(state=state, check=last, logging=logging)

    # Trainers

    async def _looked(self, lesson_id: str, actor_id: str, *, now: datetime) -> Look:
        """A look for somebody who has to be a trainer of the lesson."""
        async with self._store.read() as memory:
            found = await read_checks(memory, [lesson_id])
        if not found:
            raise NotFound
        look = look_at(found[0], self._keys, now=now)
        if not look.is_trainer(actor_id):
            raise CheckRefused(RefusalCode.INSUFFICIENT_PERMISSIONS, "Only who teaches the lesson may do that.")
        return look

    async def _act(self, lesson_id: str, actor_id: str, act: Callable[[Machine], None], *, now: datetime) -> Step:
        for _ in range(TRIES):
            look = await self._looked(lesson_id, actor_id, now=now)
            look.machine.settle()
            act(look.machine)
            look.machine.settle()
            step = look.machine.step()
            async with self._store.write() as memory:
                is_kept = await keep_look(memory, look, step, now=now)
            if is_kept:
                self._wake()
                return step
        raise overrun()

    async def _decide(
        self,
        checkpoint_id: str,
        person_id: str,
        actor_id: str,
        action: str,
        decide: Callable[[Answer], Answer],
        reason: str = "",
        *,
        now: datetime,
    ) -> Answer:
        """What a trainer decides of one answer, with its entry in the history."""
        lesson_id = await self._lesson_of(checkpoint_id)
        await self._looked(lesson_id, actor_id, now=now)
        for _ in range(TRIES):
            own = await self._own(lesson_id, person_id)
            answer = answer_of(own, checkpoint_id)
            decided = decide(answer)
            entry = NewEntry(
                actor=actor_id,
                action=action,
                subject=own.logging.checkpoints[checkpoint_id].check_id,
                facts={"checkpoint": checkpoint_id, "person": person_id, "was": answer.state.value},
                personal={"reason": reason} if reason else {},
                person_id=person_id,
            )
            if not await self._keep(own.lesson, own.logging, [(answer, decided)], entries=[entry], now=now):
                return decided
        raise overrun()
