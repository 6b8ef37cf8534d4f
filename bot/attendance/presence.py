"""One person's presence in one lesson: their connections' stays, closed, corrected, bridged and measured."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from operator import attrgetter

from bot.attendance.closing import ClosedStay, as_told, close, doubt
from bot.attendance.counting import counted_stays, names_a_person_only
from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.held import breaks_of
from bot.attendance.intervals import intersect, subtract, union, until
from bot.attendance.lessons import Correction, CorrectionKind, Interval
from bot.attendance.scene import Scene
from bot.attendance.sheet import Stay
from bot.attendance.timeline import ConnectionKey, RawStay, comes_and_goes, lefts, raw_stays
from bot.attendance.waiting import SHORT_WAIT, Wait, waits_of

#: How much time bridges may fill for one person in one lesson.
MOST_BRIDGED = timedelta(minutes=5)

# To ask an enum for a member is a function of Python's: not for every event.
_JOINED, _ADMITTED = EventKind.JOINED, EventKind.ADMITTED
_PLACE = attrgetter("interval", "connection")

ADDS = frozenset({CorrectionKind.PRESENT, CorrectionKind.CREDIT_WAITING})


@dataclass(frozen=True, kw_only=True)
class PersonPresence:
    """When one person was in, before it is measured against the plan. Sets of intervals, see `intervals`."""

    connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]
    closed: Sequence[ClosedStay]
    waits: Sequence[Wait]
    #: the union of the connections
    measured: Sequence[Interval]
    #: `measured` with its bridges, without corrections
    measured_bridged: Sequence[Interval]
    #: P: with corrections and bridges
    present: Sequence[Interval]
    bridged: Sequence[Interval]
    #: of P, what only an assumption vouches for
    assumed: Sequence[Interval]
    #: what somebody said they were there for
    given: Sequence[Interval]
    #: waiting outside of P
    waited: Sequence[Interval]
    #: outside of P, when they may have been there: no *left* was told
    doubtful: Sequence[Interval]
    corrections: Sequence[Correction]

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """The union of the connections with gaps not bridged, with the most at once and what was assumed."""
        if len(self.closed) == len(self.measured):  # then each of them is one, and nearly always it is so
            return tuple(map(_alone, self.closed))
        starts = [each.interval.start for each in self.closed]
        return tuple(
            _stay(interval, self.closed[bisect_left(starts, interval.start) : bisect_right(starts, interval.end)])
            for interval in self.measured
        )

    @property
    def is_open(self) -> bool:
        return bool(self.open_since)

    @property
    def open_since(self) -> Sequence[datetime]:
        """When each connection that is in now came."""
        return [stay.interval.start for stay in self.closed if stay.is_open]

    @property
    def open_wait(self) -> Wait | None:
        return next((wait for wait in self.waits if wait.is_open), None)


NOWHERE = PersonPresence(
    connections={},
    closed=(),
    waits=(),
    measured=(),
    measured_bridged=(),
    present=(),
    bridged=(),
    assumed=(),
    given=(),
    waited=(),
    doubtful=(),
    corrections=(),
)


def presence_of(
    scene: Scene, connections: Mapping[ConnectionKey, Sequence[PresenceEvent]], corrections: Sequence[Correction] = ()
) -> PersonPresence:
    """The presence of the one person to whom all these connections belong; corrections in order of `at`."""
    if not connections and not corrections:
        return NOWHERE
    closed, doubtful = _closed_stays(scene, connections)
    measured = union(stay.interval for stay in closed)
    waits = waits_of(scene, connections)
    waiting = union(wait.interval for wait in waits)
    corrected, taken = _corrected(scene, measured, subtract(waiting, measured), corrections)
    if scene.is_live and corrections:
        corrected = until(corrected, scene.now)
    present, bridged = _bridge(scene, corrected, taken)
    given = union(_given(scene, corrections))
    vouched_for_by_nothing = union(part for stay in closed for part in stay.assumed)
    if vouched_for_by_nothing:
        sure = union([*_sure(closed), *given])
        vouched_for_by_nothing = subtract(intersect(vouched_for_by_nothing, corrected), sure)
        vouched_for_by_nothing = union(
            [*vouched_for_by_nothing, *_resting_on(vouched_for_by_nothing, corrected, bridged)]
        )
    return PersonPresence(
        connections=connections,
        closed=closed,
        waits=waits,
        measured=measured,
        measured_bridged=_bridge(scene, measured, [])[0] if corrections else present,
        present=present,
        bridged=bridged,
        assumed=vouched_for_by_nothing,
        given=given,
        waited=subtract(waiting, present),
        doubtful=subtract(doubtful, present),
        corrections=corrections,
    )


def _closed_stays(
    scene: Scene, connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]
) -> tuple[list[ClosedStay], list[Interval]]:
    """The stays of all connections in order, and when one of them may have been in besides."""
    admissions = _lonely_admissions(scene, connections)
    closed: list[ClosedStay] = []
    raws: list[tuple[RawStay, Sequence[PresenceEvent]]] = []
    for key, events in connections.items():
        if comes_and_goes(events):
            closed.append(as_told(key, Interval(events[0].occurred_at, events[1].occurred_at), lost=events[1].lost))
        else:
            raws += [(raw, events) for raw in _raw_stays(scene, key, events, admissions.get(key, frozenset()))]
    left = lefts(connections) if any(raw.joined_at is None for raw, _ in raws) else []
    doubtful: list[Interval] = []
    for raw, events in raws:
        own = [event.occurred_at for event in events] if raw.is_start_assumed else []
        stay = close(scene, raw, own, left)
        if stay is not None:
            closed.append(stay)
        doubtful += doubt(scene, raw)
    return sorted(closed, key=_PLACE), union(doubtful)


def _raw_stays(
    scene: Scene, key: ConnectionKey, events: Sequence[PresenceEvent], lonely_admissions: frozenset[datetime]
) -> list[RawStay]:
    if key[1].startswith("~") and names_a_person_only(events):
        return counted_stays(key, events, endings=scene.endings(key[0]))
    return raw_stays(key, events, lonely_admissions=lonely_admissions)


def _lonely_admissions(
    scene: Scene, connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]
) -> dict[ConnectionKey, frozenset[datetime]]:
    """Moments at which a connection was let in and nobody of the person's joined for two minutes."""
    if not any(event.kind is _ADMITTED for events in connections.values() for event in events):
        return {}
    joined = sorted(event.occurred_at for events in connections.values() for event in events if event.kind is _JOINED)
    lonely: dict[ConnectionKey, frozenset[datetime]] = {}
    for key, events in connections.items():
        moments = [event.occurred_at for event in events if event.kind is EventKind.ADMITTED]
        alone = frozenset(at for at in moments if at + SHORT_WAIT <= scene.now and not _any_within(joined, at))
        if alone:
            lonely[key] = alone
    return lonely


def _any_within(moments: Sequence[datetime], start: datetime) -> bool:
    index = bisect_left(moments, start)
    return index < len(moments) and moments[index] <= start + SHORT_WAIT


def _corrected(
    scene: Scene, measured: list[Interval], waited: list[Interval], corrections: Sequence[Correction]
) -> tuple[list[Interval], list[Interval]]:
    """What was measured with what people changed, later changes winning; and what they took away."""
    present, taken = measured, list[Interval]()
    for correction in corrections:
        if correction.kind in ADDS:
            given = _interval_of(scene, correction, waited)
            present, taken = union([*present, *given]), subtract(taken, given)
        elif correction.kind is CorrectionKind.NOT_PRESENT:
            away = _interval_of(scene, correction, waited)
            present, taken = subtract(present, away), union([*taken, *away])
    return present, taken


def _interval_of(scene: Scene, correction: Correction, waited: Sequence[Interval]) -> list[Interval]:
    if correction.during is not None:
        return union([correction.during])
    lesson = scene.facts.lesson
    if correction.kind is CorrectionKind.CREDIT_WAITING:
        return intersect(waited, subtract([lesson.planned], breaks_of(lesson, scene.facts.corrections)))
    return [lesson.planned]


def _given(scene: Scene, corrections: Sequence[Correction]) -> Iterable[Interval]:
    for correction in corrections:
        if correction.kind in ADDS:
            yield from _interval_of(scene, correction, [])


def _sure(closed: Sequence[ClosedStay]) -> Iterable[Interval]:
    for stay in closed:
        yield from subtract([stay.interval], stay.assumed) if stay.assumed else (stay.interval,)


def _bridge(scene: Scene, present: list[Interval], taken: Sequence[Interval]) -> tuple[list[Interval], list[Interval]]:
    """Fill short gaps, at most five minutes of them inside the lesson; what is more is not counted."""
    lesson, left_to_fill = scene.facts.lesson, MOST_BRIDGED
    filled: list[Interval] = []
    for before, after in pairwise(present):
        if after.start - before.end > lesson.policy.bridge:
            continue
        gap = Interval(before.end, after.start)
        if intersect([gap], taken):
            continue
        inside = Interval(max(gap.start, lesson.planned_start), min(gap.end, lesson.planned_end))
        cost = max(inside.length, timedelta(0))
        if cost > left_to_fill:
            gap = Interval(gap.start, inside.start + left_to_fill)
            cost = left_to_fill
        left_to_fill -= cost
        if gap.start < gap.end:
            filled.append(gap)
    return (union([*present, *filled]), filled) if filled else (present, filled)


def _resting_on(unsure: Sequence[Interval], present: Sequence[Interval], bridged: Sequence[Interval]) -> list[Interval]:
    """The bridges that were built because an end is assumed: with the true one the gap may have been too long."""
    assumed = {end for each in unsure for end in (each.start, each.end)}
    bridge_at = {bridge.start: bridge for bridge in bridged}
    gaps = [(before.end, after.start) for before, after in pairwise(present) if before.end in bridge_at]
    return [bridge_at[start] for start, end in gaps if start in assumed or end in assumed]


def _stay(interval: Interval, closed: Sequence[ClosedStay]) -> Stay:
    """One stay of the person from those of the connections that make it up."""
    parts = [each for each in closed if interval.start <= each.interval.start and each.interval.end <= interval.end]
    last = [each for each in parts if each.interval.end == interval.end]
    first = [each for each in parts if each.interval.start == interval.start]
    is_open = any(each.is_open for each in last)
    assumed = set()
    if all(each.is_start_assumed for each in first):
        assumed.add("joined_at")
    if not is_open and all(each.is_end_assumed for each in last):
        assumed.add("left_at")
    return Stay(
        joined_at=interval.start,
        left_at=None if is_open else interval.end,
        connections=_most_at_once(parts),
        assumed=frozenset(assumed),
        lost=any(each.lost for each in last) and not is_open,
    )


def _alone(closed: ClosedStay) -> Stay:
    """A stay that one connection makes up."""
    assumed = [*(["joined_at"] if closed.is_start_assumed else ()), *(["left_at"] if closed.is_end_assumed else ())]
    return Stay(
        joined_at=closed.interval.start,
        left_at=None if closed.is_open else closed.interval.end,
        connections=closed.devices,
        assumed=frozenset(assumed),
        lost=closed.lost and not closed.is_open,
    )


def _most_at_once(parts: Sequence[ClosedStay]) -> int:
    changes = sorted(
        change for each in parts for change in ((each.interval.start, each.devices), (each.interval.end, -each.devices))
    )
    most = count = 0
    for _, change in changes:
        count += change
        most = max(most, count)
    return most
