"""Open questions, each with its one-tap answers: on the trainer's card and on the summary."""

from collections.abc import Callable, Mapping

from bot.attendance.sheet import QuestionKind
from bot.attendance.wanted import Choice, OpenQuestion
from bot.messages.actions import (
    ACCEPT,
    APPLY_CHANGES,
    APPROVE_DISPUTE,
    CREDIT_WAITING,
    DECIDE_IDENTITY,
    DECLINE,
    EXCUSE,
    IS_PERSON,
    NO_LESSON,
    NOT_A_PERSON,
    NOT_THIS_PERSON,
    SOMEBODY_ELSE,
    TAKE_RECORD,
    TOOK_NO_PLACE,
    TOOK_PLACE_AS_MEASURED,
    TOOK_PLACE_FROM_TO,
    TOOK_PLACE_WHOLE,
    WAS_A_LESSON,
    WHY,
    ButtonValue,
    numbered,
)
from bot.messages.blocks import actions, are_you_sure, button, section
from bot.messages.formatting import Writer, cut, escape
from bot.messages.message import Block
from bot.messages.shared import choice_buttons

#: suggestions that get a button; *Somebody else* has all
MOST_SUGGESTIONS = 3
#: characters of somebody's own words that are shown
LONGEST_NOTE = 300


def question_blocks(write: Writer, question: OpenQuestion, *, lesson: str, number: int) -> list[Block]:
    """The question and the row of its answers; `number` keeps its buttons apart from those of the others."""
    answers = ANSWERS[QuestionKind(question["kind"])](write, question, lesson, number)
    return [section(question_text(write, question)), *actions(*answers)]


def question_text(write: Writer, question: OpenQuestion) -> str:
    """The question in words, as mrkdwn."""
    _ = write.text
    kind = QuestionKind(question["kind"])
    name, note = escape(question["name"]) or _("no name"), escape(question["note"], LONGEST_NOTE)
    length = write.length(question["seconds"])
    if kind is QuestionKind.WHO_IS_THIS and not question["name"]:
        return _nameless(write, question.get("joined_at"), length)
    if kind is QuestionKind.WHO_IS_THIS:
        return _("“{name}” was in the lesson for {length}: who is it?", name=name, length=length)
    if kind is QuestionKind.SAYS_IS_IN:
        return _("{name} says to be in as “{note}”: is that so?", name=name, note=note)
    if kind is QuestionKind.WAITED:
        return _("{name} was in the waiting room for {length}: shall it count?", name=name, length=length)
    if kind is QuestionKind.MUCH_ASSUMED:
        return _("{length} of {name}'s time are assumed: are they right?", name=name, length=length)
    if kind is QuestionKind.WEAK_IDENTITY:
        return _("{name} was recognised by the name alone: is that right?", name=name)
    return _rarer_question_text(write, question, name=name, note=note)


def _nameless(write: Writer, joined_at: int | None, length: str) -> str:
    if joined_at is None:
        return write.text("Somebody without a name was in the lesson for {length}: who is it?", length=length)
    return write.text(
        "Somebody without a name joined at {time} and was in the lesson for {length}: who is it?",
        time=write.time(joined_at),
        length=length,
    )


def _rarer_question_text(write: Writer, question: OpenQuestion, *, name: str, note: str) -> str:
    _ = write.text
    kind = QuestionKind(question["kind"])
    if kind is QuestionKind.IDENTITIES_DISAGREE:
        people = write.names([choice["name"] for choice in question["suggestions"]], room=400)
        return _("What counts for {name} may be {people}: who is it?", name=name, people=people)
    if kind is QuestionKind.ASKED_EXCUSE:
        return (
            _("{name} asks to be excused: {note}", name=name, note=note)
            if note
            else _("{name} asks to be excused", name=name)
        )
    if kind is QuestionKind.DISPUTED:
        return (
            _("{name} says that this is wrong: {note}", name=name, note=note)
            if note
            else _("{name} says that this is wrong", name=name)
        )
    if kind is QuestionKind.LATE_FACTS:
        return write.count(
            "Late data would change {n} verdict for the worse: {names}",
            "Late data would change {n} verdicts for the worse: {names}",
            len(question["suggestions"]) + question.get("more_suggestions", 0),
            names=write.names(
                [choice["name"] for choice in question["suggestions"]],
                room=400,
                more=question.get("more_suggestions", 0),
            ),
        )
    if kind is QuestionKind.RECORD_DIFFERS:
        length = write.length(question["seconds"])
        return _(
            "{length} of {name}'s time are not in the platform's record: shall they count?", length=length, name=name
        )
    if kind is QuestionKind.WAS_THIS_A_LESSON:
        return _("Was this a lesson?")
    return _("Did it take place?")


def took_place_buttons(write: Writer, lesson: str) -> list[Block]:
    """*Did it take place?*: its four answers."""
    _, value = write.text, ButtonValue(lesson)
    sure = are_you_sure(
        title=_("Not held?"),
        text=_("Then nobody is absent, and the coordinator is told."),
        yes=_("It was not held"),
        no=_("Go back"),
    )
    return [
        button(_("The whole time"), action=TOOK_PLACE_WHOLE, value=value),
        button(_("From … to …"), action=TOOK_PLACE_FROM_TO, value=value),
        button(_("As measured"), action=TOOK_PLACE_AS_MEASURED, value=value),
        button(_("No"), action=TOOK_NO_PLACE, value=value, label=_("No, it did not take place"), confirm=sure),
    ]


def was_lesson_buttons(write: Writer, lesson: str) -> list[Block]:
    """*Was this a lesson?*: its two answers."""
    _, value = write.text, ButtonValue(lesson)
    return [
        button(_("Yes, for the whole course"), action=WAS_A_LESSON, value=value),
        button(_("No"), action=NO_LESSON, value=value, label=_("No, it was not a lesson")),
    ]


def _who_is_this(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    _ = write.text
    shown = question["subject"]
    value = ButtonValue(lesson, detail=shown)
    likely = question["suggestions"][:MOST_SUGGESTIONS]
    name = cut(question["name"], 40) or _("no name")
    return [
        *choice_buttons(likely, action=IS_PERSON, lesson=lesson, detail=shown, first=number * MOST_SUGGESTIONS),
        button(
            _("Somebody else"),
            action=numbered(SOMEBODY_ELSE, number),
            value=value,
            label=_("“{name}” is somebody else", name=name),
        ),
        button(
            _("A guest"), action=numbered(NOT_A_PERSON, number), value=value, label=_("“{name}” is a guest", name=name)
        ),
    ]


def _says_is_in(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    """The person is the subject, the display name the note."""
    value = ButtonValue(lesson, question["subject"], question["note"])
    yes = _yes_it_is(write, question, action=numbered(IS_PERSON, number * MOST_SUGGESTIONS), value=value)
    return [yes, _no_it_is_not(write, question, value, number)]


def _recognised_by_name(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    subject = question["subject"]
    value = ButtonValue(lesson, subject, subject)
    yes = _yes_it_is(write, question, action=numbered(DECIDE_IDENTITY, number * (MOST_SUGGESTIONS + 1)), value=value)
    return [yes, _no_it_is_not(write, question, ButtonValue(lesson, subject), number)]


def _disagree(_write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    """Who it counts for now, and who else it may be."""
    subject = question["subject"]
    now: Choice = {"person_id": subject, "name": question["name"]}
    choices = [now, *question["suggestions"][:MOST_SUGGESTIONS]]
    first = number * (MOST_SUGGESTIONS + 1)
    return choice_buttons(choices, action=DECIDE_IDENTITY, lesson=lesson, detail=subject, first=first)


def _yes_it_is(write: Writer, question: OpenQuestion, *, action: str, value: ButtonValue) -> Block:
    return button(write.text("Yes, it is {name}", name=cut(question["name"], 45)), action=action, value=value)


def _no_it_is_not(write: Writer, question: OpenQuestion, value: ButtonValue, number: int) -> Block:
    label = write.text("No, not {name}", name=cut(question["name"], 45))
    return button(write.text("No"), action=numbered(NOT_THIS_PERSON, number), value=value, label=label)


def _waited(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    value = ButtonValue(lesson, question["subject"])
    credit = button(write.text("Credit the waiting"), action=numbered(CREDIT_WAITING, number), value=value)
    return [credit, _leave_it(write, value, number), _why(write, value, number)]


def _assumed(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    value = ButtonValue(lesson, question["subject"])
    accept = button(write.text("Accept"), action=_apart(ACCEPT, number), value=value)
    return [accept, _why(write, value, number)]


def _asked_excuse(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    _, value = write.text, ButtonValue(lesson, question["subject"])
    return [
        button(_("Excuse"), action=_apart(EXCUSE, number), value=value),
        _decline(write, ButtonValue(lesson, question["subject"], "excuse"), number),
    ]


def _disputed(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    _, value = write.text, ButtonValue(lesson, question["subject"])
    return [
        button(_("Count the whole lesson"), action=numbered(APPROVE_DISPUTE, number), value=value),
        _decline(write, ButtonValue(lesson, question["subject"], "dispute"), number),
        _why(write, value, number),
    ]


def _late_facts(write: Writer, _question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    value = ButtonValue(lesson)
    return [button(write.text("Apply the changes"), action=numbered(APPLY_CHANGES, number), value=value)]


def _record_differs(write: Writer, question: OpenQuestion, lesson: str, number: int) -> list[Block]:
    _, value = write.text, ButtonValue(lesson, question["subject"])
    return [
        button(_("They count"), action=_apart(ACCEPT, number), value=value),
        button(_("Take the record"), action=numbered(TAKE_RECORD, number), value=value),
        _why(write, value, number),
    ]


def _took_place(write: Writer, _question: OpenQuestion, lesson: str, _number: int) -> list[Block]:
    return took_place_buttons(write, lesson)


def _was_lesson(write: Writer, _question: OpenQuestion, lesson: str, _number: int) -> list[Block]:
    return was_lesson_buttons(write, lesson)


def _why(write: Writer, value: ButtonValue, number: int) -> Block:
    return button(write.text("Why?"), action=_apart(WHY, number), value=value)


def _leave_it(write: Writer, value: ButtonValue, number: int) -> Block:
    return button(write.text("Leave it"), action=_apart(ACCEPT, number), value=value)


def _decline(write: Writer, value: ButtonValue, number: int) -> Block:
    return button(write.text("Decline…"), action=numbered(DECLINE, number), value=value)


def _apart(action: str, number: int) -> str:
    """Numbered from a thousand on: the summary's exceptions have the small numbers of the same actions."""
    return numbered(action, 1000 + number)


ANSWERS: Mapping[QuestionKind, Callable[[Writer, OpenQuestion, str, int], list[Block]]] = {
    QuestionKind.DID_IT_TAKE_PLACE: _took_place,
    QuestionKind.WAS_THIS_A_LESSON: _was_lesson,
    QuestionKind.WHO_IS_THIS: _who_is_this,
    QuestionKind.SAYS_IS_IN: _says_is_in,
    QuestionKind.WAITED: _waited,
    QuestionKind.MUCH_ASSUMED: _assumed,
    QuestionKind.IDENTITIES_DISAGREE: _disagree,
    QuestionKind.WEAK_IDENTITY: _recognised_by_name,
    QuestionKind.ASKED_EXCUSE: _asked_excuse,
    QuestionKind.DISPUTED: _disputed,
    QuestionKind.LATE_FACTS: _late_facts,
    QuestionKind.RECORD_DIFFERS: _record_differs,
}
