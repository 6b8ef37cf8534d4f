"""aiosqlite with one hop to its thread for a statement, where SQLAlchemy's adapter would take four.

Each hop waits for the interpreter's lock: in a transaction of small statements the hops are most of the cost. So a
cursor here executes, fetches everything and closes in one go; making, reading and closing it stay on this side.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aiosqlite import Connection


class OneHopCursor:
    """What SQLAlchemy's adapter asks of a cursor."""

    def __init__(self, connection: "OneHopConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "OneHopCursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and keep all its rows."""
        await self._connection.in_thread(lambda connection: self._finish(connection.execute(sql, parameters)))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of many."""
        await self._connection.in_thread(lambda connection: self._finish(connection.executemany(sql, parameters)))

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Closed already."""

    def _finish(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class OneHopConnection(Connection):
    """A connection whose cursors are `OneHopCursor`s."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # What is still waiting in the thread at the end of the program does not hold it up.
        self._thread.daemon = True

    async def in_thread(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Run in the connection's own thread."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite gives it no types

    def cursor(self) -> OneHopCursor:  # type: ignore[override]  # SQLAlchemy's adapter only enters and closes it
        return OneHopCursor(self)

    async def rollback(self) -> None:
        """Nothing to do where nothing was begun: the pool asks for it each time that a connection comes back."""
        if self._conn.in_transaction:
            await super().rollback()
