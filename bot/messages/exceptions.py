"""The exceptions of a summary: each student whom the trainer should look at, with one-tap answers."""

from bot.attendance.sheet import Flag, Verdict
from bot.attendance.wanted import SummaryRow
from bot.messages.actions import ACCEPT, EXCUSE, WHY, ButtonValue, numbered
from bot.messages.blocks import actions, button, context, section
from bot.messages.fitting import groups_that_fit
from bot.messages.formatting import Writer, cut, escape
from bot.messages.message import Block
from bot.messages.verdicts import flag_words, verdict_words

ROOM_FOR_EXCEPTIONS = 5_000
#: of the exceptions that got no buttons
ROOM_FOR_NAMES = 700
EXCEPTIONAL_VERDICTS = frozenset({Verdict.ABSENT, Verdict.PARTIAL})
EXCEPTIONAL_FLAGS = frozenset({Flag.LATE, Flag.LEFT_EARLY, Flag.DROPPED, Flag.WAITED, Flag.CHECK_FAILED})


def is_exception(row: SummaryRow) -> bool:
    """Whether the trainer should look at this student, or has."""
    is_flagged = not EXCEPTIONAL_FLAGS.isdisjoint(row["flags"])
    return row["is_settled"] or row["asked_excuse"] or row["verdict"] in EXCEPTIONAL_VERDICTS or is_flagged


def exception_blocks(write: Writer, lesson: str, rows: list[SummaryRow]) -> list[Block]:
    """Each exception with its buttons while there is room, the others by name."""
    groups = ([section(exception_line(write, row)), *_buttons(write, lesson, row, n)] for n, row in enumerate(rows))
    taken = groups_that_fit(groups, room=ROOM_FOR_EXCEPTIONS)
    blocks = [block for group in taken for block in group]
    others = rows[len(taken) :]
    if others:
        lines = [exception_line(write, row) for row in others]
        more = write.count("{n} more:", "{n} more:", len(others))
        blocks.append(section("\n".join([more, write.listed(lines, room=ROOM_FOR_NAMES, between="\n")])))
        blocks.append(context(write.text("Settle these with `/rollcall mark`, or read `/rollcall why`.")))
    return blocks


def exception_line(write: Writer, row: SummaryRow) -> str:
    """*Bob Stone: attended in part, 7 min late, 84.2 %*, and who settled it."""
    _ = write.text
    name = escape(row["name"])
    parts = [verdict_words(write, row["verdict"]), *flag_words(write, row["flags"], late_seconds=row["late_seconds"])]
    if row["permille"] is not None and row["attended_seconds"]:
        parts.append(write.percent(row["permille"]))
    if row["asked_excuse"] and not row["is_settled"]:
        parts.append(_("asked to be excused"))
    line = f"{name if write.is_plain else f'*{name}*'}: {', '.join(parts)}"
    return f"{line}. {_settled(write, row)}" if row["is_settled"] else line


def _settled(write: Writer, row: SummaryRow) -> str:
    """*Excused by Grace Hopper, 18:31*: who did it, and when."""
    _ = write.text
    by, at = row.get("settled_by", ""), row.get("settled_at")
    if not by or at is None:
        return _("Settled.")
    who, when = escape(by), write.time(at)
    if row["verdict"] == Verdict.EXCUSED:
        return _("Excused by {name}, {time}", name=who, time=when)
    if Flag.CORRECTED in row["flags"]:
        return _("Corrected by {name}, {time}", name=who, time=when)
    return _("Accepted by {name}, {time}", name=who, time=when)


def _buttons(write: Writer, lesson: str, row: SummaryRow, number: int) -> list[Block]:
    if row["is_settled"]:
        return []
    _, name, value = write.text, cut(row["name"], 50), ButtonValue(lesson, row["person_id"])
    return actions(
        button(_("Accept"), action=numbered(ACCEPT, number), value=value, label=_("Accept {name}", name=name)),
        button(_("Excuse"), action=numbered(EXCUSE, number), value=value, label=_("Excuse {name}", name=name)),
        button(_("Why?"), action=numbered(WHY, number), value=value, label=_("Why: {name}", name=name)),
    )
