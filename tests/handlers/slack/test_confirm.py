"""Presence checks in Slack, a student's side: one message through its life, and what a trainer decides of it."""

from datetime import datetime
from typing import NoReturn

import pytest

from bot.attendance.checks.limits import WHILE_ASKING
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.values import Answer, AnswerState, Via
from bot.attendance.wanted import MessageKind
from bot.clock import stopwatch
from bot.messages import actions
from handlers.ticks import run_presence_checks, send_messages
from sandbox.slack.model import Message
from storage.messages import MessageState
from tests.builders import ADA, BOB, GRACE, NINE, at, joined
from tests.handlers.slack.conftest import KEYS, Desk
from tests.handlers.slack.school import LESSON

FOR_EVER = at(100_000)


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    """Grace, Ada and Bob have been in the lesson for twenty minutes, and the students are asked."""
    await desk.school.plan()
    await desk.school.hear(joined(GRACE, at=-1), joined(ADA, at=0), joined(BOB, at=0))
    desk.moment(20)
    await ask(desk)


async def no_report(check_id: str, *, now: datetime) -> NoReturn:
    raise CheckRefused(RefusalCode.GENERATE, "")


async def is_slack_well() -> bool:
    return True


async def go_on(desk: Desk, moment: float = 20) -> None:
    """The ticks run as they are due until it is so late: what is to be sent stands, and what is known is kept."""
    for _ in range(60):
        now = desk.clock.now()
        checks = await run_presence_checks.tick(
            desk.school.store, KEYS, now=now, make_report=no_report, is_slack_well=is_slack_well
        )
        messages = await send_messages.tick(desk.school.store, desk.slack, now=now)
        due = min(filter(None, (checks, messages)), default=FOR_EVER)
        if now >= at(moment) and due > now:
            return
        desk.clock.move_to(max(now, min(due, at(moment))))
    pytest.fail(f"stuck at {desk.clock.now()}: {checks}, {messages}")


async def ask(desk: Desk) -> None:
    """Grace asks once, and a few seconds later it is known whom the question reached."""
    await desk.types("grace", "check now")
    asked_at = desk.clock.now()
    await go_on(desk, (asked_at + WHILE_ASKING - NINE).total_seconds() / 60)


def value_of(message: Message) -> str:
    """What its first button carries."""
    return str(next(each["value"] for _, each in message.elements()))


def question(desk: Desk, who: str = "ada") -> Message:
    """The newest question that stands before them."""
    return [each for each in desk.person(who).inbox if "Presence check" not in each.text][-1]


def card(desk: Desk) -> Message:
    return [each for each in desk.person("grace").inbox if each.text.startswith("Presence check")][-1]


async def answer(desk: Desk, who: str = "ada", checkpoint_id: str | None = None) -> Answer:
    """Their answer to the newest question, or to this one."""
    logging = (await desk.school.facts()).logging
    assert logging is not None
    asked = checkpoint_id or max(logging.checkpoints.values(), key=lambda each: each.planned_at).id
    return logging.by_key[(asked, who)]


async def word(desk: Desk) -> str:
    logging = (await desk.school.facts()).logging
    assert logging is not None
    return logging.open_checkpoints[-1].word


def edited(desk: Desk) -> set[str]:
    """The messages that cost one of the few edits that Slack allows in a minute."""
    return {call.arguments["ts"] for call in desk.workspace.calls if call.method == "chat.update"}


# Asked


async def test_each_who_is_there_is_asked_in_a_message_of_their_own(desk: Desk) -> None:
    for who in ("ada", "bob"):
        assert [each.text for each in desk.person(who).inbox] == ["Are you there? Confirm by 09:25"]
    assert (await answer(desk)).asked_at == at(20)


async def test_the_trainer_has_one_card_with_the_count_the_word_and_that_none_may_be_missed(desk: Desk) -> None:
    shown = card(desk)
    assert shown.text == "Presence check · Python 101 · question 1 · open until 09:25 · 0 of 2 confirmed · 2 to go"
    assert await word(desk) in str(shown.blocks)
    assert "none may be missed" in str(shown.blocks)


# Confirmed


async def test_a_press_confirms_and_is_answered_in_the_message_that_was_pressed(desk: Desk) -> None:
    desk.moment(21)
    assert await desk.presses_in("ada", question(desk), actions.CHECK_CONFIRM) == ""
    assert question(desk).text == "Confirmed 09:21 ✓"
    assert [each for _, each in question(desk).elements()] == []
    assert len(desk.person("ada").inbox) == 1
    found = await answer(desk)
    assert (found.state, found.via, found.at) == (AnswerState.CONFIRMED, Via.BUTTON, desk.clock.now())


async def test_a_press_costs_no_edit(desk: Desk) -> None:
    await desk.presses_in("ada", question(desk), actions.CHECK_CONFIRM)
    await go_on(desk, 20.5)
    assert question(desk).ts not in edited(desk)
    assert card(desk).text.endswith("1 of 2 confirmed · 1 to go")


async def test_where_slack_does_not_take_the_answer_the_edit_follows(desk: Desk) -> None:
    desk.workspace.faults.server_error("response_url")
    await desk.presses_in("ada", question(desk), actions.CHECK_CONFIRM)
    await go_on(desk, 20.5)
    assert question(desk).text == "Confirmed 09:20 ✓"


async def test_a_press_is_on_the_screen_within_a_second_however_many_edits_wait(desk: Desk) -> None:
    desk.workspace.faults.slow("chat.update", 30)
    begun = stopwatch()
    await desk.presses_in("ada", question(desk), actions.CHECK_CONFIRM)
    assert question(desk).text.startswith("Confirmed")
    assert stopwatch() - begun < 1


async def test_a_second_press_changes_nothing(desk: Desk) -> None:
    stale = question(desk)
    await desk.presses_in("ada", stale, actions.CHECK_CONFIRM)
    before = await answer(desk)
    desk.moment(23)
    value = value_of(stale)
    assert before.at is not None
    stands = f"Confirmed <!date^{int(before.at.timestamp())}^{{time}}|09:20> ✓"
    assert await desk.presses_stale("ada", actions.CHECK_CONFIRM, value) == stands
    assert await answer(desk) == before


async def test_a_forwarded_button_acts_for_who_presses_it(desk: Desk) -> None:
    value = value_of(question(desk, "ada"))
    assert "Confirmed" in await desk.presses_stale("bob", actions.CHECK_CONFIRM, value)
    assert (await answer(desk, "bob")).state is AnswerState.CONFIRMED
    assert (await answer(desk, "ada")).state is AnswerState.AWAITED


@pytest.mark.parametrize("who", ["grace", "olga", "hedy"])
@pytest.mark.parametrize("action", [actions.CHECK_CONFIRM, actions.CHECK_WAS_THERE])
async def test_who_is_not_asked_cannot_answer(desk: Desk, who: str, action: str) -> None:
    value = value_of(question(desk))
    assert "You are not asked here" in await desk.presses_stale(who, action, value)


async def test_the_button_of_an_earlier_question_does_not_confirm_the_newer_one(desk: Desk) -> None:
    old = await answer(desk)
    await go_on(desk, 26)
    await ask(desk)
    value = f"{LESSON}||{old.checkpoint_id}"
    await desk.presses_stale("ada", actions.CHECK_CONFIRM, value)
    assert (await answer(desk, "ada", old.checkpoint_id)).state is AnswerState.LATE
    assert (await answer(desk)).state is AnswerState.AWAITED


# Missed, late, disputed


async def test_at_the_deadline_it_reads_missed_and_the_button_says_i_was_there(desk: Desk) -> None:
    await go_on(desk, 25.1)
    shown = question(desk)
    assert shown.text == "Missed: no answer by 09:25"
    assert [each["text"]["text"] for _, each in shown.elements()] == ["I was there"]
    assert (await answer(desk)).state is AnswerState.MISSED


async def test_i_was_there_within_twice_the_time_is_late_and_shown_at_once(desk: Desk) -> None:
    await go_on(desk, 25.1)
    await go_on(desk, 29)
    await desk.presses_in("ada", question(desk), actions.CHECK_WAS_THERE)
    assert question(desk).text == "Answered late, at 09:29"
    assert (await answer(desk)).state is AnswerState.LATE


async def test_a_button_that_still_says_confirm_after_the_deadline_is_i_was_there(desk: Desk) -> None:
    desk.moment(26)  # no tick has run since the deadline
    await desk.presses_in("ada", question(desk), actions.CHECK_CONFIRM)
    assert question(desk).text == "Answered late, at 09:26"


async def test_after_twice_the_time_it_is_an_objection_that_a_trainer_decides(desk: Desk) -> None:
    await go_on(desk, 25.1)
    await go_on(desk, 31)
    await desk.presses_in("ada", question(desk), actions.CHECK_WAS_THERE)
    assert question(desk).text == "You said at 09:31 that you were there"
    await go_on(desk, 31.2)
    assert "says so since" in str(card(desk).blocks)


# The word that is said aloud


async def test_who_types_the_word_has_confirmed_and_the_message_says_so(desk: Desk) -> None:
    told = await desk.types_presence("ada", f"confirm {(await word(desk)).upper()}!")
    assert told.startswith("Confirmed")
    await go_on(desk)
    assert question(desk).text == "Confirmed 09:20 ✓"
    assert "by the word" in str(question(desk).blocks)
    assert (await answer(desk)).via is Via.CODE


@pytest.mark.parametrize(
    ("typed", "told"),
    [("confirm", "Type the word"), ("confirm abracadabra", "That is not the word")],
)
async def test_a_word_that_is_missing_or_wrong_confirms_nothing(desk: Desk, typed: str, told: str) -> None:
    assert told in await desk.types_presence("ada", typed)
    assert (await answer(desk)).state is AnswerState.AWAITED


@pytest.mark.parametrize("who", ["grace", "hedy"])
async def test_the_word_is_nothing_to_who_is_not_asked(desk: Desk, who: str) -> None:
    assert await desk.types_presence(who, f"confirm {await word(desk)}") == "There is no open question for you."


async def test_the_word_is_good_until_the_deadline(desk: Desk) -> None:
    said = await word(desk)
    await go_on(desk, 25.1)
    told = await desk.types_presence("ada", f"confirm {said}")
    assert told == "The time to answer is over. If you were there, press *I was there* in the message."


# Whom the message did not reach


async def test_who_types_presence_sees_the_question_with_its_button(desk: Desk) -> None:
    assert await desk.types_presence("ada", "") == "Are you there? Confirm by 09:25"
    await desk.presses_in("ada", desk.shown("ada"), actions.CHECK_CONFIRM)
    assert (await answer(desk)).state is AnswerState.CONFIRMED
    await go_on(desk, 20.5)
    assert question(desk).text == "Confirmed 09:20 ✓"


@pytest.mark.parametrize("typed", ["", "status"])
async def test_who_was_never_asked_is_told_so(desk: Desk, typed: str) -> None:
    assert await desk.types_presence("hedy", typed) == "There is no open question for you."


async def test_whom_slack_did_not_reach_is_neither_missed_nor_posted_to_later(desk: Desk) -> None:
    await go_on(desk, 26)
    desk.workspace.faults.error("chat.postMessage", "user_not_found", times=None)
    await ask(desk)
    assert (await answer(desk)).state is AnswerState.UNDELIVERED
    desk.workspace.faults.clear()
    async with desk.school.store.read() as memory:
        row = await memory.messages.find((await answer(desk)).checkpoint_id, MessageKind.CHECK_QUESTION, "ada")
    assert row is not None
    assert row.state is MessageState.REJECTED


# What a trainer decides


async def test_a_late_answer_that_is_accepted_counts_and_the_student_reads_it(desk: Desk) -> None:
    await go_on(desk, 25.1)
    await go_on(desk, 27)
    await desk.presses_in("ada", question(desk), actions.CHECK_WAS_THERE)
    await go_on(desk, 27.2)
    (accept,) = [each for _, each in card(desk).elements() if each["text"]["text"] == "Accept Ada Lovelace"]
    told = await desk.presses_in("grace", card(desk), accept["action_id"])
    assert told == "The answer of Ada Lovelace counts now."
    await go_on(desk, 27.5)
    assert question(desk).text == "Accepted: you were there ✓"
    assert (await answer(desk)).state is AnswerState.CONFIRMED


async def test_a_missed_question_is_waived_with_a_reason_that_the_student_reads(desk: Desk) -> None:
    await go_on(desk, 25.1)
    await go_on(desk, 25.4)
    await desk.presses_in("grace", card(desk), actions.CHECK_WAIVE)
    own = await answer(desk)
    told = await desk.fills_in(
        "grace", {actions.CHECK_ANSWERED: f"{own.checkpoint_id} ada", actions.REASON: "her line was bad"}
    )
    assert told == "The question is waived for Ada Lovelace."
    await go_on(desk, 25.5)
    assert question(desk).text == "Waived by Grace Hopper"
    assert "her line was bad" in str(question(desk).blocks)


async def test_where_nobody_missed_anything_there_is_nothing_to_waive(desk: Desk) -> None:
    check_id = (await desk.school.facts()).logging.checks[-1].id  # type: ignore[union-attr]  # a check runs
    assert "nobody has missed" in await desk.presses("grace", actions.CHECK_WAIVE, detail=check_id)


@pytest.mark.parametrize("who", ["ada", "hedy"])
async def test_only_trainers_decide(desk: Desk, who: str) -> None:
    await go_on(desk, 25.1)
    own = await answer(desk)
    told = await desk.presses(who, actions.CHECK_ACCEPT, person="ada", detail=own.checkpoint_id)
    assert told == "Only a trainer of this course can do that."
    assert (await answer(desk)).state is AnswerState.MISSED


# Stopped while a question is open


async def test_what_is_awaited_when_it_is_stopped_does_not_count(desk: Desk) -> None:
    await desk.types("grace", "check stop")
    await go_on(desk)
    assert question(desk).text == "This question does not count"
    value = f"{LESSON}||{(await answer(desk)).checkpoint_id}"
    assert await desk.presses_stale("ada", actions.CHECK_CONFIRM, value) == "This question does not count."
