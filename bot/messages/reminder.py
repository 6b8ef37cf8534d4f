"""What a missing student is told, from the first reminder to *You joined*: one message, edited through its life."""

from typing import Literal

from bot.attendance.wanted import About, Notice, Said
from bot.messages.actions import CANNOT_COME, IN_ALREADY, ON_MY_WAY, TECHNICAL_PROBLEM, THAT_WAS_ME, ButtonValue
from bot.messages.blocks import actions, button, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Block, Message, Reader
from bot.messages.shared import (
    cancelled_fact,
    is_over_fact,
    join_button,
    no_data_fact,
    notice_blocks,
    on_my_way_buttons,
)

Stage = Literal["missing", "joined", "excused", "over", "cancelled"]


def reminder(
    *,
    about: About,
    stage: Stage,
    said: Said,
    promised_at: int | None,
    joined_at: int | None,
    late_seconds: int | None,
    is_feed_proven: bool,
    can_say_in: bool,
    reader: Reader,
    after_seconds: int | None = None,
    no_data_since: int | None = None,
    notice: Notice | None = None,
    is_promise_over: bool = False,
) -> Message:
    """REMINDER_1, REMINDER_2 and, with `is_promise_over`, PROMISE_OVER; buttons only while there is something to do."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        if stage == "joined":
            return _joined(write, joined_at, late_seconds)
        if stage != "missing":
            return _closed(write, stage, about)
        if is_promise_over and promised_at is not None:
            return write.text(
                "{title}: you wanted to be here by {time}", title=escape(about["title"]), time=write.time(promised_at)
            )
        return _missing(write, about, said, promised_at, after_seconds)

    detail = _detail(rich, about, stage, said, is_feed_proven=is_feed_proven, no_data_since=no_data_since)
    blocks = [section(f"*{fact(rich)}*\n{detail}" if detail else f"*{fact(rich)}*")]
    if stage == "missing":
        is_waited_for = said == "on_my_way" and not is_promise_over
        blocks += _buttons(rich, about, said, can_say_in=can_say_in, offers_promise=not is_waited_for)
    if stage == "over" and can_say_in:
        value = ButtonValue(about["lesson_id"])
        blocks += actions(button(rich.text("I was in, under another name"), action=THAT_WAS_ME, value=value))
    return Message(fact(plain), [*blocks, *notice_blocks(rich, notice)])


def _missing(write: Writer, about: About, said: Said, promised_at: int | None, after_seconds: int | None) -> str:
    _ = write.text
    title = escape(about["title"])
    if said == "on_my_way" and promised_at is not None:
        return _("{title}: you are expected at {time}", title=title, time=write.time(promised_at))
    if said == "technical_problem":
        return _("{title}: your trainer knows of your technical problem", title=title)
    if said == "cannot_come":
        return _("{title}: your trainer knows that you can't come", title=title)
    if said == "in_already":
        return _("{title}: your trainer is asked if you are in already", title=title)
    if after_seconds is None:
        return _("{title} started at {time}", title=title, time=write.time(about["start"]))
    return _("{title} started {length} ago", title=title, length=write.length(after_seconds))


def _joined(write: Writer, joined_at: int | None, late_seconds: int | None) -> str:
    _ = write.text
    if joined_at is None:
        return _("You are in")
    if late_seconds is None:
        return _("You joined at {time}", time=write.time(joined_at))
    return _("You joined at {time}, {length} late", time=write.time(joined_at), length=write.length(late_seconds))


def _closed(write: Writer, stage: Stage, about: About) -> str:
    if stage == "excused":
        return write.text("You are excused from {title}", title=escape(about["title"]))
    return cancelled_fact(write, about) if stage == "cancelled" else is_over_fact(write, about)


def _detail(
    write: Writer, about: About, stage: Stage, said: Said, *, is_feed_proven: bool, no_data_since: int | None
) -> str:
    """The second line: since when, and how we know."""
    _ = write.text
    if stage == "joined":
        return escape(about["title"])
    if stage == "over":
        asked = _("You asked to be excused; that is not decided yet.")
        return asked if said == "cannot_come" else _not_seen(write, about, no_data_since, is_feed_proven=is_feed_proven)
    if stage != "missing":
        return ""
    start = write.time(about["start"])
    if said == "cannot_come":
        return _("You asked to be excused. You can still join.")
    if is_feed_proven:
        return _("It began at {time} and you are missing.", time=start)
    return _("It began at {time} and we do not see you yet. If you are in, all is well.", time=start)


def _not_seen(write: Writer, about: About, no_data_since: int | None, *, is_feed_proven: bool) -> str:
    """Not to have been seen means something only where somebody could have been."""
    _ = write.text
    if is_feed_proven:
        return _("We did not see you in this lesson.")
    unknown = _("Whether you were there is not known.")
    return unknown if no_data_since is None else f"{no_data_fact(write, about, no_data_since)} {unknown}"


def _buttons(write: Writer, about: About, said: Said, *, can_say_in: bool, offers_promise: bool) -> list[Block]:
    _ = write.text
    value = ButtonValue(about["lesson_id"])
    trouble = button(_("Technical problem"), action=TECHNICAL_PROBLEM, value=value)
    cannot = button(_("Can't come"), action=CANNOT_COME, value=value)
    is_in = button(_("I am in already"), action=IN_ALREADY, value=value)
    rows = actions(
        join_button(write, about),
        trouble if said not in {"technical_problem", "cannot_come"} else None,
        cannot if said != "cannot_come" else None,
        is_in if can_say_in and said != "in_already" else None,
    )
    offers_promise = offers_promise and said != "cannot_come"
    return [*rows, *(on_my_way_buttons(write, about, action=ON_MY_WAY) if offers_promise else [])]
