"""What a student is told while the lesson runs: the ladder of product.md, minute by minute."""

import pytest

from bot.attendance.decide import decide
from bot.attendance.lessons import CorrectionKind, FeedFacts, LessonState, Told
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
    left,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
    waiting,
    waiting_left,
)
from tests.fakes.lesson_watch import watched

PLANNED = a_lesson(state=LessonState.PLANNED)


def a_morning(*events, **changes):
    """A lesson with Grace and Ada there all the time; the test says what Bob does."""
    return facts(
        session_started(),
        the_trainer(),
        stay(ADA, -2, 60),
        *events,
        session_ended(at=60.3),
        lesson=changes.pop("lesson", PLANNED),
        **changes,
    )


def test_who_is_there_on_time_is_told_nothing():
    assert watched(a_morning(stay(BOB, -1, 60)), until=80).told("bob") == []


def test_who_is_missing_is_reminded_after_three_and_after_eight_minutes():
    assert watched(a_morning(), until=30).told("bob") == [("09:03:05", "reminder_1"), ("09:08:05", "reminder_2")]


def test_the_second_reminder_takes_the_place_of_the_first():
    watch = watched(a_morning(), until=9)
    assert watch.standing(MessageKind.REMINDER_1, "bob") is None
    assert watch.standing(MessageKind.REMINDER_2, "bob")["after_seconds"] == 480


def test_while_slack_has_not_taken_the_first_one_away_yet_the_second_is_kept_up_to_date():
    told = {
        (MessageKind.REMINDER_1, "bob"): Told(sent_at=at(3.1), is_wanted=False),
        (MessageKind.REMINDER_2, "bob"): Told(sent_at=at(8.1), is_wanted=True),
    }
    wanted = decide(a_morning(lesson=a_lesson(), told=told), now=at(9)).wanted
    assert [each.kind for each in wanted if each.recipient == "bob"] == [MessageKind.REMINDER_2]


def test_who_joins_after_a_reminder_sees_it_turn_into_you_joined():
    watch = watched(a_morning(joined(BOB, at=6.5)), until=20)
    content = watch.standing(MessageKind.REMINDER_1, "bob")
    assert watch.told("bob") == [("09:03:05", "reminder_1")]
    assert (content["stage"], content["joined_at"], content["late_seconds"]) == (
        "joined",
        int(at(6.5).timestamp()),
        390,
    )


def test_who_joins_within_the_grace_period_is_not_called_late():
    watch = watched(a_morning(joined(BOB, at=4)), until=20)
    assert watch.standing(MessageKind.REMINDER_1, "bob")["late_seconds"] is None


def test_who_joins_in_the_second_in_which_the_reminder_is_due_gets_none():
    assert watched(a_morning(joined(BOB, at=3)), until=7).told("bob") == []


def test_who_waits_to_be_let_in_is_not_missing():
    assert (
        watched(a_morning(waiting(BOB, at=1), admitted(BOB, at=9), joined(BOB, at="09:09:02")), until=20).told("bob")
        == []
    )


def test_who_was_there_before_the_lesson_and_went_is_reminded():
    assert watched(a_morning(stay(BOB, -20, -5)), until=5).told("bob") == [("09:03:05", "reminder_1")]


def test_nobody_excused_is_reminded():
    excused = correction(CorrectionKind.EXCUSED, BOB, at=-30)
    assert watched(a_morning(corrections=[excused]), until=30).told("bob") == []


def test_on_my_way_is_silent_until_the_promised_time_then_one_ping():
    promise = correction(CorrectionKind.ON_MY_WAY, BOB, at=4, actor=BOB, during=during(4, 14))
    watch = watched(a_morning(corrections=[promise]), until=50)
    assert watch.told("bob") == [("09:03:05", "reminder_1"), ("09:14:05", "promise_over")]


def test_who_keeps_a_promise_gets_no_ping():
    promise = correction(CorrectionKind.ON_MY_WAY, BOB, at=4, actor=BOB, during=during(4, 14))
    watch = watched(a_morning(joined(BOB, at=13), corrections=[promise]), until=50)
    assert watch.told("bob") == [("09:03:05", "reminder_1")]


@pytest.mark.parametrize(
    "said", [CorrectionKind.CANNOT_COME, CorrectionKind.TECHNICAL_PROBLEM, CorrectionKind.IN_ALREADY]
)
def test_who_has_answered_is_not_reminded_again(said):
    answer = correction(said, BOB, at=4, actor=BOB)
    assert watched(a_morning(corrections=[answer]), until=50).told("bob") == [("09:03:05", "reminder_1")]


def test_nothing_is_said_in_a_cancelled_lesson():
    cancelled = correction(CorrectionKind.CANCELLED, at=-10)
    assert watched(a_morning(corrections=[cancelled]), until=50).told("bob") == []


def test_who_was_reminded_is_told_that_the_lesson_is_cancelled():
    cancelled = correction(CorrectionKind.CANCELLED, at=5)
    watch = watched(a_morning(corrections=[cancelled]), until=50)
    assert watch.told("bob") == [("09:03:05", "reminder_1"), ("09:05:00", "cancelled_dm")]
    assert watch.standing(MessageKind.REMINDER_1, "bob")["stage"] == "cancelled"


def test_nobody_is_reminded_behind_a_silent_feed():
    nothing = facts(lesson=PLANNED, feed=FeedFacts(account_ever_delivered=False))
    assert watched(nothing, until=30).told("bob") == []


def test_with_an_unknown_feed_the_reminder_does_not_call_anybody_missing():
    watch = watched(facts(lesson=PLANNED), until=5)
    assert watch.standing(MessageKind.REMINDER_1, "bob")["is_feed_proven"] is False


def test_a_lesson_that_was_over_before_it_was_imported_says_nothing():
    assert watched(a_morning(lesson=replace(PLANNED, is_silent=True)), until=90).sent == []


def test_steps_that_were_missed_are_made_up_as_one_message():
    watch = watched(a_morning(), until=2)
    watch.is_slack_down = True
    watch.until(9)
    watch.is_slack_down = False
    watch.until(9.5)
    assert watch.told("bob") == [("09:09:30", "reminder_2")]


def test_a_reminder_that_was_held_up_to_just_before_the_next_step_says_which_step_it_was():
    pressed = correction(CorrectionKind.JOIN_PRESSED, ADA, at=at(0), actor=ADA)
    told = facts(joined(ADA, at=8), lesson=PLANNED, corrections=(pressed,))
    watch = watched(told, until="09:08:02")
    assert watch.told("bob") == [("09:08:01", "reminder_1")]
    watch.until("09:08:04")
    assert watch.standing(MessageKind.REMINDER_1, "bob")["after_seconds"] == 180


def test_a_restart_after_the_reminder_does_not_repeat_it():
    watch = watched(a_morning(), until=4)
    watch.decision = None
    watch.until(7)
    assert watch.told("bob") == [("09:03:05", "reminder_1")]


def test_who_has_no_slack_account_is_not_written_to():
    nowhere = replace(BOB, slack_user_id="")
    assert watched(a_morning(roster=(ADA, nowhere, GRACE)), until=30).told("bob") == []


def test_the_reminder_ends_with_the_lesson():
    watch = watched(a_morning(), until=90)
    assert watch.standing(MessageKind.REMINDER_2, "bob")["stage"] == "over"


def test_who_drops_out_and_stays_away_is_told_after_three_minutes():
    watch = watched(a_morning(stay(BOB, 0, 20, lost=True)), until=40)
    assert watch.told("bob") == [("09:23:05", "lost_you")]
    assert watch.standing(MessageKind.LOST_YOU, "bob")["lost_at"] == int(at(20).timestamp())


def test_who_is_back_within_three_minutes_is_told_nothing():
    assert watched(a_morning(stay(BOB, 0, 20), joined(BOB, at=22.5, device="phone")), until=40).told("bob") == []


def test_lost_you_turns_into_back():
    watch = watched(a_morning(stay(BOB, 0, 20), joined(BOB, at=26, device="phone")), until=40)
    assert watch.standing(MessageKind.LOST_YOU, "bob")["stage"] == "back"


def test_a_second_device_that_leaves_loses_nobody():
    watch = watched(a_morning(stay(BOB, 0, 60), stay(BOB, 10, 11, device="phone")), until=40)
    assert watch.told("bob") == []


def test_within_a_break_and_five_minutes_after_it_nobody_is_lost():
    with_break = replace(PLANNED, breaks=(during(25, 35),))
    watch = watched(a_morning(stay(BOB, 0, 24), lesson=with_break), until=45)
    assert watch.told("bob") == [("09:40:05", "lost_you")]


def test_when_the_host_restarts_nobody_is_lost():
    everybody_out = facts(
        session_started(),
        stay(GRACE, -10, 29),
        stay(BOB, 0, 29),
        stay(ADA, 0, 29),
        session_ended(at=29),
        lesson=PLANNED,
    )
    assert watched(everybody_out, until=33).told("bob") == []


def test_who_goes_when_the_lesson_is_nearly_over_is_not_called_lost():
    assert watched(a_morning(stay(BOB, 0, 56)), until=59.5).told("bob") == []


def test_i_am_in_already_is_offered_only_while_somebody_unrecognised_is_there():
    alone = watched(a_morning(), until=4).standing(MessageKind.REMINDER_1, "bob")
    with_guest = watched(a_morning(joined("iPad (2)", at=1)), until=4).standing(MessageKind.REMINDER_1, "bob")
    assert (alone["can_say_in"], with_guest["can_say_in"]) == (False, True)


def test_a_left_that_is_redelivered_after_a_rejoin_loses_nobody():
    """The seed: a *left* comes again five minutes later, when the student is long back."""
    again = left(BOB, at=20, received=26)
    watch = watched(a_morning(stay(BOB, 0, 20), joined(BOB, at=21, device="phone"), again), until=45)
    assert watch.told("bob") == []


def test_twenty_minutes_without_webhooks_then_all_at_once_reminds_nobody_who_was_there():
    late = [
        replace(event, received_at=at(20))
        for event in (session_started(), joined(GRACE, at=-5), joined(ADA, at=-2), joined(BOB, at=1))
    ]
    watch = watched(facts(late, lesson=PLANNED, feed=FeedFacts(account_ever_delivered=False)), until=25)
    assert watch.told("bob") == []


def test_who_gave_up_waiting_is_missing_again():
    watch = watched(a_morning(waiting(BOB, at=1), waiting_left(BOB, at=5)), until=9)
    assert watch.told("bob") == [("09:05:01", "reminder_1"), ("09:08:05", "reminder_2")]
    assert watch.standing(MessageKind.REMINDER_2, "bob")["stage"] == "missing"


def test_a_trainer_may_ask_for_one_more_reminder_which_takes_the_place_of_the_last():
    remind = correction(CorrectionKind.REMIND, at=20)
    watch = watched(a_morning(corrections=[remind]), until=30)
    assert watch.told("bob") == [("09:03:05", "reminder_1"), ("09:08:05", "reminder_2"), ("09:20:05", "reminder_1")]
    assert watch.standing(MessageKind.REMINDER_2, "bob") is None
    assert watch.standing(MessageKind.REMINDER_1, "bob")["after_seconds"] == 1200


def test_who_cannot_come_any_more_is_not_called_lost():
    said = correction(CorrectionKind.CANNOT_COME, BOB, at=21, actor=BOB)
    watch = watched(a_morning(stay(BOB, 0, 20), corrections=[said]), until=40)
    assert watch.told("bob") == []


def test_breaks_that_follow_each_other_put_off_lost_you_to_the_end_of_the_last():
    breaks = replace(PLANNED, breaks=(during(22, 24), during(27, 35)))
    watch = watched(a_morning(stay(BOB, 0, 20), lesson=breaks), until=45)
    assert watch.told("bob") == [("09:40:05", "lost_you")]


def test_a_reminder_that_was_never_sent_is_taken_back_when_they_come():
    watch = watched(a_morning(joined(BOB, at=6)), until=2)
    watch.is_slack_down = True
    watch.until(7)
    watch.is_slack_down = False
    assert watch.until(8).told("bob") == []


def test_a_lost_you_that_was_never_sent_is_taken_back_when_they_are_back():
    watch = watched(a_morning(stay(BOB, 0, 20), joined(BOB, at=26, device="phone")), until=22)
    watch.is_slack_down = True
    watch.until(25)
    watch.is_slack_down = False
    assert watch.until(30).told("bob") == []
