"""One lesson told by one platform or by another: the sheets agree."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.platforms import SWITCHES
from sandbox.platforms import PLATFORMS
from sandbox.scenario_file import load
from sandbox.story import Scenario
from tests.lessons.world import Lesson, attendance

#: Lessons in which nothing happens that only Zoom has: no waiting room, no breakout rooms, no guests' e-mails.
ANYWHERE = ("late", "two-devices", "host-restart", "drop-out-and-return")
OTHERS = sorted(set(PLATFORMS) - {"zoom"})


def elsewhere(scenario: Scenario, platform: str) -> Scenario:
    """The same lesson in a room of another platform."""
    rooms = {room_id: replace(room, platform=platform) for room_id, room in scenario.rooms.items()}
    course_file = scenario.course_file.replace("platform: zoom", f"platform: {platform}")
    return replace(scenario, rooms=rooms, course_file=course_file)


#: What a funder reads. How many devices somebody had, and which ends were assumed, is the platform's to know.
COUNTED = (
    "name", "role", "presence", "verdict", "flags", "first_joined_at", "last_left_at", "late_by_seconds",
    "attended_seconds", "percent",
)  # fmt: skip


async def counted(scenario: Scenario, database: Path) -> list[dict[str, Any]]:
    async with Lesson(scenario, f"sqlite+aiosqlite:///{database}").opened() as lesson:
        await lesson.play()
        sheet = await attendance(lesson.url, scenario.course)
    return [{key: person[key] for key in COUNTED} for person in sheet["people"]]


def test_every_platform_of_the_bot_is_played_in_the_sandbox():
    assert set(PLATFORMS) == set(SWITCHES)


@pytest.mark.parametrize("name", ANYWHERE)
async def test_the_sheets_agree(sqlite_template: Path, tmp_path: Path, name: str) -> None:
    scenario = load(name)
    on_zoom = await counted(scenario, shutil.copyfile(sqlite_template, tmp_path / "zoom.db"))
    for platform in OTHERS:
        database = shutil.copyfile(sqlite_template, tmp_path / f"{platform}.db")
        assert await counted(elsewhere(scenario, platform), database) == on_zoom, platform
