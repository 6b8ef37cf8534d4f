"""Who was named to teach one lesson instead of somebody may use the trainers' commands about that lesson alone."""

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState
from bot.messages import actions
from tests.builders import ADA, at, correction, joined, the_trainer
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import LESSON

DAY = 24 * 60


@pytest.fixture(autouse=True)
async def _hedy_stands_in(desk: Desk) -> None:
    """Today in Python 101; its lesson of yesterday and History are none of hers."""
    await desk.school.plan("python-yesterday", start=-DAY, state=LessonState.PROVISIONAL)
    await desk.school.plan("history-1", course="history")
    await desk.school.plan(LESSON)
    await stand_in(desk, at=2)
    await desk.school.hear(joined(ADA, at=0), the_trainer(-5, 60))
    desk.moment(4)


async def stand_in(desk: Desk, *, at: float) -> None:
    named = correction(CorrectionKind.SUBSTITUTE, at=at, person_ids=("hedy",), id="hedy stands in")
    async with desk.school.store.write() as memory:
        await memory.corrections.add(LESSON, named, now=named.at)


async def test_now_is_about_that_lesson(desk: Desk) -> None:
    assert (await desk.types("hedy", "now")).startswith("Python 101: 1 of 2 here")
    assert await desk.types("hedy", "now History") == "You teach no course of that name, only Python 101."


async def test_mark_is_about_that_lesson(desk: Desk) -> None:
    assert await desk.types("hedy", "mark Bob excused flu") == (
        "Bob Kahn is excused from Python 101 at <!date^1772442000^{date_short}, {time}|2026-03-02 09:00>."
    )
    assert [each.kind for each in await desk.school.corrections()][-1] is CorrectionKind.EXCUSED


async def test_why_is_about_that_lesson(desk: Desk) -> None:
    assert (await desk.types("hedy", "why Ada Lovelace")).startswith("Ada Lovelace, Python 101: not decided yet")


async def test_cancel_is_about_that_lesson(desk: Desk) -> None:
    assert (await desk.types("hedy", "cancel no power")).startswith("Python 101 at")
    assert [each.kind for each in await desk.school.corrections()][-1] is CorrectionKind.CANCELLED


async def test_summary_is_about_that_lesson_once_it_is_over(desk: Desk) -> None:
    desk.moment(62)
    assert "is still running" in await desk.types("hedy", "summary")


@pytest.mark.parametrize("typed", ["summary yesterday", "why Ada Lovelace yesterday"])
async def test_of_another_day_there_is_no_lesson_of_theirs(desk: Desk, typed: str) -> None:
    assert (await desk.types("hedy", typed)).startswith("No lesson fits.")


async def test_the_menu_is_a_trainers(desk: Desk) -> None:
    assert "Running now: Python 101" in await desk.types("hedy", "")
    assert actions.MENU_NOW in desk.shown("hedy").action_ids()


async def test_a_month_later_they_are_as_before(desk: Desk) -> None:
    desk.moment(32 * DAY)
    assert await desk.types("hedy", "now") == "You teach no course here."


async def test_who_was_not_to_stand_in_after_all_is_as_before(desk: Desk) -> None:
    async with desk.school.store.write() as memory:
        await memory.corrections.withdraw("hedy stands in", actor="grace", now=at(3))
    assert await desk.types("hedy", "now") == "You teach no course here."
