"""`GET /join/{token}`: a student's own way into the classroom. A redirect, never presence.

A press is evidence that somebody wants to be in, so that a silent platform is noticed; one a minute is kept at most.
Who only looks at the link, a previewer or a browser that loads ahead, is led to the course's own link and leaves no
trace. The target is always the course's link or what the platform itself gave us for this person: nothing of it comes
from the request.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from bot.attendance.events import Handle
from bot.attendance.lessons import CorrectionKind, Role
from bot.clock import Clock
from handlers.join_links import JoinLinks
from handlers.join_machines import is_machine
from handlers.join_pages import ENDED, NO_LINK, REVOKED, UNAVAILABLE, UNKNOWN, Page
from handlers.join_ways import Target, Ways
from handlers.slack.acts import Act, press_key
from storage.database import Store
from storage.errors import StorageError
from storage.join_links import WayIn

#: Of one person's presses in one lesson, those within this of another are not kept.
PRESS_EVERY = timedelta(minutes=1)
#: Whose press says that somebody should be seen.
EXPECTED = frozenset({Role.STUDENT, Role.TRAINER})
#: who stands in the history where a link was followed
BY_LINK = "join_link"

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}

log = structlog.get_logger()


class JoinDoor:
    """Reads the token, notes the press, leads on."""

    def __init__(
        self, store: Store, clock: Clock, links: JoinLinks, ways: Ways, *, wake: Callable[[], None] = lambda: None
    ) -> None:
        """`wake` is called when a press was noted."""
        self._store = store
        self._clock = clock
        self._links = links
        self._ways = ways
        self._wake = wake

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/join/{token}", self.join)]

    async def join(self, request: web.Request) -> web.Response:
        """302 into the room; a page that says what to do where the link is good no more, or leads nowhere."""
        place = self._links.read(request.match_info["token"])
        if place is None:
            return _shown(UNKNOWN)
        try:
            async with self._store.read() as memory:
                way = await memory.join_links.way_in(place.course_id, place.person_id)
        except StorageError as problem:
            log.error("way_in_not_found", problem=str(problem))  # noqa: TRY400  a known trouble needs no traceback
            return _shown(UNAVAILABLE)
        if way is None:
            return _shown(UNKNOWN)
        now = self._clock.now()
        if way.place != place:
            return _shown(REVOKED)
        if way.has_ended(now.astimezone(ZoneInfo(way.zone)).date()):
            return _shown(ENDED)
        if is_machine(request.method, request.headers):
            return _led(self._ways.plain(way))
        target = await self._ways.personal(way, now=now)
        await self._remember(way, target, now)
        return _led(target.url)

    async def _remember(self, way: WayIn, target: Target, now: datetime) -> None:
        """Keep what was done; the way in is open even if nothing can be kept."""
        try:
            if target.is_by_our_id and not way.is_known_by_our_id:
                await self._keep_identity(way, now)
            if await self._keep_press(way, now):
                self._wake()
        except StorageError as problem:
            log.warning("press_not_kept", course=way.place.course_id, problem=str(problem))

    async def _keep_press(self, way: WayIn, now: datetime) -> bool:
        """Of somebody who is expected in a lesson about now, and did not press just before."""
        course_id, person_id = way.place.course_id, way.place.person_id
        async with self._store.read() as memory:
            lesson = await memory.join_links.lesson_at(course_id, now)
            if lesson is None:
                return False
            lesson_id, start = lesson
            said = (await memory.corrections.of([lesson_id])).get(lesson_id, ())
        if not way.roles_on(start.astimezone(ZoneInfo(way.zone)).date()) & EXPECTED:
            return False
        pressed = [each for each in said if (each.kind, each.person) == (CorrectionKind.JOIN_PRESSED, person_id)]
        if pressed and abs(now - pressed[-1].at) < PRESS_EVERY:
            return False
        # Two requests at once, to two processes even, find the same last press and make the same key; so does Slack
        # where it tells of the button that opened the link.
        act = Act(kind=CorrectionKind.JOIN_PRESSED, person=person_id)
        key = press_key(lesson_id, act, pressed[-1] if pressed else None)
        press = act.as_correction(id_=key[:32], at=now, actor=person_id)
        async with self._store.write() as memory:
            return await memory.corrections.add(lesson_id, press, press_key=key, now=now)

    async def _keep_identity(self, way: WayIn, now: datetime) -> None:
        """Whoever comes with our id of the person in the place of an external id is this person."""
        person_id = way.place.person_id
        async with self._store.write() as memory:
            await memory.people.confirm_identity(
                course_id=way.place.course_id,
                handles=[Handle(external_id=person_id)],
                person_ids=[person_id],
                by=BY_LINK,
                now=now,
            )


def _led(url: str) -> web.Response:
    return web.Response(status=302, headers={**HEADERS, "Location": url}) if url else _shown(NO_LINK)


def _shown(page: Page) -> web.Response:
    return web.Response(status=page.status, text=page.html, content_type="text/html", headers=HEADERS)
