"""What a platform's API shows of who is in a room, where its webhooks tell nothing (attendance-rules, section 5)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Who is in a room now, as its platform shows it."""

    #: connections, the recorder's not among them; 0: nobody
    people: int
    #: when the last of them came; None: not said
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What came of asking a platform who is in the room of one lesson."""

    #: when it was asked last
    asked_at: datetime
    #: when it answered last, and with what; None: it never did, and nothing is known
    answered_at: datetime | None = None
    inside: Inside | None = None
    #: why it did not answer when it was asked last
    error: str = ""
