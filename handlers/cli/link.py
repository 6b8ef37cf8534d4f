"""`rollcall link`: everybody's own way into a course, for those without Slack; and new ones where one got about."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.clock import SystemClock
from bot.errors import BadInput, NotFound
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from handlers.join_links import JoinLinks
from storage.courses import CourseRow
from storage.join_links import LinkOwner
from storage.memory import Memory

#: who did it, in the history
BY_COMMAND = "command_line"

app = typer.Typer(no_args_is_help=True, help="Personal links into the classroom.")

Course = Annotated[str, typer.Option(metavar="NAME", help="The course with this name or id.")]


@dataclass(frozen=True, slots=True)
class _Shown:
    name: str
    email: str
    link: str


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    course: Course,
    as_json: Annotated[bool, typer.Option("--json", help="An array, for programs.")] = False,
) -> None:
    """Show the link of everybody in a course: each is for one person alone, like a key."""
    shown = run(_shown(context_of(ctx), course, now=SystemClock().now()))
    if as_json:
        print(json.dumps([asdict(each) for each in shown], indent=2, ensure_ascii=False))
        return
    for each in shown:
        print(f"{each.name}  {each.email or '-'}  {each.link}")


@app.command()
def renew(
    ctx: typer.Context,
    *,
    course: Course,
    person: Annotated[str | None, typer.Option(metavar="EMAIL", help="Only this person's; else everybody's.")] = None,
) -> None:
    """Make links good for nothing, at once; the next message and the Home tab have new ones."""
    print(run(_renew(context_of(ctx), course, person, now=SystemClock().now())))


async def _shown(context: Context, name: str, *, now: datetime) -> list[_Shown]:
    public_url = context.settings.public_url
    if not public_url:
        raise BadInput("ROLLCALL_PUBLIC_URL is missing: without it nobody could follow a personal link.")
    links = JoinLinks(context.keys, public_url)
    async with context.open_store() as store, store.read() as memory:
        course = await _course(memory, name)
        owners = await _owners(memory, course, now)
    if not course.join_url:
        raise BadInput(f"{course.name} has no `join_url`: put the link to its room into the course file.")
    return [_Shown(each.name, each.email, links.instead_of(course.join_url, each.place)) for each in owners]


async def _renew(context: Context, name: str, person: str | None, *, now: datetime) -> str:
    async with context.open_store() as store, store.write() as memory:
        course = await _course(memory, name)
        owners = await _owners(memory, course, now)
        if person is not None:
            owners = [each for each in owners if each.email == person.strip().lower()]
            if not owners:
                raise NotFound(f"--person {person}: nobody in {course.name} has this address.")
        people = [each.place.person_id for each in owners]
        await memory.join_links.renew(course.id, people, by=BY_COMMAND, now=now)
    return f"{len(people)} {'link is' if len(people) == 1 else 'links are'} good for nothing any more."


async def _course(memory: Memory, name: str) -> CourseRow:
    found = await memory.courses.find(name)
    if found is None:
        raise NotFound(f"There is no course {name!r}: `rollcall course list` shows them.")
    return found


async def _owners(memory: Memory, course: CourseRow, now: datetime) -> list[LinkOwner]:
    return await memory.join_links.of_course(course.id, today=now.astimezone(ZoneInfo(course.zone)).date())
