"""Where a platform's record says something else than its webhooks (attendance-rules, section 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.attendance.events import PresenceEvent
from bot.attendance.identity import resolve
from bot.attendance.intervals import intersect, length, subtract, whole_seconds
from bot.attendance.lessons import Interval
from bot.attendance.merging import by_records
from bot.attendance.presence import presence_of
from bot.attendance.sheet import Difference, PersonSheet
from bot.attendance.timeline import ConnectionKey, by_connection, session_spans
from bot.attendance.view import LessonView

Connections = Mapping[ConnectionKey, Sequence[PresenceEvent]]

#: Seconds of one person; up to this nobody asks who is right.
SILENT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """When somebody was in, short gaps filled: by the webhooks alone, and by the record alone."""

    webhooks: Sequence[Interval]
    record: Sequence[Interval]


def compared(view: LessonView) -> Mapping[str, Compared]:
    """By person id; nobody where there is no record."""
    facts = view.facts
    if not facts.records:
        return {}
    told = by_connection(facts.events)
    told_scene = replace(view.scene, spans=session_spans(facts.events))
    recorded = by_connection(by_records(facts.events, facts.records))
    found: dict[str, Compared] = {}
    for person_id, keys in _connections(view, told).items():
        webhooks = presence_of(told_scene, {key: told[key] for key in keys if key in told})
        record = presence_of(view.scene, {key: recorded[key] for key in keys if key in recorded})
        found[person_id] = Compared(webhooks=webhooks.measured_bridged, record=record.measured_bridged)
    return found


def _connections(view: LessonView, told: Connections) -> Mapping[str, set[ConnectionKey]]:
    """By person id; also such as the record took away altogether, because it knows nothing of them."""
    own = {person_id: set(presence.connections) for person_id, presence in view.presences.items()}
    gone = {key: events for key, events in told.items() if key not in view.resolutions}
    for key, resolution in resolve(view.facts, gone).items():
        for person_id in resolution.person_ids:
            own.setdefault(person_id, set()).add(key)
    return own


def differences_of(
    view: LessonView, people: Iterable[PersonSheet], both: Mapping[str, Compared]
) -> Iterable[Difference]:
    """Of each person of whom the two differ by more than is worth a word, in planned time."""
    planned = view.ground.planned
    for person in people:
        if person.person_id in both:
            found = both[person.person_id]
            webhooks = whole_seconds(intersect(found.webhooks, planned))
            record = whole_seconds(intersect(found.record, planned))
            if abs(webhooks - record) > SILENT:
                yield Difference(person_id=person.person_id, webhooks_seconds=webhooks, record_seconds=record)


def beyond_the_record(view: LessonView, person_id: str, both: Mapping[str, Compared]) -> list[Interval]:
    """What counts for somebody by webhooks that told both its ends, though the record has nothing of it.

    Empty where it is too little to be worth a word, and where somebody has taken it away by hand.
    """
    if person_id not in both:
        return []
    presence = view.presence(person_id)
    counted = intersect(intersect(presence.measured_bridged, presence.present), view.ground.planned)
    beyond = subtract(counted, both[person_id].record)
    return beyond if length(beyond).total_seconds() > SILENT else []
