"""Stays by counting, for platforms that name a person and no connection: in while more *joined* than *left* were seen.

Nobody can then say which device a *left* belongs to. One that leaves others open takes nobody away: the rest of the
stay is assumed, until the platform's own record says how it was (attendance-rules, section 1).
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.timeline import ConnectionKey, Instant, RawStay, instants_of, never_joined, opens_here

COUNTED = frozenset({EventKind.JOINED, EventKind.LEFT})


def names_a_person_only(events: Sequence[PresenceEvent]) -> bool:
    """Whether somebody's coming and going was told without a connection."""
    return any(event.connection is None and event.kind in COUNTED for event in events)


def counted_stays(
    connection: ConnectionKey, events: Sequence[PresenceEvent], *, endings: Sequence[datetime]
) -> list[RawStay]:
    """Fold one person's events, given in order, into stays; `endings` are the session's ends, in order."""
    counter = _Counter(connection, endings)
    instants = instants_of(events)
    for index, instant in enumerate(instants):
        counter.count(instant, instants[index + 1 :])
    return counter.finished()


class _Counter:
    """How many of somebody's devices are in, from one instant to the next."""

    def __init__(self, connection: ConnectionKey, endings: Sequence[datetime]) -> None:
        self._connection = connection
        self._endings = endings
        self._stays: list[RawStay] = []
        self._current: RawStay | None = None
        self._open = 0
        self._is_waiting = False

    def count(self, instant: Instant, later: Sequence[Instant]) -> None:
        has_joined, has_left = EventKind.JOINED in instant.kinds, EventKind.LEFT in instant.kinds
        if has_joined:
            self._begin_anew_after_the_end(instant.at)
        if self._current is None:
            self._outside(instant, later, has_joined=has_joined, has_left=has_left)
        else:
            self._inside(self._current, instant, has_joined=has_joined, has_left=has_left)

    def finished(self) -> list[RawStay]:
        return [*self._stays, self._current] if self._current is not None else self._stays

    def _outside(self, instant: Instant, later: Sequence[Instant], *, has_joined: bool, has_left: bool) -> None:
        if has_joined and (not has_left or opens_here(instant, later)):
            self._current = RawStay(self._connection, instant.at, heard_at=instant.at)
            self._open = 1
        elif has_left and not has_joined and not self._is_waiting:  # else they gave up waiting
            previous = self._stays[-1].left_at if self._stays else None
            self._stays.append(never_joined(self._connection, instant, None, previous))
        if has_joined or has_left:
            self._is_waiting = False
        elif EventKind.WAITING in instant.kinds:
            self._is_waiting = True

    def _inside(self, stay: RawStay, instant: Instant, *, has_joined: bool, has_left: bool) -> None:
        stay.shown_at = stay.shown_at or instant.at
        stay.heard_at = instant.at
        self._open += has_joined - has_left
        stay.devices = max(stay.devices, self._open)
        if self._open == 0:
            stay.left_at, stay.lost = instant.at, instant.lost
            self._close(stay)
            self._is_waiting = EventKind.WAITING in instant.kinds  # put back there
        elif (has_left != has_joined and has_left) or EventKind.WAITING in instant.kinds:
            # One of several left, or a device stands in the waiting room: the person's other one, or the only one?
            stay.unsure_since = stay.unsure_since or instant.at

    def _begin_anew_after_the_end(self, at: datetime) -> None:
        """Who joins after the session's end has no device in from before it, whatever was not told."""
        stay = self._current
        if stay is None or stay.heard_at is None:
            return
        following = bisect_right(self._endings, stay.heard_at)
        if following < len(self._endings) and self._endings[following] <= at:
            stay.left_at = self._endings[following]
            stay.unsure_since = stay.unsure_since or stay.heard_at
            self._close(stay)

    def _close(self, stay: RawStay) -> None:
        self._stays.append(stay)
        self._current, self._open = None, 0
