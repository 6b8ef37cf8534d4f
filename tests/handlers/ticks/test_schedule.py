"""The alarm clock rings the runners. This file alone touches APScheduler, so it alone waits for the machine's clock."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from bot.clock import Clock, ManualClock, SteerableClock, SystemClock
from handlers.ticks import schedule
from handlers.ticks.runner import TickRunner
from handlers.ticks.schedule import AlarmClock
from tests.builders import NINE

MILLISECOND = timedelta(milliseconds=1)
#: wire seconds after which something that should ring will not ring any more
FOR_EVER = 10


class Sleeper(TickRunner):
    """A runner that was not started: it only notices that it is woken."""

    def __init__(self, name: str, alarms: AlarmClock, clock: Clock) -> None:
        super().__init__(name, self._nothing, clock=clock, alarms=alarms)

    async def _nothing(self, now: datetime) -> None:
        raise AssertionError("it was started")

    async def is_rung(self) -> None:
        async with asyncio.timeout(FOR_EVER):
            await self._woken.wait()
        self._woken.clear()


Begin = Callable[[Clock], tuple[AlarmClock, Sleeper, Sleeper]]


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    begun: list[AlarmClock] = []

    def start(clock: Clock) -> tuple[AlarmClock, Sleeper, Sleeper]:
        alarm = AlarmClock(clock)
        begun.append(alarm)
        first, second = (Sleeper(name, alarm, clock) for name in ("first", "second"))
        alarm.start({"first": first, "second": second})
        return alarm, first, second

    yield start
    for alarm in begun:
        alarm.stop()


async def test_it_rings_at_the_moment_it_was_set_for_and_only_whom_it_was_set_for(begin: Begin) -> None:
    clock = SystemClock()
    alarm, first, second = begin(clock)
    moment = clock.now() + 20 * MILLISECOND
    alarm.set("first", moment)
    await first.is_rung()
    assert clock.now() >= moment
    assert second.is_idle


async def test_a_moment_that_has_passed_rings_at_once(begin: Begin) -> None:
    clock = SystemClock()
    alarm, first, _ = begin(clock)
    alarm.set("first", clock.now() - timedelta(hours=1))
    await first.is_rung()


async def test_an_earlier_setting_of_the_same_name_is_replaced(begin: Begin) -> None:
    clock = SystemClock()
    alarm, first, second = begin(clock)
    alarm.set("first", clock.now() + 50 * MILLISECOND)
    alarm.set("first", clock.now() + timedelta(hours=1))
    alarm.set("second", clock.now() + 100 * MILLISECOND)
    await second.is_rung()
    assert first.is_idle


async def test_it_rings_as_much_sooner_as_lesson_time_runs_faster(begin: Begin) -> None:
    clock = SteerableClock(start=NINE, speed=36_000)
    alarm, first, _ = begin(clock)
    alarm.set("first", NINE + timedelta(minutes=10))
    await first.is_rung()
    assert clock.now() >= NINE + timedelta(minutes=10)


async def test_it_rings_everybody_again_and_again_whether_it_was_set_or_not(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LEAST_POLL_SECONDS", 0.01)
    _, first, second = begin(SteerableClock(start=NINE, speed=1_000))
    for _ in range(2):
        await first.is_rung()
        await second.is_rung()


async def test_who_waits_after_an_error_is_not_rung_before_its_time(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LEAST_POLL_SECONDS", 0.01)
    _, first, second = begin(SteerableClock(start=NINE, speed=1_000))
    first._failures, first.next_due_at = 1, NINE + timedelta(days=1)
    for _ in range(3):
        await second.is_rung()
    assert not first._woken.is_set()


async def test_a_clock_that_a_person_moves_rings_nobody(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "LEAST_POLL_SECONDS", 0.01)
    alarm, first, second = begin(ManualClock(NINE))
    alarm.set("first", NINE - timedelta(hours=1))
    await asyncio.sleep(0.05)
    assert first.is_idle
    assert second.is_idle
    alarm.stop()


async def test_stopping_twice_is_stopping(begin: Begin) -> None:
    alarm, first, _ = begin(SystemClock())
    alarm.stop()
    await asyncio.sleep(0)
    alarm.stop()
    assert first.is_idle


async def test_what_comes_due_while_it_stops_rings_nobody_and_is_no_error(
    begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SystemClock()
    alarm, first, _ = begin(clock)
    alarm.set("first", clock.now() - timedelta(hours=1))
    alarm.stop()
    alarm._scheduler._process_jobs()  # APScheduler's own timer, in the turn between
    await asyncio.sleep(0.01)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert first.is_idle
