"""The one way in which a changed input reaches the lessons that it is an input of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from storage.tables import Lesson, PresenceLogging, table_of
from storage.transaction import Transaction

LESSON, LOGGING = table_of(Lesson), table_of(PresenceLogging)


async def touch(transaction: Transaction, lesson_ids: Collection[str], now: datetime) -> None:
    """Have these lessons looked at again: what was decided from their facts before does not count any more.

    Nor does it that they could not be decided: with what is known now they may be. Their presence checks are looked at
    again with them; whoever changes one holds the lesson's row, so that two writers never lock each other up.
    """
    if lesson_ids:
        again = update(LESSON).where(transaction.in_order(LESSON, lesson_ids))
        await transaction.run(again.values(revision=LESSON.c.revision + 1, due_at=now, failures=0))
        checks = update(LOGGING).where(transaction.any_of(LOGGING.c.lesson_id, lesson_ids))
        await transaction.run(checks.values(revision=LOGGING.c.revision + 1, due_at=now, failures=0))
