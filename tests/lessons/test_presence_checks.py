"""Presence checks, arrow by arrow, as people see them in Slack: the whole bot plays them.

The trainer is the room creator of the protocol. Questions come every ten minutes, so that their moments are known.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.lessons.conftest import OpenLesson
from tests.lessons.world import Lesson, story

#: From six to eight, with Grace there from 17:55.
EVENING = """
title: An evening with presence checks
ends: 20:05
course: {{schedule: [{{start: 2026-11-23T18:00, end: 2026-11-23T20:00}}], policy: {{{policy}}}}}
happens:
  - {{at: "17:55:00", starts: grace}}
{steps}
"""
BOTH = '{at: "17:57:00", joins: [ada, bob]}'
START = '{at: "18:10:00", types: grace, text: "/presence start every 10m", in: "#python-101"}'
STOP = '{at: "18:24:00", types: grace, text: "/presence stop", in: "#python-101"}'


class Evening:
    """What people see of it."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.until = lesson.play

    def cards(self) -> list[str]:
        """The trainer's cards of presence checks as they stand, each without what they all begin with."""
        inbox = [each.text for each in self.lesson.workspace.persons["U0GRACE"].inbox]
        head = "Presence check · Python 101 · "
        return [text.removeprefix(head) for text in inbox if text.startswith(head)]

    def questions(self, account: str = "U0ADA") -> list[str]:
        """A student's questions as they stand."""
        inbox = [each.text for each in self.lesson.workspace.persons[account].inbox]
        stages = ("Are you there", "Confirmed", "Missed", "This question", "You were offline")
        return [text for text in inbox if text.startswith(stages)]

    def whispered(self, account: str = "U0GRACE") -> list[str]:
        return [each.text for each in self.lesson.workspace.persons[account].ephemerals]

    def why_over(self) -> str:
        """All that stands on the newest card that is over."""
        inbox = self.lesson.workspace.persons["U0GRACE"].inbox
        return str([each for each in inbox if " · over" in each.text][-1].blocks)


OpenEvening = Callable[..., Coroutine[Any, Any, Evening]]


@pytest.fixture
def evening(open_lesson: OpenLesson) -> OpenEvening:
    async def opened(*steps: str, policy: str = "") -> Evening:
        lines = "\n".join(f"  - {step}" for step in steps)
        return Evening(await open_lesson(story(EVENING.format(steps=lines, policy=policy))))

    return opened


# Preparing


async def test_enabled_alone_it_waits_for_a_participant(evening: OpenEvening) -> None:
    on = await evening(START)
    await on.until("18:10:10")
    assert "begins when a student is there" in on.whispered()[-1]
    assert on.cards() == ["waits for a student"]


async def test_the_first_participant_starts_the_initial_delay(evening: OpenEvening) -> None:
    on = await evening(START, '{at: "18:12:00", joins: ada}')
    await on.until("18:12:20")
    assert on.cards() == ["runs, no question yet"]
    await on.until("18:22:20")
    assert len(on.questions()) == 1


async def test_enabled_with_others_present_the_initial_delay_begins_at_once(evening: OpenEvening) -> None:
    on = await evening(BOTH, START)
    await on.until("18:10:10")
    assert "drawn by lot" in on.whispered()[-1]
    assert on.cards() == ["runs, no question yet"]
    assert on.questions() == []


async def test_with_autostart_it_starts_by_itself_when_a_trainer_and_a_student_are_there(evening: OpenEvening) -> None:
    on = await evening(BOTH, policy="presence_checks: cpe, autostart: true")
    await on.until("18:01:00")
    assert on.cards() == ["runs, no question yet"]
    card = next(each for each in on.lesson.workspace.persons["U0GRACE"].inbox if "Presence check" in each.text)
    assert "It started by itself" in str(card.blocks)


async def test_when_the_last_participant_leaves_during_the_delay_it_waits_again(evening: OpenEvening) -> None:
    on = await evening(BOTH, START, '{at: "18:12:00", leaves: [ada, bob]}')
    await on.until("18:14:50")
    assert on.cards() == ["runs, no question yet"]
    await on.until("18:15:30")
    assert on.cards() == ["waits for a student"]


@pytest.mark.parametrize("how", ["stop", "leaves"])
async def test_disabled_or_left_by_the_trainer_while_preparing_it_ends_without_a_question(
    evening: OpenEvening, how: str
) -> None:
    last = STOP.replace("18:24", "18:12") if how == "stop" else '{at: "18:12:00", leaves: grace}'
    on = await evening(BOTH, START, last)
    await on.until("18:30:00")
    assert on.cards() == ["cancelled"]
    assert on.questions() == []


# Recording checkpoints


async def test_when_the_initial_delay_is_over_everybody_there_is_asked(evening: OpenEvening) -> None:
    on = await evening(BOTH, START)
    await on.until("18:20:10")
    assert on.questions("U0ADA") == on.questions("U0BOB") == ["Are you there? Confirm by 18:25"]
    assert on.cards() == ["question 1 · open until 18:25 · 0 of 2 confirmed · 2 to go"]


async def test_a_confirmation_is_recorded_and_the_checkpoint_stays_open_for_others(evening: OpenEvening) -> None:
    on = await evening(BOTH, START, '{at: "18:21:00", clicks: ada, button: Confirm}')
    await on.until("18:21:20")
    assert on.questions() == ["Confirmed 18:21 ✓"]
    assert on.cards() == ["question 1 · open until 18:25 · 1 of 2 confirmed · 1 to go"]


async def test_when_the_interval_is_over_the_next_checkpoint_asks_again(evening: OpenEvening) -> None:
    on = await evening(BOTH, START, '{at: "18:21:00", clicks: ada, button: Confirm}')
    await on.until("18:26:00")
    assert on.cards() == ["question 1 · 1 of 2 confirmed · 1 missed"]
    await on.until("18:30:10")
    assert on.questions() == ["Confirmed 18:21 ✓", "Are you there? Confirm by 18:35"]
    assert on.questions("U0BOB") == ["Missed: no answer by 18:25", "Are you there? Confirm by 18:35"]


async def test_disabled_while_checking_it_ends_stopped_by_hand_with_a_report(evening: OpenEvening) -> None:
    on = await evening(BOTH, START, STOP)
    await on.until("18:25:00")
    assert on.cards() == ["over · 1 question · 0 of 2 confirmed · 2 not counted"]
    assert "It was stopped." in on.why_over()
    assert on.questions() == ["This question does not count"]
    assert "participation report" in on.lesson.told("grace")[-1]


async def test_when_the_trainer_has_been_gone_for_three_minutes_it_ends(evening: OpenEvening) -> None:
    on = await evening(BOTH, START, '{at: "18:26:00", leaves: grace}')
    await on.until("18:28:50")
    assert "over" not in on.cards()[0]
    await on.until("18:29:30")
    assert on.cards()[0].startswith("over · 1 question")
    assert "because the trainer left" in on.why_over()


async def test_when_the_last_participant_has_been_gone_for_three_minutes_it_ends_and_waits_again(
    evening: OpenEvening,
) -> None:
    on = await evening(BOTH, START, '{at: "18:26:00", leaves: [ada, bob]}', '{at: "18:40:00", joins: ada}')
    await on.until("18:29:30")
    assert "because the last student left" in on.why_over()
    first, second = on.cards()
    assert first.startswith("over · 1 question")
    assert second == "waits for a student"
    await on.until("18:40:20")
    assert on.cards()[-1] == "runs, no question yet"


# What has no arrow changes nothing


async def test_what_runs_cannot_be_started_and_what_does_not_run_cannot_be_stopped(evening: OpenEvening) -> None:
    on = await evening(BOTH, STOP.replace("18:24", "18:05"), START, START.replace("18:10", "18:11"))
    await on.until("18:05:10")
    assert on.whispered()[-1] == "No presence check is running."
    await on.until("18:11:10")
    assert "is running already" in on.whispered()[-1]
    assert on.cards() == ["runs, no question yet"]


async def test_with_the_lesson_the_check_is_over_and_nobody_missed_what_was_still_open(evening: OpenEvening) -> None:
    ends = ('{at: "19:57:00", types: grace, text: "/presence now", in: "#python-101"}', '{at: "19:59:00", ends: grace}')
    on = await evening(BOTH, *ends)
    await on.until("20:03:00")
    assert on.questions() == ["This question does not count"]
    assert on.cards()[0].startswith("over · 1 question")


# Slack, or the bot, is away for a while


async def test_a_moment_that_passes_while_the_bot_is_down_is_cancelled_and_nobody_missed_it(
    evening: OpenEvening,
) -> None:
    on = await evening(BOTH, START)
    await on.until("18:19:00")
    await on.lesson.program.stop()
    on.lesson.clock.move_to(on.lesson.at("18:24:00"))
    await on.lesson.start_bot()
    await on.until("18:24:30")
    assert on.questions() == []
    card = next(each for each in on.lesson.workspace.persons["U0GRACE"].inbox if "Presence check" in each.text)
    assert "could not be asked in time" in str(card.blocks)


async def test_a_deadline_that_passes_while_the_bot_is_down_makes_nobody_miss_it(evening: OpenEvening) -> None:
    on = await evening(BOTH, START)
    await on.until("18:21:00")
    await on.lesson.program.stop()
    on.lesson.clock.move_to(on.lesson.at("18:27:00"))
    await on.lesson.start_bot()
    await on.until("18:28:00")
    assert on.questions("U0ADA") == on.questions("U0BOB") == ["Are you there? Confirm by 18:32"]
