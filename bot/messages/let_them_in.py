"""What the trainer is told of people who stand in the waiting room."""

from typing import Literal

from bot.attendance.wanted import About, SeenPerson
from bot.messages.blocks import section
from bot.messages.formatting import Writer, escape, sorted_by_name, written
from bot.messages.message import Message, Reader


def let_them_in(
    *,
    about: About,
    stage: Literal["waiting", "done"],
    waiting: list[SeenPerson],
    reader: Reader,
    more_waiting: int = 0,
) -> Message:
    """LET_THEM_IN; there is nothing to press here, because only the platform can let somebody in."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        if stage == "done" or not waiting:
            return _("{title}: nobody is waiting to be let in", title=escape(about["title"]))
        since = write.time(min(person["at"] for person in waiting))
        if len(waiting) == 1:
            name = escape(waiting[0]["name"]) or _("Somebody without a name")
            return _("{name} has been in the waiting room since {time}: let them in", name=name, time=since)
        return write.count(
            "{n} person has been in the waiting room since {time}: let them in",
            "{n} people have been in the waiting room since {time}: let them in",
            len(waiting) + more_waiting,
            time=since,
        )

    _ = rich.text
    lines = [
        _("{name}, since {time}", name=escape(person["name"]) or _("no name"), time=rich.time(person["at"]))
        for person in sorted_by_name(waiting)
    ]
    blocks = [section(f"*{fact(rich)}*")]
    if stage == "waiting" and len(waiting) > 1:
        blocks.append(section(rich.listed(lines, room=2_800, between="\n", more=more_waiting, is_live=True)))
    return Message(fact(plain), blocks)
