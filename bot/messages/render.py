"""From a wanted message, kept as data, to its words: one table from kind to function."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from bot.attendance.wanted import MessageKind
from bot.messages.board import board
from bot.messages.cancelled import cancelled
from bot.messages.check_card import check_card
from bot.messages.check_question import check_question
from bot.messages.connection_trouble import deliveries_late, deliveries_refused, slack_refused
from bot.messages.feed_silent import feed_silent
from bot.messages.files import reports, summary_files
from bot.messages.lesson_questions import did_it_take_place, was_this_a_lesson
from bot.messages.let_them_in import let_them_in
from bot.messages.lost_you import lost_you
from bot.messages.message import Message, Reader
from bot.messages.reminder import reminder
from bot.messages.summary import summary
from bot.messages.trainer_card import trainer_card
from bot.messages.trainer_missing import coordinator, trainer_late, trainer_missing
from bot.messages.verdict_changed import dispute_settled, verdict_changed

WRITTEN_BY: Final[Mapping[MessageKind, Callable[..., Message]]] = {
    MessageKind.REMINDER_1: reminder,
    MessageKind.REMINDER_2: reminder,
    MessageKind.PROMISE_OVER: partial(reminder, is_promise_over=True),
    MessageKind.LOST_YOU: lost_you,
    MessageKind.CANCELLED_DM: cancelled,
    MessageKind.VERDICT_CHANGED: verdict_changed,
    MessageKind.VERDICT_CHANGED_AGAIN: verdict_changed,
    MessageKind.DISPUTE_SETTLED: dispute_settled,
    MessageKind.DISPUTE_SETTLED_AGAIN: dispute_settled,
    MessageKind.CHECK_QUESTION: check_question,
    MessageKind.CHECK_CARD: check_card,
    MessageKind.TRAINER_MISSING: trainer_missing,
    MessageKind.TRAINER_CARD: trainer_card,
    MessageKind.LET_THEM_IN: let_them_in,
    MessageKind.DID_IT_TAKE_PLACE: did_it_take_place,
    MessageKind.WAS_THIS_A_LESSON: was_this_a_lesson,
    MessageKind.COORDINATOR_TRAINER_MISSING: coordinator,
    MessageKind.COORDINATOR_NOT_HELD: coordinator,
    MessageKind.FEED_SILENT: feed_silent,
    MessageKind.DELIVERIES_REFUSED: deliveries_refused,
    MessageKind.DELIVERIES_LATE: deliveries_late,
    MessageKind.SLACK_REFUSED: slack_refused,
    MessageKind.TRAINER_LATE: trainer_late,
    MessageKind.CANCELLED: cancelled,
    MessageKind.BOARD: board,
    MessageKind.SUMMARY: summary,
    MessageKind.SUMMARY_FILES: summary_files,
    MessageKind.SUMMARY_REPORTS: reports,
    MessageKind.CHECK_REPORT: reports,
}


def render(
    kind: MessageKind,
    content: Mapping[str, Any],
    reader: Reader,
    *,
    link: str = "",
    plain: bool = False,
    sent_at: int = 0,
) -> Message:
    """The words of a wanted message; `content` is the TypedDict of its kind.

    `link` is the permalink of the summary, for the board's last edit. With `plain` the summary has no table, for a
    workspace that refuses that block. `sent_at` is when the message is, or was, posted, in seconds of the epoch: the
    deadline of a question counts from there. Raises `TypeError` for content that is not of its kind.
    """
    extra: dict[str, Any] = {}
    if kind is MessageKind.BOARD:
        extra["link"] = link
    if kind is MessageKind.SUMMARY:
        extra["plain"] = plain
    if kind is MessageKind.CHECK_QUESTION:
        extra["asked_at"] = sent_at
    return WRITTEN_BY[kind](**content, **extra, reader=reader)
