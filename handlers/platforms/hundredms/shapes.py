"""The parts of 100ms's JSON that attendance needs. What an event cannot do without is said in `connector.py`."""

import msgspec

from bot.payloads import NOTHING, Scalar


class Numbered(msgspec.Struct, gc=False):
    """Every delivery, read for its id alone."""

    id: Scalar = None


class Envelope(msgspec.Struct, gc=False):
    """Every delivery; the data stay raw until the event is known to be of interest."""

    type: str = ""
    timestamp: Scalar = None
    data: msgspec.Raw = NOTHING


class Data(msgspec.Struct, gc=False):
    """`data`, the fields of all events together."""

    room_id: Scalar = None
    session_id: Scalar = None
    peer_id: Scalar = None
    user_id: Scalar = None
    user_name: Scalar = None
    role: Scalar = None
    reason: Scalar = None
    joined_at: Scalar = None
    left_at: Scalar = None
    role_changed_at: Scalar = None
    session_started_at: Scalar = None
    session_stopped_at: Scalar = None
