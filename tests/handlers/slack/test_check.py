"""Presence checks in Slack, a trainer's side: ask once, begin a series, stop it, look at it."""

from datetime import timedelta

import pytest

from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import WINDOW, CheckSettings, Template, TimeRange, settings_of
from bot.attendance.checks.values import PresenceLogging
from bot.messages import actions
from handlers.slack.check_form import settings_meant
from handlers.slack.check_grammar import parse_check
from handlers.slack.grammar import split
from tests.builders import ADA, BOB, GRACE, joined, left
from tests.handlers.slack.conftest import Desk

ONLY_TRAINERS = "Only a trainer of this course can do that."
NOT_RUNNING = "No presence check is running."
RUNS_ALREADY = "A presence check is running already"


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    """Grace, Ada and Bob have been in the lesson for twenty minutes."""
    await desk.school.plan()
    await desk.school.hear(joined(GRACE, at=-1), joined(ADA, at=0), joined(BOB, at=0))
    desk.moment(20)


async def logging(desk: Desk) -> PresenceLogging | None:
    return (await desk.school.facts()).logging


async def state(desk: Desk) -> RunState | None:
    found = await logging(desk)
    return found.state if found is not None else None


async def settings(desk: Desk) -> CheckSettings:
    found = await logging(desk)
    assert found is not None
    assert found.current is not None
    return found.current.settings


# Once, at once


@pytest.mark.parametrize("typed", ["check now", "presence now", "check once"])
async def test_asking_now_asks_everybody_who_is_there_and_says_how_many(desk: Desk, typed: str) -> None:
    assert await desk.types("grace", typed) == "2 students are asked."
    assert await state(desk) is RunState.COLLECTING


async def test_presence_is_the_same_command(desk: Desk) -> None:
    assert await desk.types_presence("grace", "now") == "2 students are asked."


async def test_who_is_not_there_is_not_asked(desk: Desk) -> None:
    await desk.school.hear(left(BOB, at=15))
    assert await desk.types("grace", "check now") == "1 student is asked."


async def test_where_nobody_is_there_it_is_said(desk: Desk) -> None:
    await desk.school.hear(left(ADA, at=15), left(BOB, at=15))
    assert "No student is in the lesson" in await desk.types("grace", "check now")


# A series


async def test_a_series_begins_and_nobody_is_told_its_moments(desk: Desk) -> None:
    told = await desk.types("grace", "check start")
    assert told == ("The presence check of Python 101 is on. The moments are drawn by lot, and nobody is told them.")
    assert await state(desk) is RunState.WAITING_FOR_INITIAL_DELAY
    assert await settings(desk) == settings_of(Template.OPENTALK)


async def test_a_plan_of_which_no_moment_is_left_says_so_and_nobody_is_asked(desk: Desk) -> None:
    desk.moment(57)
    assert "no moment of its plan is left: nobody will be asked" in await desk.types("grace", "check start cpe")
    assert "no moment of its plan is left" in await desk.types("grace", "check status")
    assert await state(desk) is RunState.WAITING_FOR_INITIAL_DELAY
    assert await desk.types("grace", "check now") == "2 students are asked."


async def test_with_nobody_there_it_waits_for_the_first_student(desk: Desk) -> None:
    await desk.school.hear(left(ADA, at=15), left(BOB, at=15))
    assert "begins when a student is there" in await desk.types("grace", "check start")
    assert await state(desk) is RunState.WAITING_FOR_PARTICIPANT


@pytest.mark.parametrize(
    ("typed", "of_course", "meant"),
    [
        ("start", "off", settings_of(Template.OPENTALK)),
        ("start", "cpe", settings_of(Template.CPE)),
        ("start light", "cpe", settings_of(Template.LIGHT)),
        ("start light answer within 3m", "off", CheckSettings(template=Template.LIGHT, window=timedelta(minutes=3))),
        ("start cle no deadline", "off", CheckSettings(template=Template.CLE, window=None)),
        (
            "start every 20m",
            "cpe",
            CheckSettings(
                template=Template.CUSTOM, initial=TimeRange(1200, 0), interval=TimeRange(1200, 0), window=WINDOW
            ),
        ),
        (
            "start 10-30m then 60-70m no deadline",
            "off",
            CheckSettings(
                template=Template.CUSTOM, initial=TimeRange(600, 1200), interval=TimeRange(3600, 600), window=None
            ),
        ),
    ],
)
def test_what_was_not_said_is_what_the_course_or_the_template_says(
    typed: str, of_course: str, meant: CheckSettings
) -> None:
    assert settings_meant(parse_check(split(typed)).series, of_course) == meant


@pytest.mark.parametrize("typed", ["start every 11h", "start after 10m within 11h", "start cpe answer within 2h"])
async def test_ranges_out_of_bounds_are_refused_and_nothing_begins(desk: Desk, typed: str) -> None:
    assert "That cannot be" in await desk.types("grace", f"check {typed}")
    assert await state(desk) in {None, RunState.IDLE_WITH_CREATOR, RunState.IDLE_WITHOUT_CREATOR}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("dance", "There is no `dance`"),
        ("start every soon", "“soon” is no length of time"),
        ("start every", "Say how long too"),
    ],
)
async def test_what_is_not_understood_is_said_with_an_example(desk: Desk, typed: str, told: str) -> None:
    assert told in await desk.types("grace", f"check {typed}")


# The protocol's errors, as sentences


@pytest.mark.parametrize("typed", ["start", "start cpe"])
async def test_what_is_enabled_already_cannot_be_enabled_again(desk: Desk, typed: str) -> None:
    await desk.types("grace", "check start light")
    before = await logging(desk)
    assert RUNS_ALREADY in await desk.types("grace", f"check {typed}")
    assert await logging(desk) == before


@pytest.mark.parametrize("typed", ["stop", "status"])
async def test_what_is_not_enabled_cannot_be_stopped_or_shown(desk: Desk, typed: str) -> None:
    assert await desk.types("grace", f"check {typed}") == NOT_RUNNING


@pytest.mark.parametrize("who", ["ada", "hedy", "rita"])
@pytest.mark.parametrize("typed", ["now", "start", "stop"])
async def test_only_trainers_of_the_course_run_checks(desk: Desk, who: str, typed: str) -> None:
    assert await desk.types(who, f"check {typed}") == ONLY_TRAINERS


@pytest.mark.parametrize("action", [actions.CHECK_NOW, actions.CHECK_STOP, actions.CHECK_START])
@pytest.mark.parametrize("who", ["ada", "olga", "hedy"])
async def test_a_forwarded_button_acts_for_who_presses_it_or_not_at_all(desk: Desk, who: str, action: str) -> None:
    assert await desk.presses(who, action) == ONLY_TRAINERS
    found = await logging(desk)
    assert found is None or found.current is None


async def test_when_no_lesson_runs_there_is_nothing_to_check(desk: Desk) -> None:
    desk.moment(70)
    assert "No lesson fits" in await desk.types("grace", "check now")


async def test_with_two_lessons_at_once_it_is_asked_which_one_is_meant(desk: Desk) -> None:
    await desk.school.plan("history-1", course="history")
    await desk.types("grace", "check now")
    shown = desk.shown("grace")
    assert await state(desk) is None
    (python,) = [each for _, each in shown.elements() if each["text"]["text"].startswith("Python 101")]
    assert await desk.presses_in("grace", shown, python["action_id"]) == "2 students are asked."


async def test_a_course_is_named_before_or_behind(desk: Desk) -> None:
    await desk.school.plan("history-1", course="history")
    assert await desk.types("grace", "check start python 101 cpe") != ""
    assert await settings(desk) == settings_of(Template.CPE)


# Stop, and how it stands


@pytest.mark.parametrize("how", ["typed", "pressed"])
async def test_it_is_stopped_by_the_command_and_by_the_button(desk: Desk, how: str) -> None:
    await desk.types("grace", "check start")
    told = await (desk.types("grace", "check stop") if how == "typed" else desk.presses("grace", actions.CHECK_STOP))
    assert told == "The presence check of Python 101 is stopped."
    found = await logging(desk)
    assert found is not None
    assert found.current is None or found.current.ended_at is not None


async def test_the_status_is_the_card_as_it_stands_now(desk: Desk) -> None:
    await desk.types("grace", "check now")
    assert (await desk.types("grace", "check status")).startswith(
        "Presence check · Python 101 · question 1 · 0 of 2 confirmed · 2 to go"
    )
    stop = [each for _, each in desk.shown("grace").elements() if each["action_id"] == actions.CHECK_STOP]
    assert len(stop) == 1


async def test_ask_now_within_a_series_is_one_more_question_of_it(desk: Desk) -> None:
    await desk.types("grace", "check start light")
    assert await desk.presses("grace", actions.CHECK_NOW) == "2 students are asked."
    found = await logging(desk)
    assert found is not None
    assert len(found.checks) == 1
    assert await state(desk) is RunState.COLLECTING


# A longer time for who needs it


@pytest.mark.parametrize("who", ["@ada.lovelace", "Ada Lovelace", "ada"])
async def test_a_student_who_needs_longer_has_it_from_the_next_question_on(desk: Desk, who: str) -> None:
    assert await desk.types("grace", f"check time {who} 15m") == (
        "Ada Lovelace has 15 min to answer, from the next question on, in all lessons of the course."
    )
    await desk.types("grace", "check now")
    found = await logging(desk)
    assert found is not None
    assert {each.person_id: each.window for each in found.answers} == {"ada": timedelta(minutes=15), "bob": WINDOW}


@pytest.mark.parametrize(
    ("who", "typed", "told"),
    [
        ("grace", "@ada.lovelace", "Say who and how long"),
        ("grace", "15m", "Say who and how long"),
        ("grace", "@ada.lovelace 2h", "The time to answer is 30 seconds to 60 minutes."),
        ("grace", "Nobody Known 15m", "Nobody in your courses is called"),
        ("bob", "@ada.lovelace 15m", ONLY_TRAINERS),
    ],
)
async def test_a_longer_time_has_bounds_and_is_a_trainers_to_give(desk: Desk, who: str, typed: str, told: str) -> None:
    assert told in await desk.types(who, f"check time {typed}")


# The modal


@pytest.mark.parametrize("how", ["board", "menu", "typed"])
async def test_the_modal_opens_from_the_board_the_menu_and_the_command_alone(desk: Desk, how: str) -> None:
    if how == "board":
        await desk.presses("grace", actions.CHECK_START)
    elif how == "menu":
        await desk.presses("grace", actions.MENU_CHECK)
    else:
        await desk.types("grace", "check")
    assert desk.modal("grace").blocks[0]["text"]["text"].startswith("Students of *Python 101*")


async def test_asking_once_from_the_modal(desk: Desk) -> None:
    await desk.presses("grace", actions.CHECK_START)
    assert await desk.fills_in("grace", {actions.CHECK_TEMPLATE: "now"}) == "2 students are asked."


async def test_a_template_with_a_time_to_answer_from_the_modal(desk: Desk) -> None:
    await desk.presses("grace", actions.CHECK_START)
    told = await desk.fills_in("grace", {actions.CHECK_TEMPLATE: "cle", actions.CHECK_ANSWER: "3m"})
    assert "is on" in told
    assert await settings(desk) == CheckSettings(template=Template.CLE, window=timedelta(minutes=3))


async def test_ranges_of_ones_own_from_the_modal(desk: Desk) -> None:
    await desk.presses("grace", actions.CHECK_START)
    await desk.fills_in(
        "grace",
        {actions.CHECK_TEMPLATE: "custom", actions.CHECK_FIRST: "5-10m", actions.CHECK_ANSWER: "-"},
    )
    assert await settings(desk) == CheckSettings(
        template=Template.CUSTOM, initial=TimeRange(300, 300), interval=TimeRange(300, 300), window=None
    )


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({actions.CHECK_TEMPLATE: "custom"}, actions.CHECK_FIRST),
        ({actions.CHECK_TEMPLATE: "custom", actions.CHECK_FIRST: "soon"}, actions.CHECK_FIRST),
        ({actions.CHECK_TEMPLATE: "custom", actions.CHECK_FIRST: "5m", actions.CHECK_THEN: "?"}, actions.CHECK_THEN),
        ({actions.CHECK_TEMPLATE: "cpe", actions.CHECK_ANSWER: "long"}, actions.CHECK_ANSWER),
    ],
)
async def test_a_field_that_is_wrong_keeps_the_modal_open_and_says_so(
    desk: Desk, values: dict[str, str], wrong: str
) -> None:
    await desk.presses("grace", actions.CHECK_START)
    reply = await desk.person("grace").submit(desk.modal("grace"), values)
    assert reply.errors.keys() == {wrong}
    found = await logging(desk)
    assert found is None or found.current is None


async def test_a_course_with_a_template_has_it_in_the_modal_already(desk: Desk) -> None:
    await desk.presses("grace", actions.CHECK_START)
    (chosen,) = [each["element"] for each in desk.modal("grace").blocks if each.get("block_id") == "check_template"]
    assert chosen["initial_option"]["value"] == "now"
