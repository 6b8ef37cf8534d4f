"""Arithmetic of intervals. A *set* is a list of intervals, in order, apart from each other and none of them empty."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.attendance.lessons import Interval

_NO_TIME, _SECOND = timedelta(0), timedelta(seconds=1)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The set that holds every instant of any of them; empty ones vanish, touching ones become one."""
    merged: list[Interval] = []
    last: Interval | None = None
    for interval in sorted(intervals):
        if interval.start >= interval.end:
            continue
        if last is None or interval.start > last.end:
            merged.append(interval)
            last = interval
        elif interval.end > last.end:
            last = merged[-1] = Interval(last.start, interval.end)
    return merged


def intersect(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """The instants that are in both sets."""
    if not first or not second:
        return []
    if len(second) == 1 and second[0].start <= first[0].start and first[-1].end <= second[0].end:
        return list(first)
    common: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        one, other = first[i], second[j]
        ends_first = one.end <= other.end
        if one.start >= other.start and ends_first:
            common.append(one)
        else:
            start, end = max(one.start, other.start), min(one.end, other.end)
            if start < end:
                common.append(Interval(start, end))
        if ends_first:
            i += 1
        else:
            j += 1
    return common


def subtract(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """The instants of the first set that are not in the second."""
    if not second:
        return list(first)
    rest: list[Interval] = []
    for interval in first:
        start = interval.start
        for hole in second:
            if hole.end <= start or hole.start >= interval.end:
                continue
            if hole.start > start:
                rest.append(Interval(start, hole.start))
            start = max(start, hole.end)
        if start < interval.end:
            rest.append(Interval(start, interval.end))
    return rest


def until(intervals: Sequence[Interval], moment: datetime) -> list[Interval]:
    """The instants of the set before the moment."""
    return [Interval(each.start, min(each.end, moment)) for each in intervals if each.start < moment]


def length(intervals: Iterable[Interval]) -> timedelta:
    """How long the set is."""
    return sum([each.end - each.start for each in intervals], _NO_TIME)


def whole_seconds(intervals: Iterable[Interval]) -> int:
    """How long the set is, in whole seconds: summed exactly, floored once."""
    return length(intervals) // _SECOND if intervals else 0


def covers(intervals: Iterable[Interval], moment: datetime) -> bool:
    """Whether the instant is in the set."""
    return any(each.start <= moment < each.end for each in intervals)
