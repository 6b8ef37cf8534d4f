"""Every kind of message is accepted by Slack with 0, 1, 40 and 500 students, whatever they are called."""

import time
from typing import Any

import pytest

from bot.attendance.sheet import QuestionKind
from bot.attendance.wanted import MessageKind as Kind
from bot.messages.message import LONGEST_TEXT, MOST_BLOCKS, MOST_CHARACTERS, Block, Message, size
from tests.bot.messages.cases import CASES, Case
from tests.bot.messages.contents import (
    NOTICE,
    Content,
    a_board,
    a_card,
    a_question,
    a_reminder,
    a_row,
    a_summary,
    written,
)
from tests.bot.messages.crowds import everything_about


def texts_of(value: Any) -> list[str]:
    """Every mrkdwn text in it."""
    if isinstance(value, list):
        return [text for each in value for text in texts_of(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" else []
    return own + [text for each in value.values() for text in texts_of(each)]


def elements_of(blocks: list[Block]) -> list[Block]:
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def check_limits(message: Message) -> None:
    assert len(message.blocks) <= MOST_BLOCKS
    assert size(message.blocks) <= MOST_CHARACTERS
    assert 0 < len(message.text) <= LONGEST_TEXT
    for block in message.blocks:
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3000
        if block["type"] == "actions":
            assert 0 < len(block["elements"]) <= 25
        if block["type"] == "data_table":
            assert 2 <= len(block["rows"]) <= 101
            assert sum(len(cell["text"]) for row in block["rows"] for cell in row) <= 20_000
    for element in elements_of(message.blocks):
        assert 0 < len(element["text"]["text"]) <= 75
        assert len(element.get("value", "")) <= 2000
        assert len(element.get("accessibility_label", "")) <= 75
    identities = [element["action_id"] for element in elements_of(message.blocks)]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("n", [0, 1, 40, 500])
def test_it_fits_with_so_many_students(kind: Kind, n: int) -> None:
    for content in everything_about(n)[kind]:
        check_limits(written(kind, content))


@pytest.mark.parametrize("n", [0, 1, 40, 500])
def test_a_summary_fits_without_the_table_too(n: int) -> None:
    for content in everything_about(n)[Kind.SUMMARY]:
        message = written(Kind.SUMMARY, content, plain=True)
        check_limits(message)
        assert "data_table" not in {block["type"] for block in message.blocks}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_case_is_within_the_limits(case: Case) -> None:
    check_limits(written(case.kind, case.content, **case.options or {}))


@pytest.mark.parametrize("kind", Kind)
def test_no_name_becomes_a_mention_or_markup(kind: Kind) -> None:
    for content in everything_about(40)[kind]:
        message = written(kind, content)
        for text in [*texts_of(message.blocks), message.text]:
            assert "<!channel" not in text
            assert "<@" not in text
            assert "*bold*" not in text
            assert ":tada:" not in text


def test_who_is_not_shown_is_counted_in_words() -> None:
    message = written(Kind.BOARD, a_board(here=[f"Student {n:03}" for n in range(500)], expected=500))
    shown = next(text for text in texts_of(message.blocks) if text.startswith("*Here*"))
    left = 500 - shown.count("Student")
    assert shown.endswith(f"and {left} more")
    assert left > 0


def test_a_table_of_five_hundred_says_how_many_are_not_in_it() -> None:
    rows = [a_row(f"Student {n:03}") for n in range(500)]
    message = written(Kind.SUMMARY, a_summary(rows=rows))
    table = next(block for block in message.blocks if block["type"] == "data_table")
    assert len(table["rows"]) == 101
    assert "and 400 more students" in texts_of(message.blocks)


def test_exceptions_without_room_for_buttons_are_still_named() -> None:
    rows = [a_row(f"Student {n:02}", verdict="absent") for n in range(15)]
    message = written(Kind.SUMMARY, a_summary(rows=rows))
    texts = "\n".join(texts_of(message.blocks))
    assert all(f"Student {n:02}" in texts for n in range(15))
    assert "Settle these with `/rollcall mark`" in texts


def test_questions_without_room_are_counted() -> None:
    questions = [a_question(QuestionKind.WEAK_IDENTITY, subject=str(n), name=f"Student {n:02}") for n in range(20)]
    texts = texts_of(written(Kind.TRAINER_CARD, a_card(questions=questions)).blocks)
    asked = sum("recognised by the name alone" in text for text in texts)
    assert 0 < asked < 20
    assert f"{20 - asked} more questions follow as these are answered." in texts


def test_lists_are_sorted_by_name() -> None:
    message = written(Kind.BOARD, a_board(here=["bob", "Zoe", "Ada"]))
    assert "*Here*: Ada, bob, Zoe" in texts_of(message.blocks)


@pytest.mark.alone
def test_a_reminder_is_written_in_less_than_a_third_of_a_millisecond() -> None:
    content = a_reminder(can_say_in=True, notice=NOTICE)
    quickest = min(_seconds(content) for _ in range(200))  # the quickest: others share the machine
    assert quickest < 0.0003


def _seconds(content: Content) -> float:
    begun = time.perf_counter()
    written(Kind.REMINDER_1, content)
    return time.perf_counter() - begun
