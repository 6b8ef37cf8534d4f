"""The page alone, in each scenario: it starts, shows the class, and complains of nothing."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from sandbox.scenario_file import load, names
from tests.browser.conftest import Look, Play
from tests.browser.stage import SCHOOL


@pytest.mark.parametrize("name", names())
async def test_each_scenario_runs_on_the_page(play: Play, look: Look, name: str):
    story = load(name)
    on = await play(name)
    page = await look(on.of("U0GRACE"))
    await expect(page.locator("#top .scenario")).to_have_text(story.title)
    begun = min((step.at for step in story.happens), default=story.begins_at)
    await on.until(begun + timedelta(minutes=8))
    shown = (begun + timedelta(minutes=8)).astimezone(SCHOOL)
    await expect(page.locator("#top .lesson-time")).to_have_text(f"{shown:%H:%M}")
    await expect(page.locator(".unknown")).to_have_count(0)


async def test_the_page_starts_another_scenario(play: Play, look: Look):
    on = await play("on-time")
    page = await look(on.of("U0GRACE"))
    await page.evaluate("""fetch("act", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({act: "play", scenario: "late"})})""")
    await expect(page.locator("#top .scenario")).to_have_text(load("late").title)
