"""*Which one?*: what is asked where a command fits several lessons or several people."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.attendance.wanted import Choice
from bot.messages.actions import PICK_LESSON, PICK_PERSON, ButtonValue, numbered
from bot.messages.blocks import actions, button, section
from bot.messages.formatting import cut, plain_date, sorted_by_name, written
from bot.messages.message import Message, Reader

#: one row of buttons on a telephone is about this many
MOST_CHOICES = 10


@dataclass(frozen=True, slots=True)
class LessonChoice:
    """A lesson to pick; `start` in seconds of the epoch."""

    lesson_id: str
    title: str
    start: int


def which_lesson(*, choices: Sequence[LessonChoice], verb: str, person_id: str = "", reader: Reader) -> Message:
    """The newest first; each button goes on with the verb for its lesson, and for that person if there is one."""
    plain, rich = written(reader)
    newest = sorted(choices, key=lambda choice: choice.start, reverse=True)[:MOST_CHOICES]
    buttons = [
        button(
            f"{cut(choice.title, 50)}, {plain_date(choice.start, reader.zone)}",
            action=numbered(PICK_LESSON, number),
            value=ButtonValue(choice.lesson_id, person_id, verb),
        )
        for number, choice in enumerate(newest)
    ]
    return Message(plain.text("Which lesson?"), [section(f"*{rich.text('Which lesson?')}*"), *actions(*buttons)])


def which_person(*, choices: Sequence[Choice], lesson_id: str, detail: str, reader: Reader) -> Message:
    """Several people have the name that was typed; `detail` is the verb and its words."""
    plain, rich = written(reader)
    buttons = [
        button(
            cut(choice["name"], 75),
            action=numbered(PICK_PERSON, number),
            value=ButtonValue(lesson_id, choice["person_id"], detail),
        )
        for number, choice in enumerate(sorted_by_name(choices)[:MOST_CHOICES])
    ]
    return Message(plain.text("Who is meant?"), [section(f"*{rich.text('Who is meant?')}*"), *actions(*buttons)])
