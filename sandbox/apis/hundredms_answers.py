"""How 100ms's REST API writes down sessions, peers, and webhooks that it could not deliver."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandbox.apis.base import Refusal
from sandbox.classroom.book import PlayedSession, Stay
from sandbox.classroom.deliveries import Delivery
from sandbox.classroom.hundredms import HundredmsClassroom

Entry = dict[str, Any]


def session_of(room: HundredmsClassroom, played: PlayedSession) -> Entry:
    """With everybody who was in it, by their ids."""
    return {
        "id": played.session_id,
        "room_id": room.room_id,
        "customer_id": room.account_id,
        "active": played.until is None,
        "peers": {stay.connection: peer_of(played.session_id, stay) for stay in played.stays},
        "created_at": written(played.since),
        "updated_at": written(played.last_change),
    }


def peer_of(session_id: str, stay: Stay) -> Entry:
    """Of a peer that is still in nothing is said of its end."""
    told = {
        "id": stay.connection,
        "session_id": session_id,
        "name": stay.name,
        "role": stay.role,
        "user_id": stay.participant.external_id,
        "joined_at": written(stay.since),
    }
    return told if stay.until is None else {**told, "left_at": written(stay.until)}


def active_peer_of(stay: Stay) -> Entry:
    """One of those who are in now."""
    told = peer_of("", stay)
    del told["session_id"]
    return {**told, "metadata": ""}


def event_of(room: HundredmsClassroom, delivery: Delivery) -> Entry:
    """A webhook that could not be delivered."""
    data = json.loads(delivery.body).get("data", {})
    named: Sequence[str] = ("session_id", "peer_id", "user_id")
    return {
        "event_id": json.loads(delivery.body).get("id", ""),
        "event_name": "reporter.webhook.delivery.failed",
        "room_id": room.room_id,
        "event_timestamp": written(delivery.at),
        "payload": {
            "event_data": {name: data[name] for name in named if name in data},
            "original_event_name": delivery.event,
            "error_reason": "timeout",
        },
    }


def moment(text: str | None, default: datetime) -> datetime:
    """What a query says; raises Refusal for what is no time."""
    if not text:
        return default
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, 400, f"{text[:40]} is no time") from None


def written(moment: datetime) -> str:
    """RFC 3339, without zeros at the end."""
    digits = f"{moment:%f}".rstrip("0")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{digits}Z"
