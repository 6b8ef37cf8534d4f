"""What the two databases have in common, and where they differ."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.json_text import write_json

#: One row, in the order of the columns that are named beside it.
Row = tuple[Any, ...]
Insert = sqlite.Insert | postgresql.Insert


class Dialect(ABC):
    """One of the two databases, and the two ways into it."""

    #: writers of one process take turns, because the database lets in one at a time
    takes_turns: bool

    def __init__(self, *, reading: AsyncEngine, writing: AsyncEngine) -> None:
        self.reading = reading
        self.writing = writing
        self._processors: dict[Column[Any], Callable[[Any], Any] | None] = {}

    async def close(self) -> None:
        """Close every connection."""
        await self.writing.dispose()
        await self.reading.dispose()

    @abstractmethod
    def insert(self, table: Table) -> Insert:
        """An INSERT that knows ON CONFLICT."""

    @abstractmethod
    async def insert_new(
        self,
        connection: AsyncConnection,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[Row],
        *,
        returning: Sequence[str] = (),
    ) -> list[Row]:
        """Insert the rows that are not known yet; what `returning` names of those that were new, in any order."""

    @abstractmethod
    async def insert_for_each(
        self, connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[Row], *, each: str
    ) -> None:
        """Insert a row for each of the texts that a row holds, as a list, in the column `each`; those known stay.

        What they share goes to the database once. The first column is a text that begins each row's own id.
        """

    @abstractmethod
    async def insert_at_once(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> int:
        """Insert what is not known yet, as a transaction of its own and on the shortest way to disk.

        It is there when this returns: how many of the rows were new.
        """

    @abstractmethod
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
        """Set each row's columns where all columns of the key equal; `columns` holds those of the key too."""

    @abstractmethod
    def begin_migration(self, connection: Connection) -> None:
        """Called inside a transaction: from here on nobody else changes the schema."""

    def _encoded(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> list[Sequence[Any]]:
        """The rows column by column, each value as the driver takes it."""
        encoded: list[Sequence[Any]] = []
        for name, values in zip(columns, zip(*rows, strict=True), strict=True):
            process = self._processor(table.c[name])
            encoded.append(values if process is None else _processed(process, values))
        return encoded

    def _processor(self, of: Column[Any]) -> Callable[[Any], Any] | None:
        if of not in self._processors:
            dialect = self.writing.dialect
            # Both drivers take bytes as they are.
            is_as_it_is = isinstance(of.type, LargeBinary)
            self._processors[of] = None if is_as_it_is else of.type.dialect_impl(dialect).bind_processor(dialect)
        return self._processors[of]


def _processed(process: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """Each value as the driver takes it; one object in rows that follow each other is worked on once."""
    last, result = None, process(None)
    processed = []
    for value in values:
        if value is not last:
            last, result = value, process(value)
        processed.append(result)
    return processed


def with_lists_as_json(rows: Sequence[Row], columns: Sequence[str], each: str) -> list[Row]:
    """The rows with the list in one column as a JSON text, which both databases take apart."""
    place = columns.index(each)
    return [(*row[:place], write_json(row[place]), *row[place + 1 :]) for row in rows]
