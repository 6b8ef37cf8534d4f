"""What goes into one look at a lesson's presence checks beside who is there, and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.attendance.checks.notes import NewEntry, NewEvent
from bot.attendance.checks.run import RunState
from bot.attendance.checks.values import PresenceLogging


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a run that begins now is called, and the seed of its moments, in hexadecimal."""

    check_id: str
    seed: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a question's message."""

    #: None: it does not stand in Slack
    sent_at: datetime | None
    #: Slack will not take it, or it is too late to post it
    is_given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the participation report."""

    #: empty: there is none
    asset_id: str = ""
    filename: str = ""
    #: why there is none; empty where nothing went wrong
    trouble: str = ""


NO_REPORT: Final = Report()


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one look came to."""

    before: PresenceLogging
    after: PresenceLogging
    events: tuple[NewEvent, ...]
    entries: tuple[NewEntry, ...]
    #: None: only something new can change anything
    due_at: datetime | None

    @property
    def changed(self) -> frozenset[tuple[str, str]]:
        """(checkpoint id, person id) of the answers that are new or different."""
        known = self.before.by_key
        return frozenset(key for key, answer in self.after.by_key.items() if known.get(key) != answer)

    @property
    def needs_report(self) -> bool:
        return self.after.state is RunState.FINALISING

    @property
    def is_news_for_sheet(self) -> bool:
        """Whether anybody's line on the sheet says something else now."""
        known = self.before.by_key
        states = [(known[key].state if key in known else None, self.after.by_key[key].state) for key in self.changed]
        return any(old is not new for old, new in states) or self.before.state is not self.after.state
