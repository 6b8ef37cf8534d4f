"""As much of Zoom's REST API as registrations need."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.platform_api import Patience
from handlers.platforms.zoom.client import ZoomClient

PAGE = 2


class FakeZoom:
    """One meeting per number asked for. `trouble` is (status, body, headers) for everything but tokens."""

    def __init__(self) -> None:
        #: 0: Zoom approves, 1: the host, 2: nobody is registered
        self.approval = 0
        self.registrants: list[dict[str, str]] = []
        #: first and last name by e-mail, as they were registered
        self.names: dict[str, tuple[str, str]] = {}
        #: addresses that Zoom takes for none
        self.refused: set[str] = set()
        self.trouble: tuple[int, Any, dict[str, str]] | None = None
        #: how often each person was registered
        self.counted: dict[str, int] = {}
        self.calls: list[str] = []

    async def token(self, _request: web.Request) -> web.Response:
        return web.json_response({"access_token": "token", "expires_in": 3600, "api_url": ""})

    async def meeting(self, request: web.Request) -> web.Response:
        number = request.match_info["meeting"]
        return web.json_response(
            {
                "id": int(number),
                "join_url": f"https://zoom.example/j/{number}",
                "settings": {"approval_type": self.approval},
            }
        )

    async def listed(self, request: web.Request) -> web.Response:
        first = int(request.query.get("next_page_token") or 0)
        rest = len(self.registrants) > first + PAGE
        page = self.registrants[first : first + PAGE]
        return web.json_response({"registrants": page, "next_page_token": str(first + PAGE) if rest else ""})

    async def register(self, request: web.Request) -> web.Response:
        wanted = json.loads(await request.read())["registrants"]
        if self.refused & {each["email"] for each in wanted}:
            return web.json_response({"code": 300, "message": "Invalid email"}, status=400)
        for each in wanted:
            self.counted[each["email"]] = self.counted.get(each["email"], 0) + 1
            self.names[each["email"]] = (each["first_name"], each["last_name"])
        if self.approval:
            return web.json_response(
                {"registrants": [{"email": each["email"], "registrant_id": "r"} for each in wanted]}
            )
        made = [self.knows(each["email"]) for each in wanted]
        return web.json_response({"registrants": [{**each, "registrant_id": each["id"]} for each in made]}, status=201)

    def knows(self, email: str) -> dict[str, str]:
        """Somebody who is registered and approved."""
        made = {"id": f"reg-{email}", "email": email, "join_url": f"https://zoom.example/w/1?tk={email}"}
        self.registrants.append(made)
        return made

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path != "/oauth/token":
            self.calls.append(f"{request.method} {request.path}")
            if self.trouble is not None:
                status, body, headers = self.trouble
                return web.json_response(body, status=status, headers=headers)
        response: web.StreamResponse = await handler(request)
        return response


@asynccontextmanager
async def zoom_api() -> AsyncIterator[tuple[FakeZoom, ZoomClient]]:
    """The API and a client for it, which waits for nothing."""
    fake = FakeZoom()
    app = web.Application(middlewares=[fake.guard])
    app.add_routes(
        [
            web.post("/oauth/token", fake.token),
            web.get("/v2/meetings/{meeting}", fake.meeting),
            web.get("/v2/meetings/{meeting}/registrants", fake.listed),
            web.post("/v2/meetings/{meeting}/batch_registrants", fake.register),
        ]
    )
    async with TestServer(app) as server:
        client = ZoomClient(
            account_id="school",
            client_id="client",
            client_secret="client secret of the school",
            api_url=str(server.make_url("/v2")),
            oauth_url=str(server.make_url("/oauth/token")),
            patience=Patience(attempts=1),
        )
        yield fake, client
        await client.close()
