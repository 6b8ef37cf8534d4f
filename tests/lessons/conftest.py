"""A lesson of the whole bot, opened and closed around each test."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import pytest

from sandbox.story import Scenario
from tests.lessons.world import Lesson

OpenLesson = Callable[..., Coroutine[Any, Any, Lesson]]


@pytest.fixture
async def open_lesson(sqlite_url: str) -> AsyncIterator[OpenLesson]:
    """Opens a scenario: `await open_lesson(scenario)`, one for each test."""
    async with AsyncExitStack() as around:

        async def opened(scenario: Scenario, **how: Any) -> Lesson:
            return await around.enter_async_context(Lesson(scenario, sqlite_url, **how).opened())

        yield opened
