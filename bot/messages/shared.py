"""Sentences and buttons that several messages share."""

from typing import Final

from bot.attendance.lessons import Feed
from bot.attendance.wanted import About, Choice, Notice
from bot.messages.actions import JOIN, ButtonValue, numbered
from bot.messages.blocks import actions, button, context
from bot.messages.formatting import Writer, cut, escape
from bot.messages.message import Block

#: Minutes that *On my way* and *Break* offer.
OFFERED_MINUTES: Final = (5, 10, 15)


def join_button(write: Writer, about: About) -> Block | None:
    """The way into the room; none where the course has no link."""
    if not about["join_url"]:
        return None
    return button(
        write.text("Join"),
        action=JOIN,
        value=ButtonValue(about["lesson_id"]),
        url=about["join_url"],
        is_primary=True,
        label=write.text("Join {title}", title=cut(about["title"], 60)),
    )


def on_my_way_buttons(write: Writer, about: About, *, action: str) -> list[Block]:
    """A second, quieter row: one tap says when."""
    _ = write.text
    lesson = about["lesson_id"]
    made = [
        button(
            _("On my way: {n} min", n=minutes) if minutes == OFFERED_MINUTES[0] else _("{n} min", n=minutes),
            action=numbered(action, minutes),
            value=ButtonValue(lesson, detail=str(minutes)),
            label=write.count("On my way, there in {n} minute", "On my way, there in {n} minutes", minutes),
        )
        for minutes in OFFERED_MINUTES
    ]
    return actions(*made)


def notice_blocks(write: Writer, notice: Notice | None) -> list[Block]:
    """What the first message to a student says, whichever it is: what is recorded, how long, and who sees it.

    How long is the rule of the course file: nothing is deleted by itself, so nothing of the kind is promised.
    """
    if notice is None:
        return []
    _, days = write.text, notice["kept_days"]
    others = (
        _("In the course's channel the board and the summary name you.")
        if notice["names_in_channel"]
        else _("Other students do not.")
    )
    told = [
        _("Attendance of your lessons is recorded: when you join and leave, and so for how long you were there."),
        write.count(
            "Your school's rule is to keep it for {n} day.", "Your school's rule is to keep it for {n} days.", days
        ),
        _("Your trainers and your school see it."),
        others,
        _("Type `/rollcall me` to see your own."),
    ]
    return [context(" ".join(told))]


def is_over_fact(write: Writer, about: About) -> str:
    return write.text("{title} is over", title=escape(about["title"]))


def no_data_fact(write: Writer, about: About, since: int) -> str:
    """What is known behind a silent feed."""
    return write.text("No data from {platform} since {time}.", platform=platform_name(about), time=write.time(since))


def cancelled_fact(write: Writer, about: About) -> str:
    """Which lesson will not be; with its time, because a course has many."""
    return write.text("{title} at {time} is cancelled", title=escape(about["title"]), time=write.time(about["start"]))


#: platforms of which more than the first letter is large
_SPELLED = {"vcaas": "VCaaS"}


def platform_name(about: About) -> str:
    """As people write it: a course file has it in small letters."""
    return platform_spelled(about["platform"])


def platform_spelled(name: str) -> str:
    """As people write it."""
    platform = escape(name)
    return _SPELLED.get(platform, platform[:1].upper() + platform[1:])


def seen_inside(write: Writer, platform: str, n: int, at: int) -> str:
    """What the platform said when it was asked who is in, where its webhooks had said nothing."""
    return write.text(
        "At {time} {platform} itself showed {n} in the room and had told us of nobody.",
        time=write.time(at),
        platform=platform_spelled(platform),
        n=n,
    )


def waiting_students(write: Writer, n: int) -> str:
    return write.count("{n} student is waiting", "{n} students are waiting", n)


def missing_count(write: Writer, n: int, *, is_feed_proven: bool) -> str:
    """Who is not seen is missing only where they would have been seen."""
    if is_feed_proven:
        return write.count("{n} missing", "{n} missing", n)
    return write.count("{n} not seen yet", "{n} not seen yet", n)


def unheard(write: Writer, about: About, feed: str) -> str:
    """What is not known of the room, or nothing to say."""
    _, platform = write.text, platform_name(about)
    if feed == Feed.SILENT:
        return _("{platform} sends nothing: who is missing is not known.", platform=platform)
    if feed == Feed.UNKNOWN:
        return _("We have not heard of this room from {platform} yet.", platform=platform)
    return ""


def choice_buttons(choices: list[Choice], *, action: str, lesson: str, detail: str, first: int) -> list[Block]:
    """One button for each person who may be meant, in the order given; numbered from `first`."""
    return [
        button(
            cut(choice["name"], 70),
            action=numbered(action, number),
            value=ButtonValue(lesson, choice["person_id"], detail),
        )
        for number, choice in enumerate(choices, start=first)
    ]
