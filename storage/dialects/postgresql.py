"""PostgreSQL: many writers, rows as locks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import URL, Column, Connection, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.dialects.dialect import Dialect, Insert, Row, with_lists_as_json
from storage.json_text import read_json, write_json

#: any number that nobody else takes: two replicas must not migrate at once
_MIGRATION_LOCK = 7_264_010


class Postgresql(Dialect):
    """READ COMMITTED with row locks for writing, one snapshot for reading."""

    takes_turns = False

    def __init__(self, url: URL) -> None:
        engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            hide_parameters=True,
            json_serializer=write_json,
            json_deserializer=read_json,
        )
        reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        super().__init__(reading=reading, writing=engine)
        self._type_names: dict[Column[Any], str] = {}

    def insert(self, table: Table) -> Insert:
        return postgresql.insert(table)

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
        sql, parameters = self._insertion(table, columns, rows, returning=returning)
        result = await connection.exec_driver_sql(sql, parameters)
        return [tuple(row) for row in result] if returning else []

    async def insert_for_each(
        self, connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[Row], *, each: str
    ) -> None:
        if not rows:
            return
        chosen = [f"given.{name}" for name in columns]
        chosen[0] += " || lpad(one.place::text, 5, '0')"
        chosen[columns.index(each)] = "one.value"
        encoded = self._encoded(table, columns, with_lists_as_json(rows, columns, each))
        sql = (
            f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(chosen)} "  # noqa: S608  names of our own tables
            f"FROM {self._given(table, columns)} AS given ({', '.join(columns)}), "
            f"json_array_elements_text(given.{each}::json) WITH ORDINALITY AS one (value, place) ON CONFLICT DO NOTHING"
        )
        await connection.exec_driver_sql(sql, tuple(map(list, encoded)))

    async def insert_at_once(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> int:
        if not rows:
            return 0
        sql, parameters = self._insertion(table, columns, rows, returning=())
        async with self.writing.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            # Beside SQLAlchemy: outside a transaction the statement is one, in a single round trip.
            status: str = await driver.execute(sql, *parameters)
        return int(status.rpartition(" ")[2])  # "INSERT 0 57"

    def _insertion(
        self, table: Table, columns: Sequence[str], rows: Sequence[Row], *, returning: Sequence[str]
    ) -> tuple[str, tuple[list[Any], ...]]:
        answer = f" RETURNING {', '.join(returning)}" if returning else ""
        sql = (
            f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM {self._given(table, columns)} "  # noqa: S608  names of our own tables
            f"ON CONFLICT DO NOTHING{answer}"
        )
        return sql, tuple(map(list, self._encoded(table, columns, rows)))

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
        settings = ", ".join(f"{name} = given.{name}" for name in columns if name not in key)
        matches = " AND ".join(f"{table.name}.{name} = given.{name}" for name in key)
        answer = f" RETURNING {', '.join(f'{table.name}.{name}' for name in returning)}" if returning else ""
        given = f"{self._given(table, columns)} AS given ({', '.join(columns)})"
        sql = f"UPDATE {table.name} SET {settings} FROM {given} WHERE {matches}{answer}"  # noqa: S608  names of our own tables
        result = await connection.exec_driver_sql(sql, tuple(map(list, self._encoded(table, columns, rows))))
        return [tuple(row) for row in result] if returning else []

    def _given(self, table: Table, columns: Sequence[str]) -> str:
        """The rows as a table of their own: an array per column, so that the statement is the same for any number."""
        names = (self._type_name(table.c[name]) for name in columns)
        return f"unnest({', '.join(f'${place}::{name}[]' for place, name in enumerate(names, 1))})"

    def _type_name(self, of: Column[Any]) -> str:
        if of not in self._type_names:
            self._type_names[of] = of.type.compile(self.writing.dialect)
        return self._type_names[of]

    def begin_migration(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
