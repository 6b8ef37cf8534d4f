"""Where a personal link leads, platform by platform: as personally as it can be, else to the course's own link."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import jwt
import structlog
from yarl import URL

from bot.attendance.lessons import Role
from bot.clock import wire_now
from bot.errors import BotError
from bot.scopes import Scope
from handlers.keys import Keys, SealBroken
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.hundredms.connector import HOST_ROLES
from handlers.platforms.hundredms.replies import RoomCode
from storage.database import Store
from storage.errors import StorageError
from storage.join_links import WayIn

#: A person waits: what a platform does not answer within so many wire seconds is done without.
PATIENCE = 2.5
#: Codes of a room change when a school edits its template.
REMEMBERED = timedelta(minutes=10)
#: Who is enrolled in several roles comes in the first of them.
PRECEDENCE = (Role.TRAINER, Role.STUDENT, Role.OBSERVER)
#: An auth token is looked at when somebody joins: a lesson's length for who loads the page again.
TOKEN_LASTS = timedelta(hours=12)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Target:
    """Where to."""

    #: fit for a header; empty: nowhere
    url: str
    #: the platform is given our id of the person as the school's own
    is_by_our_id: bool = False


class Ways:
    """Makes targets; what goes wrong is logged and leaves the course's own link."""

    def __init__(self, store: Store, keys: Keys, *, rooms: HundredmsClient | None = None) -> None:
        """Without `rooms` nobody has an auth token."""
        self._store = store
        self._keys = keys
        self._rooms = rooms
        self._codes: dict[str, tuple[datetime, Sequence[RoomCode]]] = {}
        self._by_platform: Mapping[str, Callable[[WayIn, datetime], Awaitable[Target | None]]] = {
            "zoom": self._as_registrant,
            "100ms": self._with_auth_token,
            "vcaas": self._with_external_id,
            "signaling": self._with_signaling_token,
        }

    def plain(self, way: WayIn) -> str:
        """The course's own link, fit for a header; empty where it has none."""
        return _fit(way.join_url)

    async def personal(self, way: WayIn, *, now: datetime) -> Target:
        """The most personal way there is."""
        plain = self.plain(way)
        make = self._by_platform.get(way.platform)
        if not plain or make is None:
            return Target(plain)
        try:
            async with asyncio.timeout(PATIENCE):
                found = await make(way, now)
        except (BotError, StorageError, TimeoutError) as problem:
            log.warning("join_not_personal", course=way.place.course_id, why=type(problem).__name__)
            found = None
        return found if found is not None and found.url else Target(plain)

    async def _as_registrant(self, way: WayIn, now: datetime) -> Target | None:
        if not way.sealed_url:
            return None
        try:
            return Target(_fit(self._keys.unseal(way.sealed_url)))
        except SealBroken:  # the secret key was replaced
            async with self._store.write() as memory:
                await memory.registrants.again(way.place.course_id, way.place.person_id, now=now)
            return None

    async def _with_auth_token(self, way: WayIn, now: datetime) -> Target | None:
        """The room's page takes the token as a parameter. The role is the one that the course's link gives."""
        client = self._rooms
        if client is None:
            return None
        role = _role_in(way)
        if not role or _teaches(way, now):
            role = _role_of(way, await self._codes_of(client, way.room, now), teaches=_teaches(way, now)) or role
        if not role:
            return None
        token = client.auth_token(room_id=way.room, user_id=_user_id(way), role=role, lasts=TOKEN_LASTS)
        return Target(_with(way.join_url, auth_token=token), is_by_our_id=not way.external_id)

    async def _with_external_id(self, way: WayIn, _now: datetime) -> Target | None:
        return Target(_with(way.join_url, externalId=_user_id(way)), is_by_our_id=not way.external_id)

    async def _with_signaling_token(self, way: WayIn, now: datetime) -> Target | None:
        """A page of one's own is given what its socket needs; outside the lessons there is nothing to join."""
        course_id, person_id = way.place.course_id, way.place.person_id
        async with self._store.read() as memory:
            lesson = await memory.join_links.lesson_at(course_id, now)
        if lesson is None:
            return None
        lesson_id, start = lesson
        roles = way.roles_on(start.astimezone(ZoneInfo(way.zone)).date())
        role = next((role for role in PRECEDENCE if role in roles), None)
        if role is None:
            return None
        issued_at = wire_now()
        expires_at = issued_at + TOKEN_LASTS
        async with self._store.write() as memory:
            token_id = await memory.api_tokens.issue(
                scopes={Scope.SIGNALING}, lesson_id=lesson_id, person_id=person_id, expires_at=expires_at, now=issued_at
            )
        claims = {"jti": token_id, "iat": issued_at, "exp": expires_at, "lesson": lesson_id, "person": person_id}
        token = jwt.encode({**claims, "role": role.value}, self._keys.signing[0], algorithm="HS256")
        return Target(_with(way.join_url, token=token))

    async def _codes_of(self, client: HundredmsClient, room: str, now: datetime) -> Sequence[RoomCode]:
        until, codes = self._codes.get(room, (now, ()))
        if until <= now:
            codes = await client.room_codes(room)
            self._codes[room] = (now + REMEMBERED, codes)
        return codes


def _teaches(way: WayIn, now: datetime) -> bool:
    return Role.TRAINER in way.roles_on(now.astimezone(ZoneInfo(way.zone)).date())


def _role_of(way: WayIn, codes: Sequence[RoomCode], *, teaches: bool) -> str:
    """In which role of the room's template somebody comes in; empty where that cannot be known.

    Who teaches has a host's where there is one, everybody else that of the code in the course's link.
    """
    hosts = [each.role for each in codes if each.role.lower() in HOST_ROLES]
    if teaches and hosts:
        return hosts[0]
    code = urlsplit(way.join_url).path.rstrip("/").rpartition("/")[2]
    return next((each.role for each in codes if code and each.code == code), "")


def _role_in(way: WayIn) -> str:
    """A link may end with the room and a role instead of a code."""
    room, _, role = urlsplit(way.join_url).path.rstrip("/").rpartition("/")
    return role if room.endswith(f"/{way.room}") else ""


def _user_id(way: WayIn) -> str:
    return way.external_id or way.place.person_id


def _with(url: str, **query: str) -> str:
    """The link with these parameters after those that it has."""
    parts = urlsplit(_fit(url))
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(query))))))


def _fit(url: str) -> str:
    """In ASCII, as a header needs it; empty for what is no web address."""
    try:
        found = URL(url)
    except ValueError:
        return ""
    return str(found) if found.scheme in {"https", "http"} and found.host else ""
