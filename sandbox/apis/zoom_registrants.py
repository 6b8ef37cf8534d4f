"""Zoom's registrants: people with links of their own, three registrations a day for each."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from sandbox.apis.base import Refusal, World
from sandbox.apis.zoom_answers import Pages
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.classroom.zoom_events import seconds

MOST_REGISTRATIONS = 3
"""Of one person in one meeting, each day."""
MOST_AT_ONCE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class _Registrant:
    registrant_id: str
    email: str
    first_name: str
    last_name: str
    join_url: str
    created_at: datetime


class Registrants:
    """Who is registered for which room; all are approved at once."""

    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages
        self._registrants: dict[tuple[str, str], _Registrant] = {}
        self._registrations: Counter[tuple[str, str, str]] = Counter()

    async def listed(self, request: web.Request, room: ZoomClassroom) -> web.Response:
        for email in self._world.registered:
            self._meet(room, email, first_name=email.partition("@")[0], last_name="")
        rows = [
            {
                "id": each.registrant_id,
                "email": each.email,
                "first_name": each.first_name,
                "last_name": each.last_name,
                "status": "approved",
                "create_time": seconds(each.created_at),
                "join_url": each.join_url,
            }
            for (room_id, _), each in self._registrants.items()
            if room_id == room.room_id
        ]
        approved = request.query.get("status", "approved") == "approved"
        at_most = self._world.telling.records.a_page
        return self._pages.page(request, "registrants", rows if approved else [], at_most=at_most)

    async def register(self, request: web.Request, room: ZoomClassroom) -> web.Response:
        registrant = self._registered(room, await request.json())
        return web.json_response(
            {
                "id": int(room.room_id),
                "registrant_id": registrant.registrant_id,
                "join_url": registrant.join_url,
                "topic": room.topic,
                "start_time": seconds(self._world.clock.now()),
            },
            status=201,
        )

    async def register_many(self, request: web.Request, room: ZoomClassroom) -> web.Response:
        wanted = (await request.json()).get("registrants") or []
        if len(wanted) > MOST_AT_ONCE:
            raise Refusal(400, 300, f"At most {MOST_AT_ONCE} registrants at once.")
        made = [self._registered(room, each) for each in wanted]
        rows = [{"email": each.email, "join_url": each.join_url, "registrant_id": each.registrant_id} for each in made]
        return web.json_response({"registrants": rows}, status=201)

    def _registered(self, room: ZoomClassroom, wanted: Mapping[str, str]) -> _Registrant:
        """Whoever is registered already stays so, and it counts as one of the day's three."""
        email, first_name = str(wanted.get("email", "")).lower(), str(wanted.get("first_name", ""))
        if "@" not in email or not first_name:
            raise Refusal(400, 300, "Validation Failed.")
        now = self._world.clock.now()
        day = (room.room_id, email, f"{now:%Y-%m-%d}")
        if self._registrations[day] >= MOST_REGISTRATIONS:
            message = f"You have exceeded the daily rate limit ({MOST_REGISTRATIONS}) of Add meeting registrant API"
            raise Refusal(429, 429, f"{message} requests for the registrant ({email}).", **{"Retry-After": "3600"})
        self._registrations[day] += 1
        return self._meet(room, email, first_name=first_name, last_name=str(wanted.get("last_name", "")))

    def _meet(self, room: ZoomClassroom, email: str, *, first_name: str, last_name: str) -> _Registrant:
        """Who is registered for the room under this address, from now on if not before."""
        key = (room.room_id, email)
        if key not in self._registrants:
            registrant_id = self._world.registered.get(email) or secrets.token_urlsafe(16)
            self._registrants[key] = _Registrant(
                registrant_id=registrant_id,
                email=email,
                first_name=first_name,
                last_name=last_name,
                join_url=f"{self._world.base_url}/zoom/w/{room.room_id}?tk={registrant_id}",
                created_at=self._world.clock.now(),
            )
        return self._registrants[key]
