"""What several modals have in common."""

from collections.abc import Sequence

from bot.attendance.wanted import Choice
from bot.messages.actions import PERSON, REASON, ButtonValue
from bot.messages.blocks import asked, modal, option, select, typed
from bot.messages.formatting import Writer, cut, sorted_by_name
from bot.messages.message import Block, Reader


def form(reader: Reader, *, title: str, callback: str, about: ButtonValue, submit: str, blocks: list[Block]) -> Block:
    """A modal that asks something, with the way out that all of ours have."""
    close = Writer(reader).text("Go back")
    return modal(title=title, callback=callback, about=about, submit=submit, close=close, blocks=blocks)


def reason_asked(reader: Reader, *, label: str, hint: str = "", is_optional: bool = False) -> Block:
    """Why, in a few words."""
    placeholder = Writer(reader).text("In a few words")
    element = typed(REASON, placeholder=placeholder, is_long=True)
    return asked(REASON, label=label, element=element, hint=hint, is_optional=is_optional)


def person_asked(reader: Reader, *, label: str, people: Sequence[Choice]) -> Block:
    """A list of people by name; with nobody in it Slack would refuse it, so the caller sees to that."""
    options = [option(cut(person["name"], 75), person["person_id"]) for person in sorted_by_name(people)]
    element = select(PERSON, placeholder=Writer(reader).text("A name"), options=options)
    return asked(PERSON, label=label, element=element)
