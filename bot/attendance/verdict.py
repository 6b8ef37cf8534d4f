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
    #: a silent feed, and nobody was there: nothing is known
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
    is_present: bool
    #: for all of it, and did not come anyway
    is_excused: bool
    waited_seconds: int
    #: of them, those after which nobody let them in
    in_vain_seconds: int
    #: in which they may have been there
    doubtful_seconds: int


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
    lesson, ground, there = court.lesson, court.ground, presence.present
    inside = intersect(there, [lesson.planned])
    is_present = length(inside) >= least_presence(lesson)
    excused = excused_of(lesson, presence.corrections)
    is_wholly_excused = _leaves_nothing(excused, court)
    if is_wholly_excused and is_present and _reaches_minimum(*_against(inside, court), court):
        excused, is_wholly_excused = [], False  # came anyway: counted like everybody
    attended, denominator = _against(inside, court, excused)
    in_vain = subtract(union([wait.interval for wait in presence.waits if not wait.was_let_in]), there)
    return Measures(
        attended=attended,
        denominator=denominator,
        is_present=is_present,
        is_excused=is_wholly_excused,
        waited_seconds=whole_seconds(intersect(presence.waited, ground.planned)),
        in_vain_seconds=whole_seconds(intersect(in_vain, ground.planned)),
        doubtful_seconds=whole_seconds(intersect(presence.doubtful, ground.planned)),
    )


def _leaves_nothing(excused: Sequence[Interval], court: Court) -> bool:
    """Whether an excuse is for the whole lesson, or for all of it that counts."""
    if not excused:
        return False
    lesson, ground = court.lesson, court.ground
    base = ground.held if lesson.policy.basis == "held" and ground.held else ground.planned
    return not subtract([lesson.planned], excused) or bool(base and not subtract(base, excused))


def _against(there: Sequence[Interval], court: Court, excused: Sequence[Interval] = ()) -> tuple[Seconds, Seconds]:
    """Attended, and out of how much: against planned and against held time, what is excused left out of both."""
    planned, held, whole = court.ground.planned, court.ground.held, court.ground.whole
    if excused:
        planned, held = subtract(planned, excused), subtract(held, excused)
        whole = Seconds(planned=whole_seconds(planned), held=whole_seconds(held))
    attended = Seconds(planned=whole_seconds(intersect(there, planned)), held=whole_seconds(intersect(there, held)))
    return attended, whole


def least_presence(lesson: Lesson) -> timedelta:
    """Being there for less is not presence: `min_presence`, or the whole lesson if that is shorter."""
    return min(lesson.policy.min_presence, lesson.planned.length)


def verdict_of(measures: Measures, court: Court, *, has_failed_check: bool) -> Verdict:
    """The first verdict that fits; failing the presence checks counts where the course says so."""
    if court.confirmation is Confirmation.NOT_HELD:
        return Verdict.NOT_HELD
    if court.has_no_data:
        return Verdict.NO_DATA
    if measures.is_excused:
        return Verdict.EXCUSED
    if court.is_live or court.confirmation is Confirmation.UNCONFIRMED:
        return Verdict.PENDING
    if not measures.is_present:
        return _verdict_without_presence(measures, court)
    is_enough = _reaches_minimum(measures.attended, measures.denominator, court)
    if has_failed_check and court.lesson.policy.check_failure == "partial":
        return Verdict.PARTIAL
    return Verdict.VALIDATED if is_enough else Verdict.PARTIAL


def _verdict_without_presence(measures: Measures, court: Court) -> Verdict:
    least = least_presence(court.lesson)
    if timedelta(seconds=measures.in_vain_seconds) >= least:
        return Verdict.PARTIAL
    is_doubtful = timedelta(seconds=measures.doubtful_seconds) >= least
    if is_doubtful or length(subtract(court.ground.planned, court.unhealthy)) < least:
        return Verdict.NO_DATA
    return Verdict.ABSENT


def flags_of(
    presence: PersonPresence,
    measures: Measures,
    court: Court,
    *,
    arrival_is_late: bool,
    is_weak: bool,
    has_failed_check: bool,
) -> tuple[Flag, ...]:
    """The flags beside the verdict, in the order of `Flag`. After the end they belong to who was present."""
    planned = court.ground.planned
    is_here = measures.is_present or court.is_live
    early = early_flag(presence, court.ground, court.lesson, court.unhealthy) if is_here and not court.is_live else None
    raised = {
        Flag.LATE: is_here and arrival_is_late and not court.is_unplanned,
        Flag.LEFT_EARLY: early is Flag.LEFT_EARLY and not court.is_unplanned,
        Flag.DROPPED: early is Flag.DROPPED,
        Flag.WAITED: timedelta(seconds=measures.waited_seconds) >= SHORT_WAIT,
        Flag.BRIDGED: is_here and bool(intersect(presence.bridged, planned)),
        Flag.ASSUMED: is_here and bool(intersect(presence.assumed, planned)),
        Flag.WEAK_IDENTITY: is_here and is_weak,
        Flag.CHECK_FAILED: is_here and has_failed_check,
        Flag.CORRECTED: any(each.kind in (*ADDS, CorrectionKind.NOT_PRESENT) for each in presence.corrections),
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


def permille(attended: int, base: int) -> int | None:
    """Tenths of a percent, rounded down, at most 1000; None where there is nothing to attend."""
    return min(1000, attended * 1000 // base) if base > 0 else None


def _reaches_minimum(attended: Seconds, base: Seconds, court: Court) -> bool:
    minimum: Fraction = court.lesson.policy.minimum
    if court.lesson.policy.basis == "planned":
        there, out_of = attended.planned, base.planned
    else:
        there, out_of = attended.held, base.held
    return there * minimum.denominator >= minimum.numerator * out_of
