"""A file that cannot be opened is an error of whoever opens it, and of nobody's thread."""

import asyncio
import logging
import sqlite3
from threading import Event, Thread

import pytest

from storage.dialects.sqlite_driver import InlineConnection


class Held(logging.Filter):
    """Keeps the connection's thread, which logs what it is about to do, from stopping."""

    def __init__(self) -> None:
        super().__init__()
        self.may_stop = Event()

    def filter(self, record: logging.LogRecord) -> bool:
        if "close_and_stop" in record.getMessage():
            self.may_stop.wait(5)
        return False


def test_a_file_that_cannot_be_opened_leaves_no_thread_behind_that_speaks_to_a_loop_that_is_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log, held = logging.getLogger("aiosqlite"), Held()
    caplog.set_level(logging.DEBUG, logger="aiosqlite")
    log.addFilter(held)

    async def open_nothing() -> Thread:
        connection = InlineConnection(lambda: sqlite3.connect("/nowhere/x.db"))
        asyncio.get_running_loop().call_later(0.05, held.may_stop.set)
        with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
            await connection
        return connection._thread

    try:
        thread = asyncio.run(open_nothing())
    finally:
        held.may_stop.set()
        log.removeFilter(held)
    thread.join(5)  # a traceback of its would be an error of this test
    assert not thread.is_alive()
