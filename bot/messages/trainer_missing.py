"""What is said when the trainer is not there: to the trainer, to the coordinator, and one calm line to the students."""

from typing import Literal

from bot.attendance.wanted import About, Candidate
from bot.messages.actions import (
    CANCEL_TODAY,
    IS_THIS_YOU,
    SOMEBODY_ELSE_TEACHES,
    TRAINER_IN_ALREADY,
    TRAINER_ON_MY_WAY,
    ButtonValue,
    numbered,
)
from bot.messages.blocks import actions, are_you_sure, button, section
from bot.messages.formatting import Writer, cut, escape, sorted_by_name, written
from bot.messages.message import Block, Message, Reader
from bot.messages.shared import (
    cancelled_fact,
    is_over_fact,
    join_button,
    no_data_fact,
    on_my_way_buttons,
    platform_name,
    waiting_students,
)

#: who may be the trainer under another name: more are not asked about one by one
MOST_CANDIDATES = 5


def trainer_missing(
    *,
    about: About,
    stage: Literal["missing", "here", "cancelled", "over"],
    students_here: int,
    students_waiting: int,
    promised_at: int | None,
    joined_at: int | None,
    candidates: list[Candidate],
    substitute: str,
    reader: Reader,
) -> Message:
    """TRAINER_MISSING, to each trainer of the lesson; `students_waiting` are all who are in the room or before it."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        if stage == "cancelled":
            return cancelled_fact(write, about)
        if stage == "over":
            return is_over_fact(write, about)
        if substitute:
            return _("{name} teaches {title} today", name=escape(substitute), title=escape(about["title"]))
        if stage == "here":
            return _here(write, joined_at)
        if promised_at is not None:
            return _expected(write, promised_at, students_waiting)
        if not students_waiting:
            return _("Your lesson has started")
        return _("Your lesson has started, {waits}", waits=waiting_students(write, students_waiting))

    lines = [f"*{fact(rich)}*", _when(rich, about)]
    is_asked = stage == "missing" and not substitute
    if is_asked and students_waiting > students_here:
        lines.append(_outside(rich, students_waiting - students_here))
    blocks = [section("\n".join(lines))]
    if is_asked:
        blocks += _are_you_in(rich, about, candidates)
        blocks += actions(join_button(rich, about), *_other_ways(rich, about))
        blocks += on_my_way_buttons(rich, about, action=TRAINER_ON_MY_WAY) if promised_at is None else []
    return Message(fact(plain), blocks)


def coordinator(
    *,
    about: About,
    stage: Literal["missing", "here", "cancelled", "over", "not_held"],
    trainers: list[str],
    students_here: int,
    promised_at: int | None,
    joined_at: int | None,
    is_feed_proven: bool,
    reader: Reader,
    no_data_since: int | None = None,
) -> Message:
    """COORDINATOR_TRAINER_MISSING and COORDINATOR_NOT_HELD."""
    plain, rich = written(reader)
    title = escape(about["title"])

    def fact(write: Writer) -> str:
        _ = write.text
        if stage == "cancelled":
            return cancelled_fact(write, about)
        if stage == "not_held":
            return _("{title} at {time} did not take place", title=title, time=write.time(about["start"]))
        if stage == "over":
            return _nobody_came(write, about, no_data_since, is_feed_proven=is_feed_proven)
        if stage == "here":
            return _trainer_is_in(write, title, joined_at)
        nobody = (
            _("{title} has no trainer yet", title=title)
            if is_feed_proven
            else _("{title}: no trainer seen yet", title=title)
        )
        if promised_at is not None:
            return _("{nobody}, expected at {time}", nobody=nobody, time=write.time(promised_at))
        return f"{nobody}, {waiting_students(write, students_here)}" if students_here else nobody

    _ = rich.text
    lines = [f"*{fact(rich)}*", _when(rich, about)]
    if trainers:
        lines.append(rich.count("Trainer: {names}", "Trainers: {names}", len(trainers), names=rich.names(trainers)))
    if stage == "missing" and no_data_since is not None:
        lines.append(no_data_fact(rich, about, no_data_since))
    blocks = [section("\n".join(lines))]
    if stage == "missing":
        blocks += actions(_somebody_else(rich, about), _cancel(rich, about))
    return Message(fact(plain), blocks)


def trainer_late(
    *,
    about: About,
    stage: Literal["waiting", "here", "over"],
    promised_at: int | None,
    joined_at: int | None,
    is_feed_proven: bool,
    reader: Reader,
) -> Message:
    """TRAINER_LATE, to the students in the channel: calm, and nobody is blamed."""
    plain, rich = written(reader)
    title = escape(about["title"])

    def fact(write: Writer) -> str:
        _ = write.text
        if stage == "over":
            return is_over_fact(write, about)
        if stage == "here" and joined_at is not None:
            return _("{title} began at {time}", title=title, time=write.time(joined_at))
        if stage == "here":
            return _("{title} has begun", title=title)
        if promised_at is not None:
            return _("{title} begins a little later, at about {time}", title=title, time=write.time(promised_at))
        if not is_feed_proven:
            return _("{title}: we do not see your trainer yet and have sent them word", title=title)
        return _("{title} begins a little later; your trainer has been told", title=title)

    return Message(fact(plain), [section(fact(rich))])


def _nobody_came(write: Writer, about: About, no_data_since: int | None, *, is_feed_proven: bool) -> str:
    """That nobody came is known only where somebody could have been seen."""
    _, title, platform = write.text, escape(about["title"]), platform_name(about)
    if no_data_since is not None:
        since = write.time(no_data_since)
        return _("{title} is over: no data from {platform} since {time}", title=title, platform=platform, time=since)
    if is_feed_proven:
        return _("{title} is over and no trainer came", title=title)
    return _("{title} is over and no trainer was seen", title=title)


def _outside(write: Writer, n: int) -> str:
    return write.count("{n} of them stands in the waiting room.", "{n} of them stand in the waiting room.", n)


def _here(write: Writer, joined_at: int | None) -> str:
    if joined_at is None:
        return write.text("You are in")
    return write.text("You joined at {time}", time=write.time(joined_at))


def _trainer_is_in(write: Writer, title: str, joined_at: int | None) -> str:
    if joined_at is None:
        return write.text("{title}: the trainer is in", title=title)
    return write.text("{title}: the trainer joined at {time}", title=title, time=write.time(joined_at))


def _expected(write: Writer, promised_at: int, students: int) -> str:
    time = write.time(promised_at)
    if not students:
        return write.text("You are expected at {time}", time=time)
    return write.text("You are expected at {time}, {waits}", time=time, waits=waiting_students(write, students))


def _when(write: Writer, about: About) -> str:
    return write.text(
        "{title}, {start} to {end}",
        title=escape(about["title"]),
        start=write.time(about["start"]),
        end=write.time(about["end"]),
    )


def _are_you_in(write: Writer, about: About, candidates: list[Candidate]) -> list[Block]:
    """*Is "Room 4" you?*, one button for each name that may be the trainer's."""
    if not candidates:
        return []
    _ = write.text
    asked = sorted_by_name(candidates[:MOST_CANDIDATES])
    yes = [
        button(
            _("Yes, “{name}” is me", name=cut(each["name"], 55) or _("no name")),
            action=numbered(IS_THIS_YOU, number),
            value=ButtonValue(about["lesson_id"], detail=each["subject"]),
        )
        for number, each in enumerate(asked)
    ]
    questions = [_is_this_you(write, each) for each in asked]
    return [section("\n".join(questions)), *actions(*yes)]


def _is_this_you(write: Writer, candidate: Candidate) -> str:
    _, joined_at = write.text, candidate["joined_at"]
    if candidate["name"]:
        return _("Is “{name}” you?", name=escape(candidate["name"]))
    if joined_at is None:
        return _("Is who has no name in the room you?")
    return _("Is who joined at {time} without a name you?", time=write.time(joined_at))


def _other_ways(write: Writer, about: About) -> list[Block]:
    value = ButtonValue(about["lesson_id"])
    is_in = button(write.text("I am in, under another name"), action=TRAINER_IN_ALREADY, value=value)
    return [is_in, _somebody_else(write, about), _cancel(write, about)]


def _somebody_else(write: Writer, about: About) -> Block:
    value = ButtonValue(about["lesson_id"])
    return button(write.text("Somebody else teaches"), action=SOMEBODY_ELSE_TEACHES, value=value)


def _cancel(write: Writer, about: About) -> Block:
    _ = write.text
    title = cut(about["title"])
    sure = are_you_sure(
        title=_("Cancel this lesson?"),
        text=_("{title} is then cancelled for everybody, and the channel is told.", title=title),
        yes=_("Cancel the lesson"),
        no=_("No, keep it"),
    )
    return button(_("Cancelled today"), action=CANCEL_TODAY, value=ButtonValue(about["lesson_id"]), confirm=sure)
