"""What every platform must be able to tell us: the interface behind `handlers/platforms/*`.

A connector only translates. It is given the raw request and returns facts; it stores, sends and decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.attendance.events import PresenceEvent
from bot.attendance.inside import Inside
from bot.attendance.records import PlatformRecord
from bot.settings import Settings
from bot.variables import PlatformVariables

#: what a delivery can tell: something that happened, or all that the platform wrote down about a session
Fact = PresenceEvent | PlatformRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One HTTP request from a platform, exactly as it arrived."""

    #: the platform account it was addressed to
    account: str
    #: which of the platform's callbacks; the secret part of a path is never in it
    route: str
    #: the secret part of the path, for `verify` alone: it is neither kept nor logged
    token: str = field(default="", repr=False)
    #: header names in lower case
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


class PlatformConnector(Protocol):
    """One platform's translation: pure functions over a delivery."""

    #: as in the URL and in the course file
    name: str
    #: bytes; a larger body is refused with 413
    max_body: int
    #: of a platform that is given a URL for each kind of news, `/webhooks/{name}/{token}/{route}`: the kinds, each with
    #: the most bytes of its body. Empty: there is one URL, `/webhooks/{name}`
    routes: Mapping[str, int]
    #: names, in lower case, of the headers that are kept with a delivery: nothing secret, no addresses
    kept_headers: frozenset[str]

    def verify(self, delivery: Delivery, *, secrets: Sequence[str]) -> None:
        """Raise `UntrustedDelivery` unless a secret proves that the platform sent it, these very bytes if it signs."""
        ...

    def reply_to_handshake(self, delivery: Delivery, *, secrets: Sequence[str]) -> bytes | None:
        """The answer to a trusted question about the endpoint itself, or None for everything else."""
        ...

    def delivery_key(self, delivery: Delivery) -> str:
        """The same for a repeated request, another for any other."""
        ...

    def redact(self, delivery: Delivery) -> bytes:
        """The body to keep: without what attendance does not need. What cannot be read is returned as it came."""
        ...

    def normalise(self, delivery: Delivery) -> Sequence[Fact]:
        """The facts in a kept delivery; none for an event without interest. Raises `UnreadableDelivery`."""
        ...

    def reply(self, delivery: Delivery) -> bytes:
        """The body of the answer 200."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedRoom:
    """A room that is asked about, and the time of which: a lesson's window, as a rule."""

    #: our id of the platform account
    account: str
    #: the platform's id of the room
    room: str
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedSession:
    """A session of which the record is wanted, with what is known of it."""

    #: our id of the platform account
    account: str
    #: the platform's ids
    room: str
    session: str
    #: of the lesson that it is asked for
    planned_start: datetime
    planned_end: datetime
    #: as far as webhooks told; None: they did not
    started_at: datetime | None = None
    ended_at: datetime | None = None


class RecordClient(Protocol):
    """One platform's own records, asked for over its API.

    Every method raises `PlatformBusy`, `PlatformRefused` (credentials, or a call that will never be right) or
    `PlatformUnavailable` (no usable answer), and nothing else.
    """

    async def sessions(self, asked: AskedRoom, *, now: datetime) -> Sequence[str]:
        """The platform's ids of the room's sessions that ran at any instant of that time, told of or not."""
        ...

    async def records(self, asked: AskedSession, *, now: datetime) -> PlatformRecord | None:
        """The record, all pages of it; None while the platform has none, knows no such session, or it is empty."""
        ...

    async def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        """Have the webhooks sent again that failed in that time; how many. 0 where a platform cannot."""
        ...


class RoomClient(Protocol):
    """Who is in rooms now, asked for over one platform's API. Raises as every method of a `RecordClient` does."""

    async def inside(self, rooms: Sequence[AskedRoom], *, now: datetime) -> Mapping[str, Inside]:
        """By room who is in it; of a room that is left out the platform tells nothing.

        Raises only where it tells of none of them. Asked about no room, some find out whether they would be told.
        """
        ...


class PlatformClient(RecordClient, RoomClient, Protocol):
    """The API of one platform, asked with the credentials of the settings."""

    async def check(self) -> None:
        """Whether the platform takes our credentials. Raises as every method of a `RecordClient` does if not."""
        ...

    async def close(self) -> None:
        """Close its connections; it is asked nothing afterwards."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """One platform, as its folder offers it to all others."""

    connector: PlatformConnector
    #: what the environment says of it; None: it is our own, and always switched on
    variables: type[PlatformVariables] | None = None
    #: what makes its client, where it keeps records to ask for; None of that where the settings have no credentials
    client: Callable[[Settings], PlatformClient | None] | None = None

    @property
    def name(self) -> str:
        """As in the URL and in the course file."""
        return self.connector.name
