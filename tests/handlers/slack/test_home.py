"""Somebody opens the App Home, and finds what concerns them."""

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState
from bot.messages import actions
from handlers.join_links import JoinLinks
from handlers.keys import Keys
from storage import tables
from storage.join_links import JoinPlace
from tests.builders import ADA, BOB, at, correction, joined, stay, the_trainer
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import LESSON
from tests.handlers.slack.test_commands import write_sheet

DAY = 24 * 60


async def home_of(desk: Desk, who: str, *, tab: str = "home") -> str:
    """Everything that stands on somebody's Home; empty if there is none."""
    assert desk.app is not None
    await desk.person(who).open_home(tab=tab)
    await desk.app.door.idle()
    assert desk.workspace.problems == []
    view = desk.person(who).home
    return str(view.blocks) if view is not None else ""


async def test_a_student_finds_the_next_lesson_the_sums_and_what_is_undecided(desk: Desk) -> None:
    await desk.school.plan(state=LessonState.PROVISIONAL)
    await desk.school.hear(the_trainer(), stay(BOB, 30, 60))
    await write_sheet(desk, LESSON)
    for day in range(1, 10):
        await desk.school.plan(f"day {day}", start=day * DAY, state=LessonState.PLANNED)
    dispute = correction(CorrectionKind.DISPUTED, BOB, at=70, actor=BOB)
    async with desk.school.store.write() as memory:
        await memory.corrections.add(LESSON, dispute, now=at(70))
    desk.moment(80)
    shown = await home_of(desk, "bob")
    assert "Python 101, <!date" in shown
    assert "https://example.com/j/1" in shown
    assert "Python 101 50.0 % (30 min of 1 h)" in shown
    assert "You can still miss 30 min, but no whole lesson: 90 % are needed." in shown
    assert "you said that the verdict is wrong" in shown


async def test_what_was_decided_is_not_told_as_open(desk: Desk) -> None:
    await desk.school.plan()
    said = correction(CorrectionKind.CANNOT_COME, BOB, at=3, actor=BOB)
    async with desk.school.store.write() as memory:
        await memory.corrections.add(LESSON, said, now=at(3))
    desk.moment(4)
    assert "you asked to be excused" in await home_of(desk, "bob")
    assert "you asked to be excused" not in await home_of(desk, "ada")
    async with desk.school.store.write() as memory:
        await memory.corrections.add(LESSON, correction(CorrectionKind.EXCUSED, BOB, at=5), now=at(5))
    assert "you asked to be excused" not in await home_of(desk, "bob")


async def test_a_trainer_finds_the_lessons_of_the_day_as_they_are_now(desk: Desk) -> None:
    await desk.school.plan()
    await desk.school.plan("tonight", start=600, state=LessonState.PLANNED)
    await desk.school.plan("tomorrow", start=DAY, state=LessonState.PLANNED)
    await desk.school.hear(joined(ADA, at=0), joined("iPad", at=1))
    desk.moment(4)
    shown = await home_of(desk, "grace")
    assert "1 of 2 here · 1 question" in shown
    assert "1 question waits for you." in shown
    assert shown.count("|09:00>") == 1
    assert shown.count("|19:00>") == 1
    assert "You teach History, Python 101" in shown


async def test_an_admin_finds_the_connections_and_who_cannot_be_reached(desk: Desk) -> None:
    await desk.school.insert(tables.Enrolment, id="hedy", course_id="python", person_id="hedy", role="student")
    async with desk.school.store.write() as memory:
        hedy = tables.table_of(tables.Person).c.id == "hedy"
        await memory._transaction.run(tables.table_of(tables.Person).update().where(hedy).values(slack_user_id=""))
    shown = await home_of(desk, "rita")
    assert "Zoom: nothing was ever delivered" in shown
    assert "1 person is on a roster and not found in Slack: Hedy Lamarr" in shown
    assert "Connections" not in await home_of(desk, "grace")


async def test_who_is_on_no_roster_is_told_so(desk: Desk) -> None:
    assert "you are on no roster yet" in await home_of(desk, "hedy")
    assert "Hello!" in await home_of(desk, "eve")


async def test_who_looks_at_the_messages_beside_it_is_shown_nothing_new(desk: Desk) -> None:
    assert await home_of(desk, "bob", tab="messages") == ""


async def test_what_is_pressed_at_home_is_answered_in_the_conversation_with_the_bot(desk: Desk) -> None:
    await desk.school.plan()
    await home_of(desk, "bob")
    home = desk.person("bob").home
    assert home is not None
    assert desk.app is not None
    assert (await desk.person("bob").click_in_view(home, actions.MENU_ME)).acknowledged
    await desk.app.door.idle()
    assert desk.workspace.problems == []
    assert "nothing to count yet" in desk.person("bob").inbox[-1].text


@pytest.mark.parametrize("reason", ["flu", ""])
async def test_a_modal_that_was_opened_at_home_is_answered_there_too(desk: Desk, reason: str) -> None:
    await desk.school.plan()
    desk.moment(4)
    await home_of(desk, "grace")
    home = desk.person("grace").home
    assert home is not None
    assert desk.app is not None
    await desk.person("grace").click_in_view(home, actions.MENU_MARK)
    await desk.app.door.idle()
    values = {actions.PERSON: "bob", actions.MARK_KIND: "excused", **({actions.REASON: reason} if reason else {})}
    await desk.person("grace").submit(desk.modal("grace"), values)
    await desk.app.door.idle()
    assert desk.workspace.problems == []
    assert "Bob Kahn is excused from Python 101" in desk.person("grace").inbox[-1].text


async def test_a_student_s_own_way_in_stands_behind_join(desk: Desk) -> None:
    desk.office.links = JoinLinks(
        Keys(["a secret key of more than thirty-two letters"]), "https://rollcall.example.com"
    )
    await desk.school.plan("tomorrow", start=DAY, state=LessonState.PLANNED)
    shown = await home_of(desk, "bob")
    own = desk.office.links.instead_of(
        "https://example.com/j/1", JoinPlace(course_id="python", person_id="bob", generation=1)
    )
    assert (own in shown, "https://example.com/j/1" in shown) == (True, False)
