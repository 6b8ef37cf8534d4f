"""A workbook read back as somebody's spreadsheet program would."""

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook


def sheets(written: bytes) -> dict[str, list[list[Any]]]:
    """Title of each sheet → its rows of values; an empty cell is None, a date its text."""
    return {
        sheet.title: [[shown(cell.value) for cell in row] for row in sheet.iter_rows()]
        for sheet in load_workbook(BytesIO(written))
    }


def shown(value: Any) -> Any:
    """A date as its text: in a spreadsheet it has no zone."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


def rows_of(written: bytes, title: str) -> list[dict[str, Any]]:
    """The rows of one sheet, by the heads of its columns."""
    heads, *rows = sheets(written)[title]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def kinds(written: bytes) -> set[str]:
    """What the cells of all sheets are: `s` text, `n` number, `d` date, `f` formula."""
    return {
        cell.data_type
        for sheet in load_workbook(BytesIO(written))
        for row in sheet
        for cell in row
        if cell.value is not None
    }


def formulas(written: bytes) -> int:
    """How many formulas and links there are, in the file itself."""
    with ZipFile(BytesIO(written)) as file:
        parts = [file.read(name) for name in file.namelist() if name.startswith("xl/worksheets/")]
    return sum(part.count(b"<f>") + part.count(b"<f ") + part.count(b"<hyperlink") for part in parts)
