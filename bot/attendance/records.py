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
    """One interval in which somebody was in, as the platform wrote it down.

    Of one device where the record tells devices apart, and then those of one person may overlap; otherwise of a person,
    and then they never do.
    """

    #: all that the record says of who it was; which webhook it belongs to is found by it
    handle: Handle
    joined_at: datetime
    #: None: still in when the platform was asked
    left_at: datetime | None
    #: the platform says that the connection was lost, not closed
    lost: bool = False
    #: the connection as webhooks name it (100ms `peer_id`); None: the record names none
    connection: str | None = None
    #: the number within the session that webhooks tell too (Zoom `user_id`), new with every room hop
    number: str = ""
    #: they stood in the waiting room, so it is no presence
    is_waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRecord:
    """Everything that a platform wrote down about one session. Of several versions the one received last counts."""

    room: str
    session: str
    #: as it stands on the sheet
    source: str
    received_at: datetime
    started_at: datetime
    #: None: it still ran when the platform was asked
    ended_at: datetime | None
    #: never empty: an empty record is none yet
    stays: tuple[RecordedStay, ...]
    #: it is the whole truth about whom it can name, and takes the place of the webhooks (VCaaS); otherwise it completes
    #: them (Zoom's report, 100ms's session)
    is_whole: bool = True

    @property
    def until(self) -> datetime:
        """Up to which instant it speaks: the session's end, or while it ran that of asking."""
        return self.ended_at or self.received_at

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
        if record is not None and event.kind is EventKind.JOINED and event.occurred_at > record.until:
            key = (event.session, event.who)
            back[key] = min(back.get(key, event.occurred_at), event.occurred_at)
    return back


def _is_replaced(event: PresenceEvent, record: PlatformRecord | None, back: Mapping[tuple[str, str], datetime]) -> bool:
    if record is None or event.kind not in REPLACED:
        return False
    if event.kind in {EventKind.SESSION_STARTED, EventKind.SESSION_ENDED}:
        return event.occurred_at <= record.until
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
    if record.ended_at is not None:
        yield _event(record, EventKind.SESSION_ENDED, record.ended_at)
    for stay in record.stays:
        handle = faces.get((record.session, stay.handle.external_id), stay.handle)
        yield _event(record, EventKind.JOINED, stay.joined_at, handle)
        if stay.left_at is not None:
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
