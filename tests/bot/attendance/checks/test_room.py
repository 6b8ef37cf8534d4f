"""Who is in the lesson, as a presence check looks at it."""

from bot.attendance.checks.room import PATIENCE, Room, room_of
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import CorrectionKind, FeedFacts, Interval, LessonState
from bot.attendance.view import view_of
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    Handle,
    Moment,
    a_lesson,
    an_ended_lesson,
    at,
    correction,
    during,
    facts,
    joined,
    left,
)


def room(*events: PresenceEvent, now: Moment = 30, is_at_once: bool = False, **changes: object) -> Room:
    """Somebody was heard of a moment ago, so that the feed is proven."""
    given = facts(*events, **changes)  # type: ignore[arg-type]  # whatever `facts` takes
    return room_of(view_of(given, now=at(now)), is_at_once=is_at_once)


def test_students_who_are_in_are_here_and_nobody_else_is():
    seen = room(joined(GRACE, at=-5), joined(ADA, at=2), joined(EVE, at=3), joined("Somebody", at=4))
    assert seen.here == {ADA.id}
    assert seen.trainers == (GRACE.id,)
    assert seen.is_creator_here
    assert seen.others_seen_at == at(30)


def test_who_left_was_seen_last_when_they_left():
    seen = room(joined(GRACE, at=-5), left(GRACE, at=20), joined(ADA, at=2), left(ADA, at=25))
    assert (seen.creator_seen_at, seen.others_seen_at) == (at(20), at(25))
    assert (seen.creator_gone_at, seen.others_gone_at) == (at(20) + PATIENCE, at(25) + PATIENCE)
    assert (seen.is_creator_gone, seen.are_others_gone) == (True, True)


def test_for_three_minutes_nobody_is_gone():
    seen = room(joined(GRACE, at=-5), left(GRACE, at=28), joined(ADA, at=2), left(ADA, at=28))
    assert (seen.is_creator_gone, seen.are_others_gone) == (False, False)


def test_in_a_classroom_of_our_own_who_left_is_gone_at_once():
    seen = room(joined(GRACE, at=-5), left(GRACE, at=29.9), joined(ADA, at=2), left(ADA, at=29.9), is_at_once=True)
    assert (seen.is_creator_gone, seen.are_others_gone) == (True, True)


def test_a_trainer_who_was_never_seen_is_not_gone():
    seen = room(joined(ADA, at=2))
    assert (seen.is_creator_here, seen.is_creator_gone) == (False, False)


def test_where_no_student_was_ever_seen_they_are_gone():
    seen = room(joined(GRACE, at=2))
    assert seen.are_others_gone


def test_where_no_trainer_is_recognised_the_host_of_the_platform_stands_in():
    seen = room(joined(Handle(name="Room 4", is_host=True), at=-5), joined(ADA, at=2))
    assert seen.is_creator_here


def test_with_a_recognised_trainer_the_host_does_not_stand_in():
    seen = room(joined(Handle(name="Room 4", is_host=True), at=-5), joined(GRACE, at=0), left(GRACE, at=10))
    assert not seen.is_creator_here


def test_who_stands_in_for_the_trainer_teaches():
    seen = room(
        joined(EVE, at=2),
        known=(EVE,),
        corrections=[correction(CorrectionKind.SUBSTITUTE, at=1, person_ids=(EVE.id,))],
    )
    assert seen.trainers == (EVE.id, GRACE.id)
    assert seen.is_creator_here


def test_behind_a_feed_that_is_late_nobody_is_gone():
    late = FeedFacts(room_heard_at=at(29), late_intervals=(Interval(at(20), at(29)),))
    seen = room(joined(GRACE, at=-5), left(GRACE, at=20), feed=late)
    assert not seen.is_sure
    assert not seen.is_creator_gone


def test_two_devices_are_in_while_one_of_them_is():
    seen = room(
        joined(ADA, at=2, device="laptop"), joined(ADA, at=3, device="phone"), left(ADA, at=20, device="laptop")
    )
    assert seen.here == {ADA.id}
    assert seen.is_present_since(ADA.id, at(28))


def test_present_since_means_without_a_break():
    seen = room(joined(ADA, at=2), left(ADA, at=20), joined(ADA, at=28.5), joined(BOB, at=27))
    assert not seen.is_present_since(ADA.id, at(28))
    assert seen.is_present_since(BOB.id, at(28))
    assert not seen.is_present_since(GRACE.id, at(28))


def test_a_gap_that_is_bridged_is_no_break():
    seen = room(joined(ADA, at=2), left(ADA, at=28), joined(ADA, at=28.5))
    assert seen.is_present_since(ADA.id, at(28))


def test_after_the_end_of_the_lesson_nobody_is_here():
    seen = room(joined(GRACE, at=-5), joined(ADA, at=2), lesson=an_ended_lesson(), now=90)
    assert (seen.is_over, seen.here, seen.is_creator_here) == (True, frozenset(), False)
    assert seen.creator_seen_at is not None
    assert seen.creator_seen_at < at(90)


def test_a_cancelled_lesson_is_over():
    assert room(lesson=a_lesson(state=LessonState.CANCELLED)).is_over


def test_a_break_that_was_tapped_is_a_break():
    tapped = correction(CorrectionKind.BREAK, at=20, during=during(20, 25))
    assert room(corrections=[tapped]).breaks == (during(20, 25),)
