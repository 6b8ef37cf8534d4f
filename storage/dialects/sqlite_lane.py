"""The shortest way into SQLite: a connection and a thread of its own, and one hop for a whole transaction.

The usual way takes six hops between the event loop and the driver's thread, each of which waits for the interpreter's
lock: at the rate of webhooks that is most of the cost of a small transaction.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

Statement = tuple[str, Sequence[object]]


class Lane:
    """One connection, opened by its first use; whoever uses it holds the turn of all writers."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-lane")

    async def transact(self, statements: Sequence[Statement]) -> int:
        """Run them in one transaction; how many rows they changed, once it is on disk."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, statements)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _transact(self, statements: Sequence[Statement]) -> int:
        if self._connection is None:
            self._connection = self._connect()
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            changed = sum(connection.execute(sql, parameters).rowcount for sql, parameters in statements)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
        return changed

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
