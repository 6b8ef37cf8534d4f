"""What trainers, coordinators, admins and channels are told while the lesson runs and after it."""

import pytest

from bot.attendance.lessons import CorrectionKind, FeedFacts, LessonState, Person, Role
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    a_lesson,
    admitted,
    at,
    correction,
    during,
    facts,
    joined,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
    waiting,
)
from tests.fakes.lesson_watch import new_messages, watched

PLANNED = a_lesson(state=LessonState.PLANNED, coordinator="office")
OFFICE = Person(id="office", name="The office", role=Role.NOT_ENROLLED, slack_user_id="U0OFFICE")


def a_morning(*events, **changes):
    """A class in which Ada is there; the test says who else is."""
    return facts(
        session_started(), stay(ADA, -2, 60), *events, lesson=changes.pop("lesson", PLANNED), known=(OFFICE,), **changes
    )


def test_a_trainer_who_is_on_time_is_told_nothing_about_it():
    watch = watched(a_morning(the_trainer(), stay(BOB, -1, 60)), until=30)
    assert watch.told("grace") == []


def test_a_trainer_who_is_missing_is_told_after_two_minutes_and_the_coordinator_after_five():
    watch = watched(a_morning(stay(BOB, -1, 60)), until=9)
    assert watch.told("grace") == [("09:02:05", "trainer_missing")]
    assert watch.told("office") == [("09:05:05", "coordinator_trainer_missing")]
    assert ("09:05:05", "trainer_late") in watch.told("C0PYTHON")
    assert watch.standing(MessageKind.TRAINER_MISSING, "grace")["students_waiting"] == 2


def test_the_messages_about_a_missing_trainer_turn_when_they_come():
    watch = watched(a_morning(joined(GRACE, at=12)), until=14)
    assert watch.standing(MessageKind.TRAINER_MISSING, "grace")["stage"] == "here"
    assert watch.standing(MessageKind.COORDINATOR_TRAINER_MISSING, "office")["stage"] == "here"
    assert watch.standing(MessageKind.TRAINER_LATE, "C0PYTHON")["stage"] == "here"


def test_without_a_coordinator_the_admins_are_told():
    lesson = replace(PLANNED, coordinator="")
    watch = watched(a_morning(lesson=lesson, admins=("office",)), until=9)
    assert watch.told("office") == [("09:05:05", "coordinator_trainer_missing")]


def test_while_somebody_unrecognised_is_in_the_room_the_coordinator_waits_five_minutes_longer():
    watch = watched(a_morning(joined("Room 4", at=-1)), until=12)
    assert watch.told("office") == [("09:10:05", "coordinator_trainer_missing")]
    assert watch.standing(MessageKind.TRAINER_MISSING, "grace")["candidates"] == [
        {"subject": "Room 4", "name": "Room 4", "joined_at": int(at(-1).timestamp())}
    ]


def test_the_trainers_promise_stands_in_the_channel():
    promise = correction(CorrectionKind.ON_MY_WAY, GRACE, at=3, actor=GRACE, during=during(3, 13))
    watch = watched(a_morning(corrections=[promise]), until=9)
    assert watch.standing(MessageKind.TRAINER_LATE, "C0PYTHON")["promised_at"] == int(at(13).timestamp())


def test_after_ten_minutes_one_card_says_who_is_missing_and_who_said_what():
    promise = correction(CorrectionKind.ON_MY_WAY, BOB, at=4, actor=BOB, during=during(4, 14))
    watch = watched(a_morning(the_trainer(), corrections=[promise]), until=11)
    assert watch.told("grace") == [("09:10:05", "trainer_card")]
    (bob,) = watch.standing(MessageKind.TRAINER_CARD, "grace")["missing"]
    assert (bob["name"], bob["said"]) == ("Bob Kahn", "on_my_way")


def test_the_card_is_edited_as_people_come():
    watch = watched(a_morning(the_trainer(), joined(BOB, at=15)), until=20)
    card = watch.standing(MessageKind.TRAINER_CARD, "grace")
    assert (card["missing"], [each["name"] for each in card["arrived"]]) == ([], ["Bob Kahn"])


def test_the_card_names_who_cannot_be_reached():
    nowhere = replace(BOB, slack_user_id="")
    watch = watched(a_morning(the_trainer(), roster=(ADA, nowhere, GRACE)), until=11)
    assert watch.standing(MessageKind.TRAINER_CARD, "grace")["missing"][0]["is_reachable"] is False


def test_i_am_in_already_asks_the_trainer_at_once():
    says = correction(CorrectionKind.IN_ALREADY, BOB, at=4, actor=BOB, note="iPad (2)")
    watch = watched(a_morning(the_trainer(), joined("iPad (2)", at=1), corrections=[says]), until=5)
    assert watch.told("grace") == [("09:04:00", "trainer_card")]
    kinds = [each["kind"] for each in watch.standing(MessageKind.TRAINER_CARD, "grace")["questions"]]
    assert "says_is_in" in kinds


def test_who_waits_for_two_minutes_is_to_be_let_in():
    watch = watched(
        a_morning(the_trainer(), waiting(BOB, at=4), admitted(BOB, at=9), joined(BOB, at="09:09:01")), until=12
    )
    assert watch.told("grace") == [("09:06:05", "let_them_in")]
    assert watch.standing(MessageKind.LET_THEM_IN, "grace")["stage"] == "done"


def test_before_the_lesson_nobody_has_to_open_the_door():
    watch = watched(
        a_morning(the_trainer(), waiting(BOB, at=-8), admitted(BOB, at=-1), joined(BOB, at="09:00:01")), until=12
    )
    assert watch.told("grace") == []


def test_a_student_who_stays_away_is_on_the_card_after_three_minutes():
    watch = watched(a_morning(the_trainer(), stay(BOB, 0, 20)), until=24)
    assert watch.told("grace") == [("09:23:05", "trainer_card")]


def test_the_admins_are_told_once_that_the_feed_is_silent():
    silent = facts(lesson=PLANNED, feed=FeedFacts(account_ever_delivered=False), known=(OFFICE,), admins=("office",))
    assert watched(silent, until=70).told("office") == [("09:02:05", "feed_silent")]


def test_pressing_join_without_appearing_makes_the_feed_silent():
    pressed = correction(CorrectionKind.JOIN_PRESSED, BOB, at=4, actor=BOB)
    quiet = facts(lesson=PLANNED, corrections=[pressed], known=(OFFICE,), admins=("office",))
    watch = watched(quiet, until=30)
    assert ("09:07:00", "feed_silent") in watch.told("office")
    assert watch.told("ada") == [("09:03:05", "reminder_1")]


def test_the_board_opens_with_the_room_and_is_one_message():
    watch = watched(a_morning(the_trainer(), stay(BOB, 7, 60)), until=30)
    assert new_messages(watch, [MessageKind.BOARD]) == [("08:50:01", "C0PYTHON")]
    board = watch.standing(MessageKind.BOARD, "C0PYTHON")
    assert (board["state"], board["here"], board["has_trainer"]) == ("live", ["Ada Lovelace", "Bob Kahn"], True)


def test_a_microphone_test_opens_no_board_and_starts_no_ladder():
    test = facts(session_started(at=-25), stay(GRACE, -25, -23), session_ended(at=-23), lesson=PLANNED)
    assert watched(test, until=-1).sent == []


def test_with_a_staff_channel_the_board_goes_there():
    lesson = replace(PLANNED, staff_channel="C0STAFF")
    assert "board" in [kind for _, kind in watched(a_morning(the_trainer(), lesson=lesson), until=5).told("C0STAFF")]


def test_a_course_may_choose_counts_instead_of_names():
    lesson = replace(PLANNED, policy=replace(PLANNED.policy, summary_names=False))
    board = watched(a_morning(the_trainer(), lesson=lesson), until=5).standing(MessageKind.BOARD, "C0PYTHON")
    assert (board["here"], board["missing"], board["shows_names"]) == ([""], [""], False)


@pytest.mark.parametrize(("names", "told"), [(True, ["Zaphod"]), (False, [""])])
def test_strangers_are_named_on_the_board_where_students_are(*, names: bool, told: list[str]):
    lesson = replace(PLANNED, policy=replace(PLANNED.policy, summary_names=names))
    morning = a_morning(the_trainer(), joined("Zaphod", at=-1), lesson=lesson)
    assert watched(morning, until=5).standing(MessageKind.BOARD, "C0PYTHON")["strangers"] == told


def test_the_summary_is_a_new_message_at_the_end():
    watch = watched(a_morning(the_trainer(-10, 60), stay(BOB, 0, 60), session_ended(at=60)), until=62)
    assert new_messages(watch, [MessageKind.SUMMARY]) == [("10:00:04", "C0PYTHON")]
    summary = watch.standing(MessageKind.SUMMARY, "C0PYTHON")
    assert [row["verdict"] for row in summary["rows"]] == ["validated", "validated"]
    assert watch.standing(MessageKind.BOARD, "C0PYTHON")["state"] == "over"


def test_a_host_restart_posts_no_summary():
    watch = watched(
        a_morning(
            stay(GRACE, -10, 29),
            session_ended(at=29),
            session_started(at=32, session="two"),
            joined(GRACE, at=32, session="two"),
        ),
        until=50,
    )
    assert new_messages(watch, [MessageKind.SUMMARY]) == []


def test_when_it_did_not_take_place_long_enough_the_trainer_is_asked():
    watch = watched(a_morning(the_trainer(0, 10), stay(BOB, 0, 60), session_ended(at=60)), until=62)
    assert ("10:00:04", "did_it_take_place") in watch.told("grace")


def test_when_nobody_joins_at_all_it_is_not_held_and_the_trainer_is_asked():
    watch = watched(facts(lesson=PLANNED, known=(OFFICE,)), until=80)
    assert [verdict.verdict.value for verdict in watch.decision.sheet.students] == ["not_held", "not_held"]
    assert "did_it_take_place" in [kind for _, kind in watch.told("grace")]


def test_not_held_is_told_to_the_coordinator():
    no = correction(CorrectionKind.NOT_HELD, at=80)
    watch = watched(facts(lesson=PLANNED, known=(OFFICE,), corrections=[no]), until=85)
    assert "coordinator_not_held" in [kind for _, kind in watch.told("office")]


def test_a_stranger_who_waits_at_the_door_is_to_be_let_in_by_name():
    watch = watched(a_morning(the_trainer(), stay(BOB, 0, 60), waiting("iPad (2)", at=4)), until=7)
    assert watch.standing(MessageKind.LET_THEM_IN, "grace")["waiting"] == [
        {"person_id": "", "name": "iPad (2)", "at": int(at(4).timestamp())}
    ]
