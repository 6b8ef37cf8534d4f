"""Whatever the judge lets pass is drawn, and so is all that Rollcall can say."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.attendance.wanted import MessageKind
from sandbox.slack.judge.blocks import BLOCKS
from tests.browser.bare import HTML, Bare
from tests.browser.conftest import Look
from tests.browser.looking import NARROW, WIDE
from tests.sandbox_meets_messages.samples import ANSWERED, ASKED, COUNTS, NAMES, people_called, wanted

CORPUS = Path(__file__).parents[1] / "sandbox" / "slack" / "corpus" / "valid"


def corpus(name: str) -> dict[str, Any]:
    return json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))


async def wider_than_the_window(page: Page) -> list[str]:
    """What sticks out to the right, but for what scrolls for itself or is cut on purpose."""
    return await page.evaluate("""() => {
      const isHeld = (node) => node.closest(".table-frame, .carousel, .preview, pre, svg, .unseen, #said, .skips, #classroom");
      return [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() && !isHeld(node)
        && node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.outerHTML.slice(0, 120));
    }""")


async def nothing_is_unknown(page: Page) -> None:
    await expect(page.locator(".unknown")).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_every_block_that_the_judge_lets_pass_is_drawn(empty: Bare, look: Look, size: tuple[int, int]):
    drawn = [entry["blocks"] for entry in corpus("blocks").values() if "message" in entry["on"]]
    for blocks in drawn:
        empty.post("fallback", blocks)
    page = await look(empty.of(), size=size)
    await expect(page.locator("main .message")).to_have_count(min(len(drawn), 80))
    while await (older := page.get_by_role("button", name="Show earlier messages")).count():
        await older.click()
    await nothing_is_unknown(page)
    shown = await page.evaluate(
        "[...document.querySelectorAll('.block')].map((b) => [...b.classList].find((c) => c.startsWith('block-')).slice(6))"
    )
    assert set(shown) >= {block["type"] for blocks in drawn for block in blocks}
    assert await wider_than_the_window(page) == []


def test_the_corpus_has_every_block_of_the_judge():
    drawn = {block["type"] for entry in corpus("blocks").values() for block in entry["blocks"]}
    assert BLOCKS.keys() - drawn == set()


async def test_every_view_that_the_judge_lets_pass_is_drawn(empty: Bare, look: Look):
    page = await look(empty.of())
    for entry in corpus("views").values():
        if entry["view"]["type"] != "modal":
            continue
        view = empty.open(entry["view"])
        modal = page.get_by_role("dialog", name=entry["view"]["title"]["text"])
        await expect(modal).to_be_visible()
        await nothing_is_unknown(page)
        empty.workspace.views.close(view)
        await expect(modal).to_be_hidden()


@pytest.mark.parametrize("name", NAMES)
async def test_all_that_rollcall_says_is_drawn_whatever_people_are_called(empty: Bare, look: Look, name: str):
    for count in COUNTS:
        who = people_called(NAMES[name], count)
        for kind in MessageKind:
            for message in wanted(kind, who):
                empty.post(message.text, message.blocks)
        for answer in ANSWERED.values():
            for message in answer(who):
                empty.post(message.text, message.blocks, seen_by="U0GRACE")
    page = await look(empty.of(), size=NARROW)
    while await (older := page.get_by_role("button", name="Show earlier messages")).count():
        await older.click()
    await nothing_is_unknown(page)
    assert await wider_than_the_window(page) == []


@pytest.mark.parametrize("count", COUNTS)
async def test_all_that_rollcall_asks_is_drawn(empty: Bare, look: Look, count: int):
    page = await look(empty.of(), size=NARROW)
    for ask in ASKED.values():
        for source in ask(people_called(NAMES["80 letters"], count)):
            view = empty.open(source)
            await expect(page.locator("dialog.modal[open] h2")).to_have_text(source["title"]["text"])
            await nothing_is_unknown(page)
            assert await wider_than_the_window(page) == []
            empty.workspace.views.close(view)
            await expect(page.locator("dialog.modal")).to_be_hidden()


async def test_a_block_that_nobody_knows_is_shown_as_unknown(empty: Bare, look: Look):
    empty.post("fallback", [{"type": "hologram", "text": "?"}])
    page = await look(empty.of())
    await expect(page.locator(".unknown")).to_contain_text("Unknown block: hologram")


async def test_names_are_text_wherever_they_stand(empty: Bare, look: Look):
    first = empty.post(f"{HTML} *{HTML}* <@U0HTML>", author="U0HTML")
    empty.post("reply", thread_ts=first.ts, author="U0HTML")
    page = await look(empty.of("U0HTML"))
    await expect(page.locator("main .author").first).to_have_text(HTML)
    await page.get_by_role("button", name="You are").click()
    await expect(page.get_by_role("option").filter(has_text="onerror")).to_have_count(1)
    assert await page.locator("img[onerror], main b:not(.count):text('Bob')").count() == 0
