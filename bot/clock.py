"""The two clocks, and the only file that reads the machine's.

*Lesson time* is what the timetable, the rules, the ladder and pacing live in; a demo may run it faster or stop it.
*Wire time* is the machine's: signatures, leases, tokens and HTTP time-outs live in it.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Lesson time. Only doors and the tick runner hold one; rules take `now`."""

    def now(self) -> datetime:
        """The present instant of lesson time, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once that many seconds of lesson time have passed."""
        ...

    def wire_seconds_until(self, moment: datetime) -> float | None:
        """How many of the machine's seconds until that moment of lesson time; None if only a person knows."""
        ...


def wire_now() -> datetime:
    """The machine's present instant, aware, in UTC: for signatures, leases and tokens."""
    return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds from an arbitrary start that never run backwards: for measuring how long something took."""
    return time.monotonic()


class SystemClock:
    """Lesson time is the machine's time."""

    def now(self) -> datetime:
        return wire_now()

    def wire_seconds_until(self, moment: datetime) -> float:
        return (moment - self.now()).total_seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SteerableClock:
    """Lesson time starts at `start` and runs `speed` times as fast as the machine's, until somebody steers it.

    Who computed something from `wire_seconds_until` has to do so again after each steering; sleepers do by themselves.
    """

    def __init__(self, *, start: datetime, speed: float) -> None:
        self._at = start
        self._speed = speed
        self._is_running = True
        self._since = stopwatch()
        self._steered = asyncio.Event()

    @property
    def speed(self) -> float:
        """Seconds of lesson time in one of the machine's, while it runs."""
        return self._speed

    @property
    def is_running(self) -> bool:
        """Whether lesson time goes by."""
        return self._is_running

    def now(self) -> datetime:
        if not self._is_running:
            return self._at
        return self._at + timedelta(seconds=(stopwatch() - self._since) * self._speed)

    def steer(self, *, speed: float | None = None, is_running: bool | None = None) -> None:
        """Change the speed, stop it, or let it go on."""
        self.move_to(self.now())
        if speed is not None:
            self._speed = speed
        if is_running is not None:
            self._is_running = is_running

    def move_to(self, moment: datetime) -> datetime:
        """Jump ahead to a moment; an earlier one changes nothing, because time does not run back."""
        self._at, self._since = max(self.now(), moment), stopwatch()
        steered, self._steered = self._steered, asyncio.Event()
        steered.set()
        return self._at

    def wire_seconds_until(self, moment: datetime) -> float | None:
        if not self._is_running:
            return None
        return (moment - self.now()).total_seconds() / self._speed

    async def sleep(self, seconds: float) -> None:
        moment = self.now() + timedelta(seconds=seconds)
        while self.now() < moment:
            try:
                async with asyncio.timeout(self.wire_seconds_until(moment)):
                    await self._steered.wait()
            except TimeoutError:
                pass
        if seconds <= 0:
            await asyncio.sleep(0)


class ManualClock:
    """Lesson time stands still until somebody moves it; sleepers wake when it passes their moment."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def wire_seconds_until(self, moment: datetime) -> None:  # noqa: ARG002  somebody moves it, nobody knows when
        return None

    def advance(self, **lengths: float) -> datetime:
        """Move on by a length given as for `timedelta`, for example `minutes=5`; the new instant."""
        return self.move_to(self._now + timedelta(**lengths))

    def move_to(self, moment: datetime) -> datetime:
        """Move on to a moment; an earlier one changes nothing, because time does not run back."""
        self._now = max(self._now, moment)
        due = [future for wakes_at, future in self._sleepers if wakes_at <= self._now]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._now]
        for future in due:
            if not future.done():
                future.set_result(None)
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), future))
        await future
