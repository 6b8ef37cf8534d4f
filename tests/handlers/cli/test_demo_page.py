"""The demo's page: any story can be played anew at the same address, and people go on when it is over."""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.__main__ import Program
from bot.errors import BadInput
from handlers.cli.context import Context
from handlers.cli.demo_page import Demo
from sandbox.scenario_file import load, names
from tests.sandbox.page.looker import Looker

ROOM = "97711976001"
END = "2026-11-23T18:10:00Z"


def folders(path: Path) -> set[str]:
    """What the demo keeps on disk now."""
    return {each.name for each in path.iterdir()}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def looker(
    http: aiohttp.ClientSession, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Looker]:
    """Somebody who looks at the demo of the story `late`, in which lesson time stands."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    demo = Demo(Context(environment={}, assemble=Program), speed=1)
    task = asyncio.create_task(demo.run(load("late"), port=0))
    said = ""
    while not (found := re.search(r"^Look at (http://127\.0\.0\.1:\d+/\S+/)$", said, flags=re.MULTILINE)):
        await asyncio.sleep(0.01)
        said += capsys.readouterr().out
        if task.done():
            await task
            pytest.fail(f"The demo ended before it said where to look: {said}")
    looker = Looker(found[1], http)
    await looker.done("clock", is_running=False)
    yield looker
    await looker.close()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert folders(tmp_path) == set()


async def test_the_page_shows_the_story_with_all_others_to_choose_from(looker: Looker):
    world = await looker.open()
    assert world["scenario"] == {
        "name": "late", "title": load("late").title, "is_over": False, "differences": [],
        "begins_at": "2026-11-23T16:25:00.000Z", "ends_at": "2026-11-23T18:10:00.000Z",
    }  # fmt: skip
    assert [each["name"] for each in world["scenarios"]] == names()
    assert (world["clock"]["can_be_steered"], world["clock"]["can_step"]) == (True, True)
    assert {each["name"]: each["role"] for each in world["persons"]}["Grace Hopper"] == "trainer"
    assert [each["id"] for each in world["rooms"]] == [ROOM]


async def test_another_story_is_played_anew_at_the_same_address(looker: Looker, tmp_path: Path):
    await looker.open()
    await looker.done("clock", step_to=END)
    of_the_first = folders(tmp_path)
    await looker.done("play", scenario="on-time")
    fresh = await looker.change_of_world()
    assert (fresh["scenario"]["name"], fresh["messages"], fresh["deliveries"]) == ("on-time", [], [])
    assert not folders(tmp_path) & of_the_first
    assert "there is no scenario nope" in await looker.refused("play", scenario="nope")
    await looker.done("clock", is_running=False)
    await looker.done("clock", step_to="next")


async def test_stepping_on_lets_everything_happen_on_the_way(looker: Looker):
    world = await looker.open()
    await looker.done("clock", step_to="2026-11-23T17:05:00Z")
    clock = await looker.change("clock", lambda change: change["clock"]["now"].startswith("2026-11-23T17:05:00"))
    assert clock["clock"]["is_running"] is False
    again = await looker.beside().open()
    assert len(again["messages"]) > len(world["messages"])
    assert {each["state"] for each in again["deliveries"]} == {"answered"}
    before = again["clock"]["now"]
    await looker.done("clock", step_to="next")
    assert (await looker.beside().open())["clock"]["now"] > before


async def test_when_the_story_is_over_people_may_still_come_and_the_bot_hears_of_it(looker: Looker):
    await looker.open()
    await looker.done("clock", step_to=END)
    over = await looker.change("scenario", lambda change: change["scenario"]["is_over"])
    assert over["scenario"]["differences"] == []
    await looker.done("room", room=ROOM, verb="joins", guest="Karl")
    await looker.done("clock", is_running=True, speed=30)
    told = await looker.change(
        "delivery", lambda change: change["delivery"]["about"] == "Karl" and change["delivery"]["state"] == "answered"
    )
    became: Any = None
    while not became or became["state"] == "received":
        async with looker._http.get(f"{looker.address}deliveries/{told['delivery']['id']}") as reply:
            became = json.loads(await reply.text())["became"]
    assert became["state"] == "applied"
    assert [(each["kind"], each["who"]) for each in became["understood"]] == [("joined", "Karl")]


async def test_what_somebody_does_while_the_clock_stands_waits_for_it(looker: Looker):
    await looker.open()
    await looker.done("room", room=ROOM, verb="joins", guest="Karl")
    world = await looker.beside().open()
    assert {each["state"] for each in world["deliveries"]} == {"waiting"}
    await looker.done("clock", step_to="next")
    await looker.done("clock", step_to="next")
    await looker.done("clock", step_to="next")
    world = await looker.beside().open()
    assert "answered" in {each["state"] for each in world["deliveries"]}


async def test_a_port_that_is_taken_is_said_in_one_sentence(looker: Looker):
    port = int(looker.address.split(":")[2].split("/")[0])
    with pytest.raises(BadInput, match=f"--port {port}: cannot listen there"):
        await Demo(Context(environment={}, assemble=Program), speed=1).run(load("late"), port=port)
