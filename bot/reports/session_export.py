"""The sessions of a room as the platform's own dashboard exports them: a row per session, under the same names.

Durations are minutes with two decimals.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Final

from bot.reports.attendance_json import instant
from bot.reports.harmless import harmless
from bot.reports.spreadsheet import Book, Cell, Column, Kind, Table, workbook

COLUMNS: Final = (
    "session_id",
    "room_id",
    "created_at",
    "recording_enabled",
    "total_peers",
    "participant duration",
    "session_duration",
    "recording_duration",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedSession:
    """One session; durations are hundredths of a minute. None is what the platform did not tell."""

    session_id: str
    room_id: str
    created_at: datetime | None
    total_peers: int
    #: of all peers together
    participant_duration: int
    session_duration: int
    recording_enabled: bool | None = None
    recording_duration: int | None = None


def session_csv(sessions: Iterable[ExportedSession]) -> str:
    """A row per session, in the order given."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for each in sessions:
        created, recording, peers, *durations = _facts(each)
        rows.writerow(
            [
                harmless(each.session_id),
                harmless(each.room_id),
                instant(created) or "",
                recording,
                peers,
                *map(_decimals, durations),
            ]
        )
    return written.getvalue()


def session_xlsx(sessions: Sequence[ExportedSession], *, title: str, zone: str, made_at: datetime) -> bytes:
    """The same as a workbook; `made_at` stands in the file as its date."""
    kinds = (Kind.TEXT, Kind.TEXT, Kind.MOMENT, Kind.TEXT, Kind.NUMBER, *[Kind.HUNDREDTHS] * 3)
    columns = [Column(head, kind) for head, kind in zip(COLUMNS, kinds, strict=True)]
    rows: list[Sequence[Cell]] = [(each.session_id, each.room_id, *_facts(each)) for each in sessions]
    table = Table(title="sessions", columns=columns, rows=rows)
    return workbook(Book(title=title, tables=[table], made_at=made_at, zone=zone))


def _facts(session: ExportedSession) -> tuple[datetime | None, str, int, int, int, int | None]:
    """What stands behind the ids."""
    recording = {True: "true", False: "false", None: ""}[session.recording_enabled]
    durations = (session.participant_duration, session.session_duration, session.recording_duration)
    return session.created_at, recording, session.total_peers, *durations


def _decimals(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}"
