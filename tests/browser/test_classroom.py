"""The classroom panel: whoever sits before it makes people come and go, and the bot hears of it."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Look, Play
from tests.browser.stage import Stage


def row(page: Page, name: str):
    return page.locator("#classroom .one", has_text=name)


def place(page: Page, name: str):
    """One place of the room, with all who are there."""
    return page.locator("#classroom .group", has=page.get_by_role("button", name=name))


async def does(page: Page, name: str, act: str) -> None:
    """Choose an act in somebody's menu."""
    await page.get_by_role("button", name=f"More for {name}").first.click()
    await page.get_by_role("menuitem", name=act).click()


async def open_late(play: Play, look: Look) -> tuple[Stage, Page]:
    on = await play("late")
    await on.until("18:01:00")
    return on, await look(on.of("U0GRACE", "python-101"))


async def test_somebody_joins_with_two_devices_loses_both_and_returns(play: Play, look: Look):
    on, page = await open_late(play, look)
    await page.get_by_role("button", name="Join: Bob Stone").click()
    await does(page, "Bob Stone", "Join as “iPad” too")
    await expect(place(page, "In the room")).to_contain_text("Bob Stone")
    await expect(row(page, "Bob Stone")).to_contain_text("as “iPad”")
    await does(page, "Bob Stone", "Lose the connection")
    await expect(place(page, "Connection lost")).to_contain_text("Bob Stone")
    await page.get_by_role("button", name="Return: Bob Stone").click()
    await expect(place(page, "In the room")).to_contain_text("Bob Stone")
    await on.until("18:02:00")
    await expect(page.locator("main .message").first).to_contain_text("2 of 2 here")


async def test_somebody_waits_is_let_in_and_goes_to_a_breakout_room_and_back(play: Play, look: Look):
    on, page = await open_late(play, look)
    await does(page, "Bob Stone", "Come to the waiting room")
    await page.get_by_role("button", name="Let in: Bob Stone").click()
    await on.until("18:01:30")
    await does(page, "Bob Stone", "To Group 1")
    await expect(place(page, "Group 1")).to_contain_text("Bob Stone")
    await page.get_by_role("button", name="Back: Bob Stone").click()
    await expect(place(page, "In the room")).to_contain_text("Bob Stone")


async def test_a_face_has_the_same_colour_in_the_chat_and_in_the_classroom(play: Play, look: Look):
    _, page = await open_late(play, look)
    beside_the_name = page.get_by_role("button", name="You are").locator(".avatar")
    in_the_room = row(page, "Grace Hopper").locator(".avatar")
    hue = "face => face.style.getPropertyValue('--hue')"
    assert await beside_the_name.evaluate(hue) == await in_the_room.evaluate(hue)


async def test_a_guest_joins_and_is_found_among_the_others(play: Play, look: Look):
    _, page = await open_late(play, look)
    await page.get_by_role("button", name="A guest joins").click()
    await page.get_by_role("textbox", name="What does the guest call themselves?").fill("<b>Karl</b>")
    await page.keyboard.press("Enter")
    await expect(row(page, "<b>Karl</b>")).to_be_visible()
    await page.get_by_role("tab", name="Deliveries").click()
    await page.get_by_label("Find a delivery").fill("karl")
    await expect(page.locator(".delivery")).to_have_count(1)
    await expect(page.locator(".delivery")).to_contain_text("on its way")


async def test_lesson_time_runs_stops_and_is_stepped_on(play: Play, look: Look):
    on, page = await open_late(play, look)
    time = page.get_by_label("Lesson time", exact=True).locator("time")
    await expect(time).to_have_text("18:01:00")
    await page.get_by_role("button", name="+5 min").click()
    await expect(time).to_have_text("18:06:00")
    await page.get_by_label("Speed of lesson time").fill("9")
    await page.get_by_role("button", name="Let lesson time run").click()
    await page.get_by_role("button", name="Stop lesson time").click()
    assert on.scene.steerable is not None
    await expect(page.get_by_role("button", name="Let lesson time run")).to_be_visible()
    assert (on.scene.steerable.speed, on.scene.steerable.is_running) == (600, False)


async def test_a_delivery_is_shown_with_its_signature_and_what_the_bot_made_of_it(play: Play, look: Look):
    _, page = await open_late(play, look)
    await page.get_by_role("tab", name="Deliveries").click()
    await page.locator(".delivery").first.click()
    detail = page.get_by_role("dialog")
    await expect(detail).to_contain_text("x-zm-signature")
    await expect(detail).to_contain_text("applied")
    await page.keyboard.press("Escape")
    await expect(page.locator(".delivery").first).to_be_focused()


async def test_what_goes_wrong_on_purpose_is_seen_and_taken_back(play: Play, look: Look):
    on, page = await open_late(play, look)
    await page.get_by_role("tab", name="Disturb").click()
    await page.get_by_label("Lost").check()
    await page.get_by_label("What happens").select_option("never answers")
    await page.get_by_label("Method").select_option("chat.update")
    await page.get_by_role("button", name="Do it").click()
    await expect(page.get_by_role("tab", name="Disturb")).to_contain_text("2")
    assert on.scene.rooms["97711976001"].classroom.deliveries.network.is_lost
    await page.get_by_role("button", name="All is well again").click()
    await page.get_by_label("Lost").uncheck()
    await expect(page.get_by_role("tab", name="Disturb")).not_to_contain_text("2")


async def test_another_story_is_started_from_the_page(play: Play, look: Look):
    _, page = await open_late(play, look)
    await page.get_by_role("button", name="Story").click()
    await page.keyboard.type("on-time")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator("#top .scenario")).not_to_have_text("Bob is nine minutes late")
    await expect(page.get_by_role("button", name="Again")).to_be_visible()


async def test_everything_can_be_reached_with_the_keyboard(play: Play, look: Look):
    _, page = await open_late(play, look)
    await page.get_by_role("tab", name="People").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("tab", name="Disturb")).to_be_focused()
    await page.keyboard.press("Home")
    await page.get_by_role("button", name="More for Bob Stone").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(place(page, "In the room")).to_contain_text("Bob Stone")
    await expect(page.get_by_role("button", name="More for Bob Stone")).to_be_focused()
