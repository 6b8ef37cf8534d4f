"""A lesson watched from minute to minute without a database: decide, let what is wanted stand, look again when due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.attendance.decide import Decision, decide
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import Correction, FeedFacts, LessonFacts, Told
from bot.attendance.sheet import WrittenSheet
from bot.attendance.wanted import MessageKind
from bot.attendance.written import parse
from tests.builders import (
    Moment,
    at,
    replace,
)


@dataclass(frozen=True)
class Sent:
    """One message as it was posted, edited or deleted (content None)."""

    at: datetime
    kind: MessageKind
    recipient: str
    content: Mapping[str, Any] | None
    is_new: bool


@dataclass
class LessonWatch:
    """Knows at each moment the events that have arrived by then, and keeps what would stand in Slack."""

    facts: LessonFacts
    #: everything that will be told, at the time at which it arrives
    to_come: list[PresenceEvent] = field(default_factory=list)
    corrections_to_come: list[Correction] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    contents: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)
    decision: Decision | None = None
    #: how far it was watched
    now: datetime | None = None
    is_slack_down: bool = False
    looks: int = 0
    most_looks: int = 2000

    @classmethod
    def of(cls, facts: LessonFacts) -> "LessonWatch":
        """Watch a lesson whose facts arrive one by one."""
        start = replace(facts, events=(), corrections=(), feed=replace(facts.feed, room_heard_at=None))
        return cls(
            facts=start,
            to_come=sorted(facts.events, key=lambda event: event.received_at),
            corrections_to_come=sorted(facts.corrections, key=lambda each: each.at),
        )

    def until(self, moment: Moment) -> "LessonWatch":
        """Go on to that moment, looking whenever something arrives or is due."""
        end = at(moment)
        while (now := self.next_moment) is not None and now < end:
            self._look(now)
        self._look(end)
        return self

    @property
    def next_moment(self) -> datetime | None:
        """When something arrives, or somebody wanted to look again."""
        moments = [event.received_at for event in self.to_come] + [each.at for each in self.corrections_to_come]
        if self.decision is not None and self.decision.due_at is not None:
            moments.append(self.decision.due_at)
        if self.now is None:
            moments.append(self.facts.lesson.window.start)
        return min((moment for moment in moments if self.now is None or moment > self.now), default=None)

    def told(self, recipient: str) -> list[tuple[str, str]]:
        """(time, kind) of each new message to somebody."""
        return [
            (f"{each.at:%H:%M:%S}", each.kind.value)
            for each in self.sent
            if each.recipient == recipient and each.is_new
        ]

    def standing(self, kind: MessageKind, recipient: str) -> Mapping[str, Any] | None:
        """What stands in Slack now."""
        return self.contents.get((kind.value, recipient))

    def _arrive(self, now: datetime) -> None:
        events = [event for event in self.to_come if event.received_at <= now]
        self.to_come = self.to_come[len(events) :]
        corrections = [each for each in self.corrections_to_come if each.at <= now]
        self.corrections_to_come = self.corrections_to_come[len(corrections) :]
        feed: FeedFacts = self.facts.feed
        if events:
            feed = replace(feed, room_heard_at=now, account_ever_delivered=True)
        self.facts = replace(
            self.facts,
            events=(*self.facts.events, *events),
            corrections=(*self.facts.corrections, *corrections),
            feed=feed,
        )

    def _look(self, now: datetime) -> None:
        self.looks += 1
        assert self.looks < self.most_looks, "the lesson is looked at again and again"
        self._arrive(now)
        self.now = now
        decision = decide(self.facts, now=now)
        told = dict(self.facts.told)
        for wanted in decision.wanted:
            key = (wanted.kind.value, wanted.recipient)
            before = told.get(key)
            if self.is_slack_down:
                told[key] = Told(sent_at=before.sent_at if before else None, is_wanted=wanted.content is not None)
                continue
            if wanted.not_after is not None and now > wanted.not_after and (before is None or before.sent_at is None):
                continue
            if wanted.content == self.contents.get(key) and before is not None and before.sent_at is not None:
                continue
            is_new = wanted.content is not None and (before is None or before.sent_at is None)
            if wanted.content is not None or (before is not None and before.sent_at is not None):
                self.sent.append(Sent(now, wanted.kind, wanted.recipient, wanted.content, is_new))
            sent_at = None if wanted.content is None else now if is_new else before.sent_at if before else now
            told[key] = Told(sent_at=sent_at, is_wanted=wanted.content is not None)
            self.contents[key] = wanted.content
        written = self.facts.written
        if decision.to_write is not None:
            sheet = parse(decision.to_write.body)
            written = WrittenSheet(
                version=decision.to_write.version,
                state=sheet.state,
                at=now,
                sheet=sheet,
                sha256=decision.to_write.sha256,
            )
        lesson = replace(self.facts.lesson, state=decision.state)
        self.facts = replace(self.facts, lesson=lesson, told=told, written=written)
        self.decision = decision


def watched(facts: LessonFacts, *, until: Moment) -> LessonWatch:
    """The lesson from its window's beginning to a moment."""
    return LessonWatch.of(facts).until(until)


def new_messages(watch: LessonWatch, kinds: Iterable[MessageKind]) -> list[tuple[str, str]]:
    """(time, recipient) of each new message of these kinds."""
    wanted = set(kinds)
    return [(f"{each.at:%H:%M:%S}", each.recipient) for each in watch.sent if each.kind in wanted and each.is_new]
