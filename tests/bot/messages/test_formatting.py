"""Names are never markup, times are in the reader's zone, lengths and percentages are rounded down."""

import pytest

from bot.messages.formatting import (
    Writer,
    by_name,
    clock_date,
    clock_time,
    cut,
    escape,
    fitting,
    plain_date,
    plain_time,
    sorted_by_name,
    zone_of,
)
from bot.messages.message import Reader
from tests.bot.messages.contents import SIX, choice

READER = Reader("en", "Europe/Rome")
write = Writer(READER)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0ADA>", "&lt;@U0ADA&gt;"),
        ("R&D", "R&amp;D"),
        ("*Ada*", "∗Ada∗"),
        ("~Ada~ `x`", "∼Ada∼ ˋxˋ"),
        ("_Ada_", "ˍAdaˍ"),
        ("ada_l", "ada_l"),
        ("ada__l", "adaˍˍl"),
        (":tada: Ada", "∶tada: Ada"),
        ("10:30", "10:30"),
        ("two\nlines\x00", "two lines"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("", ""),
    ],
)
def test_a_name_from_outside_is_never_markup_a_mention_or_an_emoji(name: str, shown: str) -> None:
    assert escape(name) == shown


def test_a_name_written_from_right_to_left_does_not_turn_round_its_neighbours() -> None:
    assert escape("אדה") == "\u2068אדה\u2069"


def test_a_long_name_is_cut_before_it_is_escaped() -> None:
    assert escape("&" * 100) == "&amp;" * 79 + "…"
    assert cut("x" * 80) == "x" * 80
    assert cut("x" * 81) == "x" * 79 + "…"


def test_a_time_in_a_block_is_shown_in_each_readers_own_zone() -> None:
    assert clock_time(SIX, "Europe/Rome") == f"<!date^{SIX}^{{time}}|18:00>"
    assert clock_date(SIX, "Europe/Rome") == f"<!date^{SIX}^{{date_short}}, {{time}}|2026-03-02 18:00>"
    assert write.time(SIX) == clock_time(SIX, "Europe/Rome")
    assert write.date(SIX) == clock_date(SIX, "Europe/Rome")


def test_a_time_in_plain_text_is_in_the_readers_zone() -> None:
    plain = Writer(READER, is_plain=True)
    assert plain.time(SIX) == plain_time(SIX, "Europe/Rome") == "18:00"
    assert plain.date(SIX) == plain_date(SIX, "Europe/Rome") == "2026-03-02 18:00"
    assert plain_time(SIX, "America/New_York") == "12:00"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "\x00"])
def test_a_zone_that_is_none_reads_as_utc(name: str) -> None:
    assert plain_time(SIX, name) == "17:00"
    assert str(zone_of(name)) == "UTC"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "0 min"),
        (0, "0 min"),
        (1, "1 s"),
        (59, "59 s"),
        (60, "1 min"),
        (479, "7 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3660, "1 h 01"),
        (10_620, "2 h 57"),
        (360_000, "100 h"),
    ],
)
def test_a_length_is_rounded_down_to_what_is_shown(seconds: int, shown: str) -> None:
    assert Writer(READER, is_plain=True).length(seconds) == shown


def test_hours_and_minutes_stay_on_one_line() -> None:
    assert write.length(10_620) == "2\u00a0h\u00a057"


@pytest.mark.parametrize(("permille", "shown"), [(949, "94.9 %"), (1000, "100.0 %"), (0, "0.0 %"), (None, "–")])
def test_a_percentage_has_one_decimal_and_a_dash_where_there_is_nothing_to_divide_by(
    permille: int | None, shown: str
) -> None:
    assert write.percent(permille) == shown


def test_lists_are_sorted_by_name_whatever_the_case() -> None:
    assert by_name(["bob", "Zoe", "Ada", "ada"]) == ["Ada", "ada", "bob", "Zoe"]
    assert sorted_by_name([choice("bob"), choice("Ada")]) == [choice("Ada"), choice("bob")]


def test_what_does_not_fit_is_counted_in_words() -> None:
    names = [f"Student {n:03}" for n in range(400)]
    assert write.names(names, room=29) == "Student 000, Student 001 and 398 more"
    assert write.names(["Bob", "Ada"]) == "Ada, Bob"
    assert write.names([]) == ""


def test_at_least_one_name_is_shown() -> None:
    assert write.names(["Ada Lovelace", "Bob"], room=3) == "Ada Lovelace and 1 more"
    assert fitting([], room=3) == 0
