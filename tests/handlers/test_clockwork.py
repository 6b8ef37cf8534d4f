"""The ticks of the program: each runs when it is due or woken, and wakes those that have something to do after it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.clock import ManualClock
from handlers.clockwork import FOLLOWING, Clockwork
from handlers.metrics import Metrics
from handlers.ticks.runner import Tick
from tests.builders import NINE


@pytest.fixture
def ran() -> Counter[str]:
    return Counter()


@pytest.fixture
async def clockwork(ran: Counter[str]) -> AsyncIterator[Clockwork]:
    def tick_of(name: str, due_after: timedelta | None = None) -> Tick:
        async def tick(now: datetime) -> datetime | None:
            ran[name] += 1
            return now + due_after if due_after is not None else None

        return tick

    names = {*FOLLOWING, *(each for following in FOLLOWING.values() for each in following)}
    clockwork = Clockwork(ManualClock(NINE), Metrics())
    clockwork.start(
        {name: tick_of(name, timedelta(hours=1) if name == "watch_connections" else None) for name in sorted(names)}
    )
    await _idle(clockwork)
    yield clockwork
    await clockwork.stop()


async def _idle(clockwork: Clockwork) -> None:
    async with asyncio.timeout(10):
        while not clockwork.is_idle:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.001)


async def test_at_first_each_looks(clockwork: Clockwork, ran: Counter[str]) -> None:
    assert all(ran[name] for name in FOLLOWING)


async def test_one_that_is_woken_wakes_those_that_follow_and_no_others(clockwork: Clockwork, ran: Counter[str]) -> None:
    before = ran.copy()
    clockwork.wake("lay_out_lessons")
    await _idle(clockwork)
    woken = {name for name in ran if ran[name] > before[name]}
    assert woken == {
        "lay_out_lessons",
        *("watch_lessons", "register_people"),
        *("send_messages", "reconcile", "look_into_rooms", "run_presence_checks"),
    }


async def test_the_next_moment_is_that_of_whichever_is_due_first(clockwork: Clockwork) -> None:
    assert clockwork.next_due_at() == NINE + timedelta(hours=1)


async def test_who_moves_the_clock_wakes_what_is_due(ran: Counter[str]) -> None:
    clock, moments = ManualClock(NINE), iter([NINE + timedelta(minutes=5), None])

    async def tick(_now: datetime) -> datetime | None:
        ran["tick"] += 1
        return next(moments)

    clockwork = Clockwork(clock, Metrics())
    clockwork.start({"tick": tick})
    await _idle(clockwork)
    clockwork.wake_due()
    await _idle(clockwork)
    assert ran["tick"] == 1
    clock.advance(minutes=5)
    clockwork.wake_due()
    await _idle(clockwork)
    assert ran["tick"] == 2
    assert not clockwork.is_running("tick")
    await clockwork.stop()
