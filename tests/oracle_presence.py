"""Who was in, and when, for the oracle: the time line in slices, and one question asked of each.

The time line is cut at every instant that occurs; in each slice everybody is either in or not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.lessons import Correction, CorrectionKind, Interval, LessonFacts, LessonState, Role
from tests.oracle_connections import Connection, Timeline
from tests.oracle_identity import identified

FILL_AT_MOST = timedelta(minutes=5)
STRETCH = timedelta(minutes=5)
LONG_WAIT = timedelta(minutes=2)
SECOND = timedelta(seconds=1)

#: Is this true in the slice that begins here?
When = Callable[[datetime], bool]


def is_within(intervals: Iterable[Interval], a: datetime) -> bool:
    return any(interval.start <= a < interval.end for interval in intervals)


def during(*intervals: Interval) -> When:
    return lambda a: is_within(intervals, a)


@dataclass
class Someone:
    """A person or a display name, with the connections counted for them."""

    id: str
    connections: list[Connection]
    #: what people said of their presence, in order
    said: list[Correction]
    is_weak: bool = False
    #: the gaps that were filled
    fills: list[Interval] = field(default_factory=list)

    @property
    def events(self) -> list[PresenceEvent]:
        return [event for connection in self.connections for event in connection.events]


class Presences:
    """Who was in, who waited and what was held, in one lesson at one instant."""

    def __init__(self, facts: LessonFacts, now: datetime) -> None:
        self.facts, self.now, self.lesson, self.policy = facts, now, facts.lesson, facts.lesson.policy
        self.start, self.end = self.lesson.planned_start, self.lesson.planned_end
        self.is_live = self.lesson.state in {LessonState.PLANNED, LessonState.LIVE}
        self.corrections = sorted(facts.corrections, key=lambda correction: correction.at)
        self.timeline = Timeline(facts, now, is_live=self.is_live)
        self.owners = identified(facts)
        self.cuts = self._cuts()
        self.breaks = self._breaks()
        persons = [*facts.roster, *facts.known]
        self.people = {person.id: self._someone(person.id) for person in persons}
        names = {owner for owners, _ in self.owners.values() for owner in owners} - self.people.keys()
        self.strangers = {name: self._someone(name) for name in sorted(names)}
        self.trainers = self._trainers()
        self.stretches = self._stretches()
        self.reference, self.expected_end = self._reference(), self._expected_end()
        for instant in (self.reference, self.expected_end):
            if instant is not None:
                self.cuts |= {instant + self.policy.late_grace, instant - self.policy.early_grace}

    def _cuts(self) -> set[datetime]:
        spans = [*self.lesson.breaks, *self.facts.feed.late_intervals]
        spans += [correction.during for correction in self.corrections if correction.during is not None]
        instants = {instant for span in spans for instant in (span.start, span.end)}
        instants |= {event.occurred_at for event in self.facts.events} | {self.start, self.end}
        return instants | ({self.now} if self.is_live else set())

    def _someone(self, identifier: str) -> Someone:
        keys = [key for key, (owners, _) in self.owners.items() if identifier in owners]
        said = [correction for correction in self.corrections if correction.person == identifier]
        someone = Someone(
            identifier, self.timeline.of_one_person(keys), said, bool(keys) and all(self.owners[key][1] for key in keys)
        )
        return self.filled(someone)

    def filled(self, someone: Someone) -> Someone:
        for connection in someone.connections:
            self.cuts |= connection.instants
        someone.fills = list(self._fills(someone))
        self.cuts |= {instant for fill in someone.fills for instant in (fill.start, fill.end)}
        return someone

    # -- sums over slices ----------------------------------------------------------------------------------------

    def slices(self, *conditions: When) -> Iterator[Interval]:
        for a, b in pairwise(sorted(self.cuts)):
            if all(condition(a) for condition in conditions):
                yield Interval(a, b)

    def length(self, *conditions: When) -> timedelta:
        return sum((piece.length for piece in self.slices(*conditions)), timedelta(0))

    def seconds(self, *conditions: When) -> int:
        return self.length(*conditions) // SECOND

    def runs(self, *conditions: When) -> list[Interval]:
        """The longest stretches in which all conditions hold."""
        found: list[Interval] = []
        for piece in self.slices(*conditions):
            if found and found[-1].end == piece.start:
                found[-1] = Interval(found[-1].start, piece.end)
            else:
                found.append(piece)
        return found

    # -- the lesson ----------------------------------------------------------------------------------------------

    def is_lesson(self, a: datetime) -> bool:
        """Planned time, breaks included, as far as it has passed."""
        return self.start <= a < self.end and (not self.is_live or a < self.now)

    def is_planned(self, a: datetime) -> bool:
        return self.is_lesson(a) and not is_within(self.breaks, a)

    def is_held(self, a: datetime) -> bool:
        return self.is_planned(a) and is_within(self.stretches, a)

    def _breaks(self) -> list[Interval]:
        """The planned ones; each one that was tapped takes the place of the next planned one."""
        planned, tapped = sorted(self.lesson.breaks), []
        for tap in sorted(
            c.during for c in self.corrections if c.kind is CorrectionKind.BREAK and c.during is not None
        ):
            nexts = [b for b in planned if b.end > tap.start]
            planned = [b for b in planned if b not in nexts[:1]]
            tapped.append(tap)
        return planned + tapped

    @cached_property
    def decided(self) -> Correction | None:
        """The last word on whether it took place."""
        kinds = {CorrectionKind.TOOK_PLACE, CorrectionKind.NOT_HELD}
        return next((c for c in reversed(self.corrections) if c.kind in kinds), None)

    def _trainers(self) -> list[Someone]:
        """Who has that role; where none of them was seen, the hosts of the platform."""
        substitutes = {p for c in self.corrections if c.kind is CorrectionKind.SUBSTITUTE for p in c.person_ids}
        ids = {p.id for p in self.facts.roster if p.role is Role.TRAINER} | substitutes
        trainers = [someone for someone in self.people.values() if someone.id in ids]
        if any(trainer.connections for trainer in trainers):
            return trainers
        students = {p.id for p in self.facts.roster if p.role is Role.STUDENT} - ids
        hosts = [
            (event.session, event.who)
            for event in self.facts.events
            if event.handle.is_host
            and event.who
            and not students.intersection(self.owners[event.session, event.who][0])
        ]
        return [*trainers, self.filled(Someone("", self.timeline.of_one_person(hosts), []))]

    def _stretches(self) -> list[Interval]:
        """When it was held, breaks included."""
        decided = self.decided
        if decided is not None and decided.kind is CorrectionKind.TOOK_PLACE and decided.during is not None:
            return self.runs(lambda a: self.start <= a < self.end, during(decided.during))
        runs = self.runs(self.is_lesson, lambda a: any(self.is_in(trainer, a) for trainer in self.trainers))
        long = min(STRETCH, (self.end - self.start) / 10)
        return [run for run in runs if run.length >= long or (self.is_live and run.end == self.now)]

    def _reference(self) -> datetime | None:
        if self.policy.late_reference == "planned":
            return self.start
        return self.stretches[0].start if self.stretches else None

    def _expected_end(self) -> datetime | None:
        return min(self.stretches[-1].end, self.end) if self.stretches else None

    # -- one person ----------------------------------------------------------------------------------------------

    def found(self, someone: Someone, a: datetime) -> str:
        """How we know that they are in: "told", "assumed", "said", or "" where they are not."""
        covers = [cover for connection in someone.connections if (cover := connection.cover(a)) is not None]
        how = "" if not covers else "told" if any(cover.is_told for cover in covers) else "assumed"
        for correction in someone.said:
            is_meant = self._is_meant(someone, correction, a)
            if correction.kind in {CorrectionKind.PRESENT, CorrectionKind.CREDIT_WAITING} and is_meant:
                how = how if how == "told" else "said"
            elif correction.kind is CorrectionKind.NOT_PRESENT and is_meant:
                how = ""
        return "" if self.is_live and a >= self.now else how

    def _is_meant(self, someone: Someone, correction: Correction, a: datetime) -> bool:
        if correction.during is not None:
            return is_within([correction.during], a)
        if correction.kind is CorrectionKind.CREDIT_WAITING:
            is_measured = any(connection.cover(a) for connection in someone.connections)
            return self.is_planned(a) and self.is_waiting(someone, a) and not is_measured
        return self.start <= a < self.end

    def is_in(self, someone: Someone, a: datetime) -> bool:
        return bool(self.found(someone, a)) or is_within(someone.fills, a)

    def _fills(self, someone: Someone) -> Iterator[Interval]:
        """The short gaps, in order, until five minutes of the lesson are filled."""
        left = FILL_AT_MOST
        taken = [c for c in someone.said if c.kind is CorrectionKind.NOT_PRESENT]
        for before, after in pairwise(self.runs(lambda a: bool(self.found(someone, a)))):
            gap = Interval(before.end, after.start)
            inside = max(timedelta(0), min(gap.end, self.end) - max(gap.start, self.start))
            is_taken = any(self._is_meant(someone, c, piece.start) for c in taken for piece in self.slices(during(gap)))
            if gap.length > self.policy.bridge or is_taken:
                continue
            end = gap.end if inside <= left else max(gap.start, self.start) + left
            if end > gap.start:
                yield Interval(gap.start, end)
            left = max(timedelta(0), left - inside)

    def fills_by_assumption(self, someone: Someone) -> Iterator[Interval]:
        """Those between two stays of which the one ends, or the other begins, by assumption."""
        stays = self.runs(lambda a: bool(self.found(someone, a)))
        by_assumption = self.runs(lambda a: self.found(someone, a) == "assumed")
        for fill in someone.fills:
            next_start = min(stay.start for stay in stays if stay.start > fill.start)
            if any(fill.start == each.end or next_start == each.start for each in by_assumption):
                yield fill

    def is_waiting(self, someone: Someone, a: datetime) -> bool:
        kinds = {EventKind.WAITING, EventKind.WAITING_LEFT, EventKind.ADMITTED, EventKind.JOINED, EventKind.LEFT}
        told = [event for event in someone.events if event.kind in kinds and event.occurred_at <= a]
        last = max((event.occurred_at for event in told), default=None)
        at_last = {event.kind: event for event in told if event.occurred_at == last}
        wait = at_last.get(EventKind.WAITING)
        if wait is None or last is None or at_last.keys() & (kinds - {EventKind.WAITING, EventKind.LEFT}):
            return False
        ended = self.timeline.session_end(wait.session)
        is_over = ended is not None and last < ended <= a
        is_told_later = any(event.kind in kinds and event.occurred_at > last for event in someone.events)
        is_forgotten = not self.is_live and a >= self.end and not is_told_later and not (ended and ended > last)
        return not is_over and not is_forgotten

    def waits(self, someone: Someone) -> list[tuple[Interval, bool]]:
        """Each stretch of waiting, and whether they were let in at its end."""
        doors = {EventKind.ADMITTED, EventKind.JOINED}
        let_in = {event.occurred_at for event in someone.events if event.kind in doors}
        runs = self.runs(lambda a: self.is_waiting(someone, a) and not (self.is_live and a >= self.now))
        return [(run, run.end in let_in) for run in runs]

    def arrival(self, someone: Someone) -> tuple[datetime | None, bool]:
        """A, and whether it was assumed."""
        waits = [run for run, is_let_in in self.waits(someone) if is_let_in or run.length >= LONG_WAIT]
        here = self.runs(self.is_lesson, lambda a: self.is_in(someone, a) or is_within(waits, a))
        if not here:
            return None, False
        arrival = here[0].start
        covers = [cover for c in someone.connections if (cover := c.cover(arrival)) is not None]
        is_assumed = bool(covers) and all(cover.is_start_assumed for cover in covers)
        return arrival, is_assumed and not is_within(waits, arrival) and self.found(someone, arrival) != "said"
