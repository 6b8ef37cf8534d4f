"""A record that completes the webhooks, because it is no better than they are (attendance-rules, section 5).

Row by row: it replaces what would be assumed, adds what was never told, and never shortens an interval of which
webhooks told both ends. Whose row is whose stands in `placing`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.intervals import union
from bot.attendance.lessons import Interval
from bot.attendance.placing import placed
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.attendance.replacing import of_session, recorded
from bot.attendance.timeline import by_connection, raw_stays
from bot.attendance.waiting import SHORT_WAIT

#: A webhook and a record so near to each other tell the same instant; the webhook is the more exact.
SAME_INSTANT = timedelta(seconds=1)
#: A webhook's *lost* belongs to an end in the record that is so near.
NEAR = timedelta(minutes=1)
#: The end of what had none when the platform was asked.
OPEN = datetime.max.replace(tzinfo=UTC)

_PRESENCE = frozenset({EventKind.JOINED, EventKind.LEFT, EventKind.MOVED})


def completed(events: Sequence[PresenceEvent], record: PlatformRecord, *, alone: bool) -> list[PresenceEvent]:
    """The events of the record's session, with the record's rows.

    `alone`: of who was in, only what the record says, to compare the webhooks with.
    """
    rows = placed(events, record)
    told: dict[str, list[PresenceEvent]] = defaultdict(list)
    merged: list[PresenceEvent] = list(of_session(record))
    for event in events:
        if event.connection is not None and event.kind in _PRESENCE:
            told[event.connection].append(event)
        else:
            merged.append(event)
    for connection in sorted({*told, *rows}):
        merged += _of_device(record, connection, rows.get(connection, ()), told.get(connection, ()), alone=alone)
    return merged


@dataclass(slots=True)
class _Piece:
    """What webhooks told of one number of a device: from one room hop to the next."""

    #: both ends were told
    complete: list[Interval] = field(default_factory=list)
    #: when it came and when it went, as far as that was told
    came: list[datetime] = field(default_factory=list)
    gone: list[datetime] = field(default_factory=list)


def _of_device(
    record: PlatformRecord,
    connection: str,
    rows: Sequence[RecordedStay],
    told: Sequence[PresenceEvent],
    *,
    alone: bool,
) -> Iterable[PresenceEvent]:
    """One connection's coming and going, from its rows and from what was told of it."""
    stays = [row for row in rows if not row.is_waiting]
    yield from _waits(record, connection, rows, stays)
    pieces = _pieces(told)
    when = [_exactly(row, pieces.get(row.number, _Piece())) for row in stays]
    complete = [] if alone else [interval for piece in pieces.values() for interval in piece.complete]
    intervals = union([*when, *complete])
    for row, interval in zip(stays, when, strict=True):
        yield recorded(record, EventKind.JOINED, interval.start, row.handle, connection=connection, number=row.number)
    lost = {end.end for row, end in zip(stays, when, strict=True) if row.lost or _was_lost(row, end, told)}
    for interval in intervals:
        if interval.end != OPEN:
            yield recorded(record, EventKind.LEFT, interval.end, connection=connection, lost=interval.end in lost)
    if not alone:
        settled = {row.number for row in stays} | {number for number, piece in pieces.items() if piece.complete}
        yield from (_beside(event, intervals, settled) for event in told)


def _pieces(told: Iterable[PresenceEvent]) -> dict[str, _Piece]:
    """By number; where a platform numbers nothing, the device is one piece."""
    by_number: dict[str, list[PresenceEvent]] = defaultdict(list)
    for event in told:
        if event.kind is not EventKind.MOVED:
            by_number[event.number].append(event)
    pieces: dict[str, _Piece] = {}
    for number, events in by_number.items():
        piece = pieces[number] = _Piece()
        ((key, in_order),) = by_connection(events).items()
        piece.came = [event.occurred_at for event in in_order if event.kind is EventKind.JOINED]
        piece.gone = [event.occurred_at for event in in_order if event.kind is EventKind.LEFT]
        for stay in raw_stays(key, in_order):
            if stay.joined_at is not None and stay.left_at is not None and stay.joined_at < stay.left_at:
                piece.complete.append(Interval(stay.joined_at, stay.left_at))
    return pieces


def _exactly(row: RecordedStay, piece: _Piece) -> Interval:
    """When the row says that somebody was in, to the instant that a webhook told where it is the same one."""
    start = _told_so(row.joined_at, piece.came)
    if row.left_at is None:
        return Interval(start, next((each.end for each in piece.complete if each.start == start), OPEN))
    return Interval(start, max(start, _told_so(row.left_at, piece.gone)))


def _told_so(moment: datetime, told: Iterable[datetime]) -> datetime:
    return min((each for each in told if abs(each - moment) < SAME_INSTANT), default=moment)


def _was_lost(row: RecordedStay, when: Interval, told: Iterable[PresenceEvent]) -> bool:
    """Whether a webhook about the same said so, which reports do not."""
    return any(
        event.lost and event.number == row.number and abs(event.occurred_at - when.end) <= NEAR for event in told
    )


def _beside(event: PresenceEvent, intervals: Sequence[Interval], settled: set[str]) -> PresenceEvent:
    """What was told live, as it stands beside the intervals that are known now.

    What they say already stays as evidence of who it was: a *joined* of somebody who is in changes nothing.
    """
    at = event.occurred_at
    home = next((each for each in intervals if each.start <= at <= each.end), None)
    is_settled = event.number in settled or not event.number or "" in settled
    if not intervals or (home is None and not is_settled):
        return event
    if home is None:
        return _evidence(event, min(intervals, key=lambda each: abs(each.start - at)).start)
    if at == home.end:
        return replace(event, joined_at=None) if event.kind is EventKind.LEFT else _evidence(event, home.start)
    return _evidence(event, at) if event.kind is EventKind.LEFT else event


def _evidence(event: PresenceEvent, at: datetime) -> PresenceEvent:
    return replace(event, kind=EventKind.JOINED, occurred_at=at, joined_at=None, lost=False, is_recorded=True)


def _waits(
    record: PlatformRecord, connection: str, rows: Iterable[RecordedStay], stays: Sequence[RecordedStay]
) -> Iterable[PresenceEvent]:
    """The rows of the waiting room; who is in within two minutes after it was let in."""
    for row in rows:
        if not row.is_waiting:
            continue
        yield recorded(record, EventKind.WAITING, row.joined_at, row.handle, connection=connection)
        end = row.left_at
        if end is not None:
            was_let_in = any(end <= stay.joined_at <= end + SHORT_WAIT for stay in stays)
            kind = EventKind.ADMITTED if was_let_in else EventKind.WAITING_LEFT
            yield recorded(record, kind, end, row.handle, connection=connection)
