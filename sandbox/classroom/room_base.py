"""What rooms of all platforms have in common: what was announced, what is on its way, and who looks on."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sandbox.agenda import Agenda
from sandbox.classroom.deliveries import Deliveries
from sandbox.clock import Clock
from sandbox.errors import ClassroomError
from sandbox.observing import Observer


class RoomBase:
    """The part of `rooms.Classroom` that knows nothing of who is where."""

    def __init__(self, *, deliveries: Deliveries, clock: Clock) -> None:
        self.deliveries = deliveries
        self._clock = clock
        self._agenda: Agenda[Callable[[], None]] = Agenda()

    @property
    def is_idle(self) -> bool:
        """Whether no request is on its way."""
        return self.deliveries.is_idle

    def next_at(self) -> datetime | None:
        return min((at for at in (self._agenda.next_at(), self.deliveries.next_at()) if at), default=None)

    async def run_due(self, now: datetime) -> None:
        while (happening := self._agenda.pop_due(now)) is not None:
            with suppress(ClassroomError):  # somebody did it, or went away, before it was time
                happening()
        await self.deliveries.run_due(now)

    async def close(self) -> None:
        await self.deliveries.close()

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call the observer with `room` and its id when somebody is elsewhere, with `delivery` and it when it changes.

        Returns how to stop that.
        """
        return self.deliveries.observers.add(observer)

    def _after(self, wait: timedelta, happening: Callable[[], None]) -> None:
        self._agenda.put(self._clock.now() + wait, happening)
