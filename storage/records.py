"""The platforms' own records of sessions; each version is kept, and the one received last counts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from bot.attendance.records import PlatformRecord
from storage.json_text import storable
from storage.statements import any_of
from storage.tables import Record, new_id, table_of
from storage.transaction import Transaction

RECORD = table_of(Record)

_COLUMNS = ("id", "session_id", "fetched_at", "source", "intervals")

_WRITTEN = (
    select(RECORD.c.session_id, RECORD.c.intervals)
    .where(any_of(RECORD.c.session_id, "sessions"))
    .order_by(RECORD.c.fetched_at)
)


async def keep_records(
    transaction: Transaction, records: Sequence[tuple[str, PlatformRecord]], sessions: Mapping[tuple[str, str], str]
) -> set[str]:
    """Store what is new; the ids of the sessions of which something was. `sessions` are ids by (account, ref)."""
    rows: list[tuple[Any, ...]] = []
    for account_id, record in records:
        session_id = sessions[account_id, storable(record.session)]
        rows.append((new_id(), session_id, record.received_at, record.source, msgspec.to_builtins(record)))
    new = await transaction.insert_new(RECORD, _COLUMNS, rows, returning=("session_id",))
    return {session_id for (session_id,) in new}


async def load_records(transaction: Transaction, session_ids: Iterable[str]) -> Mapping[str, PlatformRecord]:
    """By session id, the version of its record that counts."""
    rows = await transaction.all(_WRITTEN, {"sessions": set(session_ids)})
    newest = {row.session_id: row.intervals for row in rows}
    return {session_id: msgspec.convert(written, PlatformRecord) for session_id, written in newest.items()}
