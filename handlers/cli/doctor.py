"""`rollcall doctor`: is everything set up? One line per check, with the remedy."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import typer
import yaml

from bot.clock import wire_now
from bot.errors import ConfigurationError
from bot.settings import Settings
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from storage.database import Store
from storage.errors import DATABASE_ERRORS, StorageError
from storage.schema import SchemaState

#: Slack refuses signatures that are more than five minutes off.
CLOCK_MAY_DIFFER = 60.0

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; without a remedy all is well."""

    check: str
    found: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(ctx: typer.Context) -> None:
    """Check settings, database, Slack, platforms and clock. Exit code 1 if something needs attention."""
    raise typer.Exit(run(_doctor(context_of(ctx))))


async def _doctor(context: Context) -> int:
    worst = 0
    async for finding in _findings(context):
        is_well = not finding.remedy
        worst = worst if is_well else 1
        mark = "ok  " if is_well else "FIX "
        print(f"{mark}{finding.check:<10}{finding.found}{'' if is_well else ' → ' + finding.remedy}")
    return worst


async def _findings(context: Context) -> AsyncIterator[Finding]:
    try:
        settings = context.settings
    except ConfigurationError as problem:
        for line in str(problem).splitlines():
            yield Finding("settings", line, "correct it in the environment or in .env")
        return
    missing = settings.missing_to_serve()
    if not missing:
        yield Finding("settings", "everything that `serve` needs is there")
    for line in missing:
        what, _, remedy = line.partition(": ")
        yield Finding("settings", what, remedy)
    yield await _database(settings)
    for finding in await _slack(settings):
        yield finding
    yield _platforms(settings)


async def _database(settings: Settings) -> Finding:
    try:
        store = await Store.open(settings.database_url)
    except ConfigurationError as problem:
        return Finding("database", str(problem), "correct ROLLCALL_DATABASE_URL")
    except StorageError as problem:
        return Finding("database", f"cannot be used ({problem})", "is it running? see ROLLCALL_DATABASE_URL")
    try:
        state = await store.schema_state()
    except DATABASE_ERRORS as problem:
        return Finding("database", f"cannot be used ({StorageError(problem)})", "see ROLLCALL_DATABASE_URL")
    finally:
        await store.close()
    if state is SchemaState.CURRENT:
        return Finding("database", "reachable, schema current")
    if state is SchemaState.NEWER:
        return Finding("database", "has the schema of a newer version", "update this program")
    return Finding("database", f"schema {state.value}", "run `rollcall db upgrade`")


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_bot_token is None:
        return []
    url = f"{settings.slack_api_url.rstrip('/')}/auth.test"
    headers = {"Authorization": f"Bearer {settings.slack_bot_token.get_secret_value()}"}
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.post(url, headers=headers) as reply:
            answer = await reply.json(content_type=None)
            scopes = set(filter(None, reply.headers.get("x-oauth-scopes", "").split(",")))
            date = reply.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
        return [
            Finding("slack", f"cannot be reached ({type(problem).__name__})", "check the network and SLACK_API_URL")
        ]
    if not isinstance(answer, dict) or not answer.get("ok"):
        code = answer.get("error", "no answer") if isinstance(answer, dict) else "no answer"
        return [Finding("slack", f"refuses the token: {code}", "copy `xoxb-…` from *OAuth & Permissions* again")]
    return [
        Finding("slack", f"the token is good for {answer.get('team', 'the workspace')}"),
        _scopes(scopes),
        _clock(date),
    ]


def _scopes(granted: set[str]) -> Finding:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    missing = set(manifest["oauth_config"]["scopes"]["bot"]) - {scope.strip() for scope in granted}
    if missing:
        return Finding(
            "scopes", f"missing {', '.join(sorted(missing))}", "update the app from manifest.yml and reinstall it"
        )
    return Finding("scopes", "all that the manifest asks for")


def _clock(date: str | None) -> Finding:
    if date is None:
        return Finding("clock", "Slack's answer has no date to compare with")
    theirs: datetime = parsedate_to_datetime(date)
    seconds = abs((wire_now() - theirs.astimezone(UTC)).total_seconds())
    if seconds > CLOCK_MAY_DIFFER:
        return Finding("clock", f"differs from Slack's by {seconds:.0f} s", "switch on time synchronisation (NTP)")
    return Finding("clock", "agrees with Slack's")


def _platforms(settings: Settings) -> Finding:
    switched_on = settings.secrets_by_platform()
    if not switched_on:
        variables = " or ".join(Settings.variable_by_platform().values())
        return Finding("platforms", "none is switched on", f"set {variables}")
    return Finding("platforms", f"{', '.join(sorted(switched_on))} switched on")
