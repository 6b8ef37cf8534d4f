"""What only the tests of the memory need."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Store
from storage.memory import Memory


@pytest.fixture
async def memory(store: Store) -> AsyncIterator[Memory]:
    """One transaction for the whole test."""
    async with store.write() as opened:
        yield opened
