"""`rollcall lesson list`."""

import json
from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.attendance.lessons import Lesson, LessonFacts
from bot.clock import SystemClock
from bot.errors import NotFound
from handlers.attendance import attendance_object
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run

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
    now = SystemClock().now()
    found = run(_lessons(context_of(ctx), course))
    if as_json:
        objects = [attendance_object(facts, now=now)["lesson"] for facts in found]
        print(json.dumps(objects, indent=2, ensure_ascii=False))
        return
    for facts in found:
        print(_line(facts.lesson))


async def _lessons(context: Context, course: str | None) -> Sequence[LessonFacts]:
    async with context.open_store() as store, store.read() as memory:
        only = await memory.courses.find(course) if course is not None else None
        if course is not None and only is None:
            message = f"There is no course {course!r}: `rollcall course list` shows them."
            raise NotFound(message)
        found = await memory.lessons.find(course_id=only.id if only is not None else None)
    return [each.facts for each in found]


def _line(lesson: Lesson) -> str:
    zone = ZoneInfo(lesson.zone)
    start, end = lesson.planned_start.astimezone(zone), lesson.planned_end.astimezone(zone)
    unplanned = ", unplanned" if lesson.is_unplanned else ""
    return f"{lesson.id}  {start:%Y-%m-%d %H:%M}–{end:%H:%M}  {lesson.title}  {lesson.state}{unplanned}"
