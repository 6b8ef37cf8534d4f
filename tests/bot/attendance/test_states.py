"""From provisional to reconciled to locked, and cancelled: attendance-rules, section 5."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.asking import Asking
from bot.attendance.ending import locks_at, state_of
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import END_OF_DAY, CorrectionKind, LessonState, Policy
from bot.attendance.sheet import Verdict
from bot.attendance.view import view_of
from bot.attendance.wanted import MessageKind
from tests.builders import (
    BOB,
    Moment,
    a_lesson,
    an_ended_lesson,
    at,
    correction,
    facts,
    replace,
    session_ended,
    session_started,
    stay,
)
from tests.fakes.lesson_watch import LessonWatch, watched

PLANNED = a_lesson(state=LessonState.PLANNED)
OVER = an_ended_lesson()


def a_session(start: Moment, end: Moment | None = None, *, name: str = "session-1") -> tuple[PresenceEvent, ...]:
    """One run of the room; without an end it is still open."""
    opened = session_started(at=start, session=name)
    return (opened,) if end is None else (opened, session_ended(at=end, session=name))


def state_at(now: Moment, *events, lesson=PLANNED, **changes):
    return state_of(view_of(facts(*events, lesson=lesson, **changes), now=at(now))).state


def states(watch: LessonWatch, *moments: Moment) -> list[str]:
    return [watch.until(moment).decision.state.value for moment in moments]


# After the end


def test_a_lesson_is_compared_with_a_record_for_a_day_and_then_reconciled():
    day = 24 * 60
    assert state_at(60 + day - 1, a_session(-10, 60), lesson=OVER) is LessonState.PROVISIONAL
    assert state_at(60 + day, a_session(-10, 60), lesson=OVER) is LessonState.RECONCILED


def test_a_lesson_that_nobody_looked_at_for_days_is_provisional_first_so_that_its_record_is_asked_for():
    assert state_at(3 * 24 * 60, a_session(-10, 60)) is LessonState.PROVISIONAL


def test_while_an_attempt_to_get_the_record_is_due_it_waits_for_an_hour_at_most():
    day = 24 * 60
    asking = Asking(since=at(60), due_at=at(60 + day))
    assert state_at(60 + day, a_session(-10, 60), lesson=OVER, asking=asking) is LessonState.PROVISIONAL
    assert state_at(120 + day, a_session(-10, 60), lesson=OVER, asking=asking) is LessonState.RECONCILED


def test_the_day_is_counted_from_the_end_of_the_last_session():
    assert state_at(65 + 24 * 60, a_session(-10, 70), lesson=OVER) is LessonState.PROVISIONAL
    assert state_at(70 + 24 * 60, a_session(-10, 70), lesson=OVER) is LessonState.RECONCILED


def test_what_is_reconciled_stays_so():
    reconciled = replace(PLANNED, state=LessonState.RECONCILED)
    assert state_at(100, a_session(-10, 60), lesson=reconciled) is LessonState.RECONCILED


def test_a_week_after_its_planned_end_it_is_locked():
    week = 7 * 24 * 60
    assert state_at(60 + week - 1, a_session(-10, 60), lesson=OVER) is LessonState.RECONCILED
    assert state_at(60 + week, a_session(-10, 60)) is LessonState.LOCKED


def test_a_course_may_lock_before_a_record_can_come_or_never():
    hour = replace(PLANNED, policy=Policy(lock_after=timedelta(hours=1)))
    never = replace(OVER, policy=Policy(lock_after=None))
    assert state_at(120, a_session(-10, 60), lesson=hour) is LessonState.LOCKED
    assert state_at(10_000_000, a_session(-10, 60), lesson=never) is LessonState.RECONCILED


def locked_at_midnight(**lesson) -> datetime | None:
    return locks_at(replace(PLANNED, policy=Policy(lock_after=END_OF_DAY), **lesson))


def test_a_course_may_lock_at_the_end_of_the_day_where_it_is():
    ends_in_the_evening = {"planned_end": datetime(2026, 11, 23, 20, tzinfo=UTC), "zone": "Europe/Rome"}
    assert locked_at_midnight(**ends_in_the_evening) == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_a_lesson_across_midnight_is_locked_at_the_end_of_the_day_in_which_it_ends():
    ends_in_the_night = {"planned_end": datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "zone": "Europe/Rome"}
    assert locked_at_midnight(**ends_in_the_night) == datetime(2026, 11, 24, 23, tzinfo=UTC)


def test_a_lesson_that_ends_at_midnight_is_over_first_and_locked_then():
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert locked_at_midnight(planned_end=midnight, zone="Europe/Rome") == midnight


def test_the_end_of_the_day_is_a_moment_at_which_the_lesson_is_looked_at_by_itself():
    lesson = replace(PLANNED, policy=Policy(lock_after=END_OF_DAY))
    watch = LessonWatch.of(facts(a_session(-10, 60), lesson=lesson))
    midnight = locked_at_midnight()
    assert midnight is not None
    assert watch.until(61).decision.due_at == midnight
    minutes = (midnight - at(0)).total_seconds() / 60
    assert states(watch, minutes - 1, minutes) == ["provisional", "locked"]


def test_a_locked_lesson_stays_locked():
    assert state_at(30, a_session(-10), lesson=replace(PLANNED, state=LessonState.LOCKED)) is LessonState.LOCKED


def test_it_goes_through_all_states_by_looking_only_when_it_asks_for_it():
    watch = LessonWatch.of(facts(a_session(-10, 60), lesson=PLANNED))
    day = 24 * 60
    moments = (-1, 1, 61, 59 + day, 61 + day, 59 + 7 * day, 60 + 7 * day)
    assert states(watch, *moments) == [
        "planned",
        "live",
        "provisional",
        "provisional",
        "reconciled",
        "reconciled",
        "locked",
    ]
    assert watch.decision.due_at is None


def test_a_lesson_that_was_long_over_when_it_was_imported_is_locked_and_nobody_is_told():
    old = replace(PLANNED, is_silent=True)
    watch = LessonWatch.of(facts(lesson=old))
    watch.until(30 * 24 * 60)
    assert (watch.decision.state, watch.sent) == (LessonState.LOCKED, [])


@pytest.mark.parametrize("days", [1, 8])
def test_of_a_lesson_without_messages_only_the_locked_sheet_is_written_down(days):
    old = replace(PLANNED, is_silent=True)
    watch = LessonWatch.of(facts(stay(BOB, 0, 60), lesson=old))
    watch.until(days * 24 * 60 + 60)
    assert (watch.facts.written is not None) == (days == 8)


# Cancelled


def test_a_cancelled_lesson_is_cancelled_whatever_happens_in_the_room():
    cancelled = correction(CorrectionKind.CANCELLED, at=-30)
    assert state_at(30, a_session(-10), corrections=[cancelled]) is LessonState.CANCELLED
    assert state_at(30, a_session(-10), lesson=replace(PLANNED, state=LessonState.CANCELLED)) is LessonState.CANCELLED


def test_what_is_over_cannot_be_cancelled():
    over = replace(PLANNED, state=LessonState.PROVISIONAL)
    cancelled = correction(CorrectionKind.CANCELLED, at=70)
    assert state_at(71, a_session(-10, 60), lesson=over, corrections=[cancelled]) is LessonState.PROVISIONAL


def test_of_a_cancelled_lesson_that_was_long_over_nobody_is_told():
    old = replace(PLANNED, is_silent=True)
    assert watched(facts(lesson=old, corrections=[correction(CorrectionKind.CANCELLED, at=-20)]), until=90).sent == []


def test_the_staff_is_told_of_a_cancelled_lesson_with_who_and_why():
    lesson = replace(PLANNED, staff_channel="C0STAFF")
    ill = correction(CorrectionKind.CANCELLED, at=-20, note="Grace is ill")
    watch = watched(facts(lesson=lesson, corrections=[ill]), until=0)
    for channel in ("C0STAFF", "C0PYTHON"):
        content = watch.standing(MessageKind.CANCELLED, channel)
        assert (content["reason"], content["by"]) == ("Grace is ill", "Grace Hopper")


def test_a_cancellation_that_no_person_gave_names_nobody():
    watch = watched(facts(lesson=replace(PLANNED, state=LessonState.CANCELLED)), until=0)
    content = watch.standing(MessageKind.CANCELLED, "C0PYTHON")
    assert (content["reason"], content["by"]) == ("", "")


def test_nobody_is_absent_from_a_cancelled_lesson():
    watch = watched(facts(lesson=PLANNED, corrections=[correction(CorrectionKind.CANCELLED, at=-20)]), until=90)
    assert {line.verdict for line in watch.decision.sheet.students} == {Verdict.NOT_HELD}
