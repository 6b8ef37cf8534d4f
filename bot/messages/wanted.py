"""Which messages there are, and what a tick wants to stand in Slack.

A wanted message is data: the name of a message function and its arguments. The words are made when it is sent, in the
reader's language and zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any


@unique
class MessageKind(StrEnum):
    """One message function each; the row's identity is (workspace, kind, lesson, recipient)."""

    # to a student
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"
    PROMISE_OVER = "promise_over"  # the promised time has come
    LOST_YOU = "lost_you"
    CANCELLED_DM = "cancelled_dm"  # to those who had been reminded
    VERDICT_CHANGED = "verdict_changed"
    DISPUTE_SETTLED = "dispute_settled"
    # to a trainer
    TRAINER_MISSING = "trainer_missing"
    TRAINER_CARD = "trainer_card"
    LET_THEM_IN = "let_them_in"
    DID_IT_TAKE_PLACE = "did_it_take_place"
    WAS_THIS_A_LESSON = "was_this_a_lesson"
    # to the coordinator
    COORDINATOR_TRAINER_MISSING = "coordinator_trainer_missing"
    COORDINATOR_NOT_HELD = "coordinator_not_held"
    # to the admins
    FEED_SILENT = "feed_silent"
    # to a channel
    TRAINER_LATE = "trainer_late"
    CANCELLED = "cancelled"
    BOARD = "board"
    SUMMARY = "summary"


#: Smaller is sooner: late students, then escalations, then the board, then the summary (slack.md, section 2.2).
PRIORITY: Mapping[MessageKind, int] = {
    MessageKind.REMINDER_1: 1,
    MessageKind.REMINDER_2: 1,
    MessageKind.PROMISE_OVER: 1,
    MessageKind.LOST_YOU: 1,
    MessageKind.CANCELLED_DM: 1,
    MessageKind.TRAINER_MISSING: 1,
    MessageKind.LET_THEM_IN: 2,
    MessageKind.COORDINATOR_TRAINER_MISSING: 2,
    MessageKind.TRAINER_LATE: 2,
    MessageKind.TRAINER_CARD: 2,
    MessageKind.FEED_SILENT: 2,
    MessageKind.CANCELLED: 3,
    MessageKind.BOARD: 4,
    MessageKind.SUMMARY: 4,
    MessageKind.DID_IT_TAKE_PLACE: 5,
    MessageKind.WAS_THIS_A_LESSON: 5,
    MessageKind.COORDINATOR_NOT_HELD: 5,
    MessageKind.VERDICT_CHANGED: 6,
    MessageKind.DISPUTE_SETTLED: 6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What should stand in Slack for one (kind, lesson, recipient)."""

    kind: MessageKind
    #: a person's id, or a channel's name or id
    recipient: str
    #: arguments of the message function as JSON; None: nothing should stand, what stands is deleted
    content: Mapping[str, Any] | None
    #: not before this
    due_at: datetime
    #: a first posting after this is skipped; None: always worth posting
    not_after: datetime | None = None
    #: an edit waits at least this many seconds after the last sending, so that edits coalesce
    edit_gap_seconds: int = 0
