"""`rollcall lesson list`."""

import json
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.clock import SystemClock
from bot.errors import NotFound
from handlers.attendance import lesson_object
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from storage.layout import ListedLesson
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
    listing = _as_json if as_json else _as_text
    print(run(listing(context_of(ctx), course)), end="")


async def _as_text(context: Context, course: str | None) -> str:
    async with context.open_store() as store, store.read() as memory:
        found = await memory.layout.listed(await _course_id(memory, course))
    return "".join(f"{_line(lesson)}\n" for lesson in found)


async def _as_json(context: Context, course: str | None) -> str:
    now = SystemClock().now()
    async with context.open_store() as store, store.read() as memory:
        found = await memory.lessons.listed(course_id=await _course_id(memory, course), now=now)
    objects = [lesson_object(each, now=now) for each in found]
    return json.dumps(objects, indent=2, ensure_ascii=False) + "\n"


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
