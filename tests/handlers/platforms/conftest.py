"""An API to ask."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.platforms.answering import AnsweringApi


@pytest.fixture
async def answering() -> AsyncIterator[AnsweringApi]:
    api = AnsweringApi()
    yield api
    await api.stop()
