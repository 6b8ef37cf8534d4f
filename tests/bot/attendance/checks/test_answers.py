"""What becomes of an answer: in time, late, too late, twice, never; and what a person decides of it."""

import itertools
from datetime import timedelta

import pytest

from bot.attendance.checks.answers import (
    ANSWER,
    CHECKPOINT,
    AnswerHappening,
    QuestionHappening,
    delivered,
    following,
    found_offline,
    pressed,
)
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.values import AnswerState, CheckpointState, Via
from bot.attendance.lessons import LessonState
from tests.builders import ADA, BOB, GRACE, at, during, replace
from tests.check_story import BY_THE_CLOCK, UNTIL_THE_NEXT, CheckStory


def asked_at_ten(**kinds: bool) -> CheckStory:
    """Everybody is in, and the first question is asked at 10 and open until 15."""
    story = CheckStory(**kinds)
    story.class_is_in()
    story.enable(0)
    story.until(10)
    return story


@pytest.mark.parametrize(("state", "happening"), list(itertools.product(AnswerState, AnswerHappening)))
def test_what_has_no_place_in_a_state_is_refused(state: AnswerState, happening: AnswerHappening):
    if happening in ANSWER[state]:
        assert following(state, happening) is ANSWER[state][happening]
    else:
        with pytest.raises(CheckRefused) as refused:
            following(state, happening)
        assert refused.value.code is RefusalCode.PRESENCE_LOGGING_NOT_ALLOWED_FOR_PARTICIPANT


def test_a_question_that_is_over_opens_no_more():
    assert CHECKPOINT[CheckpointState.CLOSED] == CHECKPOINT[CheckpointState.CANCELLED] == {}
    assert QuestionHappening.ANSWERED not in CHECKPOINT[CheckpointState.PLANNED]


def test_who_presses_in_time_is_confirmed():
    story = asked_at_ten()
    answer = story.press(ADA, 12)
    assert (answer.state, answer.at, answer.via) == (AnswerState.CONFIRMED, at(12), Via.BUTTON)


def test_at_the_very_deadline_it_is_in_time():
    story = asked_at_ten()
    story.until(14)
    assert pressed(story.answer(ADA), via=Via.BUTTON, now=at(15)).state is AnswerState.CONFIRMED


def test_at_the_very_deadline_after_it_was_closed_it_is_late():
    story = asked_at_ten()
    assert story.press(ADA, 15).state is AnswerState.LATE


def test_a_second_press_changes_nothing():
    story = asked_at_ten()
    first = story.press(ADA, 11)
    assert story.press(ADA, 12) == first
    assert story.press(ADA, 40) == first


def test_who_does_not_press_has_missed_it():
    story = asked_at_ten()
    story.until(15)
    assert story.answer(ADA).state is AnswerState.MISSED
    assert story.question().state is CheckpointState.CLOSED


def test_within_twice_the_window_i_was_there_is_late_and_does_not_count():
    story = asked_at_ten()
    answer = story.press(ADA, 20)
    assert (answer.state, answer.at) == (AnswerState.LATE, at(20))
    assert story.press(ADA, 25) == answer


def test_after_twice_the_window_i_was_there_is_a_dispute():
    story = asked_at_ten()
    answer = story.press(ADA, 20.1)
    assert (answer.state, answer.disputed_at, answer.at) == (AnswerState.MISSED, at(20.1), None)
    assert story.press(ADA, 30) == answer


def test_a_late_answer_that_a_trainer_accepts_counts():
    story = asked_at_ten()
    story.press(ADA, 17)
    answer = story.accept(ADA, 40)
    assert (answer.state, answer.at, answer.decided_by, answer.decided_at) == (
        AnswerState.CONFIRMED,
        at(17),
        GRACE.id,
        at(40),
    )


def test_a_dispute_that_a_trainer_accepts_counts_from_when_it_was_said():
    story = asked_at_ten()
    story.press(ADA, 30)
    answer = story.accept(ADA, 40)
    assert (answer.state, answer.at) == (AnswerState.CONFIRMED, at(30))


def test_nothing_is_accepted_that_nobody_said():
    story = asked_at_ten()
    story.until(15)
    with pytest.raises(CheckRefused):
        story.accept(ADA, 40)


def test_a_trainer_waives_with_a_reason():
    story = asked_at_ten()
    story.until(15)
    answer = story.waive(ADA, 40, reason=" power cut ")
    assert (answer.state, answer.reason, answer.decided_by) == (AnswerState.WAIVED, "power cut", GRACE.id)


def test_without_a_reason_nothing_is_waived():
    story = asked_at_ten()
    story.until(15)
    with pytest.raises(CheckRefused) as refused:
        story.waive(ADA, 40, reason=" ")
    assert refused.value.code is RefusalCode.INVALID_PARAMETERS


def test_what_is_confirmed_cannot_be_waived():
    story = asked_at_ten()
    story.press(ADA, 11)
    with pytest.raises(CheckRefused):
        story.waive(ADA, 40)


# Presence


def test_who_left_before_pressing_may_press_nevertheless():
    story = asked_at_ten()
    story.leaves(ADA, 11)
    assert story.press(ADA, 12).state is AnswerState.CONFIRMED


def test_who_left_and_came_back_before_the_deadline_has_missed_it_all_the_same():
    story = asked_at_ten()
    story.leaves(ADA, 11)
    story.joins(ADA, 12.5)
    story.until(15)
    assert story.answer(ADA).state is AnswerState.MISSED


def test_who_was_offline_for_more_than_half_of_the_window_was_disconnected():
    story = asked_at_ten()
    story.leaves(ADA, 12.4)
    story.until(15)
    assert story.answer(ADA).state is AnswerState.DISCONNECTED


def test_who_was_there_for_exactly_half_of_it_has_missed_it():
    story = asked_at_ten()
    story.leaves(ADA, 12.5)
    story.until(15)
    assert story.answer(ADA).state is AnswerState.MISSED


def test_a_late_delivery_turns_missed_into_disconnected():
    story = asked_at_ten()
    story.until(16)
    assert story.answer(ADA).state is AnswerState.MISSED
    story.was_away_since(ADA, 11)
    step = story.look(40)
    assert story.answer(ADA).state is AnswerState.DISCONNECTED
    assert step.is_news_for_sheet


@pytest.mark.parametrize("moment", [12, 18])
def test_a_late_delivery_changes_nothing_else(moment: float):
    story = asked_at_ten()
    before = story.press(ADA, moment)
    story.until(21)
    story.was_away_since(ADA, 10.5)
    story.look(40)
    assert story.answer(ADA) == before


def test_in_a_locked_lesson_late_deliveries_change_nothing():
    story = asked_at_ten()
    story.until(16)
    story.lesson = replace(story.lesson, state=LessonState.LOCKED)
    story.was_away_since(ADA, 11)
    story.look(200)
    assert story.answer(ADA).state is AnswerState.MISSED


# Who is asked


def test_who_has_been_there_for_two_minutes_is_asked_and_it_counts():
    story = CheckStory()
    story.class_is_in(8)
    story.enable(8)
    story.check_now(10)
    assert not story.answer(ADA).is_optional


def test_who_came_later_is_asked_and_it_counts_only_if_confirmed():
    story = CheckStory()
    story.class_is_in(8.1)
    story.check_now(10)
    assert story.answer(ADA).is_optional
    story.press(ADA, 11)
    story.until(15)
    assert story.answer(ADA).state is AnswerState.CONFIRMED
    assert story.answer(BOB).state is AnswerState.VOID


def test_who_joins_while_a_question_is_open_is_asked_too():
    story = CheckStory()
    story.joins(GRACE, -5)
    story.joins(ADA, -5)
    story.enable(0)
    story.until(10)
    story.joins(BOB, 13)
    answer = story.answer(BOB)
    assert (answer.is_optional, answer.state) == (True, AnswerState.AWAITED)
    assert ("presence_confirmation_requested", "bob", {}) in story.told()
    story.look(13.1)
    assert story.answer(BOB).state is AnswerState.AWAITED
    story.until(18.1)
    assert story.answer(BOB).state is AnswerState.VOID


def test_nobody_is_asked_about_a_past_question():
    story = CheckStory()
    story.joins(GRACE, -5)
    story.joins(ADA, -5)
    story.enable(0)
    story.until(15)
    story.joins(BOB, 16)
    assert not story.was_asked(BOB)


def test_the_trainer_is_not_asked():
    story = asked_at_ten()
    assert not story.was_asked(GRACE)


def test_where_nobody_is_present_nobody_is_asked_and_the_question_passes():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.leaves(ADA, 8.5)
    story.leaves(BOB, 8.5)
    story.until(10)
    assert story.question().opened_at == at(10)
    assert story.logging.answers == ()


# Delivery


def test_the_deadline_runs_from_each_ones_own_delivery():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.delivers_after = timedelta(seconds=90)
    story.until(16.4)
    assert story.answer(ADA).asked_at == at(11.5)
    assert story.answer(ADA).deadline == at(16.5)
    assert story.answer(ADA).state is AnswerState.AWAITED
    story.until(16.5)
    assert story.answer(ADA).state is AnswerState.MISSED


def test_a_question_that_reaches_somebody_twice_begins_their_time_once():
    story = asked_at_ten()
    story.until(11)
    answer = story.answer(ADA)
    assert delivered(answer, at=at(12)) == answer


def test_of_a_question_that_never_arrived_nobody_is_found_offline():
    never = replace(asked_at_ten().answer(ADA), state=AnswerState.MISSED)
    assert found_offline(never, ()) == never


def test_who_has_no_slack_account_cannot_be_asked():
    story = CheckStory()
    story.people = {ADA.id: ADA, BOB.id: replace(BOB, slack_user_id="")}
    story.class_is_in()
    story.enable(0)
    story.until(10)
    assert story.answer(BOB).state is AnswerState.UNDELIVERED
    assert story.answer(ADA).state is AnswerState.AWAITED


def test_whom_slack_refuses_was_not_asked():
    story = CheckStory()
    story.slack_refuses(BOB)
    story.class_is_in()
    story.enable(0)
    story.until(11)
    assert story.answer(BOB).state is AnswerState.UNDELIVERED


def test_in_a_classroom_of_our_own_everybody_has_the_question_when_it_opens():
    story = asked_at_ten(is_at_once=True)
    assert (story.answer(ADA).asked_at, story.answer(ADA).deadline) == (at(10), at(15))


def test_a_student_who_needs_it_has_longer():
    story = CheckStory()
    story.extra_time = {ADA.id: timedelta(minutes=12)}
    story.class_is_in()
    story.enable(0)
    story.until(21)
    assert story.answer(BOB).state is AnswerState.MISSED
    assert story.answer(ADA).state is AnswerState.AWAITED
    assert story.question().state is CheckpointState.OPEN
    assert story.press(ADA, 21.9).state is AnswerState.CONFIRMED
    story.until(22.5)
    assert story.question().state is CheckpointState.CLOSED


def test_longer_time_never_shortens_anybodys():
    story = CheckStory()
    story.extra_time = {ADA.id: timedelta(minutes=1)}
    story.class_is_in()
    story.enable(0)
    story.until(11)
    assert story.answer(ADA).deadline == at(15)


# Without a deadline


def test_without_a_deadline_a_question_is_open_until_the_next():
    story = CheckStory()
    story.class_is_in()
    story.enable(0, UNTIL_THE_NEXT)
    story.until(29)
    assert story.answer(ADA).state is AnswerState.AWAITED
    assert story.answer(ADA).deadline is None
    assert story.press(BOB, 29).state is AnswerState.CONFIRMED
    story.until(30)
    assert story.answer(ADA).state is AnswerState.MISSED
    assert story.question(1).state is CheckpointState.CLOSED
    assert story.answer(ADA, 2).state is AnswerState.AWAITED


def test_without_a_deadline_i_was_there_is_late_for_five_minutes_after_the_next_question():
    story = CheckStory()
    story.class_is_in()
    story.enable(0, UNTIL_THE_NEXT)
    story.until(30)
    assert story.press(ADA, 35).state is AnswerState.LATE
    assert story.press(BOB, 35.1).disputed_at == at(35.1)


def test_without_a_deadline_whoever_was_offline_for_most_of_it_was_disconnected():
    story = CheckStory()
    story.class_is_in()
    story.enable(0, UNTIL_THE_NEXT)
    story.until(10)
    story.leaves(ADA, 15)
    story.until(30)
    assert story.answer(ADA).state is AnswerState.DISCONNECTED


# Ends


@pytest.mark.parametrize("settings", [BY_THE_CLOCK, UNTIL_THE_NEXT])
def test_a_lesson_that_ends_before_the_deadline_makes_nobody_miss(settings: object):
    story = CheckStory()
    story.class_is_in()
    story.enable(0, settings)  # type: ignore[arg-type]  # both are settings
    story.until(10)
    story.press(BOB, 11)
    story.ends(12)
    assert story.answer(ADA).state is AnswerState.VOID
    assert story.answer(BOB).state is AnswerState.CONFIRMED


def test_a_run_that_is_stopped_before_the_deadline_makes_nobody_miss():
    story = asked_at_ten()
    story.disable(12)
    assert story.answer(ADA).state is AnswerState.VOID
    with pytest.raises(CheckRefused):
        story.press(ADA, 13)


def test_planned_questions_of_a_run_that_ends_are_never_asked():
    story = asked_at_ten()
    story.disable(12)
    assert [each.number for each in story.check.checkpoints] == [1]


# Outages


def test_a_question_whose_moment_the_bot_slept_through_is_cancelled():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.down_until(12.1)
    cancelled = story.check.checkpoints[0]
    assert (cancelled.state, cancelled.opened_at, cancelled.number) == (CheckpointState.CANCELLED, None, 0)
    assert story.logging.answers == ()
    story.until(30)
    assert story.question(1).opened_at == at(30)


def test_two_minutes_late_it_is_still_asked():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.down_until(12)
    assert story.question().opened_at == at(12)


def test_of_many_moments_that_were_slept_through_one_is_cancelled_and_the_next_is_to_come():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.down_until(95)
    assert [each.state for each in story.check.checkpoints] == [CheckpointState.CANCELLED, CheckpointState.PLANNED]
    assert story.check.checkpoints[1].planned_at == at(110)


def test_a_question_that_slack_took_for_nobody_within_two_minutes_is_cancelled():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.delivers_after = None
    story.until(12)
    assert story.question().state is CheckpointState.CANCELLED
    assert {answer.state for answer in story.logging.answers} == {AnswerState.VOID}


def test_where_slack_took_it_for_some_the_others_were_not_asked():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.delivers_after = None
    story.press(BOB, 11)
    story.until(20)
    assert story.question().state is not CheckpointState.CANCELLED
    assert story.answer(ADA).state is AnswerState.UNDELIVERED


def test_a_bot_that_was_down_across_the_deadline_makes_nobody_miss():
    story = asked_at_ten()
    story.down_until(25)
    answer = story.answer(ADA)
    assert (answer.state, answer.deadline) == (AnswerState.AWAITED, at(30))
    assert story.press(ADA, 29).state is AnswerState.CONFIRMED


def test_slack_that_was_down_across_the_deadline_makes_nobody_miss():
    story = asked_at_ten()
    story.until(12)
    story.is_slack_down = True
    story.until(18)
    assert story.answer(ADA).state is AnswerState.AWAITED
    story.is_slack_down = False
    story.look(18.2)
    assert story.answer(ADA).deadline == at(23.2)


def test_a_short_hiccup_of_slack_prolongs_nothing():
    story = asked_at_ten()
    story.until(12)
    story.is_slack_down = True
    story.look(12.5)
    story.is_slack_down = False
    story.until(14)
    assert story.answer(ADA).deadline == at(15)


def test_in_a_break_nobody_is_asked():
    story = CheckStory()
    story.breaks = (during(9, 12),)
    story.class_is_in()
    story.enable(0)
    story.until(10)
    assert story.check.checkpoints[0].state is CheckpointState.CANCELLED
