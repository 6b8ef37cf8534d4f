"""What the channel, and who had been reminded, are told of a lesson that will not be."""

from bot.attendance.wanted import About, Notice
from bot.messages.blocks import section
from bot.messages.formatting import escape, written
from bot.messages.message import Message, Reader
from bot.messages.shared import cancelled_fact, notice_blocks

LONGEST_REASON = 500


def cancelled(*, about: About, reason: str, by: str, reader: Reader, notice: Notice | None = None) -> Message:
    """CANCELLED and CANCELLED_DM."""
    plain, rich = written(reader)
    lines = [f"*{cancelled_fact(rich, about)}*"]
    if reason:
        lines.append(escape(reason, LONGEST_REASON))
    if by:
        lines.append(rich.text("Cancelled by {name}", name=escape(by)))
    return Message(cancelled_fact(plain, about), [section("\n".join(lines)), *notice_blocks(rich, notice)])
