"""Times as people write them in a scenario."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LENGTH = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
LOCAL = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
HALF_A_DAY = timedelta(hours=12)


def length(text: str) -> timedelta:
    """`90s`, `5m`, `1h30m`; raises ValueError with what to write instead."""
    match = LENGTH.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(f"{text!r} is no length; write 90s, 5m or 1h30m")
    hours, minutes, seconds = match.groups(default="0")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def moment(text: str, *, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """`18:09` and `18:09:30` are local time around the lesson's start, `+9m` and `-5m` are counted from it."""
    if text[:1] in {"+", "-"}:
        distance = length(text[1:])
        return starts_at + distance if text[0] == "+" else starts_at - distance
    match = LOCAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time; write 18:09, 18:09:30, +9m or -5m")
    hour, minute, second = (int(part) for part in match.groups(default="0"))
    start = starts_at.astimezone(zone)
    local = start.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if local - start > HALF_A_DAY:
        local -= timedelta(days=1)
    elif start - local > HALF_A_DAY:
        local += timedelta(days=1)
    return local.astimezone(UTC)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """`2026-11-23T18:00`, local time in `zone`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date and time; write 2026-11-23T18:00") from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
