"""What a platform knows of its sessions: who was in with which device, from when to when. Its API tells it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.classroom.participant import Participant

SESSIONS_KEPT, STAYS_KEPT = 200, 20_000
"""Of one room, of one session."""


@dataclass(kw_only=True, slots=True)
class Stay:
    """One device in one place, as far as the platform noticed; `until` is None while it is there.

    `number` is Zoom's `user_id`, new at each hop between rooms; `role` 100ms's. `place` is a breakout room's uuid,
    empty for the main room.
    """

    connection: str
    participant: Participant
    name: str
    since: datetime
    until: datetime | None = None
    number: str = ""
    role: str = ""
    place: str = ""
    is_waiting: bool = False


@dataclass(kw_only=True, slots=True)
class PlayedSession:
    """One run of the room; `until` is None while it runs."""

    session_id: str
    since: datetime
    until: datetime | None = None
    stays: deque[Stay] = field(default_factory=lambda: deque(maxlen=STAYS_KEPT))

    @property
    def last_change(self) -> datetime:
        """When anybody came or went last, or the session ended."""
        moments = [self.since, *(each.since for each in self.stays), *(each.until for each in self.stays if each.until)]
        return self.until or max(moments)


class Book:
    """The sessions of one room, the latest two hundred, in order of time."""

    def __init__(self) -> None:
        self._sessions: deque[PlayedSession] = deque(maxlen=SESSIONS_KEPT)
        self._here: dict[str, Stay] = {}

    def __iter__(self) -> Iterator[PlayedSession]:
        return iter(tuple(self._sessions))

    @property
    def running(self) -> PlayedSession | None:
        """The session that runs."""
        last = self._sessions[-1] if self._sessions else None
        return last if last is not None and last.until is None else None

    def begins(self, session_id: str, at: datetime) -> None:
        self._sessions.append(PlayedSession(session_id=session_id, since=at))

    def comes(self, stay: Stay) -> None:
        """Somebody comes into the session that runs, or is elsewhere in it; where none does, nothing is written."""
        self.goes(stay.connection, stay.since)
        if self.running is not None:
            self.running.stays.append(stay)
            self._here[stay.connection] = stay

    def is_in(self, connection: str, place: str) -> None:
        """The place of the connection's stay."""
        self._here[connection].place = place

    def goes(self, connection: str, at: datetime) -> None:
        """The connection leaves where it is."""
        if (stay := self._here.pop(connection, None)) is not None:
            stay.until = at

    def ends(self, at: datetime) -> None:
        """The session is over, and everybody's stay with it."""
        for connection in tuple(self._here):
            self.goes(connection, at)
        if self.running is not None:
            self.running.until = at
