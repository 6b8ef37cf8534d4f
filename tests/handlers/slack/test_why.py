"""How a verdict came about, and what a student may say against it."""

from datetime import timedelta

import pytest

from bot.attendance.inside import Inside
from bot.attendance.lessons import CorrectionKind, LessonState
from bot.messages import actions
from tests.builders import ADA, BOB, at, stay, the_trainer
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import HISTORY


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan(state=LessonState.PROVISIONAL)
    await desk.school.hear(the_trainer(), stay(ADA, 0, 60), stay(BOB, 7, 60))
    desk.moment(65)


async def test_a_student_reads_why_of_their_own(desk: Desk) -> None:
    answer = await desk.types("bob", "why")
    assert "Bob Kahn" in answer
    assert "Ada" not in answer
    assert "late 7 min (grace 5)" in answer


@pytest.mark.parametrize("typed", ["why @ada.lovelace", "why “Ada Lovelace”"])
async def test_a_student_reads_nothing_of_others(desk: Desk, typed: str) -> None:
    answer = await desk.types("bob", typed)
    assert answer == "You can see only your own attendance: `/rollcall why`."
    assert await desk.presses("bob", actions.WHY, number=1, person="ada") == answer
    assert await desk.types("bob", "why @bob.kahn") != answer


@pytest.mark.parametrize("typed", ["why @bob.kahn", "why Bob Kahn", "why “bob”", "why @bob.kahn python 101 2026-03-02"])
async def test_a_trainer_reads_why_of_a_student(desk: Desk, typed: str) -> None:
    assert "Bob Kahn, Python 101" in await desk.types("grace", typed)


async def test_the_summarys_button_answers_whoever_teaches(desk: Desk) -> None:
    assert "Bob Kahn" in await desk.presses("grace", actions.WHY, number=3, person="bob")
    assert "only your own" in await desk.presses("olga", actions.WHY, number=3, person="bob")


@pytest.mark.parametrize("way", ["command", "menu"])
async def test_a_trainer_who_names_nobody_is_asked_of_whom(desk: Desk, way: str) -> None:
    if way == "command":
        await desk.types("grace", "why")
    else:
        await desk.presses("grace", actions.MENU_WHY)
    assert "Bob Kahn" in await desk.fills_in("grace", {actions.PERSON: "bob"})


async def test_the_menu_shows_a_student_their_own_newest_lesson(desk: Desk) -> None:
    assert "Bob Kahn" in await desk.presses("bob", actions.MENU_WHY)


async def test_who_is_in_no_course_is_told_so(desk: Desk) -> None:
    assert "You are in no course here" in await desk.types("hedy", "why")


async def test_a_student_of_two_courses_names_one_or_is_asked(desk: Desk) -> None:
    await desk.school.plan("history-1", course="history", state=LessonState.PROVISIONAL)
    assert await desk.types("ada", "why") == "Which lesson?"
    assert "Ada Lovelace, Python 101" in await desk.types("ada", "why python 101")
    await desk.types("ada", "why")
    assert "Ada Lovelace" in await desk.presses_in("ada", desk.shown("ada"), "pick.lesson.0")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_on_a_day_at_the_end_of_the_calendar_there_is_no_lesson(desk: Desk, day: str) -> None:
    assert (await desk.types("bob", f"why {day}")).startswith("No lesson fits.")


async def test_a_student_may_say_that_it_is_wrong(desk: Desk) -> None:
    await desk.types("bob", "why")
    await desk.presses_in("bob", desk.shown("bob"), actions.THIS_IS_WRONG)
    answer = await desk.fills_in("bob", {actions.REASON: "I was in by phone"})
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.note) == (CorrectionKind.DISPUTED, "bob", "I was in by phone")
    assert "trainer is asked" in answer


async def test_a_trainer_disputes_nothing_and_is_not_offered_to(desk: Desk) -> None:
    await desk.types("grace", "why @bob.kahn")
    assert actions.THIS_IS_WRONG not in desk.shown("grace").action_ids()
    assert "only about your own" in await desk.presses("grace", actions.THIS_IS_WRONG)
    assert await desk.school.corrections() == []


async def test_there_is_nothing_to_dispute_before_there_is_a_verdict(desk: Desk) -> None:
    await desk.school.plan("running", start=64)
    await desk.types("bob", "why")
    assert "Python 101" in desk.shown("bob").text
    assert actions.THIS_IS_WRONG not in desk.shown("bob").action_ids()


async def test_who_has_left_the_course_still_reads_why_of_their_lessons(desk: Desk) -> None:
    from sqlalchemy import update

    from storage.tables import Enrolment, table_of
    from tests.builders import NINE

    table = table_of(Enrolment)
    ended = update(table).where(table.c.person_id == "bob").values(until_on=NINE.date())
    async with desk.school.store.write() as memory:
        await memory._transaction.run(ended)
    desk.moment(3 * 24 * 60)
    assert "Bob Kahn" in await desk.presses("bob", actions.WHY, person="bob")
    assert "only your own" in await desk.presses("bob", actions.WHY, person="ada")


async def seen_by_zoom(desk: Desk) -> str:
    """Nothing was told of History, which Ada studies; Zoom, when it was asked at 09:01, showed three people."""
    await desk.school.plan(HISTORY, course="history", state=LessonState.PROVISIONAL)
    async with desk.school.store.write() as memory:
        await memory.room_looks.want([HISTORY], now=at(1.5))
        (look,) = await memory.room_looks.claim(now=at(1.5), wire_now=at(1.5), limit=1, lease=timedelta(minutes=1))
        await memory.room_looks.answered(look, Inside(people=3), now=at(1.5))
    return await desk.types("ada", "why History")


async def test_where_nothing_was_told_it_is_said_what_the_platform_itself_showed(desk: Desk) -> None:
    answer = await seen_by_zoom(desk)
    assert "no data" in answer
    assert "At 09:01 Zoom itself showed 3 in the room and had told us of nobody." in answer


async def test_where_something_was_told_what_the_platform_showed_is_of_no_interest(desk: Desk) -> None:
    await desk.school.hear(stay(ADA, 0, 60, room="history-room", session="h"))
    assert "itself showed" not in await seen_by_zoom(desk)
