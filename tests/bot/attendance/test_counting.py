"""A platform that names a person and no connection: presence lasts while more *joined* than *left* were seen."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.attendance import sheet_of
from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.attendance.lessons import Person
from bot.attendance.sheet import Flag, PersonSheet, Presence, Sheet, Verdict
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    ROSTER,
    Moment,
    an_ended_lesson,
    at,
    event,
    facts,
    replace,
    session_ended,
)
from tests.fakes.lesson_watch import LessonWatch

NUDGES = {MessageKind.REMINDER_1.value, MessageKind.REMINDER_2.value, MessageKind.LOST_YOU.value}


def told(kind: EventKind, who: Person, moment: Moment, **changes: Any) -> PresenceEvent:
    """As VCaaS tells it: the school's own id and a name, no connection."""
    handle = Handle(name=who.name, external_id=who.external_id, is_host=who is GRACE)
    return event(kind, who, at=moment, **{"connection": None, "handle": handle, **changes})


def came(who: Person, moment: Moment) -> PresenceEvent:
    return told(EventKind.JOINED, who, moment)


def went(who: Person, moment: Moment) -> PresenceEvent:
    return told(EventKind.LEFT, who, moment)


def waits(who: Person, moment: Moment) -> PresenceEvent:
    return told(EventKind.WAITING, who, moment)


TRAINER = (came(GRACE, -10), went(GRACE, 70))
#: a laptop for the whole lesson, and for one minute a telephone
TWO_DEVICES = (came(ADA, 0), came(ADA, 10), went(ADA, 11), went(ADA, 60))


def ended(*events: PresenceEvent) -> Sheet:
    return sheet_of(facts(*events, *TRAINER, lesson=an_ended_lesson()), now=at(300))


def ada(*events: PresenceEvent) -> PersonSheet:
    return ended(*events).by_id[ADA.id]


def minutes(line: PersonSheet) -> list[tuple[float, float | None]]:
    return [
        (_minute(stay.joined_at - at(0)), _minute(stay.left_at - at(0)) if stay.left_at else None)
        for stay in line.stays
    ]


def _minute(length: timedelta) -> float:
    return length / timedelta(minutes=1)


def test_who_came_once_and_went_once_was_there_between():
    line = ada(came(ADA, 5), went(ADA, 50))
    assert (minutes(line), line.flags, line.assumed_seconds) == ([(5, 50)], (Flag.LEFT_EARLY,), 0)


def test_a_second_device_for_a_minute_takes_nobody_away_and_marks_the_rest():
    line = ada(*TWO_DEVICES)
    assert (minutes(line), line.verdict, line.flags) == ([(0, 60)], Verdict.VALIDATED, (Flag.ASSUMED,))
    assert line.assumed_seconds == 49 * 60
    assert (line.stays[0].connections, line.stays[0].assumed) == (2, {"left_at"})


def test_a_second_device_for_a_minute_starts_no_ladder():
    grace = [each for each in TRAINER if each.kind is EventKind.JOINED]
    watch = LessonWatch.of(facts(*TWO_DEVICES[:3], *grace, roster=[ADA, GRACE])).until(55)
    assert not {kind for _, kind in watch.told("ada")} & NUDGES
    assert watch.decision is not None
    assert watch.decision.sheet.by_id[ADA.id].presence is Presence.PRESENT


def test_who_went_with_the_last_device_is_gone():
    assert minutes(ada(*TWO_DEVICES[:3], went(ADA, 30))) == [(0, 30)]


def test_a_move_from_one_device_to_another_in_one_second_is_one_stay():
    line = ada(came(ADA, 0), went(ADA, 30), came(ADA, 30), went(ADA, 60))
    assert (minutes(line), line.assumed_seconds) == ([(0, 60)], 0)


def test_who_came_and_went_in_one_second_was_not_there():
    assert ada(came(ADA, 30), went(ADA, 30)).verdict is Verdict.ABSENT


def test_a_left_without_a_joined_opens_an_assumed_stay():
    line = ada(went(ADA, 40))
    assert line.stays[0].assumed == {"joined_at"}
    assert line.stays[0].left_at == at(40)


def test_who_gives_up_waiting_was_not_there():
    line = ada(waits(ADA, 0), went(ADA, 20))
    assert (line.stays, line.waited_seconds, line.verdict) == ((), 1200, Verdict.PARTIAL)


def test_who_is_let_in_waited_until_then():
    line = ada(waits(ADA, 0), came(ADA, 3), went(ADA, 60))
    assert (minutes(line), line.waited_seconds) == ([(3, 60)], 180)


def test_who_is_put_back_into_the_waiting_room_and_gives_up_was_there_once():
    line = ada(came(ADA, 0), went(ADA, 20), waits(ADA, 20), went(ADA, 25))
    assert (minutes(line), line.waited_seconds) == ([(0, 20)], 300)


def test_a_second_device_in_the_waiting_room_takes_nobody_away():
    line = ada(came(ADA, 0), waits(ADA, 10), went(ADA, 60))
    assert (minutes(line), line.waited_seconds, line.flags) == ([(0, 60)], 0, (Flag.ASSUMED,))


def test_after_the_sessions_end_counting_begins_anew():
    """An irregular end told no *left* of anybody: who comes back has one device in, not two."""
    line = ada(came(ADA, 0), session_ended(at=29), came(ADA, 31), went(ADA, 50))
    assert minutes(line) == [(0, 29), (31, 50)]
    assert line.stays[0].assumed == {"left_at"}


def test_a_left_that_is_told_after_the_end_of_the_session_still_counts():
    assert minutes(ada(came(ADA, 10), session_ended(at=60), went(ADA, 60.5))) == [(10, 60.5)]


def test_who_was_never_told_as_left_is_in_until_the_session_ended():
    line = ada(came(ADA, 0), session_ended(at=58))
    assert (minutes(line), line.stays[0].assumed) == ([(0, 58)], {"left_at"})


CALLBACKS = st.lists(
    st.builds(
        told,
        st.sampled_from([EventKind.JOINED, EventKind.LEFT, EventKind.WAITING]),
        st.sampled_from([ADA, BOB, GRACE]),
        st.integers(-20, 80),
    )
    | st.builds(lambda moment: session_ended(at=moment), st.integers(0, 80)),
    min_size=1,
    max_size=14,
)


@settings(max_examples=100)
@given(events=CALLBACKS, data=st.data())
def test_any_order_of_the_same_facts_gives_the_same_sheet(events: list[PresenceEvent], data: st.DataObject):
    once = list({each.key: each for each in events}.values())
    shuffled = data.draw(st.permutations(once))
    given_facts = facts(*once, lesson=an_ended_lesson(), roster=ROSTER)
    assert sheet_of(given_facts, now=at(300)) == sheet_of(replace(given_facts, events=tuple(shuffled)), now=at(300))


@settings(max_examples=100)
@given(other=st.tuples(st.integers(0, 59), st.integers(0, 59)).filter(lambda pair: pair[0] != pair[1]))
def test_whenever_another_device_comes_and_goes_nobody_becomes_absent(other: tuple[int, int]):
    start, end = sorted(other)
    events = {each.key: each for each in (came(ADA, -5), went(ADA, 65), came(ADA, start), went(ADA, end))}
    assert ada(*events.values()).verdict is Verdict.VALIDATED
