"""Arithmetic of intervals. A *set* is a list of intervals, in order, apart from each other and none of them empty."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.attendance.lessons import Interval


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The set that holds every instant of any of them; empty ones vanish, touching ones become one."""
    merged: list[Interval] = []
    for interval in sorted(each for each in intervals if each.start < each.end):
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return merged


def intersect(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """The instants that are in both sets."""
    common: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i].start, second[j].start), min(first[i].end, second[j].end)
        if start < end:
            common.append(Interval(start, end))
        if first[i].end <= second[j].end:
            i += 1
        else:
            j += 1
    return common


def subtract(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """The instants of the first set that are not in the second."""
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
    return sum((each.end - each.start for each in intervals), timedelta(0))


def whole_seconds(intervals: Iterable[Interval]) -> int:
    """How long the set is, in whole seconds: summed exactly, floored once."""
    return length(intervals) // timedelta(seconds=1)


def covers(intervals: Iterable[Interval], moment: datetime) -> bool:
    """Whether the instant is in the set."""
    return any(each.start <= moment < each.end for each in intervals)
