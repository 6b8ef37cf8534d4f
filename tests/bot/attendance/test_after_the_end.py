"""What is told and asked once a lesson is over, beside its summary."""

import pytest

from bot.attendance.decide import decide
from bot.attendance.lessons import CorrectionKind, LessonState, Person, Role, Told
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    a_lesson,
    at,
    correction,
    during,
    facts,
    left,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
)
from tests.fakes.lesson_watch import LessonWatch, watched

PLANNED = a_lesson(state=LessonState.PLANNED)
CHANNEL = PLANNED.channel


def an_hour(*events, **changes):
    """Grace and Ada are there all the time; the test says what Bob does."""
    return facts(
        session_started(),
        the_trainer(-10, 60),
        stay(ADA, 0, 60),
        *events,
        session_ended(at=60),
        **{"lesson": PLANNED, "known": (EVE,), **changes},
    )


def summary_of(watch: LessonWatch, channel: str = CHANNEL):
    return watch.standing(MessageKind.SUMMARY, channel)


# What a student is told afterwards

VERDICTS = {MessageKind.VERDICT_CHANGED, MessageKind.VERDICT_CHANGED_AGAIN}


def changes_told(watch: LessonWatch, person: Person = BOB) -> list[dict]:
    return [
        dict(each.content)
        for each in watch.sent
        if each.kind in VERDICTS and each.content is not None and each.recipient == person.id
    ]


def test_a_changed_verdict_is_told_with_the_percentage_on_the_basis_of_the_course():
    mark = correction(CorrectionKind.PRESENT, BOB, at=90, during=during(0, 30))
    (told,) = changes_told(watched(an_hour(corrections=[mark]), until=100))
    assert (told["old"], told["new"], told["permille"]) == ("absent", "partial", 500)


def marked(*marks: tuple[CorrectionKind, float]):
    """Bob never came; Grace marks him, again and again."""
    return an_hour(corrections=[correction(kind, BOB, at=moment) for kind, moment in marks])


def test_each_change_notifies_and_the_message_before_it_goes():
    present, absent = CorrectionKind.PRESENT, CorrectionKind.NOT_PRESENT
    watch = watched(marked((present, 90), (absent, 120), (present, 150)), until=160)
    kinds = ["verdict_changed", "verdict_changed_again", "verdict_changed"]
    told = [each for each in watch.told("bob") if each[1].startswith("verdict")]
    assert [kind for _, kind in told] == kinds
    assert [time for time, _ in told] == ["10:30:00", "11:00:00", "11:30:00"]
    assert watch.standing(MessageKind.VERDICT_CHANGED_AGAIN, "bob") is None
    assert changes_told(watch)[-1]["new"] == "validated"


def test_while_slack_has_not_taken_the_older_one_away_yet_its_place_is_for_the_next_change():
    watch = watched(marked((CorrectionKind.PRESENT, 90), (CorrectionKind.NOT_PRESENT, 120)), until=121)
    told = {
        **watch.facts.told,
        (MessageKind.VERDICT_CHANGED, "bob"): Told(sent_at=at(90), is_wanted=False),
        (MessageKind.VERDICT_CHANGED_AGAIN, "bob"): Told(sent_at=at(120), is_wanted=True),
    }
    again = (*watch.facts.corrections, correction(CorrectionKind.PRESENT, BOB, at=150))
    wanted = decide(replace(watch.facts, told=told, corrections=again), now=at(150)).wanted
    changed = [each.kind for each in wanted if each.kind in VERDICTS and each.content is not None]
    assert changed == [MessageKind.VERDICT_CHANGED]


def test_a_change_that_was_not_posted_yet_makes_room_for_the_next_one():
    watch = watched(marked((CorrectionKind.PRESENT, 90)), until=91)
    told = {**watch.facts.told, (MessageKind.VERDICT_CHANGED, "bob"): Told(sent_at=None, is_wanted=True)}
    again = (*watch.facts.corrections, correction(CorrectionKind.NOT_PRESENT, BOB, at=92))
    wanted = decide(replace(watch.facts, told=told, corrections=again), now=at(92)).wanted
    changed = [each.kind for each in wanted if each.kind in VERDICTS and each.content is not None]
    assert changed == [MessageKind.VERDICT_CHANGED]


def test_a_second_decision_notifies_like_the_first():
    said = [
        correction(CorrectionKind.DISPUTED, BOB, at=70, actor=BOB),
        correction(CorrectionKind.DECLINED, BOB, at=80, answers=CorrectionKind.DISPUTED, note="asleep"),
        correction(CorrectionKind.DISPUTED, BOB, at=90, actor=BOB),
        correction(CorrectionKind.PRESENT, BOB, at=100),
    ]
    watch = watched(an_hour(corrections=said), until=110)
    told = [each for each in watch.told("bob") if each[1].startswith("dispute")]
    assert told == [("10:20:00", "dispute_settled"), ("10:40:00", "dispute_settled_again")]
    assert watch.standing(MessageKind.DISPUTE_SETTLED, "bob") is None


def test_a_change_within_five_minutes_of_the_end_waits_until_deliveries_have_settled():
    """It is not lost either: the version that they could have read is written over at once."""
    mark = correction(CorrectionKind.PRESENT, BOB, at=62)
    watch = watched(an_hour(corrections=[mark]), until=61)
    watch.facts = replace(watch.facts, corrections=(mark,))
    (wanted,) = [each for each in decide(watch.facts, now=at(62.5)).wanted if each.kind is MessageKind.VERDICT_CHANGED]
    assert wanted.due_at == at(65)


def test_who_has_no_slack_account_is_told_of_no_change():
    nowhere = replace(BOB, slack_user_id="")
    mark = correction(CorrectionKind.PRESENT, BOB, at=90)
    assert changes_told(watched(an_hour(roster=(ADA, nowhere, GRACE), corrections=[mark]), until=100)) == []


def test_a_verdict_that_was_open_is_no_change_when_it_is_decided():
    """Grace was there for ten minutes only; then she says that it took place."""
    told = facts(
        session_started(),
        the_trainer(0, 10),
        stay(BOB, 0, 60),
        session_ended(at=60),
        lesson=PLANNED,
        corrections=[correction(CorrectionKind.TOOK_PLACE, at=90, during=during(0, 60))],
    )
    assert changes_told(watched(told, until=100)) == []


def test_of_a_silent_lesson_no_change_is_told():
    lesson = replace(PLANNED, is_silent=True)
    mark = correction(CorrectionKind.PRESENT, BOB, at=8 * 24 * 60)
    assert watched(an_hour(lesson=lesson, corrections=[mark]), until=9 * 24 * 60).sent == []


def decision_told(watch: LessonWatch):
    return watch.standing(MessageKind.DISPUTE_SETTLED, "bob")


@pytest.mark.parametrize(
    ("decided", "is_accepted"),
    [
        (CorrectionKind.PRESENT, True),
        (CorrectionKind.EXCUSED, True),
        (CorrectionKind.CREDIT_WAITING, True),
        (CorrectionKind.DECLINED, False),
        (CorrectionKind.NOT_PRESENT, False),
        (CorrectionKind.ACCEPT_VERDICT, False),
    ],
)
def test_who_said_this_is_wrong_is_told_what_became_of_it(decided, is_accepted):
    said = [
        correction(CorrectionKind.DISPUTED, BOB, at=70, actor=BOB),
        correction(decided, BOB, at=90, note="I saw you", answers=CorrectionKind.DISPUTED),
    ]
    told = decision_told(watched(an_hour(corrections=said), until=91))
    assert (told["about_what"], told["is_accepted"], told["reason"], told["by"], told["at"]) == (
        "dispute",
        is_accepted,
        "I saw you",
        "Grace Hopper",
        int(at(90).timestamp()),
    )


def test_who_asked_to_be_excused_is_told_too():
    said = [
        correction(CorrectionKind.CANNOT_COME, BOB, at=5, actor=BOB),
        correction(CorrectionKind.EXCUSED, BOB, at=90),
    ]
    told = decision_told(watched(an_hour(corrections=said), until=91))
    assert (told["about_what"], told["is_accepted"], told["verdict"]) == ("excuse", True, "excused")


def test_a_refused_claim_to_be_in_is_no_answer_to_a_request_to_be_excused():
    said = [
        correction(CorrectionKind.CANNOT_COME, BOB, at=5, actor=BOB, note="flu"),
        correction(CorrectionKind.IN_ALREADY, BOB, at=8, actor=BOB, note="iPad (2)"),
        correction(CorrectionKind.DECLINED, BOB, at=10, note="iPad (2)", answers=CorrectionKind.IN_ALREADY),
    ]
    watch = watched(an_hour(corrections=said), until=91)
    assert decision_told(watch) is None
    bob = watch.decision.sheet.person("bob")
    assert bob is not None
    assert bob.asked_excuse
    (row,) = [each for each in watch.standing(MessageKind.SUMMARY, "C0PYTHON")["rows"] if each["person_id"] == "bob"]
    assert not row["is_settled"]
    refusal = {"note": "No doctor's note", "answers": CorrectionKind.CANNOT_COME}
    said.append(correction(CorrectionKind.DECLINED, BOB, at=92, **refusal))
    told = decision_told(watched(an_hour(corrections=said), until=93))
    assert (told["about_what"], told["is_accepted"], told["reason"]) == ("excuse", False, "No doctor's note")


def test_a_decision_from_before_the_dispute_is_no_answer_to_it():
    said = [
        correction(CorrectionKind.ACCEPT_VERDICT, BOB, at=65),
        correction(CorrectionKind.DISPUTED, BOB, at=70, actor=BOB),
    ]
    assert decision_told(watched(an_hour(corrections=said), until=91)) is None


def test_who_asked_nothing_is_told_of_no_decision():
    said = [correction(CorrectionKind.ACCEPT_VERDICT, BOB, at=65)]
    assert decision_told(watched(an_hour(corrections=said), until=91)) is None


# Did it take place?


OFFICE = Person(id="office", name="The office", role=Role.NOT_ENROLLED, slack_user_id="U0OFFICE")


def test_the_question_turns_into_its_answer():
    told = facts(
        session_started(),
        the_trainer(0, 10),
        stay(BOB, 0, 60),
        session_ended(at=60),
        lesson=PLANNED,
        corrections=[correction(CorrectionKind.TOOK_PLACE, at=90)],
    )
    watch = watched(told, until=61)
    asked = watch.standing(MessageKind.DID_IT_TAKE_PLACE, "grace")
    assert (asked["students_there"], asked["held_seconds"], asked["planned_seconds"], asked["answer"]) == (
        1,
        600,
        3600,
        "",
    )
    answered = watch.until(91).standing(MessageKind.DID_IT_TAKE_PLACE, "grace")
    assert (answered["answer"], answered["answered_by"]) == ("took_place", "Grace Hopper")


def test_a_lesson_that_took_place_tells_the_coordinator_nothing():
    lesson = replace(PLANNED, coordinator="office")
    told = facts(lesson=lesson, known=(OFFICE,), corrections=[correction(CorrectionKind.TOOK_PLACE, at=90)])
    kinds = [kind for _, kind in watched(told, until=91).told("office")]
    assert "coordinator_not_held" not in kinds


def test_a_lesson_that_was_confirmed_asks_nothing():
    watch = watched(an_hour(left(BOB, at=60)), until=80)
    assert watch.standing(MessageKind.DID_IT_TAKE_PLACE, "grace") is None
