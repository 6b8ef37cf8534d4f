"""The smallest possible bot: keeps what it is sent, checks the signature, replies what it is told to."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

SECRET = "classroom-secret"
SIX = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


class HandClock:
    """Lesson time that moves only by hand."""

    def __init__(self, at: datetime = SIX) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Receiver:
    statuses: list[int] = field(default_factory=list)
    """The next replies; 200 when there are none left."""
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    knows_secret: str = SECRET
    while_answering: Callable[[], None] = lambda: None

    @property
    def events(self) -> list[dict]:
        return [json.loads(body) for body in self.bodies]

    @property
    def kinds(self) -> list[str]:
        return [event["event"].removeprefix("meeting.").removeprefix("participant_") for event in self.events]

    def of(self, kind: str) -> list[dict]:
        """The participants of all events of a kind, in order of arrival."""
        found = [event for event in self.events if event["event"].endswith(kind)]
        return [event["payload"]["object"].get("participant", event["payload"]["object"]) for event in found]

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        timestamp = request.headers["x-zm-request-timestamp"]
        expected = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        assert request.headers["x-zm-signature"] == f"v0={expected}"
        self.while_answering()
        self.headers.append(dict(request.headers))
        self.bodies.append(body)
        token = json.loads(body)["payload"].get("plainToken")
        if token:
            encrypted = hmac.new(self.knows_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            return web.json_response({"plainToken": token, "encryptedToken": encrypted})
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


async def play(thing, clock: HandClock, *, for_: timedelta = timedelta(minutes=1)) -> None:
    """Runs the classroom or its deliveries as the demo does: from one due moment to the next."""
    until = clock.now() + for_
    while (at := thing.next_at()) is not None and at <= until:
        clock.at = max(clock.at, at)
        await thing.run_due(clock.now())
    clock.at = until
