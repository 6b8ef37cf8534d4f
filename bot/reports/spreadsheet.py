"""Tables as a workbook for spreadsheets. What is text stays text: no cell computes, links or becomes a number.

Equal tables give equal bytes: nothing of the moment or the machine that wrote them is in the file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.reports.harmless import is_risky
from bot.text import clean_text, width_of

#: What fits in a cell is far more; a text of ours that is longer is no name.
LONGEST_TEXT: Final = 1_000
#: Columns are as wide as their longest text, within this, in letters.
NARROWEST, WIDEST = 6, 48
#: Rows that are looked at for the width of a column.
MEASURED: Final = 300
#: From here spreadsheets count days: so 1 March 1900 comes out right, in spite of the 29 February that they believe in.
_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  a time without a zone is what spreadsheets have
_DAY: Final = timedelta(days=1)


class Kind(Enum):
    """What the cells of a column hold."""

    TEXT = auto()
    NUMBER = auto()  # whole
    PERCENT = auto()  # tenths of a percent, shown as 94.9
    HUNDREDTHS = auto()  # shown as 4.79
    MOMENT = auto()  # a date that can be computed with, shown with its offset from UTC


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands above it, and what is in it."""

    head: str
    kind: Kind = Kind.TEXT


Cell = str | int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet of a workbook. Rows have a cell for each column; None is empty."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook with what stands in its properties and at the foot of its pages."""

    title: str
    tables: Sequence[Table]
    #: stands in the file as its date
    made_at: datetime
    #: IANA; moments are shown as they are there
    zone: str
    #: printed on every page; of letters, digits and spaces
    foot: str = ""


def workbook(book: Book) -> bytes:
    """The workbook as an XLSX file."""
    written = BytesIO()
    made = Workbook(written, {"in_memory": True})
    made.set_properties(
        {"title": clean_text(book.title), "author": "Rollcall", "created": book.made_at.astimezone(UTC)}
    )
    formats = _Formats(made, ZoneInfo(book.zone))
    for table in book.tables:
        sheet = made.add_worksheet(table.title)
        _write(sheet, table, formats)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{book.foot}&R&P / &N")
    made.close()
    return written.getvalue()


class _Formats:
    """The few formats that cells have; moments have one for each offset that occurs."""

    def __init__(self, book: Workbook, zone: ZoneInfo) -> None:
        self._book = book
        self._zone = zone
        self._moments: dict[timedelta | None, Format] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._texts: dict[str, tuple[str, Format]] = {}
        # Text also when somebody edits the cell.
        self._text = book.add_format({"num_format": "@", "valign": "top"})
        self._risky = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
        self.number = book.add_format({"num_format": "0", "valign": "top"})
        self.hundredths = book.add_format({"num_format": "0.00", "valign": "top"})
        self.percent = book.add_format({"num_format": "0.0", "valign": "top"})

    def text(self, text: str) -> tuple[str, Format]:
        """The text cleaned, and its format; names stand in many rows."""
        if text not in self._texts:
            clean = clean_text(text, longest=LONGEST_TEXT)
            self._texts[text] = (clean, self._risky if is_risky(clean) else self._text)
        return self._texts[text]

    def moment(self, at: datetime) -> tuple[float, Format]:
        """The time there in days, as spreadsheets count it, and the format that says its offset from UTC."""
        local = at.astimezone(self._zone)
        offset = local.utcoffset()
        if offset not in self._moments:
            shown = f'yyyy-mm-dd hh:mm:ss "{local.isoformat()[-6:]}"'
            self._moments[offset] = self._book.add_format({"num_format": shown, "valign": "top", "align": "left"})
        return (local.replace(tzinfo=None) - _DAY_ZERO) / _DAY, self._moments[offset]


def _write(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    widths = [width_of(column.head) for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.head, formats.head)
    number = 0
    for number, row in enumerate(table.rows, start=1):
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if cell is None or cell == "":
                continue
            _write_cell(sheet, number, place, column.kind, cell, formats)
            if number <= MEASURED:
                widths[place] = max(widths[place], _width(column.kind, cell))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 2, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if number:
        sheet.autofilter(0, 0, number, len(table.columns) - 1)


def _write_cell(sheet: Worksheet, row: int, place: int, kind: Kind, cell: Any, formats: _Formats) -> None:
    if kind is Kind.TEXT:
        sheet.write_string(row, place, *formats.text(cell))
    elif kind is Kind.MOMENT:
        sheet.write_number(row, place, *formats.moment(cell))
    elif kind is Kind.HUNDREDTHS:
        sheet.write_number(row, place, cell / 100, formats.hundredths)
    elif kind is Kind.PERCENT:
        sheet.write_number(row, place, cell / 10, formats.percent)
    else:
        sheet.write_number(row, place, cell, formats.number)


def _width(kind: Kind, cell: Any) -> int:
    """How many letters it takes."""
    if kind is Kind.MOMENT:
        return len("2026-11-23 18:00:00 +01:00")
    return width_of(cell) if kind is Kind.TEXT else len(str(cell)) + 1
