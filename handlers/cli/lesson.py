"""`rollcall lesson list`."""

import json
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.clock import SystemClock
from bot.errors import NotFound
from handlers.attendance import lesson_object
from handlers.cli.context import Context, context_of
from handlers.cli.listing import show_list
from handlers.cli.loop import run
from storage.layout import ListedLesson
from storage.lessons import Listed
from storage.memory import Memory

app = typer.Typer(no_args_is_help=True, help="Lessons.")


@app.callback()
def lessons() -> None:
    """Lessons."""


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    course: Annotated[str | None, typer.Option(metavar="NAME", help="Only of the course with this name or id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="An array, for programs.")] = False,
) -> None:
    """List the lessons in order of time."""
    context, now = context_of(ctx), SystemClock().now()
    if as_json:
        objects = [lesson_object(each, now=now) for each in run(_with_sheets(context, course, now))]
        print(json.dumps(objects, indent=2, ensure_ascii=False))
        return
    nothing = "There is no lesson: `rollcall course import FILE` lays them out."
    show_list(run(_planned(context, course)), as_json=False, of=str, line=_line, nothing=nothing)


async def _planned(context: Context, course: str | None) -> list[ListedLesson]:
    async with context.open_store() as store, store.read() as memory:
        return await memory.layout.listed(await _course_id(memory, course))


async def _with_sheets(context: Context, course: str | None, now: datetime) -> list[Listed]:
    async with context.open_store() as store, store.read() as memory:
        return await memory.lessons.listed(course_id=await _course_id(memory, course), now=now)


async def _course_id(memory: Memory, course: str | None) -> str | None:
    if course is None:
        return None
    found = await memory.courses.find(course)
    if found is None:
        message = f"There is no course {course!r}: `rollcall course list` shows them."
        raise NotFound(message)
    return found.id


def _line(lesson: ListedLesson) -> str:
    zone = ZoneInfo(lesson.zone)
    start, end = lesson.planned.start.astimezone(zone), lesson.planned.end.astimezone(zone)
    unplanned = ", unplanned" if lesson.is_unplanned else ""
    return f"{lesson.id}  {start:%Y-%m-%d %H:%M}–{end:%H:%M}  {lesson.title}  {lesson.state}{unplanned}"
