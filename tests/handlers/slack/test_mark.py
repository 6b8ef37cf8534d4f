"""`/rollcall mark` and *Mark…*: about the lesson that runs, else the last that ended, of the one course both share."""

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState
from bot.messages import actions
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import HISTORY, LESSON
from tests.storage.rows import tamper

KINDS = [
    ("present", CorrectionKind.PRESENT),
    ("excused", CorrectionKind.EXCUSED),
    ("absent", CorrectionKind.NOT_PRESENT),
]


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan()
    desk.moment(10)


@pytest.mark.parametrize(("word", "kind"), KINDS)
async def test_a_mention_is_marked_with_who_and_why(desk: Desk, word: str, kind: CorrectionKind) -> None:
    answer = await desk.types("grace", f"mark @bob.kahn {word} told me yesterday")
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.actor, said.note) == (kind, "bob", "grace", "told me yesterday")
    assert "Bob Kahn" in answer
    assert "Python 101" in answer


@pytest.mark.parametrize("name", ["Bob Kahn", "bob", "“Bob Kahn”", "@kahn"])
async def test_a_name_does_as_well(desk: Desk, name: str) -> None:
    await desk.types("grace", f"mark {name} excused flu")
    assert [(said.person, said.note) for said in await desk.school.corrections()] == [("bob", "flu")]


async def test_a_name_that_nobody_has_is_answered_with_those_that_are_near(desk: Desk) -> None:
    assert "Did you mean Bob Kahn" in await desk.types("grace", "mark “Bob Khan” absent")
    assert "Nobody in your courses" in await desk.types("grace", "mark xyzzy absent")
    assert await desk.school.corrections() == []


async def test_the_same_mark_again_changes_nothing(desk: Desk) -> None:
    await desk.types("grace", "mark bob absent")
    assert await desk.types("grace", "mark bob absent") == "That is noted already."
    await desk.types("grace", "mark bob present")
    await desk.types("grace", "mark bob absent")
    assert len(await desk.school.corrections()) == 3


async def test_without_a_lesson_running_the_last_that_ended_is_meant(desk: Desk) -> None:
    await desk.school.plan("last week", start=-7 * 24 * 60, state=LessonState.PROVISIONAL)
    await desk.school.plan("next week", start=7 * 24 * 60, state=LessonState.PLANNED)
    desk.moment(75)
    await desk.types("grace", "mark bob present")
    assert len(await desk.school.corrections(LESSON)) == 1
    desk.moment(8 * 24 * 60)
    await desk.types("grace", "mark bob present")
    assert len(await desk.school.corrections("next week")) == 1


async def test_who_shares_two_courses_is_asked_which_lesson(desk: Desk) -> None:
    await desk.school.plan(HISTORY, course="history", start=-120, state=LessonState.PROVISIONAL)
    assert await desk.types("grace", "mark ada excused dentist") == "Which lesson?"
    assert await desk.school.corrections() == []
    await desk.presses_in("grace", desk.shown("grace"), "pick.lesson.1")
    (said,) = await desk.school.corrections(HISTORY)
    assert (said.kind, said.person, said.note) == (CorrectionKind.EXCUSED, "ada", "dentist")


async def test_a_name_of_several_is_asked_about(desk: Desk) -> None:
    from storage import tables

    async with desk.school.store.read() as memory:
        workspace = memory.workspace_id
    await desk.school.insert(
        tables.Person,
        id="bob2",
        workspace_id=workspace,
        name="Bob Stone",
        email="",
        external_id="",
        slack_user_id="",
        zone="",
        language="",
        is_admin=False,
        is_gone=False,
    )
    await desk.school.insert(
        tables.Enrolment, id="bob2", course_id="python", person_id="bob2", role="student", registrant_id=""
    )
    assert await desk.types("grace", "mark bob absent overslept") == "Who is meant?"
    await desk.presses_in("grace", desk.shown("grace"), "pick.person.1")
    (said,) = await desk.school.corrections()
    assert (said.person, said.note) == ("bob2", "overslept")


@pytest.mark.parametrize("typed", ["mark bob", "mark present", "mark @bob.kahn banana"])
async def test_who_says_too_little_is_told_how(desk: Desk, typed: str) -> None:
    assert "/rollcall mark @student present" in await desk.types("grace", typed)


async def test_somebody_with_whom_no_course_is_shared_cannot_be_marked(desk: Desk) -> None:
    assert "in no course that you teach" in await desk.types("grace", "mark @hedy.lamarr present")


@pytest.mark.parametrize("who", ["bob", "olga", "hedy", "rita"])
async def test_only_trainers_mark(desk: Desk, who: str) -> None:
    assert await desk.types(who, "mark @bob.kahn present") == "You teach no course here."
    assert await desk.presses(who, actions.MARK) == "Only a trainer of this course can do that."
    assert await desk.school.corrections() == []


async def test_the_boards_button_asks_whom_as_what_and_why(desk: Desk) -> None:
    await desk.presses("grace", actions.MARK)
    values = {actions.PERSON: "bob", actions.MARK_KIND: "excused", actions.REASON: "flu"}
    answer = await desk.fills_in("grace", values)
    assert "Bob Kahn is excused from Python 101" in answer
    assert [(said.kind, said.note) for said in await desk.school.corrections()] == [(CorrectionKind.EXCUSED, "flu")]


@pytest.mark.parametrize("way", ["command", "menu"])
async def test_without_words_the_modal_asks(desk: Desk, way: str) -> None:
    if way == "command":
        await desk.types("grace", "mark")
    else:
        await desk.presses("grace", actions.MENU_MARK)
    await desk.fills_in("grace", {actions.PERSON: "ada", actions.MARK_KIND: "present"})
    assert [said.person for said in await desk.school.corrections()] == ["ada"]


async def test_in_a_locked_lesson_a_mark_needs_a_reason(desk: Desk) -> None:
    await tamper(desk.school.store, f"UPDATE lesson SET state = 'locked' WHERE id = '{LESSON}'")
    answer = await desk.types("grace", "mark @bob.kahn present")
    assert answer == "Python 101 is locked: say why too, for example `/rollcall mark Bob Kahn present was in by phone`."
    assert await desk.school.corrections() == []
    assert "is marked present" in await desk.types("grace", "mark @bob.kahn present was in by phone")
    assert [said.note for said in await desk.school.corrections()] == ["was in by phone"]


async def test_the_modal_of_a_locked_lesson_asks_for_the_reason(desk: Desk) -> None:
    for state, is_optional in (("provisional", True), ("locked", False)):
        await tamper(desk.school.store, f"UPDATE lesson SET state = '{state}' WHERE id = '{LESSON}'")
        await desk.presses("grace", actions.MARK)
        (reason,) = [block for block in desk.modal("grace").blocks if block.get("block_id") == actions.REASON]
        assert bool(reason.get("optional")) is is_optional


@pytest.mark.parametrize("action", [actions.EXCUSE, actions.APPROVE_DISPUTE, actions.CREDIT_WAITING])
async def test_in_a_locked_lesson_one_tap_without_a_reason_changes_nothing(desk: Desk, action: str) -> None:
    await tamper(desk.school.store, f"UPDATE lesson SET state = 'locked' WHERE id = '{LESSON}'")
    assert "is locked: say why too" in await desk.presses("grace", action, person="bob")
    assert await desk.school.corrections() == []
