"""100ms's REST API: rooms, sessions, who is in, room codes, and webhooks that failed.

Every method raises `PlatformBusy`, `PlatformRefused` or `PlatformUnavailable`, and nothing else.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from bot.attendance.inside import Inside
from bot.attendance.records import PlatformRecord
from bot.clock import wire_now
from bot.connectors import AskedRoom, AskedSession
from bot.errors import PlatformRefused, PlatformUnavailable, UnreadableDelivery
from bot.payloads import text
from bot.settings import Settings
from handlers.platform_api import Patience, PlatformApi
from handlers.platforms.hundredms.connector import RECORDER_ROLE
from handlers.platforms.hundredms.record import record_of
from handlers.platforms.hundredms.replies import (
    ActivePeers,
    ActiveRoom,
    FailedWebhook,
    Peer,
    Replay,
    RoomCode,
    RoomCodes,
    Session,
    SessionsPage,
    WebhooksPage,
    Written,
    WrittenActiveRoom,
    WrittenWebhook,
    active_room_of,
    failed_webhooks_of,
    is_true,
    peers_of,
    room_codes_of,
    session_of,
)
from handlers.platforms.hundredms.settings import HundredmsSettings
from handlers.platforms.hundredms.tokens import LASTS, Tokens

#: of 100ms's own, for each page
MOST_SESSIONS, MOST_WEBHOOKS = 100, 100
#: a session ends after it, whoever is in
LONGEST_SESSION = timedelta(hours=12)
#: 100ms remembers deliveries so long, and tells of so many days at once
REMEMBERED, WINDOW = timedelta(days=30), timedelta(days=14)
#: who is in is asked room by room
ROOMS_AT_ONCE = 5
#: no school has more; an API that always says *there is more* is asked no further
MOST_PAGES = 500


class HundredmsClient:
    """One 100ms app's API; a `RecordClient`. `close` it."""

    def __init__(
        self,
        *,
        access_key: str,
        app_secret: str,
        api_url: str,
        patience: Patience | None = None,
        now: Callable[[], datetime] = wire_now,
    ) -> None:
        """`now` is wire time, for tokens."""
        self._tokens = Tokens(access_key=access_key, app_secret=app_secret, now=now)
        self._api = PlatformApi("100ms", api_url, proof=self._tokens, patience=patience)

    @classmethod
    def from_settings(cls, settings: Settings) -> "HundredmsClient | None":
        """None without the app's access key and secret."""
        ours = settings.of(HundredmsSettings)
        key, secret = ours.app_access_key, ours.app_secret
        if key is None or secret is None:
            return None
        return cls(access_key=key.get_secret_value(), app_secret=secret.get_secret_value(), api_url=ours.api_url)

    async def close(self) -> None:
        await self._api.close()

    async def check(self) -> None:
        """Whether 100ms takes our credentials: raises if not."""
        await self._api.get("list the sessions", "/sessions", active="true", limit=10)

    # Rooms and ways into them

    def auth_token(self, *, room_id: str, user_id: str, role: str, lasts: timedelta = LASTS) -> str:
        """A JWT that lets one person into one room in one role of the room's template; nobody is asked for it."""
        return self._tokens.for_room(room_id=room_id, user_id=user_id, role=role, lasts=lasts)

    async def create_room(self, wanted: Mapping[str, Any]) -> Written:
        """The room as 100ms wrote it; `name`, `description`, `template_id`, `region`, all optional, without empty ones.

        A room of that name that exists already is the answer, with what is new changed.
        """
        given = {name: value for name, value in wanted.items() if value is not None and value != ""}
        what = "create a room"
        body = await self._api.post(what, "/rooms", given, is_repeatable="name" in given)
        return self._api.read(what, body, dict[str, Any])

    async def create_room_codes(self, room_id: str) -> tuple[RoomCode, ...]:
        """A code for each role of the room; asked again, the same ones. They never end."""
        what = "make codes for a room"
        body = await self._api.post(what, f"/room-codes/room/{_in_path(room_id)}", is_repeatable=True)
        return room_codes_of(self._api.read(what, body, RoomCodes))

    async def room_codes(self, room_id: str) -> tuple[RoomCode, ...]:
        """The codes that a room has, and so its roles; none are made."""
        what = "list the codes of a room"
        body = await self._found(what, f"/room-codes/room/{_in_path(room_id)}")
        return () if body is None else room_codes_of(self._api.read(what, body, RoomCodes))

    # Who is in now

    async def active_room(self, room_id: str) -> ActiveRoom | None:
        """The session that runs in a room; None if none does."""
        what = "look into a room"
        body = await self._found(what, f"/active-rooms/{_in_path(room_id)}")
        return None if body is None else active_room_of(self._api.read(what, body, WrittenActiveRoom))

    async def active_peers(self, room_id: str) -> tuple[Peer, ...]:
        """Who is in a room now, a peer for each device."""
        what = "see who is in a room"
        body = await self._found(what, f"/active-rooms/{_in_path(room_id)}/peers")
        return () if body is None else peers_of(self._api.read(what, body, ActivePeers).peers)

    async def inside(self, rooms: Sequence[AskedRoom], *, now: datetime) -> Mapping[str, Inside]:  # noqa: ARG002  100ms knows what is now
        places = asyncio.Semaphore(ROOMS_AT_ONCE)

        async def asked(room: str) -> Inside:
            async with places:
                peers = [peer for peer in await self.active_peers(room) if peer.role != RECORDER_ROLE]
            came = [peer.joined_at for peer in peers if peer.joined_at is not None]
            return Inside(people=len(peers), came_at=max(came, default=None))

        answers = await asyncio.gather(*(asked(each.room) for each in rooms), return_exceptions=True)
        problems = [each for each in answers if isinstance(each, BaseException)]
        if problems and len(problems) == len(answers):
            raise problems[0]
        return {each.room: found for each, found in zip(rooms, answers, strict=True) if isinstance(found, Inside)}

    # Sessions

    async def list_sessions(
        self, room_id: str, *, active: bool, after: datetime | None = None, before: datetime | None = None
    ) -> list[Session]:
        """A room's sessions, all pages, as 100ms orders them (the latest first).

        Running ones or ended ones, as said by `active`: 100ms never gives both. `after` and `before` are about their
        beginning.
        """
        what = "list the sessions"
        query: dict[str, str | int] = {"room_id": room_id, "active": str(active).lower(), "limit": MOST_SESSIONS}
        query |= {name: _written(at) for name, at in (("after", after), ("before", before)) if at is not None}
        found: dict[str, Session] = {}
        starts: set[str] = set()
        while len(starts) < MOST_PAGES:
            page = self._api.read(what, await self._api.get(what, "/sessions", **query), SessionsPage)
            sessions = [self._session(what, bytes(each)) for each in page.data or ()]
            found |= {each.id: each for each in sessions if each.id and each.id not in found}
            start = text(page.last)
            if not sessions or not start or start in starts:
                break
            starts.add(start)
            query["start"] = start
        return list(found.values())

    async def retrieve_session(self, session_id: str) -> Session | None:
        """One session with everybody who was in it; None if there is no such session."""
        what = "retrieve a session"
        body = await self._found(what, f"/sessions/{_in_path(session_id)}")
        return None if body is None else self._session(what, body)

    # As a `RecordClient`

    async def sessions(self, asked: AskedRoom, *, now: datetime) -> Sequence[str]:  # noqa: ARG002  100ms knows what runs
        found: list[Session] = []
        for active in (True, False):
            found += await self.list_sessions(
                asked.room, active=active, after=asked.start - LONGEST_SESSION, before=asked.end
            )
        return list(dict.fromkeys(each.id for each in found if each.id and _ran_in(each, asked)))

    async def records(self, asked: AskedSession, *, now: datetime) -> PlatformRecord | None:
        session = await self.retrieve_session(asked.session)
        return None if session is None else record_of(session, room=asked.room, now=now)

    async def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        """Ask for the webhooks that failed to be sent again; 100ms sends ten a second."""
        since = max(since, now - REMEMBERED + timedelta(minutes=1))
        count = 0
        while since < until:
            end = min(until, since + WINDOW)
            failed = await self.failed_webhooks(since=since, until=end)
            if failed:
                await self.replay_webhooks(since=since, until=end)
            count += len(failed)
            since = end
        return count

    # Webhooks that failed

    async def failed_webhooks(self, *, since: datetime, until: datetime) -> list[FailedWebhook]:
        """What 100ms could not deliver in at most 14 of the last 30 days, all pages."""
        what = "list the webhooks that failed"
        written: list[WrittenWebhook] = []
        for page_number in range(1, MOST_PAGES + 1):
            body = await self._api.get(
                what,
                "/analytics/webhooks",
                start_time=_written(since),
                end_time=_written(until),
                status="failed",
                limit=MOST_WEBHOOKS,
                page=page_number,
            )
            page = self._api.read(what, body, WebhooksPage)
            written += page.events or ()
            if not page.events or page.pagination is None or not is_true(page.pagination.has_next):
                break
        return failed_webhooks_of(written)

    async def replay_webhooks(self, *, since: datetime, until: datetime) -> str:
        """Have them sent again; 100ms's id of that work. The same one asked for twice is done once."""
        what = "send webhooks again"
        wanted = {"start_time": _written(since), "end_time": _written(until), "status": "failed"}
        body = await self._api.post(what, "/analytics/webhooks/replay", wanted, query=wanted, is_repeatable=True)
        return text(self._api.read(what, body, Replay).workflow_id)

    # How it is done

    async def _found(self, what: str, path: str) -> bytes | None:
        try:
            return await self._api.get(what, path)
        except PlatformRefused as refused:
            if refused.status == 404:
                return None
            raise

    def _session(self, what: str, body: bytes) -> Session:
        try:
            return session_of(body)
        except UnreadableDelivery as problem:
            raise PlatformUnavailable(f"100ms answered nothing usable when asked to {what}: {problem}") from None


def _ran_in(session: Session, asked: AskedRoom) -> bool:
    """Of one without times nobody knows: it is looked at."""
    begins = session.created_at is None or session.created_at < asked.end
    return begins and (session.is_active or session.updated_at is None or session.updated_at > asked.start)


def _in_path(identifier: str) -> str:
    return quote(identifier, safe="")


def _written(moment: datetime) -> str:
    """RFC 3339 with milliseconds, as 100ms asks for it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
