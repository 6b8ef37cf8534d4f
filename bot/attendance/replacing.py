"""A record that is the whole truth about whom it can name: its stays replace what was told of them live.

And of the session itself (attendance-rules, section 1). Who was only ever a display name stands in no such record and
stays as told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.attendance.events import NOBODY, EventKind, Handle, PresenceEvent
from bot.attendance.records import PlatformRecord

#: What a record says better.
REPLACED = frozenset({EventKind.JOINED, EventKind.LEFT, EventKind.SESSION_STARTED, EventKind.SESSION_ENDED})


def replaced(events: Sequence[PresenceEvent], record: PlatformRecord) -> list[PresenceEvent]:
    """The events of the record's session, those of the record in place of what it says better."""
    back = _back_after(events, record)
    kept = [event for event in events if not _is_replaced(event, record, back.get(event.who))]
    return [*kept, *of_session(record), *_of_stays(record, _faces(events))]


def of_session(record: PlatformRecord) -> Iterable[PresenceEvent]:
    """What a record says of the session itself."""
    yield recorded(record, EventKind.SESSION_STARTED, record.started_at)
    if record.ended_at is not None:
        yield recorded(record, EventKind.SESSION_ENDED, record.ended_at)


def recorded(
    record: PlatformRecord,
    kind: EventKind,
    at: datetime,
    handle: Handle = NOBODY,
    *,
    connection: str | None = None,
    number: str = "",
    lost: bool = False,
) -> PresenceEvent:
    """One thing that a record says, as an event."""
    return PresenceEvent(
        kind=kind,
        room=record.room,
        session=record.session,
        occurred_at=at,
        received_at=record.received_at,
        connection=connection,
        handle=handle,
        number=number,
        lost=lost,
        is_recorded=True,
    )


def _back_after(events: Iterable[PresenceEvent], record: PlatformRecord) -> dict[str, datetime]:
    """By person, when they first joined after the end that the record knows: it went on, and says more later.

    What else is told after it (everybody's *left*) belongs to what the record has.
    """
    back: dict[str, datetime] = {}
    for event in events:
        if event.kind is EventKind.JOINED and event.occurred_at > record.until:
            back[event.who] = min(back.get(event.who, event.occurred_at), event.occurred_at)
    return back


def _is_replaced(event: PresenceEvent, record: PlatformRecord, since: datetime | None) -> bool:
    if event.kind not in REPLACED:
        return False
    if event.kind in {EventKind.SESSION_STARTED, EventKind.SESSION_ENDED}:
        return event.occurred_at <= record.until
    return bool(event.handle.external_id) and (since is None or event.occurred_at < since)


def _faces(events: Iterable[PresenceEvent]) -> dict[str, Handle]:
    """By external id, how somebody was shown live: such records name nobody and know no hosts."""
    faces: dict[str, Handle] = {}
    for event in sorted(events, key=lambda each: (each.occurred_at, each.kind.value, each.handle.name)):
        handle = event.handle
        if handle.external_id:
            before = faces.get(handle.external_id, NOBODY)
            faces[handle.external_id] = replace(
                handle, name=handle.name or before.name, is_host=handle.is_host or before.is_host
            )
    return faces


def _of_stays(record: PlatformRecord, faces: dict[str, Handle]) -> Iterable[PresenceEvent]:
    for stay in record.stays:
        handle = faces.get(stay.handle.external_id, stay.handle)
        yield recorded(record, EventKind.JOINED, stay.joined_at, handle)
        if stay.left_at is not None:
            yield recorded(record, EventKind.LEFT, stay.left_at, handle, lost=stay.lost)
