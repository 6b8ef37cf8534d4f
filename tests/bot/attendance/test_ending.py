"""When a lesson begins, ends, and goes on after all: attendance-rules, section 5."""

from datetime import timedelta

from bot.attendance.decide import decide
from bot.attendance.ending import end_of, has_reopened, state_of
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import CorrectionKind, LessonState, Policy
from bot.attendance.sheet import Verdict
from bot.attendance.view import view_of
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    GRACE,
    Moment,
    a_lesson,
    at,
    correction,
    facts,
    joined,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
)
from tests.fakes.lesson_watch import LessonWatch, new_messages, watched

PLANNED = a_lesson(state=LessonState.PLANNED)


def a_session(start: Moment, end: Moment | None = None, *, name: str = "session-1") -> tuple[PresenceEvent, ...]:
    """One run of the room; without an end it is still open."""
    opened = session_started(at=start, session=name)
    return (opened,) if end is None else (opened, session_ended(at=end, session=name))


def end_at(now: Moment, *events, lesson=PLANNED):
    """When the lesson ended, seen from `now`; None while it goes on."""
    found = end_of(view_of(facts(*events, lesson=lesson), now=at(now)))
    return found if found is not None and found <= at(now) else None


def state_at(now: Moment, *events, lesson=PLANNED, **changes):
    return state_of(view_of(facts(*events, lesson=lesson, **changes), now=at(now))).state


def states(watch: LessonWatch, *moments: Moment) -> list[str]:
    return [watch.until(moment).decision.state.value for moment in moments]


# The beginning


def test_before_its_planned_start_a_lesson_is_planned_whoever_is_in_the_room():
    assert state_at("08:59:59", a_session(-20)) is LessonState.PLANNED


def test_at_its_planned_start_a_lesson_is_live_even_if_nobody_has_come():
    assert state_at(0) is LessonState.LIVE


def test_a_lesson_begins_once():
    told = facts(a_session(-10), lesson=PLANNED)
    assert decide(told, now=at(-1)).begins is False
    assert decide(told, now=at(0)).begins is True
    assert decide(replace(told, lesson=a_lesson()), now=at(0)).begins is False


# (a) every session has ended and planned end − early_grace has passed


def test_when_the_room_closes_in_the_last_five_minutes_the_lesson_is_over_at_once():
    assert end_at(56, a_session(-10, 56)) == at(56)


def test_when_the_room_closed_seven_minutes_before_the_end_it_is_over_five_minutes_before_the_end():
    assert end_at("09:54:59", a_session(-10, 53)) is None
    assert end_at(55, a_session(-10, 53)) == at(55)


def test_the_early_grace_of_the_course_decides_how_early_that_is():
    lesson = replace(PLANNED, policy=Policy(early_grace=timedelta(minutes=15)))
    assert end_at(46, a_session(-10, 46), lesson=lesson) == at(46)


def test_two_sessions_must_both_have_ended():
    assert end_at(58, a_session(-10, 56), a_session(3, name="two")) is None
    assert end_at(59, a_session(-10, 56), a_session(3, 59, name="two")) == at(59)


def test_when_the_next_lesson_opens_the_room_early_the_one_that_is_over_stays_over():
    """Back to back: the first ended by (a) at minute 57, the next trainer opens the room at minute 58."""
    next_lesson = a_session(58, name="two")
    watch = LessonWatch.of(facts(a_session(-10, 57), next_lesson, lesson=PLANNED))
    assert states(watch, 56, 58, 59.5, 70) == ["live", "provisional", "provisional", "provisional"]
    assert end_at(70, a_session(-10, 57), next_lesson) == at(57)
    assert not has_reopened(view_of(watch.facts, now=at(70)))


# (b) every session has ended and the room stayed empty for ten minutes


def test_a_room_that_stays_empty_for_ten_minutes_ends_the_lesson():
    assert end_at("09:39:59", a_session(-10, 30)) is None
    assert end_at(40, a_session(-10, 30)) == at(40)


def test_until_then_an_ended_session_is_only_an_empty_room():
    watch = watched(facts(a_session(-10, 30), the_trainer(-10, 30), stay(ADA, 0, 30), lesson=PLANNED), until=39)
    assert watch.decision.state is LessonState.LIVE
    assert watch.decision.sheet.person("ada").verdict is Verdict.PENDING
    assert new_messages(watch, [MessageKind.SUMMARY]) == []


def test_a_host_who_restarts_within_ten_minutes_ends_nothing():
    assert end_at(50, a_session(-10, 29), a_session(32, name="two")) is None
    assert not has_reopened(view_of(facts(a_session(-10, 29), a_session(32, name="two")), now=at(50)))


def test_an_emptied_room_that_opens_again_at_the_tenth_minute_had_ended_the_lesson():
    seen = view_of(facts(a_session(-10, 30), a_session(40, name="two")), now=at(41))
    assert (end_of(seen), has_reopened(seen)) == (None, True)


def test_a_session_that_was_over_before_the_lesson_does_not_end_it():
    assert state_at(12, a_session(-20, -15)) is LessonState.LIVE


def test_a_session_that_begins_after_the_planned_end_does_not_hold_it_open():
    assert end_at(62, a_session(-10, 60), a_session(61, name="next")) == at(60)


def test_who_joins_after_the_session_ended_shows_that_it_had_not():
    assert end_at(58, a_session(-10, 57), joined(ADA, at="09:57:02")) is None


# Going on after all


def test_a_session_that_opens_after_the_lesson_seemed_over_brings_it_back():
    told = facts(
        a_session(-10, 30),
        the_trainer(-10, 30),
        stay(ADA, 0, 30),
        a_session(45, 60, name="two"),
        stay(GRACE, 45, 60, session="two"),
        lesson=PLANNED,
    )
    watch = LessonWatch.of(told)
    assert states(watch, 39, 41, 46, 61) == ["live", "provisional", "live", "provisional"]


def test_its_summary_says_so():
    told = facts(a_session(-10, 30), the_trainer(-10, 30), a_session(45, 60, name="two"), lesson=PLANNED)
    watch = LessonWatch.of(told).until(41)
    assert watch.standing(MessageKind.SUMMARY, "C0PYTHON")["has_reopened"] is False
    summary = watch.until(50).standing(MessageKind.SUMMARY, "C0PYTHON")
    assert (summary["has_reopened"], summary["state"]) == (True, "live")
    summary = watch.until(61).standing(MessageKind.SUMMARY, "C0PYTHON")
    assert (summary["has_reopened"], summary["state"]) == (True, "provisional")
    assert new_messages(watch, [MessageKind.SUMMARY]) == [("09:40:00", "C0PYTHON")]


def test_verdicts_of_the_end_that_was_none_are_decided_afresh():
    """Ada stayed for all of the first half hour and missed the second one."""
    told = facts(
        a_session(-10, 30),
        the_trainer(-10, 30),
        stay(ADA, 0, 30),
        a_session(45, 60, name="two"),
        stay(GRACE, 45, 60, session="two", device="again"),
        lesson=PLANNED,
    )
    watch = LessonWatch.of(told).until(41)
    assert watch.decision.sheet.person("ada").verdict is Verdict.VALIDATED
    ada = watch.until(61).decision.sheet.person("ada")
    assert (ada.verdict, watch.decision.sheet.questions) == (Verdict.PARTIAL, ())


def test_it_is_brought_back_even_if_that_is_told_after_the_planned_end():
    late = [session_started(at=45, received=61, session="two"), session_ended(at=66, session="two")]
    watch = LessonWatch.of(facts(a_session(-10, 30), late, lesson=PLANNED))
    assert states(watch, 60, 62, 67) == ["provisional", "live", "provisional"]


def test_who_joins_a_closed_room_after_the_planned_end_brings_nothing_back():
    watch = LessonWatch.of(facts(a_session(-10, 60), joined(ADA, at="10:00:30"), lesson=PLANNED))
    assert states(watch, "10:00:10", 61, 76) == ["provisional", "provisional", "provisional"]


# (c) planned end + 15 min


def test_a_room_that_nobody_closes_ends_the_lesson_fifteen_minutes_after_its_planned_end():
    assert end_at("10:14:59", a_session(-10)) is None
    assert end_at(75, a_session(-10)) == at(75)


def test_so_does_a_room_that_is_open_since_yesterday():
    assert end_at(75, a_session(-24 * 60)) == at(75)


def test_an_overrun_ends_with_the_session_or_after_fifteen_minutes():
    assert end_at(72, a_session(-10, 71)) == at(71)
    assert end_at(90, a_session(-10, 89)) == at(75)


def test_a_lesson_without_any_session_ends_fifteen_minutes_after_its_planned_end():
    assert state_at("10:14:59") is LessonState.LIVE
    assert state_at(75) is LessonState.PROVISIONAL


def test_a_session_of_which_only_the_end_was_told_counts_from_the_planned_start():
    assert end_at(57, session_ended(at=57)) == at(57)


def test_a_trainer_locks_before_the_course_does():
    lock = correction(CorrectionKind.LOCK, at=100)
    watch = watched(facts(a_session(-10, 60), the_trainer(-10, 60), lesson=PLANNED, corrections=[lock]), until=90)
    assert states(watch, 99, 100, 24 * 60) == ["provisional", "locked", "locked"]


def test_a_lesson_that_runs_is_locked_by_nobody():
    lock = correction(CorrectionKind.LOCK, at=30)
    assert state_at(31, a_session(-10), the_trainer(-10, 60), corrections=[lock]) is LessonState.LIVE
