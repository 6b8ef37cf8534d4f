"""Waiting: the waiting room, the lobby, before the host. Stored apart, matched by person, never presence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.lessons import Interval
from bot.attendance.scene import Scene
from bot.attendance.timeline import ConnectionKey

#: Let in without a *joined* for this long opens an assumed stay; waiting for this long counts as having come.
SHORT_WAIT = timedelta(minutes=2)

# To ask an enum for a member is a function of Python's: not for every event.
_WAITING = EventKind.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One stretch in the waiting room, the lobby, or before the host."""

    interval: Interval
    was_let_in: bool
    is_open: bool

    @property
    def counts_as_arrival(self) -> bool:
        return self.was_let_in or self.interval.length >= SHORT_WAIT


def waits_of(scene: Scene, connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]) -> list[Wait]:
    """The stretches in which one person, to whom all these connections belong, waited."""
    sessions = {
        event.occurred_at: event.session
        for events in connections.values()
        for event in events
        if event.kind is _WAITING
    }
    if not sessions:
        return []
    happened: dict[datetime, set[EventKind]] = {}
    for events in connections.values():
        for event in events:
            happened.setdefault(event.occurred_at, set()).add(event.kind)
    waits: list[Wait] = []
    since: datetime | None = None
    closed_at: datetime | None = None
    for at in sorted(happened):
        kinds = happened[at]
        if since is not None and closed_at is not None and closed_at <= at:
            waits.append(_unfinished(scene, since, closed_at))
            since = None
        let_in = not kinds.isdisjoint({EventKind.JOINED, EventKind.ADMITTED})
        gone = not kinds.isdisjoint({EventKind.LEFT, EventKind.WAITING_LEFT})
        if since is not None and (let_in or gone):
            waits.append(Wait(interval=Interval(since, at), was_let_in=let_in, is_open=False))
            since = None
        if EventKind.WAITING in kinds and not let_in and EventKind.WAITING_LEFT not in kinds:
            since, closed_at = since or at, _end_of_room(scene, sessions[at], at)
    if since is not None:
        waits.append(_unfinished(scene, since, closed_at))
    return [wait for wait in waits if wait.interval.start < wait.interval.end or wait.is_open]


def _end_of_room(scene: Scene, session: str, since: datetime) -> datetime | None:
    """When the session closed at whose door somebody waits; the end of another one says nothing."""
    end = scene.session_end(session)
    return end if end is not None and end > since else None


def _unfinished(scene: Scene, since: datetime, closed_at: datetime | None) -> Wait:
    """Nobody told what became of them: they wait until the session closes; else until now, after the end as planned.

    Not until `now` after the end: a sheet that was written down must not change because time goes by.
    """
    if closed_at is not None:
        return Wait(interval=Interval(since, closed_at), was_let_in=False, is_open=False)
    end = scene.now if scene.is_live else scene.facts.lesson.planned_end
    return Wait(interval=Interval(since, max(since, end)), was_let_in=False, is_open=scene.is_live)
