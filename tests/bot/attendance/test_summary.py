"""The summary: a sheet as Slack shows it."""

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState, Policy
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
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
    waiting,
)
from tests.fakes.lesson_watch import LessonWatch, new_messages, watched

PLANNED = a_lesson(state=LessonState.PLANNED)
CHANNEL = PLANNED.channel


def an_hour(*events, **changes):
    """Grace and Ada are there all the time; the test says what Bob does."""
    return facts(
        session_started(),
        the_trainer(-10, 60),
        stay(ADA, 0, 60),
        *events,
        session_ended(at=60),
        **{"lesson": PLANNED, "known": (EVE,), **changes},
    )


def summary_of(watch: LessonWatch, channel: str = CHANNEL):
    return watch.standing(MessageKind.SUMMARY, channel)


def row_of(watch: LessonWatch, name: str):
    return next(row for row in summary_of(watch)["rows"] if row["name"] == name)


# Where and when


def test_it_is_posted_once_and_edited_in_place():
    watch = watched(an_hour(stay(BOB, 0, 60)), until=26 * 60)
    assert new_messages(watch, [MessageKind.SUMMARY]) == [("10:00:04", CHANNEL)]
    assert (summary_of(watch)["state"], summary_of(watch)["record"]) == ("reconciled", "none")


def test_while_the_lesson_runs_there_is_none():
    assert summary_of(watched(an_hour(), until=59)) is None


def test_with_a_staff_channel_names_go_there_and_the_channel_gets_counts():
    watch = watched(an_hour(lesson=replace(PLANNED, staff_channel="C0STAFF")), until=61)
    assert summary_of(watch, "C0STAFF")["shows_names"] is True
    assert summary_of(watch)["shows_names"] is False


def test_a_course_may_choose_counts_for_its_only_channel():
    lesson = replace(PLANNED, policy=Policy(summary_names=False))
    assert summary_of(watched(an_hour(lesson=lesson), until=61))["shows_names"] is False


def test_without_any_channel_nothing_is_posted():
    watch = watched(an_hour(lesson=replace(PLANNED, channel="")), until=61)
    assert new_messages(watch, [MessageKind.SUMMARY]) == []


def test_of_a_cancelled_lesson_there_is_no_summary():
    watch = watched(an_hour(corrections=[correction(CorrectionKind.CANCELLED, at=-20)]), until=90)
    assert summary_of(watch) is None


def test_it_names_the_version_and_the_hash_of_the_sheet_that_was_written_down():
    watch = watched(an_hour(corrections=[correction(CorrectionKind.PRESENT, BOB, at=90)]), until=61)
    first = summary_of(watch)
    assert (first["version"], first["sha256"]) == (1, watch.facts.written.sha256)
    second = summary_of(watch.until(91))
    assert (second["version"], second["sha256"]) == (2, watch.facts.written.sha256)
    assert first["sha256"] != second["sha256"]


# An unplanned lesson


UNPLANNED = replace(PLANNED, is_unplanned=True)


def test_of_an_unplanned_lesson_nothing_is_posted_before_somebody_says_that_it_was_one():
    yes = correction(CorrectionKind.WAS_A_LESSON, at=90)
    watch = watched(an_hour(lesson=UNPLANNED, corrections=[yes]), until=89)
    assert (summary_of(watch), watch.standing(MessageKind.WAS_THIS_A_LESSON, "grace")["answer"]) == (None, "")
    assert summary_of(watch.until(91))["is_unplanned"] is True
    asked = watch.standing(MessageKind.WAS_THIS_A_LESSON, "grace")
    assert (asked["answer"], asked["answered_by"], asked["answered_at"]) == (
        "was_a_lesson",
        "Grace Hopper",
        int(at(90).timestamp()),
    )


def test_one_that_was_none_is_forgotten():
    no = correction(CorrectionKind.NO_LESSON, at=90)
    watch = watched(an_hour(lesson=UNPLANNED, corrections=[no]), until=100)
    assert (summary_of(watch), watch.standing(MessageKind.WAS_THIS_A_LESSON, "grace")["answer"]) == (None, "no_lesson")


def test_about_an_unplanned_lesson_that_was_long_over_nobody_is_asked():
    watch = watched(an_hour(lesson=replace(UNPLANNED, is_silent=True)), until=100)
    assert watch.sent == []


# Its rows


def test_a_row_counts_on_the_basis_of_the_course():
    """Grace comes at 12, Bob at 14: of held time that is nearly all, of planned time it is not."""

    def told(lesson):
        return facts(session_started(), stay(GRACE, 12, 60), stay(BOB, 14, 60), session_ended(at=60), lesson=lesson)

    held = row_of(watched(told(PLANNED), until=61), "Bob Kahn")
    planned = row_of(watched(told(replace(PLANNED, policy=Policy(basis="planned"))), until=61), "Bob Kahn")
    assert (held["attended_seconds"], held["base_seconds"], held["permille"]) == (46 * 60, 48 * 60, 958)
    assert (planned["attended_seconds"], planned["base_seconds"], planned["permille"]) == (46 * 60, 60 * 60, 766)


def test_a_row_says_when_somebody_came_and_went_and_how_late():
    row = row_of(watched(an_hour(stay(BOB, 7, 50)), until=61), "Bob Kahn")
    assert (row["late_seconds"], row["joined_at"], row["left_at"]) == (
        420,
        int(at(7).timestamp()),
        int(at(50).timestamp()),
    )
    assert (row["verdict"], row["flags"], row["is_settled"]) == ("partial", ["late", "left_early"], False)


def test_who_never_came_has_no_times():
    row = row_of(watched(an_hour(), until=61), "Bob Kahn")
    assert (row["verdict"], row["joined_at"], row["left_at"], row["late_seconds"]) == ("absent", None, None, None)


def test_who_is_not_enrolled_is_named_apart():
    watch = watched(an_hour(stay(EVE, 0, 60)), until=61)
    assert summary_of(watch)["not_enrolled"] == ["Eve Clark"]


@pytest.mark.parametrize(
    "kind",
    [
        CorrectionKind.ACCEPT_VERDICT,
        CorrectionKind.PRESENT,
        CorrectionKind.NOT_PRESENT,
        CorrectionKind.EXCUSED,
        CorrectionKind.CREDIT_WAITING,
        CorrectionKind.DECLINED,
    ],
)
def test_an_exception_that_somebody_settled_says_who_and_when(kind):
    row = row_of(watched(an_hour(corrections=[correction(kind, BOB, at=90)]), until=91), "Bob Kahn")
    assert (row["is_settled"], row["settled_by"], row["settled_at"]) == (
        True,
        "Grace Hopper",
        int(at(90).timestamp()),
    )


def test_what_is_disputed_after_it_was_settled_is_open_again():
    said = [correction(CorrectionKind.ACCEPT_VERDICT, BOB, at=90), correction(CorrectionKind.DISPUTED, BOB, at=95)]
    row = row_of(watched(an_hour(corrections=said), until=96), "Bob Kahn")
    assert row["is_settled"] is False


def test_a_question_on_it_says_how_long_it_is_about():
    watch = watched(an_hour(stay("iPad (2)", 0, 48), waiting(BOB, at=0)), until=61)
    seconds = {each["kind"]: each["seconds"] for each in summary_of(watch)["questions"]}
    assert seconds == {"who_is_this": 48 * 60, "waited": 60 * 60}


def test_of_who_has_no_name_it_says_since_when_they_were_there():
    watch = watched(an_hour(stay("", 3, 51)), until=61)
    (question,) = summary_of(watch)["questions"]
    assert (question["name"], question["seconds"], question["joined_at"]) == ("", 48 * 60, int(at(3).timestamp()))


def test_much_assumed_time_is_a_question_with_its_length():
    """Nobody told that Bob left; the room was never closed."""
    told = facts(session_started(), the_trainer(-10, 60), joined(BOB, at=0), lesson=PLANNED)
    watch = watched(told, until=76)
    (question,) = summary_of(watch)["questions"]
    assert (question["kind"], question["name"], question["seconds"]) == ("much_assumed", "Bob Kahn", 60 * 60)
