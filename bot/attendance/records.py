"""The platform's own record of a session, written when it was over, and what becomes of the webhooks beside it.

A record is the truth about whom it can name: its stays replace what was told of them live, and of the session itself
(attendance-rules, section 1). Who was only ever a display name stands in no record and stays as told.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    back = _back_after(events, by_session)
    kept = [event for event in events if not _is_replaced(event, by_session.get(event.session), back)]
    faces = _faces(events)
    return [*kept, *(event for record in by_session.values() for event in _events_of(record, faces))]


def _back_after(
    events: Iterable[PresenceEvent], records: Mapping[str, PlatformRecord]
) -> dict[tuple[str, str], datetime]:
    """By session and person, when they first joined after the end that a record knows: it went on, and says more later.

    What else is told after it (everybody's *left*) belongs to what the record has.
    """
    back: dict[tuple[str, str], datetime] = {}
    for event in events:
        record = records.get(event.session)
        if record is not None and event.kind is EventKind.JOINED and event.occurred_at > record.ended_at:
            key = (event.session, event.who)
            back[key] = min(back.get(key, event.occurred_at), event.occurred_at)
    return back


def _is_replaced(event: PresenceEvent, record: PlatformRecord | None, back: Mapping[tuple[str, str], datetime]) -> bool:
    if record is None or event.kind not in REPLACED:
        return False
    if event.kind in {EventKind.SESSION_STARTED, EventKind.SESSION_ENDED}:
        return event.occurred_at <= record.ended_at
    since = back.get((event.session, event.who))
    return bool(event.handle.external_id) and (since is None or event.occurred_at < since)


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


def _events_of(record: PlatformRecord, faces: Mapping[tuple[str, str], Handle]) -> Iterable[PresenceEvent]:
    yield _event(record, EventKind.SESSION_STARTED, record.started_at)
    yield _event(record, EventKind.SESSION_ENDED, record.ended_at)
    for stay in record.stays:
        handle = faces.get((record.session, stay.handle.external_id), stay.handle)
        yield _event(record, EventKind.JOINED, stay.joined_at, handle)
        yield _event(record, EventKind.LEFT, stay.left_at, handle, lost=stay.lost)


def _event(
    record: PlatformRecord, kind: EventKind, at: datetime, handle: Handle = NOBODY, *, lost: bool = False
) -> PresenceEvent:
    return PresenceEvent(
        kind=kind,
        room=record.room,
        session=record.session,
        occurred_at=at,
        received_at=record.received_at,
        handle=handle,
        lost=lost,
    )
