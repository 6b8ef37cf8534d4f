"""Every arrow of the diagram as a lesson goes through it: what happens, where it leads, and what everybody is told."""

import pytest

from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.run import EndReason, RunState, StartReason
from bot.attendance.checks.settings import Template
from bot.attendance.checks.values import CheckpointState, PresenceLogging
from tests.builders import ADA, BOB, GRACE, a_lesson, at
from tests.check_story import UNTIL_THE_NEXT, CheckStory

FIRST = "2026-03-02T09:10:00Z"


def test_the_trainer_comes_and_goes_and_nothing_else_happens():
    story = CheckStory()
    story.joins(GRACE, 0)
    assert story.state is RunState.IDLE_WITH_CREATOR
    story.leaves(GRACE, 5)
    story.look(9)
    assert story.state is RunState.IDLE_WITHOUT_CREATOR
    assert story.told() == []


def test_enabled_alone_it_waits_for_a_participant():
    story = CheckStory()
    story.joins(GRACE, 0)
    story.enable(0)
    assert story.state is RunState.WAITING_FOR_PARTICIPANT
    assert story.told() == [("presence_logging_enabled", "creator", {})]


def test_the_first_participant_starts_it():
    story = CheckStory()
    story.joins(GRACE, 0)
    story.enable(0)
    story.joins(ADA, 4)
    assert story.state is RunState.WAITING_FOR_INITIAL_DELAY
    assert story.check.start_reason is StartReason.FIRST_PARTICIPANT_JOINED
    assert story.told()[1:] == [
        (
            "presence_logging_started",
            "creator",
            {"first_checkpoint": "2026-03-02T09:14:00Z", "reason": "first_participant_joined"},
        ),
        ("presence_logging_started", "participants", {}),
    ]


def test_enabled_with_others_it_starts_at_once():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    assert story.state is RunState.WAITING_FOR_INITIAL_DELAY
    assert story.told() == [
        ("presence_logging_enabled", "creator", {}),
        ("presence_logging_started", "creator", {"first_checkpoint": FIRST, "reason": "started_manually"}),
        ("presence_logging_started", "participants", {}),
    ]


def test_where_the_course_says_so_it_starts_by_itself_with_the_trainer_and_a_student():
    lesson = a_lesson(presence_checks="opentalk", autostart=True)
    story = CheckStory(lesson=lesson, is_armed=True)
    story.joins(GRACE, 0)
    assert story.state is RunState.IDLE_WITH_CREATOR
    story.joins(ADA, 1)
    assert story.state is RunState.WAITING_FOR_INITIAL_DELAY
    assert story.check.start_reason is StartReason.AUTOSTART
    assert story.check.settings.template is Template.OPENTALK


def test_a_check_that_somebody_stopped_does_not_start_by_itself_again():
    story = CheckStory(lesson=a_lesson(presence_checks="light", autostart=True), is_armed=True)
    story.class_is_in(1)
    story.disable(5)
    story.look(6)
    assert story.state is RunState.IDLE_WITH_CREATOR


def test_a_check_that_starts_by_itself_does_so_again_when_the_trainer_is_back():
    story = CheckStory(lesson=a_lesson(presence_checks="light", autostart=True), is_armed=True)
    story.class_is_in(1)
    story.leaves(GRACE, 5)
    story.until(8)
    assert story.state is RunState.IDLE_WITHOUT_CREATOR
    story.joins(GRACE, 12)
    assert story.state is RunState.WAITING_FOR_INITIAL_DELAY
    assert len(story.logging.checks) == 2


@pytest.mark.parametrize("is_student_in", [False, True])
def test_stopped_while_preparing_it_ends_without_a_report(is_student_in: bool):
    story = CheckStory()
    story.joins(GRACE, 0)
    if is_student_in:
        story.joins(ADA, 0)
    story.enable(0)
    count = len(story.steps)
    story.disable(5)
    assert story.state is RunState.IDLE_WITH_CREATOR
    assert story.told(since=count) == [
        ("presence_logging_disabled", "creator", {}),
        ("presence_logging_ended", "all", {"reason": "stopped_manually"}),
    ]
    assert (story.check.is_over, story.check.asset_id) == (True, "")


@pytest.mark.parametrize("is_student_in", [False, True])
def test_the_trainer_who_leaves_while_it_prepares_ends_it_without_a_report(is_student_in: bool):
    story = CheckStory(is_at_once=True)
    story.joins(GRACE, 0)
    if is_student_in:
        story.joins(ADA, 0)
    story.enable(0)
    count = len(story.steps)
    story.leaves(GRACE, 5)
    assert story.state is RunState.IDLE_WITHOUT_CREATOR
    assert story.told(since=count) == [("presence_logging_ended", "all", {"reason": "creator_left"})]


def test_the_last_participant_who_leaves_before_the_first_question_makes_it_wait_again():
    story = CheckStory(is_at_once=True)
    story.joins(GRACE, 0)
    story.joins(ADA, 0)
    story.enable(0)
    count = len(story.steps)
    story.leaves(ADA, 6)
    assert story.state is RunState.WAITING_FOR_PARTICIPANT
    assert story.told(since=count) == [("presence_logging_ended", "all", {"reason": "last_participant_left"})]
    story.joins(BOB, 7)
    assert story.state is RunState.WAITING_FOR_INITIAL_DELAY
    assert story.told()[-2][2] == {"first_checkpoint": "2026-03-02T09:17:00Z", "reason": "first_participant_joined"}
    assert len(story.logging.checks) == 1
    story.until(17)
    assert story.question().opened_at == at(17)


def test_after_the_initial_delay_everybody_is_asked():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(10)
    assert story.state is RunState.COLLECTING
    assert story.told()[-1] == ("presence_confirmation_requested", "participants", {})
    assert story.was_asked(ADA)
    assert not any(key[1] == GRACE.id for key in story.logging.by_key)


def test_after_each_interval_everybody_is_asked_again():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(30)
    assert story.state is RunState.COLLECTING
    assert [story.question(number).opened_at for number in (1, 2)] == [at(10), at(30)]


def test_the_trainer_who_stops_it_gets_the_report():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(10)
    count = len(story.steps)
    story.disable(12)
    assert story.state is RunState.IDLE_WITH_CREATOR
    assert story.check.end_reason is EndReason.STOPPED_MANUALLY
    assert story.told(since=count) == [
        ("presence_logging_disabled", "creator", {}),
        ("presence_logging_ended", "all", {"reason": "stopped_manually"}),
        ("pdf_asset", "creator", {"filename": "report.pdf", "asset_id": "asset-1"}),
    ]


def test_the_trainer_who_leaves_ends_it_with_a_report():
    story = CheckStory(is_at_once=True)
    story.class_is_in()
    story.enable(0)
    story.until(10)
    count = len(story.steps)
    story.leaves(GRACE, 12)
    assert story.state is RunState.IDLE_WITHOUT_CREATOR
    assert story.told(since=count) == [
        ("presence_logging_ended", "all", {"reason": "creator_left"}),
        ("pdf_asset", "creator", {"filename": "report.pdf", "asset_id": "asset-1"}),
    ]


def test_after_the_last_participant_left_there_is_a_report_and_it_waits_again():
    story = CheckStory(is_at_once=True)
    story.joins(GRACE, 0)
    story.joins(ADA, 0)
    first = story.enable(0)
    story.until(10)
    count = len(story.steps)
    story.leaves(ADA, 12)
    assert story.state is RunState.WAITING_FOR_PARTICIPANT
    assert story.told(since=count) == [
        ("presence_logging_ended", "all", {"reason": "last_participant_left"}),
        ("pdf_asset", "creator", {"filename": "report.pdf", "asset_id": "asset-1"}),
    ]
    assert story.check.id != first.id
    assert story.check.seed != first.seed
    story.joins(ADA, 20)
    assert story.check.start_reason is StartReason.FIRST_PARTICIPANT_JOINED
    assert story.check.creator_id == GRACE.id


@pytest.mark.parametrize("trouble", ["storage_exceeded", "generate", "storage"])
def test_a_report_that_cannot_be_made_is_told_to_the_trainer(trouble: str):
    from bot.attendance.checks.step import Report

    story = CheckStory()
    story.report = Report(trouble=trouble)
    story.class_is_in()
    story.enable(0)
    story.until(10)
    story.disable(12)
    assert story.told()[-1] == ("error", "creator", {"error": trouble})
    assert (story.state, story.check.trouble) == (RunState.IDLE_WITH_CREATOR, trouble)


def test_where_no_question_could_be_asked_there_is_no_report():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.down_until(13)
    assert story.state is RunState.COLLECTING
    story.disable(14)
    assert (story.state, story.check.asset_id) == (RunState.IDLE_WITH_CREATOR, "")
    assert story.told()[-1][0] == "presence_logging_ended"


def test_while_the_report_is_made_nothing_can_be_stopped_started_or_asked():
    story = CheckStory()
    story.report = None
    story.class_is_in()
    story.enable(0)
    story.until(10)
    story.disable(12)
    assert story.state is RunState.FINALISING
    before = story.logging
    for act in (story.disable, story.enable, story.check_now):
        with pytest.raises(CheckRefused):
            act(12)
    assert story.logging.state is before.state
    assert story.logging.checks == before.checks


@pytest.mark.parametrize("minutes", [0, 12])
def test_a_second_start_is_refused_and_changes_nothing(minutes: float):
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(minutes)
    before: PresenceLogging = story.logging
    with pytest.raises(CheckRefused) as refused:
        story.enable(minutes)
    assert refused.value.code is RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED
    assert story.logging == before


def test_in_a_classroom_of_our_own_only_who_is_there_starts_a_check():
    story = CheckStory(is_at_once=True)
    story.joins(ADA, 0)
    with pytest.raises(CheckRefused) as refused:
        story.enable(1)
    assert refused.value.code is RefusalCode.INSUFFICIENT_PERMISSIONS


def test_who_starts_a_check_in_slack_is_taken_to_be_there():
    story = CheckStory()
    story.joins(ADA, 0)
    story.enable(1)
    story.until(60)
    assert story.state is RunState.COLLECTING


@pytest.mark.parametrize("minutes", [-60, 200])
def test_outside_of_the_lesson_nobody_starts_a_check(minutes: float):
    story = CheckStory()
    if minutes > 0:
        story.ends(180)
    with pytest.raises(CheckRefused) as refused:
        story.enable(minutes)
    assert refused.value.code is RefusalCode.PRESENCE_LOGGING_NOT_ENABLED


def test_elsewhere_nobody_is_gone_before_three_minutes():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(10)
    story.leaves(GRACE, 20)
    story.until(22.9)
    assert story.state is RunState.COLLECTING
    story.until(23)
    assert story.check.end_reason is EndReason.CREATOR_LEFT


def test_a_trainer_who_is_back_within_three_minutes_was_not_gone():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.leaves(GRACE, 20)
    story.joins(GRACE, 22)
    story.until(29)
    assert story.state is RunState.COLLECTING


def test_elsewhere_the_last_participant_is_gone_after_three_minutes():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.leaves(ADA, 20)
    story.leaves(BOB, 21)
    story.until(23.9)
    assert story.state is RunState.COLLECTING
    story.until(24)
    assert story.state is RunState.WAITING_FOR_PARTICIPANT


def test_while_the_feed_gives_no_ground_nobody_is_gone():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(10)
    story.leaves(GRACE, 12)
    story.is_sure = False
    story.until(29)
    assert story.state is RunState.COLLECTING
    story.is_sure = True
    story.until(30)
    assert story.state is RunState.IDLE_WITHOUT_CREATOR


def test_the_end_of_the_lesson_ends_it_as_if_the_trainer_had_left():
    story = CheckStory()
    story.class_is_in()
    story.enable(0, UNTIL_THE_NEXT)
    story.until(10)
    story.ends(180)
    assert story.state is RunState.IDLE_WITHOUT_CREATOR
    assert story.check.end_reason is EndReason.CREATOR_LEFT


def test_check_now_asks_at_once_and_ends_after_its_one_question():
    story = CheckStory()
    story.class_is_in()
    story.check_now(20)
    assert story.state is RunState.COLLECTING
    assert story.check.start_reason is StartReason.STARTED_MANUALLY
    story.until(25)
    assert story.state is RunState.IDLE_WITH_CREATOR
    assert story.check.end_reason is EndReason.STOPPED_MANUALLY
    assert story.question().state is CheckpointState.CLOSED


def test_check_now_in_a_series_is_one_more_of_its_questions():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.check_now(5)
    story.until(30)
    assert len(story.logging.checks) == 1
    assert [story.question(number).opened_at for number in (1, 2, 3)] == [at(5), at(10), at(30)]


def test_check_now_while_a_question_is_open_is_refused():
    story = CheckStory()
    story.class_is_in()
    story.enable(0)
    story.until(10)
    with pytest.raises(CheckRefused) as refused:
        story.check_now(12)
    assert refused.value.code is RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED


def test_check_now_where_nobody_is_there_is_refused():
    story = CheckStory()
    story.joins(GRACE, 0)
    with pytest.raises(CheckRefused) as refused:
        story.check_now(5)
    assert refused.value.code is RefusalCode.INVALID_PARAMETERS
    assert story.logging.checks == ()
