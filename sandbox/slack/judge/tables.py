"""Tables and charts: their cells, their shape, and how much fits in."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.judge.rich_text import RICH_TEXT
from sandbox.slack.judge.schema import (
    Check,
    Flaw,
    array,
    boolean,
    listed,
    nullable,
    number,
    one_of,
    record,
    string,
    typed,
)

TABLE_ROWS = 100
DATA_TABLE_ROWS = 201  # the header and 200 more; an older copy of Slack's page says 101
COLUMNS = 20
TABLE_CHARACTERS = 10_000
DATA_TABLE_CHARACTERS = 20_000
POINTS = 20

_CELLS: dict[str, Check] = {
    "raw_text": record({"type": one_of("raw_text"), "text": string()}, required=("type", "text")),
    "raw_number": record(
        {"type": one_of("raw_number"), "value": number(), "text": string()}, required=("type", "value", "text")
    ),
    "rich_text": RICH_TEXT,
}
_CELL = typed(lambda: _CELLS)


def cell_characters(value: Any) -> int:
    """Count the characters of all `text` in a table."""
    if isinstance(value, list):
        return sum(cell_characters(item) for item in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(cell_characters(item) for item in value.values() if isinstance(item, list | dict))
    return 0


def _same_length(value: Any, at: str) -> Iterator[Flaw]:
    if len({len(row) for row in listed(value.get("rows")) if isinstance(row, list)}) > 1:
        yield Flaw(f"{at}/rows", "uneven_rows", "all rows must have the same number of cells")


def _fits(most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[Flaw]:
        if cell_characters(value.get("rows")) > most:
            yield Flaw(f"{at}/rows", "too_long", f"no more than {most} characters in all cells allowed")

    return check


def _header(value: Any) -> list[Any]:
    rows = listed(value.get("rows"))
    return listed(rows[0]) if rows else []


def _header_is_plain(value: Any, at: str) -> Iterator[Flaw]:
    for place, cell in enumerate(_header(value)):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            yield Flaw(f"{at}/rows/0/{place}", "not_allowed", "rich_text is not allowed in the header row")


def _row_header_exists(value: Any, at: str) -> Iterator[Flaw]:
    column, width = value.get("row_header_column_index", 0), len(_header(value))
    if isinstance(column, int) and column >= max(width, 1):
        yield Flaw(f"{at}/row_header_column_index", "too_large", f"there is no column {column}")


TABLE = record(
    {
        "type": one_of("table"),
        "block_id": string(255),
        "rows": array(array(_CELL, 1, COLUMNS), 1, TABLE_ROWS),
        "column_settings": array(
            nullable(record({"align": one_of("left", "center", "right"), "is_wrapped": boolean()})), 0, COLUMNS
        ),
    },
    required=("type", "rows"),
    rules=(_same_length, _fits(TABLE_CHARACTERS)),
)
DATA_TABLE = record(
    {
        "type": one_of("data_table"),
        "block_id": string(255),
        "caption": string(),
        "rows": array(array(_CELL, 1, COLUMNS), 2, DATA_TABLE_ROWS),
        "page_size": number(1, 100, whole=True),
        "row_header_column_index": number(0, whole=True),
    },
    required=("type", "caption", "rows"),
    rules=(_same_length, _header_is_plain, _row_header_exists, _fits(DATA_TABLE_CHARACTERS)),
)

_LABEL = string(20)
_SEGMENT = record({"label": _LABEL, "value": number(0, above=True)}, required=("label", "value"))


_SERIES = record(
    {
        "name": _LABEL,
        "data": array(record({"label": _LABEL, "value": number()}, required=("label", "value")), 1, POINTS),
    },
    required=("name", "data"),
)
_AXES = record(
    {"categories": array(_LABEL, 1, POINTS), "x_label": string(50), "y_label": string(50)}, required=("categories",)
)


def _series_fit(value: Any, at: str) -> Iterator[Flaw]:
    """Series have names of their own and one point per category."""
    series, axes = listed(value.get("series")), value.get("axis_config")
    if not all(isinstance(entry, dict) for entry in series):
        return
    if len({str(entry.get("name")) for entry in series}) < len(series):
        yield Flaw(f"{at}/series", "not_unique", "series names must be unique")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    if not isinstance(categories, list):
        return
    for place, entry in enumerate(series):
        labels = [point.get("label") for point in listed(entry.get("data")) if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            yield Flaw(f"{at}/series/{place}/data", "uneven_rows", "exactly one point per category is required")


def _axis_chart(kind: str) -> Check:
    return record(
        {"type": one_of(kind), "series": array(_SERIES, 1, 12), "axis_config": _AXES},
        required=("type", "series", "axis_config"),
        rules=(_series_fit,),
    )


_CHARTS: dict[str, Check] = {
    "pie": record({"type": one_of("pie"), "segments": array(_SEGMENT, 1, 12)}, required=("type", "segments")),
    **{kind: _axis_chart(kind) for kind in ("bar", "line", "area")},
}
DATA_VISUALIZATION = record(
    {
        "type": one_of("data_visualization"),
        "block_id": string(255),
        "title": string(50),
        "chart": typed(lambda: _CHARTS),
    },
    required=("type", "title", "chart"),
)
