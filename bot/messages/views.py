"""The modals: what is asked when one tap does not say enough.

Each comes back with its `callback_id`, with what it is about in `private_metadata`, and with the fields listed beside
the constants in `actions.py`. A modal's title, labels and options are plain text, which knows no markup.
"""

from collections.abc import Sequence

from bot.attendance.sheet import display_name_of
from bot.attendance.wanted import Choice
from bot.messages.actions import (
    CANCEL_VIEW,
    CANNOT_COME_VIEW,
    DECLINE_VIEW,
    DISPUTE_VIEW,
    FROM,
    FROM_TO_VIEW,
    IN_ALREADY_VIEW,
    MARK_KIND,
    MARK_VIEW,
    NAME_IN_ROOM,
    NAME_TYPED,
    SLACK_USER,
    SUBSTITUTE_VIEW,
    TO,
    WHO_IS_IT_VIEW,
    WHY_VIEW,
    ButtonValue,
)
from bot.messages.blocks import LONGEST_OPTION_VALUE, asked, option, plain, section, select, typed
from bot.messages.formatting import Writer, by_name, escape
from bot.messages.forms import form, person_asked, reason_asked
from bot.messages.message import Block, Reader

#: as many as one list without groups takes
MOST_NAMES = 100


def loading(*, reader: Reader) -> Block:
    """What stands while the real one is being made: Slack gives three seconds for the first."""
    write = Writer(reader)
    return {
        "type": "modal",
        "title": plain(write.text("One moment")),
        "close": plain(write.text("Close")),
        "blocks": [section(write.text("Looking it up…"))],
    }


def cannot_come_view(*, lesson_id: str, title: str, reader: Reader) -> Block:
    """A student can't come: why, if they want to say."""
    _ = Writer(reader).text
    return form(
        reader,
        title=_("Can't come"),
        callback=CANNOT_COME_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Tell the trainer"),
        blocks=[
            section(_("Your trainer is told that you can't come to *{title}*.", title=escape(title))),
            reason_asked(reader, label=_("Why?"), hint=_("Only your trainers read this."), is_optional=True),
        ],
    )


def in_already_view(*, lesson_id: str, names: Sequence[str], reader: Reader) -> Block:
    """*Under which name?*: one of those in the room whom nobody knows, or one that is typed."""
    _ = Writer(reader).text
    shown = by_name({name[:LONGEST_OPTION_VALUE] for name in names} - {""})[:MOST_NAMES]
    listed = select(NAME_IN_ROOM, placeholder=_("A name in the room"), options=[option(name, name) for name in shown])
    blocks = [asked(NAME_IN_ROOM, label=_("Under which name are you in?"), element=listed, is_optional=True)]
    label = _("Or type the name") if shown else _("Under which name are you in?")
    return form(
        reader,
        title=_("Under which name?"),
        callback=IN_ALREADY_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("That is me"),
        blocks=[
            *(blocks if shown else []),
            asked(NAME_TYPED, label=label, element=typed(NAME_TYPED, longest=200), is_optional=bool(shown)),
        ],
    )


def substitute_view(*, lesson_id: str, title: str, reader: Reader) -> Block:
    """*Somebody else teaches*: who."""
    _ = Writer(reader).text
    element: Block = {"type": "users_select", "action_id": SLACK_USER, "placeholder": plain(_("A person"))}
    return form(
        reader,
        title=_("Somebody else teaches"),
        callback=SUBSTITUTE_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Let them teach"),
        blocks=[
            section(_("They are a trainer of this lesson of *{title}*, and of no other.", title=escape(title))),
            asked(SLACK_USER, label=_("Who teaches?"), element=element),
        ],
    )


def who_is_it_view(*, lesson_id: str, subject: str, people: Sequence[Choice], reader: Reader) -> Block:
    """*Somebody else*: whose is this name in the room? `subject` is the stranger's."""
    _, name = Writer(reader).text, display_name_of(subject)
    known = _("“{name}” was in the room. It is remembered for the course.", name=escape(name))
    return form(
        reader,
        title=_("Who is it?"),
        callback=WHO_IS_IT_VIEW,
        about=ButtonValue(lesson_id, detail=subject),
        submit=_("It is them"),
        blocks=[
            section(known if name else _("Somebody without a name was in the room.")),
            person_asked(reader, label=_("Who is it?"), people=people),
        ],
    )


def why_view(*, lesson_id: str, people: Sequence[Choice], reader: Reader) -> Block:
    """A trainer asks *why*: of whom?"""
    _ = Writer(reader).text
    return form(
        reader,
        title=_("Why?"),
        callback=WHY_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Show"),
        blocks=[person_asked(reader, label=_("Of whom?"), people=people)],
    )


def mark_view(
    *, lesson_id: str, title: str, people: Sequence[Choice], reader: Reader, needs_reason: bool = False
) -> Block:
    """*Mark…*: whom, as what, and why; a locked lesson needs the reason."""
    _ = Writer(reader).text
    kinds = [
        option(_("Present the whole time"), "present"),
        option(_("Excused"), "excused"),
        option(_("Absent"), "absent"),
    ]
    element: Block = {"type": "radio_buttons", "action_id": MARK_KIND, "options": kinds}
    return form(
        reader,
        title=_("Mark a student"),
        callback=MARK_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Mark"),
        blocks=[
            section(_("*{title}*: it is recorded with your name.", title=escape(title))),
            person_asked(reader, label=_("Whom?"), people=people),
            asked(MARK_KIND, label=_("As what?"), element=element),
            reason_asked(reader, label=_("Why?"), is_optional=not needs_reason),
        ],
    )


def decline_view(*, lesson_id: str, person_id: str, name: str, about_what: str, reader: Reader) -> Block:
    """*Decline…* an excuse or a dispute: with a reason, which the student reads."""
    _ = Writer(reader).text
    student = escape(name)
    asks = _("{name} asks to be excused.", name=student)
    disputes = _("{name} says that the verdict is wrong.", name=student)
    return form(
        reader,
        title=_("Decline"),
        callback=DECLINE_VIEW,
        about=ButtonValue(lesson_id, person_id, about_what),
        submit=_("Decline"),
        blocks=[
            section(asks if about_what == "excuse" else disputes),
            reason_asked(reader, label=_("Why not?"), hint=_("The student reads this.")),
        ],
    )


def dispute_view(*, lesson_id: str, title: str, reader: Reader) -> Block:
    """*This is wrong*: what is?"""
    _ = Writer(reader).text
    return form(
        reader,
        title=_("This is wrong"),
        callback=DISPUTE_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Tell the trainer"),
        blocks=[
            section(_("Your trainer of *{title}* decides, and you are told.", title=escape(title))),
            reason_asked(reader, label=_("What is wrong?"), hint=_("For example: I was in by phone from 18:00.")),
        ],
    )


def cancel_view(*, lesson_id: str, title: str, start: int, reader: Reader) -> Block:
    """*Cancel*: is it this one, and why?"""
    write = Writer(reader)
    _ = write.text
    question = _("*{title}*, {when}, is cancelled for everybody.", title=escape(title), when=write.date(start))
    return form(
        reader,
        title=_("Cancel a lesson"),
        callback=CANCEL_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("Cancel the lesson"),
        blocks=[
            section(question),
            reason_asked(reader, label=_("Why?"), hint=_("Everybody reads this."), is_optional=True),
        ],
    )


def from_to_view(*, lesson_id: str, title: str, start: int, end: int, reader: Reader) -> Block:
    """*From … to …*: when did it take place? Slack shows and takes both in the reader's own zone."""
    _ = Writer(reader).text

    def picker(field: str, at: int) -> Block:
        return {"type": "datetimepicker", "action_id": field, "initial_date_time": at}

    return form(
        reader,
        title=_("When did it take place?"),
        callback=FROM_TO_VIEW,
        about=ButtonValue(lesson_id),
        submit=_("That is when"),
        blocks=[
            section(_("*{title}*: attendance counts against this time.", title=escape(title))),
            asked(FROM, label=_("From"), element=picker(FROM, start)),
            asked(TO, label=_("To"), element=picker(TO, end)),
        ],
    )
