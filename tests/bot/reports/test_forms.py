"""Days, times, lengths and numbers in documents, as each language writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.reports.forms import Forms
from tests.builders import NINE

NIGHT = datetime(2026, 10, 24, 23, tzinfo=UTC)
ENGLISH, GERMAN = Forms("en", "Europe/Rome"), Forms("de-AT", "Europe/Rome")


def test_days_are_written_as_the_language_has_them() -> None:
    assert (ENGLISH.day(NINE), GERMAN.day(NINE)) == ("2026-03-02", "02.03.2026")


def test_times_are_those_of_the_place() -> None:
    assert (ENGLISH.clock(NINE), ENGLISH.moment(NINE)) == ("10:00", "2026-03-02 10:00")
    assert (ENGLISH.clock(None), ENGLISH.moment(None)) == ("—", "—")


@pytest.mark.parametrize(
    ("hours", "span"),
    [(1, "2026-03-02 10:00–11:00"), (20, "2026-03-02 10:00–2026-03-03 06:00")],
)
def test_a_span_names_its_second_day_only_if_it_is_another_one(hours: int, span: str) -> None:
    assert ENGLISH.span(NINE, NINE + timedelta(hours=hours)) == span


def test_the_zone_stands_with_its_offset_and_with_both_where_the_clocks_change() -> None:
    assert ENGLISH.zone_line(NINE, NINE) == "Europe/Rome (UTC+01:00)"
    assert ENGLISH.zone_line(NIGHT, NIGHT + timedelta(hours=4)) == "Europe/Rome (UTC+02:00, UTC+01:00)"


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    forms = Forms("en", "Europe/Rome", moments=(NIGHT, NIGHT + timedelta(hours=4)))
    twice = [forms.clock(NIGHT + timedelta(minutes=minutes)) for minutes in (90, 150)]
    assert twice == ["02:30+02:00", "02:30+01:00"]


@pytest.mark.parametrize(
    ("permille", "english", "german"), [(949, "94.9 %", "94,9 %"), (1000, "100.0 %", "100,0 %"), (None, "—", "—")]
)
def test_percentages_have_one_decimal(permille: int | None, english: str, german: str) -> None:
    assert (ENGLISH.percent(permille), GERMAN.percent(permille)) == (english, german)


@pytest.mark.parametrize(
    ("seconds", "english", "german"), [(59, "0", "0"), (3_599, "59", "59"), (72_000, "1,200", "1.200")]
)
def test_minutes_are_whole_and_rounded_down(seconds: int, english: str, german: str) -> None:
    assert (ENGLISH.minutes(seconds), GERMAN.minutes(seconds)) == (english, german)


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (59, "0 min", "0 Min."),
        (2_700, "45 min", "45 Min."),
        (7_200, "2 h", "2 Std."),
        (10_679, "2 h 57 min", "2 Std. 57 Min."),
    ],
)
def test_lengths_are_hours_and_minutes(seconds: int, english: str, german: str) -> None:
    assert (ENGLISH.length(seconds), GERMAN.length(seconds)) == (english, german)
