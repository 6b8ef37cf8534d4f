"""The migrations make exactly the tables that the program is written for, on both databases, and unmake them."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, DateTime, inspect

from storage import schema
from storage.database import Store
from storage.dialects import dialect_of
from storage.schema import SchemaState
from storage.tables import UtcDateTime, metadata


async def test_the_migrations_make_the_tables_of_the_program(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)

    assert await _inspected(database_url, differences) == []


async def test_the_migrations_can_be_taken_back(empty_database_url: str) -> None:
    await schema.upgrade(empty_database_url)
    await schema.downgrade(empty_database_url, "base")
    assert await _inspected(empty_database_url, _table_names) == ["alembic_version"]
    await schema.upgrade(empty_database_url)
    assert await _state(empty_database_url) is SchemaState.CURRENT


async def test_migrations_that_run_twice_at_once_wait_for_each_other(empty_database_url: str) -> None:
    await asyncio.gather(schema.upgrade(empty_database_url), schema.upgrade(empty_database_url))
    assert await _state(empty_database_url) is SchemaState.CURRENT


async def test_a_new_file_in_which_another_process_writes_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    upgrade = asyncio.create_task(schema.upgrade(f"sqlite+aiosqlite:///{file}"))
    await asyncio.sleep(0.2)
    assert not upgrade.done()
    other.execute("COMMIT")
    other.close()
    await upgrade


def test_a_new_file_is_opened_by_any_number_at_once(tmp_path: Path) -> None:
    """Each turns the file to WAL, and hears of the others in more than one kind of *busy*."""

    async def begin(url: str) -> None:
        dialect = dialect_of(url)
        async with dialect.writing.connect() as connection, connection.begin():
            pass
        await dialect.close()

    with ThreadPoolExecutor(max_workers=4) as threads:
        for number in range(30):
            url = f"sqlite+aiosqlite:///{tmp_path / f'{number}.db'}"
            for opened in [threads.submit(asyncio.run, begin(url)) for _ in range(4)]:
                opened.result()


async def test_a_schema_of_a_later_version_is_told_from_an_old_one(database_url: str) -> None:
    store = await Store.open(database_url)
    assert await store.schema_state() is SchemaState.CURRENT
    await _executed(database_url, "UPDATE alembic_version SET version_num = '9999'")
    try:
        assert await store.schema_state() is SchemaState.NEWER
    finally:
        await _executed(database_url, "UPDATE alembic_version SET version_num = '0001'")
        await store.close()


def test_every_instant_is_a_utc_date_time() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    assert [str(column) for column in columns if isinstance(column.type, DateTime)] == []
    instants = [column for column in columns if isinstance(column.type, UtcDateTime)]
    assert all(
        column.name.endswith(("_at", "_start", "_end", "_until", "_after", "at", "deadline")) for column in instants
    )
    assert [str(column) for column in columns if column.name.endswith("_at") and column not in set(instants)] == []


async def _state(url: str) -> SchemaState:
    store = await Store.open(url)
    try:
        return await store.schema_state()
    finally:
        await store.close()


async def _inspected(url: str, look: Callable[[Connection], Any]) -> Any:
    dialect = dialect_of(url)
    try:
        async with dialect.reading.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await dialect.close()


async def _executed(url: str, statement: str) -> None:
    dialect = dialect_of(url)
    try:
        async with dialect.writing.begin() as connection:
            await connection.exec_driver_sql(statement)
    finally:
        await dialect.close()


def _table_names(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()
