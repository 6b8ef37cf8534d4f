"""One runner per tick: wait for a wake, run, repeat, so that wake and alarm never run a tick twice at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.clock import Clock, stopwatch
from bot.errors import BotError

#: Runs at `now` and tells when somebody must look again; None: only a wake can bring something new.
Tick = Callable[[datetime], Awaitable[datetime | None]]

#: After an error the tick is tried again after this much lesson time, twice as long after each further one …
AFTER_AN_ERROR = timedelta(seconds=5)
#: … up to this: who is reminded is reminded within minutes, also after the database was away for an hour.
LONGEST_WAIT = timedelta(minutes=1)

#: Woken while it ran, a tick rests for as long as it ran, up to these wire seconds: the others have their turn, and
#: what comes meanwhile is done together.
LONGEST_REST = 0.5
#: … of a tick that others wait for.
SHORT_REST = 0.01

#: Wire seconds that a run has left when the program stops: a call to Slack takes well under one, and whoever ends the
#: process waits for ten.
FINISHES_WITHIN = 5.0

log = structlog.get_logger()


class Measured(Protocol):
    """Is told of each run of a tick: how many wire seconds it took, and whether it failed."""

    def __call__(self, name: str, seconds: float, /, *, has_failed: bool) -> None: ...


def unmeasured(_name: str, _seconds: float, *, has_failed: bool) -> None:
    """How it went is told to nobody."""


class Alarms(Protocol):
    """The alarm clock: rings at a moment of lesson time."""

    def set(self, name: str, moment: datetime) -> None:
        """Ring the runner of that name at the moment; an earlier setting for the same name is replaced."""
        ...


class TickRunner:
    """Runs one tick whenever it is woken or its alarm rings."""

    def __init__(
        self,
        name: str,
        tick: Tick,
        *,
        clock: Clock,
        alarms: Alarms,
        longest_rest: float = LONGEST_REST,
        measured: Measured = unmeasured,
        finishes_within: float = FINISHES_WITHIN,
    ) -> None:
        self.name = name
        self._finishes_within = finishes_within
        self._is_stopping = False
        self._longest_rest = longest_rest
        self._measured = measured
        self._tick = tick
        self._clock = clock
        self._alarms = alarms
        self._woken = asyncio.Event()
        self.is_running = False
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        #: when this tick wants to run next, as far as it knows
        self.next_due_at: datetime | None = None

    def wake(self) -> None:
        """Run soon; several wakes before the run are one."""
        self._woken.set()

    def poll(self) -> None:
        """Run soon, just in case, and not while it waits after an error."""
        if not self._failures or self.next_due_at is None or self.is_due:
            self.wake()

    @property
    def is_due(self) -> bool:
        """The moment at which it wanted to run has come."""
        return self.next_due_at is not None and self.next_due_at <= self._clock.now()

    @property
    def is_idle(self) -> bool:
        """Nothing runs, nothing is woken, nothing is due."""
        return not self.is_running and not self._woken.is_set() and not self.is_due

    def start(self) -> None:
        """Begin, with a first run at once: whatever waited while nobody ran is found now."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"tick {self.name}")
        self.wake()

    async def stop(self) -> None:
        """End. A run under way may finish: cut off between Slack's answer and our note of it, it would say that twice.

        One that takes longer is cut off, which loses nothing, because what it did not keep is due again.
        """
        self._is_stopping = True
        if self._task is None:
            return
        if self.is_running:
            await asyncio.wait([self._task], timeout=self._finishes_within)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            self.is_running = True
            self._woken.clear()
            begun = stopwatch()
            has_failed = not await self._run_once(self._clock.now())
            self.is_running = False
            took = stopwatch() - begun
            self._measured(self.name, took, has_failed=has_failed)
            if self._is_stopping:
                return
            if self._woken.is_set():
                await asyncio.sleep(min(took, self._longest_rest))

    def _patience(self) -> timedelta:
        wait: timedelta = min(AFTER_AN_ERROR * 2**self._failures, LONGEST_WAIT)
        self._failures = min(self._failures + 1, 10)
        return wait

    async def _run_once(self, now: datetime) -> bool:
        """Whether it went well."""
        is_well = False
        try:
            self.next_due_at = await self._tick(now)
            self._failures, is_well = 0, True
        except BotError as problem:
            log.error("tick_failed", tick=self.name, problem=str(problem))  # noqa: TRY400  a known trouble needs no traceback
            self.next_due_at = self._clock.now() + self._patience()
        except Exception:
            log.exception("tick_failed", tick=self.name)
            self.next_due_at = self._clock.now() + self._patience()
        if self.next_due_at is None:
            return is_well
        if self.next_due_at <= self._clock.now():
            self.wake()
        else:
            self._alarms.set(self.name, self.next_due_at)
        return is_well
