"""`rollcall doctor`: is everything set up? One line per check, with the remedy."""

from collections.abc import AsyncIterator
from datetime import datetime

import typer

from bot.clock import SystemClock
from bot.errors import ConfigurationError
from handlers.cli.check_machine import (
    database_finding,
    disk_findings,
    fonts_finding,
    settings_findings,
    unknown_findings,
)
from handlers.cli.check_platforms import record_findings
from handlers.cli.check_school import read_school, school_findings
from handlers.cli.check_slack import channel_findings, slack_findings
from handlers.cli.context import Context, context_of
from handlers.cli.finding import Finding
from handlers.cli.loop import run
from handlers.fonts import Fonts
from storage.database import Store


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(ctx: typer.Context) -> None:
    """Check settings, disk, database, Slack, platforms and courses. Exit code 1 if something needs attention."""
    raise typer.Exit(run(_doctor(context_of(ctx), now=SystemClock().now())))


async def _doctor(context: Context, *, now: datetime) -> int:
    worst = 0
    async for finding in _findings(context, now=now):
        worst = worst if finding.is_well else 1
        print(finding)
    return worst


async def _findings(context: Context, *, now: datetime) -> AsyncIterator[Finding]:
    for unknown in unknown_findings(context.environment):
        yield unknown
    try:
        settings = context.settings
    except ConfigurationError as problem:
        for line in str(problem).splitlines():
            yield Finding("settings", line, "correct it in the environment or in .env")
        return
    for finding in (*settings_findings(settings), *disk_findings(settings), fonts_finding(Fonts())):
        yield finding
    database = await database_finding(settings)
    yield database
    for finding in await slack_findings(settings):
        yield finding
    async for finding in record_findings(settings, now=now):
        yield finding
    if not database.is_well:
        return  # what the school has is in there
    store = await Store.open(settings.database_url)
    try:
        school = await read_school(store, now=now)
    finally:
        await store.close()
    for finding in (*await channel_findings(settings, school.courses), *school_findings(settings, school)):
        yield finding
