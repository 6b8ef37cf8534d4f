"""What 100ms's REST API answers, read carefully: shapes, and the plain values made of them.

As in webhooks, null, "" and nothing at all are the same, and what cannot be read of one peer costs no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from bot.errors import UnreadableDelivery
from bot.payloads import NOTHING, Scalar, identifier, instant, read_as, text
from handlers.platforms.hundredms.connector import ZERO_TIME

#: An answer exactly as 100ms wrote it.
Written = Mapping[str, Any]


class SessionsPage(msgspec.Struct, gc=False):
    """`GET /sessions`; `last` is where the next page starts."""

    data: list[msgspec.Raw] | None = None
    last: Scalar = None


class WrittenSession(msgspec.Struct, gc=False):
    """`GET /sessions/{id}`, and each of a page."""

    id: Scalar = None
    room_id: Scalar = None
    active: bool | Scalar = None
    peers: msgspec.Raw = NOTHING
    created_at: Scalar = None
    updated_at: Scalar = None


class WrittenPeer(msgspec.Struct, gc=False):
    """One of `peers`, of a session or of an active room."""

    id: Scalar = None
    name: Scalar = None
    role: Scalar = None
    user_id: Scalar = None
    joined_at: Scalar = None
    left_at: Scalar = None


class ActivePeers(msgspec.Struct, gc=False):
    """`GET /active-rooms/{room_id}/peers`."""

    peers: msgspec.Raw = NOTHING


class RunningSession(msgspec.Struct, gc=False):
    """`session` of an active room; `peers` are the ids of those inside."""

    id: Scalar = None
    created_at: Scalar = None
    peers: list[Scalar] | None = None


class WrittenActiveRoom(msgspec.Struct, gc=False):
    """`GET /active-rooms/{room_id}`."""

    id: Scalar = None
    session: RunningSession | None = None


class WrittenRoomCode(msgspec.Struct, gc=False):
    """One of a room's codes: it opens the room for whoever has it, in one role."""

    code: Scalar = None
    role: Scalar = None
    enabled: bool | Scalar = None


class RoomCodes(msgspec.Struct, gc=False):
    """`POST /room-codes/room/{room_id}`."""

    data: list[WrittenRoomCode] | None = None


class WebhookPayload(msgspec.Struct, gc=False):
    """`payload` of an event about a delivery."""

    original_event_name: Scalar = None
    error_reason: Scalar = None


class WrittenWebhook(msgspec.Struct, gc=False):
    """One of the deliveries that 100ms made, or failed to make."""

    event_id: Scalar = None
    room_id: Scalar = None
    event_timestamp: Scalar = None
    payload: WebhookPayload | None = None


class Pagination(msgspec.Struct, gc=False):
    """Which page of how many."""

    has_next: bool | Scalar = None
    total_items: Scalar = None


class WebhooksPage(msgspec.Struct, gc=False):
    """`GET /analytics/webhooks`."""

    events: list[WrittenWebhook] | None = None
    pagination: Pagination | None = None


class Replay(msgspec.Struct, gc=False):
    """`POST /analytics/webhooks/replay`; `status` is *started*, or *already_running* for the same one twice."""

    workflow_id: Scalar = None
    status: Scalar = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One device of one person, from its joining to its leaving."""

    id: str
    name: str
    role: str
    #: what the school's auth token says; empty for who came by a room code
    user_id: str
    #: None where 100ms says none
    joined_at: datetime | None
    #: None: still in, or not said
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of a room, from its first peer to its last."""

    id: str
    room_id: str
    is_active: bool
    #: in 100ms's own words the beginning; None where it says none
    created_at: datetime | None
    #: of an ended session its end
    updated_at: datetime | None
    peers: tuple[Peer, ...]
    #: the same as 100ms wrote it
    written: Written = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRoom:
    """A room in which a session runs."""

    room_id: str
    session_id: str
    created_at: datetime | None
    peer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCode:
    """What lets people into a room without a token of their own."""

    code: str = field(repr=False)
    role: str
    is_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedWebhook:
    """A webhook that 100ms could not deliver."""

    id: str
    room_id: str
    event: str
    failed_at: datetime | None
    reason: str


def session_of(body: bytes) -> Session:
    """Raises `UnreadableDelivery` for what is no session; one without id or with unreadable peers still is one."""
    found = read_as(body, WrittenSession)
    return Session(
        id=text(found.id),
        room_id=text(found.room_id),
        is_active=is_true(found.active),
        created_at=moment(found.created_at),
        updated_at=moment(found.updated_at),
        peers=peers_of(found.peers),
        written=read_as(body, dict[str, Any]),
    )


def peers_of(raw: msgspec.Raw) -> tuple[Peer, ...]:
    """Of the map from id to peer, those that can be read, in the order of their joining. Other peers are left out."""
    try:
        by_id = read_as(bytes(raw), dict[str, msgspec.Raw] | None) or {}  # type: ignore[arg-type]  # a union is a shape too
    except UnreadableDelivery:
        return ()
    peers = list(_peers(by_id))
    return tuple(sorted(peers, key=lambda peer: (peer.joined_at or ZERO_TIME, peer.id)))


def _peers(by_id: Mapping[str, msgspec.Raw]) -> Iterable[Peer]:
    for peer_id, raw in by_id.items():
        try:
            found = read_as(bytes(raw), WrittenPeer)
            yield Peer(
                id=identifier(found.id, "peer.id") or identifier(peer_id, "peer.id"),
                name=text(found.name),
                role=text(found.role),
                user_id=identifier(found.user_id, "peer.user_id"),
                joined_at=moment(found.joined_at),
                left_at=moment(found.left_at),
            )
        except UnreadableDelivery:
            continue


def active_room_of(found: WrittenActiveRoom) -> ActiveRoom | None:
    """None where nobody is in."""
    if found.session is None or not text(found.session.id):
        return None
    return ActiveRoom(
        room_id=text(found.id),
        session_id=text(found.session.id),
        created_at=moment(found.session.created_at),
        peer_ids=tuple(text(each) for each in found.session.peers or () if text(each)),
    )


def room_codes_of(found: RoomCodes) -> tuple[RoomCode, ...]:
    """Those that have a code."""
    return tuple(
        RoomCode(code=text(each.code), role=text(each.role), is_enabled=is_true(each.enabled))
        for each in found.data or ()
        if text(each.code)
    )


def failed_webhooks_of(events: Sequence[WrittenWebhook]) -> list[FailedWebhook]:
    """As 100ms tells them."""
    return [
        FailedWebhook(
            id=text(each.event_id),
            room_id=text(each.room_id),
            event=text(each.payload.original_event_name) if each.payload else "",
            failed_at=moment(each.event_timestamp),
            reason=text(each.payload.error_reason) if each.payload else "",
        )
        for each in events
    ]


def moment(value: Scalar) -> datetime | None:
    """The time, if it is one; Go's zero time is none."""
    try:
        found = instant(value, "time")
    except UnreadableDelivery:
        return None
    return None if found == ZERO_TIME else found


def is_true(value: bool | Scalar) -> bool:
    """Booleans come as such, as text or as a number."""
    return value is True or text(value).lower() in {"true", "1"}
