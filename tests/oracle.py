"""The rules of attendance a second time, by another road, so that two independent hands must agree.

The time line is cut at every instant that occurs. For each slice and person one question is asked: were they in? It is
answered by looking through the events. What is asked for is then a sum over slices. Slow, and easy to believe: nothing here
is shared with `bot` but the types.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.attendance.lessons import Confirmation, CorrectionKind, Feed, Interval, LessonFacts, Role
from bot.attendance.sheet import Flag, Verdict
from tests.oracle_presence import LONG_WAIT, SECOND, Presences, Someone, When, during


@dataclass(frozen=True)
class Row:
    """What the oracle says of one person; lengths in whole seconds as (planned, held)."""

    attended: tuple[int, int]
    denominator: tuple[int, int]
    verdict: Verdict | None
    flags: tuple[Flag, ...]
    late_by: timedelta | None
    assumed: int
    waited: int
    bridged: int
    measured: int


@dataclass(frozen=True)
class Answer:
    """What the oracle says of one lesson; `strangers` is display name → seconds."""

    people: dict[str, Row]
    strangers: dict[str, int]
    planned: int
    held: int
    confirmation: Confirmation
    feed: Feed
    reference_start: datetime | None
    expected_end: datetime | None


def oracle_of(facts: LessonFacts, *, now: datetime) -> Answer:
    """The sheet's numbers, verdicts and flags, found by the other road."""
    return Oracle(facts, now).answer()


class Oracle(Presences):
    """Verdicts, flags and lengths over who was in."""

    def answer(self) -> Answer:
        roles = {person.id: person.role for person in (*self.facts.roster, *self.facts.known)}
        return Answer(
            people={id_: self.row(someone, roles[id_]) for id_, someone in self.people.items()},
            strangers={name: self.seconds(self.is_planned, self.ins(s)) for name, s in self.strangers.items()},
            planned=self.seconds(self.is_planned),
            held=self.seconds(self.is_held),
            confirmation=self.confirmation(),
            feed=self.feed(),
            reference_start=self.reference,
            expected_end=self.expected_end,
        )

    def row(self, someone: Someone, role: Role) -> Row:
        is_student = role is Role.STUDENT
        is_counted = self.is_counted(someone)
        arrival, _ = self.arrival(someone)
        return Row(
            attended=(
                self.seconds(self.is_planned, self.ins(someone), is_counted),
                self.seconds(self.is_held, self.ins(someone), is_counted),
            ),
            denominator=(self.seconds(self.is_planned, is_counted), self.seconds(self.is_held, is_counted)),
            verdict=self.verdict(someone) if is_student else None,
            flags=self.flags(someone) if is_student else (),
            late_by=self.late_by(arrival),
            assumed=self.seconds(self.is_planned, self.assumed(someone)),
            waited=self.seconds(self.is_planned, self.waited(someone)),
            bridged=self.seconds(self.is_planned, during(*someone.fills)),
            measured=self.measured(someone),
        )

    def late_by(self, arrival: datetime | None) -> timedelta | None:
        if arrival is None or self.reference is None:
            return None
        return max(timedelta(0), arrival - self.reference)

    def ins(self, someone: Someone) -> When:
        return lambda a: self.is_in(someone, a)

    def waited(self, someone: Someone) -> When:
        return lambda a: self.is_waiting(someone, a) and not self.is_in(someone, a)

    def assumed(self, someone: Someone) -> When:
        fills = list(self.fills_by_assumption(someone))
        return lambda a: self.found(someone, a) == "assumed" or during(*fills)(a)

    def measured(self, someone: Someone) -> int:
        untouched = self.filled(replace(someone, said=[]))
        return self.seconds(self.is_planned, self.ins(untouched))

    # -- the verdict ---------------------------------------------------------------------------------------------

    @property
    def min_presence(self) -> timedelta:
        return min(self.policy.min_presence, self.end - self.start)

    def is_present(self, someone: Someone) -> bool:
        return self.length(self.is_lesson, self.ins(someone)) >= self.min_presence

    def students(self) -> list[Someone]:
        return [self.people[p.id] for p in self.facts.roster if p.role is Role.STUDENT]

    def confirmation(self) -> Confirmation:
        planned, held = self.length(self.is_planned), self.length(self.is_held)
        if self.decided is not None:
            took_place = self.decided.kind is CorrectionKind.TOOK_PLACE
            return Confirmation.CONFIRMED if took_place else Confirmation.NOT_HELD
        if self.is_live or 2 * held >= planned > timedelta(0):
            return Confirmation.CONFIRMED
        if any(self.is_present(student) for student in self.students()):
            return Confirmation.UNCONFIRMED
        if held:
            return Confirmation.CONFIRMED
        strangers = [self.length(self.is_lesson, self.ins(s)) for s in self.strangers.values()]
        is_somebody_there = any(length >= self.min_presence for length in strangers)
        everybody = [*self.students(), *(t for t in self.trainers if t.id), *self.strangers.values()]
        is_somebody_there = is_somebody_there or any(self.may_have_been_there(each) for each in everybody)
        if self.feed() is Feed.SILENT or is_somebody_there:
            return Confirmation.UNCONFIRMED
        return Confirmation.NOT_HELD

    def feed(self) -> Feed:
        if self.facts.feed.room_heard_at is not None:
            return Feed.PROVEN
        return Feed.UNKNOWN if self.facts.feed.account_ever_delivered else Feed.SILENT

    def is_without_data(self) -> bool:
        is_nobody_there = not any(self.is_present(student) for student in self.students())
        is_silent = self.feed() is Feed.SILENT and self.decided is None
        return is_silent and is_nobody_there and not self.is_live and not self.seconds(self.is_held)

    def verdict(self, someone: Someone) -> Verdict:
        """The first that fits."""
        healthy = self.length(self.is_planned, lambda a: not during(*self.facts.feed.late_intervals)(a))
        is_absent = not self.is_present(someone) and not self.is_left_waiting(someone)
        is_unclear = healthy < self.min_presence or self.may_have_been_there(someone)
        confirmation = self.confirmation()
        fitting = (
            (confirmation is Confirmation.NOT_HELD, Verdict.NOT_HELD),
            (self.is_without_data(), Verdict.NO_DATA),
            (self.is_excused(someone) and not self.is_here_anyway(someone), Verdict.EXCUSED),
            (self.is_live or confirmation is Confirmation.UNCONFIRMED, Verdict.PENDING),
            (is_absent and is_unclear, Verdict.NO_DATA),
            (is_absent, Verdict.ABSENT),
            (not self.is_present(someone), Verdict.PARTIAL),
            (self.is_minimum_reached(someone), Verdict.VALIDATED),
        )
        return next((verdict for fits, verdict in fitting if fits), Verdict.PARTIAL)

    def may_have_been_there(self, someone: Someone) -> bool:
        """For long enough, but that they had gone was never told."""
        is_doubtful = lambda a: any(each.is_doubtful(a) for each in someone.connections)  # noqa: E731  # a condition
        return self.length(self.is_planned, is_doubtful, lambda a: not self.is_in(someone, a)) >= self.min_presence

    def base(self, a: datetime) -> bool:
        return self.is_held(a) if self.policy.basis == "held" else self.is_planned(a)

    def is_excused_at(self, someone: Someone, a: datetime) -> bool:
        """An excuse stands until it is taken back by *not present*."""
        kinds = {CorrectionKind.EXCUSED, CorrectionKind.NOT_PRESENT}
        said = [c for c in someone.said if c.kind in kinds and during(c.during or Interval(self.start, self.end))(a)]
        return bool(said) and said[-1].kind is CorrectionKind.EXCUSED

    def is_excused(self, someone: Someone) -> bool:
        """For all of it, that is: an excuse for a part only makes less of it count."""
        everything = lambda a: self.start <= a < self.end  # noqa: E731  # it reads as a condition
        is_any = self.length(everything, lambda a: self.is_excused_at(someone, a))
        is_whole = not self.length(everything, lambda a: not self.is_excused_at(someone, a))
        base = self.base if self.length(self.base) else self.is_planned
        is_nothing_left = self.length(base) and not self.length(base, lambda a: not self.is_excused_at(someone, a))
        return bool(is_any) and bool(is_whole or is_nothing_left)

    def is_minimum_reached(self, someone: Someone, is_counted: When | None = None) -> bool:
        is_counted = is_counted or self.is_counted(someone)
        attended = self.seconds(self.base, self.ins(someone), is_counted)
        return attended >= self.policy.minimum * self.seconds(self.base, is_counted)

    def is_here_anyway(self, someone: Someone) -> bool:
        """Excused for all of it, and came, and reached the minimum as if there were no excuse."""
        return self.is_present(someone) and self.is_minimum_reached(someone, lambda _: True)

    def is_counted(self, someone: Someone) -> When:
        is_needless = self.is_excused(someone) and self.is_here_anyway(someone)
        return lambda a: is_needless or not self.is_excused_at(someone, a)

    def is_left_waiting(self, someone: Someone) -> bool:
        """Waited long enough to have been there, and was not let in."""
        not_let_in = [run for run, is_let_in in self.waits(someone) if not is_let_in]
        waited = self.length(self.is_planned, during(*not_let_in), self.waited(someone))
        return not self.is_present(someone) and waited >= self.min_presence

    # -- the flags -----------------------------------------------------------------------------------------------

    def flags(self, someone: Someone) -> tuple[Flag, ...]:
        is_present = self.is_present(someone) or self.is_live
        changes = {CorrectionKind.PRESENT, CorrectionKind.NOT_PRESENT, CorrectionKind.CREDIT_WAITING}
        raised = {
            Flag.LATE: is_present and self.is_late(someone),
            Flag.LEFT_EARLY: is_present and self.gone_early(someone) == Flag.LEFT_EARLY,
            Flag.DROPPED: is_present and self.gone_early(someone) == Flag.DROPPED,
            Flag.WAITED: self.seconds(self.is_planned, self.waited(someone)) >= LONG_WAIT / SECOND,
            Flag.BRIDGED: is_present and bool(self.length(self.is_planned, during(*someone.fills))),
            Flag.ASSUMED: is_present and bool(self.length(self.is_planned, self.assumed(someone))),
            Flag.WEAK_IDENTITY: is_present and someone.is_weak,
            Flag.CORRECTED: any(c.kind in changes for c in someone.said),
        }
        return tuple(flag for flag in Flag if raised.get(flag))

    def is_unhealthy_throughout(self, start: datetime, end: datetime) -> bool:
        return not self.length(during(Interval(start, end)), lambda a: not during(*self.facts.feed.late_intervals)(a))

    def is_late(self, someone: Someone) -> bool:
        arrival, is_assumed = self.arrival(someone)
        if arrival is None or self.reference is None or is_assumed:
            return False
        grace_ends = self.reference + self.policy.late_grace
        return arrival > grace_ends and not self.is_unhealthy_throughout(grace_ends, arrival)

    def gone_early(self, someone: Someone) -> Flag | None:
        here = self.runs(self.is_lesson, self.ins(someone))
        if self.is_live or self.expected_end is None or not here:
            return None
        gone, expected = here[-1].end, self.expected_end - self.policy.early_grace
        if gone >= expected or self.is_unhealthy_throughout(gone, expected):
            return None
        is_lost = any(connection.is_lost_at(gone) for connection in someone.connections)
        return Flag.DROPPED if is_lost else Flag.LEFT_EARLY
