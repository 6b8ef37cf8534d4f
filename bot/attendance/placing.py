"""Whose row is it? Each row of a record belongs to one connection of its session (attendance-rules, section 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.attendance.events import Handle, PresenceEvent
from bot.attendance.identity import comparable, is_device_name
from bot.attendance.records import PlatformRecord, RecordedStay

_NO_TIME = timedelta(0)


def placed(events: Iterable[PresenceEvent], record: PlatformRecord) -> dict[str, list[RecordedStay]]:
    """By connection, its rows in order.

    The connection or the number that webhooks tell too decides; else registrant, e-mail and ids, whatever the hour;
    else the name, of exactly one connection that was there around that time. A row that is nobody's is a connection of
    its own.
    """
    devices = _devices(events)
    numbers = {number: device for device in devices.values() for number in sorted(device.numbers)}
    rows: dict[str, list[RecordedStay]] = defaultdict(list)
    rest: list[RecordedStay] = []
    for row in sorted(record.stays, key=_order):
        device = devices.get(row.connection) if row.connection is not None else numbers.get(row.number)
        if row.connection is None and device is None:
            rest.append(row)
            continue
        name = row.connection if row.connection is not None else device.name if device is not None else ""
        devices.setdefault(name, _Device(name)).add_row(row)
        rows[name].append(row)
    for row in rest:
        device = _likeliest(row, list(devices.values())) or devices.setdefault(_own(row), _Device(_own(row)))
        device.add_row(row)
        rows[device.name].append(row)
    return {name: sorted(each, key=_order) for name, each in rows.items()}


@dataclass(slots=True)
class _Device:
    """One connection, as far as it can be told by whom it shows."""

    name: str
    numbers: set[str] = field(default_factory=set)
    ids: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add_event(self, event: PresenceEvent) -> None:
        self.numbers |= {event.number} - {""}
        self._add(event.handle, event.occurred_at, event.occurred_at)

    def add_row(self, row: RecordedStay) -> None:
        self._add(row.handle, row.joined_at, row.left_at or row.joined_at)

    def distance(self, row: RecordedStay) -> timedelta:
        """How much time lies between this device and the row; none where they meet."""
        if self.first_at is None or self.last_at is None:
            return timedelta.max
        return max(_NO_TIME, row.joined_at - self.last_at, self.first_at - (row.left_at or self.first_at))

    def contradicts(self, handle: Handle) -> bool:
        """Whether both are known by a thing of one kind, and it is another."""
        mine, theirs = dict(self.ids), dict(_ids(handle))
        return any(kind in theirs and theirs[kind] != value for kind, value in mine.items())

    def _add(self, handle: Handle, start: datetime, end: datetime) -> None:
        self.ids |= set(_ids(handle))
        self.names |= {comparable(handle.name)} - {""}
        self.first_at = start if self.first_at is None else min(self.first_at, start)
        self.last_at = end if self.last_at is None else max(self.last_at, end)


def _devices(events: Iterable[PresenceEvent]) -> dict[str, _Device]:
    devices: dict[str, _Device] = {}
    for event in events:
        if event.connection is not None:
            devices.setdefault(event.connection, _Device(event.connection)).add_event(event)
    return devices


def _ids(handle: Handle) -> list[tuple[str, str]]:
    told = {
        "registrant": handle.registrant_id,
        "external": handle.external_id,
        "email": handle.email,
        "account": handle.user_id,
    }
    return [(kind, value) for kind, value in told.items() if value]


def _likeliest(row: RecordedStay, devices: Sequence[_Device]) -> _Device | None:
    """The device of the same person that is nearest in time; by name alone only one that was there, and only one."""
    ids, name = set(_ids(row.handle)), comparable(row.handle.name)
    same = [device for device in devices if ids & device.ids]
    if same:
        return min(same, key=lambda device: (device.distance(row), device.name))
    if not name or is_device_name(row.handle.name):
        return None
    named = [device for device in devices if name in device.names and not device.contradicts(row.handle)]
    there = [device for device in named if device.distance(row) == _NO_TIME]
    return there[0] if len(there) == 1 else None


def _own(row: RecordedStay) -> str:
    """What a row is called that no webhook told of: by its number, as a webhook without anything better would be."""
    handle = row.handle
    who = handle.registrant_id or handle.external_id or handle.email or handle.user_id or handle.name
    return row.number or f"~{who} {row.joined_at.isoformat()}"


def _order(row: RecordedStay) -> tuple[datetime, str, str]:
    return (row.joined_at, row.number, row.connection or "")
