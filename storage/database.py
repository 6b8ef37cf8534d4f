"""The store: transactions over one database, and the memory that each of them gives."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ConfigurationError
from storage import schema
from storage.deliveries import DELIVERY, KEPT, NewDelivery, by_key, rows_of
from storage.dialects import Dialect, dialect_of
from storage.errors import DATABASE_ERRORS, StorageError
from storage.memory import Memory
from storage.schema import SchemaState
from storage.tables import Workspace, table_of
from storage.transaction import Transaction


class Store:
    """One database.

    Readers see one snapshot and may not write. Writing is short, awaits nothing but the database and decides nothing:
    on SQLite one writer of this process is let in at a time, in the order of asking.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._turn: AbstractAsyncContextManager[object] = asyncio.Lock() if dialect.takes_turns else nullcontext()
        self._workspace_id = ""

    @classmethod
    async def open(cls, url: str) -> Self:
        """The store at a URL, connected once, whatever its schema.

        Raises `ConfigurationError` for a URL of no use, `StorageError` where nobody answers.
        """
        dialect = dialect_of(url)
        try:
            async with dialect.writing.connect():
                return cls(dialect)
        except DATABASE_ERRORS as error:
            await dialect.close()
            raise StorageError(error) from None

    async def close(self) -> None:
        """Close every connection; nobody may be reading or writing."""
        await self._dialect.close()

    async def schema_state(self) -> SchemaState:
        """Whether the tables are those that this program was written for."""
        return await schema.state_of(self._dialect.reading)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Memory]:
        """A snapshot. The database itself refuses to write in it. Raises `StorageError`."""
        try:
            async with self._dialect.reading.connect() as connection, connection.begin():
                yield await self._memory(connection, is_writing=False)
        except DATABASE_ERRORS as error:
            raise StorageError(error) from None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Memory]:
        """A transaction: committed at the end, or rolled back by any error. Once this returns, it is on disk.

        Raises `StorageError`.
        """
        try:
            async with self._turn, self._dialect.writing.connect() as connection, connection.begin():
                yield await self._memory(connection, is_writing=True)
        except DATABASE_ERRORS as error:
            raise StorageError(error) from None

    async def keep(self, deliveries: Sequence[NewDelivery]) -> int:
        """Store many deliveries at once, on the shortest way to disk; how many of them were not known yet.

        If one cannot be written (`StorageError`), none is; each may be tried again alone.
        """
        rows = by_key(rows_of(deliveries))
        try:
            async with self._turn:
                return await self._dialect.insert_at_once(DELIVERY, KEPT, rows)
        except DATABASE_ERRORS as error:
            raise StorageError(error) from None

    async def _memory(self, connection: AsyncConnection, *, is_writing: bool) -> Memory:
        if not self._workspace_id:
            first = select(table_of(Workspace).c.id).order_by("created_at", "id").limit(1)
            found = (await connection.execute(first)).scalar()
            if found is None:
                message = "the database holds no workspace: run `rollcall db upgrade`"
                raise ConfigurationError(message)
            self._workspace_id = found
        return Memory(Transaction(connection, self._dialect, self._workspace_id, is_writing))
