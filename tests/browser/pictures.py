"""`make pictures`: the pictures of the documentation, out of the first lesson and a presence check."""

import asyncio
import contextlib
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from storage import schema
from storage.database import Store
from tests.browser.looking import NARROW, chromium, launched, looked_at
from tests.browser.stage import Stage, stage
from tests.browser.test_check_page import READY as CHECK_PAGE_READY
from tests.handlers.signaling.house import a_house

LARGEST = 150_000  # bytes; they stand in a README


@dataclass
class Camera:
    """Where the pictures go; each may not be larger than `LARGEST`."""

    browser: Browser
    folder: Path

    async def take(self, name: str, of: Page | Locator, **how: object) -> None:
        path = self.folder / f"{name}.png"
        await of.screenshot(path=path, animations="disabled", **how)  # type: ignore[arg-type]  # the same for both kinds
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")


async def reminder(camera: Camera, on: Stage) -> None:
    await on.until("18:03:10")
    async with looked_at(camera.browser, on.of("U0BOB")) as page:
        await camera.take("reminder", page)


async def on_the_telephone(camera: Camera, on: Stage) -> None:
    async with looked_at(camera.browser, on.of("U0BOB"), size=NARROW, scheme="dark") as page:
        await camera.take("telephone", page)


async def board(camera: Camera, on: Stage) -> None:
    await on.until("18:10:40")
    async with looked_at(camera.browser, on.of("U0GRACE", "python-101")) as page:
        await camera.take("board", page)


async def mark(camera: Camera, on: Stage) -> None:
    async with looked_at(camera.browser, on.of("U0GRACE", "python-101"), scheme="dark") as page:
        await page.get_by_role("button", name="Mark a student").click()
        modal = page.get_by_role("dialog", name="Mark a student")
        await modal.get_by_role("button", name="Whom?").click()
        await page.get_by_role("option", name="Lina Øst").click()
        await modal.get_by_label("Excused").check()
        await modal.get_by_label("Why? (optional)").fill("At the dentist's")
        await camera.take("mark", page)
        await page.keyboard.press("Escape")
        await expect(modal).to_be_hidden()


async def summary(camera: Camera, on: Stage) -> None:
    await on.until("19:31:10")
    async with looked_at(camera.browser, on.of("U0GRACE", "python-101")) as page:
        await page.get_by_role("button", name="Classroom").click()
        await page.locator("main .message", has_text="of 7 attended").evaluate("(node) => node.scrollIntoView()")
        await camera.take("summary", page)
    async with looked_at(camera.browser, on.of("U0GRACE", "python-101"), scheme="dark") as page:
        await page.locator("main .message").get_by_role("button", name="Why: Bob Stone").click()
        await expect(page.locator(".message.ephemeral").last).to_contain_text("needed")
        await page.get_by_role("button", name="Classroom").click()
        await page.locator("main .messages").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
        await camera.take("why", page)


async def presence_check(camera: Camera, on: Stage) -> None:
    await on.until("18:22:40")
    async with looked_at(camera.browser, on.of("U0GRACE")) as page:
        await camera.take("presence-check", page)


async def check_page(camera: Camera) -> None:
    """The page of somebody without Slack, while a question is open."""
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite+aiosqlite:///{home}/rollcall.db"
        await schema.upgrade(url)
        store = await Store.open(url)
        async with a_house(store) as house:
            await house.joined("grace")
            await house.at(5)
            address = str(house.client.make_url(f"/check/{await house.token('ada')}"))
            async with looked_at(camera.browser, address, size=NARROW, ready=CHECK_PAGE_READY) as page:
                await house.tell()
                await house.at(8)
                await house.checks.check_now(house.lesson, house.people["grace"], now=house.clock.now())
                await house.tell()
                await expect(page.get_by_role("button", name="Confirm")).to_be_visible()
                await camera.take("check-page", page.locator("main"))
        await store.close()


async def main(folder: Path) -> None:
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium on the path.")
    async with launched(path) as browser, stage("first-lesson") as on:
        for picture in (reminder, on_the_telephone, board, mark, summary):
            await picture(Camera(browser, folder), on)
    async with launched(path) as browser, stage("presence-check") as on:
        await presence_check(Camera(browser, folder), on)
    async with launched(path) as browser:
        await check_page(Camera(browser, folder))


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):  # the demo tells its story there
        pictures = Path(sys.argv[1])
        pictures.mkdir(parents=True, exist_ok=True)
        asyncio.run(main(pictures))
