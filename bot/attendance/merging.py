"""Webhooks and the platforms' own records as one list of events (attendance-rules, sections 1 and 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot.attendance.completing import completed
from bot.attendance.events import PresenceEvent
from bot.attendance.records import PlatformRecord
from bot.attendance.replacing import replaced


def with_records(events: Sequence[PresenceEvent], records: Iterable[PlatformRecord]) -> Sequence[PresenceEvent]:
    """The events, with what the records say better. Order does not matter."""
    return _merged(events, records, alone=False)


def by_records(events: Sequence[PresenceEvent], records: Iterable[PlatformRecord]) -> Sequence[PresenceEvent]:
    """As it would be by the records alone, wherever there is one; what to compare the webhooks with."""
    return _merged(events, records, alone=True)


def _merged(
    events: Sequence[PresenceEvent], records: Iterable[PlatformRecord], *, alone: bool
) -> Sequence[PresenceEvent]:
    newest = {record.session: record for record in sorted(records, key=lambda each: each.received_at)}
    if not newest:
        return events
    told: dict[str, list[PresenceEvent]] = defaultdict(list)
    merged: list[PresenceEvent] = []
    for event in events:
        (told[event.session] if event.session in newest else merged).append(event)
    for session, record in newest.items():
        of_one = told[session]
        merged += replaced(of_one, record) if record.is_whole else completed(of_one, record, alone=alone)
    return merged
