"""Everything that time starts: a runner for each tick, and which ticks follow which."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.clock import Clock
from handlers.metrics import Metrics
from handlers.ticks.runner import LONGEST_REST, SHORT_REST, Tick, TickRunner
from handlers.ticks.schedule import AlarmClock

#: What has something to do once another one has run. Ticks that seldom find anything say so themselves.
FOLLOWING: Final[Mapping[str, tuple[str, ...]]] = {
    "apply_deliveries": ("watch_lessons", "name_strangers", "run_presence_checks"),
    "watch_lessons": ("send_messages", "reconcile", "look_into_rooms", "run_presence_checks"),
    "watch_connections": ("send_messages",),
    "lay_out_lessons": ("watch_lessons", "register_people"),
}


class Clockwork:
    """The runners of all ticks. `start` it once and `stop` it."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._alarms = AlarmClock(clock)
        self._runners: dict[str, TickRunner] = {}

    def start(self, ticks: Mapping[str, Tick]) -> None:
        """Run them, by name, whenever they are due or woken."""
        for name, tick in ticks.items():
            self._runners[name] = TickRunner(
                name,
                self._followed(name, tick),
                clock=self._clock,
                alarms=self._alarms,
                longest_rest=SHORT_REST if name == "apply_deliveries" else LONGEST_REST,
                measured=self._metrics.ticked,
            )
        self._alarms.start(self._runners)
        for runner in self._runners.values():
            runner.start()

    async def stop(self) -> None:
        """Let those that run finish, and start none any more."""
        self._alarms.stop()
        await asyncio.gather(*(runner.stop() for runner in self._runners.values()))

    @property
    def is_idle(self) -> bool:
        """Whether none runs and none is due."""
        return all(runner.is_idle for runner in self._runners.values())

    def is_running(self, name: str) -> bool:
        """Whether this one does something now."""
        return self._runners[name].is_running

    def next_due_at(self) -> datetime | None:
        """The next moment at which one of them has something to do by itself."""
        moments = [runner.next_due_at for runner in self._runners.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def wake(self, *names: str) -> None:
        """Have these look now; without a name, all."""
        for name in names or self._runners:
            self._runners[name].wake()

    def wake_due(self) -> None:
        """Have those look that are due: somebody moved the clock."""
        for runner in self._runners.values():
            if runner.is_due:
                runner.wake()

    def _followed(self, name: str, tick: Tick) -> Tick:
        following = FOLLOWING.get(name, ())

        async def followed(now: datetime) -> datetime | None:
            next_due_at = await tick(now)
            if following:
                self.wake(*following)
            return next_due_at

        return followed
