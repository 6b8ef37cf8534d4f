"""The board's buttons: remind the missing, a break."""

import pytest

from bot.attendance.decide import decide
from bot.attendance.lessons import CorrectionKind
from bot.attendance.wanted import MessageKind
from bot.messages import actions
from tests.builders import ADA, at, during, joined
from tests.handlers.slack.conftest import Desk


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan()
    await desk.school.hear(joined(ADA, at=0))
    desk.moment(1)


async def test_a_break_begins_at_the_tap(desk: Desk) -> None:
    assert await desk.presses("grace", actions.BREAK, number=10, detail="10") == ""
    (said,) = await desk.school.corrections()
    assert (said.kind, said.during) == (CorrectionKind.BREAK, during(1, 11))


async def test_a_second_break_waits_for_the_end_of_the_first(desk: Desk) -> None:
    await desk.presses("grace", actions.BREAK, number=10, detail="10")
    desk.moment(5)
    assert "A break is running until" in await desk.presses("grace", actions.BREAK, number=5, detail="5")
    desk.moment(11)
    await desk.presses("grace", actions.BREAK, number=5, detail="5")
    assert [said.during for said in await desk.school.corrections()] == [during(1, 11), during(11, 16)]


async def test_the_missing_are_reminded_before_their_step_of_the_ladder(desk: Desk) -> None:
    facts = await desk.school.facts()
    assert not [each for each in decide(facts, now=at(2)).wanted if each.kind is MessageKind.REMINDER_1]
    assert await desk.presses("grace", actions.REMIND_MISSING) == "1 student is reminded."
    facts = await desk.school.facts()
    reminded = [each.recipient for each in decide(facts, now=at(2)).wanted if each.kind is MessageKind.REMINDER_1]
    assert reminded == ["bob"]


async def test_a_second_tap_within_a_minute_reminds_nobody_twice(desk: Desk) -> None:
    await desk.presses("grace", actions.REMIND_MISSING)
    assert await desk.presses("grace", actions.REMIND_MISSING) == "That is noted already."
    assert len(await desk.school.corrections()) == 1


async def test_who_has_answered_is_left_in_peace(desk: Desk) -> None:
    await desk.presses("bob", actions.ON_MY_WAY, detail="5")
    assert "nobody to remind" in await desk.presses("grace", actions.REMIND_MISSING)


@pytest.mark.parametrize("action", [actions.BREAK, actions.REMIND_MISSING])
async def test_the_board_works_for_trainers_while_the_lesson_runs(desk: Desk, action: str) -> None:
    for somebody in ("bob", "olga", "hedy"):
        assert await desk.presses(somebody, action, detail="5") == "Only a trainer of this course can do that."
    desk.moment(60)
    assert await desk.presses("grace", action, detail="5") == "Python 101 is over."
    assert await desk.school.corrections() == []


@pytest.mark.parametrize("action", [actions.BREAK, actions.REMIND_MISSING])
async def test_nothing_is_tapped_before_the_lesson(desk: Desk, action: str) -> None:
    await desk.school.plan("later", start=30)
    assert "Python 101 begins at" in await desk.presses("grace", action, lesson="later", detail="5")
