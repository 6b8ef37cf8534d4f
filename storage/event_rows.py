"""A presence event as a row of its table."""

from datetime import timedelta
from typing import Any

from bot.attendance.events import PresenceEvent
from bot.attendance.feed import LATE_DELIVERY
from storage.json_text import storable

EVENT_COLUMNS = (
    "session_id",
    "who",
    "kind",
    "occurred_at",
    "received_at",
    "delivery_id",
    "connection",
    "number",
    "name",
    "email",
    "user_id",
    "registrant_id",
    "external_id",
    "role",
    "is_host",
    "lost",
    "joined_at",
    "bound_to",
    "session_started_at",
    "planned_seconds",
    "is_time_assumed",
    "is_delayed",
)


def event_row(session_id: str, delivery_id: int | None, event: PresenceEvent) -> tuple[Any, ...]:
    """In the order of `EVENT_COLUMNS`."""
    handle = event.handle
    return (
        session_id,
        storable(event.who),
        event.kind.value,
        event.occurred_at,
        event.received_at,
        delivery_id,
        storable(event.connection) if event.connection is not None else None,
        storable(event.number),
        storable(handle.name),
        storable(handle.email),
        storable(handle.user_id),
        storable(handle.registrant_id),
        storable(handle.external_id),
        handle.role,
        handle.is_host,
        event.lost,
        event.joined_at,
        storable(event.bound_to) if event.bound_to is not None else None,
        event.session_started_at,
        event.planned_for // timedelta(seconds=1) if event.planned_for is not None else None,
        event.is_time_assumed,
        event.received_at - event.occurred_at > LATE_DELIVERY,
    )
