"""The menu, help, now, summary, me, and what is said to an unknown verb."""

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.course import attended_by
from bot.attendance.lessons import LessonState
from bot.attendance.wanted import MessageKind
from bot.attendance.written import canonical, fingerprint
from bot.messages import actions
from storage import tables
from storage.sheets import NewSheet
from tests.builders import ADA, BOB, at, joined, stay, the_trainer
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import HISTORY, LESSON

TRAINERS = {
    actions.MENU_NOW,
    actions.MENU_CHECK,
    actions.MENU_MARK,
    actions.MENU_SUMMARY,
    actions.MENU_CANCEL,
    actions.MENU_WHY,
    actions.MENU_REPORT,
}
STUDENTS = {actions.MENU_ME, actions.MENU_WHY}
COORDINATORS = {actions.MENU_CANCEL}


@pytest.mark.parametrize(
    ("who", "buttons"), [("grace", TRAINERS), ("bob", STUDENTS), ("olga", COORDINATORS), ("hedy", set())]
)
async def test_the_menu_fits_who_asks(desk: Desk, who: str, buttons: set[str]) -> None:
    await desk.types(who, "")
    assert set(desk.shown(who).action_ids()) == buttons | {actions.MENU_HELP}


async def test_the_menu_names_what_runs_now(desk: Desk) -> None:
    await desk.school.plan()
    assert "Running now: Python 101" in await desk.types("bob", "menu")


@pytest.mark.parametrize("typed", ["help", "?", "HELP"])
async def test_help_lists_every_verb(desk: Desk, typed: str) -> None:
    await desk.types("hedy", typed)
    shown = str(desk.shown("hedy").blocks)
    assert all(
        f"/rollcall {verb}" in shown for verb in ("now", "summary", "report", "mark", "cancel", "me", "why", "help")
    )


async def test_help_explains_one_verb_by_any_of_its_names(desk: Desk) -> None:
    assert "/rollcall mark @student" in await desk.types("hedy", "help excuse")
    assert "What /rollcall can do" in await desk.types("hedy", "help xyzzy")
    assert "What /rollcall can do" in await desk.presses("hedy", actions.MENU_HELP)


async def test_an_unknown_verb_gets_the_nearest_one(desk: Desk) -> None:
    assert "Did you mean `/rollcall summary`?" in await desk.types("bob", "sumary please")
    assert "There is no `xyzzy`. `/rollcall help`" in await desk.types("bob", "xyzzy")


async def test_what_was_typed_is_never_markup(desk: Desk) -> None:
    assert "<!channel>" not in await desk.types("bob", "&lt;!channel&gt;")


async def test_every_answer_is_seen_by_who_asked_alone(desk: Desk) -> None:
    await desk.school.plan()
    channel = desk.workspace.channel_named("#python-101")
    assert channel is not None
    for typed in ("", "help", "now", "me", "why", "mark", "xyzzy"):
        await desk.person("grace").command(f"/rollcall {typed}".strip(), channel="#python-101")
    assert desk.app is not None
    await desk.app.door.idle()
    assert desk.workspace.messages_in(channel.id) == []
    assert desk.workspace.problems == []


# now


async def test_now_shows_who_is_here(desk: Desk) -> None:
    await desk.school.plan()
    await desk.school.hear(joined(ADA, at=0), joined("iPad (2)", at=1))
    desk.moment(4)
    answer = await desk.types("grace", "now")
    assert answer.startswith("Python 101: 1 of 2 here, 1 missing, 1 unknown")
    assert await desk.presses("grace", actions.MENU_NOW) == answer


async def test_now_says_when_the_next_lesson_begins(desk: Desk) -> None:
    await desk.school.plan(start=24 * 60, state=LessonState.PLANNED)
    assert "No lesson of Python 101 is running; the next one is at" in await desk.types("grace", "now python 101")


async def test_now_asks_which_where_two_run(desk: Desk) -> None:
    await desk.school.plan()
    await desk.school.plan(HISTORY, course="history")
    assert await desk.types("grace", "now") == "Which lesson?"
    assert "History: " in await desk.types("grace", "who “History”")
    assert "You teach no course of that name, only History, Python 101" in await desk.types("grace", "now Latin")


@pytest.mark.parametrize("who", ["bob", "hedy", "olga"])
async def test_now_is_for_trainers(desk: Desk, who: str) -> None:
    await desk.school.plan()
    assert await desk.types(who, "now") == "You teach no course here."
    assert "Only a trainer" in await desk.presses(who, actions.PICK_LESSON, detail="now")


# summary


async def stand(desk: Desk) -> None:
    """The lesson is over and its summary stands in the channel."""
    await desk.school.plan(state=LessonState.PROVISIONAL)
    async with desk.school.store.read() as memory:
        workspace = memory.workspace_id
    await desk.school.insert(
        tables.Message,
        id="m1",
        workspace_id=workspace,
        kind=MessageKind.SUMMARY.value,
        subject=LESSON,
        recipient="#python-101",
        desired={"any": "thing"},
        desired_revision=1,
        sent_revision=1,
        channel="C1",
        ts="1.1",
        sent_at=at(61),
        priority=4,
        attempts=1,
        state="sent",
        error="",
    )
    desk.moment(90)


async def test_the_summary_is_posted_again(desk: Desk) -> None:
    await stand(desk)
    assert "is posted again" in await desk.types("grace", "summary")
    async with desk.school.store.read() as memory:
        row = await memory.messages.find(LESSON, MessageKind.SUMMARY, "#python-101")
    assert row is not None
    assert row.ts == ""
    assert desk.woken == 1


async def test_a_lesson_that_runs_has_no_summary_yet(desk: Desk) -> None:
    await desk.school.plan()
    desk.moment(10)
    assert "still running" in await desk.types("grace", "summary")
    assert "still running" in await desk.types("grace", "summary today")
    assert "No lesson fits" in await desk.types("grace", "summary yesterday")


@pytest.mark.parametrize("who", ["bob", "olga"])
async def test_the_summary_is_for_trainers(desk: Desk, who: str) -> None:
    await stand(desk)
    assert await desk.types(who, "summary") == "You teach no course here."
    assert "Only a trainer" in await desk.presses(who, actions.PICK_LESSON, detail="summary")


# me


async def write_sheet(desk: Desk, lesson: str, *, version: int = 1) -> None:
    sheet = sheet_of(await desk.school.facts(lesson), now=at(70))
    body = canonical(sheet)
    written = NewSheet(
        lesson_id=lesson,
        version=version,
        state=sheet.state,
        at=at(70),
        body=body,
        sha256=fingerprint(body),
        lesson={},
        attended={line.person_id: attended_by(line, sheet, "held") for line in sheet.students},
    )
    async with desk.school.store.write() as memory:
        await memory.sheets.write_down([written])


async def test_me_sums_up_the_lessons_that_count(desk: Desk) -> None:
    await desk.school.plan(state=LessonState.PROVISIONAL)
    await desk.school.hear(the_trainer(), stay(BOB, 30, 60), stay(ADA, 0, 60))
    await write_sheet(desk, LESSON)
    answer = await desk.types("bob", "me")
    assert "Python 101 50.0 % (30 min of 1 h)" in answer
    assert "Ada" not in answer
    assert "100.0 %" not in answer
    assert await desk.presses("bob", actions.MENU_ME) == answer


async def test_me_reads_the_newest_version_of_a_sheet(desk: Desk) -> None:
    await desk.school.plan(state=LessonState.PROVISIONAL)
    await desk.school.hear(the_trainer())
    await write_sheet(desk, LESSON)
    await desk.school.hear(stay(BOB, 0, 60))
    await write_sheet(desk, LESSON, version=2)
    assert "100.0 %" in await desk.types("bob", "me")


async def test_me_says_how_much_may_still_be_missed(desk: Desk) -> None:
    await desk.school.plan(state=LessonState.PROVISIONAL)
    await desk.school.hear(the_trainer(), stay(BOB, 0, 60))
    await write_sheet(desk, LESSON)
    for day in range(1, 20):
        await desk.school.plan(f"lesson of day {day}", start=day * 24 * 60, state=LessonState.PLANNED)
    desk.moment(70)
    await desk.types("bob", "me")
    assert "You can still miss 2 h (90 % are needed)." in str(desk.shown("bob").blocks)


async def test_me_says_so_where_nothing_counts_yet(desk: Desk) -> None:
    assert "nothing to count yet" in await desk.types("bob", "me")
    assert "you are a student of no course here" in await desk.types("hedy", "me")
