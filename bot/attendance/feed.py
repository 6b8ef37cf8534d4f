"""Feed health: may silence be taken for absence? Of (platform account, room, lesson): attendance-rules, section 5."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.attendance.lessons import CorrectionKind, Feed, Lesson, LessonFacts, LessonState

#: A delivery that comes later than this after what it tells is late.
LATE_DELIVERY = timedelta(minutes=2)
#: Who pressed *Join* or *I am in already* should be seen within this.
SEEN_WITHIN = timedelta(minutes=3)

#: Of whom the platform's API shows we should have been told within this.
TOLD_WITHIN = timedelta(seconds=30)
#: The platform is asked who is in so long before the ladder speaks, at most so often for one lesson, and so far apart.
ASKED_AHEAD, MOST_ASKS, ASKED_APART = TOLD_WITHIN, 6, timedelta(minutes=2)

Why = Literal["", "never_delivered", "pressed_but_unseen", "late_deliveries", "seen_by_platform"]


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
    shown_at = _shown_at(facts)
    if shown_at is not None and shown_at + TOLD_WITHIN <= now:
        return FeedHealth(Feed.SILENT, "seen_by_platform", facts.lesson.window.start)
    pressed = _unseen_presses(facts, seen)
    if pressed and pressed[0] + SEEN_WITHIN <= now:
        return FeedHealth(Feed.SILENT, "pressed_but_unseen", pressed[0])
    looks = [*(at + SEEN_WITHIN for at in pressed[:1]), *([shown_at + TOLD_WITHIN] if shown_at is not None else [])]
    return FeedHealth(Feed.UNKNOWN, next_look_at=min(looks, default=None))


def asks_who_is_in(
    facts: LessonFacts, feed: Feed, *, state: LessonState, now: datetime
) -> tuple[bool, datetime | None]:
    """Whether the platform is to be asked now who is in the room, and when that may be so next.

    Only of a lesson that runs, and while its feed is unknown. Of moments that went by without anybody asking the last
    one is made up for.
    """
    lesson, shown = facts.lesson, facts.feed.shown
    if feed is not Feed.UNKNOWN or lesson.is_silent or lesson.is_unplanned:
        return False, None
    moments = asking_moments(lesson)
    following = next((moment for moment in moments if moment > now), None)
    due = max((moment for moment in moments if moment <= now), default=None)
    if due is None or state is not LessonState.LIVE or now >= lesson.planned_end:
        return False, following
    return shown is None or shown.asked_at < due, following


def asking_moments(lesson: Lesson) -> list[datetime]:
    """Before each thing that the ladder says for the first time, and in the middle of the lesson."""
    policy, start = lesson.policy, lesson.planned_start
    steps = {*policy.remind_students_after, policy.tell_trainer_after}
    steps |= {policy.trainer_missing_after, policy.coordinator_after}
    moments: list[datetime] = []
    for step in (*sorted(steps), (lesson.planned_end - start) / 2):
        at = max(start, start + step - ASKED_AHEAD)
        if at < lesson.planned_end and (not moments or at - moments[-1] >= ASKED_APART):
            moments.append(at)
    return moments[:MOST_ASKS]


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


def _shown_at(facts: LessonFacts) -> datetime | None:
    """When the platform's API showed people of whom it should have told us; None: it did not.

    Who had come before the window opened may have been told of then; of those nothing new is told while they stay.
    """
    shown = facts.feed.shown
    if shown is None or shown.inside is None or shown.inside.people == 0:
        return None
    came_at = shown.inside.came_at
    came_since = came_at is not None and came_at >= facts.lesson.window.start
    return shown.answered_at if came_since or not facts.events else None
