"""The sandbox's two clocks: lesson time is handed in, wire time is the machine's."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Lesson time: what the timetable, rate limits, message timestamps and retries live in."""

    def now(self) -> datetime:
        """Return the moment as an aware datetime in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds of lesson time."""


def wire_now() -> datetime:
    """Return the machine's time, for signatures and for what must happen within three real seconds."""
    return datetime.now(UTC)  # noqa: TID251  # signatures are checked against the machine's clock, not the lesson's


class WallClock:
    """Lesson time that is the machine's: for an app that runs in real time."""

    def now(self) -> datetime:
        """Return the moment as an aware datetime in UTC."""
        return wire_now()

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        await asyncio.sleep(seconds)
