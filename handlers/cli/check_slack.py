"""Checks of Slack: the token, its scopes, the clock beside Slack's, and whether the bot is where courses need it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import yaml

from bot.clock import wire_now
from bot.errors import SlackBusy, SlackRefused, in_words
from bot.settings import Settings
from handlers.cli.finding import Finding
from handlers.slack_client import SlackClients
from storage.checkup import CourseToCheck

#: Slack refuses signatures that are more than five minutes off.
CLOCK_MAY_DIFFER = 60.0
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


async def slack_findings(settings: Settings) -> list[Finding]:
    """The token, its scopes and the clock; nothing where there is no token, which the settings' check says."""
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
        why = in_words(problem) if isinstance(problem, OSError) else type(problem).__name__
        return [Finding("slack", f"cannot be reached ({why})", "check the network and SLACK_API_URL")]
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


async def channel_findings(settings: Settings, courses: Sequence[CourseToCheck]) -> list[Finding]:
    """Whether the bot is in every channel that a course names."""
    if settings.slack_bot_token is None or not courses:
        return []
    try:
        is_member = await _channels(settings)
    except (SlackBusy, SlackRefused) as problem:
        remedy = "see the lines about slack and scopes"
        return [Finding("channels", f"cannot be looked at ({problem.code})", remedy)]
    missing: dict[str, str] = {}
    for course in courses:
        for channel in course.channels:
            if not is_member.get(channel.removeprefix("#"), False):
                missing.setdefault(channel, course.name)
    if not missing:
        return [Finding("channels", "the bot is in every channel that a course names")]
    return [
        Finding("channels", f"the bot is not in {channel} ({course})", f"type `/invite @rollcall` in {channel}")
        for channel, course in missing.items()
    ]


async def _channels(settings: Settings) -> dict[str, bool]:
    """By name and by id, whether the bot is in it."""
    assert settings.slack_bot_token is not None
    clients = SlackClients(bot_token=settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)
    found: dict[str, bool] = {}
    cursor = ""
    try:
        while True:
            page = await clients.client_for("").channels_page(cursor)
            for name, id_, is_member in page.channels:
                found[name] = found[id_] = is_member
            cursor = page.next_cursor
            if not cursor:
                return found
    finally:
        await clients.close()
