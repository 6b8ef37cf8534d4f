"""As much of 100ms's REST API as the backend asks: rooms, and sessions in pages, for who proves to know the secret."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.platform_api import Patience
from handlers.platforms.hundredms.client import HundredmsClient

ACCESS_KEY, APP_SECRET = "access key of the school", "app secret of the school, long enough for HS256"
PAGE = 2


class FakeHundredms:
    """Answers over HTTP; `sessions` are those of all rooms, `fails_with` is a status for everything."""

    def __init__(self) -> None:
        self.sessions: list[dict[str, Any]] = []
        self.rooms: list[dict[str, Any]] = []
        self.fails_with = 0
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.refused = 0
        #: tokens that are refused, however good they are
        self.expired: set[str] = set()

    async def create_room(self, request: web.Request) -> web.Response:
        room = {"id": f"room-{len(self.rooms) + 1}", "enabled": True, **json.loads(await request.read() or b"{}")}
        self.rooms.append(room)
        return web.json_response(room)

    async def list_sessions(self, request: web.Request) -> web.Response:
        query = request.query
        is_wanted = [each["room_id"] == query["room_id"] for each in self.sessions]
        is_active = query.get("active", "true") == "true"
        found = [each for each, wanted in zip(self.sessions, is_wanted, strict=True) if wanted]
        found = [each for each in found if each["active"] is is_active]
        ids = [each["id"] for each in found]
        first = ids.index(query["start"]) + 1 if "start" in query else 0
        page = found[first : first + PAGE]
        return web.json_response({"limit": PAGE, "data": page, "last": page[-1]["id"] if page else ""})

    async def room_codes(self, request: web.Request) -> web.Response:
        codes = [{"code": f"{role}-code", "role": role, "enabled": True} for role in ("host", "guest", "student")]
        return web.json_response({"data": codes})

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append((f"{request.method} {request.path}", dict(request.query)))
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, APP_SECRET, algorithms=["HS256"])
        if token in self.expired or claims["type"] != "management" or claims["access_key"] != ACCESS_KEY:
            self.refused += 1
            return web.json_response({"code": 401, "message": "Token validation error"}, status=401)
        if self.fails_with:
            return web.json_response({"code": self.fails_with, "message": f"no: {APP_SECRET}"}, status=self.fails_with)
        response: web.StreamResponse = await handler(request)
        return response


@asynccontextmanager
async def hundredms_api() -> AsyncIterator[tuple[FakeHundredms, HundredmsClient]]:
    """The API and a client for it, which waits for nothing."""
    fake = FakeHundredms()
    app = web.Application(middlewares=[fake.guard])
    app.add_routes(
        [
            web.post("/v2/rooms", fake.create_room),
            web.get("/v2/sessions", fake.list_sessions),
            web.get("/v2/room-codes/room/{room}", fake.room_codes),
        ]
    )
    async with TestServer(app) as server:
        client = HundredmsClient(
            access_key=ACCESS_KEY,
            app_secret=APP_SECRET,
            api_url=str(server.make_url("/v2")),
            patience=Patience(attempts=1),
            now=lambda: datetime.now(UTC),
        )
        yield fake, client
        await client.close()
