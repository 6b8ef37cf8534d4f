"""Every open question is a sentence with one-tap answers."""

import pytest

from bot.attendance.sheet import QuestionKind
from bot.attendance.wanted import OpenQuestion
from bot.messages import actions
from bot.messages.actions import ButtonValue, numbered
from bot.messages.formatting import Writer
from bot.messages.questions import ANSWERS, question_blocks, question_text
from tests.bot.messages.contents import LESSON, QUESTIONS, ROME, choice, clock
from tests.bot.messages.test_limits import elements_of

WRITE = Writer(ROME)

#: the question → the sentence, and what its buttons read
READS = {
    "who_is_this": (
        "“iPad (2)” was in the lesson for 48 min: who is it?",
        ["Eve Clark", "Bob Stone", "Somebody else", "A guest"],
    ),
    "who_is_this_without_suggestions": (
        "“iPad (2)” was in the lesson for 48 min: who is it?",
        ["Somebody else", "A guest"],
    ),
    "who_is_this_without_a_name": (
        f"Somebody without a name joined at <!date^{clock(3)}^{{time}}|18:03> and was in the lesson for 48 min: who is it?",
        ["Somebody else", "A guest"],
    ),
    "says_is_in": ("Bob Stone says to be in as “iPad (2)”: is that so?", ["Yes, it is Bob Stone", "No"]),
    "waited": (
        "Bob Stone was in the waiting room for 8 min: shall it count?",
        ["Credit the waiting", "Leave it", "Why?"],
    ),
    "much_assumed": ("12 min of Bob Stone's time are assumed: are they right?", ["Accept", "Why?"]),
    "identities_disagree": ("What counts for Bob Stone may be Eve Clark: who is it?", ["Bob Stone", "Eve Clark"]),
    "weak_identity": (
        "Bob Stone was recognised by the name alone: is that right?",
        ["Yes, it is Bob Stone", "No"],
    ),
    "asked_excuse": ("Bob Stone asks to be excused: dentist", ["Excuse", "Decline…"]),
    "asked_excuse_without_a_reason": ("Bob Stone asks to be excused", ["Excuse", "Decline…"]),
    "disputed": (
        "Bob Stone says that this is wrong: I was in by phone",
        ["Count the whole lesson", "Decline…", "Why?"],
    ),
    "disputed_without_a_reason": (
        "Bob Stone says that this is wrong",
        ["Count the whole lesson", "Decline…", "Why?"],
    ),
    "late_facts": ("Late data would change 1 verdict for the worse: Bob Stone", ["Apply the changes"]),
    "record_differs": (
        "6 min of Bob Stone's time are not in the platform's record: shall they count?",
        ["They count", "Take the record", "Why?"],
    ),
    "did_it_take_place": ("Did it take place?", ["The whole time", "From … to …", "As measured", "No"]),
    "was_this_a_lesson": ("Was this a lesson?", ["Yes, for the whole course", "No"]),
}


def values_of(question: OpenQuestion, *, number: int = 0) -> dict[str, ButtonValue]:
    """The action and the value of each button."""
    elements = elements_of(question_blocks(WRITE, question, lesson=LESSON, number=number))
    return {element["action_id"]: ButtonValue.read(element["value"]) for element in elements}


@pytest.mark.parametrize("name", READS)
def test_it_reads_as_it_was_agreed(name: str) -> None:
    sentence, buttons = READS[name]
    assert question_text(WRITE, QUESTIONS[name]) == sentence
    elements = elements_of(question_blocks(WRITE, QUESTIONS[name], lesson=LESSON, number=0))
    assert [element["text"]["text"] for element in elements] == buttons


def test_every_kind_of_question_has_its_answers() -> None:
    assert set(ANSWERS) == set(QuestionKind) == {QuestionKind(each["kind"]) for each in QUESTIONS.values()}
    assert set(READS) == set(QUESTIONS)


def test_somebody_without_a_name_is_asked_about_too() -> None:
    nameless: OpenQuestion = {**QUESTIONS["who_is_this"], "subject": " session-1 device-7", "name": ""}
    assert question_text(WRITE, nameless) == "Somebody without a name was in the lesson for 48 min: who is it?"
    assert values_of(nameless)[numbered(actions.SOMEBODY_ELSE, 0)].detail == " session-1 device-7"


def test_a_suggestion_names_the_person_and_the_name_in_the_room() -> None:
    values = values_of(QUESTIONS["who_is_this"])
    assert values[numbered(actions.IS_PERSON, 0)] == ButtonValue(LESSON, "eve-clark", "iPad (2)")
    assert values[numbered(actions.SOMEBODY_ELSE, 0)] == ButtonValue(LESSON, detail="iPad (2)")
    assert values[numbered(actions.NOT_A_PERSON, 0)] == ButtonValue(LESSON, detail="iPad (2)")


def test_only_three_suggestions_get_a_button() -> None:
    many: OpenQuestion = {**QUESTIONS["who_is_this"], "suggestions": [choice(f"Student {n}") for n in range(9)]}
    assert len(values_of(many)) == 3 + 2


def test_who_says_to_be_in_is_confirmed_with_the_name_they_gave() -> None:
    values = values_of(QUESTIONS["says_is_in"])
    assert set(values.values()) == {ButtonValue(LESSON, "bob-stone", "iPad (2)")}


def test_whose_data_disagree_is_given_to_one_of_them() -> None:
    values = values_of(QUESTIONS["identities_disagree"])
    assert list(values.values()) == [
        ButtonValue(LESSON, "bob-stone", "bob-stone"),
        ButtonValue(LESSON, "eve-clark", "bob-stone"),
    ]


def test_who_was_recognised_by_name_is_confirmed_or_not() -> None:
    values = values_of(QUESTIONS["weak_identity"])
    assert values[numbered(actions.DECIDE_IDENTITY, 0)] == ButtonValue(LESSON, "bob-stone", "bob-stone")
    assert values[numbered(actions.NOT_THIS_PERSON, 0)] == ButtonValue(LESSON, "bob-stone")


def test_what_is_declined_is_said() -> None:
    assert values_of(QUESTIONS["asked_excuse"])[numbered(actions.DECLINE, 0)].detail == "excuse"
    assert values_of(QUESTIONS["disputed"])[numbered(actions.DECLINE, 0)].detail == "dispute"


def test_no_two_buttons_of_one_message_have_the_same_action() -> None:
    identities = [action for number, each in enumerate(QUESTIONS.values()) for action in values_of(each, number=number)]
    assert len(identities) == len(set(identities))
