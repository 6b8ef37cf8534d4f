"""What a platform tells beside attendance stands on the sheet: recordings, devices, quizzes and polls by person."""

from dataclasses import replace

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.decide import decide
from bot.attendance.interactions import is_right
from bot.attendance.records import AskedInMeeting, GivenInMeeting, Interaction
from bot.attendance.sheet import GivenAnswer, Sheet
from bot.attendance.wanted import MessageKind
from bot.reports.attendance_json import attendance_json
from tests.bot.attendance.test_counting import TRAINER
from tests.bot.attendance.test_records import a_record, ended, was_in
from tests.builders import ADA, BOB, an_ended_lesson, at, facts, stay

QUIZ = AskedInMeeting(
    kind=Interaction.QUIZ, id="q-1", text="2 + 2?", options=(("A", "4"),), correct="A", accuracy="50 %"
)
POLL = AskedInMeeting(kind=Interaction.POLL, id="p-1", text="Again?")


def given(who: str, value: str, *, of: AskedInMeeting = QUIZ) -> GivenInMeeting:
    return GivenInMeeting(external_id=who, kind=of.kind, asked=of.id, value=value)


def the_sheet() -> Sheet:
    record = replace(
        a_record(was_in(ADA, 0, 60), was_in(BOB, 0, 60)),
        recordings=("https://video.example.com/1",),
        devices=(("ada-1", "Chrome"), ("ada-1", "iPad"), ("nobody-9", "Firefox")),
        asked=(QUIZ, POLL),
        given=(given("ada-1", "A"), given("bob-1", "B"), given("nobody-9", "A"), given("bob-1", "1", of=POLL)),
    )
    return ended(*TRAINER, records=(record,))


def test_every_question_stands_there_with_the_answers_of_who_is_on_the_sheet() -> None:
    quiz, poll = the_sheet().asked
    assert quiz.answers == (
        GivenAnswer(person_id="ada", value="A", is_right=True),
        GivenAnswer(person_id="bob", value="B", is_right=False),
    )
    assert poll.answers == (GivenAnswer(person_id="bob", value="1", is_right=None),)


def test_recordings_and_devices_stand_there() -> None:
    assert the_sheet().recordings == ("https://video.example.com/1",)
    assert the_sheet().devices == (("ada", "Chrome, iPad"),)


def test_the_summary_counts_quizzes_and_polls_apart() -> None:
    record = replace(
        a_record(was_in(ADA, 0, 60)),
        asked=(QUIZ, POLL, replace(POLL, id="p-2")),
        given=(given("ada-1", "A"),),
    )
    wanted = decide(facts(*TRAINER, lesson=an_ended_lesson(), records=(record,)), now=at(300)).wanted
    (meeting,) = [each.content["meeting"] for each in wanted if each.kind is MessageKind.SUMMARY]
    assert meeting == {"recordings": [], "quizzes": 1, "polls": 2, "answers": 1, "right": 1}


def test_the_api_has_it_under_meeting() -> None:
    meeting = attendance_json(the_sheet())["meeting"]
    assert meeting["recordings"] == ["https://video.example.com/1"]
    assert meeting["devices"] == [{"person": "ada", "device": "Chrome, iPad"}]
    assert [(quiz["question"], quiz["average_accuracy"], len(quiz["answers"])) for quiz in meeting["quizzes"]] == [
        ("2 + 2?", "50 %", 2)
    ]
    assert meeting["polls"][0]["answers"] == [{"person": "bob", "answer": "1", "right": None}]


def test_without_any_of_it_the_api_has_no_such_part() -> None:
    plain = sheet_of(facts(stay(ADA, 0, 60), lesson=an_ended_lesson()), now=at(300))
    assert "meeting" not in attendance_json(plain)


@pytest.mark.parametrize(
    ("correct", "value", "right"),
    [("A", "a ", True), ("A,B", "B, A", True), ("A,B", "A", False), ("", "A", None)],
)
def test_an_answer_is_right_if_it_names_the_right_options_in_any_order(
    correct: str, value: str, right: bool | None
) -> None:
    assert is_right(replace(QUIZ, correct=correct), value) is right
