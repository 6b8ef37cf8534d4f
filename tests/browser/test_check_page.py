"""The page on which somebody without Slack says that they are there, as it is used."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from storage.database import Store
from tests.browser.conftest import Look
from tests.browser.looking import NARROW, WIDE
from tests.browser.test_for_everybody import faults
from tests.handlers.signaling.house import House, a_house

SMALL = (320, 568)
#: It has found out how things stand.
READY = 'main:not([data-look="connecting"])'


@pytest_asyncio.fixture(loop_scope="session")
async def house(sqlite_url: str) -> AsyncIterator[House]:
    """A lesson that has run for five minutes, with its trainer in it."""
    async with AsyncExitStack() as opening:
        store = await Store.open(sqlite_url)
        opening.push_async_callback(store.close)
        held = await opening.enter_async_context(a_house(store))
        await held.joined("grace")
        await held.at(5)
        yield held


async def look_at(look: Look, house: House, who: str = "ada", **how: Any) -> Page:
    return await look(str(house.client.make_url(f"/check/{await house.token(who)}")), ready=READY, **how)


async def ask(house: House) -> None:
    """The trainer asks once, now."""
    await house.at(house.minutes + 3)
    await house.checks.check_now(house.lesson, house.people["grace"], now=house.clock.now())
    await house.tell()


def headline(page: Page, text: str) -> Any:
    return expect(page.get_by_role("status")).to_have_text(text)


async def test_it_says_which_lesson_it_is_about_and_waits(house: House, look: Look):
    page = await look_at(look, house)
    await expect(page.get_by_role("heading")).to_have_text("Python 101")
    await expect(page.locator("#lesson")).to_have_text("Tuesday 24 November, 06:00 – 07:00")  # the reader's own time
    await expect(page.locator("#who")).to_have_text("You are Ada Lovelace.")
    await expect(page.locator("#line")).to_have_text("Connected")
    await headline(page, "Nothing to do yet")
    await expect(page.get_by_role("button")).to_have_count(0)


async def test_who_is_asked_confirms_with_one_press(house: House, look: Look):
    page = await look_at(look, house)
    await house.tell()
    await ask(house)
    await headline(page, "Are you there?")
    await expect(page.get_by_role("timer")).to_have_text("5:00")
    assert await page.title() == "Confirm! – Python 101"
    await page.get_by_role("button", name="Confirm").click()
    await house.until_confirmed("ada")
    await house.tell()
    await headline(page, "Thank you")
    await expect(page.locator("#detail")).to_have_text("Your presence was confirmed at 06:08.")
    await expect(page.get_by_role("button")).to_have_count(0)


async def test_it_is_used_by_keyboard_alone(house: House, look: Look):
    page = await look_at(look, house)
    await house.tell()
    await ask(house)
    await expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Confirm")).to_be_focused()
    await page.keyboard.press("Enter")
    await house.until_confirmed("ada")
    await house.tell()
    await headline(page, "Thank you")


async def test_who_comes_while_a_question_is_open_finds_its_button(house: House, look: Look):
    await house.joined("ada")
    await ask(house)
    page = await look_at(look, house)
    await expect(page.get_by_role("button", name="Confirm")).to_be_visible()


async def test_who_missed_it_says_that_they_were_there(house: House, look: Look):
    page = await look_at(look, house)
    await house.tell()
    await ask(house)
    await expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    for _ in range(6):  # a bot that slept over the deadline would hold nothing against anybody
        await house.at(house.minutes + 1)
    await page.reload()
    await headline(page, "This question is over")
    await page.get_by_role("button", name="I was there").click()
    await headline(page, "Noted")
    await expect(page.locator("#detail")).to_contain_text("your trainer decides whether it counts")
    await expect(page.get_by_role("button")).to_have_count(0)


async def test_a_line_that_breaks_is_taken_up_again(house: House, look: Look):
    page = await look_at(look, house, may_complain=True)
    await house.tell()
    await house.break_lines("Ada Lovelace")
    await house.until_open(1)
    await house.until_open(2)
    await expect(page.locator("#line")).to_have_text("Connected", timeout=15_000)
    await house.tell()
    await ask(house)
    await page.get_by_role("button", name="Confirm").click()
    await house.until_confirmed("ada")


async def test_a_link_that_was_taken_back_says_so_and_is_quiet(house: House, look: Look):
    page = await look_at(look, house, may_complain=True)
    await house.revoke_all()
    await headline(page, "This link is not good any more")
    await expect(page.get_by_role("button")).to_have_count(0)
    await page.reload()
    await headline(page, "This link is not good any more")


async def test_it_speaks_german_to_who_reads_german(house: House, look: Look):
    page = await look_at(look, house, locale="de-AT")
    await house.tell()
    await ask(house)
    await headline(page, "Sind Sie da?")
    await page.get_by_role("button", name="Bestätigen").click()
    await house.until_confirmed("ada")
    await house.tell()
    await headline(page, "Danke")


async def test_a_trainer_is_not_asked(house: House, look: Look):
    await house.joined("ada")
    page = await look_at(look, house, who="grace")
    await house.tell()
    await ask(house)
    await headline(page, "A presence check is running")
    await expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL], ids=["wide", "telephone", "small"])
async def test_it_looks_right_on_every_screen(house: House, look: Look, scheme: str, size: tuple[int, int]):
    page = await look_at(look, house, scheme=scheme, size=size)
    await house.tell()
    assert await faults(page) == []
    await ask(house)
    button = page.get_by_role("button", name="Confirm")
    await expect(button).to_be_in_viewport(ratio=1)
    assert await faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == size[0]
