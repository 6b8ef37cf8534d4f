"""When a presence check asks, and how long it waits for an answer: what a trainer chooses at its start."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import Final

from bot.attendance.checks.refused import CheckRefused, RefusalCode

#: Seconds.
MOST_AFTER: Final = 36_000
MOST_WITHIN: Final = 36_000

#: How long a student has from the delivery of the question.
WINDOW: Final = timedelta(minutes=5)
SHORTEST_WINDOW: Final = timedelta(seconds=30)
LONGEST_WINDOW: Final = timedelta(minutes=60)


@unique
class Template(StrEnum):
    """A way of asking, by name."""

    OPENTALK = "opentalk"  # first after 10 to 30 min, then every 105 to 135 min, open until the next
    LIGHT = "light"  # one per hour, and one in the last 10 min
    CPE = "cpe"  # three per 50 min
    CLE = "cle"  # one per 50 min, and one 5 to 10 min before the end
    CUSTOM = "custom"  # two ranges
    NOW = "now"  # one question, at once


@dataclass(frozen=True, slots=True)
class TimeRange:
    """At the earliest `after` seconds from now, and less than `within` seconds after that."""

    after: int
    within: int


INITIAL: Final = TimeRange(600, 1200)
INTERVAL: Final = TimeRange(6300, 1800)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """What one run goes by. The ranges count for OpenTalk and Custom alone; the others are planned by the lesson."""

    template: Template
    initial: TimeRange = INITIAL
    interval: TimeRange = INTERVAL
    #: None: a question stays open until the next one
    window: timedelta | None = WINDOW

    @property
    def is_by_ranges(self) -> bool:
        """Whether the moments follow from the start of the run rather than from the lesson's plan."""
        return self.template in {Template.OPENTALK, Template.CUSTOM}


def settings_of(template: Template) -> CheckSettings:
    """The settings of a template as it is."""
    return CheckSettings(template=template, window=None if template is Template.OPENTALK else WINDOW)


def custom(
    initial: TimeRange = INITIAL, interval: TimeRange = INTERVAL, *, window: timedelta | None = WINDOW
) -> CheckSettings:
    """Settings with ranges of one's own; without a window each question stays open until the next.

    Raises `CheckRefused` (invalid parameters) for a range or a window out of bounds.
    """
    for name, chosen in (("first question", initial), ("interval", interval)):
        if not (1 <= chosen.after <= MOST_AFTER and 0 <= chosen.within <= MOST_WITHIN):
            raise CheckRefused(
                RefusalCode.INVALID_PARAMETERS,
                f"The {name}: `after` is 1 to {MOST_AFTER} seconds, `within` is 0 to {MOST_WITHIN} seconds.",
            )
    if window is not None:
        check_window(window)
    return CheckSettings(template=Template.CUSTOM, initial=initial, interval=interval, window=window)


def check_window(window: timedelta) -> None:
    """Raises `CheckRefused` for a time to answer that nobody could use, or that never ends."""
    if not SHORTEST_WINDOW <= window <= LONGEST_WINDOW:
        raise CheckRefused(RefusalCode.INVALID_PARAMETERS, "The time to answer is 30 seconds to 60 minutes.")
