"""A small workspace, a clock that is moved by hand, and an app that can be told how to answer."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from sandbox.slack.app_link import signature
from sandbox.slack.web_api import Answer, answer
from sandbox.slack.workspace import Workspace

SIX = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SCOPES = [
    "commands", "chat:write", "im:write", "mpim:write", "users:read", "users:read.email", "files:write", "files:read",
    "channels:read", "groups:read", "im:read", "mpim:read", "channels:join", "reactions:write", "usergroups:read",
    "team:read", "dnd:read", "channels:history", "groups:history", "im:history", "users.profile:read",
]  # fmt: skip


class HandClock:
    """Lesson time that only moves when it is told to."""

    def __init__(self, now: datetime = SIX) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, asyncio.Event]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self._now + timedelta(seconds=seconds), woken))
        await woken.wait()

    def advance(self, **by: float) -> None:
        self._now += timedelta(**by)
        for until, woken in self._sleepers:
            if until <= self._now:
                woken.set()
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].is_set()]


def manifest(**changes: Any) -> dict[str, Any]:
    """The manifest of an app that uses everything; `scopes`, `commands`, `events`, `app_home` can be changed."""
    return {
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True} | changes.get("app_home", {}),
            "bot_user": {"display_name": "Sandbox bot"},
            "slash_commands": changes.get("commands", [{"command": "/lesson", "should_escape": True}]),
        },
        "oauth_config": {"scopes": {"bot": changes.get("scopes", SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": changes.get("events", ["app_home_opened", "user_change"])},
            "socket_mode_enabled": True,
        },
    }


class World:
    """A workspace with Ada (student), Grace (trainer) and a channel of both; calls without a server."""

    def __init__(self, *, wire: Callable[[], datetime] | None = None, **changes: Any) -> None:
        self.clock = HandClock()
        more = {"wire": wire} if wire else {}
        rate_limits = changes.pop("rate_limits", True)
        ack_seconds = changes.pop("ack_seconds", 3.0)
        self.workspace = Workspace(
            clock=self.clock, manifest=manifest(**changes), rate_limits=rate_limits, ack_seconds=ack_seconds, **more
        )
        self.ada = self.workspace.add_person(
            id="U0ADA", name="Ada Lovelace", email="ada@example.com", zone="Europe/Berlin"
        )
        self.grace = self.workspace.add_person(id="U0GRACE", name="Grace Hopper", email="grace@example.com")
        self.channel = self.workspace.add_channel("python-101", members=[self.ada, self.grace])

    def answer(self, method: str, /, *, token: str | None = "its own", **arguments: Any) -> Answer:
        token = self.workspace.bot_token if token == "its own" else token
        return answer(self.workspace, method, arguments, token)

    def call(self, method: str, /, **arguments: Any) -> dict[str, Any]:
        return self.answer(method, **arguments).body

    def error(self, method: str, /, **arguments: Any) -> str:
        return str(self.call(method, **arguments).get("error", "none"))


def text(words: str = "Hello", kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": words}


def button(action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": text("Go"), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def section(words: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": text(words, "mrkdwn"), **more}


def option(value: str) -> dict[str, Any]:
    return {"text": text(value.title()), "value": value}


def field(element: dict[str, Any], block_id: str = "field", **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": text("Label"), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = list(blocks) or [section()]
    return {"type": "modal", "title": text("Title"), "submit": text("Save"), "blocks": shown, **more}


async def soon(check: Callable[[], bool]) -> None:
    """Wait until something holds, a few seconds at most."""
    async with asyncio.timeout(5):
        while not check():  # noqa: ASYNC110  # what is waited for happens elsewhere and tells nobody
            await asyncio.sleep(0.01)


class TestApp:
    """The app under test: keeps what arrives and answers as told; checks nothing but the signature."""

    __test__ = False

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.forged = 0
        self.answers: list[tuple[int, Any] | tuple[int, Any, dict[str, str]]] = []  # afterwards: 200 and nothing
        self.during: Callable[[dict[str, Any]], Any] | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/slack/events", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        expected = signature(self._secret, request.headers["X-Slack-Request-Timestamp"], raw)
        self.forged += expected != request.headers["X-Slack-Signature"]
        if request.content_type == "application/json":
            body = json.loads(raw)
        else:
            fields = {name: values[0] for name, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
            body = json.loads(fields["payload"]) if "payload" in fields else fields
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if self.during is not None:
            outcome = self.during(body)
            if asyncio.iscoroutine(outcome):
                await outcome
        status, reply, *more = self.answers.pop(0) if self.answers else (200, "")
        headers = more[0] if more else None
        if isinstance(reply, str):
            return web.Response(status=status, text=reply, headers=headers)
        return web.json_response(reply, status=status, headers=headers)
