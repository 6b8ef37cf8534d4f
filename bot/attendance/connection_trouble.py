"""When the admins are told that a connection does not work.

Calm: one message for each trouble, edited while it lasts and when it is over; a single slip is nobody's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.attendance.feed import LATE_DELIVERY
from bot.attendance.wanted import (
    DeliveriesLateContent,
    DeliveriesRefusedContent,
    MessageKind,
    SlackRefusedContent,
    Wanted,
)

#: Fewer are a slip, or somebody who tries out addresses.
REFUSED_AT_LEAST = 3
#: A trouble of which nothing was heard for so long is over; so each account has at most one new message in that time.
QUIET_AFTER = timedelta(hours=1)
#: What comes late all at once is the end of an outage: told is what is still late after this.
LATE_FOR = timedelta(minutes=2)
#: What stands is edited at most this often.
EDIT_GAP_SECONDS = 60
#: What Slack says where nobody can write, and somebody can mend it.
PLACE_REFUSED = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})

#: (subject, kind, recipient): which message it is
Standing = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is known of the way from one platform account to us."""

    id: str
    platform: str
    #: empty: the account of the settings
    name: str
    #: requests that no secret proved since the first of them; 0 and None: it is quiet
    refused: int = 0
    refused_first_at: datetime | None = None
    refused_last_at: datetime | None = None
    #: when the newest delivery that told something came, and how long after what it told
    last_received_at: datetime | None = None
    last_delay: timedelta = timedelta(0)
    #: since when they have been late, as last decided
    late_first_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """What Slack last said of messages for one channel."""

    channel: str
    #: when it last refused one within a day, and with which word
    refused_at: datetime
    code: str
    #: when it last took one
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDecision:
    """What the admins should read of an account, each with its subject, and what is remembered of it."""

    account_id: str
    wanted: tuple[tuple[str, Wanted], ...] = ()
    #: nothing was refused for long: counting begins anew
    is_quiet: bool = False
    late_first_at: datetime | None = None
    #: when somebody must look again, if nothing comes before
    next_look_at: datetime | None = None


def decide_account(
    facts: AccountFacts, *, admins: tuple[str, ...], standing: Standing, now: datetime
) -> AccountDecision:
    """What is to be told of one account; `standing` are the messages of its troubles that there are already."""
    wanted: list[tuple[str, Wanted]] = []
    looks: list[datetime] = []
    is_quiet = False
    if facts.refused_first_at is not None and facts.refused_last_at is not None:
        is_quiet = now - facts.refused_last_at >= QUIET_AFTER
        if facts.refused >= REFUSED_AT_LEAST:
            subject = _subject(facts.id, facts.refused_first_at)
            wanted += _told(
                MessageKind.DELIVERIES_REFUSED, subject, admins, _refused(facts, is_over=is_quiet), standing, now,
                is_over=is_quiet,
            )  # fmt: skip
        looks.append(facts.refused_last_at + QUIET_AFTER)
    late_first_at = _late_since(facts, now)
    since = late_first_at or facts.late_first_at
    if since is not None and facts.last_received_at is not None:
        is_over = late_first_at is None
        if is_over or facts.last_received_at - since >= LATE_FOR:
            content = _late(facts, since, is_over=is_over)
            subject = _subject(facts.id, since)
            wanted += _told(MessageKind.DELIVERIES_LATE, subject, admins, content, standing, now, is_over=is_over)
        if not is_over:
            looks.append(facts.last_received_at + QUIET_AFTER)
    return AccountDecision(
        account_id=facts.id,
        wanted=tuple(wanted),
        is_quiet=is_quiet,
        late_first_at=late_first_at,
        next_look_at=min((look for look in looks if look > now), default=None),
    )


def decide_channel(
    facts: ChannelFacts, *, admins: tuple[str, ...], standing: Standing, now: datetime
) -> tuple[tuple[str, Wanted], ...]:
    """What is to be told of one channel."""
    if facts.code not in PLACE_REFUSED:
        return ()
    is_over = facts.sent_at is not None and facts.sent_at > facts.refused_at
    content: SlackRefusedContent = {
        "channel": facts.channel,
        "stage": "over" if is_over else "refused",
        "code": facts.code,
    }
    subject = subject_of_channel(facts)
    return tuple(_told(MessageKind.SLACK_REFUSED, subject, admins, content, standing, now, is_over=is_over))


def subjects_of(facts: AccountFacts) -> list[str]:
    """The subjects of the messages that `decide_account` may want."""
    moments = (facts.refused_first_at, facts.late_first_at, facts.last_received_at)
    return [_subject(facts.id, moment) for moment in moments if moment is not None]


def subject_of_channel(facts: ChannelFacts) -> str:
    """The subject of the message that `decide_channel` may want."""
    return f"{facts.channel}@{facts.refused_at:%Y-%m-%d}"


def _subject(account_id: str, since: datetime) -> str:
    """Each trouble has a message of its own: an edit of the last one's would notify nobody."""
    return f"{account_id}@{int(since.timestamp())}"


def _late_since(facts: AccountFacts, now: datetime) -> datetime | None:
    """Since when they have been coming late; None: they are not, or nothing has come for long."""
    if facts.last_received_at is None or facts.last_delay <= LATE_DELIVERY:
        return None
    if now - facts.last_received_at >= QUIET_AFTER:
        return None
    return facts.late_first_at or facts.last_received_at


def _told(
    kind: MessageKind,
    subject: str,
    admins: tuple[str, ...],
    content: Mapping[str, Any],
    standing: Standing,
    now: datetime,
    *,
    is_over: bool,
) -> list[tuple[str, Wanted]]:
    """To every admin; that it is over only where it was told."""
    return [
        (
            subject,
            Wanted(kind=kind, recipient=admin, content=content, due_at=now, edit_gap_seconds=EDIT_GAP_SECONDS),
        )
        for admin in admins
        if not is_over or (subject, kind.value, admin) in standing
    ]


def _refused(facts: AccountFacts, *, is_over: bool) -> DeliveriesRefusedContent:
    assert facts.refused_first_at is not None
    heard = facts.last_received_at
    return {
        "platform": facts.platform,
        "account": facts.name,
        "stage": "over" if is_over else "refused",
        "count": facts.refused,
        "since": int(facts.refused_first_at.timestamp()),
        "has_good": heard is not None and heard > facts.refused_first_at,
    }


def _late(facts: AccountFacts, since: datetime, *, is_over: bool) -> DeliveriesLateContent:
    return {
        "platform": facts.platform,
        "account": facts.name,
        "stage": "over" if is_over else "late",
        "since": int(since.timestamp()),
        "delay_seconds": int(facts.last_delay.total_seconds()) // 60 * 60,
    }
