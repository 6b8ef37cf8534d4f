"""Feed health: may silence be taken for absence? Of (platform account, room, lesson): attendance-rules, section 5."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.attendance.lessons import CorrectionKind, Feed, LessonFacts

#: A delivery that comes later than this after what it tells is late.
LATE_DELIVERY = timedelta(minutes=2)
#: Who pressed *Join* or *I am in already* should be seen within this.
SEEN_WITHIN = timedelta(minutes=3)

Why = Literal["", "never_delivered", "pressed_but_unseen", "late_deliveries"]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """Health, and what speaks against an empty room since when."""

    feed: Feed
    why: Why = ""
    since: datetime | None = None
    #: when somebody must look again
    next_look_at: datetime | None = None


def feed_of(facts: LessonFacts, *, seen: frozenset[str], now: datetime) -> FeedHealth:
    """The feed's health; `seen` are the person ids that appeared in the room.

    *Proven* once a delivery about this room was applied since the window opened; *silent* where none was and something
    speaks against an empty room; *unknown* where nothing does.
    """
    health = facts.feed
    if health.room_heard_at is not None:
        return FeedHealth(Feed.PROVEN)
    if not health.account_ever_delivered:
        return FeedHealth(Feed.SILENT, "never_delivered", facts.lesson.window.start)
    if health.last_received_at is not None and health.last_delay > LATE_DELIVERY:
        return FeedHealth(Feed.SILENT, "late_deliveries", health.last_received_at)
    pressed = _unseen_presses(facts, seen)
    if pressed and pressed[0] + SEEN_WITHIN <= now:
        return FeedHealth(Feed.SILENT, "pressed_but_unseen", pressed[0])
    return FeedHealth(Feed.UNKNOWN, next_look_at=pressed[0] + SEEN_WITHIN if pressed else None)


def is_catching_up(facts: LessonFacts, *, now: datetime) -> bool:
    """Whether late deliveries are arriving just now: what is not here yet may be in the next one.

    What arrives in time between them does not end it.
    """
    return any(at <= now < at + LATE_DELIVERY for at in late_arrivals(facts))


def late_arrivals(facts: LessonFacts) -> list[datetime]:
    """When deliveries of the account arrived late, the last of each run."""
    health = facts.feed
    arrived = [interval.end for interval in health.late_intervals]
    if health.last_received_at is not None and health.last_delay > LATE_DELIVERY:
        arrived.append(health.last_received_at)
    return arrived


def _unseen_presses(facts: LessonFacts, seen: frozenset[str]) -> list[datetime]:
    kinds = (CorrectionKind.JOIN_PRESSED, CorrectionKind.IN_ALREADY)
    return sorted(each.at for each in facts.corrections if each.kind in kinds and each.person not in seen)
