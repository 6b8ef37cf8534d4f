"""The page itself, how things stand for who looks at it, and *I was there*.

The page speaks the protocol of `/signaling` for everything that the protocol has a word for; deadlines and what was
missed it has none for, so these are asked for here. Whoever has the link is its person.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import hdrs, web

from bot.attendance.checks.refused import CheckRefused
from bot.attendance.checks.run import IDLE
from bot.attendance.checks.values import Answer, AnswerState, PresenceLogging
from bot.clock import Clock
from bot.errors import NotFound
from bot.text import clean_text
from handlers.checks import Checks
from handlers.signaling.bearer import Bearers
from handlers.signaling.protocol import instant
from storage.database import Store
from storage.sockets import Seat

STATIC: Final = Path(__file__).parent / "static"
#: what a browser may fetch of it
FILES: Final = {
    "check.css": "text/css",
    "check.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "wire.js": "text/javascript",
    "words.js": "text/javascript",
}
#: The first is what the page speaks to everybody else.
LANGUAGES: Final = ("en", "de")
HEADERS: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

Seated = Callable[[web.Request, Seat], Awaitable[web.Response]]


class CheckPage:
    """Serves the page of each token."""

    def __init__(self, store: Store, clock: Clock, bearers: Bearers, checks: Checks) -> None:
        self._store = store
        self._clock = clock
        self._bearers = bearers
        self._checks = checks
        self._html = (STATIC / "index.html").read_text(encoding="utf-8")
        self._files = {name: (STATIC / name).read_bytes() for name in FILES}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/check/page/{file}", self.file),
            web.get("/check/{token}", self.page),
            web.get("/check/{token}/now", self._seated(self.stand)),
            web.post("/check/{token}/was-there", self._seated(self.was_there)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The same for everybody: that a link is not good any more (401) the page says in its reader's language."""
        language = _language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        is_good = await self._bearers.seat(request.match_info["token"]) is not None
        return web.Response(
            text=self._html.replace('<html lang="en">', f'<html lang="{language}">', 1),
            status=200 if is_good else 401,
            content_type="text/html",
            headers={**HEADERS, hdrs.VARY: hdrs.ACCEPT_LANGUAGE, hdrs.CONTENT_LANGUAGE: language},
        )

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name not in FILES:
            raise web.HTTPNotFound
        return web.Response(
            body=(STATIC / name).read_bytes(), content_type=FILES[name], charset="utf-8", headers=HEADERS
        )

    async def stand(self, _request: web.Request, seat: Seat) -> web.Response:
        """How things stand for this person now."""
        async with self._store.read() as memory:
            found = await memory.checks.of([seat.lesson_id], person_ids=[seat.person_id])
        logging = found.get(seat.lesson_id)
        return web.json_response(
            {
                "now": instant(self._clock.now()),
                "name": seat.name,
                "course": seat.course,
                "starts_at": instant(seat.planned_start),
                "ends_at": instant(seat.planned_end),
                "is_running": logging is not None and logging.state not in IDLE,
                "is_asked": seat.is_student,
                "question": None if logging is None else question(logging, seat.person_id),
            },
            headers=HEADERS,
        )

    async def was_there(self, request: web.Request, seat: Seat) -> web.Response:
        """They say that they were there, after the deadline."""
        # A form of another site can be sent without asking, but never as JSON.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            checkpoint_id = clean_text(str((await request.json())["checkpoint"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return _error(400, "bad_input", 'Send {"checkpoint": "…"}.')
        try:
            await self._checks.was_there(checkpoint_id, seat.person_id, now=self._clock.now())
        except CheckRefused as refusal:
            return _error(409, refusal.code, str(refusal))
        except NotFound as problem:
            return _error(404, "not_found", str(problem))
        return web.json_response({}, headers=HEADERS)

    def _seated(self, handler: Seated) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def seated(request: web.Request) -> web.Response:
            seat = await self._bearers.seat(request.match_info["token"])
            if seat is None:
                return _error(401, "unauthorised", "This link is not good any more.")
            return await handler(request, seat)

        return seated


def question(logging: PresenceLogging, person_id: str) -> dict[str, Any] | None:
    """The newest question that was put to somebody, and their answer; None: there was none."""
    own = [answer for answer in logging.answers if answer.person_id == person_id]
    if not own:
        return None
    answer = max(own, key=lambda each: _asked_order(logging, each))
    checkpoint = logging.checkpoints[answer.checkpoint_id]
    return {
        "checkpoint": answer.checkpoint_id,
        "state": answer.state.value,
        "is_open": checkpoint in logging.open_checkpoints,
        "asked_at": _instant(answer.asked_at or checkpoint.opened_at),
        "deadline": _instant(answer.deadline),
        "ended_at": _instant(checkpoint.closed_at),
        "at": _instant(answer.at),
        "is_disputed": answer.state is AnswerState.MISSED and answer.disputed_at is not None,
    }


def _asked_order(logging: PresenceLogging, answer: Answer) -> tuple[datetime, str]:
    checkpoint = logging.checkpoints[answer.checkpoint_id]
    return (checkpoint.opened_at or checkpoint.planned_at, checkpoint.id)


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def _language(accepted: str) -> str:
    """The one of ours that a reader likes best: `de-AT,en;q=0.7` is German."""
    liked: list[tuple[float, str]] = []
    for part in accepted.lower().split(","):
        found = re.fullmatch(r"\s*([a-z]{1,8})(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part)
        if found is not None and found[1] in LANGUAGES:
            liked.append((float(found[2] or 1), found[1]))
    best = max(liked, key=lambda each: each[0], default=(0.0, LANGUAGES[0]))
    return best[1] if best[0] > 0 else LANGUAGES[0]


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=HEADERS)
