"""Lessons and presence checks of any size, with names that are hard to print."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import cycle
from typing import Any

from bot.attendance.attendance import sheet_of
from bot.attendance.checks.counting import CheckCounts
from bot.attendance.events import Handle
from bot.attendance.lessons import Person, Role
from bot.attendance.sheet import Sheet
from bot.reports.lesson_sheet import PrintedSheet
from bot.reports.participation import Mark, Participant, Participation
from bot.reports.printed import Names
from tests.builders import (
    GRACE,
    NINE,
    an_ended_lesson,
    facts,
    joined,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
    waiting,
)

#: With markup, in other scripts, with a formula, without a place to break, or of eighty letters.
HARD_NAMES = (
    "Ada Lovelace",
    "علي بن أبي طالب",
    "王小明",
    "דוד בן־גוריון",
    "#strong[Bob] *Kahn* `x` $1/2$",
    "=HYPERLINK(1)",
    "Ελένη Παπαδοπούλου",
    "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaftschaferswesenschaft",
    "María de los Ángeles Guadalupe Fernández de Córdoba y Álvarez de Toledo Pimentel",
    "김민수",
    "さくら 山田",
    "ก้องเกียรติ",
    "अर्जुन शर्मा",
    "Łukasz Żółć",
    "Bob\u202e gnihtemos",
    "@channel <b>Eve</b>",
)
ALL_LETTERS = Names(lambda _: True)


def students(many: int, names: Sequence[str] = HARD_NAMES) -> list[Person]:
    """So many, with these names first and again and again."""
    return [
        Person(
            id=f"student-{number:04}",
            name=names[number % len(names)] + (f" {number}" if number >= len(names) else ""),
            role=Role.STUDENT,
            email=f"student-{number:04}@example.com",
        )
        for number in range(many)
    ]


def a_sheet(many: int, *, stays: int = 2, names: Sequence[str] = HARD_NAMES) -> Sheet:
    """A lesson of an hour: the first is there all the time, others come late, go early, drop out, or do not come."""
    events = [session_started(), *the_trainer(1, 58), session_ended(at=60)]
    for number, person in enumerate(students(many, names)):
        kind = number % 7
        if kind == 6:
            continue
        if kind == 5:
            events.append(joined(person, at=30))
            continue
        if kind == 4:
            events.append(waiting(person, at=3))
        length = 58 / stays
        for part in range(stays):
            start = part * length + (kind if part == 0 else 0.8) + (2 if kind == 4 else 0)
            events += stay(person, start, (part + 1) * length - (3 if kind == 3 else 0.2))
    events += [*stay("iPad (2)", 5, 50), *stay(Handle(name="Eve Clark"), 10, 20)]
    lesson = an_ended_lesson(zone="Europe/Rome")
    return sheet_of(
        facts(*events, lesson=lesson, roster=[*students(many, names), GRACE]), now=NINE + timedelta(minutes=75)
    )


def printed_sheet(sheet: Sheet, **changes: Any) -> PrintedSheet:
    """The sheet as version 2 of it was written down."""
    about = PrintedSheet(
        sheet=sheet, version=2, sha256="3f" * 32, at=sheet.computed_at, zone="Europe/Rome", basis="held", minimum="90"
    )
    return replace(about, **changes)


@dataclass(frozen=True)
class Given:
    """What became of one answer, with the minutes after the question in which it was given."""

    state: str
    after: float | None = None
    is_accepted: bool = False

    def as_mark(self, opened_at: datetime) -> Mark:
        """The answer to a question that was opened then."""
        at = None if self.after is None else opened_at + timedelta(minutes=self.after)
        return Mark(state=self.state, at=at, is_accepted=self.is_accepted)


#: Every answer that there can be, in the five minutes for it and in the five after them; None: was not asked.
EVERY_ANSWER: Sequence[Given | None] = (
    Given("confirmed", 2),
    Given("confirmed", 3),
    Given("missed"),
    Given("waived"),
    Given("undelivered"),
    Given("late", 7),
    Given("disconnected"),
    Given("late", 8, is_accepted=True),
    Given("void"),
    None,
)
#: An ordinary class: nearly all of them confirm.
USUAL_ANSWERS: Sequence[Given | None] = (
    *(Given("confirmed", after) for after in (0, 1, 2, 1, 3)),
    Given("late", 7),
    *(Given("confirmed", after) for after in (1, 4, 0, 2)),
    Given("missed"),
    *(Given("confirmed", after) for after in (2, 0, 1)),
    Given("waived"),
    *(Given("confirmed", after) for after in (3, 1, 0, 2, 1)),
    Given("missed"),
    *(Given("confirmed", after) for after in (1, 2)),
    Given("late", 6, is_accepted=True),
    Given("disconnected"),
    Given("missed"),
    Given("missed"),
    Given("confirmed", 2),
)
#: Could not be asked in time: whoever was to be asked is let off.
CANCELLED = 4
SHARE = Fraction(3, 4)


def a_participation(
    people: int,
    checkpoints: int,
    *,
    names: Sequence[str] = HARD_NAMES,
    answers: Sequence[Given | None] = EVERY_ANSWER,
    **changes: Any,
) -> Participation:
    """A presence check of an afternoon, with these answers in turn."""
    opened = [(NINE + timedelta(minutes=10 + 11 * number), number == CANCELLED) for number in range(checkpoints)]
    participants = [
        _participant(person, number, opened, answers) for number, person in enumerate(students(people, names))
    ]
    about = Participation(
        check_id="5f0c2d9e",
        version=1,
        course="Python 101",
        description="",
        zone="Europe/Rome",
        start=NINE,
        end=NINE + timedelta(hours=3),
        checkpoints=opened,
        participants=participants,
        rule_percent=int(SHARE * 100),
        seed="b1946ac92492d2347c6235b4d2611184",
        seed_hash="a7" * 32,
        history_hash="9c" * 32,
        made_at=NINE + timedelta(hours=3, minutes=1),
    )
    return replace(about, **changes)


def _participant(
    person: Person, number: int, opened: Sequence[tuple[datetime, bool]], answers: Sequence[Given | None]
) -> Participant:
    """Everybody begins at another place of the answers, which stand in turn in the columns that could be asked."""
    given = cycle(answers)
    marks: list[Mark | None] = []
    for _ in range(number * 9 % len(answers)):
        next(given)
    for at, is_cancelled in opened:
        one = Given("void") if is_cancelled else next(given)
        marks.append(one.as_mark(at) if one is not None else None)
    states = Counter("confirmed" if mark.is_accepted else mark.state for mark in marks if mark is not None)
    counts = CheckCounts(asked=states.total(), **states)
    return Participant(
        name=person.name,
        beside=person.email,
        marks=marks,
        passed=counts.answered,
        countable=counts.countable,
        needed=counts.needed(SHARE),
        has_passed=not counts.is_failed(SHARE) if counts.countable else None,
    )
