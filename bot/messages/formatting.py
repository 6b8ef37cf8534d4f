"""Names, times and lengths as people read them, safe against what comes from outside."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Final, TypedDict, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.language import words_for
from bot.messages.message import Reader
from bot.text import clean_text, name_order

LONGEST_NAME: Final = 80
#: characters that a list of names may take
ROOM_FOR_NAMES: Final = 1_200

#: `&`, `<`, `>` are Slack's own; the others would set type, so their look-alikes stand in.
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "~": "∼", "`": "ˋ"})
_EDGE_UNDERSCORE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # inside of a word it is a letter like others
_EMOJI_CODE: Final = re.compile(r":(?=[a-z0-9_+'-]+:)", re.IGNORECASE)
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
NO_BREAK: Final = "\u00a0"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def cut(text: str, longest: int = LONGEST_NAME) -> str:
    """The text on one line, with an ellipsis where it is longer; for Slack's plain text, which knows no markup."""
    clean = clean_text(text)
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def escape(text: str, longest: int = LONGEST_NAME) -> str:
    """A name or a sentence from outside, as it may stand in mrkdwn: never markup, never a mention, never an emoji code.

    What is written from right to left is isolated, so that it does not turn round the words beside it.
    """
    shown = cut(text, longest).translate(_MARKUP)
    if "_" in shown:
        shown = _EDGE_UNDERSCORE.sub("ˍ", shown)
    if ":" in shown:
        shown = _EMOJI_CODE.sub("∶", shown)
    return f"{_ISOLATE}{shown}{_END_ISOLATE}" if _RIGHT_TO_LEFT.search(shown) else shown


def by_name(names: Iterable[str]) -> list[str]:
    """Sorted as people look them up."""
    return sorted(names, key=name_order)


class Named(TypedDict):
    """Whatever has a name."""

    name: str


NamedThing = TypeVar("NamedThing", bound=Named)


def sorted_by_name(people: Iterable[NamedThing]) -> list[NamedThing]:
    """The same order for what has a name."""
    return sorted(people, key=lambda person: name_order(person["name"]))


@cache
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; UTC for what is none, because a message must not fail on it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def clock_time(at: int, zone: str) -> str:
    """An instant as Slack shows it in each reader's own zone; the fallback is the time in `zone`."""
    return f"<!date^{at}^{{time}}|{plain_time(at, zone)}>"


def plain_time(at: int, zone: str) -> str:
    """18:07 in that zone: where Slack shows no dates, as in plain text and notifications."""
    return datetime.fromtimestamp(at, zone_of(zone)).strftime("%H:%M")


def clock_date(at: int, zone: str) -> str:
    """An instant with its day, as Slack shows it in each reader's own zone."""
    return f"<!date^{at}^{{date_short}}, {{time}}|{plain_date(at, zone)}>"


def plain_date(at: int, zone: str) -> str:
    """2026-11-23 18:07 in that zone."""
    return datetime.fromtimestamp(at, zone_of(zone)).strftime("%Y-%m-%d %H:%M")


def written(reader: Reader) -> tuple["Writer", "Writer"]:
    """The two hands that write every message: plain, and with Slack's dates."""
    return Writer(reader, is_plain=True), Writer(reader)


class Writer:
    """Writes for one reader; the same sentence plain for the notification, and with Slack's dates for the blocks."""

    __slots__ = ("_zone", "count", "is_plain", "text")

    def __init__(self, reader: Reader, *, is_plain: bool = False) -> None:
        words = words_for(reader.language)
        self._zone = reader.zone
        self.is_plain = is_plain
        self.text = words.text
        self.count = words.count

    def time(self, at: int) -> str:
        """The time of day of an instant."""
        return plain_time(at, self._zone) if self.is_plain else clock_time(at, self._zone)

    def date(self, at: int) -> str:
        """The day and the time of day of an instant."""
        return plain_date(at, self._zone) if self.is_plain else clock_date(at, self._zone)

    def length(self, seconds: int) -> str:
        """`0 min`, `45 s`, `7 min`, `2 h`, `2 h 57`: rounded down; hours and minutes stay on one line."""
        _ = self.text
        if 0 < seconds < 60:
            return _("{n} s", n=seconds)
        hours, minutes = divmod(max(seconds, 0) // 60, 60)
        if not hours:
            return _("{n} min", n=minutes)
        if not minutes:
            return _("{hours} h", hours=hours)
        length = _("{hours} h {minutes:02}", hours=hours, minutes=minutes)
        return length if self.is_plain else length.replace(" ", NO_BREAK)

    def percent(self, permille: int | None) -> str:
        """`94.9 %` from tenths of a percent, rounded down already; a dash where there is nothing to divide by."""
        return "–" if permille is None else f"{permille // 10}.{permille % 10} %"

    def names(self, names: Iterable[str], *, room: int = ROOM_FOR_NAMES, more: int = 0, is_live: bool = False) -> str:
        """Names sorted and escaped, as many as fit, and how many more there are, in words."""
        shown = [escape(name) or self.text("no name") for name in by_name(names)]
        return self.listed(shown, room=room, more=more, is_live=is_live)

    def listed(
        self, shown: list[str], *, room: int = ROOM_FOR_NAMES, between: str = ", ", more: int = 0, is_live: bool = False
    ) -> str:
        """Finished items one after the other, as many as fit, and how many more there are, in words.

        `more` are those that were left out before; of a running lesson a command shows them all.
        """
        taken = fitting(shown, room=room, between=len(between))
        text, left = between.join(shown[:taken]), len(shown) - taken + more
        if not left:
            return text
        if is_live:
            return self.text("{names} and {n} more: `/rollcall now`", names=text, n=left)
        return self.text("{names} and {n} more", names=text, n=left)


def fitting(shown: list[str], *, room: int, between: int = 1) -> int:
    """How many of the items fit into so many characters; at least one, so that a list never is only a number."""
    used = 0
    for taken, item in enumerate(shown):
        used += len(item) + between
        if used > room and taken:
            return taken
    return len(shown)
