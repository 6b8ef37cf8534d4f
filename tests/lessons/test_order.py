"""Any order and any repetition of the same deliveries gives the same sheet, through HTTP and the database."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from bot.__main__ import Program
from bot.clock import ManualClock, stopwatch
from handlers.cli.course import import_text
from sandbox.scenario_file import load
from sandbox.story import Scenario
from tests.handlers.platforms.signing import SIGNERS
from tests.lessons.world import SECRETS, STUCK_AFTER, Lesson, attendance, settings

#: Nothing listens there: these bots have a Slack that is down from the start.
NO_SLACK = "http://127.0.0.1:9/"
#: With every part of a class, one for each platform.
LESSONS = ("first-lesson", "hundredms-lesson", "vcaas-lesson")

#: where a delivery went, behind the platform's address, and its body
Sent = tuple[str, bytes]


@dataclass(frozen=True)
class Recording:
    """All deliveries of a scenario in the order in which they came, and the sheets that come of them.

    `lived` is the sheet of the bot that took them one by one while the lesson ran, `told_late` that of one which got
    all of them afterwards, in this order.
    """

    scenario: Scenario
    sent: tuple[Sent, ...]
    lived: dict[str, Any]
    told_late: dict[str, Any]


@pytest.fixture(scope="module", params=LESSONS)
def recording(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Recording:
    folder = tmp_path_factory.mktemp("recording")
    urls = [f"sqlite+aiosqlite:///{shutil.copyfile(sqlite_template, folder / name)}" for name in ("lived", "late")]
    return asyncio.run(recorded(load(request.param), *urls))


async def recorded(scenario: Scenario, of_the_lesson: str, of_the_late: str) -> Recording:
    async with Lesson(scenario, of_the_lesson).opened() as lesson:
        await lesson.play()
        sent = [(each.route, each.body) for each in lesson.room.deliveries.record if each.tries]
        lived = comparable(await attendance(lesson.url, scenario.course))
    return Recording(scenario, tuple(sent), lived, await sheet_of(of_the_late, scenario, sent))


def comparable(sheet: dict[str, Any]) -> dict[str, Any]:
    """The sheet without what belongs to one database: the ids of its people, and the count of what it wrote down."""
    lesson = {key: value for key, value in sheet["lesson"].items() if key not in {"id", "version", "sha256"}}
    groups = {group: [without(person, "id") for person in sheet[group]] for group in ("people", "not_enrolled")}
    return {"lesson": lesson, **groups, "unknown": sheet["unknown"]}


def without(person: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in person.items() if key not in keys}


async def sheet_of(database_url: str, scenario: Scenario, sent: list[Sent]) -> dict[str, Any]:
    """What a new bot, which slept through the lesson, makes of the deliveries."""
    clock = ManualClock(scenario.begins_at)
    program = Program(settings(database_url, slack_api_url=NO_SLACK), clock)
    url = await program.start()
    try:
        await import_text(program.store, scenario.course_file, now=clock.now())
        clock.move_to(scenario.ends_at)
        async with aiohttp.ClientSession() as http:
            replies = await asyncio.gather(*(post(http, url, scenario.platform, each) for each in sent))
        assert set(replies) == {200}
        await settled(program)
        # After an *ended* the bot waits for the last news before it judges.
        clock.advance(seconds=10)
        await settled(program)
        return comparable(await attendance(url, scenario.course))
    finally:
        await program.stop()


async def post(http: aiohttp.ClientSession, url: str, platform: str, sent: Sent) -> int:
    route, body = sent
    headers = {"content-type": "application/json", **SIGNERS[platform](body, secret=SECRETS[platform])}
    path = f"/{quote(SECRETS[platform])}/{route}" if route else ""
    async with http.post(f"{url}/webhooks/{platform}{path}", data=body, headers=headers) as reply:
        return reply.status


async def settled(program: Program) -> None:
    program.wake()
    begun = stopwatch()
    while not program.is_idle:
        assert stopwatch() - begun < STUCK_AFTER
        await asyncio.sleep(0.005)


async def test_any_order_and_any_repetition_of_the_same_deliveries_give_the_same_sheet(
    recording: Recording, database: str, database_url: str
) -> None:
    dice = Random(database)
    sent = [*recording.sent, *dice.choices(recording.sent, k=len(recording.sent))]
    dice.shuffle(sent)
    assert await sheet_of(database_url, recording.scenario, sent) == recording.told_late


async def test_the_last_delivery_may_come_first(recording: Recording, sqlite_url: str) -> None:
    assert await sheet_of(sqlite_url, recording.scenario, [*reversed(recording.sent)]) == recording.told_late


def test_what_is_told_late_gives_the_same_minutes_and_calls_nobody_late_or_absent(recording: Recording) -> None:
    """Flags and verdicts depend on when a delivery came: nobody is judged by what came over two minutes late."""
    lived, told_late = (
        [without(person, "verdict", "flags") for person in sheet["people"]]
        for sheet in (recording.lived, recording.told_late)
    )
    assert told_late == lived
    judged = {flag for person in recording.told_late["people"] for flag in person["flags"]}
    assert not judged & {"late", "left_early", "dropped"}
    assert "absent" not in {person["verdict"] for person in recording.told_late["people"]}


async def test_a_delivery_that_never_comes_does_change_the_sheet(recording: Recording, sqlite_url: str) -> None:
    """So that the comparisons above can fail."""
    fewer = [(route, body) for route, body in recording.sent if b"Lovelace" not in body]
    assert len(fewer) < len(recording.sent)
    assert await sheet_of(sqlite_url, recording.scenario, fewer) != recording.told_late
