"""The parts of Zoom's JSON that attendance needs.

Every field is optional here and every scalar may be text or a number: Zoom sends null, "" and nothing at all for the
same thing, and some ids as numbers. What an event cannot do without is said in `connector.py`.
"""

import msgspec

from bot.payloads import NOTHING, Scalar, Shape, read_as


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


def read_envelope(body: bytes) -> Envelope:
    """The event, its time and the payload unread. Raises `UnreadableDelivery`."""
    return read_as(body, Envelope)


def read_payload(envelope: Envelope, shape: type[Shape]) -> Shape:
    """The payload in the shape that its event has. Raises `UnreadableDelivery`."""
    return read_as(bytes(envelope.payload), shape, inside="payload")
