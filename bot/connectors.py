"""What every platform must be able to tell us: the interface behind `handlers/platforms/*`.

A connector only translates. It is given the raw request and returns facts; it stores, sends and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.attendance.events import PresenceEvent
from bot.attendance.records import PlatformRecord

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
