"""The page alone, in each scenario: it starts, shows the class, and complains of nothing."""

import pytest
from playwright.async_api import expect

from sandbox.scenario_file import load, names
from tests.browser.conftest import Look, Play


@pytest.mark.parametrize("name", names())
async def test_each_scenario_runs_on_the_page(play: Play, look: Look, name: str):
    on = await play(name)
    page = await look(on.of("U0GRACE"))
    await expect(page.locator("#top .scenario")).to_have_text(load(name).title)
    await on.until("18:03:10")
    await expect(page.locator("#top .lesson-time")).to_have_text("18:03")
    await expect(page.locator(".unknown")).to_have_count(0)


async def test_the_page_starts_another_scenario(play: Play, look: Look):
    on = await play("on-time")
    page = await look(on.of("U0GRACE"))
    await page.evaluate("""fetch("act", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({act: "play", scenario: "late"})})""")
    await expect(page.locator("#top .scenario")).to_have_text(load("late").title)
