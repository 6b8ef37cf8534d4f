"""What only a person can settle, and until when it is open."""

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import CorrectionKind, Person, Role
from bot.attendance.sheet import Question, QuestionKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    INSPECTOR,
    a_lesson,
    admitted,
    an_ended_lesson,
    at,
    correction,
    facts,
    joined,
    left,
    replace,
    session_started,
    stay,
    the_trainer,
    waiting,
)

CAROL = Person(id="carol", name="Carol Shaw", role=Role.STUDENT, email="carol@example.com")


def questions(*events, now=100, lesson=None, **changes) -> list[Question]:
    """Of a lesson with Grace there all the time; over, unless it is said otherwise."""
    told = facts(the_trainer(-10, 60), *events, lesson=lesson or an_ended_lesson(), **changes)
    return list(sheet_of(told, now=at(now)).questions)


def kinds(*events, **changes) -> set[QuestionKind]:
    return {each.kind for each in questions(*events, **changes)}


def said_by_bob(*said: tuple[CorrectionKind, float]):
    return [correction(kind, BOB, at=moment, actor=BOB, note="iPad (2)") for kind, moment in said]


def test_a_lesson_in_which_all_was_as_planned_asks_nothing():
    assert questions(stay(ADA, 0, 60), stay(BOB, 0, 60)) == []


def test_about_the_lesson_first_then_about_people_then_about_strangers():
    told = facts(
        stay(GRACE, 0, 10),
        stay(ADA, 0, 60),
        stay("iPad", 0, 60),
        lesson=an_ended_lesson(),
        corrections=said_by_bob((CorrectionKind.DISPUTED, 70)),
    )
    assert [each.kind for each in sheet_of(told, now=at(100)).questions] == [
        QuestionKind.DID_IT_TAKE_PLACE,
        QuestionKind.DISPUTED,
        QuestionKind.WHO_IS_THIS,
    ]


# About the lesson


def test_whether_it_took_place_is_asked_until_it_is_answered():
    nobody = facts(lesson=an_ended_lesson())
    answered = replace(nobody, corrections=(correction(CorrectionKind.NOT_HELD),))
    assert [each.kind for each in sheet_of(nobody, now=at(100)).questions] == [QuestionKind.DID_IT_TAKE_PLACE]
    assert sheet_of(answered, now=at(100)).questions == ()


def test_while_it_runs_nobody_is_asked_whether_it_took_place():
    assert sheet_of(facts(lesson=a_lesson()), now=at(30)).questions == ()


def test_whether_it_was_a_lesson_is_asked_while_an_unplanned_one_runs_and_after_it():
    for lesson in (a_lesson(is_unplanned=True), an_ended_lesson(is_unplanned=True)):
        assert kinds(stay(ADA, 0, 60), lesson=lesson, now=50) == {QuestionKind.WAS_THIS_A_LESSON}


# About a student


def test_says_to_be_in_is_asked_with_the_name_they_gave():
    (question,) = questions(corrections=said_by_bob((CorrectionKind.IN_ALREADY, 5)))
    assert question == Question(kind=QuestionKind.SAYS_IS_IN, subject="bob", note="iPad (2)")


def test_who_says_to_be_in_and_is_seen_is_no_question():
    assert kinds(stay(BOB, 6, 60), corrections=said_by_bob((CorrectionKind.IN_ALREADY, 5))) == set()


@pytest.mark.parametrize("answer", [CorrectionKind.DECLINED, CorrectionKind.PRESENT, CorrectionKind.NOT_PRESENT])
def test_a_claim_to_be_in_is_open_until_it_is_answered(answer):
    claim = said_by_bob((CorrectionKind.IN_ALREADY, 5))
    answered = [*claim, correction(answer, BOB, at=20, answers=CorrectionKind.IN_ALREADY)]
    again = [*answered, correction(CorrectionKind.IN_ALREADY, BOB, at=30, actor=BOB, note="Room 4")]
    assert QuestionKind.SAYS_IS_IN not in kinds(corrections=answered)
    assert [each.note for each in questions(corrections=again) if each.kind is QuestionKind.SAYS_IS_IN] == ["Room 4"]


@pytest.mark.parametrize(
    "answer",
    [
        CorrectionKind.DECLINED,
        CorrectionKind.PRESENT,
        CorrectionKind.NOT_PRESENT,
        CorrectionKind.EXCUSED,
        CorrectionKind.CREDIT_WAITING,
        CorrectionKind.ACCEPT_VERDICT,
    ],
)
def test_a_dispute_is_open_until_somebody_decides(answer):
    disputed = said_by_bob((CorrectionKind.DISPUTED, 70))
    assert kinds(corrections=disputed) == {QuestionKind.DISPUTED}
    assert kinds(corrections=[*disputed, correction(answer, BOB, at=80, answers=CorrectionKind.DISPUTED)]) == set()


def test_it_may_be_disputed_again():
    said = [
        *said_by_bob((CorrectionKind.DISPUTED, 70)),
        correction(CorrectionKind.DECLINED, BOB, at=80, answers=CorrectionKind.DISPUTED),
        correction(CorrectionKind.DISPUTED, BOB, at=85, actor=BOB),
    ]
    assert kinds(corrections=said) == {QuestionKind.DISPUTED}


def test_what_ada_said_is_no_question_about_bob():
    said = correction(CorrectionKind.DISPUTED, ADA, at=70, actor=ADA)
    assert [each.subject for each in questions(corrections=[said])] == ["ada"]


def test_an_excuse_that_nobody_has_decided_is_a_question():
    assert kinds(corrections=said_by_bob((CorrectionKind.CANNOT_COME, 5))) == {QuestionKind.ASKED_EXCUSE}


def test_who_is_known_by_the_name_alone_is_to_be_confirmed():
    assert questions(stay("Bob Kahn", 0, 60)) == [Question(kind=QuestionKind.WEAK_IDENTITY, subject="bob")]


def test_two_certain_ones_that_disagree_are_a_question_with_the_other_one():
    both = replace(joined(BOB).handle, registrant_id="reg-bob", email="ada@example.com")
    (question,) = questions(stay(both, 0, 60))
    assert (question.kind, question.subject, question.person_ids) == (
        QuestionKind.IDENTITIES_DISAGREE,
        "bob",
        ("ada",),
    )


def test_who_waited_and_was_not_let_in_is_a_question_after_the_lesson():
    assert kinds(waiting(BOB, at=10)) == {QuestionKind.WAITED}
    assert kinds(waiting(BOB, at=10), lesson=a_lesson(), now=30) == set()


def test_who_waited_and_reached_the_minimum_is_none():
    assert kinds(waiting(BOB, at=0), admitted(BOB, at=3), joined(BOB, at="09:03:01"), left(BOB, at=60)) == set()


def test_more_than_ten_assumed_minutes_are_a_question():
    """The room closed at 60 without a *left*; Bob was last heard of at 49 or 50."""
    assert kinds(stay(BOB, 0, 30), joined(BOB, at=49, device="phone")) == {QuestionKind.MUCH_ASSUMED}
    assert kinds(stay(BOB, 0, 30), joined(BOB, at=50, device="phone")) == set()


def test_accepting_a_verdict_settles_all_that_is_doubtful_about_it():
    doubtful = [waiting("Bob Kahn", at=10), joined("Bob Kahn", at=30)]
    accepted = correction(CorrectionKind.ACCEPT_VERDICT, BOB)
    assert {QuestionKind.WAITED, QuestionKind.WEAK_IDENTITY, QuestionKind.MUCH_ASSUMED} <= kinds(*doubtful)
    assert kinds(*doubtful, corrections=[accepted]) == set()


def test_trainers_and_observers_are_no_question():
    told = facts(stay(GRACE, 0, 60), stay(INSPECTOR.name, 0, 60), lesson=an_ended_lesson(), roster=(GRACE, INSPECTOR))
    assert sheet_of(told, now=at(100)).questions == ()


# About strangers


def test_a_stranger_who_is_there_is_asked_about_at_once():
    assert kinds(joined("iPad", at=5), lesson=a_lesson(), now="09:05:01") == {QuestionKind.WHO_IS_THIS}


def test_a_stranger_who_looked_in_for_less_than_two_minutes_is_not():
    assert kinds(stay("iPad", 5, "09:06:59"), lesson=a_lesson(), now=10) == set()
    assert kinds(stay("iPad", 5, 7), lesson=a_lesson(), now=10) == {QuestionKind.WHO_IS_THIS}


def test_each_device_without_a_name_is_a_question_of_its_own():
    """Nobody can take a display name for one of them: names have no space at their edge."""
    asked = questions(stay("", 0, 60, device="phone"), stay("", 5, 50, device="tablet"))
    subjects = [each.subject for each in asked]
    assert [each.kind for each in asked] == [QuestionKind.WHO_IS_THIS] * 2
    assert subjects == [" session-1 's phone", " session-1 's tablet"]


def test_suggestions_are_those_who_have_not_come_likeliest_first():
    (question,) = [
        each
        for each in questions(
            session_started(), stay(ADA, 0, 60), stay("kahn, b.", 0, 60), roster=(ADA, BOB, CAROL, GRACE)
        )
        if each.kind is QuestionKind.WHO_IS_THIS
    ]
    assert (question.subject, question.person_ids) == ("kahn, b.", ("bob", "carol"))


def test_at_most_three_are_suggested_and_no_observer():
    many = [Person(id=f"s{number}", name=f"Student {number}", role=Role.STUDENT) for number in range(5)]
    told = facts(stay("Student", 0, 60), stay(GRACE, 0, 60), lesson=an_ended_lesson(), roster=(*many, GRACE, INSPECTOR))
    (stranger,) = sheet_of(told, now=at(100)).strangers
    assert len(stranger.suggestions) == 3
    assert "inspector" not in stranger.suggestions
