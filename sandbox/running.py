"""Lets a story happen on a clock that runs by itself, while people meddle with it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.classroom.rooms import Classroom
from sandbox.clock import Clock
from sandbox.player import StoryPlayer


class Running:
    """The performance that goes on: after the story's end people still come and go, and what they do is delivered.

    `wake` it whenever somebody has acted in a classroom: what they did may be due sooner than what was next.
    """

    def __init__(self, player: StoryPlayer, classrooms: Mapping[str, Classroom], clock: Clock) -> None:
        self._player = player
        self._classrooms = classrooms
        self._clock = clock
        self._woken = asyncio.Event()
        self._is_busy = False
        self.is_over = asyncio.Event()

    def wake(self) -> None:
        """Look at what is next anew."""
        self._woken.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way and nothing is due."""
        at = self.next_at()
        is_due = at is not None and at <= self._clock.now()
        return not (is_due or self._is_busy) and self._player.is_idle

    def next_at(self) -> datetime | None:
        """The lesson time at which something is to be done next."""
        if (at := self._player.next_at()) is not None:
            return at
        moments = (room.next_at() for room in self._classrooms.values())
        return min((at for at in moments if at is not None), default=None)

    async def run(self) -> None:
        """Do what is due when it is, for ever."""
        while True:
            self._woken.clear()
            await self._until(self.next_at())
            self._is_busy = True
            try:
                await self._run_due(self._clock.now())
            finally:
                self._is_busy = False

    async def _run_due(self, now: datetime) -> None:
        await self._player.run_due(now)
        if self._player.next_at() is None:
            for room in self._classrooms.values():
                await room.run_due(now)
            self.is_over.set()

    async def _until(self, at: datetime | None) -> None:
        """Wait for a moment of lesson time, or until somebody wakes us."""
        wait = None if at is None else (at - self._clock.now()).total_seconds()
        if wait is not None and wait <= 0:
            return
        waiting: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._woken.wait())]
        if wait is not None:
            waiting.append(asyncio.ensure_future(self._clock.sleep(wait)))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
