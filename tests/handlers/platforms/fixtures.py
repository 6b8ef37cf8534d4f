"""The recorded deliveries of all platforms, and how one is written in an `expect` line."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import handlers.platforms
from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.attendance.records import PlatformRecord
from bot.connectors import Fact
from handlers.recordings import Recording, read_recording

SECRET = "fixture-secret"
PLATFORMS = Path(handlers.platforms.__file__).parent
FOLDERS = sorted(path for path in PLATFORMS.iterdir() if (path / "connector.py").exists())
FIXTURES = sorted(PLATFORMS.glob("*/fixtures/*.http"))

_NOT_SHOWN = {"kind", "occurred_at", "received_at", "handle"}


def load(path: Path) -> Recording:
    return read_recording(path.read_bytes())


def fixtures_of(folder: str) -> list[Path]:
    return [path for path in FIXTURES if path.parents[1].name == folder]


def zoom_fixture(name: str) -> Recording:
    return load(PLATFORMS / "zoom" / "fixtures" / f"{name}.http")


def told(fact: Fact) -> str:
    """One fact on one line: of an event kind, time, then every field that says something."""
    return _record(fact) if isinstance(fact, PlatformRecord) else _event(fact)


def _record(record: PlatformRecord) -> str:
    """`record room=… session=… source=… FROM/TO`, then for each person's stay `WHO FROM/TO`, `lost` where it was."""
    stays = [
        f"{_written(stay.handle.external_id)} {_written(stay.joined_at)}/{_written(stay.left_at)}{' lost' * stay.lost}"
        for stay in record.stays
    ]
    about = f"record room={record.room} session={record.session} source={record.source}"
    return ", ".join([f"{about} {_written(record.started_at)}/{_written(record.ended_at)}", *stays])


def _event(event: PresenceEvent) -> str:
    return " ".join([event.kind.value, _written(event.occurred_at), *_said(event)])


def _said(event: PresenceEvent) -> Iterator[str]:
    shown = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in _NOT_SHOWN}
    order = ["room", "session", "connection", *(field.name for field in fields(Handle)), *shown]
    shown |= {field.name: getattr(event.handle, field.name) for field in fields(Handle)}
    for name in dict.fromkeys(order):
        value = shown[name]
        if value is True:
            yield name
        elif value:
            yield f"{name}={_written(value)}"


def _written(value: str | datetime | timedelta | EventKind) -> str:
    if isinstance(value, datetime):
        return re.sub(r"000(?=Z)|\.0+(?=Z)", "", value.isoformat().replace("+00:00", "Z"))
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.0f}"
    return json.dumps(value, ensure_ascii=False) if re.search(r'[\s"]', value) else value
