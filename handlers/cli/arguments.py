"""What several commands are given in the same words: lengths of time, moments, platforms."""

from datetime import UTC, datetime, timedelta

from bot.errors import BadInput
from bot.timetable.durations import duration
from handlers.platforms import CONNECTORS, OWN


def length(option: str, text: str) -> timedelta:
    """`90d`, `24h`. Raises `BadInput` for what is none, and for none at all."""
    try:
        found = duration(text)
    except ValueError as problem:
        raise BadInput(f"{option}: {problem}") from None
    if not found:
        raise BadInput(f"{option} {text}: it is over at once; write it as 24h or 90d")
    return found


def moment(option: str, text: str, *, now: datetime) -> datetime:
    """A length back from now (`2h`, `7d`), a day or a time in UTC, or a time with its zone. Raises `BadInput`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    try:
        return now - duration(text)
    except (ValueError, OverflowError):
        message = f"{option} {text}: write how long ago (2h, 7d), or a time as 2026-11-23 or 2026-11-23T17:00Z"
        raise BadInput(message) from None


def platform_named(option: str, text: str) -> str:
    """The name of a platform that Rollcall understands. Raises `BadInput`."""
    if text not in CONNECTORS:
        raise BadInput(f"{option} {text}: there is {', '.join(sorted(CONNECTORS))}")
    return text


def platform_with_webhooks(option: str, text: str) -> str:
    """The name of a platform that sends us something from outside. Raises `BadInput`."""
    if platform_named(option, text) in OWN:
        raise BadInput(f"{option} {text}: it is our own, nothing comes from outside, so it needs no account.")
    return text
