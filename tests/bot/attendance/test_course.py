"""The course rule: how somebody stands, and how much may still be missed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.attendance import sheet_of
from bot.attendance.course import NOT_COUNTED, Attended, Outlook, attended_by, planned_seconds, totals
from bot.attendance.lessons import CorrectionKind, LessonState
from bot.attendance.sheet import Seconds, Verdict
from tests.builders import (
    ADA,
    BOB,
    NINE,
    a_lesson,
    an_ended_lesson,
    at,
    correction,
    during,
    facts,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
)

NINETY = Fraction(90, 100)
HOUR = 3600


def a_count(minutes: float = 60, *, of: float = 60, verdict: Verdict = Verdict.PARTIAL, **changes) -> Attended:
    """An hour of which somebody attended so many minutes."""
    attended, base = round(minutes * 60), round(of * 60)
    return replace(
        Attended(
            planned_start=NINE,
            basis="held",
            verdict=verdict,
            attended=Seconds(planned=attended, held=attended),
            denominator=Seconds(planned=base, held=base),
            lesson=Seconds(planned=base, held=base),
        ),
        **changes,
    )


def counted(*events, **changes) -> Attended:
    """What a whole lesson comes to for Bob."""
    told = facts(session_started(), *events, session_ended(at=60), **{"lesson": an_ended_lesson(), **changes})
    sheet = sheet_of(told, now=at(90))
    line = sheet.person("bob")
    assert line is not None
    return attended_by(line, sheet, told.lesson.policy.basis)


# Σ attended ÷ Σ D


def test_the_course_is_the_sum_of_its_lessons_not_the_mean_of_their_percentages():
    found = totals([a_count(60), a_count(0, of=180)], [], NINETY)
    assert (found.attended_seconds, found.base_seconds, found.permille) == (HOUR, 4 * HOUR, 250)


@pytest.mark.parametrize("verdict", NOT_COUNTED)
def test_what_was_not_held_is_unconfirmed_without_data_or_excused_is_in_neither_sum(verdict):
    assert totals([a_count(60), a_count(0, verdict=verdict)], [], NINETY) == totals([a_count(60)], [], NINETY)


@pytest.mark.parametrize(
    ("lesson", "says"),
    [
        (an_ended_lesson(), CorrectionKind.NOT_HELD),
        (an_ended_lesson(is_unplanned=True), None),
        (an_ended_lesson(), CorrectionKind.EXCUSED),
    ],
)
def test_of_a_real_lesson_that_does_not_count_nothing_counts(lesson, says):
    said = [correction(says, BOB if says is CorrectionKind.EXCUSED else None)] if says else []
    assert not counted(the_trainer(), stay(BOB, 0, 20), lesson=lesson, corrections=said).is_counted


def test_each_lesson_counts_on_the_basis_of_its_own_verdict():
    """The trainer came 12 minutes late; Bob, who came at 14, attended 46 of 48 held minutes, or 46 of 60."""
    came_late = (the_trainer(12, 60), stay(BOB, 14, 60))
    held = counted(*came_late)
    planned = counted(*came_late, lesson=an_ended_lesson(basis="planned"))
    assert totals([held], [], NINETY).permille == 46 * 1000 // 48
    assert totals([planned], [], NINETY).permille == 46 * 1000 // 60
    both = totals([held, planned], [], NINETY)
    assert (both.attended_seconds, both.base_seconds) == (92 * 60, 108 * 60)
    assert (both.planned_seconds, both.held_seconds) == (120 * 60, 96 * 60)


def test_a_perfect_student_stays_at_100_percent_when_the_trainer_stops_ten_minutes_early_every_time():
    evening = counted(the_trainer(0, 50), stay(BOB, 0, 50))
    assert totals([evening] * 10, [HOUR] * 3, NINETY).permille == 1000


def test_of_a_lesson_excused_in_part_the_rest_counts():
    said = [correction(CorrectionKind.EXCUSED, BOB, during=during(30, 60))]
    evening = counted(the_trainer(), stay(BOB, 0, 30), corrections=said)
    assert (evening.seconds, evening.base) == (30 * 60, 30 * 60)


def test_a_percentage_is_rounded_down():
    assert totals([a_count(89.99, of=100)], [], NINETY).permille == 899


# What is to come


def test_best_possible_is_what_comes_of_missing_nothing_more():
    found = totals([a_count(30)], [HOUR, HOUR], NINETY)
    assert (found.permille, found.best_permille) == (500, 833)


@pytest.mark.parametrize(
    ("attended", "ahead", "outlook", "may_miss"),
    [
        (60, 19, Outlook.SAFE, 2 * HOUR),  # 20 hours in all, two of them may be missed
        (60, 9, Outlook.SAFE, HOUR),  # one exactly
        (60, 8, Outlook.AT_RISK, HOUR * 9 // 10),  # 54 minutes: no whole lesson
        (0, 9, Outlook.AT_RISK, 0),  # 90 % exactly, if nothing more is missed
        (0, 8, Outlook.LOST, 0),
        (54, 0, Outlook.SAFE, 0),  # nothing to come: safe or lost
        (53, 0, Outlook.LOST, 0),
    ],
)
def test_safe_at_risk_or_lost(attended, ahead, outlook, may_miss):
    found = totals([a_count(attended)], [HOUR] * ahead, NINETY)
    assert (found.outlook, found.may_miss_seconds) == (outlook, may_miss)


def test_at_risk_is_about_the_longest_lesson_to_come():
    """Of 20 hours two may be missed: each of the hours, but not the day of three."""
    assert totals([a_count(60)], [HOUR] * 19, NINETY).outlook is Outlook.SAFE
    assert totals([a_count(60)], [HOUR] * 16 + [3 * HOUR], NINETY).outlook is Outlook.AT_RISK


def test_before_the_first_lesson_a_tenth_of_the_course_may_be_missed():
    found = totals([], [HOUR] * 20, NINETY)
    assert (found.permille, found.best_permille, found.outlook) == (None, 1000, Outlook.SAFE)
    assert found.may_miss_seconds == 2 * HOUR


def test_a_course_without_lessons_is_nobodys_trouble():
    found = totals([], [], NINETY)
    assert (found.permille, found.best_permille, found.may_miss_seconds, found.outlook) == (None, None, 0, Outlook.SAFE)


def test_no_more_may_be_missed_than_there_is():
    assert totals([a_count(60)] * 100, [HOUR], NINETY).may_miss_seconds == HOUR
    assert totals([], [HOUR], Fraction(0)).may_miss_seconds == HOUR


def test_a_lesson_ahead_is_as_long_as_it_is_planned_without_its_breaks():
    lesson = a_lesson(state=LessonState.PLANNED, breaks=[during(20, 30), during(25, 35), during(55, 70)])
    assert planned_seconds(lesson.planned, lesson.breaks) == 40 * 60


@given(
    st.lists(st.tuples(st.integers(0, 7_200), st.integers(0, 7_200)), max_size=6),
    st.lists(st.integers(1, 10_800), max_size=6),
    st.fractions(0, 1, max_denominator=100),
)
def test_one_second_more_than_may_be_missed_breaks_the_rule(lessons, to_come, minimum):
    """Counted the long way: miss so many seconds of what is to come, and look at the course's end."""
    past = [a_count(min(one, other) / 60, of=max(one, other) / 60) for one, other in lessons]
    found = totals(past, to_come, minimum)

    def is_kept(missed: int) -> bool:
        attended = sum(each.seconds for each in past) + sum(to_come) - missed
        return attended >= minimum * (sum(each.base for each in past) + sum(to_come))

    assert is_kept(found.may_miss_seconds) is (found.outlook is not Outlook.LOST)
    if found.outlook is not Outlook.LOST and found.may_miss_seconds < sum(to_come):
        assert not is_kept(found.may_miss_seconds + 1)
    assert (found.outlook is Outlook.SAFE) is is_kept(max(to_come, default=0))


def test_ada_is_not_bob():
    sheet = sheet_of(facts(the_trainer(), stay(ADA, 0, 60), lesson=an_ended_lesson()), now=at(90))
    ada, bob = (sheet.person(each) for each in ("ada", "bob"))
    assert ada is not None
    assert bob is not None
    assert attended_by(ada, sheet, "held").seconds == HOUR
    assert attended_by(bob, sheet, "held").seconds == 0
