"""SQLite: one file, one writer at a time."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import ConfigurationError
from storage.dialects.dialect import Dialect, Insert, Row, with_lists_as_json
from storage.dialects.sqlite_driver import BEGIN_WRITING, InlineConnection
from storage.dialects.sqlite_lane import Lane
from storage.json_text import read_json, write_json

#: SQLite takes at most 32,766 parameters in one statement.
_MOST_PARAMETERS = 30_000
#: RETURNING, which tells which rows were new
_OLDEST = (3, 35, 0)
#: milliseconds; another process (the command line) may hold the file for as long
_BUSY_TIMEOUT = 5_000
_BETWEEN_TRIES = 20
#: the low byte of an error code; above it stands which kind of busy, such as "another one recovers the file"
_PRIMARY = 0xFF
_OF_WRITERS = ("journal_mode = WAL", "synchronous = FULL")


class Sqlite(Dialect):
    """One file.

    Whoever writes says so at the beginning (`BEGIN IMMEDIATE`): a read that turns into a write may fail at any moment.
    """

    takes_turns = True

    def __init__(self, url: URL) -> None:
        if sqlite3.sqlite_version_info < _OLDEST:
            message = (
                f"SQLite {sqlite3.sqlite_version} is too old: take a Python with SQLite 3.35 or newer, or PostgreSQL"
            )
            raise ConfigurationError(message)
        if url.database in (None, "", ":memory:"):
            message = f"{url} names no file: write sqlite+aiosqlite:///rollcall.db"
            raise ConfigurationError(message)
        file = url.database
        reading = _engine(url, lambda: _connect(file, "query_only = ON"), begin="BEGIN", pool_size=5)
        # One connection is enough, and it keeps its cache: writers take turns.
        writing = _engine(url, lambda: _connect(file, *_OF_WRITERS), begin=BEGIN_WRITING, pool_size=1)
        super().__init__(reading=reading, writing=writing)
        self._lane = Lane(lambda: _connect(file, *_OF_WRITERS))

    async def close(self) -> None:
        await self._lane.close()
        await super().close()

    def insert(self, table: Table) -> Insert:
        return sqlite.insert(table)

    async def insert_new(
        self,
        connection: AsyncConnection,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Row],
        *,
        returning: Sequence[str] = (),
    ) -> list[Row]:
        if not rows:
            return []
        new: list[Row] = []
        for sql, parameters in self._insertion(table, columns, rows, returning=returning):
            result = await connection.exec_driver_sql(sql, parameters)
            new += map(tuple, result) if returning else ()
        return new

    async def insert_for_each(
        self, connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[Row], *, each: str
    ) -> None:
        if not rows:
            return
        chosen = [f"given.{name}" for name in columns]
        chosen[0] += " || printf('%05d', one.key)"
        chosen[columns.index(each)] = "one.value"
        place = f"({', '.join('?' * len(columns))})"
        for count, parameters in _in_portions(self._encoded(table, columns, with_lists_as_json(rows, columns, each))):
            places = ", ".join([place] * count)
            sql = (
                f"WITH given ({', '.join(columns)}) AS (VALUES {places}) "  # noqa: S608  names of our own tables
                f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(chosen)} "
                f"FROM given, json_each(given.{each}) AS one WHERE true ON CONFLICT DO NOTHING"
            )
            await connection.exec_driver_sql(sql, parameters)

    async def insert_at_once(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> int:
        if not rows:
            return 0
        return await self._lane.transact(list(self._insertion(table, columns, rows, returning=())))

    def _insertion(
        self, table: Table, columns: Sequence[str], rows: Sequence[Row], *, returning: Sequence[str]
    ) -> Iterator[tuple[str, Row]]:
        answer = f" RETURNING {', '.join(returning)}" if returning else ""
        place = f"({', '.join('?' * len(columns))})"
        for count, parameters in _in_portions(self._encoded(table, columns, rows)):
            places = ", ".join([place] * count)
            sql = (
                f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES {places} "  # noqa: S608  names of our own tables
                f"ON CONFLICT DO NOTHING{answer}"
            )
            yield sql, parameters

    async def update_each(
        self,
        connection: AsyncConnection,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Row],
        *,
        key: Sequence[str],
        returning: Sequence[str] = (),
    ) -> list[Row]:
        if not rows:
            return []
        if not returning:
            await self._update_all(connection, table, columns, rows, key=key)
            return []
        settings = ", ".join(f"{name} = given.{name}" for name in columns if name not in key)
        matches = " AND ".join(f"{table.name}.{name} = given.{name}" for name in key)
        wanted = ", ".join(f"{table.name}.{name}" for name in returning)
        place = f"({', '.join('?' * len(columns))})"
        updated: list[Row] = []
        for count, parameters in _in_portions(self._encoded(table, columns, rows)):
            places = ", ".join([place] * count)
            sql = (
                f"WITH given ({', '.join(columns)}) AS (VALUES {places}) "  # noqa: S608  names of our own tables
                f"UPDATE {table.name} SET {settings} FROM given WHERE {matches} RETURNING {wanted}"
            )
            updated += map(tuple, await connection.exec_driver_sql(sql, parameters))
        return updated

    async def _update_all(
        self,
        connection: AsyncConnection,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Row],
        *,
        key: Sequence[str],
    ) -> None:
        set_columns = [name for name in columns if name not in key]
        sql = (
            f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in set_columns)} "  # noqa: S608  names of our own tables
            f"WHERE {' AND '.join(f'{name} = ?' for name in key)}"
        )
        by_name = dict(zip(columns, self._encoded(table, columns, rows), strict=True))
        ordered = [by_name[name] for name in (*set_columns, *key)]
        await connection.exec_driver_sql(sql, list(zip(*ordered, strict=True)))

    def begin_migration(self, connection: Connection) -> None:
        """`BEGIN IMMEDIATE` keeps the others out already."""


def _connect(file: str, *pragmas: str) -> sqlite3.Connection:
    # The driver begins no transactions of its own, and closes a connection from whatever thread.
    connection = sqlite3.connect(file, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        for pragma in ("foreign_keys = ON", *pragmas, f"busy_timeout = {_BUSY_TIMEOUT}"):
            _set(connection, pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    # SQLite's own timeout does not hold for the change to WAL: of two that open a new file at once, one hears "locked".
    for _ in range(_BUSY_TIMEOUT // _BETWEEN_TRIES):
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_BETWEEN_TRIES / 1000)  # noqa: TID251  the connection's own thread, the machine's own time
        else:
            return
    connection.execute(f"PRAGMA {pragma}")


def _engine(url: URL, connect: Callable[[], sqlite3.Connection], *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        connect_args={"async_creator_fn": lambda *_arguments, **_options: InlineConnection(connect)},
        poolclass=AsyncAdaptedQueuePool,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        json_serializer=write_json,
        json_deserializer=read_json,
    )

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _in_portions(columns: Sequence[Sequence[Any]]) -> Iterator[tuple[int, Row]]:
    """As many rows at once as SQLite takes parameters: their number, and their values one after the other."""
    size = _MOST_PARAMETERS // len(columns)
    rows = list(zip(*columns, strict=True))
    for start in range(0, len(rows), size):
        portion = rows[start : start + size]
        yield len(portion), tuple(value for row in portion for value in row)
