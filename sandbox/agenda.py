"""What is still to come, in order of time."""

import heapq
from datetime import datetime
from typing import Generic, TypeVar

from sandbox.errors import OutgrownError

T = TypeVar("T")


class Agenda(Generic[T]):
    """Things that wait for their moment; of those due at one moment the first put in comes out first.

    `limit` is a guard against growth: a sandbox that piles up more than that is broken and says so.
    """

    def __init__(self, *, limit: int = 5_000) -> None:
        self._limit = limit
        self._heap: list[tuple[datetime, int, T]] = []
        self._count = 0

    def put(self, due_at: datetime, thing: T) -> None:
        if len(self._heap) >= self._limit:
            raise OutgrownError(f"more than {self._limit} things wait for their moment")
        self._count += 1
        heapq.heappush(self._heap, (due_at, self._count, thing))

    def next_at(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: datetime) -> T | None:
        """The first thing whose moment has come, taken out; None if there is none."""
        if not self._heap or self._heap[0][0] > now:
            return None
        return heapq.heappop(self._heap)[2]

    def withdraw(self, thing: T) -> None:
        """Takes out `thing`, if it is still there."""
        self._heap = [entry for entry in self._heap if entry[2] is not thing]
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)
