"""The page while the world changes under it: nothing jumps, nothing typed is lost, and nothing grows."""

import base64
import re

from playwright.async_api import expect

from sandbox.slack.api.files import delete
from sandbox.slack.model import File
from tests.browser.bare import Bare
from tests.browser.conftest import Look
from tests.browser.looking import NARROW

#: A picture of one dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def section(text: str, block_id: str = "") -> dict:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | ({"block_id": block_id} if block_id else {})


def row(*texts: str) -> dict:
    buttons = [{"type": "button", "action_id": text, "text": {"type": "plain_text", "text": text}} for text in texts]
    return {"type": "actions", "elements": buttons}


ASKING = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Why?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        section("First", "head"),
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why?"},
            "element": {"type": "plain_text_input", "action_id": "why"},
        },
    ],
}


async def test_an_edit_appears_without_a_reload_and_is_marked(empty: Bare, look: Look):
    board = empty.post("board", [section("5 of 7 here"), row("Mark", "Break")])
    page = await look(empty.of())
    empty.edit(board, text="board", blocks=[section("6 of 7 here"), row("Mark", "Break")])
    await expect(page.locator("main .message")).to_contain_text("6 of 7 here")
    await expect(page.locator("main .message")).to_contain_text("(edited)")
    await expect(page.locator("main .fresh")).to_have_count(1)  # not the buttons, which say the same


async def test_a_button_keeps_the_focus_through_an_edit(empty: Bare, look: Look):
    board = empty.post("board", [section("5 of 7 here"), row("Mark", "Break")])
    page = await look(empty.of())
    await page.get_by_role("button", name="Break").focus()
    empty.edit(board, text="board", blocks=[section("6 of 7 here"), row("Remind", "Mark", "Break")])
    await expect(page.get_by_role("button", name="Remind")).to_be_visible()
    await expect(page.get_by_role("button", name="Break")).to_be_focused()


async def test_what_is_half_typed_survives_an_update_of_the_view(empty: Bare, look: Look):
    page = await look(empty.of())
    view = empty.open(ASKING)
    field = page.get_by_role("textbox", name="Why?")
    await field.fill("The tram stands")
    await field.evaluate("(node) => node.setSelectionRange(4, 8)")
    changed = {
        **ASKING,
        "blocks": [
            section("Second", "head"),
            {**ASKING["blocks"][1], "hint": {"type": "plain_text", "text": "In words"}},
        ],
    }
    empty.workspace.views.update(view, changed)
    await expect(page.get_by_role("dialog")).to_contain_text("In words")
    await expect(field).to_have_value("The tram stands")
    await expect(field).to_be_focused()
    assert await field.evaluate("(node) => [node.selectionStart, node.selectionEnd]") == [4, 8]


async def test_views_stand_on_each_other_and_come_back(empty: Bare, look: Look):
    page = await look(empty.of())
    empty.open(ASKING)
    empty.workspace.views.push("U0GRACE", {**ASKING, "title": {"type": "plain_text", "text": "Second"}})
    modal = page.get_by_role("dialog")
    await expect(modal.get_by_role("heading", name="Second")).to_be_visible()
    await modal.get_by_role("button", name="Back").click()
    await expect(modal.get_by_role("heading", name="Why?")).to_be_visible()


async def test_errors_stand_at_their_fields(empty: Bare, look: Look):
    page = await look(empty.of())
    empty.open(ASKING)
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    field = page.get_by_role("textbox", name="Why?")
    await expect(field).to_have_accessible_description("Please complete this required field.")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()


async def test_who_reads_the_end_stays_there_and_who_reads_before_stays_too(empty: Bare, look: Look):
    for number in range(60):
        empty.post(f"Message {number}", author="U0ADA")
    page = await look(empty.of())
    at_end = "() => { const list = document.querySelector('.messages'); return list.scrollHeight - list.scrollTop - list.clientHeight < 2; }"
    assert await page.evaluate(at_end)
    empty.post("One more", author="U0ADA")
    await expect(page.locator("main .message").last).to_contain_text("One more")
    assert await page.evaluate(at_end)
    await page.evaluate("document.querySelector('.messages').scrollTop = 200")
    await page.wait_for_function("document.querySelector('.messages').scrollTop === 200")
    empty.post("And another", author="U0ADA")
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    assert await page.evaluate("document.querySelector('.messages').scrollTop") == 200


async def test_two_thousand_messages_make_a_short_page(empty: Bare, look: Look):
    for number in range(2_000):
        empty.post(f"Message {number}", author="U0ADA" if number % 2 else "U0NOOR")
    page = await look(empty.of())
    assert await page.locator("main .message").count() <= 100
    await page.get_by_role("button", name="Show earlier messages").click()
    await expect(page.locator("main .message", has_text="Message 1890")).to_have_count(1)


async def test_what_one_has_not_read_is_marked_for_everybody(empty: Bare, look: Look):
    page = await look(empty.of())
    place = empty.workspace.direct_channel("U0ADA")
    empty.post("Are you there?", channel=place)
    empty.post(
        "Read me",
        channel=empty.workspace.channel_named("a-channel-with-a-name-that-is-far-too-long-for-any-list-of-channels"),
    )
    await expect(page.get_by_role("button", name=re.compile("^a-channel-with-a-name.*unread"))).to_be_visible()
    await page.get_by_role("navigation", name="Channels and people").get_by_role("button", name="Ada Lovelace").click()
    await expect(page.locator("main .message")).to_contain_text("Are you there?")
    await expect(page.get_by_role("button", name="You are: ")).to_contain_text("Ada Lovelace")


async def test_on_a_telephone_the_mark_of_what_is_new_moves_nothing(empty: Bare, look: Look):
    page = await look(empty.of(), size=NARROW)
    tab = page.get_by_role("navigation", name="Parts of the page").get_by_role("button", name="Channels")
    sign_before = await tab.locator("svg").bounding_box()
    empty.post("Are you there?", channel=empty.workspace.direct_channel("U0GRACE"))
    await expect(tab).to_have_class("news")
    assert await tab.locator("svg").bounding_box() == sign_before


async def test_a_message_for_one_person_is_seen_by_nobody_else(empty: Bare, look: Look):
    empty.post("Everybody")
    empty.post("Only Grace", seen_by="U0GRACE")
    page = await look(empty.of("U0ADA"))
    await expect(page.locator("main .message")).to_have_count(1)
    await page.goto(empty.of("U0GRACE"))
    await expect(page.locator(".message.ephemeral")).to_contain_text("Only visible to you")


async def test_times_are_the_readers(empty: Bare, look: Look):
    empty.post("when", [section("At <!date^1795460400^{time}|20:00>")])
    page = await look(empty.of("U0ADA"))
    await expect(page.locator("main .message")).to_contain_text("At 20:00")
    await page.goto(empty.of("U0MEI"))
    await expect(page.locator("main .message")).to_contain_text("At 03:00")


async def test_replies_stand_in_a_thread(empty: Bare, look: Look):
    root = empty.post("The summary")
    empty.post("The sheet as a file", thread_ts=root.ts)
    page = await look(empty.of())
    await expect(page.locator("main .message")).to_have_count(1)
    await page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.locator(".message")).to_have_count(2)
    await thread.get_by_label("Reply…").fill("Thank you & <bye>")
    await page.keyboard.press("Enter")
    await expect(thread.locator(".message").last).to_contain_text("Thank you & <bye>")


async def test_the_apps_home_is_shown_to_each_person(empty: Bare, look: Look):
    page = await look(empty.of())
    empty.workspace.views.publish("U0GRACE", {"type": "home", "blocks": [section("Hello Grace")]}, hash_=None)
    await page.get_by_role("button", name="Rollcall").click()
    await page.get_by_role("button", name="Home").click()
    await expect(page.get_by_role("region", name="Home")).to_contain_text("Hello Grace")
    empty.workspace.views.publish("U0GRACE", {"type": "home", "blocks": [section("Hello again")]}, hash_=None)
    await expect(page.get_by_role("region", name="Home")).to_contain_text("Hello again")
    await page.get_by_role("button", name="Messages").click()
    await expect(page.get_by_role("region", name="Home")).to_be_hidden()


async def test_a_button_asks_before_it_counts_and_says_what_failed(empty: Bare, look: Look):
    texts = {name: {"type": "plain_text", "text": name} for name in ("title", "text", "confirm", "deny")}
    button = {"type": "button", "action_id": "end", "text": {"type": "plain_text", "text": "End"}, "confirm": texts}
    empty.post("board", [{"type": "actions", "elements": [button]}])
    page = await look(empty.of())
    end = page.get_by_role("button", name="End", exact=True)
    await end.click()
    await page.get_by_role("dialog", name="title").get_by_role("button", name="deny").click()
    await expect(end).to_be_focused()
    await expect(page.locator(".notice")).to_have_count(0)
    await end.click()
    await page.get_by_role("dialog", name="title").get_by_role("button", name="confirm").click()
    await expect(page.locator(".notice")).to_contain_text("no app is connected to this workspace")


async def test_files_are_shown_as_far_as_they_can_be(empty: Bare, look: Look):
    files = {
        "F1": File("F1", "timeline.png", len(DOT), "A timeline", "Timeline", DOT, complete=True),
        "F2": File("F2", "sheet.csv", 9, title="Sheet", content=b"name,min\n", complete=True),
        "F3": File("F3", "sheet.pdf", 4, content=b"%PDF", complete=True),
    }
    empty.workspace.files |= files
    empty.post("The sheet", files=tuple(files))
    page = await look(empty.of())
    message = page.locator("main .message")
    await expect(message.get_by_role("img", name="A timeline")).to_be_visible()
    assert (
        await message.get_by_role("img", name="A timeline").evaluate(
            "(node) => node.decode().then(() => node.naturalWidth)"
        )
        == 1
    )
    await expect(message.locator(".preview")).to_contain_text("name,min")
    await expect(message.get_by_role("link", name="sheet.pdf")).to_have_attribute("href", "files/F3")
    delete(empty.workspace, {"file": "F3"})
    await expect(message).to_contain_text("This file was deleted.")
    await expect(message.get_by_role("link", name="sheet.pdf")).to_have_count(0)
    await page.reload()
    await expect(message).to_contain_text("This file was deleted.")
    await expect(message.locator(".preview")).to_contain_text("name,min")


async def test_a_person_is_found_by_typing(empty: Bare, look: Look):
    for number in range(300):
        empty.workspace.add_person(id=f"U{number:03}", name=f"Student {number:03}", email=f"{number}@example.com")
    page = await look(empty.of())
    await page.get_by_role("button", name="You are").click()
    await page.keyboard.type("student 287")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="You are")).to_contain_text("Student 287")
    await expect(page.get_by_role("button", name="You are")).to_be_focused()
