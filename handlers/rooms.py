"""The backend that 100ms's apps ask for rooms, tokens and attendance: same paths, bodies and answers as its sample.

The app's clients send a bearer token besides. Errors have the statuses that they know: 500 where 100ms gave no good
answer, 404 where a room had no session. What 100ms answers is passed on as it came.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import msgspec
import structlog
from aiohttp import web

from bot.clock import Clock
from bot.errors import (
    BadInput,
    BotError,
    NotAllowedNow,
    NotFound,
    PlatformBusy,
    PlatformRefused,
    PlatformUnavailable,
    UnknownPlatform,
)
from bot.scopes import Grant, Scope
from handlers.access import Access, Granted
from handlers.platforms.hundredms import connector
from handlers.platforms.hundredms.analytics import newest, session_analytics
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.hundredms.replies import Session
from storage.database import Store

STATUS_OF: Mapping[type[BotError], tuple[int, str]] = {
    BadInput: (400, "bad_input"),
    NotAllowedNow: (403, "forbidden"),
    NotFound: (404, "not_found"),
    UnknownPlatform: (404, "unknown_platform"),
    PlatformBusy: (500, "platform_busy"),
    PlatformRefused: (500, "platform_refused"),
    PlatformUnavailable: (500, "platform_unavailable"),
}

#: what `/create-room` passes on of a body
ROOM_SETTINGS = ("name", "description", "template_id", "region")

Handler = Callable[[web.Request, Grant, HundredmsClient], Awaitable[web.Response]]

log = structlog.get_logger()


class RoomsDoor:
    """`/create-room`, `/auth-token`, `/session-analytics-by-room`, `/session-list-by-room`."""

    def __init__(self, store: Store, clock: Clock, access: Access, rooms: HundredmsClient | None) -> None:
        """Without `rooms`, because no credentials of 100ms are set, every endpoint says so."""
        self._store = store
        self._clock = clock
        self._access = access
        self._rooms = rooms

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/create-room", self._guarded(self.create_room)),
            web.post("/auth-token", self._guarded(self.auth_token)),
            web.get("/session-analytics-by-room", self._guarded(self.analytics, also={Scope.READ})),
            web.get("/session-list-by-room", self._guarded(self.sessions, also={Scope.READ})),
        ]

    async def create_room(self, request: web.Request, grant: Grant, rooms: HundredmsClient) -> web.Response:
        """A new room, or the one that has this name already, as 100ms describes it."""
        if grant.course_id is not None:
            raise NotAllowedNow("This token is bound to a course, which has its room already.")
        given = await _body(request)
        settings = {name: _text(given, name) for name in ROOM_SETTINGS if given.get(name) is not None}
        return web.json_response(await rooms.create_room(settings))

    async def auth_token(self, request: web.Request, grant: Grant, rooms: HundredmsClient) -> web.Response:
        """A token for one person to join a room with; its `user_id` is what their attendance is found by."""
        given = await _body(request)
        room_id, role = _required(given, "room_id"), _required(given, "role")
        user_id = _text(given, "user_id") if given.get("user_id") is not None else ""
        await self._allow(grant, room_id)
        token = rooms.auth_token(room_id=room_id, user_id=user_id, role=role)
        return web.json_response({"token": token, "msg": "Token generated successfully!", "success": True})

    async def analytics(self, request: web.Request, grant: Grant, rooms: HundredmsClient) -> web.Response:
        """How long everybody was in the newest session of a room, in minutes."""
        found = newest(await self._sessions_of(request, grant, rooms))
        if found is None:
            raise NotFound("No session found for this room")
        return web.json_response(session_analytics(found, now=self._clock.now()))

    async def sessions(self, request: web.Request, grant: Grant, rooms: HundredmsClient) -> web.Response:
        """All sessions of a room in one array."""
        found = await self._sessions_of(request, grant, rooms)
        return web.json_response([session.written for session in found])

    async def _sessions_of(self, request: web.Request, grant: Grant, rooms: HundredmsClient) -> list[Session]:
        """Those that run and those that are over, of all pages."""
        room_id = _required(request.query, "room_id")
        await self._allow(grant, room_id)
        running = await rooms.list_sessions(room_id, active=True)
        known = {session.id for session in running}
        over = await rooms.list_sessions(room_id, active=False)
        return [*running, *(session for session in over if session.id not in known)]

    async def _allow(self, grant: Grant, room_id: str) -> None:
        """A token that is bound to a course is good for that course's room alone. Raises `NotAllowedNow`."""
        if grant.course_id is None:
            return
        async with self._store.read() as memory:
            course = await memory.courses.find(grant.course_id)
        if course is None or (course.platform, course.room) != (connector.name, room_id):
            raise NotAllowedNow("This token is bound to a course, and this is not its room.")

    def _guarded(self, handler: Handler, *, also: Collection[Scope] = ()) -> Any:
        return self._access.guarded(self._answering(handler), scope=Scope.ROOMS, also=also)

    def _answering(self, handler: Handler) -> Granted:
        """What goes wrong is said in the reply, never as a success."""

        async def answering(request: web.Request, grant: Grant) -> web.Response:
            try:
                if self._rooms is None:
                    raise UnknownPlatform("100ms is not set up here: set HMS_APP_ACCESS_KEY and HMS_APP_SECRET.")
                return await handler(request, grant, self._rooms)
            except BotError as problem:
                status, code = STATUS_OF.get(type(problem), (400, "bad_request"))
                if status >= 500:
                    log.warning("hundredms_refused", path=request.path, code=code)
                return web.json_response({"error": {"code": code, "message": str(problem)}}, status=status)

        return answering


async def _body(request: web.Request) -> Mapping[str, Any]:
    """The JSON object that was sent; none at all is an empty one. Raises `BadInput`."""
    raw = await request.read()
    if not raw.strip():
        return {}
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise BadInput("The body is no JSON object: send one with the content type application/json.") from None


def _required(given: Mapping[str, Any], name: str) -> str:
    if found := _text(given, name):
        return found
    raise BadInput(f"`{name}` is missing.")


def _text(given: Mapping[str, Any], name: str) -> str:
    """Ids may be numbers. Raises `BadInput`."""
    value = given.get(name, "")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadInput(f"`{name}` is no text.")
