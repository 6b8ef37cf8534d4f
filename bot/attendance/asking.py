"""When a platform is asked for its own record of a lesson (attendance-rules, section 5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: After the end of the last session that the lesson sees.
ATTEMPTS = (
    timedelta(minutes=5),
    timedelta(minutes=35),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
#: An answer that was none is asked for again after these, and then at the next attempt; a platform may name longer.
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4))
#: However long a platform asks us to wait, some later attempt is made.
LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How it stands with asking for the record of one lesson."""

    #: from when the attempts are counted
    since: datetime
    #: when it is asked for next; None: the last attempt was made, or the record is in
    due_at: datetime | None


def first_attempt(since: datetime, *, now: datetime) -> datetime:
    """When to ask first: attempts whose moment is past are made at once, as one."""
    return max(since + ATTEMPTS[0], now)


def next_attempt(since: datetime, *, now: datetime) -> datetime | None:
    """The attempt after one that was made now; None: it was the last."""
    return next((since + after for after in ATTEMPTS if since + after > now), None)


def after_no_answer(
    since: datetime, *, tries: int, asked_to_wait: timedelta | None, now: datetime
) -> tuple[datetime | None, int]:
    """When to ask again where there was no answer, and how often that was in a row then; None: no more.

    `tries` such answers came before. The next attempt of all is never put off by it.
    """
    attempt = next_attempt(since, now=now)
    if tries >= len(AGAIN_AFTER):
        return attempt, 0
    again = now + min(max(AGAIN_AFTER[tries], asked_to_wait or AGAIN_AFTER[tries]), LONGEST_WAIT)
    if attempt is not None and attempt <= again:
        return attempt, 0
    return again, tries + 1
