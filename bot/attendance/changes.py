"""Why: every change of one person's presence in order, each with its source."""

from collections.abc import Iterable
from datetime import datetime
from operator import lt

from bot.attendance.checks.values import Answer
from bot.attendance.closing import ClosedStay
from bot.attendance.events import EventKind
from bot.attendance.lessons import Correction, CorrectionKind, Interval, Person
from bot.attendance.presence import PersonPresence
from bot.attendance.sheet import Change, ChangeKind
from bot.attendance.timeline import ConnectionKey
from bot.attendance.view import LessonView

BY_CORRECTION = {
    CorrectionKind.PRESENT: ChangeKind.CREDITED,
    CorrectionKind.CREDIT_WAITING: ChangeKind.CREDITED,
    CorrectionKind.NOT_PRESENT: ChangeKind.TAKEN_AWAY,
    CorrectionKind.EXCUSED: ChangeKind.EXCUSED,
}
SAID = frozenset(
    {
        CorrectionKind.ON_MY_WAY,
        CorrectionKind.CANNOT_COME,
        CorrectionKind.TECHNICAL_PROBLEM,
        CorrectionKind.IN_ALREADY,
        CorrectionKind.DISPUTED,
        CorrectionKind.DECLINED,
        CorrectionKind.ACCEPT_VERDICT,
        CorrectionKind.TAKE_RECORD,
    }
)

# To ask an enum for a member is a function of Python's: not for every event.
_JOINED, _BACK, _LEFT, _LOST = ChangeKind.JOINED, ChangeKind.BACK, ChangeKind.LEFT, ChangeKind.LOST
_MOVED, _MOVED_BACK = EventKind.MOVED, EventKind.MOVED_BACK

#: of changes at one instant
_ORDER = {kind: place for place, kind in enumerate(ChangeKind)}


def changes_of(view: LessonView, person: Person, presence: PersonPresence) -> tuple[Change, ...]:
    """One line per change: joined, moved, lost, back, waiting, credited; in the order in which they happened."""
    answers = view.answers.get(person.id, ())
    if not presence.connections and not presence.corrections and not answers:
        return ()
    platform = view.facts.lesson.platform or "platform"
    source, untold = f"{platform} webhook", _untold(presence) if view.facts.records else frozenset()
    found = [
        *_comings_and_goings(presence, source, untold, record=f"{platform} record"),
        *_moves(presence, source),
        *_waits(presence, source),
        *(_bridged(interval) for interval in presence.bridged),
        *(each for correction in presence.corrections for each in _corrected(view, person, correction)),
        *(_checked(view, answer) for answer in answers),
    ]
    moments = [change.at for change in found]
    if not all(map(lt, moments, moments[1:])):
        found.sort(key=lambda change: (change.at, _ORDER[change.kind]))
    return tuple(found)


def _untold(presence: PersonPresence) -> frozenset[tuple[ConnectionKey, datetime]]:
    """When something was written down of a connection that no webhook told."""
    told = {(key, each.occurred_at): each for key, events in presence.connections.items() for each in events}
    for key, events in presence.connections.items():
        told |= {(key, each.occurred_at): each for each in events if not each.is_recorded}
    return frozenset(place for place, event in told.items() if event.is_recorded)


def _comings_and_goings(
    presence: PersonPresence, source: str, untold: frozenset[tuple[ConnectionKey, datetime]], *, record: str
) -> Iterable[Change]:
    has_come = False
    for stay in presence.closed:
        assumed, device = stay.is_start_assumed, _device(presence, stay)
        start_by = record if untold and (stay.connection, stay.interval.start) in untold else source
        end_by = record if untold and (stay.connection, stay.interval.end) in untold else source
        yield Change(
            kind=_BACK if has_come else _JOINED,
            at=stay.interval.start,
            device=device,
            source="assumed" if assumed else start_by,
            is_assumed=assumed,
        )
        has_come = True
        if not stay.is_open:
            yield Change(
                kind=_LOST if stay.lost else _LEFT,
                at=stay.interval.end,
                device=device,
                source="assumed" if stay.is_end_assumed else end_by,
                is_assumed=stay.is_end_assumed,
            )


def _device(presence: PersonPresence, stay: ClosedStay) -> str:
    """The name that the connection showed, which often names the device."""
    for event in presence.connections[stay.connection]:
        if event.handle.name:
            return event.handle.name
    return ""


def _moves(presence: PersonPresence, source: str) -> Iterable[Change]:
    """Each once, however often it was told and on however many devices."""
    moves = {
        (event.occurred_at, "breakout" if event.kind is _MOVED else "main")
        for events in presence.connections.values()
        for event in events
        if event.kind is _MOVED or event.kind is _MOVED_BACK
    }
    for moved_at, note in sorted(moves):
        yield Change(kind=ChangeKind.MOVED, at=moved_at, source=source, note=note)


def _waits(presence: PersonPresence, source: str) -> Iterable[Change]:
    for wait in presence.waits:
        until = None if wait.is_open else wait.interval.end
        yield Change(kind=ChangeKind.WAITING, at=wait.interval.start, until=until, source=source)
        if wait.was_let_in:
            yield Change(kind=ChangeKind.ADMITTED, at=wait.interval.end, source=source)


def _bridged(interval: Interval) -> Change:
    return Change(kind=ChangeKind.BRIDGED, at=interval.start, until=interval.end, source="rule")


def _checked(view: LessonView, answer: Answer) -> Change:
    """That they were asked whether they are there, when, and what came of it."""
    assert view.facts.logging is not None
    checkpoint = view.facts.logging.checkpoints[answer.checkpoint_id]
    return Change(
        kind=ChangeKind.CHECKED,
        at=answer.asked_at or checkpoint.opened_at or checkpoint.planned_at,
        until=answer.at,
        source=answer.decided_by or answer.via or "rule",
        note=answer.state.value + (f": {answer.reason}" if answer.reason else ""),
    )


def _corrected(view: LessonView, person: Person, correction: Correction) -> Iterable[Change]:
    kind = BY_CORRECTION.get(correction.kind)
    if kind is not None:
        during = correction.during or view.facts.lesson.planned
        yield Change(kind=kind, at=during.start, until=during.end, source=correction.actor, note=correction.note)
    elif correction.kind in SAID:
        note = correction.kind.value + (f": {correction.note}" if correction.note else "")
        yield Change(kind=ChangeKind.SAID, at=correction.at, source=correction.actor or person.id, note=note)
