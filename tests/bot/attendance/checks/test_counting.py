"""The rule: how many questions have to be answered."""

from fractions import Fraction

import pytest

from bot.attendance.checks.counting import CheckCounts

THREE_QUARTERS = Fraction(75, 100)


@pytest.mark.parametrize(
    ("countable", "needed"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (8, 6), (9, 7), (12, 9)]
)
def test_three_quarters_are_needed_rounded_up_and_of_up_to_three_all(countable: int, needed: int):
    assert CheckCounts(asked=countable, missed=countable).needed(THREE_QUARTERS) == needed


def test_what_was_undelivered_disconnected_void_or_is_awaited_does_not_count():
    counts = CheckCounts(asked=9, confirmed=3, missed=1, undelivered=1, disconnected=1, void=2, awaited=1)
    assert counts.countable == 4
    assert not counts.is_failed(THREE_QUARTERS)


def test_a_waived_question_counts_as_answered():
    assert not CheckCounts(asked=2, confirmed=1, waived=1).is_failed(THREE_QUARTERS)


def test_a_late_answer_does_not_count_as_answered():
    assert CheckCounts(asked=2, confirmed=1, late=1).is_failed(THREE_QUARTERS)


def test_with_nothing_countable_nobody_fails():
    assert not CheckCounts(asked=2, void=1, undelivered=1).is_failed(THREE_QUARTERS)
    assert not CheckCounts().is_failed(Fraction(1))


def test_another_share_is_exact():
    assert CheckCounts(asked=3, confirmed=2, missed=1).is_failed(Fraction(67, 100))
    assert not CheckCounts(asked=3, confirmed=2, missed=1).is_failed(Fraction(2, 3))
