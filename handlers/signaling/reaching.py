"""Who was asked on a socket: for people without Slack, that is when their time to answer begins."""

import asyncio

import structlog

from bot.clock import Clock
from bot.errors import BotError
from handlers.checks import Checks
from storage.errors import StorageError
from storage.sockets import Seat

log = structlog.get_logger()


class Reaching:
    """Writes down, beside the telling, that a question was shown to somebody."""

    def __init__(self, checks: Checks, clock: Clock) -> None:
        self._checks = checks
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def reached(self, seat: Seat) -> None:
        """A question has gone out on a socket of theirs."""
        task = asyncio.get_running_loop().create_task(self._write_down(seat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Finish what is being written."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _write_down(self, seat: Seat) -> None:
        try:
            await self._checks.reached(seat.lesson_id, seat.person_id, now=self._clock.now())
        except (BotError, StorageError) as problem:
            # Their answer counts all the same: it is the deadline that is then missing.
            log.warning("socket_question_not_noted", lesson=seat.lesson_id, cause=type(problem).__name__)
