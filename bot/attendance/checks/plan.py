"""When a run asks: moments that nobody picked, and that anybody can compute again from the seed.

Every draw is HMAC-SHA256(seed, "moment N") read as a number and scaled to the range, so it needs no generator of any
language, and the N-th is the same whichever were drawn before it.
"""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Final

from bot.attendance.checks.settings import CheckSettings, Template, TimeRange
from bot.attendance.intervals import subtract, whole_seconds
from bot.attendance.lessons import Interval, Lesson

#: Nobody is asked in the first and the last minutes of a lesson.
QUIET_AT_FIRST: Final = timedelta(minutes=10)
QUIET_AT_LAST: Final = timedelta(minutes=5)
#: Seconds. With less than this there is one question, in the middle third …
FEW: Final = 600
#: … and with less than this none.
TOO_FEW: Final = 300
#: Seconds: two questions are at least this far apart, or a third of a slot.
DISTANCE: Final = 600
#: Seconds before the end of usable time in which the last question of Light and CLE is asked.
LAST: Final = 300

#: Of the code word: it is said aloud once, and nobody guesses one of 343,000 within five minutes.
_CONSONANTS, _VOWELS, _SYLLABLES = "bdfgklmnprstvz", "aeiou", 3


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a template asks: `asked` questions for each `per`, and perhaps one more at the end."""

    asked: int
    per: timedelta
    has_last: bool


COUNTS: Final = {
    Template.LIGHT: Counts(1, timedelta(hours=1), has_last=True),
    Template.CPE: Counts(3, timedelta(minutes=50), has_last=False),
    Template.CLE: Counts(1, timedelta(minutes=50), has_last=True),
}


def seed_of(secret: bytes, check_id: str) -> str:
    """The seed of a run, in hexadecimal: with the secret of the installation, and of nobody's choosing."""
    return hmac.new(secret, check_id.encode(), sha256).hexdigest()


def hash_of(seed: str) -> str:
    """What is committed to when the run is created: SHA-256 of the seed as text."""
    return sha256(seed.encode()).hexdigest()


def draw(seed: str, number: int, below: int) -> int:
    """The N-th number of a seed, uniform in [0, below); 0 where there is nothing to choose."""
    return _scaled(seed, f"moment {number}", below)


def word_of(seed: str, number: int) -> str:
    """The code word of a question, easy to say and to write."""
    letters = (_CONSONANTS, _VOWELS) * _SYLLABLES
    return "".join(
        choices[_scaled(seed, f"word {number} {place}", len(choices))] for place, choices in enumerate(letters)
    )


def moments_by_plan(settings: CheckSettings, lesson: Lesson, seed: str) -> tuple[datetime, ...]:
    """The moments of a template with a count, in order; they depend on the lesson's plan and the seed alone."""
    usable = usable_time(lesson)
    seconds = whole_seconds(usable)
    return tuple(_instant(usable, offset) for offset in _offsets(settings.template, lesson, seconds, seed))


def moments_by_ranges(settings: CheckSettings, started_at: datetime, seed: str) -> Iterator[datetime]:
    """The moments of a run that goes by ranges, counted from its start; they do not end by themselves."""
    moment, number, chosen = started_at, 0, settings.initial
    while True:
        number += 1
        moment += timedelta(seconds=_delay(chosen, seed, number))
        yield moment
        chosen = settings.interval


def usable_time(lesson: Lesson) -> list[Interval]:
    """The lesson less its first ten minutes, its last five, and its breaks."""
    start, end = lesson.planned_start + QUIET_AT_FIRST, lesson.planned_end - QUIET_AT_LAST
    return subtract([Interval(start, end)], sorted(lesson.breaks)) if start < end else []


def _offsets(template: Template, lesson: Lesson, seconds: int, seed: str) -> list[int]:
    """Seconds of usable time before each question."""
    if seconds < TOO_FEW:
        return []
    if seconds < FEW:
        third = seconds // 3
        return [third + draw(seed, 1, third)]
    counts = COUNTS[template]
    taught = whole_seconds(subtract([lesson.planned], sorted(lesson.breaks)))
    number = ceil(counts.asked * taught / counts.per.total_seconds())
    spread = seconds - LAST if counts.has_last else seconds
    slot = spread // number
    width = slot - min(DISTANCE, slot // 3)
    offsets = [place * slot + draw(seed, place + 1, width) for place in range(number)]
    return [*offsets, spread + draw(seed, number + 1, LAST)] if counts.has_last else offsets


def _instant(usable: Sequence[Interval], offset: int) -> datetime:
    """The instant before which so many seconds of usable time have passed."""
    before, left = usable[0], timedelta(seconds=offset)
    for interval in usable[1:]:
        if left < before.length:
            break
        before, left = interval, left - before.length
    return before.start + left


def _delay(chosen: TimeRange, seed: str, number: int) -> int:
    return chosen.after + draw(seed, number, chosen.within)


def _scaled(seed: str, what: str, below: int) -> int:
    digest = hmac.new(bytes.fromhex(seed), what.encode(), sha256).digest()
    return int.from_bytes(digest) * below >> (8 * len(digest))
