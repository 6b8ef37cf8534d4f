"""Recurrence rules (RFC 5545, section 3.3.10) of a schedule: which days a lesson repeats on."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, tzinfo
from itertools import takewhile
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.timetable.fields import nearest
from bot.timetable.problems import quoted

_WEEKDAY = r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
_NUMBER = r"[+-]?\d{1,3}"
_NUMBERS = f"{_NUMBER}(?:,{_NUMBER})*"
_REFUSED_FREQUENCIES = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_REFUSED_PARTS = frozenset({"BYSECOND", "BYMINUTE", "BYHOUR"})

#: part → what its value must look like
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
        "INTERVAL": r"[1-9]\d{0,3}",
        "COUNT": r"[1-9]\d{0,5}",
        "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
        "BYDAY": f"{_WEEKDAY}(?:,{_WEEKDAY})*",
        "BYMONTHDAY": _NUMBERS,
        "BYYEARDAY": _NUMBERS,
        "BYWEEKNO": _NUMBERS,
        "BYMONTH": _NUMBERS,
        "BYSETPOS": _NUMBERS,
        "WKST": "MO|TU|WE|TH|FR|SA|SU",
    }
)
#: part → its largest number; the smallest is 1, and a minus counts from the end
_LARGEST: Mapping[str, int] = MappingProxyType(
    {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYMONTH": 12, "BYSETPOS": 366}
)


def rule(text: str) -> str:
    """A rule in its plain form. Raises `ValueError` with the remedy.

    Rules by the second, minute or hour are refused: nobody teaches like that, and one of them fills a disk.
    """
    plain = text.upper().replace(" ", "").removeprefix("RRULE:").strip(";")
    parts: dict[str, str] = {}
    for part in plain.split(";"):
        name, _, value = part.partition("=")
        _check_part(name, value, parts)
        parts[name] = value
    if "FREQ" not in parts:
        message = f"{quoted(text)} has no FREQ: begin it with FREQ=WEEKLY or FREQ=DAILY"
        raise ValueError(message)
    if "COUNT" in parts and "UNTIL" in parts:
        message = f"{quoted(text)} has both COUNT and UNTIL: keep one of the two"
        raise ValueError(message)
    try:
        _expanded(plain, datetime(2026, 1, 1), ZoneInfo("UTC"))  # noqa: DTZ001  rules run on local time
    except ValueError as error:
        message = f"{quoted(text)} is no rule ({error}): write it as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10"
        raise ValueError(message) from error
    return plain


def is_endless(plain: str) -> bool:
    """Whether a rule has no last day."""
    return "COUNT=" not in plain and "UNTIL=" not in plain


def local_starts(plain: str, start: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The local starts of a rule from `start` on, in order; for an endless rule without end.

    They have the offset of `start`, if it has one.
    """
    naive = start.replace(tzinfo=None)
    for found in _expanded(plain, naive, start.tzinfo or zone):
        yield found.replace(tzinfo=start.tzinfo)


def _check_part(name: str, value: str, parts: Mapping[str, str]) -> None:
    if name in _REFUSED_PARTS or (name == "FREQ" and value in _REFUSED_FREQUENCIES):
        message = f"{quoted(f'{name}={value}')} repeats within a day: give each time of the day an item of its own"
        raise ValueError(message)
    if name not in _PARTS:
        message = f"{quoted(name)} is no part of a rule{nearest(name, list(_PARTS))}"
        raise ValueError(message)
    if name in parts:
        message = f"{quoted(name)} stands twice in the rule: keep one"
        raise ValueError(message)
    if re.fullmatch(_PARTS[name], value, re.ASCII) is None or not _are_in_range(name, value):
        message = f"{quoted(value)} is not possible for {name}: write the rule as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10"
        raise ValueError(message)


def _are_in_range(name: str, value: str) -> bool:
    # dateutil takes 0 for "any" and trips over a 99th Monday.
    largest = _LARGEST.get(name)
    return largest is None or all(1 <= abs(int(number)) <= largest for number in value.split(","))


def _expanded(plain: str, start: datetime, zone: tzinfo) -> Iterator[datetime]:
    # dateutil wants UNTIL in UTC exactly where the start has a zone; ours never has one, so UNTIL is applied here.
    kept = [part for part in plain.split(";") if not part.startswith("UNTIL=")]
    starts = iter(rrulestr(";".join(kept), dtstart=start))
    last = re.search(r"UNTIL=(\w+)", plain)
    if last is None:
        return starts
    end = _last_local(last[1], zone)
    return takewhile(lambda found: found <= end, starts)


def _last_local(until: str, zone: tzinfo) -> datetime:
    """UNTIL as local time, inclusive; of a day, its last instant."""
    if "T" not in until:
        return datetime.combine(datetime.strptime(until, "%Y%m%d"), time.max)  # noqa: DTZ007  local time
    moment = datetime.strptime(until.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  local time, or made aware below
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if until.endswith("Z") else moment
