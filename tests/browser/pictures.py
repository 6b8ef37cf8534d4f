"""`make pictures`: the pictures of the documentation, out of the first lesson and a presence check."""

import asyncio
import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.looking import NARROW, chromium, launched, looked_at
from tests.browser.stage import Stage, stage

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


async def main(folder: Path) -> None:
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium on the path.")
    async with launched(path) as browser, stage("first-lesson") as on:
        for picture in (reminder, on_the_telephone, board, mark, summary):
            await picture(Camera(browser, folder), on)
    async with launched(path) as browser, stage("presence-check") as on:
        await presence_check(Camera(browser, folder), on)


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):  # the demo tells its story there
        pictures = Path(sys.argv[1])
        pictures.mkdir(parents=True, exist_ok=True)
        asyncio.run(main(pictures))
