"""Zoom's REST API: who took part in a session, which sessions a meeting had, and registrants with links of their own.

Every method raises `PlatformBusy`, `PlatformRefused` or `PlatformUnavailable`, and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from bot.attendance.inside import Inside
from bot.attendance.records import PlatformRecord
from bot.clock import wire_now
from bot.connectors import AskedRoom, AskedSession
from bot.errors import PlatformRefused
from bot.payloads import text
from bot.settings import Settings
from handlers.platform_api import Patience, PlatformApi
from handlers.platforms.zoom.dashboard import Dashboard
from handlers.platforms.zoom.record import record_of
from handlers.platforms.zoom.replies import (
    Instances,
    Meeting,
    Page,
    PastMeeting,
    Registrant,
    ReportRow,
    Token,
    WrittenMeeting,
    WrittenPastMeeting,
    WrittenRegistrant,
    meeting_of,
    moment,
    past_meeting_of,
    registered,
    registrant_listed,
    rows_of,
)
from handlers.platforms.zoom.settings import ZoomSettings
from handlers.platforms.zoom.tokens import ZoomTokens

#: of Zoom's own: rows a page, registrants a call
MOST_ROWS, MOST_REGISTRANTS = 300, 30
#: Zoom ends a session after it
LONGEST_SESSION = timedelta(hours=30)
#: Zoom's number for *Meeting does not exist*, and for one that has not ended
NO_SUCH_MEETING = "3001"
#: no list has more rows than they hold; an API that always says *there is more* is asked no further
MOST_PAGES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegistrant:
    """Somebody to be registered; Zoom wants an address and a first name."""

    email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(default="", repr=False)

    def written(self) -> dict[str, str]:
        """As Zoom's API takes it."""
        return {"email": self.email, "first_name": self.first_name, "last_name": self.last_name}


class ZoomClient:
    """One Zoom account's API; a `RecordClient`. `close` it.

    `room` is the number of a meeting, `uuid` one run of it.
    """

    def __init__(
        self,
        *,
        account_id: str,
        client_id: str,
        client_secret: str,
        api_url: str,
        oauth_url: str,
        patience: Patience | None = None,
        now: Callable[[], datetime] = wire_now,
    ) -> None:
        """`now` is wire time, for tokens."""
        self._oauth = PlatformApi("Zoom", oauth_url, secrets=[client_secret], patience=patience)
        self._tokens = ZoomTokens(
            self._new_token, account_id=account_id, client_id=client_id, client_secret=client_secret, now=now
        )
        self._api = PlatformApi("Zoom", api_url, proof=self._tokens, patience=patience)
        self._dashboard = Dashboard(self._rows)

    @classmethod
    def from_settings(cls, settings: Settings) -> "ZoomClient | None":
        """None without all three credentials of the app."""
        ours = settings.of(ZoomSettings)
        secret = ours.client_secret
        if secret is None or not (ours.account_id and ours.client_id):
            return None
        return cls(
            account_id=ours.account_id,
            client_id=ours.client_id,
            client_secret=secret.get_secret_value(),
            api_url=ours.api_url,
            oauth_url=ours.oauth_url,
        )

    async def close(self) -> None:
        await self._api.close()
        await self._oauth.close()

    async def check(self) -> None:
        """Whether Zoom gives us a token: raises if not. Which scopes the app has is seen only when they are needed."""
        await self._tokens.token()

    # Sessions that are over

    async def report(self, uuid: str) -> list[ReportRow]:
        """Everybody who was in a session, a row for each connection and room, all pages; needs a plan with reports."""
        return await self._rows(
            "report who took part",
            f"/report/meetings/{_twice_encoded(uuid)}/participants",
            ReportRow,
            include_fields="registrant_id",
        )

    async def past_participants(self, uuid: str) -> list[ReportRow]:
        """The same with fewer fields, on more plans."""
        return await self._rows("list who took part", f"/past_meetings/{_twice_encoded(uuid)}/participants", ReportRow)

    async def past_meeting(self, uuid: str, *, room: str = "") -> PastMeeting | None:
        """When a session began and ended; None if Zoom does not know it, or it runs."""
        what = "look up a past meeting"
        body = await self._found(what, f"/past_meetings/{_twice_encoded(uuid)}")
        if body is None:
            return None
        return past_meeting_of(self._api.read(what, body, WrittenPastMeeting), room=room, uuid=uuid)

    async def instances(self, room: str) -> list[PastMeeting]:
        """The sessions that a meeting had, without their ends; one that runs is not among them."""
        what = "list the sessions of a meeting"
        body = await self._found(what, f"/past_meetings/{quote(room, safe='')}/instances")
        written = [] if body is None else self._api.read(what, body, Instances).meetings or []
        return [
            PastMeeting(room=room, uuid=text(each.uuid), started_at=moment(each.start_time), ended_at=None)
            for each in written
            if text(each.uuid)
        ]

    # As a `RecordClient`

    async def sessions(self, asked: AskedRoom, *, now: datetime) -> Sequence[str]:  # noqa: ARG002  Zoom knows what was
        return [each.uuid for each in await self.instances(asked.room) if await self._ran_in(each, asked)]

    async def records(self, asked: AskedSession, *, now: datetime) -> PlatformRecord | None:
        """From the report, or where there is none (the plan, the scopes, one person alone) from the plain list."""
        try:
            rows = await self.report(asked.session)
        except PlatformRefused as refused:
            if refused.status == 401:
                raise
            rows = []
        rows = rows or await self._listed(asked.session)
        if not rows:
            return None
        return record_of(rows, await self._meeting_of(asked), now=now)

    async def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:  # noqa: ARG002  Zoom cannot
        return 0

    # Meetings and registrants

    async def meeting(self, room: str) -> Meeting | None:
        """A standing meeting; None if there is none of that number."""
        what = "look up a meeting"
        body = await self._found(what, f"/meetings/{quote(room, safe='')}")
        return None if body is None else meeting_of(self._api.read(what, body, WrittenMeeting), room=room)

    async def create_registrant(self, room: str, person: NewRegistrant) -> Registrant | None:
        """Register one person, and Zoom approves; None if the host has to. Zoom allows three a day for each person."""
        what = "register somebody"
        body = await self._api.post(
            what, f"/meetings/{quote(room, safe='')}/registrants", {**person.written(), "auto_approve": True}
        )
        return registered(self._api.read(what, body, WrittenRegistrant), email=person.email)

    async def create_registrants(self, room: str, people: Sequence[NewRegistrant]) -> list[Registrant]:
        """Register many, without mails to them; whom the host has to approve first is not among the answers."""
        what, path = "register people", f"/meetings/{quote(room, safe='')}/batch_registrants"
        found: list[Registrant | None] = []
        for first in range(0, len(people), MOST_REGISTRANTS):
            wanted: dict[str, Any] = {
                "registrants": [each.written() for each in people[first : first + MOST_REGISTRANTS]],
                "auto_approve": True,
                "registrants_confirmation_email": False,
            }
            page = self._api.read(what, await self._api.post(what, path, wanted), Page)
            found += [registered(each) for each in rows_of(page.rows, WrittenRegistrant)]
        return [each for each in found if each is not None]

    async def registrants(self, room: str) -> list[Registrant]:
        """Who is registered and approved, all pages."""
        rows = await self._rows(
            "list the registrants",
            f"/meetings/{quote(room, safe='')}/registrants",
            WrittenRegistrant,
            status="approved",
        )
        return [each for each in map(registrant_listed, rows) if each is not None]

    # Who is in now

    async def inside(self, rooms: Sequence[AskedRoom], *, now: datetime) -> Mapping[str, Inside]:
        return await self._dashboard.inside(rooms, now=now)

    # How it is done

    async def _new_token(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Token:
        what = "give us a token"
        return self._api.read(
            what, await self._oauth.post(what, "", query=query, headers=headers, is_repeatable=True), Token
        )

    async def _meeting_of(self, asked: AskedSession) -> PastMeeting:
        """The session's own times; without them (none yet, no scope) those that webhooks told stand in."""
        told = PastMeeting(room=asked.room, uuid=asked.session, started_at=asked.started_at, ended_at=asked.ended_at)
        try:
            return await self.past_meeting(asked.session, room=asked.room) or told
        except PlatformRefused as refused:
            if refused.status == 401:
                raise
            return told

    async def _listed(self, uuid: str) -> list[ReportRow]:
        try:
            return await self.past_participants(uuid)
        except PlatformRefused as refused:
            if _knows_none(refused):
                return []
            raise

    async def _ran_in(self, session: PastMeeting, asked: AskedRoom) -> bool:
        """One that began before the time is looked up for its end; what nobody knows is looked at."""
        if session.started_at is None or asked.start <= session.started_at < asked.end:
            return True
        if not asked.start - LONGEST_SESSION < session.started_at < asked.start:
            return False
        meeting = await self.past_meeting(session.uuid)
        return meeting is None or meeting.ended_at is None or meeting.ended_at > asked.start

    async def _rows(self, what: str, path: str, shape: type[Any], **query: str) -> list[Any]:
        """Those of all pages that have the shape."""
        written: list[msgspec.Raw] = []
        tokens: set[str] = set()
        asked: dict[str, str | int] = {**query, "page_size": MOST_ROWS}
        while len(tokens) < MOST_PAGES:
            page = self._api.read(what, await self._api.get(what, path, **asked), Page)
            written += page.rows
            token = text(page.next_page_token)
            if not token or token in tokens:
                break
            tokens.add(token)
            asked["next_page_token"] = token
        return rows_of(written, shape)

    async def _found(self, what: str, path: str) -> bytes | None:
        try:
            return await self._api.get(what, path)
        except PlatformRefused as refused:
            if _knows_none(refused):
                return None
            raise


def _knows_none(refused: PlatformRefused) -> bool:
    """There is no such meeting, or the session is not over, or only one person was in it."""
    return refused.status == 404 or refused.code == NO_SUCH_MEETING


def _twice_encoded(uuid: str) -> str:
    """One that begins with a slash or has two of them is read wrongly otherwise; all others may be written so too."""
    return quote(quote(uuid, safe=""), safe="")
