"""In the demo **Join** goes the way it goes in a school: through `/join`, by the student's own link, into the classroom."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from bot.__main__ import Program
from bot.attendance.lessons import CorrectionKind
from bot.clock import ManualClock
from handlers.cli.context import Context
from handlers.cli.demo_world import World, settled
from sandbox.scenario_file import load

Until = Callable[[float], Awaitable[World]]


@pytest.fixture
async def until() -> AsyncIterator[Until]:
    """Plays *late* on to so many minutes after its beginning."""
    scenario = load("late")
    clock = ManualClock(scenario.begins_at)
    world = World(Context(environment={}, assemble=Program), scenario, clock)

    async def played(minutes: float) -> World:
        end = scenario.begins_at + timedelta(minutes=minutes)
        while clock.now() < end:
            moments = [each for each in (world.player.next_at(), world.program.next_due_at(), end) if each is not None]
            clock.move_to(max(min(moments), clock.now() + timedelta(milliseconds=1)))
            world.program.wake_due()
            await world.player.run_due(clock.now())
            assert await settled(lambda: world.program.is_idle and world.player.is_idle, within=60)
        return world

    await world.open(lambda _line: None)
    yield played
    await world.close()


async def test_join_in_a_reminder_leads_by_the_student_s_registration_into_the_classroom(until: Until) -> None:
    scenario = load("late")
    lesson_at = scenario.begins_at
    world = await until(1)
    async with world.program.store.read() as memory:
        (lesson,) = await memory.layout.listed()
    minutes = (lesson.planned.start - lesson_at).total_seconds() / 60
    await until(minutes + 3.2)
    bob = next(person for person in world.workspace.persons.values() if person.name.startswith("Bob"))
    message = bob.inbox[-1]
    join = next(element for _, element in message.elements() if "url" in element)
    assert join["url"].startswith(f"{world.url}/join/")
    reply = await bob.click(message, join["action_id"], value=join["value"])
    assert "/zoom/w/97711976001?tk=" in reply.opened
    async with world.program.store.read() as memory:
        said = (await memory.corrections.of([lesson.id]))[lesson.id]
    assert [each.kind for each in said] == [CorrectionKind.JOIN_PRESSED]
    assert world.workspace.problems == []
