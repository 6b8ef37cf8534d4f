"""Sessions: what is remembered of one, and how any order of facts makes the same row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.records import PlatformRecord

#: A session whose end was never told is over once nothing was heard of it for this long. The longest lesson runs for a
#: day, and a room may stay open over a weekend.
SILENT_FOR = timedelta(days=7)

#: The columns of the table in the order of `SessionRow`, and the one that is computed.
STORED = ("id", "account_id", "room_id", "ref", "first_at", "last_at", "joined_at", "ended_at", "due_at")
COLUMNS = (*STORED, "open_until")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One live run of a room."""

    id: str
    account_id: str
    room_id: str
    ref: str
    #: earliest and latest instant that any fact of it names
    first_at: datetime
    last_at: datetime
    #: the latest of each kind
    joined_at: datetime | None
    ended_at: datetime | None
    #: outside the timetable: when somebody must look whether it is a lesson
    due_at: datetime | None = None

    @property
    def open_until(self) -> datetime:
        """Lessons whose window opens before this see the session: until it ended, unless somebody joined after that."""
        if self.ended_at is not None and (self.joined_at is None or self.joined_at <= self.ended_at):
            return self.ended_at
        return self.last_at + SILENT_FOR

    @property
    def values(self) -> tuple[Any, ...]:
        """In the order of `COLUMNS`."""
        return (*(getattr(self, name) for name in COLUMNS),)

    def with_(self, other: "SessionRow") -> "SessionRow":
        """This row, with what the other knows too."""
        return replace(
            self,
            first_at=min(self.first_at, other.first_at),
            last_at=max(self.last_at, other.last_at),
            joined_at=_latest(self.joined_at, other.joined_at),
            ended_at=_latest(self.ended_at, other.ended_at),
        )

    def is_seen_in(self, start: datetime, end: datetime) -> bool:
        """Whether a lesson with this window sees it."""
        return self.first_at < end and self.open_until > start


def session_of(events: Sequence[PresenceEvent], *, id_: str, account_id: str, room_id: str, ref: str) -> SessionRow:
    """What events tell of their one session."""
    instants = [event.occurred_at for event in events]
    return SessionRow(
        id=id_,
        account_id=account_id,
        room_id=room_id,
        ref=ref,
        first_at=min([*instants, *(event.session_started_at for event in events if event.session_started_at)]),
        last_at=max(instants),
        joined_at=_latest(*(event.occurred_at for event in events if event.kind is EventKind.JOINED)),
        ended_at=_latest(*(event.occurred_at for event in events if event.kind is EventKind.SESSION_ENDED)),
    )


def session_of_record(record: PlatformRecord, *, id_: str, account_id: str, room_id: str, ref: str) -> SessionRow:
    """What the platform's own record tells of its session."""
    return SessionRow(
        id=id_,
        account_id=account_id,
        room_id=room_id,
        ref=ref,
        first_at=min(record.started_at, *(stay.joined_at for stay in record.stays)),
        last_at=max([record.until, *(stay.left_at for stay in record.stays if stay.left_at is not None)]),
        joined_at=max(stay.joined_at for stay in record.stays),
        ended_at=record.ended_at,
    )


def schedule_item(session_id: str) -> str:
    """What stands as `schedule_item` of a lesson that was found in a session."""
    return f"session:{session_id}"


def _latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)
