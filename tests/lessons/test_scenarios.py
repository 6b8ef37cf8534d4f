"""Every scenario of the sandbox comes out as its story is written."""

import pytest

from sandbox.scenario_file import load, names
from tests.lessons.conftest import OpenLesson


@pytest.mark.parametrize("name", names())
async def test_every_scenario_comes_out_as_written(open_lesson: OpenLesson, name: str) -> None:
    lesson = await open_lesson(load(name))
    await lesson.play()
    assert await lesson.differences() == []
    assert lesson.workspace.problems == []


async def test_a_workspace_in_socket_mode_plays_a_lesson_with_commands_and_buttons(open_lesson: OpenLesson) -> None:
    lesson = await open_lesson(load("on-my-way"), in_socket_mode=True)
    assert lesson.workspace.sockets.connections
    await lesson.play()
    assert await lesson.differences() == []
    assert lesson.workspace.problems == []
