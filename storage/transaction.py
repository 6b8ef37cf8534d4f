"""One transaction, as the queries of this folder are given it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import dialects


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction of one workspace."""

    connection: AsyncConnection
    dialect: dialects.Dialect
    workspace_id: str
    is_writing: bool

    async def all(self, query: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row."""
        return (await self.connection.execute(query)).all()

    async def first(self, query: Executable) -> Row[*tuple[Any, ...]] | None:
        """The first row, or None."""
        return (await self.connection.execute(query)).first()

    async def value(self, query: Executable) -> Any:
        """The first column of the first row, or None."""
        return (await self.connection.execute(query)).scalar()

    async def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Execute; how many rows it touched."""
        return (await self.connection.execute(statement, values)).rowcount

    def any_of(self, where: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """Whether a column holds one of many values."""
        return self.dialect.any_of(where, values)

    def claiming(self, query: Select[Any], of: Table) -> Select[Any]:
        """While writing: lock what is found, pass over what somebody else holds."""
        return self.dialect.claiming(query, of) if self.is_writing else query

    def locking(self, query: Select[Any], of: Table) -> Select[Any]:
        """Lock what is found, wait for what somebody else holds."""
        return self.dialect.locking(query, of)

    def in_order(self, table: Table, ids: Collection[str]) -> ColumnElement[bool]:
        """For an UPDATE: the rows of these ids, locked one by one, so that two writers never lock each other up."""
        ordered = select(table.c.id).where(self.any_of(table.c.id, ids)).order_by(table.c.id)
        return table.c.id.in_(self.locking(ordered, table))

    async def lock(self, table: Table, ids: Collection[str]) -> None:
        """Before many rows are changed at once: lock them one by one. Where writers take turns, nothing to do."""
        if not self.dialect.takes_turns:
            ordered = select(table.c.id).where(self.any_of(table.c.id, ids)).order_by(table.c.id)
            await self.all(self.locking(ordered, table))

    async def insert_new(
        self, table: Table, columns: Sequence[str], rows: Sequence[dialects.Row], *, returning: Sequence[str] = ()
    ) -> list[dialects.Row]:
        """Insert the rows that are not known yet; what `returning` names of those that were new, in any order."""
        return await self.dialect.insert_new(self.connection, table, columns, rows, returning=returning)

    async def insert_for_each(
        self, table: Table, columns: Sequence[str], rows: Sequence[dialects.Row], *, each: str
    ) -> None:
        """Insert a row for each of the texts in the list that a row holds in one column; those known stay."""
        await self.dialect.insert_for_each(self.connection, table, columns, rows, each=each)

    async def update_each(
        self,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[dialects.Row],
        *,
        key: Sequence[str] = ("id",),
        returning: Sequence[str] = (),
    ) -> list[dialects.Row]:
        """Set each row's columns where those of the key equal; what `returning` names of those that were found."""
        return await self.dialect.update_each(self.connection, table, columns, rows, key=key, returning=returning)
