"""The history of what was done: a chain in which nothing can be altered unseen."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, insert, select, update

from storage import tables
from storage.json_text import canonical_json
from storage.statements import locking
from storage.tables import table_of
from storage.transaction import Transaction

HISTORY, SECRET, WORKSPACE = (table_of(model) for model in (tables.History, tables.HistorySecret, tables.Workspace))

#: Entries read at once while the chain is walked.
_PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry; printed on documents, so that they are witnesses of the chain."""

    #: 0 while there is none
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class BrokenAt:
    """The first entry that does not fit, and what is wrong with it."""

    seq: int
    why: str


class History:
    """The workspace's chain: each entry's hash covers the one before it."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(
        self,
        actor: str,
        action: str,
        subject: str,
        facts: Mapping[str, Any],
        *,
        personal: Mapping[str, Any] | None = None,
        person_id: str | None = None,
        now: datetime,
    ) -> int:
        """One more entry; its number.

        `facts` hold ids, texts, whole numbers and instants as text, never a name. What is `personal` is only committed
        to: it stands aside under `person_id`, and can be deleted without breaking the chain. Writers take turns from
        here to the end of the transaction.
        """
        head = await self._head(is_locked=True)
        seq = head.seq + 1
        commitment = ""
        if personal is not None:
            value, salt = canonical_json(personal), secrets.token_hex(16)
            commitment = _commitment(salt, value)
            secret = {"seq": seq, "person_id": person_id, "salt": salt, "value": value}
            await self._transaction.run(insert(SECRET), {"workspace_id": self._transaction.workspace_id, **secret})
        entry = {
            "workspace_id": self._transaction.workspace_id,
            "seq": seq,
            "at": now.astimezone(UTC),
            "actor": actor,
            "action": action,
            "subject": subject,
            "facts": dict(facts),
            "commitment": commitment,
            "previous_hash": head.hash,
        }
        new_hash = _hash(entry)
        await self._transaction.run(insert(HISTORY), {**entry, "hash": new_hash})
        moved = update(WORKSPACE).where(WORKSPACE.c.id == self._transaction.workspace_id)
        await self._transaction.run(moved.values(history_seq=seq, history_hash=new_hash))
        return seq

    async def head(self) -> Head:
        """The newest entry."""
        return await self._head(is_locked=False)

    async def newest_about(self, subject: str, **facts: object) -> str:
        """Hash of the newest entry about something that tells these facts; empty where there is none."""
        query = select(HISTORY.c.hash, HISTORY.c.facts).where(
            HISTORY.c.workspace_id == self._transaction.workspace_id, HISTORY.c.subject == subject
        )
        for row in await self._transaction.all(query.order_by(HISTORY.c.seq.desc())):
            if facts.items() <= (row.facts or {}).items():
                return str(row.hash)
        return ""

    async def verify(self) -> BrokenAt | None:
        """Walk the whole chain; None if every entry is where and as it was written."""
        expected = Head(0, "")
        while True:
            rows = await self._transaction.all(self._after(expected.seq))
            for row in rows:
                why = _wrong(row, expected)
                if why:
                    return BrokenAt(min(row.seq, expected.seq + 1), why)
                expected = Head(row.seq, row.hash)
            if len(rows) < _PORTION:
                break
        head = await self._head(is_locked=False)
        return None if head == expected else BrokenAt(expected.seq + 1, "the newest entries are missing")

    async def _head(self, *, is_locked: bool) -> Head:
        query = select(WORKSPACE.c.history_seq, WORKSPACE.c.history_hash).where(
            WORKSPACE.c.id == self._transaction.workspace_id
        )
        row = await self._transaction.first(locking(query, WORKSPACE) if is_locked else query)
        assert row is not None
        return Head(row.history_seq, row.history_hash)

    def _after(self, seq: int) -> Any:
        aside = and_(SECRET.c.workspace_id == HISTORY.c.workspace_id, SECRET.c.seq == HISTORY.c.seq)
        return (
            select(HISTORY, SECRET.c.salt, SECRET.c.value)
            .outerjoin(SECRET, aside)
            .where(HISTORY.c.workspace_id == self._transaction.workspace_id, HISTORY.c.seq > seq)
            .order_by(HISTORY.c.seq)
            .limit(_PORTION)
        )


def _wrong(row: Row[Any], before: Head) -> str:
    """What is wrong with an entry; empty if it is as it was written."""
    if row.seq != before.seq + 1:
        return "an entry is missing"
    if row.previous_hash != before.hash:
        return "it does not follow the entry before it"
    if row.hash != _hash(row._asdict()):
        return "it was altered"
    if row.salt is not None and row.commitment != _commitment(row.salt, row.value):
        return "what it commits to was altered"
    return ""


def _hash(entry: Mapping[str, Any]) -> str:
    names = ("workspace_id", "seq", "actor", "action", "subject", "facts", "commitment", "previous_hash")
    told = {**{name: entry[name] for name in names}, "at": entry["at"].isoformat()}
    return sha256(canonical_json(told).encode()).hexdigest()


def _commitment(salt: str, value: str) -> str:
    return sha256((salt + value).encode()).hexdigest()
