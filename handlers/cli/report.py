"""`rollcall report`: what a course came to over a period, per student."""

from contextlib import closing
from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from bot.attendance.course_report import CourseReport, Period
from bot.clock import SystemClock
from bot.errors import BadInput, NotFound
from bot.reports.course_report_text import course_report_text
from bot.timetable.periods import period_between, period_of
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from handlers.cli.writing import Language, Output, check_form, check_language, write_out
from handlers.documents import Documents
from handlers.handed_out import REPORT_FORMS, report_as
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.session_export import EXPORT_FORMS, export_as, exported_sessions

FORMS: Final = ("text", "json", *REPORT_FORMS)
EXAMPLES: Final = "last week, this month, 2026-11, 2026-11-02..2026-11-27"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    ctx: typer.Context,
    *,
    course: Annotated[str, typer.Option(metavar="NAME", help="The course with this name or id.")],
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Lessons from this day on, where the course is.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Lessons before this day, where the course is.")
    ] = None,
    sessions: Annotated[
        bool, typer.Option("--sessions", help="Instead: the sessions of its room on 100ms, as 100ms exports them.")
    ] = False,
    period: Annotated[str | None, typer.Option(metavar="WORDS", help=f"Instead of days: {EXAMPLES}.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="|".join(FORMS), help="How to write it.")] = "text",
    language: Language = "en",
    output: Output = None,
) -> None:
    """Show what a course came to over a period, per student.

    Lessons, hours and percent; without a period, those of the whole course.
    """
    if sessions:
        form = "csv" if form == "text" else form
        check_form(form, EXPORT_FORMS, output=output)
        write_out(run(_sessions(context_of(ctx), course, form)), form, output)
        return
    check_form(form, FORMS, output=output)
    check_language(language)
    if period is not None and (first is not None or end is not None):
        raise BadInput("--period: give either words or --from and --to.")
    days = _day("--from", first), _day("--to", end)
    write_out(run(_written(context_of(ctx), course, days, period, form, language)), form, output)


async def _written(
    context: Context, course: str, days: tuple[date | None, date | None], period: str | None, form: str, language: str
) -> bytes:
    now = SystemClock().now()
    async with context.open_store() as store, store.read() as memory:
        found = await memory.courses.find(course)
        if found is None:
            raise NotFound(f"There is no course {course!r}: `rollcall course list` shows them.")
        meant = _between(*days) if period is None else _in_words(period, found.zone, now)
        made = await memory.course_reports.make(found.id, meant, now=now)
    return await _as(form, made, language)


async def _sessions(context: Context, course: str, form: str) -> bytes:
    now = SystemClock().now()
    async with context.open_store() as store, store.read() as memory:
        found = await memory.courses.find(course)
    if found is None:
        raise NotFound(f"There is no course {course!r}: `rollcall course list` shows them.")
    rooms = HundredmsClient.from_settings(context.settings)
    try:
        made = await exported_sessions(found, rooms, now=now)
    finally:
        if rooms is not None:
            await rooms.close()
    with closing(Documents()) as documents:
        return await export_as(form, made, found, documents, now=now)


async def _as(form: str, report: CourseReport, language: str) -> bytes:
    if form == "text":
        return course_report_text(report).encode()
    with closing(Documents()) as documents:
        return await report_as(form, report, documents, language=language)


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise BadInput(f"{option} {text}: it is not a date; write it as 2026-11-23.") from None


def _between(first: date | None, end: date | None) -> Period:
    try:
        return period_between(first, end)
    except ValueError as problem:
        raise BadInput(f"--from, --to: {problem}.") from None


def _in_words(words: str, zone: str, now: datetime) -> Period:
    typed = words.split()
    found = period_of(typed, today=now.astimezone(ZoneInfo(zone)).date())
    if found is None or found[1] < len(typed):
        raise BadInput(f"--period {words}: write it as {EXAMPLES}.")
    return found[0]
