"""A Slack that is slow, busy, broken or gone delays messages and loses none; nothing is said twice."""

import aiohttp
import pytest

from bot.attendance.wanted import MessageKind
from sandbox.scenario_file import FOLDER, read
from sandbox.story import Scenario
from storage.messages import MessageState
from tests.lessons.conftest import OpenLesson
from tests.lessons.world import attendance

#: Trouble that begins before the first reminder of the scenario `late` and is over before Bob comes.
TROUBLES = {
    "asks to wait 20 s": ["{at: 18:02:00, slack: rate_limit, method: chat.postMessage, retry_after: 20}"],
    "says 500 three times": ["{at: 18:02:00, slack: server_error, method: chat.postMessage, times: 3}"],
    "says 503 to edits": ["{at: 18:08:30, slack: server_error, status: 503, method: chat.update, times: 2}"],
    "is slow": ["{at: 18:02:00, slack: slow, method: chat.postMessage, seconds: 0.2}"],
}


def late_with(trouble: list[str], *, within: str = "") -> Scenario:
    text = (FOLDER / "late.yaml").read_text(encoding="utf-8")
    steps = "".join(f"\n  - {step}" for step in trouble)
    text = text.replace("happens:", f"happens:{steps}", 1)
    return read(
        text.replace("says: Python 101 started,", f"says: Python 101 started, within: {within},"), file="l.yaml"
    )


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_nothing_is_lost_and_nothing_said_twice_by_a_slack_that(open_lesson: OpenLesson, trouble: str) -> None:
    lesson = await open_lesson(late_with(TROUBLES[trouble], within="30s"))
    await lesson.play()
    assert len(lesson.told("bob")) == 2
    assert [each for each in await lesson.differences() if "18:09:0" not in each] == []


async def test_after_twenty_minutes_without_slack_the_steps_missed_are_made_up_as_one(open_lesson: OpenLesson) -> None:
    """Both reminders were missed: Bob, who is still not there, gets one of them, and the summary comes in time."""
    text = """
happens:
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: ada}
  - {at: 18:02:00, slack: server_error, times: 100000}
  - {at: 18:22:00, slack: clear}
  - {at: 18:40:00, joins: bob}
  - {at: 19:00:30, ends: grace}
"""
    lesson = await open_lesson(read(text, file="down.yaml"))
    await lesson.play()
    assert len(lesson.told("bob")) == 1
    assert "18:22" <= lesson.told("bob")[0][:5] <= "18:28"
    assert len(lesson.told("#python-101")) == 2


async def test_who_came_while_slack_was_down_is_not_reminded_afterwards(open_lesson: OpenLesson) -> None:
    text = """
happens:
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: ada}
  - {at: 18:02:00, slack: server_error, times: 100000}
  - {at: 18:15:00, joins: bob}
  - {at: 18:22:00, slack: clear}
  - {at: 19:00:30, ends: grace}
"""
    lesson = await open_lesson(read(text, file="down.yaml"))
    await lesson.play()
    assert lesson.told("bob") == []


async def test_a_call_that_hangs_is_given_up_and_the_message_goes_out_soon_afterwards(open_lesson: OpenLesson) -> None:
    hangs = late_with(["{at: 18:02:00, slack: no_answer, method: chat.postMessage, times: 2}"], within="30s")
    lesson = await open_lesson(hangs, slack_timeout=aiohttp.ClientTimeout(total=0.3))
    await lesson.play()
    assert [call.outcome for call in lesson.workspace.calls].count("no_answer") == 2
    assert [each[:8] for each in lesson.told("bob")] == ["18:03:12", "18:08:05"]


async def test_what_nobody_needs_any_more_when_slack_is_back_is_not_said_and_that_is_written_down(
    open_lesson: OpenLesson,
) -> None:
    """The reminders are taken back when the lesson is over; the board would only say what the summary says."""
    text = """
happens:
  - {at: 17:50:00, slack: server_error, times: 100000}
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: ada}
  - {at: 19:00:30, ends: grace}
  - {at: 19:05:00, slack: clear}
"""
    lesson = await open_lesson(read(text, file="down.yaml"))
    await lesson.play()
    assert lesson.told("bob") == []
    (summary,) = lesson.told("#python-101")
    assert "1 of 2 attended" in summary
    sheet = await attendance(lesson.url, lesson.scenario.course)
    bob = next(each["id"] for each in sheet["people"] if each["name"] == "Bob Stone")
    for kind, recipient, why in (
        (MessageKind.REMINDER_2, bob, "taken back"),
        (MessageKind.BOARD, "#python-101", "too late"),
    ):
        async with lesson.program.store.read() as memory:
            message = await memory.messages.find(sheet["lesson"]["id"], kind, recipient)
            assert message is not None
            attempts = await memory.messages.attempts_of(message.id)
        assert (message.state, message.error) == (MessageState.SKIPPED, why)
    assert attempts[-1].outcome == "too late"
