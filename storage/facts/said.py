"""What people were told about lessons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.attendance.lessons import Told
from storage.statements import any_of
from storage.tables import Message, table_of
from storage.transaction import Transaction

MESSAGE = table_of(Message)

_TOLD = select(
    MESSAGE.c.subject, MESSAGE.c.kind, MESSAGE.c.recipient, MESSAGE.c.sent_at, MESSAGE.c.desired.is_not(None)
).where(any_of(MESSAGE.c.subject, "lessons"))


async def load_told(
    transaction: Transaction, lesson_ids: Sequence[str]
) -> Mapping[str, Mapping[tuple[str, str], Told]]:
    """By lesson what stands, stood or was wanted in Slack, by (kind, recipient)."""
    told: dict[str, dict[tuple[str, str], Told]] = defaultdict(dict)
    for subject, kind, recipient, sent_at, is_wanted in await transaction.all(_TOLD, {"lessons": lesson_ids}):
        told[subject][kind, recipient] = Told(sent_at=sent_at, is_wanted=is_wanted)
    return told
