"""What presence checks come to on the sheet: counts, the flag, the verdict where the course says so, and *why*."""

from datetime import timedelta
from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.checks.counting import NO_CHECKS
from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import Template, settings_of
from bot.attendance.checks.values import (
    Answer,
    AnswerState,
    Checkpoint,
    CheckpointState,
    PresenceCheck,
    PresenceLogging,
    Via,
)
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import Change, ChangeKind, Flag, Sheet, Verdict
from bot.attendance.written import canonical, parse
from tests.builders import ADA, BOB, GRACE, a_lesson, at, facts, stay, the_trainer


def a_checkpoint(number: int, state: CheckpointState = CheckpointState.CLOSED) -> Checkpoint:
    """The n-th, at 10, 20, 30 …"""
    is_asked = state in {CheckpointState.OPEN, CheckpointState.CLOSED}
    return Checkpoint(
        id=f"question-{number}",
        check_id="check",
        draw=number,
        number=number if is_asked else 0,
        state=state,
        planned_at=at(number * 10),
        opened_at=at(number * 10) if is_asked else None,
    )


def an_answer(number: int, state: AnswerState, *, who: str = ADA.id, **changes: Any) -> Answer:
    asked_at = at(number * 10)
    given = {"asked_at": asked_at, "deadline": asked_at + timedelta(minutes=5), **changes}
    return Answer(checkpoint_id=f"question-{number}", person_id=who, state=state, **given)


def checked(*answers: Answer, checkpoints: tuple[Checkpoint, ...] = ()) -> PresenceLogging:
    numbers = sorted({int(answer.checkpoint_id.removeprefix("question-")) for answer in answers})
    run = PresenceCheck(
        id="check",
        lesson_id="lesson-1",
        creator_id=GRACE.id,
        settings=settings_of(Template.CPE),
        created_at=at(0),
        seed="",
        seed_hash="",
        checkpoints=checkpoints or tuple(a_checkpoint(number) for number in numbers),
    )
    return PresenceLogging(lesson_id="lesson-1", state=RunState.IDLE_WITH_CREATOR, checks=(run,), answers=answers)


def sheet(logging: PresenceLogging | None, *, state: LessonState = LessonState.PROVISIONAL, **policy: Any) -> Sheet:
    """Ada was there all the time, Bob for half of it."""
    lesson = a_lesson(state=state, **policy)
    given = facts(the_trainer(), stay(ADA, 0, 60), stay(BOB, 0, 30), lesson=lesson, logging=logging)
    return sheet_of(given, now=at(90) if state is LessonState.PROVISIONAL else at(50), explained=True)


CONFIRMED, MISSED, VOID = AnswerState.CONFIRMED, AnswerState.MISSED, AnswerState.VOID


def test_without_checks_there_are_none_on_the_sheet():
    found = sheet(None)
    assert found.by_id[ADA.id].checks == NO_CHECKS
    assert found.checkpoints == ()


def test_each_answer_is_counted_by_its_state_over_all_questions():
    ada = sheet(checked(*(an_answer(number, state) for number, state in enumerate(AnswerState, start=1)))).by_id[ADA.id]
    assert ada.checks.asked == len(AnswerState)
    assert all(getattr(ada.checks, state.value) == 1 for state in AnswerState)


def test_who_missed_one_of_three_has_failed_and_is_validated_all_the_same():
    ada = sheet(checked(an_answer(1, CONFIRMED), an_answer(2, CONFIRMED), an_answer(3, MISSED))).by_id[ADA.id]
    assert (ada.verdict, ada.flags) == (Verdict.VALIDATED, (Flag.CHECK_FAILED,))


def test_who_missed_one_of_four_has_not_failed():
    answers = (an_answer(1, MISSED), *(an_answer(number, CONFIRMED) for number in (2, 3, 4)))
    assert sheet(checked(*answers)).by_id[ADA.id].flags == ()


def test_where_the_course_says_so_failing_makes_the_verdict_partial():
    ada = sheet(checked(an_answer(1, MISSED)), check_failure="partial").by_id[ADA.id]
    assert (ada.verdict, ada.flags) == (Verdict.PARTIAL, (Flag.CHECK_FAILED,))


def test_while_the_lesson_runs_the_flag_stands_and_the_verdict_is_pending():
    ada = sheet(checked(an_answer(1, MISSED)), state=LessonState.LIVE, check_failure="partial").by_id[ADA.id]
    assert (ada.verdict, ada.flags) == (Verdict.PENDING, (Flag.CHECK_FAILED,))


def test_what_is_still_awaited_fails_nobody():
    assert sheet(checked(an_answer(1, AnswerState.AWAITED))).by_id[ADA.id].flags == ()


def test_after_the_end_nothing_is_awaited_on_the_sheet_any_more():
    open_still = checked(an_answer(1, AnswerState.AWAITED), checkpoints=(a_checkpoint(1, CheckpointState.OPEN),))
    ended = checked(an_answer(1, VOID), checkpoints=(a_checkpoint(1),))
    assert canonical(sheet(open_still)) == canonical(sheet(ended))
    assert sheet(open_still, state=LessonState.LIVE).by_id[ADA.id].checks.awaited == 1


def test_who_was_absent_has_no_flag_whatever_was_asked():
    logging = checked(an_answer(1, MISSED, who=BOB.id))
    given = facts(the_trainer(), stay(ADA, 0, 60), lesson=a_lesson(state=LessonState.PROVISIONAL), logging=logging)
    bob = sheet_of(given, now=at(90)).by_id[BOB.id]
    assert (bob.verdict, bob.flags, bob.checks.missed) == (Verdict.ABSENT, (), 1)


def test_trainers_have_no_checks():
    assert sheet(checked(an_answer(1, CONFIRMED))).by_id[GRACE.id].checks == NO_CHECKS


def test_questions_stand_with_their_answers_in_the_order_of_the_sheet_and_planned_ones_do_not():
    checkpoints = (
        a_checkpoint(1),
        a_checkpoint(2, CheckpointState.CANCELLED),
        a_checkpoint(3, CheckpointState.PLANNED),
    )
    bob, ada = an_answer(1, MISSED, who=BOB.id), an_answer(1, CONFIRMED)
    asked, cancelled = sheet(checked(bob, ada, checkpoints=checkpoints)).checkpoints
    assert (asked.state, asked.opened_at, asked.answers) == (CheckpointState.CLOSED, at(10), (ada, bob))
    assert (cancelled.state, cancelled.opened_at, cancelled.answers) == (CheckpointState.CANCELLED, None, ())


def test_the_sheet_is_written_down_with_them_and_read_again():
    written = sheet(checked(an_answer(1, CONFIRMED, at=at(11), via=Via.BUTTON)))
    assert parse(canonical(written)) == written


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        (
            an_answer(1, CONFIRMED, at=at(11), via=Via.BUTTON),
            Change(kind=ChangeKind.CHECKED, at=at(10), until=at(11), source="button", note="confirmed"),
        ),
        (an_answer(1, MISSED), Change(kind=ChangeKind.CHECKED, at=at(10), source="rule", note="missed")),
        (
            an_answer(1, AnswerState.UNDELIVERED, asked_at=None, deadline=None),
            Change(kind=ChangeKind.CHECKED, at=at(10), source="rule", note="undelivered"),
        ),
        (
            an_answer(1, AnswerState.WAIVED, decided_by=GRACE.id, reason="power cut"),
            Change(kind=ChangeKind.CHECKED, at=at(10), source=GRACE.id, note="waived: power cut"),
        ),
    ],
)
def test_why_has_a_line_for_each_question_with_what_came_of_it(answer: Answer, change: Change):
    changes = sheet(checked(answer)).by_id[ADA.id].changes
    assert [each for each in changes if each.kind is ChangeKind.CHECKED] == [change]
