"""Lessons made by chance, as they truly were: what webhooks tell of each, what its platform writes down, what gets lost.

Zoom and 100ms, as they behave: a device is one connection from join to leave; on Zoom it gets another number with every
move between rooms, in one second, and its record has a row for each number and no connection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.attendance.lessons import FeedFacts, LessonFacts
from bot.attendance.records import PlatformRecord, RecordedStay
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    NINE,
    ROOM,
    ROSTER,
    an_ended_lesson,
    replace,
)

#: the length of the lesson, in seconds
LENGTH = 3600
ASKED_AT = NINE + timedelta(hours=2)
GUEST = Handle(name="Rosalind Guest")
#: who may come: certain by registration, by e-mail, by name alone, not enrolled, a stranger, the trainer
CAST = (
    Handle(name="Ada L", registrant_id=ADA.registrant_id),
    Handle(name=BOB.name),
    Handle(name="Eve", email=EVE.email),
    GUEST,
    Handle(name=GRACE.name, email=GRACE.email, is_host=True),
)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """One lesson: all that was told of it, and all that its platform wrote down."""

    events: tuple[PresenceEvent, ...]
    records: tuple[PlatformRecord, ...]

    def facts(self, events: Iterable[PresenceEvent], records: Sequence[PlatformRecord] = ()) -> LessonFacts:
        """What the rules are given where only these were received; the feed is proven in any case."""
        lesson = an_ended_lesson()
        return LessonFacts(
            lesson=lesson,
            roster=ROSTER,
            known=(EVE,),
            events=tuple(events),
            records=tuple(records),
            feed=FeedFacts(room_heard_at=ASKED_AT),
            room_lessons=(lesson.planned,),
        )


@dataclass
class _Maker:
    """Makes one lesson on one platform."""

    dice: Random
    is_zoom: bool
    number: int = 16_778_240

    def lesson(self) -> Truth:
        cuts = sorted(self.dice.sample(range(300, LENGTH - 300), self.dice.choice([0, 0, 1])))
        edges = [(-600, cuts[0]), (cuts[0] + 90, LENGTH + 600)] if cuts else [(-600, LENGTH + 600)]
        events: list[PresenceEvent] = []
        records: list[PlatformRecord] = []
        for index, (start, end) in enumerate(edges):
            told, record = self.session(f"session-{index}", start, end)
            events += told
            records.append(record)
        return Truth(events=tuple(events), records=tuple(records))

    def session(self, session: str, start: int, end: int) -> tuple[list[PresenceEvent], PlatformRecord]:
        events = [
            _of_session(EventKind.SESSION_STARTED, session, start),
            _of_session(EventKind.SESSION_ENDED, session, end),
        ]
        stays: list[RecordedStay] = []
        for handle in CAST:
            for device in range(self.dice.choice([0, 1, 1, 1, 2]) if handle is not CAST[-1] else 1):
                for told, row in self.visits(session, handle, device, start, end):
                    events += told
                    stays.append(row)
        if not stays:
            return self.session(session, start, end)
        record = PlatformRecord(
            room=ROOM,
            session=session,
            source="zoom_report" if self.is_zoom else "100ms_session",
            received_at=ASKED_AT,
            started_at=_at(start),
            ended_at=_at(end),
            stays=tuple(stays),
            is_whole=False,
        )
        return events, record

    def visits(
        self, session: str, handle: Handle, device: int, start: int, end: int
    ) -> Iterable[tuple[list[PresenceEvent], RecordedStay]]:
        """Each time that a device was in: a connection, and on Zoom a row for each room."""
        moments = sorted(self.dice.sample(range(start, end + 1), 2 * self.dice.choice([1, 1, 2, 3])))
        for visit, (came, went) in enumerate(zip(moments[::2], moments[1::2], strict=True)):
            connection = f"{session} {handle.name} {device} {visit}"
            lost = self.dice.random() < 0.2
            hops = self.dice.choice([0, 0, 1, 2]) if self.is_zoom and went - came > 10 else 0
            rooms = [came, *sorted(self.dice.sample(range(came + 1, went), hops)), went]
            for into, out in pairwise(rooms):
                self.number += 1024
                number = str(self.number) if self.is_zoom else ""
                is_last = out == went
                joined = _event(EventKind.JOINED, session, into, connection, handle, number)
                left = _event(EventKind.LEFT, session, out, connection, handle, number, lost=lost and is_last)
                if not self.is_zoom:
                    left = replace(left, joined_at=joined.occurred_at)
                row = RecordedStay(
                    handle=handle,
                    joined_at=joined.occurred_at,
                    left_at=left.occurred_at,
                    lost=lost and is_last,
                    connection=None if self.is_zoom else connection,
                    number=number,
                )
                yield [joined, left], row


def a_truth(seed: int) -> Truth:
    """The lesson of this number: always the same one."""
    dice = Random(seed)
    return _Maker(dice, is_zoom=seed % 2 == 0).lesson()


def received(truth: Truth, seed: int) -> list[PresenceEvent]:
    """What arrived of its webhooks: any share of them, some twice, in any order."""
    dice = Random(seed)
    share = dice.choice([0.0, 0.2, 0.5, 0.8, 0.95, 1.0])
    events = [event for event in truth.events if dice.random() < share]
    events += [event for event in events if dice.random() < 0.2]
    dice.shuffle(events)
    return events


def _at(second: int) -> datetime:
    return NINE + timedelta(seconds=second)


def _of_session(kind: EventKind, session: str, second: int) -> PresenceEvent:
    at = _at(second)
    return PresenceEvent(kind=kind, room=ROOM, session=session, occurred_at=at, received_at=at)


def _event(
    kind: EventKind, session: str, second: int, connection: str, handle: Handle, number: str, *, lost: bool = False
) -> PresenceEvent:
    at = _at(second)
    return PresenceEvent(
        kind=kind,
        room=ROOM,
        session=session,
        occurred_at=at,
        received_at=at,
        connection=connection,
        handle=handle,
        number=number,
        lost=lost,
    )
