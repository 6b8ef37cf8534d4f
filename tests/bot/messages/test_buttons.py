"""Buttons stand only while there is something to do, and carry what the door needs."""

from typing import Any

import pytest

from bot.attendance.wanted import MessageKind as Kind
from bot.messages import actions
from bot.messages.actions import ButtonValue, numbered
from bot.messages.message import Message
from tests.bot.messages.cases import CASES, Case
from tests.bot.messages.contents import (
    ABSENT_KAY,
    LATE_BOB,
    LESSON,
    a_board,
    a_card,
    a_coordinator,
    a_did_it_take_place,
    a_lost_you,
    a_reminder,
    a_row,
    a_summary,
    a_trainer_missing,
    about,
    candidate,
    clock,
    written,
)
from tests.bot.messages.test_limits import elements_of

ON_MY_WAY = {numbered(actions.ON_MY_WAY, minutes) for minutes in (5, 10, 15)}
TRAINER_ON_MY_WAY = {numbered(actions.TRAINER_ON_MY_WAY, minutes) for minutes in (5, 10, 15)}
BREAKS = {numbered(actions.BREAK, minutes) for minutes in (5, 10, 15)}


def offered(message: Message) -> set[str]:
    return {element["action_id"] for element in elements_of(message.blocks)}


def reminded(**changes: Any) -> set[str]:
    return offered(written(Kind.REMINDER_1, a_reminder(**changes)))


def test_a_missing_student_may_join_promise_or_say_why_not() -> None:
    assert reminded() == {actions.JOIN, actions.TECHNICAL_PROBLEM, actions.CANNOT_COME, *ON_MY_WAY}


def test_i_am_in_already_is_offered_only_while_somebody_unrecognised_is_in_the_room() -> None:
    assert actions.IN_ALREADY in reminded(can_say_in=True)
    assert actions.IN_ALREADY not in reminded(can_say_in=False)
    assert actions.IN_ALREADY not in reminded(can_say_in=True, said="in_already")


def test_who_promised_can_still_join_or_say_why_not_but_not_promise_again() -> None:
    promised = {"said": "on_my_way", "promised_at": clock(10)}
    assert reminded(**promised) == {actions.JOIN, actions.TECHNICAL_PROBLEM, actions.CANNOT_COME}


def test_when_the_promised_time_has_come_a_new_promise_is_offered() -> None:
    content = a_reminder(said="on_my_way", promised_at=clock(10))
    assert offered(written(Kind.PROMISE_OVER, content)) >= ON_MY_WAY


def test_who_cannot_come_can_still_join() -> None:
    assert reminded(said="cannot_come") == {actions.JOIN}


@pytest.mark.parametrize("stage", ["joined", "excused", "over", "cancelled"])
def test_who_is_no_longer_missing_has_no_buttons(stage: str) -> None:
    assert not reminded(stage=stage, joined_at=clock(7))


def test_after_the_lesson_one_may_say_that_was_me() -> None:
    assert reminded(stage="over", can_say_in=True) == {actions.THAT_WAS_ME}


def test_join_is_a_link_in_the_first_place_that_also_tells_us_that_it_was_pressed() -> None:
    [join, *_] = elements_of(written(Kind.REMINDER_1, a_reminder()).blocks)
    assert join["action_id"] == actions.JOIN
    assert join["url"] == about()["join_url"]
    assert join["style"] == "primary"
    assert ButtonValue.read(join["value"]) == ButtonValue(LESSON)


def test_a_promise_says_how_many_minutes() -> None:
    elements = elements_of(written(Kind.REMINDER_1, a_reminder()).blocks)
    minutes = [ButtonValue.read(each["value"]).detail for each in elements if each["action_id"] in ON_MY_WAY]
    assert minutes == ["5", "10", "15"]


def test_who_was_lost_may_come_back_or_say_why_not() -> None:
    def lost(**changes: Any) -> set[str]:
        return offered(written(Kind.LOST_YOU, a_lost_you(**changes)))

    assert lost() == {actions.JOIN, actions.TECHNICAL_PROBLEM, actions.CANNOT_COME}
    assert lost(said="cannot_come") == {actions.JOIN}
    assert not lost(stage="back", back_at=clock(35))


def test_a_missing_trainer_may_join_promise_be_in_already_cancel_or_name_another() -> None:
    ways = {actions.JOIN, actions.TRAINER_IN_ALREADY, actions.SOMEBODY_ELSE_TEACHES, actions.CANCEL_TODAY}
    assert offered(written(Kind.TRAINER_MISSING, a_trainer_missing())) == ways | TRAINER_ON_MY_WAY
    assert offered(written(Kind.TRAINER_MISSING, a_trainer_missing(promised_at=clock(10)))) == ways


def test_the_trainer_is_asked_which_of_the_unrecognised_they_are() -> None:
    nameless = candidate("", subject=" session-1 device-7", joined_at=clock(3))
    message = written(Kind.TRAINER_MISSING, a_trainer_missing(candidates=[candidate("Room 4"), nameless]))
    assert "Is who joined at <!date^" in str(message.blocks)
    elements = elements_of(message.blocks)
    asked = [each for each in elements if each["action_id"].startswith(actions.IS_THIS_YOU)]
    assert [each["text"]["text"] for each in asked] == ["Yes, “no name” is me", "Yes, “Room 4” is me"]
    assert [ButtonValue.read(each["value"]).detail for each in asked] == [" session-1 device-7", "Room 4"]


def test_cancelling_asks_first_because_everybody_is_told() -> None:
    elements = elements_of(written(Kind.COORDINATOR_TRAINER_MISSING, a_coordinator()).blocks)
    [cancel] = [each for each in elements if each["action_id"] == actions.CANCEL_TODAY]
    assert cancel["confirm"]["title"]["text"] == "Cancel this lesson?"


def test_the_board_offers_to_remind_only_while_somebody_is_missing() -> None:
    assert offered(written(Kind.BOARD, a_board())) == {actions.CHECK_START, actions.MARK, *BREAKS}
    missing = a_board(missing=["Bob Stone"])
    assert offered(written(Kind.BOARD, missing)) == {actions.CHECK_START, actions.MARK, actions.REMIND_MISSING, *BREAKS}


@pytest.mark.parametrize("state", ["open", "over", "cancelled"])
def test_a_board_of_a_lesson_that_does_not_run_has_no_buttons(state: str) -> None:
    assert not offered(written(Kind.BOARD, a_board(state=state)))


def test_the_card_of_a_lesson_that_is_over_has_no_buttons() -> None:
    assert offered(written(Kind.TRAINER_CARD, a_card())) == {actions.MARK}
    assert not offered(written(Kind.TRAINER_CARD, a_card(stage="over")))


def test_each_exception_of_a_summary_has_its_own_three_buttons() -> None:
    elements = elements_of(written(Kind.SUMMARY, a_summary(rows=[a_row(), LATE_BOB, ABSENT_KAY])).blocks)
    told = [(each["action_id"], ButtonValue.read(each["value"]).person) for each in elements]
    assert told == [
        ("summary.accept.0", "bob-stone"),
        ("summary.excuse.0", "bob-stone"),
        ("summary.why.0", "bob-stone"),
        ("summary.accept.1", "kay-mcnulty"),
        ("summary.excuse.1", "kay-mcnulty"),
        ("summary.why.1", "kay-mcnulty"),
        ("summary.lock", ""),
    ]


def test_an_exception_that_somebody_settled_has_none() -> None:
    settled = {**LATE_BOB, "is_settled": True}
    assert offered(written(Kind.SUMMARY, a_summary(rows=[settled]))) == {actions.LOCK}


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({"state": "provisional"}, True),
        ({"state": "reconciled"}, True),
        ({"state": "locked"}, False),
        ({"state": "live"}, False),
        ({"confirmation": "unconfirmed"}, False),
    ],
)
def test_what_is_settled_can_be_locked_once(changes: dict[str, str], is_offered: bool) -> None:
    assert (actions.LOCK in offered(written(Kind.SUMMARY, a_summary(**changes)))) is is_offered


def test_a_course_that_shows_counts_has_neither_names_nor_buttons() -> None:
    message = written(Kind.SUMMARY, a_summary(shows_names=False))
    assert not offered(message)
    assert "Bob" not in str(message)


def test_once_it_is_answered_whether_it_took_place_nobody_is_asked_again() -> None:
    assert len(offered(written(Kind.DID_IT_TAKE_PLACE, a_did_it_take_place()))) == 4
    answered = a_did_it_take_place(answer="not_held", answered_by="Grace Hopper")
    assert not offered(written(Kind.DID_IT_TAKE_PLACE, answered))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_button_is_one_that_a_listener_can_be_registered_for(case: Case) -> None:
    known = [value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str)]
    for action in offered(written(case.kind, case.content, **case.options or {})):
        assert any(actions.pattern(each).match(action) for each in known)
