"""What `/rollcall help` answers: every verb in one line, or one verb with examples."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.messages.blocks import section
from bot.messages.formatting import Writer, written
from bot.messages.message import Message, Reader


def help_(*, verb: str = "", reader: Reader) -> Message:
    """The help of one verb, or of all; an unknown verb gets all of them."""
    plain, rich = written(reader)
    if verb not in HELP:
        lines = [_usage(rich, each) for each in HELP]
        return Message(plain.text("What /rollcall can do"), [section("\n".join([f"*{_all(rich)}*", *lines]))])
    usage, purpose, detail = HELP[verb](rich)
    text = f"`{usage}`\n{purpose}\n{detail}" if detail else f"`{usage}`\n{purpose}"
    return Message(f"{usage}: {purpose}", [section(text)])


def _all(write: Writer) -> str:
    return write.text("What `/rollcall` can do")


def _usage(write: Writer, verb: str) -> str:
    usage, purpose, _detail = HELP[verb](write)
    return f"`{usage}`  {purpose}"


#: Usage, purpose, and what else there is to say.
Explained = tuple[str, str, str]


def _menu(write: Writer) -> Explained:
    _ = write.text
    return ("/rollcall", _("A menu with buttons, fit for who asks."), "")


def _now(write: Writer) -> Explained:
    _ = write.text
    return (
        _("/rollcall now [course]"),
        _("Trainers: who is here, late, waiting, missing, unknown."),
        _("Without a course: the lesson of yours that runs now."),
    )


def _summary(write: Writer) -> Explained:
    _ = write.text
    return (
        _("/rollcall summary [lesson]"),
        _("Trainers: posts the summary (again)."),
        _("A lesson is a course, a day, or both: `/rollcall summary Python 101 yesterday`, `… 2026-11-23`."),
    )


def _report(write: Writer) -> Explained:
    _ = write.text
    return (
        _("/rollcall report [course] [period] [csv|xlsx|pdf]"),
        _("Trainers: what a course came to for each student, as a file."),
        _(
            "A period is `last week`, `this month`, `2026-11` or `2026-11-02 to 2026-11-27`; without one, the whole "
            "course: `/rollcall report Python 101 last month xlsx`."
        ),
    )


def _mark(write: Writer) -> Explained:
    _ = write.text
    return (
        _("/rollcall mark @student present|excused|absent [reason]"),
        _("Trainers: corrects a student's attendance; recorded with your name and the reason."),
        _("About the lesson that runs, else the last that ended. A name does as well: `mark Bob Stone excused flu`."),
    )


def _cancel(write: Writer) -> Explained:
    _ = write.text
    return (
        _("/rollcall cancel [lesson] [reason]"),
        _("Trainers and coordinators: cancels a lesson, stops all reminders and tells the channel."),
        _("Without a lesson: the one that runs, else the next: `/rollcall cancel I am ill`. Alone, it asks first."),
    )


def _me(write: Writer) -> Explained:
    _ = write.text
    return (_("/rollcall me"), _("Your own attendance, the sums, and how much you may still miss."), "")


def _why(write: Writer) -> Explained:
    _ = write.text
    return (
        _("/rollcall why [@student] [lesson]"),
        _("How a verdict came about, minute by minute. Students see only their own."),
        _("Without a lesson: the one that runs, else the last that ended: `/rollcall why @Bob Stone yesterday`."),
    )


def _check(write: Writer) -> Explained:
    _ = write.text
    examples = [
        _("Without ranges: what the course or the template says (`opentalk`, `light`, `cpe`, `cle`)."),
        _("Ranges: `start every 20m`, `start after 10m within 20m`, `start 10-30m then 60-70m answer within 3m`."),
        _("`time @student 15m`: whoever needs longer to answer has it, from the next question on."),
        _("Students, if the button cannot be pressed: `/presence confirm` and the word that the trainer says aloud."),
    ]
    return (
        _("/rollcall check now|start|stop|status|time"),
        _("Trainers: asks who is there to confirm it, once or now and then. `/presence` is the same."),
        "\n".join(examples),
    )


def _help(write: Writer) -> Explained:
    _ = write.text
    return (_("/rollcall help [verb]"), _("This list, or more about one verb."), "")


HELP: Final[Mapping[str, Callable[[Writer], Explained]]] = {
    "menu": _menu,
    "now": _now,
    "summary": _summary,
    "report": _report,
    "check": _check,
    "mark": _mark,
    "cancel": _cancel,
    "me": _me,
    "why": _why,
    "help": _help,
}
