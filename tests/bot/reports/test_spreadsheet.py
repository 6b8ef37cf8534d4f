"""Workbooks: text stays text, moments say their offset, and equal tables give equal bytes."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.reports.spreadsheet import WIDEST, Book, Column, Kind, Table, workbook
from tests.bot.reports.books import formulas, kinds, sheets, shown

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "http://example.com",
    "1e5",
    "{=1}",
    "",
]


def a_book(*rows: list[Any], columns: list[Column] | None = None, **changes: Any) -> Book:
    heads = columns or [Column(f"Column {place}") for place in range(len(rows[0]))]
    table = Table(title="Table", columns=heads, rows=rows)
    return Book(**{"title": "A book", "tables": [table], "made_at": NOON, "zone": "Europe/Rome", **changes})


def of_one(cell: Any, kind: Kind = Kind.TEXT) -> Any:
    """The one cell as it is read back."""
    written = workbook(a_book([cell], columns=[Column("Head", kind)]))
    return load_workbook(BytesIO(written)).active["A2"]  # type: ignore[index]  # there is an active sheet


@pytest.mark.parametrize("text", RISKY)
def test_text_is_text_whatever_it_begins_with(text: str) -> None:
    written = workbook(a_book([text, text]))
    assert kinds(written) == {"s"}
    assert formulas(written) == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_what_looks_like_a_formula_stays_text_when_somebody_edits_it(text: str) -> None:
    cell = of_one(text)
    assert (cell.value, cell.number_format, cell.quotePrefix) == (text, "@", True)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60))
def test_any_text_is_one_cell_of_text(text: str) -> None:
    cell = of_one(text)
    assert cell.data_type == "s" if cell.value is not None else not text.strip() or not text.isprintable()


@pytest.mark.parametrize("name", ["李雷", "محمد", "Zoë 😀", "N" * 80, "<b>bold</b> & “quoted”", "_x0041_"])
def test_names_are_read_back_as_they_are(name: str) -> None:
    assert of_one(name).value == name


def test_a_moment_is_a_date_of_the_zone_that_shows_its_offset() -> None:
    winter, summer = of_one(NOON, Kind.MOMENT), of_one(NOON.replace(month=7), Kind.MOMENT)
    assert (shown(winter.value), winter.number_format) == ("2026-11-23 13:00:00", 'yyyy-mm-dd hh:mm:ss "+01:00"')
    assert (shown(summer.value), summer.number_format) == ("2026-07-23 14:00:00", 'yyyy-mm-dd hh:mm:ss "+02:00"')


def test_in_the_night_in_which_an_hour_comes_twice_the_offsets_tell_them_apart() -> None:
    first, second = (of_one(datetime(2026, 10, 25, hour, 30, tzinfo=UTC), Kind.MOMENT) for hour in (0, 1))
    assert shown(first.value) == shown(second.value) == "2026-10-25 02:30:00"
    assert (first.number_format[-8:-1], second.number_format[-8:-1]) == ('"+02:00', '"+01:00')


def test_numbers_are_numbers() -> None:
    assert (of_one(949, Kind.PERCENT).value, of_one(949, Kind.PERCENT).number_format) == (94.9, "0.0")
    assert (of_one(0, Kind.NUMBER).value, of_one(0, Kind.NUMBER).data_type) == (0, "n")


def test_what_there_is_not_is_an_empty_cell() -> None:
    assert sheets(workbook(a_book([None, "", "x"])))["Table"][1] == [None, None, "x"]


def test_a_table_without_rows_has_its_heads() -> None:
    table = Table(title="Nobody", columns=[Column("Person"), Column("%", Kind.PERCENT)], rows=[])
    assert sheets(workbook(a_book(["x"], tables=[table]))) == {"Nobody": [["Person", "%"]]}


def test_the_head_stays_in_sight_and_columns_are_as_wide_as_what_they_hold() -> None:
    written = workbook(a_book(["A name of some letters", "N" * 90, "1"]))
    sheet = load_workbook(BytesIO(written)).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert [round(sheet.column_dimensions[letter].width) for letter in "ABC"] == [25, WIDEST + 1, 11]


def test_the_same_book_gives_the_same_bytes_and_another_moment_others() -> None:
    assert workbook(a_book(["x"])) == workbook(a_book(["x"]))
    assert workbook(a_book(["x"])) != workbook(a_book(["x"], made_at=NOON.replace(day=24)))
