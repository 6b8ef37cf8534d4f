"""*Are you there?*: one question of a presence check to one student, its whole life in one message."""

from bot.attendance.wanted import About, Notice
from bot.messages.actions import CHECK_CONFIRM, CHECK_WAS_THERE, ButtonValue
from bot.messages.blocks import actions, button, section
from bot.messages.formatting import Writer, cut, escape, written
from bot.messages.message import Block, Message, Reader
from bot.messages.shared import notice_blocks

LONGEST_REASON = 300


def check_question(
    *,
    about: About,
    checkpoint_id: str,
    stage: str,
    window_seconds: int | None,
    reader: Reader,
    asked_at: int = 0,
    at: int | None = None,
    deadline: int | None = None,
    via: str = "",
    by: str = "",
    reason: str = "",
    notice: Notice | None = None,
) -> Message:
    """CHECK_QUESTION; `asked_at` is the moment of its delivery, from which the deadline of one that is asked counts."""
    plain, rich = written(reader)
    if stage == "asked" and deadline is None and window_seconds is not None:
        deadline = asked_at + window_seconds

    def fact(write: Writer) -> str:
        return _fact(write, stage, at=at, deadline=deadline, by=by)

    detail = _detail(rich, about, stage, deadline=deadline, via=via, reason=reason)
    blocks = [section(f"*{fact(rich)}*\n{detail}"), *_buttons(rich, about, stage, checkpoint_id)]
    return Message(fact(plain), [*blocks, *notice_blocks(rich, notice)])


def _fact(write: Writer, stage: str, *, at: int | None, deadline: int | None, by: str) -> str:
    _ = write.text
    until = write.time(deadline) if deadline is not None else ""
    moment = write.time(at) if at is not None else ""
    if stage == "asked":
        return _("Are you there? Confirm by {time}", time=until) if until else _("Are you there? Please confirm")
    if stage == "confirmed":
        return _("Confirmed {time} ✓", time=moment)
    if stage == "missed":
        return _("Missed: no answer by {time}", time=until) if until else _("Missed: no answer")
    if stage == "late":
        return _("Answered late, at {time}", time=moment)
    if stage == "disputed":
        return _("You said at {time} that you were there", time=moment)
    return _closed(write, stage, by)


def _closed(write: Writer, stage: str, by: str) -> str:
    """What does not count against anybody."""
    _, name = write.text, escape(by)
    sentences = {
        "accepted": _("Accepted: you were there ✓"),
        "waived": _("Waived by {name}", name=name) if name else _("Waived"),
        "disconnected": _("You were offline when we asked"),
        "void": _("This question does not count"),
        "cancelled": _("This question is cancelled"),
    }
    return sentences[stage]


def _detail(write: Writer, about: About, stage: str, *, deadline: int | None, via: str, reason: str) -> str:
    _, title = write.text, escape(about["title"])
    if stage == "confirmed" and via == "code":
        return _("{title}: by the word that was said aloud.", title=title)
    if stage == "late" and deadline is not None:
        time = write.time(deadline)
        return _("{title}: it was open until {time}. Your trainer decides if it counts.", title=title, time=time)
    why = escape(reason, LONGEST_REASON)
    sentences = {
        "missed": _("{title}: if you were there, say so, and your trainer decides.", title=title),
        "late": _("{title}: your trainer decides if it counts.", title=title),
        "disputed": _("{title}: your trainer decides.", title=title),
        "waived": _("{title}: it does not count against you. “{reason}”", title=title, reason=why)
        if why
        else _("{title}: it does not count against you.", title=title),
        "disconnected": _("{title}: it does not count against you.", title=title),
        "void": _("{title}: it ended before the time to answer did.", title=title),
        "cancelled": _("{title}: it counts for nobody.", title=title),
    }
    return sentences.get(stage, title)


def _buttons(write: Writer, about: About, stage: str, checkpoint_id: str) -> list[Block]:
    _ = write.text
    value = ButtonValue(about["lesson_id"], detail=checkpoint_id)
    if stage == "asked":
        label = _("Confirm that you are in {title}", title=cut(about["title"], 45))
        return actions(button(_("Confirm"), action=CHECK_CONFIRM, value=value, is_primary=True, label=label))
    if stage == "missed":
        return actions(button(_("I was there"), action=CHECK_WAS_THERE, value=value))
    return []
