"""The clocks: lesson time that is the machine's, runs faster, or stands still; and wire time."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import ManualClock, SteerableClock, SystemClock, stopwatch, wire_now
from tests.builders import NINE, at


def test_wire_time_is_aware_and_in_utc():
    before = datetime.now(UTC)
    assert before <= wire_now() <= datetime.now(UTC)
    assert wire_now().tzinfo is UTC


def test_a_stopwatch_never_runs_backwards():
    assert stopwatch() <= stopwatch()


async def test_the_system_clock_is_the_machines():
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0.01)
    assert timedelta(seconds=0.009) <= clock.now() - before
    assert abs(clock.wire_seconds_until(clock.now() + timedelta(minutes=1)) - 60) < 5


async def test_a_steerable_clock_starts_where_it_is_told_and_runs_as_fast_as_it_is_told():
    clock = SteerableClock(start=NINE, speed=60_000)
    begun = stopwatch()
    await clock.sleep(600)
    elapsed, ran = stopwatch() - begun, clock.now() - NINE
    assert elapsed >= 0.009
    assert timedelta(minutes=9) <= ran <= timedelta(minutes=1 + elapsed * 1100)


def test_a_steerable_clock_says_how_long_the_machine_has_to_wait():
    clock = SteerableClock(start=NINE, speed=60)
    assert 59 < clock.wire_seconds_until(NINE + timedelta(hours=1)) <= 60


def test_a_manual_clock_stands_still_until_somebody_moves_it():
    clock = ManualClock(NINE)
    assert (clock.now(), clock.now()) == (NINE, NINE)
    assert clock.advance(minutes=5, seconds=1) == at("09:05:01")
    assert clock.move_to(at(10)) == clock.now() == at(10)


def test_a_manual_clock_does_not_run_back():
    clock = ManualClock(NINE)
    assert clock.move_to(at(-1)) == NINE


def test_when_a_manual_clock_moves_on_only_a_person_knows():
    assert ManualClock(NINE).wire_seconds_until(at(10)) is None


async def test_sleepers_wake_when_a_manual_clock_passes_their_moment():
    clock, woken = ManualClock(NINE), []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    tasks = [asyncio.create_task(sleeper(name, seconds)) for name, seconds in (("late", 90), ("early", 30))]
    await asyncio.sleep(0)
    clock.advance(seconds=29)
    await asyncio.sleep(0)
    assert woken == []
    clock.advance(seconds=1)
    await asyncio.gather(tasks[1])
    assert woken == ["early"]
    clock.advance(minutes=5)
    await asyncio.gather(*tasks)
    assert woken == ["early", "late"]


async def test_a_sleeper_that_gave_up_does_not_stop_the_clock():
    clock = ManualClock(NINE)
    sleeper = asyncio.create_task(clock.sleep(10))
    await asyncio.sleep(0)
    sleeper.cancel()
    await asyncio.gather(sleeper, return_exceptions=True)
    assert clock.advance(minutes=1) == at(1)


async def test_sleeping_for_no_time_lets_the_others_go_on():
    clock, done = ManualClock(NINE), []
    other = asyncio.create_task(asyncio.sleep(0, done.append("other")))
    await clock.sleep(0)
    await clock.sleep(-1)
    await other
    assert (done, clock.now()) == (["other"], NINE)


async def sleeper(clock: SteerableClock, seconds: float) -> asyncio.Task[None]:
    task = asyncio.create_task(clock.sleep(seconds))
    await asyncio.sleep(0)
    return task


def test_a_stopped_clock_stands_and_goes_on_from_there():
    clock = SteerableClock(start=NINE, speed=60_000)
    clock.steer(is_running=False)
    stood = clock.now()
    assert (clock.is_running, clock.now(), clock.wire_seconds_until(at(90))) == (False, stood, None)
    clock.steer(is_running=True, speed=1)
    assert stood <= clock.now() < stood + timedelta(seconds=5)


def test_what_went_by_at_another_speed_has_gone_by():
    clock = SteerableClock(start=NINE, speed=1)
    clock.move_to(at(30))
    clock.steer(speed=600)
    assert clock.speed == 600
    assert at(30) <= clock.now() < at(60)
    assert 2.5 < clock.wire_seconds_until(at(60)) <= 3


async def test_who_sleeps_while_a_clock_stands_sleeps_on():
    clock = SteerableClock(start=NINE, speed=60_000)
    clock.steer(is_running=False)
    task = await sleeper(clock, 60)
    await asyncio.sleep(0.02)
    assert not task.done()
    clock.steer(is_running=True)
    await asyncio.wait_for(task, 1)
    assert clock.now() >= at(1)


async def test_who_sleeps_while_a_clock_is_sped_up_wakes_sooner():
    clock = SteerableClock(start=NINE, speed=1)
    task = await sleeper(clock, 600)
    clock.steer(speed=60_000)
    await asyncio.wait_for(task, 1)
    assert clock.now() >= at(10)


async def test_who_sleeps_while_a_clock_is_slowed_down_wakes_later():
    clock = SteerableClock(start=NINE, speed=60_000)
    task = await sleeper(clock, 60)
    clock.steer(speed=0.5)
    await asyncio.sleep(0.02)
    assert not task.done()
    task.cancel()


async def test_a_steerable_clock_jumps_ahead_and_never_back():
    clock = SteerableClock(start=NINE, speed=1)
    clock.steer(is_running=False)
    clock.move_to(at(1))
    task = await sleeper(clock, 540)
    assert clock.move_to(at(9)) == at(9)
    await asyncio.sleep(0)
    assert not task.done()
    assert clock.move_to(at(10)) == at(10)
    await asyncio.wait_for(task, 1)
    assert clock.move_to(NINE) == clock.now() == at(10)


async def test_a_sleeper_that_wakes_has_slept_long_enough():
    clock = SteerableClock(start=NINE, speed=600)
    for seconds in (0.1, 1, 3):
        moment = clock.now() + timedelta(seconds=seconds)
        await clock.sleep(seconds)
        assert clock.now() >= moment
