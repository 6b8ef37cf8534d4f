"""Whole lessons for Hypothesis: several people with several connections, and everything that platforms do to them.

Moments lie on a coarse grid, so that things often happen at one instant; some are a fraction of a second off it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.attendance.lessons import (
    Correction,
    CorrectionKind,
    FeedFacts,
    Interval,
    Lesson,
    LessonFacts,
    LessonState,
    Person,
    Policy,
    Role,
)
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    INSPECTOR,
    a_lesson,
    at,
    correction,
    event,
    session_ended,
    session_started,
)

CAROL = Person(id="carol", name="Carol Shaw", role=Role.STUDENT, email="carol@example.com", registrant_id="reg-carol")
OTHER_BOB = Person(id="other-bob", name="Bob Kahn", role=Role.STUDENT, email="robert@example.com")
ALAN = Person(id="alan", name="Alan Turing", role=Role.TRAINER, email="alan@example.com")
STRANGERS = (Handle(name="iPad"), Handle(name="Guest of honour"), Handle(name="Room 3", is_host=True))
EVERYBODY: tuple[Person | Handle, ...] = (ADA, ADA, BOB, BOB, CAROL, GRACE, GRACE, ALAN, EVE, INSPECTOR, *STRANGERS)
SESSIONS = ("session-1", "session-2", "session-3")

#: quarters of a minute, from before the window to after it
_GRID = range(-35 * 4, 100 * 4)
_OFF_THE_GRID = (0, 0, 0, 0, 1, 500_000, 999_999)


@dataclass(frozen=True)
class WholeLesson:
    """All facts of one lesson, and the instant at which they are looked at."""

    facts: LessonFacts
    now: datetime


@st.composite
def moments(draw: st.DrawFn, first: float = -35, last: float = 100) -> datetime:
    """An instant between two minutes of the lesson."""
    quarter = draw(st.integers(min_value=round(first * 4), max_value=round(last * 4)))
    return at(Fraction(quarter, 4)) + timedelta(microseconds=draw(st.sampled_from(_OFF_THE_GRID)))


@st.composite
def spans(draw: st.DrawFn, first: float = -10, last: float = 70) -> Interval:
    """An interval of some length, inside or beside the lesson."""
    start, end = sorted(draw(st.lists(st.integers(round(first), round(last)), min_size=2, max_size=2, unique=True)))
    return Interval(at(start), at(end))


@st.composite
def handles(draw: st.DrawFn, who: Person | Handle) -> Handle:
    """What the platform says of them: an e-mail, a registrant, a school's own id, or only a name."""
    if isinstance(who, Handle):
        return who
    is_host = who.role is Role.TRAINER and draw(st.booleans())
    told = draw(st.sampled_from(("email", "email", "registrant_id", "external_id", "name", "name")))
    return Handle(
        name=draw(st.sampled_from((who.name, who.name.upper(), f"{who.name} (she/her)"))),
        is_host=is_host,
        email=who.email if told == "email" else "",
        registrant_id=who.registrant_id if told == "registrant_id" else "",
        external_id=who.external_id if told == "external_id" else "",
    )


_STEPS: tuple[tuple[EventKind, ...], ...] = (
    (EventKind.JOINED,),
    (EventKind.JOINED,),
    (EventKind.LEFT,),
    (EventKind.LEFT,),
    (EventKind.LEFT, EventKind.JOINED),
    (EventKind.JOINED, EventKind.LEFT),
    (EventKind.LEFT, EventKind.MOVED),
    (EventKind.MOVED,),
    (EventKind.MOVED_BACK,),
    (EventKind.ROLE_CHANGED,),
    (EventKind.WAITING,),
    (EventKind.LEFT, EventKind.WAITING),
    (EventKind.WAITING_LEFT,),
    (EventKind.ADMITTED,),
    (EventKind.ADMITTED, EventKind.JOINED),
)


@st.composite
def anything(draw: st.DrawFn, who: Person | Handle, device: str, session: str) -> list[PresenceEvent]:
    """One connection of which anything is told, sensible or not."""
    is_lost = draw(st.booleans())
    steps = draw(st.lists(st.tuples(moments(), st.sampled_from(_STEPS)), max_size=8, unique_by=lambda step: step[0]))
    handle = draw(handles(who))
    return [
        event(
            kind,
            handle,
            at=moment,
            connection=f"{handle.name} {device}",
            session=session,
            lost=is_lost and kind is EventKind.LEFT,
        )
        for moment, kinds in steps
        for kind in kinds
    ]


@st.composite
def visits(draw: st.DrawFn, who: Person | Handle, device: str, session: str, *, most: int = 3) -> list[PresenceEvent]:
    """One connection that comes, waits perhaps, is let in, moves between rooms and goes, once or several times."""
    handle = draw(handles(who))
    whens = sorted(draw(st.lists(moments(-20, 75), min_size=2, max_size=2 * most, unique=True)))
    told: list[tuple[EventKind, datetime]] = []
    for start, end in zip(whens[::2], whens[1::2], strict=False):
        waits = draw(st.sampled_from((None, None, 0, 30, 120, 121, 400)))
        is_long_enough = waits is not None and start + timedelta(seconds=waits + 1) < end
        told += _arrival(start, waits if is_long_enough else None)
        arrived = told[-1][1]
        middle = arrived + (end - arrived) / 2
        meanwhile = draw(st.sampled_from(((), (), (EventKind.LEFT, EventKind.JOINED), (EventKind.ROLE_CHANGED,))))
        told += [(kind, middle) for kind in meanwhile]
        told.append((EventKind.LEFT, end))
    connection = f"{handle.name} {device}"
    return [event(kind, handle, at=moment, connection=connection, session=session) for kind, moment in told]


def _arrival(start: datetime, waits: int | None) -> list[tuple[EventKind, datetime]]:
    """Straight in, or through the waiting room and in a second after being let in."""
    if waits is None:
        return [(EventKind.JOINED, start)]
    let_in = start + timedelta(seconds=waits)
    return [
        (EventKind.WAITING, start - timedelta(seconds=1)),
        (EventKind.ADMITTED, let_in),
        (EventKind.JOINED, let_in + timedelta(seconds=1)),
    ]


@st.composite
def sessions(draw: st.DrawFn, names: tuple[str, ...]) -> list[PresenceEvent]:
    """When the room opened and closed, where the platform told."""
    told: list[PresenceEvent] = []
    for name in names:
        started, ended = draw(st.booleans()), draw(st.booleans())
        told += [session_started(at=draw(moments(-60, 30)), session=name)] if started else []
        told += [session_ended(at=draw(moments(10, 100)), session=name)] if ended else []
    return told


@st.composite
def tellings(draw: st.DrawFn) -> tuple[PresenceEvent, ...]:
    """All events of a lesson: some of them lost, some told twice, in any order."""
    names = SESSIONS[: draw(st.sampled_from((1, 1, 2, 3)))]
    told = draw(sessions(names))
    told += draw(st.sampled_from(([], draw(visits(GRACE, "desk", names[0])))))
    for number in range(draw(st.integers(min_value=0, max_value=7))):
        connection = draw(st.sampled_from((visits, visits, anything)))
        told += draw(connection(draw(st.sampled_from(EVERYBODY)), f"{number}", draw(st.sampled_from(names))))
    lost = draw(st.sets(st.sampled_from(range(len(told))), max_size=3)) if told else set()
    kept = [one for index, one in enumerate(told) if index not in lost]
    again = draw(st.lists(st.sampled_from(kept), max_size=3)) if kept else []
    return tuple(draw(st.permutations([*kept, *again])))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        bridge=timedelta(seconds=draw(st.sampled_from((60, 60, 0, 300)))),
        basis=draw(st.sampled_from(("held", "held", "planned"))),
        late_reference=draw(st.sampled_from(("trainer", "trainer", "planned"))),
        minimum=draw(st.sampled_from((Fraction(9, 10), Fraction(1, 2), Fraction(1)))),
    )


@st.composite
def lessons(draw: st.DrawFn) -> Lesson:
    minutes = draw(st.sampled_from((60, 60, 60, 30, 1)))
    breaks = draw(
        st.sampled_from(((), (), (Interval(at(25), at(35)),), (Interval(at(10), at(15)), Interval(at(40), at(45)))))
    )
    state = draw(st.sampled_from((LessonState.LIVE, LessonState.PROVISIONAL, LessonState.LOCKED)))
    return a_lesson(minutes=minutes, breaks=breaks, policy=draw(policies()), state=state)


@st.composite
def corrections(draw: st.DrawFn) -> tuple[Correction, ...]:
    """Nothing, or a few things that a trainer changed or said."""
    about_a_person = (
        CorrectionKind.PRESENT,
        CorrectionKind.NOT_PRESENT,
        CorrectionKind.EXCUSED,
        CorrectionKind.CREDIT_WAITING,
    )
    said: list[Correction] = []
    for number in range(draw(st.sampled_from((0, 0, 0, 1, 2, 3)))):
        when = at(70 + number)
        span = draw(st.none() | spans())
        kind = draw(
            st.sampled_from((*about_a_person, CorrectionKind.TOOK_PLACE, CorrectionKind.NOT_HELD, CorrectionKind.BREAK))
        )
        if kind in about_a_person:
            said.append(correction(kind, draw(st.sampled_from((ADA, BOB, GRACE))), at=when, during=span))
        elif kind is CorrectionKind.BREAK:
            start = draw(st.integers(0, 50))
            said.append(correction(kind, at=when, during=Interval(at(start), at(start + 10))))
        else:
            inside = draw(st.none() | spans(0, 60))
            said.append(correction(kind, at=when, during=inside if kind is CorrectionKind.TOOK_PLACE else None))
    return tuple(said)


@st.composite
def feeds(draw: st.DrawFn, heard: datetime | None) -> FeedFacts:
    """Proven where anything came; otherwise unknown or silent. Sometimes deliveries came late for a while."""
    late = draw(st.sampled_from(((), (), (), (draw(spans()),))))
    return FeedFacts(
        room_heard_at=heard,
        account_ever_delivered=heard is not None or draw(st.booleans()),
        late_intervals=late,
    )


@st.composite
def whole_lessons(draw: st.DrawFn) -> WholeLesson:
    """A lesson with all its facts, while it runs or after its end; alone in its room or between two others."""
    lesson = draw(lessons())
    is_live = lesson.state is LessonState.LIVE
    now = draw(moments(-20, 75)) if is_live else at(300)
    events = tuple(one for one in draw(tellings()) if one.occurred_at <= now)
    before, after = Interval(at(-60), at(0)), Interval(lesson.planned_end, lesson.planned_end + timedelta(hours=1))
    neighbours = draw(st.sampled_from(((), (), (after,), (before, after))))
    known_roster = (ADA, BOB, CAROL, GRACE, ALAN, INSPECTOR)
    roster = draw(st.sampled_from((known_roster, known_roster, (*known_roster, OTHER_BOB))))
    heard = max((one.received_at for one in events), default=None)
    facts = LessonFacts(
        lesson=lesson,
        roster=roster,
        known=(EVE,),
        events=events,
        corrections=draw(corrections()),
        feed=draw(feeds(heard)),
        room_lessons=(*neighbours, lesson.planned),
    )
    return WholeLesson(facts, now)


@st.composite
def lost_events(draw: st.DrawFn) -> tuple[WholeLesson, WholeLesson]:
    """An ended lesson as it was, and as it is known when one coming or going of Ada's was not told.

    Each of her connections is one visit: who comes back does so on a new one.
    """
    told: list[PresenceEvent] = [*draw(visits(GRACE, "desk", SESSIONS[0])), *draw(sessions(SESSIONS[:1]))]
    for number in range(draw(st.integers(1, 3))):
        told += draw(visits(ADA, f"{number}", SESSIONS[0], most=1))
    comings_and_goings = [
        index
        for index, one in enumerate(told)
        if one.kind in {EventKind.JOINED, EventKind.LEFT} and one.handle.name.upper().startswith("ADA")
    ]
    lost = draw(st.sampled_from(comings_and_goings))
    lesson = replace(draw(lessons()), state=LessonState.PROVISIONAL)
    whole = LessonFacts(lesson=lesson, roster=(ADA, GRACE), events=tuple(told), room_lessons=(lesson.planned,))
    less = replace(whole, events=(*told[:lost], *told[lost + 1 :]))
    return WholeLesson(whole, at(300)), WholeLesson(less, at(300))
