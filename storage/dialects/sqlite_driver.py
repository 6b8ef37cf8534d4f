"""aiosqlite whose statements run on the event loop; only what waits goes to its thread.

A statement takes microseconds. A hop to a thread and back takes longer, and while the loop is busy each row that is
read there waits anew for the interpreter's lock: under load a hundredth of a second of work took half a second. What
does wait is the turn of the writer, when another process holds the file (`BEGIN IMMEDIATE`), and the disk (`COMMIT`).
And a statement with thousands of values, or a large one, is work enough for a hop: it is one step, without the lock.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from aiosqlite import Connection

#: how a transaction that will write begins
BEGIN_WRITING = "BEGIN IMMEDIATE"
#: from so many values on a statement goes to the thread
MANY_VALUES = 2_000
#: and one whose values have so many bytes
MANY_BYTES = 32 * 1024


class InlineCursor:
    """What SQLAlchemy's adapter asks of a cursor."""

    def __init__(self, connection: "InlineConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "InlineCursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and keep all its rows."""
        if sql == BEGIN_WRITING:
            await self._connection.begin_writing()
            return
        if _is_much(parameters):
            await self._connection.in_thread(lambda raw: self._finish(raw.execute(sql, parameters)))
            return
        # The doors are served between two statements.
        await asyncio.sleep(0)
        self._finish(self._connection.raw.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of many."""
        await asyncio.sleep(0)
        self._finish(self._connection.raw.executemany(sql, parameters))

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


class InlineConnection(Connection):
    """A connection whose cursors are `InlineCursor`s."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._is_writing = False
        # What is still waiting in the thread at the end of the program does not hold it up.
        self._thread.daemon = True
        self._stopped: asyncio.Future[object] | None = None

    def stop(self) -> "asyncio.Future[object] | None":
        """Tell the thread to end; the future is done when it has."""
        self._stopped = super().stop()
        return self._stopped

    async def _connect(self) -> Connection:
        # aiosqlite does not wait for its thread where nothing could be opened: that would report to a loop that may be
        # closed by then, with a traceback.
        try:
            return await super()._connect()
        except BaseException:
            if self._stopped is not None:
                await self._stopped
            raise

    @property
    def raw(self) -> sqlite3.Connection:
        """For the event loop itself; nothing may be under way in the thread."""
        return self._conn

    async def begin_writing(self) -> None:
        """Wait for the turn among all processes."""
        self._is_writing = True
        await self.in_thread(lambda raw: raw.execute(BEGIN_WRITING))

    async def in_thread(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Run beside the event loop."""
        await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite gives it no types

    async def commit(self) -> None:
        """What was written is on disk when this returns."""
        if self._is_writing:
            self._is_writing = False
            await super().commit()
        else:
            self._conn.commit()

    async def rollback(self) -> None:
        """Nothing to do where nothing was begun: the pool asks for it each time that a connection comes back."""
        self._is_writing = False
        if self._conn.in_transaction:
            await super().rollback()

    def cursor(self) -> InlineCursor:  # type: ignore[override]  # SQLAlchemy's adapter only enters and closes it
        return InlineCursor(self)


def _is_much(parameters: Sequence[Any]) -> bool:
    if len(parameters) >= MANY_VALUES:
        return True
    return sum(len(each) for each in parameters if type(each) in {str, bytes}) >= MANY_BYTES
