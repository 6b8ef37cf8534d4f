"""The trainer's card: who is missing, who said what, and what only the trainer can settle. One card, edited."""

from typing import Literal

from bot.attendance.wanted import About, MissingPerson, OpenQuestion, SeenPerson
from bot.messages.actions import MARK, ButtonValue
from bot.messages.blocks import actions, button, context, section
from bot.messages.fitting import questions_that_fit
from bot.messages.formatting import Writer, escape, sorted_by_name, written
from bot.messages.message import Block, Message, Reader
from bot.messages.shared import missing_count, unheard

ROOM_FOR_MISSING = 2_800
ROOM_FOR_OTHERS = 1_200
LONGEST_REASON = 120
#: what questions may take: the rest is left to the lists above them
ROOM_FOR_QUESTIONS = 6_000


def trainer_card(
    *,
    about: About,
    stage: Literal["live", "over"],
    missing: list[MissingPerson],
    lost: list[SeenPerson],
    arrived: list[SeenPerson],
    questions: list[OpenQuestion],
    feed: str,
    is_feed_proven: bool,
    reader: Reader,
    more_questions: int = 0,
) -> Message:
    """TRAINER_CARD, to each trainer of the lesson."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        asked = len(questions) + more_questions
        if stage == "over":
            return _over(write, about, missing=len(missing), is_feed_proven=is_feed_proven)
        return _live(write, about, missing, lost=len(lost), questions=asked, is_feed_proven=is_feed_proven)

    _ = rich.text
    blocks = [section(f"*{fact(rich)}*")]
    heading = _("Missing") if is_feed_proven else _("Not seen")
    blocks += _list(
        rich, heading, [_missing_line(rich, person) for person in sorted_by_name(missing)], room=ROOM_FOR_MISSING
    )
    gone = [
        _("{name}, since {time}", name=escape(each["name"]), time=rich.time(each["at"]))
        for each in sorted_by_name(lost)
    ]
    blocks += _list(rich, _("Lost"), gone, room=ROOM_FOR_OTHERS)
    came = [
        _("{name}, at {time}", name=escape(each["name"]), time=rich.time(each["at"]))
        for each in sorted_by_name(arrived)
    ]
    blocks += _list(rich, _("Came since"), came, room=ROOM_FOR_OTHERS)
    unsure = unheard(rich, about, feed)
    if unsure and stage == "live":
        blocks.append(context(unsure))
    if stage == "live":
        blocks += questions_that_fit(
            rich, questions, lesson=about["lesson_id"], room=ROOM_FOR_QUESTIONS, more=more_questions
        )
        if more_questions:
            blocks.append(context(_("Everybody who is there: `/rollcall now`")))
        mark = button(_("Mark…"), action=MARK, value=ButtonValue(about["lesson_id"]), label=_("Mark a student"))
        blocks += actions(mark if missing else None)
    names = [person["name"] for person in missing]
    listed = f"{heading}: {plain.names(names)}" if names else ""
    return Message("\n".join(filter(None, (fact(plain), listed))), blocks)


def _over(write: Writer, about: About, *, missing: int, is_feed_proven: bool) -> str:
    title = escape(about["title"])
    if not missing:
        return write.text("{title} is over, everybody came", title=title)
    if not is_feed_proven:
        return write.count(
            "{title} is over, {n} student was not seen",
            "{title} is over, {n} students were not seen",
            missing,
            title=title,
        )
    return write.count(
        "{title} is over, {n} student did not come",
        "{title} is over, {n} students did not come",
        missing,
        title=title,
    )


def _live(
    write: Writer, about: About, missing: list[MissingPerson], *, lost: int, questions: int, is_feed_proven: bool
) -> str:
    _ = write.text
    title = escape(about["title"])
    parts = [missing_count(write, len(missing), is_feed_proven=is_feed_proven)] if missing else []
    parts += [write.count("{n} lost", "{n} lost", lost)] if lost else []
    if not parts:
        parts.append(_("nobody is missing"))
    parts += [write.count("{n} question", "{n} questions", questions)] if questions else []
    return _("{title}: {parts}", title=title, parts=", ".join(parts))


def _missing_line(write: Writer, person: MissingPerson) -> str:
    """The name, what they said, and whether they can be reached at all."""
    parts = [escape(person["name"]), *_said(write, person)]
    if not person["is_reachable"]:
        parts.append(write.text("not reachable: no Slack account"))
    return " – ".join(parts)


def _said(write: Writer, person: MissingPerson) -> list[str]:
    _ = write.text
    said, note = person["said"], escape(person["note"], LONGEST_REASON)
    if said == "on_my_way" and person["promised_at"] is not None:
        return [_("on the way, expected at {time}", time=write.time(person["promised_at"]))]
    if said == "technical_problem":
        return [_("has a technical problem")]
    if said == "cannot_come":
        return [_("can't come: {reason}", reason=note) if note else _("can't come")]
    if said == "in_already":
        return [_("says to be in as “{name}”", name=note) if note else _("says to be in already")]
    return []


def _list(write: Writer, heading: str, lines: list[str], *, room: int) -> list[Block]:
    if not lines:
        return []
    return [section(f"*{heading}*\n" + write.listed(lines, room=room, between="\n"))]
