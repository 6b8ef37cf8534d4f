"""100ms's events, what each means or why it says nothing, and how we know that 100ms sent it."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.connectors import Delivery
from bot.errors import UnreadableDelivery, UntrustedDelivery
from bot.payloads import Scalar, believed, identifier, instant, is_believable, read_as, required, text
from bot.text import clean_text
from handlers.platforms.hundredms.redaction import redacted
from handlers.platforms.hundredms.shapes import Data, Envelope, Numbered

#: 100ms signs nothing: whoever sets up its webhook gives it this header to send along
SECRET_HEADER = "x-rollcall-secret"  # noqa: S105 - the name of the header, not what is in it

#: 100ms has no host, only the roles that a school's template names; these two its own templates give to who teaches
HOST_ROLES = frozenset({"host", "teacher"})
#: the browser that records joins as a peer
RECORDER_ROLE = "__internal_recorder"
#: of a leave's reasons, those that 100ms's documentation puts down to the network
LOST = frozenset({"websocket closed", "ice connection state closed", "server removed peer"})

#: Go's zero time: there is none
ZERO_TIME = datetime(1, 1, 1, tzinfo=UTC)

MESSAGE = "timestamp"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one of 100ms's events says: the kind, the place of its time, whether it is about a peer."""

    kind: EventKind
    time: str
    of_peer: bool = False


MEANINGS = {
    "session.open.success": Meaning(EventKind.SESSION_STARTED, "data.session_started_at"),
    "session.close.success": Meaning(EventKind.SESSION_ENDED, "data.session_stopped_at"),
    # Somebody ended the session for all; it names only the time of the message.
    "room.end.success": Meaning(EventKind.SESSION_ENDED, MESSAGE),
    "peer.join.success": Meaning(EventKind.JOINED, "data.joined_at", of_peer=True),
    "peer.leave.success": Meaning(EventKind.LEFT, "data.left_at", of_peer=True),
    "role.change.success": Meaning(EventKind.ROLE_CHANGED, "data.role_changed_at", of_peer=True),
}

_NOT_PRESENCE = "tells of what is made of the session, not of who is in it"

#: Every other documented event, and why it is kept and says nothing. What nobody documented says nothing either.
IGNORED = {
    "peer.join.failure": "nobody came in: there is no session in it, and its time is the zero time",
    "peer.leave.failure": "it follows a second leave, or a kick: the first one told when the peer left",
    "role.change.failure": "the role stays as it was",
    "room.end.failure": "the session goes on, or had ended already",
    **dict.fromkeys(
        (
            "recording.success", "recording.failed",
            "beam.started.success", "beam.stopped.success", "beam.recording.success", "beam.failure",
            "hls.started.success", "hls.stopped.success", "hls.recording.success", "hls.failure",
            "transcription.started.success", "transcription.success", "transcription.failure",
        ),
        _NOT_PRESENCE,
    ),
}  # fmt: skip


class HundredmsConnector:
    """Translates 100ms's webhooks; what 100ms promises about them is in the README beside this file."""

    name = "100ms"
    max_body = 1024 * 1024
    routes: Mapping[str, int] = MappingProxyType({})
    kept_headers = frozenset({"content-type", "user-agent"})

    def verify(self, delivery: Delivery, *, secrets: Sequence[str]) -> None:
        """The header holds one of the secrets; each is compared, so that the time tells neither which nor how much."""
        given = delivery.headers.get(SECRET_HEADER, "").encode(errors="backslashreplace")
        if not any([hmac.compare_digest(secret.encode(), given) for secret in secrets if secret]):  # noqa: C419 - all of them
            raise UntrustedDelivery

    def reply_to_handshake(self, delivery: Delivery, *, secrets: Sequence[str]) -> bytes | None:  # noqa: ARG002 - asks none
        return None

    def delivery_key(self, delivery: Delivery) -> str:
        """The id of the event, which a repetition keeps; where there is none, a digest of the body."""
        try:
            event_id = identifier(read_as(delivery.body, Numbered).id, "id")
        except UnreadableDelivery:
            event_id = ""
        return event_id or "~" + hashlib.blake2b(delivery.body, digest_size=16).hexdigest()

    def redact(self, delivery: Delivery) -> bytes:
        return redacted(delivery.body)

    def normalise(self, delivery: Delivery) -> Sequence[PresenceEvent]:
        envelope = read_as(delivery.body, Envelope)
        meaning = MEANINGS.get(envelope.type)
        if meaning is None:
            return ()
        data = read_as(bytes(envelope.data), Data, inside="data")
        event = _of_session(meaning, envelope, data, received_at=delivery.received_at)
        if not meaning.of_peer:
            return (event,)
        if text(data.role) == RECORDER_ROLE:
            return ()
        return (_of_peer(event, data),)

    def reply(self, delivery: Delivery) -> bytes:  # noqa: ARG002 - 100ms looks at the status alone
        return b""


def _of_session(meaning: Meaning, envelope: Envelope, data: Data, *, received_at: datetime) -> PresenceEvent:
    """What every event tells about its session: 100ms puts the session's own start into nearly all of them."""
    source = envelope if meaning.time == MESSAGE else data
    told_at = _moment(getattr(source, meaning.time.removeprefix("data.")), meaning.time)
    return PresenceEvent(
        kind=meaning.kind,
        room=required(data.room_id, "data.room_id"),
        session=required(data.session_id, "data.session_id"),
        occurred_at=believed(told_at, meaning.time, received_at=received_at),
        received_at=received_at,
        session_started_at=_believable(data.session_started_at, "data.session_started_at", received_at),
        is_time_assumed=meaning.time == MESSAGE,
    )


def _of_peer(event: PresenceEvent, data: Data) -> PresenceEvent:
    is_left = event.kind is EventKind.LEFT
    return replace(
        event,
        connection=required(data.peer_id, "data.peer_id"),
        handle=Handle(
            name=clean_text(text(data.user_name)),
            external_id=identifier(data.user_id, "data.user_id"),
            role=(role := clean_text(text(data.role)).lower()),
            is_host=role in HOST_ROLES,
        ),
        joined_at=_believable(data.joined_at, "data.joined_at", event.received_at) if is_left else None,
        lost=is_left and text(data.reason).lower() in LOST,
    )


def _moment(value: Scalar, place: str) -> datetime | None:
    moment = instant(value, place)
    return None if moment == ZERO_TIME else moment


def _believable(value: Scalar, place: str, received_at: datetime) -> datetime | None:
    """A time that only helps: one that cannot be costs nobody what happened."""
    moment = _moment(value, place)
    return moment if moment is not None and is_believable(moment, received_at) else None
