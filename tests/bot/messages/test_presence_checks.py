"""Presence checks: the student's one message through its life, and the trainer's card."""

import pytest

from bot.attendance.wanted import MessageKind as Kind
from bot.messages import actions
from bot.messages.actions import ButtonValue
from bot.messages.check_card import MOST_LATE
from bot.messages.message import Message
from tests.bot.messages.contents import (
    CHECKPOINT,
    LESSON,
    Content,
    a_check_card,
    a_question_to_ada,
    answered_late,
    clock,
    written,
)
from tests.bot.messages.test_limits import elements_of


def question(**changes: object) -> Message:
    return written(Kind.CHECK_QUESTION, a_question_to_ada(**changes), sent_at=clock(60))


def card(**changes: object) -> Message:
    return written(Kind.CHECK_CARD, a_check_card(**changes))


def offered(message: Message) -> list[str]:
    return [element["action_id"] for element in elements_of(message.blocks)]


def test_the_deadline_is_counted_from_the_delivery_of_this_very_message() -> None:
    content: Content = a_question_to_ada(window_seconds=180)
    assert written(Kind.CHECK_QUESTION, content, sent_at=clock(60)).first_line == "Are you there? Confirm by 19:03"
    assert written(Kind.CHECK_QUESTION, content, sent_at=clock(62)).first_line == "Are you there? Confirm by 19:05"


def test_a_deadline_that_was_put_off_is_the_one_that_is_read() -> None:
    assert question(deadline=clock(72)).first_line == "Are you there? Confirm by 19:12"


def test_what_is_asked_has_one_button_which_names_its_question() -> None:
    (button,) = elements_of(question().blocks)
    assert (button["action_id"], button["text"]["text"]) == (actions.CHECK_CONFIRM, "Confirm")
    assert ButtonValue.read(button["value"]) == ButtonValue(LESSON, detail=CHECKPOINT)


def test_at_its_deadline_the_button_becomes_i_was_there() -> None:
    (button,) = elements_of(question(stage="missed", deadline=clock(65)).blocks)
    assert (button["action_id"], button["text"]["text"]) == (actions.CHECK_WAS_THERE, "I was there")
    assert ButtonValue.read(button["value"]) == ButtonValue(LESSON, detail=CHECKPOINT)


@pytest.mark.parametrize("stage", ["confirmed", "late", "disputed", "accepted", "waived", "disconnected", "void"])
def test_what_is_answered_or_settled_has_no_button(stage: str) -> None:
    assert offered(question(stage=stage, at=clock(61))) == []


def test_the_trainer_reads_the_word_to_say_aloud_only_while_a_question_is_open() -> None:
    assert "`/presence confirm heron`" in str(card().blocks)
    assert "heron" not in str(card(stage="between", open_now=None).blocks)


def test_the_card_says_when_none_may_be_missed() -> None:
    assert "none may be missed" in str(card(none_may_be_missed=True).blocks)
    assert "none may be missed" not in str(card().blocks)


def test_a_question_that_could_not_be_asked_in_time_is_news() -> None:
    assert "could not be asked in time" in str(card(cancelled=1).blocks)


@pytest.mark.parametrize(
    ("stage", "buttons"),
    [
        ("waiting", [actions.CHECK_STOP]),
        ("preparing", [actions.CHECK_NOW, actions.CHECK_STOP]),
        ("nothing_left", [actions.CHECK_NOW, actions.CHECK_STOP]),
        ("asking", [actions.CHECK_STOP]),
        ("between", [actions.CHECK_NOW, actions.CHECK_STOP]),
        ("over", []),
        ("cancelled", []),
    ],
)
def test_the_card_offers_what_can_be_done_now(stage: str, buttons: list[str]) -> None:
    assert offered(card(stage=stage)) == buttons


def test_a_single_question_can_be_stopped_while_it_is_open() -> None:
    assert offered(card(is_series=False)) == [actions.CHECK_STOP]
    assert offered(card(is_series=False, stage="over", open_now=None)) == []


def test_a_single_question_says_once_who_missed_it_and_not_that_it_was_stopped() -> None:
    over = {"stage": "over", "open_now": None, "ended": "stopped_manually", "failed": ["Bob Stone"]}
    assert "Missed too many" not in str(card(is_series=False, **over).blocks)
    assert "stopped" not in str(card(is_series=False, **over).blocks)
    assert "Missed too many*: Bob Stone" in str(card(**over).blocks)
    assert "It was stopped." in str(card(**over).blocks)


def test_stopping_asks_first_because_open_answers_are_lost() -> None:
    (stop,) = elements_of(card().blocks)
    assert stop["confirm"]["title"]["text"] == "Stop the presence check?"


def test_each_who_was_late_can_be_accepted_with_one_tap_and_what_is_missed_waived() -> None:
    late = [answered_late("Bob Stone"), answered_late("Ada Lovelace", is_dispute=True)]
    first, second, waive = elements_of(card(stage="over", open_now=None, late=late, can_waive=True).blocks)
    assert [first["text"]["text"], second["text"]["text"]] == ["Accept Ada Lovelace", "Accept Bob Stone"]
    assert ButtonValue.read(first["value"]) == ButtonValue(LESSON, "p-ada", CHECKPOINT)
    assert ButtonValue.read(waive["value"]) == ButtonValue(LESSON, detail="0b9f2a")


def test_of_a_crowd_that_was_late_the_first_can_be_accepted_and_the_rest_is_counted() -> None:
    message = card(late=[answered_late(f"Student {n:03}") for n in range(100)], more_late=5)
    assert len([each for each in offered(message) if each.startswith(actions.CHECK_ACCEPT)]) == MOST_LATE
    assert "and 93 more" in str(message.blocks)
