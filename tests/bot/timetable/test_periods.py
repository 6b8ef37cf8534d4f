"""Periods as people type them. Today is Saturday, 21 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.course_report import WHOLE_COURSE
from bot.timetable.periods import period_between, period_of

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "first", "end"),
    [
        ("today", "2026-11-21", "2026-11-22"),
        ("Yesterday", "2026-11-20", "2026-11-21"),
        ("this week", "2026-11-16", "2026-11-23"),
        ("last WEEK", "2026-11-09", "2026-11-16"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("last month", "2026-10-01", "2026-11-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("2026-11", "2026-11-01", "2026-12-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-11-23", "2026-11-23", "2026-11-24"),
        ("2026-11-02..2026-11-27", "2026-11-02", "2026-11-28"),
        ("2026-11-02–2026-11-27", "2026-11-02", "2026-11-28"),
        ("2026-11-02 2026-11-27", "2026-11-02", "2026-11-28"),
        ("2026-11-02 to 2026-11-27", "2026-11-02", "2026-11-28"),
        ("from 2026-11-02 to 2026-11-27", "2026-11-02", "2026-11-28"),
    ],
)
def test_a_period_in_words_and_its_last_day_is_meant_too(typed: str, first: str, end: str) -> None:
    found = period_of(typed.split(), today=TODAY)
    assert found is not None
    assert (str(found[0].first), str(found[0].end), found[1]) == (first, end, len(typed.split()))


@pytest.mark.parametrize("typed", ["all", "whole course", "the whole course", "everything"])
def test_the_whole_course_has_no_ends(typed: str) -> None:
    assert period_of(typed.split(), today=TODAY) == (WHOLE_COURSE, len(typed.split()))


def test_since_a_day_has_no_end() -> None:
    found = period_of(["since", "2026-11-02"], today=TODAY)
    assert found is not None
    assert (found[0].first, found[0].end) == (date(2026, 11, 2), None)


def test_what_stands_behind_the_period_is_left() -> None:
    found = period_of(["last", "week", "pdf"], today=TODAY)
    assert found is not None
    assert found[1] == 2


@pytest.mark.parametrize(
    "typed",
    ["", "pdf", "2026-13", "2026-02-30", "2026-11-27..2026-11-02", "last", "9999", "9999-12", "week", "python 101"],
)
def test_what_is_no_period_is_none(typed: str) -> None:
    assert period_of(typed.split(), today=TODAY) is None


@given(st.lists(st.text(max_size=12), max_size=5))
def test_nothing_that_is_typed_is_an_error(words: list[str]) -> None:
    found = period_of(words, today=TODAY)
    assert found is None or found[0].first is None or found[0].end is None or found[0].first < found[0].end


def test_between_two_days_there_has_to_be_one() -> None:
    assert period_between(TODAY, None).first == TODAY
    with pytest.raises(ValueError, match="no day from 2026-11-21 to before 2026-11-21"):
        period_between(TODAY, TODAY)
