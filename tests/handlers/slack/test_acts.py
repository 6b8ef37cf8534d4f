"""What a press becomes: once what was pressed once, and a change of mind every time."""

from bot.attendance.lessons import CorrectionKind
from handlers.slack.acts import Act, press_key, stands_already, what_stands
from tests.builders import ADA, BOB, GRACE, correction, during

EXCUSE_BOB = Act(kind=CorrectionKind.EXCUSED, person=BOB.id)


def test_what_nobody_said_does_not_stand() -> None:
    assert what_stands(EXCUSE_BOB, []) is None
    assert not stands_already(EXCUSE_BOB, None)


def test_a_second_press_finds_that_it_stands() -> None:
    excused = correction(CorrectionKind.EXCUSED, BOB)
    assert stands_already(EXCUSE_BOB, what_stands(EXCUSE_BOB, [excused]))


def test_what_was_said_about_somebody_else_is_another_matter() -> None:
    assert what_stands(EXCUSE_BOB, [correction(CorrectionKind.EXCUSED, ADA)]) is None


def test_a_change_of_mind_and_back_again_counts_each_time() -> None:
    excused = correction(CorrectionKind.EXCUSED, BOB, at=90)
    absent = correction(CorrectionKind.NOT_PRESENT, BOB, at=91)
    last = what_stands(EXCUSE_BOB, [excused, absent])
    assert last is absent
    assert not stands_already(EXCUSE_BOB, last)
    assert press_key("lesson-1", EXCUSE_BOB, last) != press_key("lesson-1", EXCUSE_BOB, None)


def test_two_presses_at_the_same_moment_have_one_key() -> None:
    assert press_key("lesson-1", EXCUSE_BOB, None) == press_key("lesson-1", EXCUSE_BOB, None)


def test_two_trainers_who_decide_differently_at_the_same_moment_have_one_key_too() -> None:
    accept_bob = Act(kind=CorrectionKind.ACCEPT_VERDICT, person=BOB.id)
    assert press_key("lesson-1", EXCUSE_BOB, None) == press_key("lesson-1", accept_bob, None)


def test_the_key_tells_lessons_people_and_matters_apart() -> None:
    join_bob = Act(kind=CorrectionKind.JOIN_PRESSED, person=BOB.id)
    excuse_ada = Act(kind=CorrectionKind.EXCUSED, person=ADA.id)
    keys = {
        press_key("lesson-1", EXCUSE_BOB, None),
        press_key("lesson-2", EXCUSE_BOB, None),
        press_key("lesson-1", excuse_ada, None),
        press_key("lesson-1", join_bob, None),
    }
    assert len(keys) == 4


def test_two_promises_within_a_minute_are_one_and_a_later_one_is_new() -> None:
    promised = correction(CorrectionKind.ON_MY_WAY, BOB, actor=BOB, at=3, during=during(3, 8))
    again = Act(kind=CorrectionKind.ON_MY_WAY, person=BOB.id, during=during(3.5, 8.5))
    later = Act(kind=CorrectionKind.ON_MY_WAY, person=BOB.id, during=during(3.5, 13.5))
    assert stands_already(again, promised)
    assert not stands_already(later, promised)


def test_what_people_said_answers_each_other() -> None:
    promised = correction(CorrectionKind.ON_MY_WAY, BOB, actor=BOB, at=3, during=during(3, 8))
    gives_up = Act(kind=CorrectionKind.CANNOT_COME, person=BOB.id)
    assert what_stands(gives_up, [promised]) is promised
    assert not stands_already(gives_up, promised)


def test_what_a_trainer_declined_may_be_said_again() -> None:
    claim = Act(kind=CorrectionKind.IN_ALREADY, person=BOB.id, note="iPad (2)")
    claimed = correction(CorrectionKind.IN_ALREADY, BOB, actor=BOB, at=3, note="iPad (2)")
    declined = correction(CorrectionKind.DECLINED, BOB, at=4, answers=CorrectionKind.IN_ALREADY)
    assert stands_already(claim, what_stands(claim, [claimed]))
    assert not stands_already(claim, what_stands(claim, [claimed, declined]))


def test_the_same_mark_without_a_reason_says_nothing_new_and_another_reason_does() -> None:
    excused = correction(CorrectionKind.EXCUSED, BOB, note="flu")
    assert stands_already(EXCUSE_BOB, excused)
    assert stands_already(Act(kind=CorrectionKind.EXCUSED, person=BOB.id, note="flu"), excused)
    assert not stands_already(Act(kind=CorrectionKind.EXCUSED, person=BOB.id, note="covid"), excused)


def test_an_act_is_written_with_who_and_when() -> None:
    written = EXCUSE_BOB.as_correction(id_="c1", at=during(0, 1).start, actor=GRACE.id)
    assert (written.id, written.actor, written.person, written.kind) == ("c1", "grace", "bob", CorrectionKind.EXCUSED)
