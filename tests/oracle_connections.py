"""When one connection was in, for the oracle: asked of one slice of time, answered by looking through its events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.lessons import WINDOW_AFTER, WINDOW_BEFORE, LessonFacts
from tests.oracle_identity import Key

OPENING = {EventKind.JOINED, EventKind.MOVED}
CLOSING = {EventKind.LEFT, EventKind.WAITING}
#: show nothing about whether a connection was in just before
MUTE = {EventKind.MOVED_BACK, EventKind.ADMITTED, EventKind.BOUND, EventKind.WAITING_LEFT}
ADMITTED_WITHOUT_JOINED = timedelta(minutes=2)


@dataclass(frozen=True)
class Cover:
    """That a connection is in during a slice, and how we know."""

    #: the slice itself was told, not assumed
    is_told: bool
    #: the stay that the slice belongs to began by assumption
    is_start_assumed: bool


class Timeline:
    """What the sessions say, and which connections there are."""

    def __init__(self, facts: LessonFacts, now: datetime, *, is_live: bool) -> None:
        self.facts, self.now, self.is_live, self.lesson = facts, now, is_live, facts.lesson

    def events_of(self, key: Key) -> list[PresenceEvent]:
        return [event for event in self.facts.events if (event.session, event.who) == key]

    def session_start(self, session: str) -> datetime:
        told = [event for event in self.facts.events if event.session == session]
        starts = [event.occurred_at for event in told if event.kind is EventKind.SESSION_STARTED]
        starts += [event.session_started_at for event in told if event.session_started_at is not None]
        return min(starts, default=self.lesson.planned_start)

    def session_end(self, session: str) -> datetime | None:
        told = [event for event in self.facts.events if event.session == session]
        ends = [event.occurred_at for event in told if event.kind is EventKind.SESSION_ENDED]
        joins = [event.occurred_at for event in told if event.kind is EventKind.JOINED]
        return max(ends) if ends and not any(joined > max(ends) for joined in joins) else None

    def cap(self, last: datetime) -> datetime | None:
        """The latest planned end of the room's lessons that the connection was last heard of in."""
        heard_in = [
            lesson.end
            for lesson in self.facts.room_lessons
            if lesson.start - WINDOW_BEFORE <= last < lesson.end + WINDOW_AFTER
        ]
        return max(heard_in, default=None)

    def of_one_person(self, keys: Iterable[Key]) -> list["Connection"]:
        told = {key: self.events_of(key) for key in keys}
        of_all = [event for events in told.values() for event in events]
        return [Connection(self, session, events, of_all) for (session, _), events in told.items()]


class Connection:
    """One device of one person; `of_all` are the events of all devices of that person."""

    def __init__(
        self, timeline: Timeline, session: str, events: list[PresenceEvent], of_all: list[PresenceEvent]
    ) -> None:
        self.timeline, self.session, self.events, self.of_all = timeline, session, events, of_all
        self.moments = sorted({event.occurred_at for event in events})
        self.kinds = [{event.kind for event in events if event.occurred_at == moment} for moment in self.moments]
        self.states: list[bool] = []
        for index in range(len(self.moments)):
            self.states.append(self._is_in_after(index))
        #: [assumed start, left) of each *left* that had no *joined*
        self.guesses = [
            (start, self.moments[index])
            for index in range(len(self.moments))
            if self._is_bare_left(index) and (start := self._assumed_start(self.moments[index])) < self.moments[index]
        ]
        self.close: datetime | None
        self.is_open, self.close = self._close() if self.states and self.states[-1] else (False, None)
        self.instants = {instant for guess in self.guesses for instant in guess} | self._doubts()
        self.instants |= {self.close} if self.close else set()

    def cover(self, a: datetime) -> Cover | None:
        """Whether it is in during the slice that begins at `a`."""
        covers = [
            Cover(is_told=a >= self._next_told(start), is_start_assumed=True)
            for start, left in self.guesses
            if start <= a < left
        ]
        index = sum(moment <= a for moment in self.moments) - 1
        if index >= 0 and self.states[index] and not self._is_closed(index, a):
            covers.append(self._cover_of_open(index, a))
        return max(covers, key=lambda cover: (cover.is_told, not cover.is_start_assumed), default=None)

    def is_lost_at(self, end: datetime) -> bool:
        return any(event.lost for event in self.events if event.kind is EventKind.LEFT and event.occurred_at == end)

    def _cover_of_open(self, index: int, a: datetime) -> Cover:
        opener = index
        while opener > 0 and self.states[opener - 1]:
            opener -= 1
        is_start_assumed = not self.kinds[opener] & OPENING
        is_start_told = not is_start_assumed or a >= self._next_told(self.moments[opener])
        is_end_told = not self._is_last(index) or self.is_open
        return Cover(is_told=is_start_told and is_end_told, is_start_assumed=is_start_assumed)

    def _is_closed(self, index: int, a: datetime) -> bool:
        return self.close is not None and all(self.states[index:]) and a >= self.close

    def _is_last(self, index: int) -> bool:
        return index == len(self.moments) - 1

    def _next_told(self, start: datetime) -> datetime:
        return next((moment for moment in self.moments if moment > start), self.timeline.now)

    def _is_in_after(self, index: int) -> bool:
        was_in = index > 0 and self.states[index - 1]
        kinds = self.kinds[index]
        is_opening = bool(kinds & OPENING) or self._is_admission(index)
        is_closing = self._is_closing(kinds)
        if is_opening and is_closing:
            return was_in or self._is_shown_in_after(index)
        if is_opening or is_closing:
            return is_opening
        return was_in

    def _is_shown_in_after(self, index: int) -> bool:
        """Whether the next thing told of this connection is more than that it joined."""
        later = [kinds - MUTE for kinds in self.kinds[index + 1 :]]
        following = next((kinds for kinds in later if kinds), None)
        return following is not None and (not following & OPENING or self._is_closing(following))

    def _is_closing(self, kinds: set[EventKind]) -> bool:
        """Who comes into the waiting room and is let in, or joins, at one instant is in."""
        is_waiting = EventKind.WAITING in kinds and not kinds & {EventKind.ADMITTED, EventKind.JOINED}
        return EventKind.LEFT in kinds or is_waiting

    def _is_admission(self, index: int) -> bool:
        admitted, until = self.moments[index], self.moments[index] + ADMITTED_WITHOUT_JOINED
        joins = [event.occurred_at for event in self.of_all if event.kind is EventKind.JOINED]
        is_followed = any(admitted <= joined <= until for joined in joins)
        return EventKind.ADMITTED in self.kinds[index] and not is_followed and self.timeline.now >= until

    def _is_bare_left(self, index: int) -> bool:
        was_in = index > 0 and self.states[index - 1]
        presence = self.kinds[index] & (OPENING | CLOSING)
        is_left_only = EventKind.LEFT in presence and not presence & OPENING and not self._is_admission(index)
        return is_left_only and not was_in

    def _assumed_start(self, left: datetime) -> datetime:
        lefts = [event.occurred_at for event in self.of_all if event.kind is EventKind.LEFT]
        admissions = [event.occurred_at for event in self.events if event.kind is EventKind.ADMITTED]
        # Put in the waiting room ends a stay as *left* does.
        ends = [
            m
            for m, kinds, was_in in zip(self.moments, self.kinds, [False, *self.states], strict=False)
            if was_in and EventKind.WAITING in kinds
        ]
        before = [instant for instant in (*lefts, *ends) if instant < left]
        before += [instant for instant in admissions if instant <= left]
        return max([self.timeline.session_start(self.session), *before])

    def _close(self) -> tuple[bool, datetime]:
        """Whether a stay that no *left* ended goes on now, and where it ends."""
        timeline = self.timeline
        ended, cap = timeline.session_end(self.session), timeline.cap(self.moments[-1])
        end = ended or (timeline.now if timeline.is_live else timeline.lesson.planned_end)
        if timeline.is_live and (cap is None or end <= cap + WINDOW_AFTER):
            return ended is None, end
        end = ended or timeline.lesson.planned_end
        return False, min(end, cap or end)

    def is_doubtful(self, a: datetime) -> bool:
        """Whether it may have been in, after the last lesson that it was heard of in: no *left* was told."""
        if not (self.states and self.states[-1]) or self.timeline.is_live:
            return False
        ended, cap = self.timeline.session_end(self.session), self.timeline.cap(self.moments[-1])
        return cap is not None and cap <= a < min(ended or self.timeline.lesson.planned_end, cap + WINDOW_AFTER)

    def _doubts(self) -> set[datetime]:
        """The instants at which that may change."""
        if not self.states:
            return set()
        ended, cap = self.timeline.session_end(self.session), self.timeline.cap(self.moments[-1])
        return {cap, cap + WINDOW_AFTER} | ({ended} if ended else set()) if cap is not None else set()
