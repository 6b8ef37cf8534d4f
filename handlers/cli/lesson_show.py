"""`rollcall lesson show`: one lesson's attendance, as text, data or a document."""

import json
from contextlib import closing
from typing import Annotated, Final

import typer

from bot.clock import SystemClock
from bot.errors import NotFound
from bot.reports.attendance_text import attendance_text
from handlers.attendance import attendance_object, current_sheet
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from handlers.cli.writing import Language, Output, check_form, check_language, write_out
from handlers.documents import Documents, sheet_as
from handlers.handed_out import SHEET_FORMS, sheet_to_print

FORMS: Final = ("text", "json", *SHEET_FORMS)


def show(
    ctx: typer.Context,
    lesson: Annotated[str, typer.Argument(metavar="ID", help="A lesson's id, as `rollcall lesson list` shows it.")],
    *,
    form: Annotated[str, typer.Option("--format", metavar="|".join(FORMS), help="How to write it.")] = "text",
    language: Language = "en",
    output: Output = None,
) -> None:
    """Show who attended one lesson, and how."""
    check_form(form, FORMS, output=output)
    check_language(language)
    write_out(run(_written(context_of(ctx), lesson, form, language)), form, output)


async def _written(context: Context, lesson_id: str, form: str, language: str) -> bytes:
    now = SystemClock().now()
    async with context.open_store() as store, store.read() as memory:
        found = await memory.lessons.facts(lesson_id)
        if found is None:
            raise NotFound(f"There is no lesson {lesson_id!r}: `rollcall lesson list` shows the ids.")
        about = await sheet_to_print(memory, found, now=now)
    if form == "json":
        return (json.dumps(attendance_object(found.facts, now=now), indent=2, ensure_ascii=False) + "\n").encode()
    if form == "text":
        sheet, facts = current_sheet(found.facts, now=now), found.facts
        return attendance_text(sheet, zone=facts.lesson.zone, shown=facts.feed.shown).encode()
    with closing(Documents()) as documents:
        return await sheet_as(form, about, documents, language=language)
