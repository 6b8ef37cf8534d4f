"""The way to the app under test: signed HTTP, or Socket Mode while the app is connected to it."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.model import CannotDo, Json

DeliveryKind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the app answered: `status` None means nothing within the time; `failure` says why in Slack's words."""

    status: int | None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    failure: str | None = None

    @property
    def acknowledged(self) -> bool:
        """Say whether the app answered 200 in time."""
        return self.status == 200


class Socket(Protocol):
    """One Socket Mode connection."""

    async def deliver(self, kind: DeliveryKind, payload: Json, retry: "Retry | None") -> Delivered:
        """Send an envelope and wait for its acknowledgement."""


@dataclass(frozen=True, slots=True)
class Retry:
    """The how-manieth retry of an event this is, and why."""

    number: int
    reason: str


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's v0 signature of a request body."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return f"v0={digest}"


def encoded(kind: DeliveryKind, payload: Json) -> tuple[str, bytes]:
    """Return the content type and the bytes in which Slack sends each kind."""
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


class AppLink:
    """Delivers and waits three seconds of wire time for the acknowledgement."""

    def __init__(
        self, *, secret: str, wire: Callable[[], datetime], ack_seconds: float, complain: Callable[[str], None]
    ) -> None:
        self.events_url: str | None = None
        self.sockets: list[Socket] = []
        self.ack_seconds = ack_seconds
        self._secret = secret
        self._wire = wire
        self._complain = complain
        self._session: aiohttp.ClientSession | None = None
        self._under_way = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def deliver(self, kind: DeliveryKind, payload: Json, *, what: str, retry: Retry | None = None) -> Delivered:
        """Send one command, interaction or event; `what` names it in a complaint.

        Raises `CannotDo` if no app is connected.
        """
        self._under_way += 1
        self._quiet.clear()
        try:
            delivered = await self._send(kind, payload, retry)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._quiet.set()
        if not delivered.acknowledged:
            outcome = delivered.failure if delivered.status is None else f"HTTP {delivered.status}"
            self._complain(f"{what}: not acknowledged ({outcome})")
        return delivered

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._quiet.wait()

    @property
    def is_idle(self) -> bool:
        """Say whether nothing is under way."""
        return not self._under_way

    async def close(self) -> None:
        """Close the HTTP connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, kind: DeliveryKind, payload: Json, retry: Retry | None) -> Delivered:
        try:
            async with asyncio.timeout(self.ack_seconds):
                if self.sockets:
                    self.sockets.append(self.sockets.pop(0))  # any of the connections may get it
                    return await self.sockets[-1].deliver(kind, payload, retry)
                if self.events_url is not None:
                    return await self._post(self.events_url, kind, payload, retry)
        except TimeoutError:
            return Delivered(None, failure="http_timeout")
        except aiohttp.ClientError:
            return Delivered(None, failure="connection_failed")
        raise CannotDo("no app is connected to this workspace")

    async def _post(self, url: str, kind: DeliveryKind, payload: Json, retry: Retry | None) -> Delivered:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        content_type, body = encoded(kind, payload)
        timestamp = str(int(self._wire().timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            failure = None if response.status == 200 else "http_error"
            return Delivered(response.status, _read(text, is_json=is_json), dict(response.headers), failure)


def _read(text: str, *, is_json: bool) -> Any:
    if not is_json or not text.strip():
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
