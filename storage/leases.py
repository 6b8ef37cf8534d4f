"""Work that is done outside any transaction: a row per lesson that says when it is due, and whose it is for a while.

`claim_due` gives rows away until their lease is over, so a restart forgets nothing and two replicas do not do it twice.
Who was slower than the lease has lost it: what somebody else has claimed meanwhile is theirs (`is_held`).
The table has `lesson_id`, `due_at` (lesson time) and `lease_until` (wire time).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, update

from storage.transaction import Transaction


async def next_due_at(transaction: Transaction, table: Table, *, wire_now: datetime) -> datetime | None:
    """When something is due next; what is somebody's just now is left out."""
    query = select(func.min(table.c.due_at)).where(table.c.due_at.is_not(None), _is_free(table, wire_now))
    found: datetime | None = await transaction.value(query)
    return found


async def claim_due(
    transaction: Transaction, table: Table, *, now: datetime, wire_now: datetime, limit: int, lease: timedelta
) -> list[str]:
    """The ids of lessons that are due, the longest due first: the caller's alone for the time of the lease."""
    due = select(table.c.lesson_id).where(table.c.due_at <= now, _is_free(table, wire_now))
    due = due.order_by(table.c.due_at, table.c.lesson_id).limit(limit)
    ids = [row.lesson_id for row in await transaction.all(transaction.claiming(due, table))]
    if ids:
        mine = transaction.any_of(table.c.lesson_id, ids)
        await transaction.run(update(table).where(mine).values(lease_until=wire_now + lease))
    return ids


def is_held(table: Table, lesson_id: str, *, lease_until: datetime) -> ColumnElement[bool]:
    """The row of a lesson, as long as nobody else has claimed it since; the end of a lease tells whose it is."""
    return and_(table.c.lesson_id == lesson_id, table.c.lease_until == lease_until)


def _is_free(table: Table, wire_now: datetime) -> ColumnElement[bool]:
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= wire_now)
