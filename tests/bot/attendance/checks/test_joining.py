"""What somebody who comes into the lesson is told of its presence check."""

from bot.attendance.checks.joining import JoiningState, joining_state
from tests.builders import ADA, BOB, GRACE
from tests.check_story import CheckStory


def told(story: CheckStory, who: str = "ada") -> JoiningState:
    return joining_state(story.logging, who, is_creator=who == GRACE.id)


def test_where_nobody_checks_it_is_disabled():
    assert joining_state(None, ADA.id, is_creator=False) is JoiningState.DISABLED
    assert told(CheckStory()) is JoiningState.DISABLED


def test_before_the_first_question_it_is_enabled():
    story = CheckStory()
    story.joins(GRACE, 0)
    story.enable(0)
    assert told(story) is JoiningState.ENABLED
    story.joins(ADA, 1)
    assert told(story) is JoiningState.ENABLED


def test_while_a_question_is_open_who_has_not_answered_may_confirm_at_once():
    story = CheckStory()
    story.joins(GRACE, -5)
    story.joins(ADA, -5)
    story.enable(0)
    story.until(10)
    assert told(story) is JoiningState.WAITING_FOR_CONFIRMATION
    assert told(story, BOB.id) is JoiningState.WAITING_FOR_CONFIRMATION
    assert told(story, GRACE.id) is JoiningState.ENABLED
    story.press(ADA, 11)
    assert told(story) is JoiningState.ENABLED


def test_after_it_was_closed_there_is_nothing_to_confirm():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(16)
    assert told(story) is JoiningState.ENABLED


def test_while_the_report_is_made_it_is_disabled():
    story = CheckStory()
    story.report = None
    story.class_is_in()
    story.enable(0)
    story.until(10)
    story.disable(11)
    assert told(story) is JoiningState.DISABLED
