"""Zoom's events, what each means, and how we know that Zoom sent it."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import msgspec

from bot.attendance.events import EventKind, PresenceEvent
from bot.connectors import Delivery
from bot.errors import UnreadableDelivery, UntrustedDelivery
from bot.payloads import believed, identifier, is_believable, missing, required, text
from handlers.platforms.zoom.fields import handle_of, length, moment
from handlers.platforms.zoom.redaction import redacted
from handlers.platforms.zoom.shapes import Challenge, Meeting, Participant, Payload, read_envelope, read_payload

IN_MEETING = "payload.object"
IN_PARTICIPANT = "payload.object.participant"
MESSAGE = "event_ts"

BY_UUID = ("participant_uuid", "user_id")
#: in a breakout room `user_id` is a number of that room, `parent_user_id` the one of the main room
BY_PARENT = ("participant_uuid", "parent_user_id")
BOUND_BY = ("bind_participant_uuid", "bind_user_id")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one of Zoom's events says: the kind, the place of its time, the fields that may name the connection."""

    kind: EventKind
    time: str
    connection: tuple[str, ...] = ()
    #: nothing has started yet, so that `start_time` is a plan
    is_before_start: bool = False


MEANINGS = {
    "meeting.started": Meaning(EventKind.SESSION_STARTED, f"{IN_MEETING}.start_time"),
    "meeting.ended": Meaning(EventKind.SESSION_ENDED, f"{IN_MEETING}.end_time"),
    "meeting.participant_joined": Meaning(EventKind.JOINED, f"{IN_PARTICIPANT}.join_time", BY_UUID),
    "meeting.participant_left": Meaning(EventKind.LEFT, f"{IN_PARTICIPANT}.leave_time", BY_UUID),
    "meeting.participant_joined_waiting_room": Meaning(EventKind.WAITING, f"{IN_PARTICIPANT}.date_time", BY_UUID),
    "meeting.participant_put_in_waiting_room": Meaning(EventKind.WAITING, f"{IN_PARTICIPANT}.date_time", BY_UUID),
    "meeting.participant_left_waiting_room": Meaning(EventKind.WAITING_LEFT, f"{IN_PARTICIPANT}.date_time", BY_UUID),
    "meeting.participant_admitted": Meaning(EventKind.ADMITTED, f"{IN_PARTICIPANT}.date_time", BY_UUID),
    # Before the host: Zoom names neither a connection nor a time.
    "meeting.participant_jbh_waiting": Meaning(EventKind.WAITING, MESSAGE, is_before_start=True),
    "meeting.participant_jbh_waiting_left": Meaning(EventKind.WAITING_LEFT, MESSAGE, is_before_start=True),
    "meeting.participant_jbh_joined": Meaning(EventKind.ADMITTED, MESSAGE),
    "meeting.participant_joined_breakout_room": Meaning(EventKind.MOVED, f"{IN_PARTICIPANT}.join_time", BY_PARENT),
    "meeting.participant_left_breakout_room": Meaning(EventKind.MOVED_BACK, f"{IN_PARTICIPANT}.leave_time", BY_PARENT),
    "meeting.participant_role_changed": Meaning(EventKind.ROLE_CHANGED, f"{IN_PARTICIPANT}.date_time", BY_UUID),
    "meeting.participant_bind": Meaning(EventKind.BOUND, f"{IN_PARTICIPANT}.date_time", BY_UUID),
}

OF_SESSION = {EventKind.SESSION_STARTED, EventKind.SESSION_ENDED}

#: `object.type`: scheduled once, and recurring at a fixed time; the others have a duration that nobody planned
SCHEDULED = {"2", "8"}


_EVENT_TS = re.compile(rb'"event_ts": ?(\d{1,15})')


def sign(secret: str, *, timestamp: str, body: bytes) -> str:
    """What `x-zm-signature` is for these very bytes (Zoom escapes emoji and nothing else: never encode them again)."""
    return "v0=" + hmac.digest(secret.encode(), b"v0:%b:%b" % (timestamp.encode(), body), "sha256").hex()


class ZoomConnector:
    """Translates Zoom's webhooks of meetings; what Zoom promises about them is in the README beside this file."""

    name = "zoom"
    max_body = 1024 * 1024
    routes: Mapping[str, int] = MappingProxyType({})
    kept_headers = frozenset({
        "content-type", "user-agent", "x-zm-request-id", "x-zm-request-timestamp", "x-zm-signature", "x-zm-trackingid",
    })  # fmt: skip

    def verify(self, delivery: Delivery, *, secrets: Sequence[str]) -> None:
        if _signing_secret(delivery, secrets) is None:
            raise UntrustedDelivery

    def reply_to_handshake(self, delivery: Delivery, *, secrets: Sequence[str]) -> bytes | None:
        """The token of `endpoint.url_validation`, hashed with the secret that signed the question."""
        if b"endpoint.url_validation" not in delivery.body:
            return None
        try:
            envelope = read_envelope(delivery.body)
            if envelope.event != "endpoint.url_validation":
                return None
            token = read_payload(envelope, Challenge).plain_token
        except UnreadableDelivery:
            return None
        secret = _signing_secret(delivery, secrets)
        if secret is None or not token:
            return None
        encrypted = hmac.digest(secret.encode(), token.encode(), "sha256").hex()
        return msgspec.json.encode({"plainToken": token, "encryptedToken": encrypted})

    def delivery_key(self, delivery: Delivery) -> str:
        """The body's own time, then a digest of route and body.

        Zoom sends no id, `x-zm-trackingid` changes with every try, a repeated body does not. The time comes first, so
        that new keys stand side by side in the index: with digests alone every row dirties a page of its own.
        """
        told_at = _EVENT_TS.search(delivery.body)
        digest = hashlib.blake2b(b"%b\x00%b" % (delivery.route.encode(), delivery.body), digest_size=16).hexdigest()
        return f"{told_at[1].decode() if told_at else ''}-{digest}"

    def redact(self, delivery: Delivery) -> bytes:
        return redacted(delivery.body)

    def normalise(self, delivery: Delivery) -> Sequence[PresenceEvent]:
        envelope = read_envelope(delivery.body)
        meaning = MEANINGS.get(envelope.event)
        if meaning is None:
            return ()
        meeting = read_payload(envelope, Payload).object
        if meeting is None:
            raise missing(IN_MEETING)
        if meaning.kind in OF_SESSION:
            occurred_at = _time(meaning, meeting, delivery)
            return (_of_session(meaning, meeting, occurred_at=occurred_at, received_at=delivery.received_at),)
        if meeting.participant is None:
            raise missing(IN_PARTICIPANT)
        source = envelope if meaning.time == MESSAGE else meeting.participant
        occurred_at = _time(meaning, source, delivery)
        event = _of_session(meaning, meeting, occurred_at=occurred_at, received_at=delivery.received_at)
        return (_of_participant(event, meaning, meeting.participant, host_id=meeting.host_id),)

    def reply(self, delivery: Delivery) -> bytes:  # noqa: ARG002 - Zoom looks at the status alone
        return b""


def _signing_secret(delivery: Delivery, secrets: Sequence[str]) -> str | None:
    """The secret that signed the delivery. A time stamp of any age will do: Zoom retries for 85 minutes."""
    timestamp = delivery.headers.get("x-zm-request-timestamp", "")
    given = delivery.headers.get("x-zm-signature", "").encode(errors="replace")
    if not (timestamp.isascii() and timestamp.isdigit()):
        return None
    for secret in secrets:
        expected = sign(secret, timestamp=timestamp, body=delivery.body)
        if secret and hmac.compare_digest(expected.encode(), given):
            return secret
    return None


def _time(meaning: Meaning, source: msgspec.Struct, delivery: Delivery) -> datetime:
    occurred_at = moment(getattr(source, meaning.time.rpartition(".")[2]), meaning.time)
    return believed(occurred_at, meaning.time, received_at=delivery.received_at)


def _of_session(meaning: Meaning, meeting: Meeting, *, occurred_at: datetime, received_at: datetime) -> PresenceEvent:
    """What every event tells about its session: Zoom puts the session's own start into each of them."""
    started_at = moment(meeting.start_time, f"{IN_MEETING}.start_time")
    is_start = started_at is not None and not meaning.is_before_start and is_believable(started_at, received_at)
    return PresenceEvent(
        kind=meaning.kind,
        room=required(meeting.id, f"{IN_MEETING}.id"),
        session=required(meeting.uuid, f"{IN_MEETING}.uuid"),
        occurred_at=occurred_at,
        received_at=received_at,
        session_started_at=started_at if is_start else None,
        planned_for=length(meeting.duration) if text(meeting.type) in SCHEDULED else None,
        is_time_assumed=meaning.time == MESSAGE,
    )


def _of_participant(
    event: PresenceEvent, meaning: Meaning, participant: Participant, *, host_id: str | int | None
) -> PresenceEvent:
    whole = replace(
        event,
        connection=_connection(meaning.connection, participant) if meaning.connection else None,
        handle=handle_of(participant, host_id=host_id),
        number=_number(meaning, participant),
        lost=event.kind is EventKind.LEFT and "disconnected" in text(participant.leave_reason).lower(),
        bound_to=_connection(BOUND_BY, participant) if event.kind is EventKind.BOUND else None,
    )
    if not whole.who:
        raise UnreadableDelivery(f"{IN_PARTICIPANT} names nobody.")
    return whole


def _number(meaning: Meaning, participant: Participant) -> str:
    """In a breakout room it is a number of that room, which no record of the meeting has."""
    return identifier(participant.user_id, f"{IN_PARTICIPANT}.user_id") if meaning.connection == BY_UUID else ""


def _connection(fields: Sequence[str], participant: Participant) -> str:
    """The first of the fields that is filled."""
    for field in fields:
        if found := identifier(getattr(participant, field), f"{IN_PARTICIPANT}.{field}"):
            return found
    raise missing(f"{IN_PARTICIPANT}.{fields[0]}")
