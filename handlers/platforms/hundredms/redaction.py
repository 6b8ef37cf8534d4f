"""What of 100ms's bodies is kept: ids, names, roles, times and reasons.

What an event has besides is the school's own (`user_data`), said about a person (`message`), or opens something
(presigned links to recordings, transcripts and chats).
"""

import msgspec

from bot.errors import UnreadableDelivery
from bot.payloads import read_anything

KEPT_OF_DATA = frozenset({
    "room_id", "room_name", "session_id", "template_id", "peer_id", "user_id", "user_name", "role", "previous_role",
    "type", "joined_at", "left_at", "role_changed_at", "role_change_requested_by", "session_started_at",
    "session_stopped_at", "session_duration", "duration", "reason", "source", "lock_room", "error_code",
    "error_message", "is_replay",
})  # fmt: skip


def redacted(body: bytes) -> bytes:
    """The body with nothing else in its data; what cannot be read, and what has nothing else, as it came."""
    try:
        document = read_anything(body)
    except UnreadableDelivery:
        return body
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict) or data.keys() <= KEPT_OF_DATA:
        return body
    kept = {name: value for name, value in data.items() if name in KEPT_OF_DATA}
    return msgspec.json.encode({**document, "data": kept})  # type: ignore[dict-item]  # it is a dict: it has `data`
