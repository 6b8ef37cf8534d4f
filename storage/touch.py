"""The one way in which a changed input reaches the lessons that it is an input of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from storage.tables import Lesson, table_of
from storage.transaction import Transaction

LESSON = table_of(Lesson)


async def touch(transaction: Transaction, lesson_ids: Collection[str], now: datetime) -> None:
    """Have these lessons looked at again: what was decided from their facts before does not count any more.

    Nor does it that they could not be decided: with what is known now they may be.
    """
    if lesson_ids:
        again = update(LESSON).where(transaction.in_order(LESSON, lesson_ids))
        await transaction.run(again.values(revision=LESSON.c.revision + 1, due_at=now, failures=0))
