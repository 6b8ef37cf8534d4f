"""One browser for all tests of this folder, and pages that are watched."""

import inspect
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.bare import Bare, bare
from tests.browser.looking import NAMES, chromium, launched, looked_at
from tests.browser.stage import Stage, stage

Look = Callable[..., Awaitable[Page]]
Play = Callable[[str], Awaitable[Stage]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        reason = f"no Chromium on the path ({', '.join(NAMES)})"
        if os.environ.get("ROLLCALL_TESTS_NEED_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    async with launched(path) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def look(browser: Browser) -> AsyncIterator[Look]:
    """`await look(url, size=…, scheme=…)` opens a page; all must end without a complaint."""
    async with AsyncExitStack() as open_pages:

        async def opened(url: str, **how: Any) -> Page:
            return await open_pages.enter_async_context(looked_at(browser, url, **how))

        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def empty(browser: Browser) -> AsyncIterator[Bare]:
    """A workspace without a bot."""
    async with bare() as held:
        yield held


@pytest_asyncio.fixture(loop_scope="session")
async def play(browser: Browser) -> AsyncIterator[Play]:
    """`await play(name)` puts a scenario up."""
    async with AsyncExitStack() as put_up:

        async def played(name: str) -> Stage:
            return await put_up.enter_async_context(stage(name))

        yield played
