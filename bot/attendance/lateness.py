"""Late, left early, dropped: when somebody came and went, against the trainer's own coming and going."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.held import Ground
from bot.attendance.intervals import covers, subtract, union
from bot.attendance.lessons import Interval, Lesson
from bot.attendance.presence import PersonPresence
from bot.attendance.sheet import Flag


@dataclass(frozen=True, slots=True)
class Arrival:
    """A, and whether only an assumption says so."""

    at: datetime
    is_assumed: bool


def arrival_of(presence: PersonPresence, lesson: Lesson) -> Arrival | None:
    """The first instant from the planned start on at which somebody was there, or waited and is not to blame for it.

    To have been there before and gone again is not arrival.
    """
    if not presence.present and not presence.waits:
        return None
    waits = [wait.interval for wait in presence.waits if wait.counts_as_arrival]
    there = union([*presence.present, *waits]) if waits else presence.present
    interval = next((each for each in there if each.end > lesson.planned_start), None)
    if interval is None or interval.start >= lesson.planned_end:
        return None
    at = max(interval.start, lesson.planned_start)
    begun = [stay for stay in presence.closed if stay.interval.start <= at < stay.interval.end]
    is_vouched = covers(waits, at) or covers(presence.given, at)
    return Arrival(at, bool(begun) and all(stay.is_start_assumed for stay in begun) and not is_vouched)


def late_by(arrival: Arrival | None, ground: Ground) -> timedelta | None:
    """A − R, never below nothing; None before the arrival, and while no trainer has come."""
    if arrival is None or ground.reference_start is None:
        return None
    return max(arrival.at - ground.reference_start, timedelta(0))


def is_late(arrival: Arrival | None, ground: Ground, lesson: Lesson, unhealthy: Sequence[Interval]) -> bool:
    """`A > R + late_grace`, strictly. An assumed arrival, or a feed that was silent meanwhile, makes nobody late."""
    if arrival is None or ground.reference_start is None or arrival.is_assumed:
        return False
    latest = ground.reference_start + lesson.policy.late_grace
    return arrival.at > latest and bool(subtract([Interval(latest, arrival.at)], unhealthy))


def early_flag(presence: PersonPresence, ground: Ground, lesson: Lesson, unhealthy: Sequence[Interval]) -> Flag | None:
    """*Left early*, or *dropped* where the platform says that the connection was lost. Decided at the end only."""
    inside = next((each for each in reversed(presence.present) if each.start < lesson.planned_end), None)
    if inside is None or inside.end <= lesson.planned_start or ground.expected_end is None:
        return None
    end, earliest = min(inside.end, lesson.planned_end), ground.expected_end - lesson.policy.early_grace
    if end >= earliest or not subtract([Interval(end, earliest)], unhealthy):
        return None
    last = [stay for stay in presence.closed if stay.interval.end == end]
    return Flag.DROPPED if any(stay.lost for stay in last) else Flag.LEFT_EARLY
