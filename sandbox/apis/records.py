"""What the APIs make of the truth: late, a little off, without somebody, or never; and what goes wrong on the way."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.classroom.book import Book, PlayedSession, Stay

ANSWERS = ("400", "401", "403", "404", "429", "500", "503", "html", "half", "empty", "hangs")
"""What a call may be answered with instead of the truth; a number is the status of the platform's own kind of error."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """How the platforms' records differ from what happened; as it stands here, they do not, and are there at once.

    `after`: so long after its end a session has no record yet. `off_by` is added to every moment in it, `without`
    are handles of those who are missing in it. `answers` are those to the first calls of all, in order; see `ANSWERS`.
    `a_page` is how many entries a page has at most, `a_second` how many calls are let through, `tokens_last` how long
    a token is good, by the machine's clock; they are the platform's own while they are 0. `has_no_dashboard`: Zoom's
    account has a plan on which nobody is told who is in a meeting that runs.
    """

    after: timedelta = timedelta()
    are_never: bool = False
    are_empty: bool = False
    off_by: timedelta = timedelta()
    without: frozenset[str] = frozenset()
    answers: tuple[str, ...] = ()
    a_page: int = 0
    a_second: int = 0
    tokens_last: timedelta = timedelta()
    has_no_dashboard: bool = False


AS_IT_WAS = Records()


class Telling:
    """What the APIs tell now: the same for all of them, and to be changed while they run."""

    def __init__(self, records: Records = AS_IT_WAS) -> None:
        self.records = records
        self.answers = deque(records.answers)

    def steer(self, records: Records) -> None:
        """From now on they tell this; what was left of the answers before is forgotten."""
        self.records, self.answers = records, deque(records.answers)

    def session(self, played: PlayedSession, now: datetime) -> PlayedSession | None:
        """A session as its record has it; None while there is none. One that runs is told as it is."""
        if played.until is None:
            return played
        if self.records.are_never or now < played.until + self.records.after:
            return None
        return PlayedSession(
            session_id=played.session_id,
            since=played.since + self.records.off_by,
            until=played.until + self.records.off_by,
            stays=deque(self._stays(played.stays)),
        )

    def sessions(self, book: Book, now: datetime) -> Iterator[PlayedSession]:
        """All that there is a record of, the latest first."""
        for played in reversed(list(book)):
            told = self.session(played, now)
            if told is not None:
                yield told

    def _stays(self, stays: Iterable[Stay]) -> Iterator[Stay]:
        for stay in () if self.records.are_empty else stays:
            if stay.participant.handle not in self.records.without:
                until = stay.until + self.records.off_by if stay.until else None
                yield replace(stay, since=stay.since + self.records.off_by, until=until)
