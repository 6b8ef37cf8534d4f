"""Lengths of time as people write them: `90s`, `5m`, `3h`, `1h30m`, `7d`."""

import re
from collections.abc import Callable
from datetime import timedelta

from bot.timetable.problems import quoted

_LENGTH = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?")


def duration(text: str) -> timedelta:
    """The length of a text. Raises `ValueError` with the remedy."""
    match = _LENGTH.fullmatch(text)
    if match is None or not text:
        message = f"{quoted(text)} is no length of time: write it as 90s, 5m, 3h, 1h30m or 7d"
        raise ValueError(message)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def written(length: timedelta) -> str:
    """A length as `duration` reads it."""
    rest = int(length.total_seconds())
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def duration_between(least: timedelta, most: timedelta) -> Callable[[str], timedelta]:
    """A reader of lengths that refuses what is shorter or longer."""

    def read(text: str) -> timedelta:
        length = duration(text)
        if not least <= length <= most:
            message = f"{quoted(text)} is out of bounds: write a length from {written(least)} to {written(most)}"
            raise ValueError(message)
        return length

    return read
