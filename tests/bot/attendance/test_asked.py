"""What a student asked is open until somebody answers that very thing: a refusal settles only what it refuses."""

import pytest

from bot.attendance.asked import last_word, open_ask
from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import CorrectionKind
from bot.attendance.sheet import QuestionKind
from tests.builders import (
    BOB,
    an_ended_lesson,
    at,
    correction,
    facts,
    replace,
    the_trainer,
)

CLAIM = correction(CorrectionKind.IN_ALREADY, BOB, at=5, actor=BOB, note="iPad (2)")
EXCUSE = correction(CorrectionKind.CANNOT_COME, BOB, at=6, actor=BOB, note="flu")
DISPUTE = correction(CorrectionKind.DISPUTED, BOB, at=70, actor=BOB, note="I was in")
ASKED = (CLAIM, EXCUSE, DISPUTE)


def refused(asked: CorrectionKind, at: float = 80):
    return correction(CorrectionKind.DECLINED, BOB, at=at, answers=asked, id=f"refused {asked}")


def open_questions(*said) -> set[QuestionKind]:
    told = facts(the_trainer(-10, 60), lesson=an_ended_lesson(), corrections=said)
    return {each.kind for each in sheet_of(told, now=at(100)).questions}


def test_all_three_are_open_at_once():
    assert open_questions(*ASKED) == {QuestionKind.SAYS_IS_IN, QuestionKind.ASKED_EXCUSE, QuestionKind.DISPUTED}


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        (CorrectionKind.IN_ALREADY, QuestionKind.SAYS_IS_IN),
        (CorrectionKind.CANNOT_COME, QuestionKind.ASKED_EXCUSE),
        (CorrectionKind.DISPUTED, QuestionKind.DISPUTED),
    ],
)
def test_declining_one_settles_only_that_one(asked, question):
    assert open_questions(*ASKED, refused(asked)) == open_questions(*ASKED) - {question}


def test_the_last_word_is_an_open_dispute_whatever_else_was_refused_since():
    refusal = refused(CorrectionKind.CANNOT_COME)
    assert last_word([EXCUSE, DISPUTE, refusal]) is DISPUTE
    assert last_word([EXCUSE, DISPUTE, refusal, refused(CorrectionKind.DISPUTED, at=81)]).answers is DISPUTE.kind


def test_a_refused_claim_is_no_word_about_the_verdict():
    assert last_word([CLAIM, refused(CorrectionKind.IN_ALREADY)]) is None


def test_waiting_that_is_credited_excuses_nobody():
    credit = correction(CorrectionKind.CREDIT_WAITING, BOB, at=80)
    assert open_ask([EXCUSE, credit], CorrectionKind.CANNOT_COME) is EXCUSE


def test_what_is_asked_again_is_open_again():
    again = replace(DISPUTE, id="again", at=at(90))
    assert open_ask([DISPUTE, refused(CorrectionKind.DISPUTED), again], CorrectionKind.DISPUTED) is again
