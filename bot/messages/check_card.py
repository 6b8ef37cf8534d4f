"""The trainer's card of a presence check: one message, edited as students answer."""

from bot.attendance.wanted import About, AnswerCounts, AnsweredLate, OpenCheckpoint
from bot.messages.actions import CHECK_ACCEPT, CHECK_NOW, CHECK_STOP, CHECK_WAIVE, ButtonValue, numbered
from bot.messages.blocks import actions, are_you_sure, button, context, section
from bot.messages.check_answers import CheckAnswers
from bot.messages.formatting import Writer, cut, escape, sorted_by_name, written
from bot.messages.message import Block, Message, Reader

ROOM_FOR_NAMES = 2_500
ROOM_FOR_LATE = 1_500
#: each has a button, of which a row takes 25
MOST_LATE = 12


def check_card(
    *,
    about: About,
    check_id: str,
    stage: str,
    is_series: bool,
    started: str,
    started_by: str,
    ended: str,
    counts: AnswerCounts,
    questions: int,
    cancelled: int,
    open_now: OpenCheckpoint | None,
    unconfirmed: list[str],
    late: list[AnsweredLate],
    can_waive: bool,
    none_may_be_missed: bool,
    failed: list[str],
    trouble: str,
    reader: Reader,
    more_unconfirmed: int = 0,
    more_late: int = 0,
    more_failed: int = 0,
) -> Message:
    """CHECK_CARD, to each trainer of the lesson."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        head = write.text("Presence check · {title}", title=escape(about["title"]))
        return " · ".join([head, *_state(write, stage, questions, open_now), *_counts(write, stage, counts)])

    _ = rich.text
    blocks = [section(f"*{fact(rich)}*")]
    if unconfirmed and stage in {"asking", "between", "over"}:
        names = rich.names(unconfirmed, room=ROOM_FOR_NAMES, more=more_unconfirmed)
        blocks.append(section(f"*{_('Not confirmed')}*: {names}"))
    if failed and is_series:  # of a single question they have just been named
        blocks.append(section(f"*{_('Missed too many')}*: {rich.names(failed, room=ROOM_FOR_NAMES, more=more_failed)}"))
    blocks += _late(rich, about, late, more_late)
    notes = [
        _word(rich, open_now),
        _nothing_left(rich) if stage == "nothing_left" else "",
        _("With so few questions none may be missed.") if none_may_be_missed and stage != "cancelled" else "",
        _cancelled(rich, cancelled),
        _why_over(rich, ended, is_series=is_series) if stage == "over" else _who_started(rich, started, started_by),
        CheckAnswers(reader).refused(trouble) if trouble else "",
    ]
    blocks += [context(note) for note in notes if note]
    return Message(fact(plain), [*blocks, *_buttons(rich, about, check_id, stage, is_series, can_waive=can_waive)])


def _state(write: Writer, stage: str, questions: int, open_now: OpenCheckpoint | None) -> list[str]:
    _ = write.text
    if stage == "waiting":
        return [_("waits for a student")]
    if stage == "preparing":
        return [_("runs, no question yet")]
    if stage == "nothing_left":
        return [_("no moment of its plan is left, nobody will be asked")]
    if stage == "cancelled":
        return [_("cancelled")]
    if stage == "over":
        return [_("over"), write.count("{n} question", "{n} questions", questions)]
    number = _("question {n}", n=open_now["number"] if open_now is not None else questions)
    if open_now is not None and open_now["closes_at"] is not None:
        return [number, _("open until {time}", time=write.time(open_now["closes_at"]))]
    return [number]


def _counts(write: Writer, stage: str, counts: AnswerCounts) -> list[str]:
    """The answers to the newest question; what there is none of is not mentioned."""
    _ = write.text
    if stage not in {"asking", "between", "over"} or not counts["asked"]:
        return []
    told = [_("{n} of {total} confirmed", n=counts["confirmed"], total=counts["asked"])]
    others = [
        (counts["awaited"], _("{n} to go", n=counts["awaited"])),
        (counts["late"], _("{n} late", n=counts["late"])),
        (counts["missed"], _("{n} missed", n=counts["missed"])),
        (counts["waived"], _("{n} waived", n=counts["waived"])),
        (counts["disconnected"], _("{n} offline", n=counts["disconnected"])),
        (counts["undelivered"], _("{n} not reached", n=counts["undelivered"])),
        (counts["void"], _("{n} not counted", n=counts["void"])),
    ]
    return [*told, *(text for n, text in others if n)]


def _late(write: Writer, about: About, late: list[AnsweredLate], more: int) -> list[Block]:
    """Who says to have been there, and one tap for each that accepts it."""
    if not late:
        return []
    _ = write.text
    everybody = sorted_by_name(late)
    people, more = everybody[:MOST_LATE], more + len(everybody[MOST_LATE:])
    lines = [_late_line(write, each) for each in people]
    accepting = [
        button(
            _("Accept {name}", name=cut(each["name"], 40)),
            action=numbered(CHECK_ACCEPT, number),
            value=ButtonValue(about["lesson_id"], each["person_id"], each["checkpoint_id"]),
            label=_("Accept the answer of {name} to question {n}", name=cut(each["name"], 30), n=each["number"]),
        )
        for number, each in enumerate(people)
    ]
    listed = write.listed(lines, room=ROOM_FOR_LATE, between="\n", more=more)
    return [section(f"*{_('I was there')}*\n{listed}"), *actions(*accepting)]


def _late_line(write: Writer, each: AnsweredLate) -> str:
    _, name, time = write.text, escape(each["name"]), write.time(each["at"])
    if each["is_dispute"]:
        return _("{name}, question {n}: says so since {time}", name=name, n=each["number"], time=time)
    return _("{name}, question {n}: answered late, at {time}", name=name, n=each["number"], time=time)


def _word(write: Writer, open_now: OpenCheckpoint | None) -> str:
    if open_now is None or not open_now["word"]:
        return ""
    word = escape(open_now["word"])
    return write.text("For who cannot press the button, say *{word}*: they type `/presence confirm {word}`.", word=word)


def _cancelled(write: Writer, n: int) -> str:
    if not n:
        return ""
    return write.count(
        "{n} question could not be asked in time: it is cancelled and counts for nobody.",
        "{n} questions could not be asked in time: they are cancelled and count for nobody.",
        n,
    )


def _nothing_left(write: Writer) -> str:
    return write.text(
        "The lesson, or what is left of it, is too short for the moments of this plan. Nobody fails by it. Ask now, or"
        " stop it and start another, for example `/presence start every 20m`."
    )


def _who_started(write: Writer, started: str, started_by: str) -> str:
    _, name = write.text, escape(started_by)
    if started == "autostart" and not name:
        return _("It started by itself, as the course says.")
    return _("Started by {name}.", name=name) if name else ""


def _why_over(write: Writer, ended: str, *, is_series: bool) -> str:
    """A single question ends by itself when nothing is awaited any more."""
    _ = write.text
    sentences = {
        "last_participant_left": _("It ended because the last student left."),
        "creator_left": _("It ended because the trainer left."),
        "stopped_manually": _("It was stopped.") if is_series else "",
    }
    return sentences.get(ended, "")


def _buttons(
    write: Writer, about: About, check_id: str, stage: str, is_series: bool, *, can_waive: bool
) -> list[Block]:
    _ = write.text
    lesson = about["lesson_id"]
    sure = are_you_sure(
        title=_("Stop the presence check?"),
        text=_("An open question ends at once, and who has not answered it yet is not counted."),
        yes=_("Stop"),
        no=_("Go on"),
    )
    value, of_check = ButtonValue(lesson), ButtonValue(lesson, detail=check_id)
    ask = button(_("Ask now"), action=CHECK_NOW, value=value)
    waive = button(_("Waive…"), action=CHECK_WAIVE, value=of_check, label=_("Waive an answer"))
    stop = button(_("Stop"), action=CHECK_STOP, value=value, label=_("Stop the presence check"), confirm=sure)
    return actions(
        ask if stage in {"preparing", "nothing_left", "between"} else None,
        waive if can_waive else None,
        stop
        if stage == "asking" or (is_series and stage in {"waiting", "preparing", "nothing_left", "between"})
        else None,
    )
