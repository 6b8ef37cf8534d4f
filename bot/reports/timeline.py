"""Who was there when, as bars on one axis: part of the lesson sheet, and a picture of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from bot.attendance.lessons import Interval
from bot.attendance.sheet import Sheet, Stay
from bot.reports.forms import Forms

#: Of the length of the axis; a bar is drawn in whole steps.
STEPS: Final = 1000
#: Shown before the planned start and after the planned end.
MARGIN: Final = timedelta(minutes=10)
#: Between two times on the axis; the first that gives at most `MOST_TICKS`.
TICKS: Final = tuple(timedelta(minutes=n) for n in (10, 15, 30, 60, 120, 240, 480))
MOST_TICKS: Final = 7

#: Beginning and end in steps.
Span = tuple[int, int]


class Bar(TypedDict):
    """One person's bar."""

    present: list[Span]
    #: a beginning or an end of it is assumed
    assumed: list[Span]
    waited: list[Span]


class Axis(TypedDict):
    """What all bars are drawn upon."""

    #: place in steps, and the time there
    ticks: list[tuple[int, str]]
    #: when the lesson was held
    held: list[Span]


@dataclass(frozen=True, slots=True)
class Scale:
    """From instants to steps: the planned lesson with ten minutes before and after it."""

    start: datetime
    end: datetime
    #: an open stay lasts until here
    now: datetime

    @classmethod
    def of(cls, sheet: Sheet) -> "Scale":
        return cls(sheet.planned_start - MARGIN, sheet.planned_end + MARGIN, sheet.computed_at)

    def span(self, start: datetime, end: datetime) -> Span | None:
        """Cut to the axis and never thinner than a step; None for what is outside of it."""
        if end <= self.start or start >= self.end:
            return None
        first, last = self.step(start), self.step(end)
        return (min(first, STEPS - 1), max(last, first + 1))

    def step(self, at: datetime) -> int:
        """Where an instant stands on the axis; what is outside, at its edge."""
        within = (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)
        return int(within * STEPS)


def axis(sheet: Sheet, forms: Forms) -> Axis:
    """The hours of the lesson."""
    scale = Scale.of(sheet)
    return Axis(ticks=_ticks(scale, forms), held=_spans(scale, sheet.held))


def bar(stays: Sequence[Stay], waited: Iterable[Interval], scale: Scale) -> Bar:
    """What somebody's stays look like."""
    present: list[Span] = []
    assumed: list[Span] = []
    for stay in stays:
        span = scale.span(stay.joined_at, stay.left_at or scale.now)
        if span is not None:
            (assumed if stay.assumed else present).append(span)
    return Bar(present=_joined(present), assumed=_joined(assumed), waited=_spans(scale, waited))


def _spans(scale: Scale, intervals: Iterable[Interval]) -> list[Span]:
    spans = (scale.span(each.start, each.end) for each in intervals)
    return _joined([span for span in spans if span is not None])


def _joined(spans: list[Span]) -> list[Span]:
    """What touches is one: ten thousand short stays are at most a thousand bars."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _ticks(scale: Scale, forms: Forms) -> list[tuple[int, str]]:
    length = scale.end - scale.start
    apart = next((each for each in TICKS if length / each <= MOST_TICKS), TICKS[-1])
    # Full hours as people there see them, which are not those of UTC everywhere; counted in real time.
    offset = scale.start.astimezone(ZoneInfo(forms.zone)).utcoffset() or timedelta()
    since = scale.start.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC) + offset
    at = scale.start + (-since % apart)
    ticks: list[tuple[int, str]] = []
    while at < scale.end:
        ticks.append((scale.step(at), forms.clock(at)))
        at += apart
    return ticks
