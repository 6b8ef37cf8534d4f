"""A roster.csv: a header row in any order, then one person a row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.timetable.fields import nearest
from bot.timetable.nodes import Mapping, Scalar
from bot.timetable.problems import Place, Problems, quoted


def roster_rows(text: str, place: Place, problems: Problems, *, columns: Sequence[str]) -> Iterator[Mapping]:
    """Each row as a mapping of its columns, with the line of the roster; `place` is the roster's first line.

    Rows that do not fit the header are reported and left out; so is everything where the header is wrong.
    """
    rows = _rows(text, place, problems)
    line, cells = next(rows, (1, []))
    header = [cell.strip().lower() for cell in cells]
    if not _is_header(header, replace(place, line=line), problems, columns):
        return
    for line, cells in rows:
        if len(cells) > len(header):
            message = f"has {len(cells)} values for {len(header)} columns: put a value that holds a comma in quotes"
            problems.add(replace(place, line=line), message)
            continue
        named = zip(header, cells, strict=False)
        entries = tuple((Scalar(column, line, place.file), Scalar(cell, line, place.file)) for column, cell in named)
        yield Mapping(entries, line, place.file)


def _rows(text: str, place: Place, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each row that is not empty."""
    # Spreadsheets of half of Europe separate by semicolons, and many put a byte order mark first.
    text = text.removeprefix("\ufeff")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(replace(place, line=line), f"this is no CSV ({error}): is a quote missing?")


def _is_header(header: Sequence[str], place: Place, problems: Problems, columns: Sequence[str]) -> bool:
    unknown = [column for column in header if column not in columns]
    for column in unknown:
        problems.add(place, f"{quoted(column)} is no column of a roster{nearest(column, list(columns))}")
    twice = sorted({column for column in header if header.count(column) > 1 and column not in unknown})
    for column in twice:
        problems.add(place, f"the column {quoted(column)} stands twice: keep one")
    is_told = "name" in header or "email" in header
    if not is_told and not unknown:
        problems.add(place, f"has neither a column name nor email: begin the file with a row {','.join(columns)}")
    return is_told and not unknown and not twice
