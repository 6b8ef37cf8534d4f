"""The single values of a course file: each reader takes a text; `ValueError` holds the sentence for the user."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from bot.text import LONGEST, clean_text
from bot.timetable.fields import nearest
from bot.timetable.problems import quoted

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_CHANNEL_NAME = re.compile(r"#?[^\s#@,]{1,80}")
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,4})?\s?%", re.ASCII)
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
#: what lies outside is a slip of the pen
_YEARS = range(2000, 2101)


def line_of_text(text: str) -> str:
    """Any text on one line."""
    if len(text) > LONGEST:
        message = f"{quoted(text)} is too long: write at most {LONGEST} characters"
        raise ValueError(message)
    cleaned = clean_text(text)
    if not cleaned:
        message = "holds no character that can be shown: write a text"
        raise ValueError(message)
    return cleaned


def email(text: str) -> str:
    """An e-mail address, in lower case."""
    if _EMAIL.fullmatch(text) is None or len(text) > LONGEST or clean_text(text) != text:
        message = f"{quoted(text)} is no e-mail address: write it as ada@example.com"
        raise ValueError(message)
    return text.lower()


def slack_user(text: str) -> str:
    """A Slack member id."""
    if _SLACK_USER.fullmatch(text) is None:
        message = (
            f"{quoted(text)} is no Slack member id: copy it from the member's profile (U0ADA), "
            "or leave it out and the person is found by e-mail"
        )
        raise ValueError(message)
    return text


def channel(text: str) -> str:
    """A channel: `#name` in lower case, or an id."""
    if _SLACK_CHANNEL.fullmatch(text):
        return text
    if _CHANNEL_NAME.fullmatch(text) is None:
        message = f'{quoted(text)} is no channel: write its name in quotes, "#python-101", or its id, C0PYTHON'
        raise ValueError(message)
    return f"#{text.removeprefix('#').lower()}"


def join_url(text: str) -> str:
    """A link into the classroom."""
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in {"https", "http"} and bool(parts.hostname) and not re.search(r"[\s<>|]", text)
    except ValueError:
        is_good = False
    if not is_good or len(text) > 2000 or not text.isprintable():
        message = f"{quoted(text)} is no link: write it whole, https://example.com/j/97711976001"
        raise ValueError(message)
    return text


def truth(text: str) -> bool:
    """Yes or no."""
    word = text.lower()
    if word not in _TRUE | _FALSE:
        message = f"{quoted(text)} is neither yes nor no: write true or false"
        raise ValueError(message)
    return word in _TRUE


def percent(text: str) -> Fraction:
    """A percentage from 0 to 100, exactly."""
    if _PERCENT.fullmatch(text) is None or (share := Fraction(text.rstrip("% ")) / 100) > 1:
        message = f"{quoted(text)} is no percentage: write it as 90%, from 0% to 100%"
        raise ValueError(message)
    return share


def day(text: str) -> date:
    """A date."""
    if _DATE.fullmatch(text) is None:
        message = f"{quoted(text)} is no date: write it as 2026-11-23"
        raise ValueError(message)
    try:
        return _within_reason(date.fromisoformat(text))
    except ValueError as error:
        message = f"{quoted(text)} is no day of the calendar ({error}): write it as 2026-11-23"
        raise ValueError(message) from error


def local_time(text: str) -> datetime:
    """An ISO 8601 time: naive, to be read in the course's zone, or with the offset that wins over it."""
    if _LOCAL.fullmatch(text) is None:
        message = f"{quoted(text)} is no time: write date and time as 2026-11-23T18:00"
        raise ValueError(message)
    try:
        moment = datetime.fromisoformat(text)
        _within_reason(moment.date())
    except ValueError as error:
        message = f"{quoted(text)} is no time of the calendar ({error}): write it as 2026-11-23T18:00"
        raise ValueError(message) from error
    return moment


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of a few words."""

    def read(text: str) -> str:
        if text not in words:
            message = f"{quoted(text)} is not possible here: write {', '.join(words[:-1])} or {words[-1]}"
            raise ValueError(message)
        return text

    return read


def platform_of(known: Collection[str]) -> Callable[[str], str]:
    """A reader of the name of a platform."""

    def read(text: str) -> str:
        if text not in known:
            message = f"{quoted(text)} is no platform we know{nearest(text, sorted(known))}"
            raise ValueError(message)
        return text

    return read


def zone(text: str) -> str:
    """The IANA name of a time zone."""
    if text not in _zones():
        suggestion = nearest(text, sorted(_zones())) or ": write its IANA name, for example Europe/Rome"
        message = f"{quoted(text)} is no time zone{suggestion}"
        raise ValueError(message)
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _within_reason(found: date) -> date:
    if found.year not in _YEARS:
        message = f"the year {found.year} is not from {_YEARS.start} to {_YEARS.stop - 1}"
        raise ValueError(message)
    return found
