"""Who hosts a session, on platforms where a school chooses the names of roles itself."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.attendance.events import PresenceEvent


def hosts_by_role(events: Sequence[PresenceEvent], roles: Collection[str]) -> Sequence[PresenceEvent]:
    """The events, whose part the platform names with a host where the course says so (attendance-rules, section 2).

    A course that names no roles, and an event that tells none, leave it with what the platform's folder says.
    """
    if not roles:
        return events
    return [
        replace(event, handle=replace(event.handle, is_host=event.handle.role in roles)) if event.handle.role else event
        for event in events
    ]
