"""The one way in which a changed input reaches the lessons that it is an input of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from storage.statements import any_of, given, in_order
from storage.tables import Lesson, PresenceLogging, table_of
from storage.transaction import Transaction

LESSON, LOGGING = table_of(Lesson), table_of(PresenceLogging)

_LESSONS = (
    update(LESSON)
    .where(in_order(LESSON, "lessons"))
    .values(revision=LESSON.c.revision + 1, due_at=given(LESSON.c.due_at, "now"), failures=0)
)
_CHECKS = (
    update(LOGGING)
    .where(any_of(LOGGING.c.lesson_id, "lessons"))
    .values(revision=LOGGING.c.revision + 1, due_at=given(LOGGING.c.due_at, "now"), failures=0)
)


async def touch(transaction: Transaction, lesson_ids: Collection[str], now: datetime) -> None:
    """Have these lessons looked at again: what was decided from their facts before does not count any more.

    Nor does it that they could not be decided: with what is known now they may be. Their presence checks are looked at
    again with them; whoever changes one holds the lesson's row, so that two writers never lock each other up.
    """
    if lesson_ids:
        for statement in (_LESSONS, _CHECKS):
            await transaction.run(statement, {"lessons": lesson_ids, "now": now})
