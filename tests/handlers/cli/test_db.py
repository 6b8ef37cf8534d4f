"""`rollcall db upgrade`, on both databases."""

import asyncio

from storage.database import Store
from storage.schema import SchemaState
from tests.handlers.cli.conftest import Type


def test_an_empty_database_is_brought_to_the_newest_schema_and_again_changes_nothing(
    type_: Type, empty_database_url: str
) -> None:
    for _ in range(2):
        upgraded = type_("db", "upgrade", ROLLCALL_DATABASE_URL=empty_database_url)
        assert (upgraded.code, upgraded.out) == (0, "The database has the schema of this program.\n")
        assert asyncio.run(_state(empty_database_url)) is SchemaState.CURRENT


def test_sqlite_needs_no_upgrade_by_hand(type_: Type, empty_sqlite_url: str) -> None:
    assert type_("course", "list", ROLLCALL_DATABASE_URL=empty_sqlite_url).code == 0
    assert asyncio.run(_state(empty_sqlite_url)) is SchemaState.CURRENT


def test_postgresql_is_never_upgraded_unasked(type_: Type, empty_postgresql_url: str) -> None:
    refused = type_("course", "list", ROLLCALL_DATABASE_URL=empty_postgresql_url)
    assert (refused.code, "rollcall db upgrade" in refused.err) == (2, True)
    assert asyncio.run(_state(empty_postgresql_url)) is SchemaState.EMPTY


async def _state(url: str) -> SchemaState:
    store = await Store.open(url)
    try:
        return await store.schema_state()
    finally:
        await store.close()
