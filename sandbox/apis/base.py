"""What the platforms' APIs have in common: who may ask, how often, and what is answered instead of the truth."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from aiohttp import web

from sandbox.apis.records import Telling
from sandbox.classroom.rooms import Classroom
from sandbox.clock import Clock, wire_now

A_SECOND = timedelta(seconds=1)
LONGER_THAN_ANYBODY_WAITS = 120.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKeys:
    """What whoever asks needs: made anew for each sandbox."""

    zoom_account_id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    zoom_client_id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    zoom_client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    hms_access_key: str = field(default_factory=lambda: secrets.token_hex(12))
    hms_secret: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    vcaas_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


class Refusal(Exception):
    """The call ends here, with the platform's own kind of error."""

    def __init__(self, status: int, code: int | str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers


@dataclass(kw_only=True, slots=True)
class World:
    """What all the APIs share: the classrooms by their ids, the clock of the lesson, and what they are to tell."""

    clock: Clock
    keys: ApiKeys
    telling: Telling
    base_url: str = ""
    rooms: Mapping[str, Classroom] = field(default_factory=dict)
    #: e-mail → registrant id of who registered by themselves, for every room of Zoom
    registered: Mapping[str, str] = field(default_factory=dict)


class Api(ABC):
    """One platform's API. A subclass has its routes, its errors, and who may ask."""

    prefix: ClassVar[str]
    most_a_second: ClassVar[int]

    def __init__(self, world: World) -> None:
        self.world = world
        self._calls: deque[datetime] = deque()

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """Their paths are behind the prefix."""

    @abstractmethod
    def refused(self, refusal: Refusal) -> web.Response:
        """An error as this platform writes it."""

    @abstractmethod
    def admit(self, request: web.Request) -> None:
        """Raises Refusal unless the request proves who asks."""

    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """What this platform answers: an error that is planned, one that is due, or the truth."""
        try:
            self._pace()
            self.admit(request)
            if self.world.telling.answers and self.is_steered(request):
                return await self._planned(self.world.telling.answers.popleft())
            return await handler(request)
        except Refusal as refusal:
            return self.refused(refusal)
        except ValueError:
            return self.refused(Refusal(400, 400, "The request cannot be read."))

    def is_steered(self, request: web.Request) -> bool:
        """Whether planned answers are for this request; for tokens they are not."""
        return "oauth" not in request.path

    def _pace(self) -> None:
        now = wire_now()
        while self._calls and now - self._calls[0] >= A_SECOND:
            self._calls.popleft()
        if len(self._calls) >= (self.world.telling.records.a_second or self.most_a_second):
            message = "You have reached the maximum per-second rate limit for this API. Try again later."
            raise Refusal(429, 429, message, **{"Retry-After": "1"})
        self._calls.append(now)

    async def _planned(self, answer: str) -> web.StreamResponse:
        if answer.isdigit():
            headers = {"Retry-After": "60"} if answer == "429" else {}
            raise Refusal(int(answer), int(answer), "This is what the scenario wants.", **headers)
        if answer == "hangs":
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
        bodies = {"html": "<html><body>Welcome</body></html>", "half": '{"participants": [{"name": ', "empty": ""}
        return web.Response(
            text=bodies.get(answer, ""), content_type="text/html" if answer == "html" else "application/json"
        )
