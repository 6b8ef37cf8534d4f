"""Presence checks: who is told what, and when."""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot.attendance.checks.card import card
from bot.attendance.checks.limits import ASK_WITHIN
from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.run import EndReason, RunState, StartReason
from bot.attendance.checks.settings import Template, settings_of
from bot.attendance.checks.telling import AFTER_A_PRESS, CARD_GAP_SECONDS, question, tell
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, CheckpointState, PresenceCheck, Via
from bot.attendance.lessons import Person
from bot.attendance.wanted import MessageKind, Wanted
from tests.builders import ADA, BOB, GRACE, a_lesson, at, replace

FIRST = Checkpoint(
    id="first",
    check_id="check",
    draw=0,
    number=1,
    state=CheckpointState.OPEN,
    planned_at=at(20),
    opened_at=at(20),
    window=timedelta(minutes=5),
    word="heron",
)
CHECK = PresenceCheck(
    id="check",
    lesson_id="lesson-1",
    creator_id="grace",
    settings=settings_of(Template.CPE),
    created_at=at(1),
    seed="",
    seed_hash="",
    started_at=at(1),
    start_reason=StartReason.STARTED_MANUALLY,
    checkpoints=(FIRST,),
)


def answer(person: Person = ADA, state: AnswerState = AnswerState.AWAITED, **changes: Any) -> Answer:
    """To the first question, which was delivered when it opened; `changes` are fields of it."""
    own = {"asked_at": at(20), "deadline": at(25), "window": timedelta(minutes=5), **changes}
    return Answer(**{"checkpoint_id": "first", "person_id": person.id, "state": state, **own})


def look(*answers: Answer, people: Iterable[Person] = (ADA, BOB, GRACE), **changes: Any) -> CheckLook:
    given = {"lesson": a_lesson(), "check": CHECK, "state": RunState.COLLECTING, "trainers": ("grace",), "now": at(21)}
    return CheckLook(**{**given, **changes}, answers=answers, people={person.id: person for person in people})


def questions(of: CheckLook) -> dict[str, Wanted]:
    found = [(subject, wanted) for subject, wanted in tell(of) if wanted.kind is MessageKind.CHECK_QUESTION]
    assert {subject for subject, _ in found} <= {"first"}
    return {wanted.recipient: wanted for _, wanted in found}


def asked_of_ada(of: CheckLook) -> dict[str, Any]:
    content = questions(of)["ada"].content
    assert content is not None
    return dict(content)


# The student's question


def test_each_who_is_asked_gets_one_message_about_this_question() -> None:
    wanted = questions(look(answer(ADA, asked_at=None), answer(BOB, asked_at=None)))
    assert wanted.keys() == {"ada", "bob"}
    assert wanted["ada"].only_if_new
    assert wanted["ada"].not_after == at(20) + ASK_WITHIN


def test_whom_nobody_can_reach_in_slack_is_not_written_to() -> None:
    nowhere = replace(BOB, slack_user_id="")
    assert questions(look(answer(ADA), answer(BOB), people=(ADA, nowhere, GRACE))).keys() == {"ada"}


def test_who_is_asked_the_same_shares_one_content_and_who_has_longer_does_not() -> None:
    asked = questions(look(answer(ADA), answer(BOB), answer(GRACE, window=timedelta(minutes=9))))
    assert asked["ada"].content is asked["bob"].content
    assert asked["grace"].content != asked["ada"].content


def test_only_the_questions_that_changed_are_worded_again() -> None:
    both = (answer(ADA), answer(BOB))
    assert questions(look(*both, changed=frozenset({("first", "bob")}))).keys() == {"bob"}


def test_a_question_says_how_long_and_not_until_when_because_each_has_the_time_from_the_own_delivery() -> None:
    content = asked_of_ada(look(answer(window=timedelta(minutes=8))))
    assert (content["stage"], content["window_seconds"]) == ("asked", 480)
    assert "deadline" not in content


def test_a_delivery_changes_nothing_in_what_stands() -> None:
    before = asked_of_ada(look(answer(asked_at=None, deadline=None)))
    assert asked_of_ada(look(answer())) == before


def test_a_deadline_that_was_put_off_after_an_outage_is_an_edit() -> None:
    looked = look(answer(deadline=at(32)))
    assert asked_of_ada(looked)["deadline"] == int(at(32).timestamp())
    assert not questions(looked)["ada"].only_if_new


def test_the_first_message_that_somebody_ever_gets_says_that_attendance_is_recorded() -> None:
    new = replace(ADA, is_informed=False)
    assert "notice" in asked_of_ada(look(answer(), people=(new, GRACE)))
    assert "notice" not in asked_of_ada(look(answer()))


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"state": AnswerState.CONFIRMED, "at": at(21), "via": Via.BUTTON}, "confirmed"),
        ({"state": AnswerState.MISSED}, "missed"),
        ({"state": AnswerState.LATE, "at": at(27), "via": Via.BUTTON}, "late"),
        ({"state": AnswerState.MISSED, "disputed_at": at(40)}, "disputed"),
        ({"state": AnswerState.CONFIRMED, "at": at(27), "decided_by": "grace"}, "accepted"),
        ({"state": AnswerState.WAIVED, "decided_by": "grace", "reason": "bad line"}, "waived"),
        ({"state": AnswerState.DISCONNECTED}, "disconnected"),
        ({"state": AnswerState.VOID}, "void"),
    ],
)
def test_its_whole_life_is_in_one_message_and_never_a_new_one(changes: dict[str, Any], stage: str) -> None:
    looked = look(answer(**changes))
    wanted = questions(looked)["ada"]
    assert wanted.content is not None
    assert wanted.content["stage"] == stage
    assert wanted.not_after is not None
    assert wanted.not_after < looked.now, "a question that was never delivered would be posted as its answer"
    assert not wanted.only_if_new


def test_who_presses_was_answered_in_place_so_the_edit_waits_a_moment() -> None:
    pressed = answer(state=AnswerState.CONFIRMED, at=at(21), via=Via.BUTTON)
    assert questions(look(pressed))["ada"].due_at == at(21) + AFTER_A_PRESS
    for edited_at_once in (replace(pressed, via=Via.CODE), replace(pressed, decided_by="grace")):
        assert questions(look(edited_at_once))["ada"].due_at == at(21)


def test_who_decided_and_why_is_told() -> None:
    content = asked_of_ada(look(answer(state=AnswerState.WAIVED, decided_by="grace", reason="bad line")))
    assert (content["by"], content["reason"]) == ("Grace Hopper", "bad line")


def test_a_question_that_could_not_be_asked_in_time_is_cancelled_for_everybody() -> None:
    cancelled = replace(FIRST, state=CheckpointState.CANCELLED)
    assert question(a_lesson(), cancelled, answer(state=AnswerState.VOID))["stage"] == "cancelled"


# The trainers' card


def test_each_trainer_in_slack_gets_one_card_a_run_edited_at_most_every_ten_seconds() -> None:
    cards = [(subject, each) for subject, each in tell(look(answer())) if each.kind is MessageKind.CHECK_CARD]
    ((subject, wanted),) = cards
    assert (subject, wanted.recipient, wanted.edit_gap_seconds) == ("check", "grace", CARD_GAP_SECONDS)
    assert CARD_GAP_SECONDS == 10
    unreachable = look(answer(), people=(ADA, replace(GRACE, slack_user_id="")))
    assert [each.kind for _, each in tell(unreachable)] == [MessageKind.CHECK_QUESTION]


@pytest.mark.parametrize(
    ("state", "checkpoints", "changes", "stage"),
    [
        (RunState.WAITING_FOR_PARTICIPANT, (), {}, "waiting"),
        (RunState.WAITING_FOR_INITIAL_DELAY, (replace(FIRST, state=CheckpointState.PLANNED),), {}, "preparing"),
        (RunState.WAITING_FOR_INITIAL_DELAY, (), {}, "nothing_left"),
        (RunState.COLLECTING, (FIRST,), {}, "asking"),
        (RunState.COLLECTING, (replace(FIRST, state=CheckpointState.CLOSED),), {}, "between"),
        (RunState.FINALISING, (replace(FIRST, state=CheckpointState.CLOSED),), {"ended_at": at(50)}, "over"),
        (RunState.IDLE_WITH_CREATOR, (), {"ended_at": at(50)}, "cancelled"),
    ],
)
def test_the_card_says_where_the_run_stands(
    state: RunState, checkpoints: tuple[Checkpoint, ...], changes: dict[str, Any], stage: str
) -> None:
    check = replace(CHECK, checkpoints=checkpoints, **changes)
    assert card(look(check=check, state=state))["stage"] == stage


def test_the_card_counts_the_newest_question_and_names_who_has_not_confirmed_it() -> None:
    content = card(look(answer(ADA, AnswerState.CONFIRMED), answer(BOB)))
    assert (content["counts"]["asked"], content["counts"]["confirmed"], content["counts"]["awaited"]) == (2, 1, 1)
    assert content["unconfirmed"] == ["Bob Kahn"]


def test_it_is_open_until_the_last_deadline_of_those_who_were_asked_so_far() -> None:
    content = card(look(answer(ADA), answer(BOB, deadline=at(26)), answer(GRACE, asked_at=None, deadline=None)))
    assert content["open_now"] == {
        "number": 1,
        "opened_at": int(at(20).timestamp()),
        "closes_at": int(at(26).timestamp()),
        "word": "heron",
    }


def test_who_was_late_or_says_so_waits_for_a_decision_and_who_was_decided_about_does_not() -> None:
    late = answer(ADA, AnswerState.LATE, at=at(27))
    content = card(look(late, answer(BOB, AnswerState.MISSED, disputed_at=at(40))))
    assert [(each["name"], each["is_dispute"]) for each in content["late"]] == [
        ("Ada Lovelace", False),
        ("Bob Kahn", True),
    ]
    assert content["can_waive"]
    accepted = replace(late, state=AnswerState.CONFIRMED, decided_by="grace")
    assert card(look(accepted))["late"] == []
    assert not card(look(accepted))["can_waive"]


@pytest.mark.parametrize(("planned", "is_strict"), [(0, False), (1, True), (2, True), (3, True), (4, False)])
def test_with_up_to_three_questions_none_may_be_missed(planned: int, is_strict: bool) -> None:
    moments = tuple(replace(FIRST, id=str(n), number=n, state=CheckpointState.PLANNED) for n in range(1, planned + 1))
    looked = look(check=replace(CHECK, checkpoints=moments))
    assert card(looked)["none_may_be_missed"] is is_strict


def test_a_course_with_a_softer_rule_lets_one_of_three_be_missed() -> None:
    moments = tuple(replace(FIRST, id=str(n), number=n, state=CheckpointState.PLANNED) for n in range(3))
    softer = look(check=replace(CHECK, checkpoints=moments), lesson=a_lesson(check_rule=Fraction(1, 2)))
    assert not card(softer)["none_may_be_missed"]


def test_when_it_is_over_who_missed_too_many_is_named() -> None:
    closed = (replace(FIRST, state=CheckpointState.CLOSED, closed_at=at(25)),)
    answers = (answer(ADA, AnswerState.CONFIRMED), answer(BOB, AnswerState.MISSED))
    running = replace(CHECK, checkpoints=closed)
    assert card(look(*answers, check=running))["failed"] == []
    over = replace(running, ended_at=at(50), end_reason=EndReason.STOPPED_MANUALLY)
    content = card(look(*answers, check=over))
    assert (content["failed"], content["ended"]) == (["Bob Kahn"], "stopped_manually")


def test_a_question_that_nobody_could_be_asked_is_counted_and_one_that_the_end_took_away_is_not() -> None:
    missed = replace(FIRST, state=CheckpointState.CANCELLED, closed_at=at(22))
    never_due = replace(FIRST, id="second", state=CheckpointState.CANCELLED)
    assert card(look(check=replace(CHECK, checkpoints=(missed, never_due))))["cancelled"] == 1
