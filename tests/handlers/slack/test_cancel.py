"""A lesson is cancelled by a trainer or the coordinator: the one that runs, else the next."""

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState
from bot.messages import actions
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import HISTORY, LESSON


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan()
    desk.moment(3)


@pytest.mark.parametrize("who", ["grace", "olga"])
async def test_the_lesson_that_runs_is_cancelled_with_a_reason(desk: Desk, who: str) -> None:
    answer = await desk.types(who, "cancel the trainer is ill")
    (said,) = await desk.school.corrections()
    assert (said.kind, said.actor, said.person, said.note) == (
        CorrectionKind.CANCELLED,
        who,
        None,
        "the trainer is ill",
    )
    assert "is cancelled" in answer
    assert desk.woken == 1


async def test_without_a_lesson_running_the_next_one_is_meant(desk: Desk) -> None:
    await desk.school.plan("next week", start=7 * 24 * 60, state=LessonState.PLANNED)
    desk.moment(75)
    await desk.types("olga", "cancel no heating")
    assert await desk.school.corrections(LESSON) == []
    assert len(await desk.school.corrections("next week")) == 1


async def test_who_types_nothing_else_is_shown_the_lesson_before_it_is_cancelled(desk: Desk) -> None:
    await desk.types("grace", "cancel")
    assert await desk.school.corrections() == []
    await desk.fills_in("grace", {actions.REASON: "ill"})
    assert [said.note for said in await desk.school.corrections()] == ["ill"]


async def test_what_is_cancelled_is_not_cancelled_again(desk: Desk) -> None:
    await desk.presses("grace", actions.CANCEL_TODAY)
    assert await desk.presses("grace", actions.CANCEL_TODAY) == "Python 101 is cancelled."
    assert len(await desk.school.corrections()) == 1


async def test_what_is_over_cannot_be_cancelled(desk: Desk) -> None:
    desk.moment(60)
    assert await desk.presses("grace", actions.CANCEL_TODAY) == "Python 101 is over."


@pytest.mark.parametrize("who", ["bob", "hedy"])
async def test_nobody_else_cancels(desk: Desk, who: str) -> None:
    for answer in (await desk.types(who, "cancel"), await desk.presses(who, actions.CANCEL_TODAY)):
        assert answer == "Only a trainer or the coordinator of this course can cancel a lesson."
    assert await desk.school.corrections() == []


async def test_the_admins_coordinate_a_course_that_names_nobody(desk: Desk) -> None:
    await desk.school.plan(HISTORY, course="history")
    await desk.types("rita", "cancel no heating")
    assert len(await desk.school.corrections(HISTORY)) == 1
    assert "Only a trainer" in await desk.presses("rita", actions.CANCEL_TODAY)


async def test_who_has_two_courses_names_one_or_is_asked(desk: Desk) -> None:
    await desk.school.plan(HISTORY, course="history")
    await desk.types("grace", "cancel history no heating")
    assert [said.note for said in await desk.school.corrections(HISTORY)] == ["no heating"]
    await desk.school.plan("history-2", course="history", start=1, state=LessonState.LIVE)
    assert await desk.types("grace", "cancel") == "Which lesson?"


async def test_a_lesson_that_was_picked_is_shown_before_it_is_cancelled(desk: Desk) -> None:
    await desk.school.plan(HISTORY, course="history", start=1)
    await desk.types("grace", "cancel")
    await desk.presses_in("grace", desk.shown("grace"), "pick.lesson.0")
    assert await desk.school.corrections(HISTORY) == []
    assert "History" in str(desk.modal("grace").blocks)
    await desk.fills_in("grace", {actions.REASON: "no heating"})
    assert [said.note for said in await desk.school.corrections(HISTORY)] == ["no heating"]


async def test_the_menus_button_asks_before(desk: Desk) -> None:
    await desk.presses("olga", actions.MENU_CANCEL)
    assert await desk.school.corrections() == []
    await desk.fills_in("olga", {})
    assert [said.kind for said in await desk.school.corrections()] == [CorrectionKind.CANCELLED]


async def test_a_day_names_a_lesson_too(desk: Desk) -> None:
    await desk.school.plan("tomorrow", start=24 * 60, state=LessonState.PLANNED)
    await desk.types("olga", "cancel Python 101 2026-03-03 strike")
    assert [said.note for said in await desk.school.corrections("tomorrow")] == ["strike"]
    assert "No lesson fits" in await desk.types("olga", "cancel 2026-03-09")
