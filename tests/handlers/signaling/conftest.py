"""A lesson in a classroom of one's own. What is different between the databases is tested in `test_replicas.py`."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Store
from tests.handlers.signaling.house import House, a_house


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def house(sqlite_store: Store) -> AsyncIterator[House]:
    async with a_house(sqlite_store) as opened:
        yield opened
