"""Transactions: readers see one snapshot and cannot write, writers write all or nothing."""

import asyncio

import pytest
from sqlalchemy import select, update

from bot.clock import wire_now
from bot.errors import ConfigurationError
from storage.database import Store
from storage.errors import StorageError
from storage.schema import SchemaState
from storage.tables import PlatformAccount, Workspace, table_of

WORKSPACE = table_of(Workspace)


async def test_read_refuses_to_write(store: Store) -> None:
    with pytest.raises(StorageError, match=r"(?i)read-?only"):
        async with store.read() as memory:
            await memory._transaction.run(update(WORKSPACE).values(name="changed"))
    assert await _names(store) == [""]


async def test_a_failed_write_changes_nothing(store: Store) -> None:
    async def fail() -> None:
        async with store.write() as memory:
            await memory._transaction.run(update(WORKSPACE).values(name="changed"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await _names(store) == [""]


async def test_a_cancelled_write_changes_nothing_and_blocks_nobody(store: Store) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with store.write() as memory:
            await memory._transaction.run(update(WORKSPACE).values(name="changed"))
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(2), store.write() as memory:
        await memory._transaction.run(update(WORKSPACE).values(name="second"))
    assert await _names(store) == ["second"]


async def test_a_writer_that_gives_up_at_any_moment_leaves_the_way_free(store: Store) -> None:
    async def write(name: str) -> None:
        async with store.write() as memory:
            await memory._transaction.run(update(WORKSPACE).values(name=name))

    for steps in range(40):
        task = asyncio.create_task(write(f"given up {steps}"))
        for _ in range(steps):
            await asyncio.sleep(0.0002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5):
            await write(f"written {steps}")
        assert await _names(store) == [f"written {steps}"]


async def test_a_reader_sees_one_snapshot_whatever_is_written_meanwhile(store: Store) -> None:
    async with store.read() as memory:
        before = await memory._transaction.value(select(WORKSPACE.c.name))
        async with store.write() as other:
            await other._transaction.run(update(WORKSPACE).values(name="changed"))
        assert await memory._transaction.value(select(WORKSPACE.c.name)) == before
    assert await _names(store) == ["changed"]


async def test_writers_of_one_process_are_let_in_one_after_the_other_and_none_is_lost(store: Store) -> None:
    async def count_up() -> None:
        async with store.write() as memory:
            await memory._transaction.run(update(WORKSPACE).values(history_seq=WORKSPACE.c.history_seq + 1))

    await asyncio.gather(*(count_up() for _ in range(50)))
    async with store.read() as memory:
        assert await memory._transaction.value(select(WORKSPACE.c.history_seq)) == 50


async def test_foreign_keys_are_enforced(store: Store) -> None:
    account = PlatformAccount(workspace_id="nobody", platform="zoom", created_at=wire_now()).model_dump()
    with pytest.raises(StorageError, match=r"(?i)foreign ?key"):
        async with store.write() as memory:
            await memory._transaction.insert_new(table_of(PlatformAccount), list(account), [tuple(account.values())])


async def test_a_database_whose_schema_is_current_says_so(store: Store) -> None:
    assert await store.schema_state() is SchemaState.CURRENT


async def test_a_database_without_tables_says_so(empty_database_url: str) -> None:
    store = await Store.open(empty_database_url)
    assert await store.schema_state() is SchemaState.EMPTY
    await store.close()


@pytest.mark.parametrize(
    "url", ["mysql://localhost/rollcall", "postgresql://localhost/rollcall", "sqlite+aiosqlite://"]
)
async def test_a_url_of_no_use_is_refused_with_what_to_write_instead(url: str) -> None:
    with pytest.raises(ConfigurationError, match="write sqlite"):
        await Store.open(url)


async def _names(store: Store) -> list[str]:
    async with store.read() as memory:
        return [row.name for row in await memory._transaction.all(select(WORKSPACE.c.name))]
