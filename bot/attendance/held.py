"""Planned and held time: what there was to attend, and what of it took place with a trainer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.attendance.intervals import intersect, subtract, union, until, whole_seconds
from bot.attendance.lessons import Correction, CorrectionKind, Interval, Lesson
from bot.attendance.sheet import Seconds

#: Shorter stretches of a trainer open and close rooms; in a lesson under 50 min, a tenth of it.
SHORTEST_STRETCH = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What verdicts stand on; while the lesson is live, all of it up to now. Sets of intervals."""

    #: planned time without breaks
    planned: Sequence[Interval]
    #: planned time with a trainer
    held: Sequence[Interval]
    #: counted stretches, breaks included
    stretches: Sequence[Interval]
    #: R; None while no trainer has come
    reference_start: datetime | None
    #: E
    expected_end: datetime | None

    @cached_property
    def whole(self) -> Seconds:
        """All that there was to attend."""
        return Seconds(planned=whole_seconds(self.planned), held=whole_seconds(self.held))


def breaks_of(lesson: Lesson, corrections: Iterable[Correction]) -> list[Interval]:
    """The planned breaks, with each one tapped in the lesson in place of the next planned one."""
    planned = sorted(lesson.breaks)
    tapped = sorted(
        correction.during for correction in corrections if correction.kind is CorrectionKind.BREAK and correction.during
    )
    for tap in tapped:
        following = next((each for each in planned if each.end > tap.start), None)
        if following is not None:
            planned.remove(following)
    return union([*planned, *tapped])


def ground_of(
    lesson: Lesson,
    trainers_present: Iterable[Sequence[Interval]],
    corrections: Sequence[Correction],
    *,
    now: datetime,
    is_live: bool,
) -> Ground:
    """Planned and held time, R and E, from the presence of each trainer and what was said about the lesson."""
    breaks = breaks_of(lesson, corrections)
    planned = subtract([lesson.planned], breaks)
    stretches = _counted(lesson, trainers_present, now=now, is_live=is_live)
    said = took_place(corrections)
    if said is not None and said.kind is CorrectionKind.TOOK_PLACE and said.during is not None:
        stretches = intersect([lesson.planned], union([said.during]))
    if is_live:
        planned = until(planned, now)
    reference = stretches[0].start if stretches else None
    if lesson.policy.late_reference == "planned":
        reference = lesson.planned_start
    return Ground(
        planned=planned,
        held=intersect(planned, stretches),
        stretches=stretches,
        reference_start=reference,
        expected_end=stretches[-1].end if stretches else None,
    )


def took_place(corrections: Iterable[Correction]) -> Correction | None:
    """The last answer to *Did it take place?*."""
    answers = (CorrectionKind.TOOK_PLACE, CorrectionKind.NOT_HELD)
    return max(
        (each for each in corrections if each.kind in answers), key=lambda each: (each.at, each.id), default=None
    )


def _counted(
    lesson: Lesson, trainers_present: Iterable[Sequence[Interval]], *, now: datetime, is_live: bool
) -> list[Interval]:
    inside = intersect(union(each for present in trainers_present for each in present), [lesson.planned])
    if is_live:
        inside = until(inside, now)
    shortest = min(SHORTEST_STRETCH, lesson.planned.length / 10)
    return [each for each in inside if each.length >= shortest or (is_live and each.end == now)]
