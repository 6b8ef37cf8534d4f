"""One person's verdict and flags: the first that fits, attendance-rules, section 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from bot.attendance.held import Ground
from bot.attendance.intervals import intersect, length, subtract, union, whole_seconds
from bot.attendance.lateness import early_flag
from bot.attendance.lessons import Confirmation, Correction, CorrectionKind, Interval, Lesson
from bot.attendance.presence import ADDS, PersonPresence
from bot.attendance.sheet import Flag, Seconds, Verdict
from bot.attendance.waiting import SHORT_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """What is the same for everybody in one lesson."""

    lesson: Lesson
    ground: Ground
    confirmation: Confirmation
    is_live: bool
    #: a silent feed and no events at all: nothing is known
    has_no_data: bool
    #: when nothing may be concluded from silence
    unhealthy: Sequence[Interval]
    #: there is nobody late, absent or partial in a lesson that nobody planned
    is_unplanned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What one person's presence comes to; lengths in whole seconds, floored once."""

    attended: Seconds
    denominator: Seconds
    #: without leaving out what is excused
    attended_unexcused: Seconds
    denominator_unexcused: Seconds
    is_present: bool
    is_wholly_excused: bool
    waited_seconds: int


def excused_of(lesson: Lesson, corrections: Sequence[Correction]) -> list[Interval]:
    """The time for which somebody is excused; marking them absent later takes the excuse back."""
    excused: list[Interval] = []
    for correction in corrections:
        during = [correction.during or lesson.planned]
        if correction.kind is CorrectionKind.EXCUSED:
            excused = union([*excused, *during])
        elif correction.kind is CorrectionKind.NOT_PRESENT:
            excused = subtract(excused, during)
    return excused


def measure(presence: PersonPresence, court: Court) -> Measures:
    """Hold one person's presence against planned and held time."""
    lesson, ground = court.lesson, court.ground
    excused = excused_of(lesson, presence.corrections)
    planned, held = ground.planned, ground.held
    counted_planned = subtract(planned, excused) if excused else planned
    counted_held = subtract(held, excused) if excused else held
    counted = counted_held if lesson.policy.basis == "held" and held else counted_planned
    there = presence.present
    inside = intersect(there, [lesson.planned])
    return Measures(
        attended=_seconds(there, counted_planned, counted_held),
        denominator=Seconds(planned=whole_seconds(counted_planned), held=whole_seconds(counted_held)),
        attended_unexcused=_seconds(there, planned, held),
        denominator_unexcused=Seconds(planned=whole_seconds(planned), held=whole_seconds(held)),
        is_present=length(inside) >= least_presence(lesson),
        is_wholly_excused=bool(excused) and (not subtract([lesson.planned], excused) or not length(counted)),
        waited_seconds=whole_seconds(intersect(presence.waited, ground.planned)),
    )


def least_presence(lesson: Lesson) -> timedelta:
    """Being there for less is not presence: `min_presence`, or the whole lesson if that is shorter."""
    return min(lesson.policy.min_presence, lesson.planned.length)


def verdict_of(measures: Measures, court: Court) -> Verdict:
    """The first verdict that fits."""
    if court.confirmation is Confirmation.NOT_HELD:
        return Verdict.NOT_HELD
    if court.has_no_data:
        return Verdict.NO_DATA
    if measures.is_wholly_excused and not (measures.is_present and _reaches_minimum_anyway(measures, court)):
        return Verdict.EXCUSED
    if court.is_live or court.confirmation is Confirmation.UNCONFIRMED:
        return Verdict.PENDING
    if not measures.is_present:
        return _verdict_without_presence(measures, court)
    if measures.is_wholly_excused or _reaches_minimum(measures, court):
        return Verdict.VALIDATED
    return Verdict.PARTIAL


def _verdict_without_presence(measures: Measures, court: Court) -> Verdict:
    least = least_presence(court.lesson)
    if timedelta(seconds=measures.waited_seconds) >= least:
        return Verdict.PARTIAL
    if length(subtract([court.lesson.planned], court.unhealthy)) < least:
        return Verdict.NO_DATA
    return Verdict.ABSENT


def flags_of(
    presence: PersonPresence, measures: Measures, court: Court, *, arrival_is_late: bool, is_weak: bool
) -> tuple[Flag, ...]:
    """The flags beside the verdict, in the order of `Flag`. After the end they belong to who was present."""
    planned = court.ground.planned
    waited_long = timedelta(seconds=measures.waited_seconds) >= SHORT_WAIT
    found = {
        Flag.WAITED: waited_long,
        Flag.CORRECTED: any(each.kind in (*ADDS, CorrectionKind.NOT_PRESENT) for each in presence.corrections),
    }
    if measures.is_present or court.is_live:
        early = None if court.is_live else early_flag(presence, court.ground, court.lesson, court.unhealthy)
        found |= {
            Flag.LATE: arrival_is_late and not court.is_unplanned,
            Flag.LEFT_EARLY: early is Flag.LEFT_EARLY and not court.is_unplanned,
            Flag.DROPPED: early is Flag.DROPPED,
            Flag.BRIDGED: bool(intersect(presence.bridged, planned)),
            Flag.ASSUMED: bool(intersect(presence.assumed, planned)),
            Flag.WEAK_IDENTITY: is_weak,
        }
    return tuple(flag for flag in Flag if found.get(flag))


def permille(attended: int, base: int) -> int | None:
    """Tenths of a percent, rounded down, at most 1000; None where there is nothing to attend."""
    return min(1000, attended * 1000 // base) if base > 0 else None


def _seconds(there: Sequence[Interval], planned: Sequence[Interval], held: Sequence[Interval]) -> Seconds:
    return Seconds(planned=whole_seconds(intersect(there, planned)), held=whole_seconds(intersect(there, held)))


def _reaches_minimum(measures: Measures, court: Court) -> bool:
    return _reaches(measures.attended, measures.denominator, court)


def _reaches_minimum_anyway(measures: Measures, court: Court) -> bool:
    return _reaches(measures.attended_unexcused, measures.denominator_unexcused, court)


def _reaches(attended: Seconds, base: Seconds, court: Court) -> bool:
    minimum: Fraction = court.lesson.policy.minimum
    if court.lesson.policy.basis == "planned":
        return attended.planned >= minimum * base.planned
    return attended.held >= minimum * base.held
