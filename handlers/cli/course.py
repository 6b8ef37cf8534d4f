"""`rollcall course import` and `rollcall course list`."""

import sys
from datetime import datetime
from errno import ENOENT, EPERM
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.timetable.course_file import CourseFile, read_course_file
from bot.timetable.files import ReadFile
from bot.timetable.nodes import LARGEST_FILE
from bot.timetable.problems import BadCourseFile, Place, Problem
from handlers.api import course_json
from handlers.cli.context import Context, context_of
from handlers.cli.course_import import import_courses
from handlers.cli.course_text import first_week, summary
from handlers.cli.listing import show_list
from handlers.cli.loop import run
from handlers.platforms import CONNECTORS
from storage.courses import CourseRow
from storage.database import Store

app = typer.Typer(no_args_is_help=True, help="Courses.")


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A course file (YAML).")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Create or update the courses of a file; with a mistake in it nothing is written."""
    try:
        found = read_course_file(_text_of(file), read=_beside(file.parent), platforms=tuple(CONNECTORS))
    except BadCourseFile as bad:
        for problem in bad.problems:
            print(_line(file, problem), file=sys.stderr)
        raise typer.Exit(2) from None
    for warning in found.warnings:
        print(_line(file, warning, kind="warning: "), file=sys.stderr)
    for line in run(_import(context_of(ctx), found, dry_run=dry_run)):
        print(line)


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="An array, for programs.")] = False,
) -> None:
    """List the courses."""
    show_list(
        run(_courses(context_of(ctx))),
        as_json=as_json,
        of=course_json,
        line=lambda each: f"{each.id}  {each.name}  ({each.key}, {each.platform} {each.room}, {each.zone})",
        nothing="There is no course yet: `rollcall course import FILE` reads one.",
    )


async def import_text(store: Store, text: str, *, now: datetime) -> None:
    """Import a course file that has no files beside it. Raises `BadCourseFile`."""
    file = read_course_file(text, read=_nothing_beside, platforms=tuple(CONNECTORS))
    await import_courses(store, file, now=now)


def _nothing_beside(name: str) -> str:
    raise FileNotFoundError(ENOENT, "this course file stands alone", name)


async def _import(context: Context, file: CourseFile, *, dry_run: bool) -> list[str]:
    now = SystemClock().now()
    async with context.open_store() as store:
        imported = await import_courses(store, file, now=now, is_dry_run=dry_run)
    lines = [summary(each, now=now) for each in imported]
    if dry_run:
        lines += [*first_week(imported, now=now), "Nothing was written: this was a dry run."]
    return lines


async def _courses(context: Context) -> list[CourseRow]:
    async with context.open_store() as store, store.read() as memory:
        return list(await memory.courses.all())


def _line(file: Path, problem: Problem, *, kind: str = "") -> str:
    place = problem.place
    where = file.parent / place.file if place.file else file
    return f"{where}:{place.line}: {kind}{problem}"


def _text_of(file: Path) -> str:
    """The text of the course file. Raises `BadCourseFile`."""
    try:
        return _read(file)
    except OSError as error:
        why = f"it cannot be read ({error.strerror}): give the path of a course file"
    except ValueError:
        why = "it is no text in UTF-8: save it again as UTF-8"
    raise BadCourseFile([Problem(place=Place(line=1), message=why)])


def _beside(folder: Path) -> ReadFile:
    """Reads files of the folder; a link that leads out of it is refused."""

    def read(name: str) -> str:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise PermissionError(EPERM, "it leads out of the folder of the course file")
        return _read(path)

    return read


def _read(path: Path) -> str:
    with path.open("rb") as opened:
        raw = opened.read(LARGEST_FILE + 1)
    # What is too large is refused by its reader; here it only must not be cut within a character.
    return raw.decode(errors="strict" if len(raw) <= LARGEST_FILE else "replace")
