"""`rollcall lesson show`: one lesson's attendance as text, JSON or CSV."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.errors import BadInput, NotFound
from bot.reports.attendance_csv import attendance_csv
from bot.reports.attendance_text import attendance_text
from handlers.attendance import attendance_object, current_sheet
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run

FORMATS = ("text", "json", "csv")
#: Documents to hand in: the command line has a place for them, this version does not write them.
LATER = ("xlsx", "pdf", "png")


def show(
    ctx: typer.Context,
    lesson: Annotated[str, typer.Argument(metavar="ID", help="A lesson's id, as `rollcall lesson list` shows it.")],
    *,
    form: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="How to write it.")] = "text",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file instead of the terminal.")] = None,
) -> None:
    """Show who attended one lesson, and how."""
    if form not in FORMATS:
        why = "documents come with a later version" if form in LATER else "there is no such format"
        raise BadInput(f"--format {form}: {why}; give {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
    written = run(_written(context_of(ctx), lesson, form))
    if output is None:
        print(written, end="")
        return
    try:
        output.write_text(written, encoding="utf-8", newline="")
    except OSError as problem:
        raise BadInput(f"-o {output}: it cannot be written ({problem.strerror}); give another file.") from problem
    print(f"Written to {output}.")


async def _written(context: Context, lesson_id: str, form: str) -> str:
    now = SystemClock().now()
    async with context.open_store() as store, store.read() as memory:
        found = await memory.lessons.facts(lesson_id)
    if found is None:
        message = f"There is no lesson {lesson_id!r}: `rollcall lesson list` shows the ids."
        raise NotFound(message)
    if form == "json":
        return json.dumps(attendance_object(found.facts, now=now), indent=2, ensure_ascii=False) + "\n"
    sheet = current_sheet(found.facts, now=now)
    return attendance_csv(sheet) if form == "csv" else attendance_text(sheet, zone=found.facts.lesson.zone)
