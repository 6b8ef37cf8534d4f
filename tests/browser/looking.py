"""Opening pages that must not complain, and finding the browser for it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE = (1280, 800)
NARROW = (390, 844)


def chromium() -> str | None:
    """The browser of the distribution, by the path."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    """Chromium without a window; as root it cannot run within its own sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        await browser.close()


@asynccontextmanager
async def looked_at(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = WIDE,
    scheme: Literal["light", "dark"] = "light",
    locale: str = "en-GB",
    ready: str = ".messages > li",
    may_complain: bool = False,
) -> AsyncIterator[Page]:
    """Open the page; in the end it must have complained of nothing and asked nobody else for anything.

    `ready` is what shows that it is there. A browser complains of every line that breaks, so a test that breaks one has
    to let it.
    """
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale=locale,
        timezone_id="Pacific/Auckland",  # the machine's own zone must not show anywhere
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: message.type in {"error", "warning"} and complaints.append(message.text))
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    page.on(
        "response", lambda response: response.status >= 400 and complaints.append(f"{response.status}: {response.url}")
    )
    page.on("request", lambda request: _is_elsewhere(request.url) and complaints.append(f"from outside: {request.url}"))
    await page.goto(url)
    await page.wait_for_selector(ready)
    yield page
    await context.close()
    assert may_complain or complaints == []


def _is_elsewhere(url: str) -> bool:
    parts: Any = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1"
