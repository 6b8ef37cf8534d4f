"""What people do in Slack, done on the page, with the bot's answer to it."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Look, Play


def latest(page: Page):
    """The newest message of the conversation."""
    return page.locator("main .message").last


async def test_a_student_is_reminded_and_joins(play: Play, look: Look):
    on = await play("late")
    await on.until("18:03:10")
    page = await look(on.of("U0BOB"))
    await expect(latest(page)).to_contain_text("started 3 min ago")
    await latest(page).get_by_role("button", name="Join").click()
    notice = page.locator("#said .notice")
    await expect(notice).to_contain_text("/zoom/w/97711976001?tk=")  # by /join, to the link of Bob's own registration
    await notice.get_by_role("button", name="Enter the classroom").click()
    await on.until("18:03:40")
    await expect(latest(page)).to_contain_text("You joined at 18:03")
    await expect(latest(page).locator(".block-actions")).to_have_count(0)


async def test_a_student_says_to_be_on_the_way_and_the_trainer_reads_it(play: Play, look: Look):
    on = await play("late")
    await on.until("18:03:10")
    page = await look(on.of("U0BOB"))
    await latest(page).get_by_role("button", name="On my way, there in 10 minutes").click()
    await expect(latest(page)).to_contain_text("you are expected at 18:13")
    await on.until("18:03:40")
    await page.goto(on.of("U0GRACE", "python-101"))
    await expect(page.locator("main .message").first).to_contain_text("1 on the way")


async def test_a_trainer_marks_a_student(play: Play, look: Look):
    on = await play("late")
    await on.until("18:03:10")
    page = await look(on.of("U0GRACE", "python-101"))
    await page.get_by_role("button", name="Mark a student").click()
    modal = page.get_by_role("dialog", name="Mark a student")
    await modal.get_by_role("button", name="Mark", exact=True).click()
    await expect(modal.locator(".error")).to_have_count(2)  # whom, and as what
    await modal.get_by_role("button", name="Whom?").click()
    await page.keyboard.type("bob")
    await page.keyboard.press("Enter")
    await modal.get_by_label("Excused").check()
    await modal.get_by_label("Why? (optional)").fill("At the dentist's")
    await modal.get_by_role("button", name="Mark", exact=True).click()
    await expect(modal).to_be_hidden()
    await on.until("18:03:40")
    await expect(page.locator("main .message").first).to_contain_text("1 excused")


async def test_a_trainer_cancels_a_lesson_from_the_menu(play: Play, look: Look):
    on = await play("late")
    await on.until("17:56:00")
    page = await look(on.of("U0GRACE", "python-101"))
    await page.get_by_label("Message #python-101").fill("/rollcall")
    await page.get_by_role("button", name="Send").click()
    await page.locator(".message.ephemeral").get_by_role("button", name="Cancel").click()
    modal = page.get_by_role("dialog", name="Cancel a lesson")
    await modal.get_by_label("Why?").fill("A burst pipe")
    await modal.get_by_role("button", name="Cancel the lesson").click()
    await expect(modal).to_be_hidden()
    await expect(page.locator(".message.ephemeral").last).to_contain_text("is cancelled")
    await on.until("17:56:30")
    await expect(page.locator("main .message:not(.ephemeral)").last).to_contain_text("A burst pipe")


async def test_a_trainer_opens_why(play: Play, look: Look):
    on = await play("late")
    await on.until("19:01:10")
    page = await look(on.of("U0GRACE", "python-101"))
    summary = page.locator("main .message", has_text="1 of 2 attended")
    await expect(summary.get_by_role("table")).to_contain_text("9 min late")
    await summary.get_by_role("button", name="Why").click()
    why = page.locator(".message.ephemeral")
    await expect(why).to_contain_text("Only visible to you")
    await expect(why).to_contain_text("51 of 60 min")


async def test_an_unknown_person_gets_a_name(play: Play, look: Look):
    on = await play("unknown-guest")
    await on.until("19:01:10")
    page = await look(on.of("U0GRACE", "python-101"))
    summary = page.locator("main .message", has_text="2 of 3 attended")
    await expect(summary).to_contain_text("who is it?")
    await summary.get_by_role("button", name="somebody else").click()
    modal = page.get_by_role("dialog", name="Who is it?")
    await modal.get_by_role("button", name="Who is it?").click()
    await page.get_by_role("option", name="Chiara Bianchi").click()
    await modal.get_by_role("button", name="It is them").click()
    await expect(page.locator(".message.ephemeral")).to_contain_text("is Chiara Bianchi")
    await on.until("19:03:00")
    await expect(page.locator("main .message", has_text="3 of 3 attended")).to_be_visible()


async def test_a_presence_check_is_begun_answered_and_counted(play: Play, look: Look):
    on = await play("late")
    await on.until("18:12:00")
    page = await look(on.of("U0GRACE", "python-101"))
    await page.locator("main .message").first.get_by_role("button", name="Presence check").click()
    modal = page.get_by_role("dialog", name="Presence check")
    await modal.get_by_role("button", name="Start").click()
    await expect(modal).to_be_hidden()
    await expect(page.locator(".message.ephemeral").last).to_contain_text("2 students are asked.")
    await on.until("18:12:10")
    await page.goto(on.of("U0BOB"))
    await expect(latest(page)).to_contain_text("Confirm by 18:17")
    await latest(page).get_by_role("button", name="Confirm that you are in Python 101").click()
    await expect(latest(page)).to_contain_text("Confirmed 18:12")
    await on.until("18:12:40")
    await page.goto(on.of("U0GRACE"))
    card = page.locator("main .message", has_text="Presence check")
    await expect(card).to_contain_text("1 of 2 confirmed")
    await expect(card).to_contain_text("presence confirm")
