"""Periods as people type them: `last week`, `this month`, `2026-11`, `2026-11-02..2026-11-27`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bot.attendance.course_report import WHOLE_COURSE, Period

_DAY = timedelta(days=1)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_YEAR: Final = re.compile(r"\d{4}")
#: Between two days: a word of its own, or what holds them together.
_TO: Final = frozenset({"to", "until", "till", "-", "–", "bis", ".."})
_SPAN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.|–|—)(\d{4}-\d{2}-\d{2})")


def period_of(words: Sequence[str], *, today: date) -> tuple[Period, int] | None:
    """The period with which the words begin, and how many of them it takes; None where they begin with none.

    Of two days the last one is meant too.
    """
    keys = [word.casefold().strip(",;:") for word in words]
    for taken in range(min(len(keys), 4), 0, -1):
        found = _read(keys[:taken], today)
        if found is not None:
            return found, taken
    return None


def period_between(first: date | None, end: date | None) -> Period:
    """From the first day to before the end. Raises `ValueError` where there is no day between."""
    if first is not None and end is not None and end <= first:
        message = f"there is no day from {first} to before {end}"
        raise ValueError(message)
    return Period(first=first, end=end)


def _read(words: Sequence[str], today: date) -> Period | None:
    named = _NAMED.get(" ".join(words))
    try:
        if named is not None:
            return named(today)
        return _one(words[0]) if len(words) == 1 else _between(words)
    except (ValueError, OverflowError):  # a month 13, the last day of the calendar
        return None


def _one(word: str) -> Period | None:
    """A day, a month, a year, or two days held together."""
    if span := _SPAN.fullmatch(word):
        return _days(date.fromisoformat(span[1]), date.fromisoformat(span[2]))
    if month := _MONTH.fullmatch(word):
        return _month(date(int(month[1]), int(month[2]), 1))
    if _YEAR.fullmatch(word):
        return Period(first=date(int(word), 1, 1), end=date(int(word) + 1, 1, 1))
    day = date.fromisoformat(word)
    return _days(day, day)


def _between(words: Sequence[str]) -> Period | None:
    """`from A to B`, `A to B`, `A B`, `from A`, `since A`."""
    if words[0] in {"since", "from"} and len(words) == 2:
        return Period(first=date.fromisoformat(words[1]))
    days = [word for word in words[words[0] in {"from", "von"} :] if word not in _TO]
    return _days(date.fromisoformat(days[0]), date.fromisoformat(days[1])) if len(days) == 2 else None


def _days(first: date, last: date) -> Period | None:
    return Period(first=first, end=last + _DAY) if first <= last else None


def _month(first: date) -> Period:
    return Period(first=first, end=(first + timedelta(days=31)).replace(day=1))


def _week(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return Period(first=monday, end=monday + timedelta(days=7))


_NAMED: Final[Mapping[str, Callable[[date], Period]]] = {
    "today": lambda today: Period(first=today, end=today + _DAY),
    "yesterday": lambda today: Period(first=today - _DAY, end=today),
    "this week": _week,
    "last week": lambda today: _week(today - timedelta(days=7)),
    "this month": lambda today: _month(today.replace(day=1)),
    "last month": lambda today: _month((today.replace(day=1) - _DAY).replace(day=1)),
    "this year": lambda today: Period(first=date(today.year, 1, 1), end=date(today.year + 1, 1, 1)),
    "last year": lambda today: Period(first=date(today.year - 1, 1, 1), end=date(today.year, 1, 1)),
    "all": lambda _: WHOLE_COURSE,
    "everything": lambda _: WHOLE_COURSE,
    "whole course": lambda _: WHOLE_COURSE,
    "the whole course": lambda _: WHOLE_COURSE,
}
