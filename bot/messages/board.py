"""The board: the live message of a running lesson, edited in place; at the end one line."""

from typing import Literal

from bot.attendance.lessons import Feed
from bot.attendance.wanted import About
from bot.messages.actions import BREAK, CHECK_START, MARK, REMIND_MISSING, ButtonValue, numbered
from bot.messages.blocks import actions, button, context, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Block, Message, Reader
from bot.messages.shared import OFFERED_MINUTES, missing_count, unheard

#: characters of one group's names, of which there are seven
ROOM_FOR_GROUP = 1_300


def board(
    *,
    about: About,
    state: Literal["open", "live", "over", "cancelled"],
    expected: int,
    here: list[str],
    waiting: list[str],
    dropped: list[str],
    on_the_way: list[str],
    missing: list[str],
    excused: list[str],
    strangers: list[str],
    has_trainer: bool,
    feed: str,
    is_feed_proven: bool,
    break_until: int | None,
    shows_names: bool,
    reader: Reader,
    more_strangers: int = 0,
    link: str = "",
) -> Message:
    """BOARD; `link` leads from the last edit to the summary."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        title = escape(about["title"])
        if state == "cancelled":
            return _("{title} is cancelled", title=title)
        if state == "over":
            return _("{title} is over", title=title)
        counted = _("{n} of {expected} here", n=len(here), expected=expected)
        parts = [title, *([_begins(write, about)] if state == "open" else []), counted]
        parts += _counts(write, waiting=waiting, dropped=dropped, on_the_way=on_the_way)
        if state == "live":
            parts.append(missing_count(write, len(missing), is_feed_proven=is_feed_proven))
        parts += _rest(write, strangers=len(strangers) + more_strangers, excused=len(excused))
        if feed == Feed.SILENT:
            parts.append(_("no data"))
        if break_until is not None:
            parts.append(_("break until {time}", time=write.time(break_until)))
        return " · ".join(parts)

    if state in {"over", "cancelled"}:
        summary = f" · <{link}|{rich.text('Summary')}>" if link else ""
        return Message(fact(plain), [section(f"*{fact(rich)}*{summary}")])
    _ = rich.text
    trainer = "" if has_trainer else _no_trainer(rich, is_feed_proven=is_feed_proven)
    groups = [
        (_("Here"), here),
        (_("Waiting to be let in"), waiting),
        (_("Dropped out"), dropped),
        (_("On the way"), on_the_way),
        (_("Missing") if is_feed_proven else _("Not seen"), missing if state == "live" else []),
        (_("Excused"), excused),
    ]
    lines = [f"*{heading}*: {rich.names(names, room=ROOM_FOR_GROUP)}" for heading, names in groups if names]
    if strangers:
        unknown = rich.names(strangers, room=ROOM_FOR_GROUP, more=more_strangers, is_live=True)
        lines.append(f"*{_('Unknown')}*: {unknown}")
    blocks = [section(f"*{fact(rich)}*"), *(section(line) for line in lines if shows_names)]
    blocks += [context(note) for note in _notes(rich, about, state, feed, trainer)]
    return Message(fact(plain), [*blocks, *_buttons(rich, about, state, is_anybody_missing=bool(missing))])


def _begins(write: Writer, about: About) -> str:
    return write.text("begins at {time}", time=write.time(about["start"]))


def _counts(write: Writer, *, waiting: list[str], dropped: list[str], on_the_way: list[str]) -> list[str]:
    counts = [
        (write.count("{n} waiting", "{n} waiting", len(waiting)), waiting),
        (write.count("{n} dropped", "{n} dropped", len(dropped)), dropped),
        (write.count("{n} on the way", "{n} on the way", len(on_the_way)), on_the_way),
    ]
    return [text for text, people in counts if people]


def _rest(write: Writer, *, strangers: int, excused: int) -> list[str]:
    counts = [
        (write.count("{n} excused", "{n} excused", excused), excused),
        (write.count("{n} unknown", "{n} unknown", strangers), strangers),
    ]
    return [text for text, n in counts if n]


def _no_trainer(write: Writer, *, is_feed_proven: bool) -> str:
    _ = write.text
    return _("The trainer is not here yet.") if is_feed_proven else _("We do not see the trainer yet.")


def _notes(write: Writer, about: About, state: str, feed: str, trainer: str) -> list[str]:
    """What is not known is said."""
    unsure = unheard(write, about, feed) if state == "live" or feed == Feed.SILENT else ""
    return [note for note in (trainer if state == "live" else "", unsure) if note]


def _buttons(write: Writer, about: About, state: str, *, is_anybody_missing: bool) -> list[Block]:
    if state != "live":
        return []
    _ = write.text
    lesson = about["lesson_id"]
    check = button(_("Presence check"), action=CHECK_START, value=ButtonValue(lesson))
    remind = button(_("Remind the missing"), action=REMIND_MISSING, value=ButtonValue(lesson))
    mark = button(_("Mark…"), action=MARK, value=ButtonValue(lesson), label=_("Mark a student"))
    breaks = [
        button(
            _("Break: {n} min", n=minutes) if minutes == OFFERED_MINUTES[0] else _("{n} min", n=minutes),
            action=numbered(BREAK, minutes),
            value=ButtonValue(lesson, detail=str(minutes)),
            label=write.count("Break of {n} minute", "Break of {n} minutes", minutes),
        )
        for minutes in OFFERED_MINUTES
    ]
    return actions(check, remind if is_anybody_missing else None, mark, *breaks)
