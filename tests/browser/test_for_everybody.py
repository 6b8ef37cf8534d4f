"""By keyboard alone, for a screen reader, in both colour schemes, on a telephone."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.bare import Bare
from tests.browser.conftest import Look, Play
from tests.browser.looking import NARROW, WIDE
from tests.browser.test_drawing import corpus, wider_than_the_window
from tests.browser.test_living import ASKING

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")


async def faults(page: Page) -> list[str]:
    """What the audit finds wrong."""
    return await page.evaluate(AUDIT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_has_a_name_and_enough_contrast(empty: Bare, look: Look, scheme: str):
    for entry in corpus("blocks").values():
        if "message" in entry["on"]:
            empty.post("fallback", entry["blocks"])
    root = empty.post("Ephemeral", seen_by="U0GRACE")
    empty.post("A reply", thread_ts=root.ts)
    page = await look(empty.of(), scheme=scheme)
    assert await faults(page) == []
    await page.get_by_role("button", name="You are").click()
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    empty.open(ASKING)
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    assert await faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_lesson_looks_right_on_every_screen(play: Play, look: Look, scheme: str, size: tuple[int, int]):
    on = await play("late")
    await on.until("18:03:10")
    page = await look(on.of("U0GRACE", "python-101"), scheme=scheme, size=size)
    for part in ("Channels", "Chat", "Classroom") if size == NARROW else ("",):
        if part:
            await page.get_by_role("navigation", name="Parts of the page").get_by_role("button", name=part).click()
        assert await faults(page) == []
        assert await wider_than_the_window(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == size[0]


async def test_the_scheme_can_be_chosen_and_is_kept(empty: Bare, look: Look):
    page = await look(empty.of(), scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(background)
    await page.get_by_role("button", name="Dark colours").click()
    dark = await page.evaluate(background)
    await page.reload()
    assert light != dark == await page.evaluate(background)


async def test_a_lesson_by_keyboard_alone(play: Play, look: Look):
    on = await play("late")
    await on.until("18:03:10")
    page = await look(on.of("U0GRACE", "python-101"))
    keys = page.keyboard
    await keys.press("Tab")
    await expect(page.get_by_role("link", name="Skip to channels")).to_be_focused()
    await keys.press("Enter")
    await keys.press("Tab")
    await expect(page.locator(".place[aria-current]")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator("main h1")).to_contain_text("Rollcall")
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(page.locator("main h1")).to_contain_text("python-101")
    await page.get_by_label("Message #python-101").focus()
    await keys.type("/ro")
    await expect(page.get_by_role("option")).to_contain_text("/rollcall")
    await keys.press("Tab")
    await keys.type("ma")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.get_by_label("Message #python-101")).to_have_value("/rollcall mark ")
    await keys.press("Enter")
    modal = page.get_by_role("dialog", name="Mark a student")
    await expect(modal).to_be_visible()
    await expect(modal.locator(":focus")).to_have_count(1)
    for _ in range(12):  # the focus goes round within the dialog
        await keys.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))"
        )
    await keys.press("Escape")
    await expect(modal).to_be_hidden()


async def test_a_new_message_is_told_politely(empty: Bare, look: Look):
    page = await look(empty.of())
    empty.post("Python 101 is over")
    heard = page.locator("#heard")
    await expect(heard).to_have_attribute("aria-live", "polite")
    await expect(heard).to_have_text("rollcall: Python 101 is over")


async def test_the_parts_of_the_page_are_landmarks(empty: Bare, look: Look):
    page = await look(empty.of())
    for role, name in (
        ("banner", None),
        ("navigation", "Channels and people"),
        ("main", None),
        ("complementary", "Classroom"),
    ):
        await expect(page.get_by_role(role, name=name)).to_be_visible()
