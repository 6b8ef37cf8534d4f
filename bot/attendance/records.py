"""The platform's own record of a session, written when it was over.

What becomes of the webhooks beside it stands in `merging`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from bot.attendance.events import Handle


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
    #: the connection as webhooks name it; None: the record names none
    connection: str | None = None
    #: the number within the session that webhooks tell too, new with every room hop
    number: str = ""
    #: they stood in the waiting room, so it is no presence
    is_waiting: bool = False


@unique
class Interaction(StrEnum):
    """By what people took part beside being there."""

    QUIZ = "quiz"  # has a right answer
    POLL = "poll"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInMeeting:
    """One question of a quiz, or one poll."""

    kind: Interaction
    #: the platform's
    id: str
    text: str
    #: what was told for each option, by what stands for it in an answer
    options: tuple[tuple[str, str], ...] = ()
    #: of a quiz
    correct: str = ""
    #: how many were right, in the platform's own words; empty: not told
    accuracy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenInMeeting:
    """What one person answered to one of them."""

    external_id: str
    kind: Interaction
    #: `AskedInMeeting.id`
    asked: str
    value: str


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
    #: it is the whole truth about whom it can name, and takes the place of the webhooks; otherwise it completes them
    is_whole: bool = True
    #: addresses at which the session can be watched
    recordings: tuple[str, ...] = ()
    #: (external id, device) as the platform names it
    devices: tuple[tuple[str, str], ...] = ()
    asked: tuple[AskedInMeeting, ...] = ()
    given: tuple[GivenInMeeting, ...] = ()

    @property
    def until(self) -> datetime:
        """Up to which instant it speaks: the session's end, or while it ran that of asking."""
        return self.ended_at or self.received_at

    @property
    def key(self) -> tuple[str, str]:
        """Of which session it is, and by whom."""
        return (self.session, self.source)
