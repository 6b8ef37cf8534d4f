"""Which students a summary shows one by one, and what it says of each."""

from typing import Any

import pytest

from bot.messages.exceptions import exception_line, is_exception
from bot.messages.formatting import Writer
from tests.bot.messages.contents import LATE_BOB, ROME, a_row, clock

PLAIN = Writer(ROME, is_plain=True)


@pytest.mark.parametrize(
    "row",
    [
        a_row(verdict="absent"),
        a_row(verdict="partial"),
        a_row(flags=["late"]),
        a_row(flags=["left_early"]),
        a_row(flags=["dropped"]),
        a_row(flags=["waited"]),
        a_row(flags=["check_failed"]),
        a_row(asked_excuse=True),
        a_row(is_settled=True),
    ],
)
def test_who_may_need_a_decision_is_shown(row: Any) -> None:
    assert is_exception(row)


@pytest.mark.parametrize(
    "row",
    [
        a_row(),
        a_row(flags=["bridged", "assumed", "weak_identity", "corrected"]),
        a_row(verdict="excused"),
        a_row(verdict="pending"),
        a_row(verdict="no_data"),
        a_row(verdict="not_held"),
    ],
)
def test_who_needs_none_is_only_in_the_table(row: Any) -> None:
    assert not is_exception(row)


def test_a_line_says_the_verdict_what_was_unusual_and_the_percentage() -> None:
    assert exception_line(PLAIN, LATE_BOB) == "Bob Stone: attended, 7 min late, 94.9 %"


def test_who_was_never_there_has_no_percentage() -> None:
    assert exception_line(PLAIN, a_row(verdict="absent", attended_seconds=0, permille=0)) == "Ada Lovelace: absent"


def test_an_open_request_is_shown_and_a_settled_one_is_not() -> None:
    assert exception_line(PLAIN, a_row(asked_excuse=True)).endswith("asked to be excused")
    assert "asked" not in exception_line(PLAIN, a_row(asked_excuse=True, is_settled=True))


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"verdict": "excused"}, "Excused by Grace Hopper, 18:31"),
        ({"flags": ["corrected"]}, "Corrected by Grace Hopper, 18:31"),
        ({"verdict": "absent"}, "Accepted by Grace Hopper, 18:31"),
        ({"settled_by": ""}, "Settled."),
    ],
)
def test_a_settled_one_says_who_did_it_and_when(changes: dict[str, Any], end: str) -> None:
    settled = {"is_settled": True, "settled_by": "Grace Hopper", "settled_at": clock(31)}
    assert exception_line(PLAIN, a_row(**{**settled, **changes})).endswith(end)
