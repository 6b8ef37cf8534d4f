"""100ms's REST API: sessions, active rooms, rooms and their codes, and webhooks that it could not deliver."""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from aiohttp import web

from sandbox.apis.base import Api, Refusal, World
from sandbox.apis.hundredms_answers import Entry, active_peer_of, event_of, moment, session_of, written
from sandbox.classroom.book import PlayedSession
from sandbox.classroom.deliveries import Delivery
from sandbox.classroom.hundredms import ROLES, HundredmsClassroom
from sandbox.clock import wire_now

FEWEST_A_PAGE, MOST_A_PAGE = 10, 100
WEBHOOKS_A_PAGE = 50
REMEMBERED, WINDOW = timedelta(days=30), timedelta(days=14)
LONGEST_TOKEN = timedelta(days=14)
ROOMS_KEPT = 200
UNDELIVERED = frozenset({"lost", "given up"})


class HundredmsApi(Api):
    """`/100ms/v2/…`; a call brings a JWT signed with the app's secret, which is looked at as 100ms does."""

    prefix: ClassVar[str] = "100ms"
    most_a_second: ClassVar[int] = 50

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._created: dict[str, Entry] = {}
        self._codes: dict[tuple[str, str], str] = {}
        self._replayed: set[tuple[str, int]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v2/sessions", self._sessions),
            web.get("/v2/sessions/{session}", self._one_session),
            web.get("/v2/active-rooms/{room}", self._active_room),
            web.get("/v2/active-rooms/{room}/peers", self._active_peers),
            web.post("/v2/rooms", self._create_room),
            web.get("/v2/room-codes/room/{room}", self._room_codes),
            web.post("/v2/room-codes/room/{room}", self._room_codes),
            web.get("/v2/analytics/webhooks", self._webhooks),
            web.post("/v2/analytics/webhooks/replay", self._replay),
        ]

    def refused(self, refusal: Refusal) -> web.Response:
        body: Entry = {"code": refusal.code, "message": refusal.message, "details": []}
        return web.json_response(body, status=refusal.status, headers=refusal.headers)

    def admit(self, request: web.Request) -> None:
        claims = self._claims(request.headers.get("Authorization", "").removeprefix("Bearer "))
        now, lasts = wire_now().timestamp(), (self.world.telling.records.tokens_last or LONGEST_TOKEN).total_seconds()
        good = claims.get("type") == "management" and claims.get("version") == 2 and claims.get("jti")
        if not good or claims.get("access_key") != self.world.keys.hms_access_key:
            raise Refusal(401, 401, "Token validation error")
        begins, ends = claims.get("nbf", claims.get("iat", 0)), claims.get("exp", 0)
        if not begins - 60 <= now < min(ends, begins + lasts):
            raise Refusal(401, 401, "token is expired")

    def _claims(self, token: str) -> Mapping[str, Any]:
        """What a token says, if our secret signed it."""
        head, dot, rest = token.partition(".")
        body, second, signature = rest.partition(".")
        expected = hmac.new(self.world.keys.hms_secret.encode(), f"{head}.{body}".encode(), sha256).digest()
        try:
            if not (dot and second and hmac.compare_digest(_decoded(signature), expected)):
                raise Refusal(401, 401, "Token validation error")
            claims = json.loads(_decoded(body))
        except (NoBase64, ValueError):
            raise Refusal(401, 401, "Token validation error") from None
        return claims if isinstance(claims, dict) else {}

    # Sessions

    async def _sessions(self, request: web.Request) -> web.Response:
        """The latest first; `active` is true where nobody says otherwise."""
        query = request.query
        wants_active = query.get("active", "true") == "true"
        found = [
            (played.since, session_of(room, played))
            for room, played in self._told()
            if (played.until is None) == wants_active
            and query.get("room_id", room.room_id) == room.room_id
            and moment(query.get("after"), datetime.min.replace(tzinfo=UTC)) <= played.since
            and played.since <= moment(query.get("before"), datetime.max.replace(tzinfo=UTC))
        ]
        sessions = [session for _, session in sorted(found, key=lambda each: each[0], reverse=True)]
        asked = min(max(int(query.get("limit", FEWEST_A_PAGE)), FEWEST_A_PAGE), MOST_A_PAGE)
        limit = self.world.telling.records.a_page or asked
        ids = [each["id"] for each in sessions]
        first = ids.index(query["start"]) + 1 if query.get("start") in ids else 0
        page = sessions[first : first + limit]
        return web.json_response({"limit": asked, "data": page, "last": page[-1]["id"] if page else ""})

    async def _one_session(self, request: web.Request) -> web.Response:
        for room, played in self._told():
            if played.session_id == request.match_info["session"]:
                return web.json_response(session_of(room, played))
        raise Refusal(404, 404, "session not found")

    # Who is in now

    async def _active_room(self, request: web.Request) -> web.Response:
        room, played = self._active(request)
        inside = [stay.connection for stay in played.stays if stay.until is None]
        session = {"id": played.session_id, "created_at": written(played.since), "peers": inside}
        whose = {"id": room.room_id, "name": room.topic, "customer_id": room.account_id}
        return web.json_response({**whose, "session": session})

    async def _active_peers(self, request: web.Request) -> web.Response:
        _, played = self._active(request)
        inside = [stay for stay in played.stays if stay.until is None]
        return web.json_response({"peers": {stay.connection: active_peer_of(stay) for stay in inside}})

    # Rooms

    async def _create_room(self, request: web.Request) -> web.Response:
        """A room of that name that exists already is the answer, with what is new."""
        wanted = await request.json()
        name = str(wanted.get("name") or f"new-room-{secrets.token_hex(4)}").lower()
        now = written(self.world.clock.now())
        if name not in self._created:
            if len(self._created) >= ROOMS_KEPT:
                raise Refusal(429, 429, "rate limit exceeded, retry after 45 seconds")
            self._created[name] = {
                "id": secrets.token_hex(12),
                "name": name,
                "enabled": True,
                "customer_id": secrets.token_hex(12),
                "recording_info": {"enabled": False},
                "template": "school",
                "created_at": now,
            }
        told = {key: wanted[key] for key in ("description", "template_id", "region") if wanted.get(key)}
        self._created[name] |= {"description": "", "region": "eu", **told, "updated_at": now}
        return web.json_response(self._created[name])

    async def _room_codes(self, request: web.Request) -> web.Response:
        """One for each role, the same ones each time."""
        room_id = request.match_info["room"]
        if room_id not in self.world.rooms and room_id not in {each["id"] for each in self._created.values()}:
            raise Refusal(404, 404, "room not found")
        now = written(self.world.clock.now())
        return web.json_response(
            {
                "data": [
                    {
                        "code": self._codes.setdefault((room_id, role), _new_code()),
                        "room_id": room_id,
                        "role": role,
                        "enabled": True,
                        "created_at": now,
                        "updated_at": now,
                    }
                    for role in sorted(ROLES.values())
                ]
            }
        )

    # Webhooks that were not delivered

    async def _webhooks(self, request: web.Request) -> web.Response:
        found = list(self._undelivered(request.query))
        size, number = int(request.query.get("limit", WEBHOOKS_A_PAGE)), int(request.query.get("page", 1))
        pages = max(1, -(-len(found) // size))
        return web.json_response(
            {
                "events": [event_of(room, each) for room, each in found[(number - 1) * size : number * size]],
                "pagination": {
                    "current_page": number,
                    "page_size": size,
                    "total_pages": pages,
                    "total_items": len(found),
                    "has_next": number < pages,
                    "has_prev": number > 1,
                },
                "summary": {"total_events": len(found)},
            }
        )

    async def _replay(self, request: web.Request) -> web.Response:
        """They go out again at once, with a mark; what was replayed before is not."""
        wanted = {**(await request.json() if request.can_read_body else {}), **request.query}
        for room, delivery in list(self._undelivered(wanted)):
            self._replayed.add((room.room_id, delivery.number))
            body = json.loads(delivery.body)
            room.deliveries.put(delivery.event, json.dumps({**body, "is_replay": True}, separators=(",", ":")).encode())
        filters = {"start_time": wanted.get("start_time", ""), "end_time": wanted.get("end_time", ""), "room_id": ""}
        return web.json_response(
            {
                "workflow_id": f"webhook-replay-{secrets.token_hex(4)}",
                "status": "started",
                "message": "Webhook replay has been queued for processing",
                "filters": {**filters, "event_types": []},
            }
        )

    def _undelivered(self, query: Mapping[str, str]) -> Iterator[tuple[HundredmsClassroom, Delivery]]:
        now = self.world.clock.now()
        since = moment(query.get("start_time"), now - timedelta(days=1))
        until = moment(query.get("end_time"), now)
        if since < now - REMEMBERED:
            raise Refusal(400, 400, "start_time must be within the last 30 days")
        if not since <= until <= since + WINDOW:
            raise Refusal(400, 400, "end_time must be within 14 days after start_time")
        for room in self._rooms():
            for delivery in room.deliveries.record:
                is_new = (room.room_id, delivery.number) not in self._replayed
                if is_new and delivery.state in UNDELIVERED and since <= delivery.at <= until:
                    yield room, delivery

    # How it is done

    def _rooms(self) -> Iterator[HundredmsClassroom]:
        return (room for room in self.world.rooms.values() if isinstance(room, HundredmsClassroom))

    def _told(self) -> Iterator[tuple[HundredmsClassroom, PlayedSession]]:
        """All sessions of which there is a record, and those that run."""
        for room in self._rooms():
            for played in self.world.telling.sessions(room.book, self.world.clock.now()):
                yield room, played

    def _active(self, request: web.Request) -> tuple[HundredmsClassroom, PlayedSession]:
        room = self.world.rooms.get(request.match_info["room"])
        if not isinstance(room, HundredmsClassroom) or room.book.running is None:
            raise Refusal(404, 404, "active room not found")
        return room, room.book.running


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _new_code() -> str:
    return "-".join(secrets.token_hex(2)[:length] for length in (3, 4, 3))
