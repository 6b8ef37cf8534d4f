"""What a platform can tell us: one presence event is one normalised fact.

An event is kept once. Its order is by `occurred_at`, never by arrival.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique


@unique
class EventKind(StrEnum):
    """What happened. The first six make presence; the others are evidence of who somebody is or where they went."""

    JOINED = "joined"
    LEFT = "left"
    WAITING = "waiting"  # came into the waiting room or lobby, or was put back there: that ends a stay
    ADMITTED = "admitted"  # was let in; *joined* should follow
    SESSION_STARTED = "session_started"
    SESSION_ENDED = "session_ended"
    WAITING_LEFT = "waiting_left"  # gave up waiting, or was let in
    MOVED = "moved"  # into a breakout room: shows that the connection is in
    MOVED_BACK = "moved_back"  # out of a breakout room: changes no presence
    ROLE_CHANGED = "role_changed"  # shows that the connection is in, and who the host is
    BOUND = "bound"  # the platform binds two connections: one person (a phone dialled in)
    RECORDING_STARTED = "recording_started"  # of the session, by whoever the handle names
    RECORDING_STOPPED = "recording_stopped"

    # That of enums is a function of Python's, called several times for every event.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """Who the platform says a participant is. Null, empty and missing are all the empty text."""

    #: as shown in the room; cleaned (no control characters, at most 200), may be empty
    name: str = ""
    #: lower case, may be empty
    email: str = ""
    #: the platform's own id for an account, stable between sessions; opaque
    user_id: str = ""
    #: the platform's id of one registration; opaque
    registrant_id: str = ""
    #: the id that the school gave the platform; opaque
    external_id: str = ""
    #: what the platform calls their part, in lower case, where a school chooses its own roles; may be empty
    role: str = ""
    #: the platform says that this participant hosts the session
    is_host: bool = False


NOBODY = Handle()


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceEvent:
    """One normalised fact about one connection, one person, or one session."""

    kind: EventKind
    #: the platform's id of the standing room
    room: str
    #: the platform's id of this run of the room
    session: str
    #: the platform's time, in UTC, microseconds
    occurred_at: datetime
    #: when the delivery that told it first arrived
    received_at: datetime
    #: the platform's id of one device from join to leave; None where the event names a person only
    connection: str | None = None
    handle: Handle = NOBODY
    #: what the platform counts this connection as within the session, where that is a name of its own: it changes with
    #: every room hop, and the platform's record has it too
    number: str = ""
    #: the platform says that the connection was lost, not closed; of a session, that a fault ended it
    lost: bool = False
    #: for LEFT: when the connection had joined, where the platform tells it again
    joined_at: datetime | None = None
    #: for BOUND: the other connection
    bound_to: str | None = None
    #: the start of the session, where any event of it tells
    session_started_at: datetime | None = None
    #: the length that the platform planned for the session
    planned_for: timedelta | None = None
    #: the platform gave no time, so that of the message stands in
    is_time_assumed: bool = False
    #: it is not told by a webhook but read off the platform's own record
    is_recorded: bool = False

    @property
    def key(self) -> tuple[str, str, str, datetime]:
        """The natural key within an account: a second event with the same key is a redelivery.

        (session, connection or the person's handle, kind, occurred_at): attendance-rules, section 1.
        """
        return (self.session, self.who, self.kind.value, self.occurred_at)

    @property
    def who(self) -> str:
        """The connection, or where the platform names none, the strongest part of the handle."""
        if self.connection is not None:
            return self.connection
        handle = self.handle
        strongest = handle.registrant_id or handle.external_id or handle.user_id or handle.email or handle.name
        return f"~{strongest}" if strongest else ""
