"""Killed at any moment and started again on the same database: the lesson goes on where it was."""

import pytest

from sandbox.scenario_file import load
from tests.lessons.conftest import OpenLesson
from tests.lessons.world import cut_off

BOB_COMES_LATE = "late"
#: A scenario, and the moments in it at which the bot is killed.
KILLED = {
    "before the lesson": (BOB_COMES_LATE, ["17:50:00"]),
    "while people come": (BOB_COMES_LATE, ["17:55:01", "17:57:03"]),
    "just before a reminder": (BOB_COMES_LATE, ["18:02:59"]),
    "just after a reminder": (BOB_COMES_LATE, ["18:03:01", "18:08:01"]),
    "just before somebody comes": (BOB_COMES_LATE, ["18:08:59"]),
    "while the end is told": (BOB_COMES_LATE, ["19:00:30", "19:00:40"]),
    "after the summary": (BOB_COMES_LATE, ["19:01:00", "19:05:00"]),
    "with a promise open": ("on-my-way", ["18:04:30", "18:13:59"]),
    "while somebody is lost": ("drop-out-and-return", ["18:31:10", "18:33:59", "18:36:00"]),
    "between two sessions": ("host-restart", ["18:29:30", "18:31:00"]),
}


@pytest.mark.parametrize("moment", KILLED)
async def test_the_story_comes_out_as_written_though_the_bot_was_killed(open_lesson: OpenLesson, moment: str) -> None:
    name, times = KILLED[moment]
    lesson = await open_lesson(load(name))
    for time in times:
        await lesson.play(until=time)
        await lesson.restart()
    await lesson.play()
    assert await lesson.differences() == []


async def test_a_reminder_that_was_decided_and_not_sent_is_sent_once_after_the_restart(open_lesson: OpenLesson) -> None:
    lesson = await open_lesson(load(BOB_COMES_LATE))
    await lesson.play(until="18:02:00")
    lesson.workspace.faults.server_error("chat.postMessage", times=None)
    await lesson.play(until="18:03:01")
    assert lesson.told("bob") == []
    await cut_off(lesson.program)
    lesson.workspace.faults.clear()
    await lesson.start_bot()
    await lesson.look()
    await lesson.play()
    assert [each[:5] for each in lesson.told("bob")] == ["18:03", "18:08"]
    assert await lesson.differences() == []
