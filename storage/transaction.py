"""One transaction, as the queries of this folder are given it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, Select, Table, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import dialects
from storage.dialects.any_of import AnyOf, ManyOf
from storage.statements import any_of, locking

#: what a statement is given, by name
Values = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction of one workspace."""

    connection: AsyncConnection
    dialect: dialects.Dialect
    workspace_id: str
    is_writing: bool

    async def all(self, query: Executable, values: Values = None) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row."""
        return (await self.connection.execute(query, values)).all()

    async def first(self, query: Executable, values: Values = None) -> Row[*tuple[Any, ...]] | None:
        """The first row, or None."""
        return (await self.connection.execute(query, values)).first()

    async def value(self, query: Executable, values: Values = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.connection.execute(query, values)).scalar()

    async def run(self, statement: Executable, values: Values = None) -> int:
        """Execute; how many rows it touched."""
        return (await self.connection.execute(statement, values)).rowcount

    def any_of(self, where: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """Whether a column holds one of these values, in a statement that is built to be run once."""
        return AnyOf(where, literal(values, ManyOf(where.type)))

    def claiming(self, query: Select[Any], of: Table) -> Select[Any]:
        """While writing: lock what is found, pass over what somebody else holds."""
        return query.with_for_update(of=of, key_share=True, skip_locked=True) if self.is_writing else query

    async def lock(self, table: Table, ids: Collection[str]) -> None:
        """Before many rows are changed at once: lock them one by one. Where writers take turns, nothing to do."""
        if not self.dialect.takes_turns:
            ordered = select(table.c.id).where(any_of(table.c.id, "ids")).order_by(table.c.id)
            await self.all(locking(ordered, table), {"ids": ids})

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
