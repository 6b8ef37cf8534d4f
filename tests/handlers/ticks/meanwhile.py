"""Something happens at a given moment of a tick: between reading and keeping, or while a call is on the wire."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from handlers.slack_client import SlackClient
from handlers.slack_values import Posted
from storage.database import Store
from storage.errors import StorageError
from storage.memory import Memory

Do = Callable[[], Awaitable[Any]]


class BeforeTheFirstWrite:
    """A store: something else happens after what was read and before the first transaction that writes."""

    def __init__(self, store: Store, do: Do) -> None:
        self.read = store.read
        self._store = store
        self._to_do: list[Do] = [do]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Memory]:
        while self._to_do:
            await self._to_do.pop()()
        async with self._store.write() as memory:
            yield memory


class Locked:
    """A store whose nth transaction that reads, or that writes, finds the database locked by another process."""

    def __init__(self, store: Store, *, reads: int = 0, writes: int = 0) -> None:
        self._store = store
        self._left = {"read": reads, "write": writes}

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Memory]:
        async with self._store.read() as memory:
            self._count("read")
            yield memory

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Memory]:
        async with self._store.write() as memory:
            yield memory
            self._count("write")

    def _count(self, kind: str) -> None:
        self._left[kind] -= 1
        if self._left[kind] == 0:
            raise StorageError(sqlite3.OperationalError("database is locked"))


class OnTheWire(SlackClient):
    """A client: something else happens when Slack has posted and we do not know it yet."""

    def __init__(self, slack: SlackClient, do: Do) -> None:
        super().__init__(slack.web, slack._session)
        self._do = do

    async def post(self, *args: Any, **said: Any) -> Posted:
        posted = await super().post(*args, **said)
        await self._do()
        return posted
