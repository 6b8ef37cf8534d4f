"""Requests that nothing proved, counted per platform account: one write a second at most, however many come."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from storage.database import Store
from storage.errors import StorageError

#: Wire seconds that a refusal waits for others, so that whoever sends a million costs us one write a second.
WRITE_AFTER = 1.0

log = structlog.get_logger()


@dataclass(slots=True)
class _Counted:
    count: int
    first_at: datetime
    last_at: datetime


class Refusals:
    """Counts in memory, writes a little later. `close` writes what is left."""

    def __init__(self, store: Store, *, write_after: float = WRITE_AFTER) -> None:
        self._store = store
        self._write_after = write_after
        self._counted: dict[str, _Counted] = {}
        self._writing: asyncio.Task[None] | None = None

    def count(self, account_id: str, at: datetime) -> None:
        """One more for this account."""
        counted = self._counted.setdefault(account_id, _Counted(0, at, at))
        counted.count += 1
        counted.last_at = at
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write_later())

    async def close(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    async def _write_later(self) -> None:
        await asyncio.sleep(self._write_after)
        await self._write()

    async def _write(self) -> None:
        counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            async with self._store.write() as memory:
                for account_id, each in counted.items():
                    await memory.accounts.refused(account_id, each.count, first_at=each.first_at, last_at=each.last_at)
        except StorageError as problem:
            log.warning("refusals_not_counted", problem=str(problem))
