"""The platform's own record of a session, written when it was over, and what becomes of the webhooks beside it.

A record is the truth about whom it can name: its stays replace what was told of them live, and of the session itself
(attendance-rules, section 1). Who was only ever a display name stands in no record and stays as told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.attendance.events import NOBODY, EventKind, Handle, PresenceEvent

#: What a record says better.
REPLACED = frozenset({EventKind.JOINED, EventKind.LEFT, EventKind.SESSION_STARTED, EventKind.SESSION_ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStay:
    """One interval in which somebody was in, on whatever devices; those of one person never overlap."""

    handle: Handle
    joined_at: datetime
    left_at: datetime
    #: the platform says that the connection was lost, not closed
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRecord:
    """Everything that a platform wrote down about one session. Of several versions the one received last counts."""

    room: str
    session: str
    #: as it stands on the sheet
    source: str
    received_at: datetime
    started_at: datetime
    ended_at: datetime
    #: never empty: an empty record is none yet
    stays: tuple[RecordedStay, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Of which session it is, and by whom."""
        return (self.session, self.source)


def with_records(events: Sequence[PresenceEvent], records: Iterable[PlatformRecord]) -> Sequence[PresenceEvent]:
    """The events, those of each record in place of what it says better. Order does not matter."""
    by_session = {record.session: record for record in sorted(records, key=lambda each: each.received_at)}
    if not by_session:
        return events
    kept = [event for event in events if event.session not in by_session or not _is_replaced(event)]
    faces = _faces(events)
    return [*kept, *(event for record in by_session.values() for event in _events_of(record, faces))]


def _is_replaced(event: PresenceEvent) -> bool:
    is_named = bool(event.handle.external_id) or event.kind in {EventKind.SESSION_STARTED, EventKind.SESSION_ENDED}
    return event.kind in REPLACED and is_named


def _faces(events: Iterable[PresenceEvent]) -> dict[tuple[str, str], Handle]:
    """By session and external id, how somebody was shown live: records name nobody and know no hosts."""
    faces: dict[tuple[str, str], Handle] = {}
    for event in sorted(events, key=lambda each: (each.occurred_at, each.kind.value, each.handle.name)):
        handle = event.handle
        if handle.external_id:
            before = faces.get((event.session, handle.external_id), NOBODY)
            faces[event.session, handle.external_id] = replace(
                handle, name=handle.name or before.name, is_host=handle.is_host or before.is_host
            )
    return faces


def _events_of(record: PlatformRecord, faces: dict[tuple[str, str], Handle]) -> Iterable[PresenceEvent]:
    about = PresenceEvent(
        kind=EventKind.SESSION_STARTED,
        room=record.room,
        session=record.session,
        occurred_at=record.started_at,
        received_at=record.received_at,
    )
    yield about
    yield replace(about, kind=EventKind.SESSION_ENDED, occurred_at=record.ended_at)
    for stay in record.stays:
        handle = faces.get((record.session, stay.handle.external_id), stay.handle)
        joined = replace(about, kind=EventKind.JOINED, occurred_at=stay.joined_at, handle=handle)
        yield joined
        yield replace(joined, kind=EventKind.LEFT, occurred_at=stay.left_at, lost=stay.lost)
