"""What a student is told about the own verdict: that it changed, or what became of a request."""

from typing import Literal

from bot.attendance.wanted import About, Notice
from bot.messages.actions import THIS_IS_WRONG, WHY, ButtonValue
from bot.messages.blocks import actions, button, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
from bot.messages.shared import notice_blocks
from bot.messages.verdicts import verdict_words

LONGEST_REASON = 500


def verdict_changed(
    *,
    about: About,
    old: str,
    new: str,
    permille: int | None,
    note: str,
    reader: Reader,
    notice: Notice | None = None,
) -> Message:
    """VERDICT_CHANGED and VERDICT_CHANGED_AGAIN, once per version of the sheet."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        return _now(write, about, new, permille)

    lines = [f"*{fact(rich)}*", rich.text("Before: {verdict}", verdict=verdict_words(rich, old))]
    if note:
        lines.append(escape(note, LONGEST_REASON))
    return Message(fact(plain), [section("\n".join(lines)), *_buttons(rich, about), *notice_blocks(rich, notice)])


def dispute_settled(
    *,
    about: About,
    about_what: Literal["dispute", "excuse"],
    is_accepted: bool,
    reason: str,
    by: str,
    at: int,
    verdict: str,
    permille: int | None,
    reader: Reader,
    notice: Notice | None = None,
) -> Message:
    """DISPUTE_SETTLED and DISPUTE_SETTLED_AGAIN: who decided, when, and why not."""
    plain, rich = written(reader)
    title, who = escape(about["title"]), escape(by) or plain.text("your school")

    def fact(write: Writer) -> str:
        _, time = write.text, write.time(at)
        if about_what == "excuse" and is_accepted:
            return _("{title}: excused by {name}, {time}", title=title, name=who, time=time)
        if about_what == "excuse":
            return _("{title}: not excused, says {name}, {time}", title=title, name=who, time=time)
        if is_accepted:
            return _("{title}: corrected by {name}, {time}", title=title, name=who, time=time)
        return _("{title}: left as it is by {name}, {time}", title=title, name=who, time=time)

    lines = [f"*{fact(rich)}*"]
    if reason:
        lines.append(escape(reason, LONGEST_REASON))
    lines.append(_now(rich, about, verdict, permille))
    return Message(fact(plain), [section("\n".join(lines)), *_buttons(rich, about), *notice_blocks(rich, notice)])


def _now(write: Writer, about: About, verdict: str, permille: int | None) -> str:
    _ = write.text
    title, words = escape(about["title"]), verdict_words(write, verdict)
    if permille is None:
        return _("Your attendance of {title} is now: {verdict}", title=title, verdict=words)
    share = write.percent(permille)
    return _("Your attendance of {title} is now: {verdict}, {percent}", title=title, verdict=words, percent=share)


def _buttons(write: Writer, about: About) -> list[dict[str, object]]:
    _, value = write.text, ButtonValue(about["lesson_id"])
    return actions(
        button(_("Why?"), action=WHY, value=value),
        button(_("This is wrong"), action=THIS_IS_WRONG, value=value),
    )
