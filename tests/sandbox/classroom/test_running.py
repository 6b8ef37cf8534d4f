"""A story on a clock that runs by itself, while people meddle with it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.clock import ManualClock
from sandbox.classroom.participant import Participant
from sandbox.platforms import Endpoint
from sandbox.player import StoryPlayer, move_in, open_classrooms
from sandbox.running import Running
from sandbox.scenario_file import dice, load
from sandbox.slack.workspace import Workspace
from tests.sandbox.classroom.receiver import SECRET, Receiver
from tests.sandbox.slack.world import manifest, soon

STORY = replace(load("late"), happens=(), told=())
KARL = Participant(handle="karl", name="Karl")


class Play:
    """A story without steps, and the room in which somebody meddles."""

    def __init__(self, url: str) -> None:
        self.clock = ManualClock(STORY.begins_at)
        self.workspace = Workspace(clock=self.clock, manifest=manifest())
        move_in(STORY, self.workspace)
        rooms = open_classrooms(STORY, endpoints={"zoom": Endpoint(url, SECRET)}, clock=self.clock, rng=dice(STORY))
        (self.room,) = rooms.values()
        self.running = Running(StoryPlayer(STORY, self.workspace, rooms, self.clock), rooms, self.clock)


@pytest.fixture
async def play(url: str) -> AsyncIterator[Play]:
    play = Play(url)
    task = asyncio.create_task(play.running.run())
    await asyncio.sleep(0)
    yield play
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await play.room.close()
    await play.workspace.close()


async def test_what_somebody_does_meanwhile_is_due_when_it_is_and_not_when_the_story_goes_on(play: Play, bot: Receiver):
    play.room.join(KARL)
    play.running.wake()
    await asyncio.sleep(0.01)
    play.clock.advance(seconds=10)
    await soon(lambda: len(bot.kinds) == 2)
    assert not play.running.is_over.is_set()


async def test_after_the_end_people_still_come_and_go(play: Play, bot: Receiver):
    play.clock.move_to(STORY.ends_at)
    await asyncio.wait_for(play.running.is_over.wait(), 5)
    play.room.join(KARL)
    play.running.wake()
    await asyncio.sleep(0.01)
    play.clock.advance(seconds=10)
    await soon(lambda: len(bot.kinds) == 2)
    assert play.running.next_at() is None
    await soon(lambda: play.running.is_idle)


async def test_it_is_not_idle_while_something_is_due(play: Play):
    await soon(lambda: play.running.is_idle)
    play.room.join(KARL)
    play.clock.advance(seconds=10)
    assert not play.running.is_idle
