"""APScheduler, only as an alarm clock: a job wakes a tick and does nothing else. What must survive is in no job."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING

from bot.clock import Clock, wire_now
from handlers.ticks.runner import TickRunner

#: Lesson time between two looks without a wake: safety, where the alarm gives speed.
POLL_EVERY = timedelta(seconds=10)
#: However fast lesson time runs, the machine is not kept busy with polls.
LEAST_POLL_SECONDS = 1.0


class AlarmClock:
    """Rings the runners: at the moments they asked for, and every few seconds in any case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._runners: Mapping[str, TickRunner] = {}
        # APScheduler reads the machine's clock; `misfire_grace_time` None, or a stalled loop would skip a turn.
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone="UTC",
        )

    def start(self, runners: Mapping[str, TickRunner]) -> None:
        """Begin to ring; a clock that a person moves gets no polls, because its person wakes the runners."""
        self._runners = runners
        self._scheduler.start()
        seconds = self._clock.wire_seconds_until(self._clock.now() + POLL_EVERY)
        if seconds is None:
            return
        for name in runners:
            self._scheduler.add_job(
                self._poll, "interval", seconds=max(seconds, LEAST_POLL_SECONDS), args=[name], id=f"poll {name}"
            )

    def set(self, name: str, moment: datetime) -> None:
        """Wake the runner at that moment of lesson time."""
        seconds = self._clock.wire_seconds_until(moment)
        if seconds is not None:
            at = wire_now() + timedelta(seconds=max(seconds, 0))
            self._scheduler.add_job(
                self._ring, "date", run_date=at, args=[name], id=f"due {name}", replace_existing=True
            )

    def stop(self) -> None:
        if self._scheduler.state == STATE_RUNNING:
            # APScheduler stops a turn later; what it began in between it would cancel, and report as an error.
            self._scheduler.pause()
            self._scheduler.shutdown(wait=False)

    # `async def`: APScheduler would run a plain function in a thread, and never await a lambda's coroutine.

    async def _ring(self, name: str) -> None:
        self._runners[name].wake()

    async def _poll(self, name: str) -> None:
        self._runners[name].poll()
