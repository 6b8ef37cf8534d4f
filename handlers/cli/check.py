"""`rollcall check plan`: when a presence check asked, computed again: nobody picked the moments."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Annotated, Final

import typer

from bot.attendance.checks.plan import hash_of, moments_by_plan, moments_by_ranges
from bot.attendance.checks.settings import INITIAL, INTERVAL, CheckSettings, Template, TimeRange, custom, settings_of
from bot.attendance.lessons import Interval, Lesson
from bot.errors import BadInput, NotFound
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run

app = typer.Typer(no_args_is_help=True, help="Presence checks.")

TEMPLATES: Final = tuple(each.value for each in Template if each is not Template.NOW)
#: Of a seed, in hexadecimal.
SEED_LENGTH: Final = 64


@app.callback()
def check() -> None:
    """Presence checks."""


@app.command()
def plan(
    ctx: typer.Context,
    *,
    check_id: Annotated[
        str | None, typer.Option("--check", metavar="ID", help="A check that is over, by its id.")
    ] = None,
    seed: Annotated[str | None, typer.Option(metavar="HEX", help="The seed as the report prints it.")] = None,
    template: Annotated[str, typer.Option(metavar="|".join(TEMPLATES), help="How it asked.")] = "opentalk",
    start: Annotated[
        str | None, typer.Option(metavar="TIME", help="Planned start; by ranges, since when it waited to ask.")
    ] = None,
    end: Annotated[str | None, typer.Option(metavar="TIME", help="Planned end of the lesson.")] = None,
    breaks: Annotated[
        list[str] | None,
        typer.Option("--break", metavar="TIME/TIME", help="A break of the lesson; several may be given."),
    ] = None,
    first: Annotated[str, typer.Option(metavar="AFTER/WITHIN", help="Seconds, of custom.")] = "600/1200",
    then: Annotated[str, typer.Option(metavar="AFTER/WITHIN", help="Seconds, of custom.")] = "6300/1800",
) -> None:
    """Print the hash of a seed, to be compared with the one in the history, and the moments that follow from it."""
    if check_id is not None:
        lines = run(_of_check(context_of(ctx), check_id))
    elif seed is None or start is None or end is None:
        raise BadInput("check plan: give --check, or --seed, --template, --start and --end.")
    else:
        settings = _settings(template, first, then)
        lines = _told(settings, _lesson(start, end, breaks or ()), _instant("--start", start), _seed(seed))
    for line in lines:
        print(line)


async def _of_check(context: Context, check_id: str) -> list[str]:
    async with context.open_store() as store, store.read() as memory:
        lesson_id = await memory.checks.lesson_of(check_id=check_id)
        lesson = await memory.lessons.plain(lesson_id) if lesson_id is not None else None
        if lesson is None:
            raise NotFound(f"--check {check_id}: there is no such presence check.")
        logging = (await memory.checks.of([lesson.id]))[lesson.id]
    check = next(each for each in logging.checks if each.id == check_id)
    if check.ended_at is None or check.started_at is None:
        raise BadInput(f"--check {check_id}: its moments are nobody's business before it has ended.")
    told = _told(check.settings, lesson, check.started_at, check.seed)
    return [*told, *(f"asked  {_written(each.opened_at)}" for each in check.opened if each.opened_at is not None)]


def _told(settings: CheckSettings, lesson: Lesson, started_at: datetime, seed: str) -> list[str]:
    moments = _moments(settings, lesson, started_at, seed)
    return [f"hash   {hash_of(seed)}", *(f"plan   {_written(moment)}" for moment in moments)]


def _moments(settings: CheckSettings, lesson: Lesson, started_at: datetime, seed: str) -> Iterator[datetime]:
    if settings.template is Template.NOW:
        return iter((started_at,))
    if not settings.is_by_ranges:
        return iter(moments_by_plan(settings, lesson, seed))
    return takewhile(lambda moment: moment < lesson.planned_end, moments_by_ranges(settings, started_at, seed))


def _settings(template: str, first: str, then: str) -> CheckSettings:
    if template not in TEMPLATES:
        raise BadInput(f"--template {template}: there is {', '.join(TEMPLATES)}.")
    chosen = Template(template)
    if chosen is not Template.CUSTOM:
        return settings_of(chosen)
    return custom(_range("--first", first, INITIAL), _range("--then", then, INTERVAL))


def _range(option: str, text: str, example: TimeRange) -> TimeRange:
    after, slash, within = text.partition("/")
    if not (slash and after.isdecimal() and within.isdecimal()):
        raise BadInput(f"{option} {text}: write seconds as {example.after}/{example.within}.")
    return TimeRange(int(after), int(within))


def _lesson(start: str, end: str, breaks: Sequence[str]) -> Lesson:
    planned_start, planned_end = _instant("--start", start), _instant("--end", end)
    if planned_end <= planned_start:
        raise BadInput(f"--end {end}: it is not after --start.")
    return Lesson(
        id="",
        title="",
        planned_start=planned_start,
        planned_end=planned_end,
        breaks=tuple(sorted(_break(each) for each in breaks)),
    )


def _break(text: str) -> Interval:
    start, _, end = text.partition("/")
    return Interval(_instant("--break", start), _instant("--break", end))


def _instant(option: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} {text}: write a time as 2026-11-23T17:00Z.") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _seed(text: str) -> str:
    seed = text.strip().casefold()
    if len(seed) != SEED_LENGTH or not set(seed) <= set("0123456789abcdef"):
        raise BadInput(f"--seed {text}: it has {SEED_LENGTH} characters, 0 to 9 and a to f.")
    return seed


def _written(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
