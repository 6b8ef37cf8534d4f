"""How Zoom's REST API writes down who took part, and lists page by page."""

import secrets
from collections import deque
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sandbox.apis.base import Refusal
from sandbox.classroom.book import PlayedSession, Stay
from sandbox.classroom.participant import Participant
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.classroom.zoom_events import seconds

A_PAGE, MOST_A_PAGE = 30, 300
PAGES_KEPT = 1_000

Entry = dict[str, Any]


class Pages:
    """Cuts lists into pages; the token of a page is good for the same list alone."""

    def __init__(self) -> None:
        self._begun: deque[tuple[str, str, int]] = deque(maxlen=PAGES_KEPT)

    def page(self, request: web.Request, name: str, rows: Sequence[Entry], *, at_most: int) -> web.Response:
        """The page that is asked for, with the token of the next; `at_most` so many rows, 0 for as many as Zoom has."""
        size = min(int(request.query.get("page_size", A_PAGE)), at_most or MOST_A_PAGE, MOST_A_PAGE)
        first = self._first(request)
        following = ""
        if first + size < len(rows):
            following = secrets.token_urlsafe(24)
            self._begun.append((following, request.path, first + size))
        told = {"page_count": max(1, -(-len(rows) // size)), "page_size": size, "total_records": len(rows)}
        return web.json_response({"next_page_token": following, **told, name: rows[first : first + size]})

    def _first(self, request: web.Request) -> int:
        token = request.query.get("next_page_token", "")
        if not token:
            return 0
        for known, path, place in self._begun:
            if (known, path) == (token, request.path):
                return place
        raise Refusal(400, 300, "The next page token is invalid or expired.")


def no_meeting(number: str) -> Refusal:
    """There is none, or it is not over, or nothing is known of it yet."""
    return Refusal(404, 3001, f"Meeting does not exist: {number}.")


def in_order(session: PlayedSession) -> list[Stay]:
    """The stays, as they began."""
    return sorted(session.stays, key=lambda stay: (stay.since, stay.number))


def row_of(stay: Stay) -> Entry:
    """Guests have empty texts; a telephone's name is its number."""
    who = stay.participant
    return {
        "id": who.zoom_id,
        "name": stay.name,
        "user_id": stay.number,
        "registrant_id": who.registrant_id,
        "user_email": who.email,
        "join_time": seconds(stay.since),
        "leave_time": seconds(stay.until) if stay.until else "",
        "duration": int((stay.until - stay.since).total_seconds()) if stay.until else 0,
        "failover": False,
        "status": "in_waiting_room" if stay.is_waiting else "in_meeting",
        "internal_user": False,
    }


def running_of(room: ZoomClassroom, session: PlayedSession) -> Entry:
    """A meeting that runs, as the dashboard lists it."""
    inside = [stay for stay in session.stays if stay.until is None and not stay.is_waiting]
    return {
        "uuid": session.session_id,
        "id": int(room.room_id),
        "topic": room.topic,
        "host": room.host.name,
        "email": room.host.email,
        "user_type": "Licensed",
        "start_time": seconds(session.since),
        "duration": "",
        "participants": len(inside),
        "has_pstn": False,
        "has_screen_share": False,
    }


def live_row_of(stay: Stay, *, host: Participant) -> Entry:
    """One connection in a meeting that runs; who waits is in the list, and so is who left."""
    who = stay.participant
    return {
        "id": who.zoom_id,
        "user_id": stay.number,
        "participant_uuid": stay.connection,
        "user_name": stay.name,
        "email": who.email,
        "registrant_id": who.registrant_id,
        "customer_key": who.customer_key,
        "role": "host" if who.handle == host.handle else "participant",
        "device": "Windows",
        "join_time": seconds(stay.since),
        "leave_time": seconds(stay.until) if stay.until else "",
        "status": "in_waiting_room" if stay.is_waiting else "in_meeting",
        "in_room_participants": 1,
    }


def report_row_of(stay: Stay, *, with_registrants: bool) -> Entry:
    """The same as the report has it."""
    row = {**row_of(stay), "customer_key": stay.participant.customer_key, "bo_mtg_id": stay.place}
    row |= {"participant_user_id": stay.participant.zoom_id}
    del row["internal_user"]
    if not with_registrants:
        del row["registrant_id"]
    return row
