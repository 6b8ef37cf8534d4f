"""From events to stays: when was one connection in?

A stay is `[joined, left)`. Events count by when they happened, never by when they were told, so that lost, repeated and
shuffled deliveries need no code of their own (attendance-rules, section 1).
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter, eq

import msgspec

from bot.attendance.events import EventKind, PresenceEvent

#: (session, connection)
ConnectionKey = tuple[str, str]

OPENS = frozenset({EventKind.JOINED, EventKind.MOVED})
#: Events that say neither *was in* nor *was out*.
SAYS_NOTHING = frozenset({EventKind.MOVED_BACK, EventKind.ADMITTED, EventKind.BOUND, EventKind.WAITING_LEFT})
ABOUT_SESSIONS = frozenset(
    {
        EventKind.SESSION_STARTED,
        EventKind.SESSION_ENDED,
        EventKind.RECORDING_STARTED,
        EventKind.RECORDING_STOPPED,
    }
)

_WHEN = attrgetter("occurred_at")
_ALONE = {kind: frozenset({kind}) for kind in EventKind}
# To ask an enum for a member is a function of Python's as well, and here it is asked for every event.
_JOINED, _LEFT = EventKind.JOINED, EventKind.LEFT
_STARTED, _ENDED = EventKind.SESSION_STARTED, EventKind.SESSION_ENDED


class RawStay(msgspec.Struct, gc=False):
    """One interval of one connection as its own events tell it; None where an event is missing."""

    connection: ConnectionKey
    joined_at: datetime | None
    left_at: datetime | None = None
    #: let in, but never told as joined: the start is assumed
    is_start_assumed: bool = False
    #: the connection's latest *admitted* before it
    admitted_at: datetime | None = None
    #: when it was put in the waiting room before it: that ended a stay, as *left* does
    out_since: datetime | None = None
    #: its first own event after the start, and its last own event before the end
    shown_at: datetime | None = None
    heard_at: datetime | None = None
    lost: bool = False
    #: from here on nobody can say which of a person's devices is still in: see `counting`
    unsure_since: datetime | None = None
    #: the most that were in at once
    devices: int = 1


@dataclass(slots=True)
class SessionSpan:
    """One live run of the room; None: not known."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: every end that was told, in order
    endings: list[datetime] = field(default_factory=list)


class Instant(msgspec.Struct, gc=False):
    """All that one connection's events say about one instant."""

    at: datetime
    kinds: frozenset[EventKind]
    lost: bool = False
    #: nobody told when it left: it was last known to be in then
    is_left_assumed: bool = False

    @property
    def opens(self) -> bool:
        return not self.kinds.isdisjoint(OPENS)

    @property
    def closes(self) -> bool:
        if EventKind.LEFT in self.kinds:
            return True
        # Who comes into the waiting room and is let in, or joins, within the same second is in.
        return EventKind.WAITING in self.kinds and self.kinds.isdisjoint({EventKind.ADMITTED, EventKind.JOINED})


def by_connection(events: Iterable[PresenceEvent]) -> dict[ConnectionKey, list[PresenceEvent]]:
    """The events of each connection in order; those about the session itself are left out.

    A *joined* that was never told stands among them where a *left* tells when it was.
    """
    events = list(events)
    found: dict[ConnectionKey, list[PresenceEvent]] = defaultdict(list)
    for event in _in_order([*events, *_told_with_a_left(events)]):
        who = event.connection if event.connection is not None else event.who
        if who and event.kind not in ABOUT_SESSIONS:
            found[event.session, who].append(event)
    return dict(found)


def _told_with_a_left(events: Sequence[PresenceEvent]) -> Iterable[PresenceEvent]:
    again = [event for event in events if event.joined_at is not None and event.joined_at <= event.occurred_at]
    known = {(each.session, each.who, each.occurred_at) for each in events if again and each.kind is _JOINED}
    for event in again:
        if event.joined_at is not None and (event.session, event.who, event.joined_at) not in known:
            yield replace(event, kind=EventKind.JOINED, occurred_at=event.joined_at, joined_at=None, lost=False)


def _in_order(events: Iterable[PresenceEvent]) -> list[PresenceEvent]:
    """By the instant; beyond it the order is only made definite, so that equal sets of events give equal sheets."""
    ordered = sorted(events, key=_WHEN)
    moments = list(map(_WHEN, ordered))
    done = 0
    for tie in [place for place, is_tie in enumerate(map(eq, moments, moments[1:])) if is_tie]:
        if tie >= done:
            done = bisect_right(moments, moments[tie], lo=tie)
            ordered[tie:done] = sorted(ordered[tie:done], key=_beyond_the_instant)
    return ordered


def _beyond_the_instant(event: PresenceEvent) -> tuple[str, str, str, str]:
    return (event.session, event.who, event.kind.value, event.handle.name)


def session_spans(events: Iterable[PresenceEvent]) -> dict[str, SessionSpan]:
    """When each session began and ended. An end that is followed by a *joined* of the same session did not end it."""
    spans: dict[str, SessionSpan] = {}
    last_joined: dict[str, datetime] = {}
    for event in events:
        session, kind, at = event.session, event.kind, event.occurred_at
        span = spans.get(session)
        if span is None:
            span = spans[session] = SessionSpan()
        if event.session_started_at is not None:
            span.started_at = min(span.started_at or event.session_started_at, event.session_started_at)
        if kind is _JOINED:
            last = last_joined.get(session)
            if last is None or at > last:
                last_joined[session] = at
        elif kind is _STARTED:
            span.started_at = min(span.started_at or at, at)
        elif kind is _ENDED:
            span.ended_at = max(span.ended_at or at, at)
            insort(span.endings, at)
    for session, joined_at in last_joined.items():
        span = spans[session]
        if span.ended_at is not None and joined_at > span.ended_at:
            span.ended_at = None
    return spans


def raw_stays(
    connection: ConnectionKey, events: Sequence[PresenceEvent], *, lonely_admissions: frozenset[datetime] = frozenset()
) -> list[RawStay]:
    """Fold one connection's events, given in order, into its stays.

    `lonely_admissions` are moments at which this connection was let in and its person never joined: they open an
    assumed stay.
    """
    instants = instants_of(events)
    stays: list[RawStay] = []
    current: RawStay | None = None
    admitted_at: datetime | None = None
    for index, instant in enumerate(instants):
        if current is not None:
            current.shown_at = current.shown_at or instant.at
            current.heard_at = instant.at
        if EventKind.ADMITTED in instant.kinds:
            admitted_at = instant.at
        if current is None and opens_here(instant, instants[index + 1 :]):
            current = RawStay(connection, instant.at, heard_at=instant.at)
        elif current is None and instant.at in lonely_admissions:
            current = RawStay(connection, instant.at, is_start_assumed=True, heard_at=instant.at)
        elif current is not None and instant.closes and not instant.opens:
            current.left_at, current.lost = instant.at, instant.lost
            current.unsure_since = instant.at if instant.is_left_assumed else None
            stays.append(current)
            current = None
        elif current is None and EventKind.LEFT in instant.kinds and not instant.opens:
            stays.append(never_joined(connection, instant, admitted_at, stays[-1].left_at if stays else None))
    return [*stays, current] if current is not None else stays


def comes_and_goes(events: Sequence[PresenceEvent]) -> bool:
    """Whether a connection joined and left later, and nothing else: so do nearly all, and there is nothing to weigh."""
    return (
        len(events) == 2
        and events[0].kind is _JOINED
        and events[1].kind is _LEFT
        and events[0].connection is not None
        and events[0].occurred_at < events[1].occurred_at
        and not events[1].is_time_assumed
    )


def instants_of(events: Sequence[PresenceEvent]) -> list[Instant]:
    """The events of one connection, given in order, by the instant."""
    instants: list[Instant] = []
    last: Instant | None = None
    for event in events:
        if last is None or event.occurred_at != last.at:
            last = Instant(event.occurred_at, _ALONE[event.kind], event.lost)
            instants.append(last)
        else:
            last.kinds |= _ALONE[event.kind]
            last.lost = last.lost or event.lost
        last.is_left_assumed = last.is_left_assumed or (event.is_time_assumed and event.kind is _LEFT)
    return instants


def opens_here(instant: Instant, later: Sequence[Instant]) -> bool:
    """Whether a connection that was out is in from this instant on; a tie is decided by what comes next."""
    if not instant.opens:
        return False
    if not instant.closes:
        return True
    for following in later:
        if following.kinds <= SAYS_NOTHING:
            continue
        return not (following.opens and not following.closes)
    return False


def never_joined(
    connection: ConnectionKey, instant: Instant, admitted_at: datetime | None, out_since: datetime | None
) -> RawStay:
    """A stay of which only the *left* was told."""
    return RawStay(
        connection,
        None,
        left_at=instant.at,
        is_start_assumed=True,
        admitted_at=admitted_at,
        out_since=out_since,
        shown_at=instant.at,
        heard_at=instant.at,
        lost=instant.lost,
    )


def lefts(events: Mapping[ConnectionKey, Sequence[PresenceEvent]]) -> list[datetime]:
    """The instants of every *left* of these connections, in order."""
    return sorted(event.occurred_at for each in events.values() for event in each if event.kind is EventKind.LEFT)
