"""`rollcall lesson show`: one lesson's attendance as text, JSON or CSV."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.errors import NotFound
from bot.reports.attendance_csv import attendance_csv
from bot.reports.attendance_text import attendance_text
from handlers.attendance import attendance_object, current_sheet
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run


class Format(StrEnum):
    """How the sheet is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def show(
    ctx: typer.Context,
    lesson: Annotated[str, typer.Argument(metavar="ID", help="A lesson's id, as `rollcall lesson list` shows it.")],
    *,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file instead of the terminal.")] = None,
) -> None:
    """Show who attended one lesson, and how."""
    written = run(_written(context_of(ctx), lesson, form))
    if output is None:
        print(written, end="")
    else:
        output.write_text(written, encoding="utf-8", newline="")
        print(f"Written to {output}.")


async def _written(context: Context, lesson_id: str, form: Format) -> str:
    now = SystemClock().now()
    async with context.open_store() as store, store.read() as memory:
        found = await memory.lessons.facts(lesson_id)
    if found is None:
        message = f"There is no lesson {lesson_id!r}: `rollcall lesson list` shows the ids."
        raise NotFound(message)
    if form is Format.JSON:
        return json.dumps(attendance_object(found.facts, now=now), indent=2, ensure_ascii=False) + "\n"
    sheet = current_sheet(found.facts, now=now)
    return attendance_csv(sheet) if form is Format.CSV else attendance_text(sheet, zone=found.facts.lesson.zone)
