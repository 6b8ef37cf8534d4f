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
    happened: dict[datetime, set[EventKind]] = {}
    for events in connections.values():
        for event in events:
            happened.setdefault(event.occurred_at, set()).add(event.kind)
    if not any(EventKind.WAITING in kinds for kinds in happened.values()):
        return []
    ends = {scene.session_end(session) for session, _ in connections}
    for end in ends - {None}:
        happened.setdefault(end, set()).add(EventKind.SESSION_ENDED)  # type: ignore[arg-type]  # None was taken out
    waits: list[Wait] = []
    since: datetime | None = None
    for at in sorted(happened):
        kinds = happened[at]
        let_in = not kinds.isdisjoint({EventKind.JOINED, EventKind.ADMITTED})
        gone = not kinds.isdisjoint({EventKind.LEFT, EventKind.WAITING_LEFT, EventKind.SESSION_ENDED})
        if since is not None and (let_in or gone):
            waits.append(Wait(interval=Interval(since, at), was_let_in=let_in, is_open=False))
            since = None
        if EventKind.WAITING in kinds and not let_in and EventKind.WAITING_LEFT not in kinds:
            since = since or at
    if since is not None:
        waits.append(_unfinished(scene, since))
    return [wait for wait in waits if wait.interval.start < wait.interval.end or wait.is_open]


def _unfinished(scene: Scene, since: datetime) -> Wait:
    end = scene.now if scene.is_live else min(scene.now, scene.facts.lesson.planned_end)
    return Wait(interval=Interval(since, max(since, end)), was_let_in=False, is_open=scene.is_live)
