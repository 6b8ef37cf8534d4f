"""A course's rule, such as 90 %: how somebody stands, and what they may still miss (attendance-rules, section 7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from fractions import Fraction
from typing import Literal

from bot.attendance.intervals import subtract, union, whole_seconds
from bot.attendance.lessons import Interval
from bot.attendance.sheet import Flag, PersonSheet, Seconds, Sheet, Verdict

#: What such a lesson comes to is in neither sum: it was not held, is unconfirmed or without data, or was excused whole.
NOT_COUNTED = frozenset({Verdict.NOT_HELD, Verdict.NO_DATA, Verdict.PENDING, Verdict.EXCUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """What one lesson came to for one student, as it was written down."""

    planned_start: datetime
    #: of the policy under which the lesson ran
    basis: Literal["held", "planned"]
    verdict: Verdict
    flags: tuple[Flag, ...] = ()
    late_seconds: int | None = None
    attended: Seconds
    #: what could be attended, excused time left out
    denominator: Seconds
    #: the lesson's own length, breaks left out
    lesson: Seconds

    @property
    def seconds(self) -> int:
        """Attended, on the basis of the lesson's verdict."""
        return self.attended.held if self.basis == "held" else self.attended.planned

    @property
    def base(self) -> int:
        """D, on the basis of the lesson's verdict."""
        return self.denominator.held if self.basis == "held" else self.denominator.planned

    @property
    def is_counted(self) -> bool:
        """Whether it is in the sums of the course."""
        return self.verdict not in NOT_COUNTED


@unique
class Outlook(StrEnum):
    """What another missed lesson would do."""

    SAFE = "safe"  # missing the longest lesson to come still keeps the rule
    AT_RISK = "at_risk"  # it would break it
    LOST = "lost"  # whatever comes


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTotals:
    """One student's sums over a course; lengths in whole seconds."""

    #: of the lessons that count: how long they were planned and held, attended and D on the basis of each
    planned_seconds: int
    held_seconds: int
    attended_seconds: int
    base_seconds: int
    to_come_seconds: int
    #: tenths of a percent, rounded down; None where there is nothing to divide by
    permille: int | None
    #: if nothing more is missed
    best_permille: int | None
    #: of what is to come, so that the rule still holds
    may_miss_seconds: int
    outlook: Outlook


def totals(lessons: Iterable[Attended], to_come: Sequence[int], minimum: Fraction) -> CourseTotals:
    """How somebody stands after these lessons; `to_come` are the planned seconds of each lesson ahead."""
    counted = [each for each in lessons if each.is_counted]
    return totals_of(
        planned=sum(each.lesson.planned for each in counted),
        held=sum(each.lesson.held for each in counted),
        attended=sum(each.seconds for each in counted),
        base=sum(each.base for each in counted),
        to_come=to_come,
        minimum=minimum,
    )


def totals_of(
    *, planned: int, held: int, attended: int, base: int, to_come: Sequence[int], minimum: Fraction
) -> CourseTotals:
    """The same from sums over the lessons that count."""
    ahead = sum(to_come)
    best, whole = attended + ahead, base + ahead
    return CourseTotals(
        planned_seconds=planned,
        held_seconds=held,
        attended_seconds=attended,
        base_seconds=base,
        to_come_seconds=ahead,
        permille=_permille(attended, base),
        best_permille=_permille(best, whole),
        may_miss_seconds=max(0, min(ahead, (best - minimum * whole) // 1)),
        outlook=_outlook(best, whole, longest=max(to_come, default=0), minimum=minimum),
    )


def attended_by(line: PersonSheet, sheet: Sheet, basis: Literal["held", "planned"]) -> Attended:
    """What a sheet says of one student."""
    return Attended(
        planned_start=sheet.planned_start,
        basis=basis,
        verdict=line.verdict or Verdict.PENDING,
        flags=line.flags,
        late_seconds=int(line.late_by.total_seconds()) if line.late_by is not None else None,
        attended=line.attended,
        denominator=line.denominator,
        lesson=Seconds(planned=sheet.planned_seconds, held=sheet.held_seconds),
    )


def planned_seconds(planned: Interval, breaks: Iterable[Interval]) -> int:
    """How long a lesson ahead is: its planned time without its breaks."""
    return whole_seconds(subtract([planned], union(breaks)))


def _outlook(best: int, whole: int, *, longest: int, minimum: Fraction) -> Outlook:
    if best < minimum * whole:
        return Outlook.LOST
    return Outlook.SAFE if best - longest >= minimum * whole else Outlook.AT_RISK


def _permille(attended: int, base: int) -> int | None:
    return min(1000, attended * 1000 // base) if base > 0 else None
