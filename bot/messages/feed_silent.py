"""What the admins are told when a platform sends nothing although something speaks against an empty room."""

from typing import Literal

from bot.attendance.wanted import About
from bot.messages.blocks import section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
from bot.messages.shared import is_over_fact, platform_name, seen_inside


def feed_silent(
    *,
    about: About,
    stage: Literal["silent", "proven", "over"],
    why: Literal["never_delivered", "pressed_but_unseen", "late_deliveries", "seen_by_platform"],
    since: int,
    seen: int = 0,
    seen_at: int = 0,
    reader: Reader,
) -> Message:
    """FEED_SILENT, once; nobody is reminded while it lasts."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        title, platform = escape(about["title"]), platform_name(about)
        if stage == "over":
            return is_over_fact(write, about)
        if stage == "proven":
            return _("{title}: data from {platform} is coming in", title=title, platform=platform)
        return _(
            "{title}: no data from {platform} since {time}", title=title, platform=platform, time=write.time(since)
        )

    detail = ""
    if stage == "silent" and why == "seen_by_platform":
        inside = seen_inside(rich, about["platform"], seen, seen_at)
        detail = f"{inside} {rich.text('Check that its events are switched on and arrive.')}"
    elif stage == "silent":
        detail = _detail(rich, about, why)
    blocks = [section(f"*{fact(rich)}*")]
    if detail:
        quiet = rich.text("Until something arrives, nobody is reminded and nobody is called absent.")
        blocks = [section(f"*{fact(rich)}*\n{detail}\n{quiet}")]
    return Message(fact(plain), blocks)


def _detail(write: Writer, about: About, why: str) -> str:
    _ = write.text
    platform = platform_name(about)
    if why == "never_delivered":
        return _("{platform} has never sent anything: check the webhook's address and secret.", platform=platform)
    if why == "late_deliveries":
        return _("What {platform} sends arrives minutes late.", platform=platform)
    return _("People pressed Join and did not appear: check that the course names the right room.")
