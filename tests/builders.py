"""The cast, the hour and the facts of a lesson, with defaults: a test states only what matters to it.

Ada is punctual, Bob is late, Eve is not enrolled, Grace Hopper teaches; lessons start on 2 March 2026 at 09:00 UTC and last
an hour. A moment is written as minutes from that start (`6.5`), as a time of that day (`"09:03"`), or as an instant.
"""

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from bot.attendance.events import NOBODY, EventKind, Handle, PresenceEvent
from bot.attendance.lessons import (
    Correction,
    CorrectionKind,
    FeedFacts,
    Interval,
    Lesson,
    LessonFacts,
    LessonState,
    Link,
    Person,
    Policy,
    Role,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROOM = "97711976001"
SESSION = "session-1"

ADA = Person(
    id="ada",
    name="Ada Lovelace",
    role=Role.STUDENT,
    email="ada@example.com",
    external_id="ada-1",
    registrant_id="reg-ada",
    slack_user_id="U0ADA",
)
BOB = Person(
    id="bob",
    name="Bob Kahn",
    role=Role.STUDENT,
    email="bob@example.com",
    external_id="bob-1",
    registrant_id="reg-bob",
    slack_user_id="U0BOB",
)
EVE = Person(id="eve", name="Eve Clark", role=Role.NOT_ENROLLED, email="eve@example.com", slack_user_id="U0EVE")
GRACE = Person(
    id="grace",
    name="Grace Hopper",
    role=Role.TRAINER,
    email="grace@example.com",
    external_id="grace-1",
    slack_user_id="U0GRACE",
)
INSPECTOR = Person(id="inspector", name="Iris Inspector", role=Role.OBSERVER, email="inspector@example.com")

ROSTER = (ADA, BOB, GRACE)

T = TypeVar("T")

#: minutes from the planned start, a time of the day of NINE, or an instant
Moment = float | Fraction | str | datetime
#: a person of the cast, a display name, or all that the platform says
Who = Person | str | Handle


def at(moment: Moment) -> datetime:
    """The instant of a moment: `at(6.5)` is 09:06:30, exact to the microsecond."""
    if isinstance(moment, datetime):
        return moment
    if isinstance(moment, str):
        return datetime.combine(NINE.date(), time.fromisoformat(moment), tzinfo=UTC)
    return NINE + timedelta(microseconds=round(Fraction(moment) * 60_000_000))


def during(start: Moment, end: Moment) -> Interval:
    """The interval between two moments."""
    return Interval(at(start), at(end))


def a_lesson(*, start: Moment = 0, minutes: float = 60, breaks: Iterable[Interval] = (), **changes: Any) -> Lesson:
    """A live lesson of an hour at nine; policy fields may be given beside those of `Lesson`."""
    planned_start = at(start)
    policy_fields = Policy.__dataclass_fields__.keys() & changes.keys()
    policy = replace(changes.pop("policy", Policy()), **{name: changes.pop(name) for name in policy_fields})
    lesson = Lesson(
        id="lesson-1",
        title="Python 101",
        planned_start=planned_start,
        planned_end=planned_start + timedelta(minutes=minutes),
        breaks=tuple(breaks),
        policy=policy,
        state=LessonState.LIVE,
        platform="zoom",
        channel="C0PYTHON",
    )
    return replace(lesson, **changes)


def an_ended_lesson(**changes: Any) -> Lesson:
    """A lesson whose end has come: verdicts are decided."""
    return a_lesson(**{"state": LessonState.PROVISIONAL, **changes})


def facts(
    *events: PresenceEvent | Iterable[PresenceEvent],
    lesson: Lesson | None = None,
    roster: Iterable[Person] = ROSTER,
    corrections: Iterable[Correction] = (),
    links: Iterable[Link] = (),
    **changes: Any,
) -> LessonFacts:
    """The facts of one lesson; the feed is proven by the newest of the events.

    `events` are events and tuples of events, such as `stay` gives.
    """
    told = flat(events)
    lesson = lesson or a_lesson()
    heard = max((event.received_at for event in told), default=None)
    given = LessonFacts(
        lesson=lesson,
        roster=tuple(roster),
        events=told,
        corrections=tuple(corrections),
        links=tuple(links),
        feed=FeedFacts(room_heard_at=heard),
        room_lessons=(lesson.planned,),
    )
    return replace(given, **changes)


def flat(events: Iterable[PresenceEvent | Iterable[PresenceEvent]]) -> tuple[PresenceEvent, ...]:
    """Events and tuples of events as one tuple."""
    told: list[PresenceEvent] = []
    for item in events:
        told.extend((item,) if isinstance(item, PresenceEvent) else item)
    return tuple(told)


def handle_of(who: Who) -> Handle:
    """What a platform says of them: of a person name and e-mail; trainers host."""
    if isinstance(who, Handle):
        return who
    if isinstance(who, str):
        return Handle(name=who)
    return Handle(name=who.name, email=who.email, is_host=who.role is Role.TRAINER)


def event(
    kind: EventKind,
    who: Who | None,
    *,
    at: Moment,
    device: str = "laptop",
    session: str = SESSION,
    received: Moment | None = None,
    **changes: Any,
) -> PresenceEvent:
    """One fact; `device` tells the connections of one person apart, `received` is a second after it happened."""
    occurred_at = _instant(at)
    handle = handle_of(who) if who is not None else NOBODY
    name = who.id if isinstance(who, Person) else handle.name
    return PresenceEvent(
        **{
            "kind": kind,
            "room": ROOM,
            "session": session,
            "occurred_at": occurred_at,
            "received_at": occurred_at + timedelta(seconds=1) if received is None else _instant(received),
            "connection": f"{name}'s {device}" if who is not None else None,
            "handle": handle,
            **changes,
        }
    )


def joined(who: Who, *, at: Moment = 0, **changes: Any) -> PresenceEvent:
    """They came in, on one device."""
    return event(EventKind.JOINED, who, at=at, **changes)


def left(who: Who, *, at: Moment = 60, **changes: Any) -> PresenceEvent:
    """They went, on one device; `lost=True` where the platform says that the connection broke."""
    return event(EventKind.LEFT, who, at=at, **changes)


def waiting(who: Who, *, at: Moment = 0, **changes: Any) -> PresenceEvent:
    """They came into the waiting room, or were put back there."""
    return event(EventKind.WAITING, who, at=at, **changes)


def waiting_left(who: Who, *, at: Moment, **changes: Any) -> PresenceEvent:
    """They are no longer in the waiting room."""
    return event(EventKind.WAITING_LEFT, who, at=at, **changes)


def admitted(who: Who, *, at: Moment, **changes: Any) -> PresenceEvent:
    """They were let in from the waiting room."""
    return event(EventKind.ADMITTED, who, at=at, **changes)


def moved(who: Who, *, at: Moment, **changes: Any) -> PresenceEvent:
    """They went into a breakout room."""
    return event(EventKind.MOVED, who, at=at, **changes)


def moved_back(who: Who, *, at: Moment, **changes: Any) -> PresenceEvent:
    """They came out of a breakout room."""
    return event(EventKind.MOVED_BACK, who, at=at, **changes)


def session_started(*, at: Moment = -10, **changes: Any) -> PresenceEvent:
    """The room opened."""
    return event(EventKind.SESSION_STARTED, None, at=at, **{"session_started_at": _instant(at), **changes})


def session_ended(*, at: Moment = 60, **changes: Any) -> PresenceEvent:
    """The room closed for everybody."""
    return event(EventKind.SESSION_ENDED, None, at=at, **changes)


def stay(who: Who, start: Moment, end: Moment, **changes: Any) -> tuple[PresenceEvent, ...]:
    """They were in from one moment to another, on one device."""
    return joined(who, at=start, **changes), left(who, at=end, **changes)


def the_trainer(start: Moment = -10, end: Moment = 70, **changes: Any) -> tuple[PresenceEvent, ...]:
    """Grace teaches; by default she is there from ten minutes before to ten minutes after."""
    return stay(GRACE, start, end, **changes)


def correction(
    kind: CorrectionKind, person: Person | None = None, *, at: Moment = 90, actor: Person = GRACE, **changes: Any
) -> Correction:
    """Something that a person changed or said; by Grace, half an hour after the lesson."""
    when = _instant(at)
    name = person.id if person is not None else "lesson"
    return Correction(
        **{
            "id": f"{kind.value} {name} {when.isoformat()}",
            "kind": kind,
            "at": when,
            "actor": actor.id,
            "person": person.id if person is not None else None,
            **changes,
        }
    )


# Under another name, because the builders' own argument is called `at`.
_instant = at


def replace(thing: T, /, **changes: Any) -> T:
    """Another one like it but for the changes, whether it is a struct or a dataclass."""
    if isinstance(thing, msgspec.Struct):
        return msgspec.structs.replace(thing, **changes)
    return dataclasses.replace(thing, **changes)  # type: ignore[type-var,no-any-return]  # it is one of the two
