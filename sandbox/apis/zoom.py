"""Zoom's REST API: tokens, who took part, which sessions there were, who is in now, and registrants."""

import secrets
from base64 import b64encode
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import unquote

from aiohttp import web

from sandbox.apis.base import Api, Handler, Refusal, World
from sandbox.apis.zoom_answers import (
    Entry,
    Pages,
    in_order,
    live_row_of,
    no_meeting,
    report_row_of,
    row_of,
    running_of,
)
from sandbox.apis.zoom_registrants import Registrants
from sandbox.classroom.book import PlayedSession
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.classroom.zoom_events import seconds
from sandbox.clock import wire_now

TOKENS_KEPT = 100
USUALLY_GOOD = timedelta(hours=1)


class ZoomApi(Api):
    """`/zoom/oauth/token` gives tokens to the app, and `/zoom/v2/…` takes them.

    The uuid in a path is encoded twice, as Zoom wants it for one with a slash: encoded once it is not found.
    """

    prefix: ClassVar[str] = "zoom"
    most_a_second: ClassVar[int] = 20

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._tokens: deque[tuple[str, datetime]] = deque(maxlen=TOKENS_KEPT)
        self._pages = Pages()
        self._registrants = Registrants(world, self._pages)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/oauth/token", self._token),
            web.get("/v2/report/meetings/{uuid}/participants", self._report),
            web.get("/v2/report/meetings/{uuid}", self._past_meeting),
            web.get("/v2/past_meetings/{room}/instances", self._instances),
            web.get("/v2/past_meetings/{uuid}/participants", self._participants),
            web.get("/v2/past_meetings/{uuid}", self._past_meeting),
            web.get("/v2/metrics/meetings", self._of_dashboard(self._running)),
            web.get("/v2/metrics/meetings/{room}/participants", self._of_dashboard(self._live)),
            web.get("/v2/meetings/{room}", self._meeting),
            web.get("/v2/meetings/{room}/registrants", self._of_room(self._registrants.listed)),
            web.post("/v2/meetings/{room}/registrants", self._of_room(self._registrants.register)),
            web.post("/v2/meetings/{room}/batch_registrants", self._of_room(self._registrants.register_many)),
        ]

    def refused(self, refusal: Refusal) -> web.Response:
        body = {"code": refusal.code, "message": refusal.message}
        if isinstance(refusal.code, str):
            body = {"reason": refusal.message, "error": refusal.code}
        return web.json_response(body, status=refusal.status, headers=refusal.headers)

    def admit(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if request.path.endswith("/oauth/token"):
            keys = self.world.keys
            expected = b64encode(f"{keys.zoom_client_id}:{keys.zoom_client_secret}".encode()).decode()
            if given != f"Basic {expected}":
                raise Refusal(400, "invalid_client", "Invalid client_id or client_secret")
            return
        until = next((until for token, until in self._tokens if given == f"Bearer {token}"), None)
        if until is None:
            raise Refusal(401, 124, "Invalid access token.")
        if wire_now() >= until:
            raise Refusal(401, 124, "Access token is expired.")

    # Tokens

    async def _token(self, request: web.Request) -> web.Response:
        if request.query.get("grant_type") != "account_credentials":
            raise Refusal(400, "unsupported_grant_type", "Unsupported grant type")
        if request.query.get("account_id") != self.world.keys.zoom_account_id:
            raise Refusal(400, "invalid_request", "Bad request")
        token, lasts = secrets.token_urlsafe(32), self.world.telling.records.tokens_last or USUALLY_GOOD
        self._tokens.append((token, wire_now() + lasts))
        return web.json_response(
            {
                "access_token": token,
                "token_type": "bearer",
                "expires_in": int(lasts.total_seconds()),
                "scope": "report:read:admin meeting:read:admin meeting:write:admin",
                "api_url": "https://api.zoom.us",
            }
        )

    # Sessions that are over

    async def _report(self, request: web.Request) -> web.Response:
        """Of somebody who was alone there is no report."""
        _, session = self._over(request.match_info["uuid"])
        several = len({stay.participant.handle for stay in session.stays}) > 1
        with_registrants = "registrant_id" in request.query.get("include_fields", "")
        rows = [report_row_of(stay, with_registrants=with_registrants) for stay in in_order(session)]
        return self._page(request, rows if several else [])

    async def _participants(self, request: web.Request) -> web.Response:
        _, session = self._over(request.match_info["uuid"])
        return self._page(request, [row_of(stay) for stay in in_order(session)])

    async def _past_meeting(self, request: web.Request) -> web.Response:
        room, session = self._over(request.match_info["uuid"])
        assert session.until is not None
        return web.json_response(
            {
                "id": int(room.room_id),
                "uuid": session.session_id,
                "duration": int((session.until - session.since).total_seconds() // 60),
                "start_time": seconds(session.since),
                "end_time": seconds(session.until),
                "host_id": room.host.zoom_id,
                "participants_count": len({stay.participant.handle for stay in session.stays}),
                "source": "Zoom",
                "topic": room.topic,
                "type": 8,
                "user_name": room.host.name,
            }
        )

    async def _instances(self, request: web.Request) -> web.Response:
        """All that are over, whether or not anything else is known of them yet."""
        room = self._room(request.match_info["room"])
        over = [session for session in room.book if session.until is not None]
        return web.json_response(
            {"meetings": [{"uuid": session.session_id, "start_time": seconds(session.since)} for session in over]}
        )

    # What runs

    async def _running(self, request: web.Request) -> web.Response:
        """Every meeting of the account in which somebody is; how many are in is counted without who waits."""
        if request.query.get("type") != "live" or not {"from", "to"} <= request.query.keys():
            raise Refusal(400, 300, "The sandbox's dashboard lists what is live, from a date to a date.")
        rows = [running_of(room, running) for room in self._rooms() if (running := room.book.running) is not None]
        return self._pages.page(request, "meetings", rows, at_most=self.world.telling.records.a_page)

    async def _live(self, request: web.Request) -> web.Response:
        room = self._room(request.match_info["room"])
        if room.book.running is None:
            raise no_meeting(room.room_id)
        return self._page(request, [live_row_of(stay, host=room.host) for stay in in_order(room.book.running)])

    # Meetings

    async def _meeting(self, request: web.Request) -> web.Response:
        room = self._room(request.match_info["room"])
        return web.json_response(
            {
                "id": int(room.room_id),
                "host_id": room.host.zoom_id,
                "topic": room.topic,
                "type": 8,
                "join_url": f"{self.world.base_url}/zoom/j/{room.room_id}",
                "settings": {"approval_type": 0},
            }
        )

    # How it is done

    def _of_dashboard(self, answer: Handler) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            if self.world.telling.records.has_no_dashboard:
                raise Refusal(400, 200, "This API is only available for Business or higher accounts.")
            return await answer(request)

        return handler

    def _of_room(self, answer: Callable[[web.Request, ZoomClassroom], Awaitable[web.Response]]) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            return await answer(request, self._room(request.match_info["room"]))

        return handler

    def _page(self, request: web.Request, rows: list[Entry]) -> web.Response:
        at_most = self.world.telling.records.a_page
        return self._pages.page(request, "participants", rows, at_most=at_most)

    def _room(self, number: str) -> ZoomClassroom:
        room = self.world.rooms.get(number)
        if not isinstance(room, ZoomClassroom):
            raise no_meeting(number)
        return room

    def _over(self, written: str) -> tuple[ZoomClassroom, PlayedSession]:
        """A session that is over and of which there is a record; of a meeting's number the latest."""
        now, telling = self.world.clock.now(), self.world.telling
        for room in self._rooms():
            for session in telling.sessions(room.book, now):
                if session.until is not None and (
                    written == room.room_id or ("/" not in written and unquote(written) == session.session_id)
                ):
                    return room, session
        raise no_meeting(written)

    def _rooms(self) -> Iterator[ZoomClassroom]:
        return (room for room in self.world.rooms.values() if isinstance(room, ZoomClassroom))
