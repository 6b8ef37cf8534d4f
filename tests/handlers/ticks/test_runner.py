"""One runner per tick: wakes and alarms never run it twice at once, and an error is tried again later."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.clock import ManualClock
from bot.errors import SlackBusy
from handlers.ticks.runner import TickRunner
from tests.builders import NINE

SECOND = timedelta(seconds=1)


@dataclass
class Alarms:
    """Remembers what was set; the test rings."""

    rung_at: list[datetime] = field(default_factory=list)

    def set(self, name: str, moment: datetime) -> None:
        assert name == "the tick"
        self.rung_at.append(moment)


@dataclass
class Work:
    """A tick that does what the test says: `answers` are taken in turn, then None."""

    answers: list[datetime | Exception] = field(default_factory=list)
    runs: list[datetime] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, now: datetime) -> datetime | None:
        self.runs.append(now)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NINE)


@pytest.fixture
def alarms() -> Alarms:
    return Alarms()


@pytest.fixture
def work() -> Work:
    made = Work()
    made.gate.set()
    return made


@pytest.fixture
async def runner(work: Work, clock: ManualClock, alarms: Alarms) -> AsyncIterator[TickRunner]:
    made = TickRunner("the tick", work, clock=clock, alarms=alarms)
    yield made
    await made.stop()


async def quiet() -> None:
    """Everything that can happen without anybody's doing has happened."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_first_run_is_at_once(runner: TickRunner, work: Work) -> None:
    runner.start()
    await quiet()
    assert work.runs == [NINE]


async def test_several_wakes_before_the_run_are_one(runner: TickRunner, work: Work) -> None:
    runner.start()
    runner.wake()
    runner.wake()
    await quiet()
    assert len(work.runs) == 1


async def test_wakes_during_a_run_are_one_run_after_it_and_never_beside_it(runner: TickRunner, work: Work) -> None:
    work.gate.clear()
    runner.start()
    await quiet()
    for _ in range(3):
        runner.wake()
        await quiet()
    assert len(work.runs) == 1
    work.gate.set()
    await asyncio.sleep(0.1)
    assert (len(work.runs), work.most_at_once) == (2, 1)


async def test_a_tick_that_was_woken_while_it_ran_rests_for_as_long_as_it_ran(runner: TickRunner, work: Work) -> None:
    work.gate.clear()
    runner.start()
    await asyncio.sleep(0.2)
    runner.wake()
    work.gate.set()
    await asyncio.sleep(0.1)
    assert len(work.runs) == 1
    assert not runner.is_idle
    await asyncio.sleep(0.2)
    assert len(work.runs) == 2


async def test_the_alarm_is_set_for_when_the_tick_wants_to_run_next(
    runner: TickRunner, work: Work, alarms: Alarms
) -> None:
    work.answers = [NINE + 90 * SECOND]
    runner.start()
    await quiet()
    assert alarms.rung_at == [runner.next_due_at] == [NINE + 90 * SECOND]
    assert len(work.runs) == 1


@pytest.mark.parametrize("ago", [0, 60])
async def test_a_next_time_that_has_come_already_is_a_run_at_once(
    runner: TickRunner, work: Work, alarms: Alarms, ago: int
) -> None:
    work.answers = [NINE - ago * SECOND]
    runner.start()
    await quiet()
    assert len(work.runs) == 2
    assert alarms.rung_at == []


async def test_after_an_error_it_is_tried_again_and_each_time_it_waits_longer(
    runner: TickRunner, work: Work, clock: ManualClock, alarms: Alarms
) -> None:
    work.answers = [OSError("no such thing") for _ in range(9)]
    runner.start()
    await quiet()
    for _ in range(8):
        clock.move_to(alarms.rung_at[-1])
        runner.wake()
        await quiet()
    waits = [after - before for before, after in pairwise([NINE, *alarms.rung_at])]
    assert waits == [seconds * SECOND for seconds in (5, 10, 20, 40, 60, 60, 60, 60, 60)]


async def test_a_poll_is_a_run_but_not_while_it_waits_after_an_error(
    runner: TickRunner, work: Work, clock: ManualClock, alarms: Alarms
) -> None:
    work.answers = [OSError(), OSError()]
    runner.start()
    await quiet()
    clock.move_to(alarms.rung_at[-1] - SECOND)
    runner.poll()
    await quiet()
    assert len(work.runs) == 1
    for runs in (2, 3):
        clock.move_to(alarms.rung_at[-1])
        runner.poll()
        await quiet()
        assert len(work.runs) == runs
    runner.poll()
    await quiet()
    assert len(work.runs) == 4


async def test_after_a_run_that_went_well_it_waits_shortly_again(
    runner: TickRunner, work: Work, clock: ManualClock, alarms: Alarms
) -> None:
    work.answers = [OSError(), OSError(), NINE + 60 * SECOND, OSError()]
    runner.start()
    for _ in range(3):
        await quiet()
        clock.move_to(alarms.rung_at[-1])
        runner.wake()
    await quiet()
    assert alarms.rung_at[-1] == NINE + 65 * SECOND


async def test_a_wake_does_not_wait_for_what_went_wrong_before(runner: TickRunner, work: Work) -> None:
    work.answers = [OSError()]
    runner.start()
    await quiet()
    runner.wake()
    await quiet()
    assert len(work.runs) == 2


async def test_an_error_that_we_have_a_word_for_is_told_without_a_traceback(runner: TickRunner, work: Work) -> None:
    work.answers = [SlackBusy("chat.update: timeout", code="timeout")]
    with capture_logs() as logged:
        runner.start()
        await quiet()
    (told,) = logged
    assert (told["event"], told["tick"], told["problem"]) == ("tick_failed", "the tick", "chat.update: timeout")
    assert "exc_info" not in told


async def test_any_other_error_is_told_with_its_traceback(runner: TickRunner, work: Work) -> None:
    work.answers = [OSError()]
    with capture_logs() as logged:
        runner.start()
        await quiet()
    (told,) = logged
    assert told["exc_info"]


class TestIdle:
    async def test_nobody_is_idle_who_was_woken_or_runs(self, runner: TickRunner, work: Work) -> None:
        assert runner.is_idle
        work.gate.clear()
        runner.start()
        assert not runner.is_idle
        await quiet()
        assert not runner.is_idle
        work.gate.set()
        await quiet()
        assert runner.is_idle

    async def test_who_is_due_is_not_idle(self, runner: TickRunner, work: Work, clock: ManualClock) -> None:
        work.answers = [NINE + SECOND]
        runner.start()
        await quiet()
        assert runner.is_idle
        clock.advance(seconds=1)
        assert not runner.is_idle


async def test_a_run_under_way_finishes_at_the_stop_and_no_other_begins(runner: TickRunner, work: Work) -> None:
    work.gate.clear()
    work.answers = [NINE]  # it would run again at once
    runner.start()
    await quiet()
    stopping = asyncio.create_task(runner.stop())
    await quiet()
    assert work.at_once == 1
    runner.wake()
    work.gate.set()
    await stopping
    assert work.answers == []  # it came to its end
    runner.wake()
    await quiet()
    assert len(work.runs) == 1


async def test_a_run_that_does_not_come_to_its_end_is_cut_off_at_the_stop(
    work: Work, clock: ManualClock, alarms: Alarms
) -> None:
    runner = TickRunner("the tick", work, clock=clock, alarms=alarms, finishes_within=0.01)
    work.gate.clear()
    runner.start()
    await quiet()
    await runner.stop()
    assert work.at_once == 0
    runner.wake()
    await quiet()
    assert len(work.runs) == 1


async def test_each_run_is_measured_and_one_that_fails_is_told_from_the_others(
    work: Work, clock: ManualClock, alarms: Alarms
) -> None:
    told: list[tuple[str, bool]] = []

    def measured(name: str, seconds: float, *, has_failed: bool) -> None:
        assert 0 <= seconds < 60
        told.append((name, has_failed))

    runner = TickRunner("the tick", work, clock=clock, alarms=alarms, measured=measured)
    work.answers = [OSError("no such thing")]
    runner.start()
    await quiet()
    runner.wake()
    await quiet()
    await runner.stop()
    assert told == [("the tick", True), ("the tick", False)]
