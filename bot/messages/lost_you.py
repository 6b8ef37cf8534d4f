"""What a student is told who dropped out of a running lesson and did not come back."""

from typing import Literal

from bot.attendance.wanted import About, Notice, Said
from bot.messages.actions import CANNOT_COME, TECHNICAL_PROBLEM, ButtonValue
from bot.messages.blocks import actions, button, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
from bot.messages.shared import cancelled_fact, is_over_fact, join_button, notice_blocks


def lost_you(
    *,
    about: About,
    stage: Literal["lost", "back", "over", "cancelled"],
    said: Said,
    lost_at: int,
    back_at: int | None,
    reader: Reader,
    notice: Notice | None = None,
) -> Message:
    """LOST_YOU; buttons only while they are out."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        if stage == "cancelled":
            return cancelled_fact(write, about)
        if stage == "over":
            return is_over_fact(write, about)
        if stage == "lost" or back_at is None:
            return write.text("Lost you at {time}", time=write.time(lost_at))
        away, time = back_at - lost_at, write.time(back_at)
        if away <= 0:
            return write.text("You are back since {time}", time=time)
        return write.text("You are back since {time}, after {length}", time=time, length=write.length(away))

    detail = _detail(rich, about, stage, said, lost_at)
    blocks = [section(f"*{fact(rich)}*\n{detail}" if detail else f"*{fact(rich)}*")]
    if stage == "lost":
        _, value = rich.text, ButtonValue(about["lesson_id"])
        blocks += actions(
            join_button(rich, about),
            button(_("Technical problem"), action=TECHNICAL_PROBLEM, value=value) if not said else None,
            button(_("Can't come back"), action=CANNOT_COME, value=value) if said != "cannot_come" else None,
        )
    return Message(fact(plain), [*blocks, *notice_blocks(rich, notice)])


def _detail(write: Writer, about: About, stage: str, said: Said, lost_at: int) -> str:
    _ = write.text
    title = escape(about["title"])
    if stage == "over":
        return _("We lost you at {time} and did not see you again.", time=write.time(lost_at))
    if stage == "cancelled":
        return ""
    if stage == "back":
        return title
    if said == "technical_problem":
        return _("{title} goes on. Your trainer knows of your technical problem.", title=title)
    if said == "cannot_come":
        return _("{title} goes on. Your trainer knows that you can't come back.", title=title)
    return _("{title} goes on: come back in.", title=title)
