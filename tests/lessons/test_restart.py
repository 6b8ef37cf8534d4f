"""Killed at any moment and started again on the same database: the lesson goes on where it was."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import stopwatch
from handlers.ticks.runner import TickRunner
from sandbox.scenario_file import load
from storage.messages import Messages
from tests.lessons.conftest import OpenLesson
from tests.lessons.world import STUCK_AFTER, Lesson, cut_off

BOB_COMES_LATE = "late"
POST = "chat.postMessage"
#: Wire time: how long a message is the dead bot's.
LEASE = timedelta(seconds=1)
#: A scenario, and the moments in it at which the bot is killed, one after the other: a lesson is dear, a kill is not.
KILLED = {
    "before the lesson, while people come, before and after a reminder": (
        BOB_COMES_LATE,
        ["17:50:00", "17:55:01", "17:57:03", "18:03:04", "18:03:06", "18:08:06"],
    ),
    "just before somebody comes, while the end is told, after the summary": (
        BOB_COMES_LATE,
        ["18:08:59", "19:00:30", "19:00:40", "19:01:00", "19:05:00"],
    ),
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
    # What comes after the end of the story (documents, two minutes after the lesson) a restart may bring into it.
    assert [each for each in await lesson.differences() if "the attendance sheet" not in each] == []


async def test_a_reminder_that_was_decided_and_not_sent_is_sent_once_after_the_restart(open_lesson: OpenLesson) -> None:
    lesson = await open_lesson(load(BOB_COMES_LATE))
    await lesson.play(until="18:02:00")
    lesson.workspace.faults.server_error(POST, times=None)
    await lesson.play(until="18:03:01")
    assert lesson.told("bob") == []
    await cut_off(lesson.program)
    lesson.workspace.faults.clear()
    await lesson.start_bot()
    await lesson.look()
    await lesson.play()
    assert [each[:5] for each in lesson.told("bob")] == ["18:03", "18:08"]
    assert await lesson.differences() == []


class TestKilledInTheMiddleOfACall:
    """Lesson time stands still at the moment of the first reminder: a lease is wire time."""

    async def test_what_slack_did_not_take_is_sent_once_when_the_lease_is_over(self, open_lesson: OpenLesson) -> None:
        lesson = await open_lesson(load(BOB_COMES_LATE), lease=LEASE)
        await lesson.play(until="18:03:04")
        lesson.workspace.faults.no_answer(POST)
        begun = remind(lesson)
        await until_the_call(lesson, "no_answer")
        await cut_off(lesson.program)
        await lesson.start_bot()
        await until_reminded(lesson, times=1)
        assert stopwatch() - begun >= LEASE.total_seconds()
        await lesson.play()
        assert [each[:5] for each in lesson.told("bob")] == ["18:03", "18:08"]
        assert await lesson.differences() == []

    async def test_what_slack_took_and_we_did_not_hear_of_stands_twice_and_never_again(
        self, open_lesson: OpenLesson, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The one thing that can happen, as the README says: Slack gives no way to ask whether it was there."""
        lesson = await open_lesson(load(BOB_COMES_LATE), lease=LEASE)
        await lesson.play(until="18:03:04")
        with monkeypatch.context() as dying:
            dying.setattr(Messages, "sent", for_ever)
            remind(lesson)
            await until_reminded(lesson, times=1)
            await cut_off(lesson.program)
        await lesson.start_bot()
        await until_reminded(lesson, times=2)
        await lesson.play()
        assert [each[:5] for each in lesson.told("bob")] == ["18:03", "18:03", "18:08"]


async def test_who_is_told_to_stop_between_slacks_answer_and_the_note_of_it_still_notes_it(
    open_lesson: OpenLesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGTERM is no crash: whoever updates the program makes nobody read anything twice."""
    lesson = await open_lesson(load(BOB_COMES_LATE), lease=timedelta(0))
    await lesson.play(until="18:03:04")
    note, stop, is_stopping = Messages.sent, TickRunner.stop, asyncio.Event()

    async def slowly(self: Messages, id_: str, **how: Any) -> None:
        await is_stopping.wait()
        await asyncio.sleep(0.1)
        await note(self, id_, **how)

    async def told(self: TickRunner) -> None:
        is_stopping.set()
        await stop(self)

    with monkeypatch.context() as slow:
        slow.setattr(Messages, "sent", slowly)
        slow.setattr(TickRunner, "stop", told)
        remind(lesson)
        await until_reminded(lesson, times=1)
        await lesson.program.stop()
    await lesson.start_bot()
    await lesson.look()
    await lesson.play()
    assert [each[:5] for each in lesson.told("bob")] == ["18:03", "18:08"]
    assert await lesson.differences() == []


async def for_ever(*_: Any, **__: Any) -> None:
    """What the process was at when it died."""
    await asyncio.Event().wait()


def remind(lesson: Lesson) -> float:
    """The reminder is due now, on the stopwatch that is returned."""
    begun = stopwatch()
    lesson.clock.move_to(lesson.at("18:03:05"))
    lesson.program.wake()
    return begun


async def until_the_call(lesson: Lesson, outcome: str) -> None:
    begun = stopwatch()
    while outcome not in {call.outcome for call in lesson.workspace.calls}:
        assert stopwatch() - begun < STUCK_AFTER
        await asyncio.sleep(0.01)


async def until_reminded(lesson: Lesson, *, times: int) -> None:
    """Bob got so many reminders; the bot is woken meanwhile, as its alarm clock does on a clock that runs."""
    begun = stopwatch()
    while len(lesson.told("bob")) < times:
        assert stopwatch() - begun < STUCK_AFTER
        lesson.program.wake()
        await asyncio.sleep(0.05)
    assert len(lesson.told("bob")) == times
