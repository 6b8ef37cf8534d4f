"""The parts of Zoom's JSON that attendance needs, and how they are read.

Every field is optional here and every scalar may be text or a number: Zoom sends null, "" and nothing at all for the
same thing, and some ids as numbers. What an event cannot do without is said in `connector.py`.
"""

import json
import re
from typing import TypeVar

import msgspec

from bot.errors import UnreadableDelivery

Scalar = str | int | None
Shape = TypeVar("Shape")

NOTHING = msgspec.Raw(b"null")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r"`\$\.?([^`]*)`")


class Envelope(msgspec.Struct, gc=False):
    """Every delivery; the payload stays raw until the event is known to be of interest."""

    event: str = ""
    event_ts: Scalar = None
    payload: msgspec.Raw = NOTHING


class Participant(msgspec.Struct, gc=False):
    """`payload.object.participant`, the fields of all events together."""

    user_id: Scalar = None
    parent_user_id: Scalar = None
    bind_user_id: Scalar = None
    user_name: Scalar = None
    id: Scalar = None
    participant_user_id: Scalar = None
    participant_uuid: Scalar = None
    bind_participant_uuid: Scalar = None
    registrant_id: Scalar = None
    customer_key: Scalar = None
    email: Scalar = None
    phone_number: Scalar = None
    join_time: Scalar = None
    leave_time: Scalar = None
    date_time: Scalar = None
    leave_reason: Scalar = None
    new_role: Scalar = None


class Meeting(msgspec.Struct, gc=False):
    """`payload.object`: one run of a room."""

    id: Scalar = None
    uuid: Scalar = None
    host_id: Scalar = None
    type: Scalar = None
    start_time: Scalar = None
    end_time: Scalar = None
    duration: Scalar = None
    participant: Participant | None = None


class Payload(msgspec.Struct, gc=False):
    """`payload`."""

    object: Meeting | None = None


class Challenge(msgspec.Struct, gc=False):
    """`payload` of `endpoint.url_validation`."""

    plain_token: str = msgspec.field(default="", name="plainToken")


_envelopes = msgspec.json.Decoder(Envelope)


def read_envelope(body: bytes) -> Envelope:
    """The event, its time and the payload unread. Raises `UnreadableDelivery`."""
    try:
        return _envelopes.decode(body)
    except msgspec.ValidationError as problem:
        raise _misshapen(problem, inside="") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _read_mended(body, Envelope)


def read_payload(envelope: Envelope, shape: type[Shape]) -> Shape:
    """The payload in the shape that its event has. Raises `UnreadableDelivery`."""
    raw = bytes(envelope.payload)
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as problem:
        raise _misshapen(problem, inside="payload") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _read_mended(raw, shape)


def read_anything(body: bytes) -> object:
    """The body as plain values. Raises `UnreadableDelivery`."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _read_mended(body, object)


def _read_mended(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(_mended(body), type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise UnreadableDelivery("The body is not JSON.") from None  # the cause would quote the body


def _mended(body: bytes) -> bytes:
    """The same JSON with NUL in the place of lone surrogates.

    msgspec refuses a lone surrogate anywhere. A name may have one (cut off in the middle of an emoji) and is then
    cleaned like any other; an id may not, and NUL in an id is refused.
    """
    try:
        text = json.dumps(json.loads(body.decode()), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise UnreadableDelivery("The body is not JSON.") from None  # the cause would quote the body
    return _LONE_SURROGATE.sub(r"\\u0000", text).encode()


def _misshapen(problem: msgspec.ValidationError, *, inside: str) -> UnreadableDelivery:
    found = _PLACE.search(str(problem))
    place = ".".join(part for part in (inside, found.group(1) if found else "") if part)
    return UnreadableDelivery(f"{place or 'The body'} is not of the kind that Zoom sends.")
