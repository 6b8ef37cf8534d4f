"""One row per message that stands or should stand in Slack: what it holds, and what becomes of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Any

from sqlalchemy import Row

from bot.attendance.wanted import MessageKind, Wanted
from storage.pacing import DELETE, EDIT, POST


@unique
class MessageState(StrEnum):
    """Where a message is on its way."""

    WAITING = "waiting"  # Slack is to be made equal to it
    SENT = "sent"  # Slack is equal to it
    REJECTED = "rejected"  # Slack will never take it as it is
    SKIPPED = "skipped"  # not worth posting any more


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """A message that was claimed: whoever holds it calls Slack and tells what came of it."""

    id: str
    kind: MessageKind
    #: the lesson's id
    subject: str
    #: a person's id, or a channel's name or id
    recipient: str
    #: where to post: the person's Slack id, or the channel
    address: str
    #: arguments of the message function; None: what stands is to be deleted
    content: Mapping[str, Any] | None
    revision: int
    #: where it stands; both empty: post it
    channel: str
    ts: str
    #: when it was posted; None: not yet
    sent_at: datetime | None
    #: calls in vain since the last one that Slack took
    attempts: int
    #: the reader's own, else the course's
    zone: str
    #: empty where unknown
    language: str

    @property
    def method(self) -> str:
        """What Slack is to be asked."""
        return method_of(self.ts, self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A message as it is kept."""

    id: str
    kind: MessageKind
    lesson_id: str
    recipient: str
    #: what should stand; None: nothing
    content: Mapping[str, Any] | None
    revision: int
    channel: str
    ts: str
    #: when it was posted
    sent_at: datetime | None
    state: MessageState
    #: when Slack is to be called next
    due_at: datetime | None
    #: one sentence, empty where nothing is wrong
    error: str


@dataclass(frozen=True, slots=True)
class Attempted:
    """One call to Slack, or that there will be none."""

    at: datetime
    #: empty where Slack was not called
    method: str
    #: "ok", Slack's error code, or why it was not called
    outcome: str


def method_of(ts: str, content: object) -> str:
    """What Slack is asked for a row."""
    if not ts:
        return POST
    return EDIT if content is not None else DELETE


def changed(row: Row[Any], wanted: Wanted, *, now: datetime) -> tuple[MessageState, datetime | None, str]:
    """State, `due_at` and error of a row whose content changes.

    What waits keeps its moment, if that is earlier, so that edits coalesce and the latest content wins; what waits
    because Slack is in trouble keeps it in any case.
    """
    if wanted.content is None and not row.ts:
        return MessageState.SKIPPED, None, "taken back"
    due_at = now if wanted.content is None else wanted.due_at
    if wanted.content is not None and row.called_at is not None:
        due_at = max(due_at, row.called_at + timedelta(seconds=wanted.edit_gap_seconds))
    if row.state == MessageState.WAITING:
        due_at = row.due_at if row.attempts else min(row.due_at, due_at)
    return MessageState.WAITING, due_at, ""


def called(
    row: Row[Any], *, revision: int, stands: bool, ends_as: MessageState, now: datetime
) -> tuple[MessageState, datetime | None]:
    """State and `due_at` after a call about one revision; what has changed meanwhile is still to be told."""
    if row.desired_revision == revision:
        return ends_as, None
    if row.desired is None:
        return (MessageState.WAITING, now) if stands else (MessageState.SKIPPED, None)
    return MessageState.WAITING, now + timedelta(seconds=row.edit_gap_seconds) if stands else now
