"""What the admins are told of a connection that does not work: a platform's, or that to a channel."""

from typing import Literal

from bot.messages.blocks import section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
from bot.messages.shared import platform_spelled


def deliveries_refused(
    *,
    platform: str,
    account: str,
    stage: Literal["refused", "over"],
    count: int,
    since: int,
    has_good: bool,
    reader: Reader,
) -> Message:
    """DELIVERIES_REFUSED: one message, edited while they go on and when they have stopped."""
    plain, rich = written(reader)
    name = _name(platform, account)

    def fact(write: Writer) -> str:
        if stage == "over":
            return write.text("{platform}: no more requests are refused", platform=name)
        return write.text(
            "{platform}: {n} requests refused since {time}", platform=name, n=count, time=write.date(since)
        )

    if stage == "over":
        return Message(fact(plain), [section(f"*{fact(rich)}*")])
    why = rich.text("They do not prove that {platform} sent them: the webhook secret does not fit.", platform=name)
    if has_good:
        what = rich.text("Others arrive as they should, so it may be a stranger, or a second app with an old secret.")
    else:
        what = rich.text("Nothing else has arrived since: compare the secret in the settings with the platform's.")
    return Message(fact(plain), [section(f"*{fact(rich)}*\n{why}\n{what}")])


def deliveries_late(
    *, platform: str, account: str, stage: Literal["late", "over"], since: int, delay_seconds: int, reader: Reader
) -> Message:
    """DELIVERIES_LATE: one message, edited when they come in time again."""
    plain, rich = written(reader)
    name = _name(platform, account)

    def fact(write: Writer) -> str:
        if stage == "over":
            return write.text("{platform} sends in time again", platform=name)
        return write.text(
            "{platform} sends {length} late, since {time}",
            platform=name,
            length=write.length(delay_seconds),
            time=write.date(since),
        )

    if stage == "over":
        return Message(fact(plain), [section(f"*{fact(rich)}*")])
    what = rich.text(
        "Who joins is seen that much later. Sheets come out right in the end; reminders may come too late or wait."
    )
    return Message(fact(plain), [section(f"*{fact(rich)}*\n{what}")])


def slack_refused(*, channel: str, stage: Literal["refused", "over"], code: str, reader: Reader) -> Message:
    """SLACK_REFUSED: one message a day for a channel, edited when something stands there again."""
    plain, rich = written(reader)
    place = escape(channel)

    def fact(write: Writer) -> str:
        if stage == "over":
            return write.text("{channel}: messages arrive again", channel=place)
        return write.text("{channel}: Slack takes no messages there", channel=place)

    if stage == "over":
        return Message(fact(plain), [section(f"*{fact(rich)}*")])
    return Message(fact(plain), [section(f"*{fact(rich)}*\n{_remedy(rich, code)}")])


def _name(platform: str, account: str) -> str:
    spelled = platform_spelled(platform)
    return f"{spelled} ({escape(account)})" if account else spelled


def _remedy(write: Writer, code: str) -> str:
    _ = write.text
    if code == "not_in_channel":
        return _("The bot is not in the channel: type `/invite @rollcall` there.")
    if code == "channel_not_found":
        return _("There is no such channel, or it is private and the bot is not in it: invite it, or mend the course.")
    if code == "is_archived":
        return _("The channel is archived: give the course another one.")
    return _("Slack's reason: {code}.", code=escape(code))
