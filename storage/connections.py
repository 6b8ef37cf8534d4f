"""Connections: a cache of who each device was seen as, for questions and for the API. The events are the facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.attendance.events import PresenceEvent
from storage.json_text import storable
from storage.statements import any_of
from storage.tables import Connection, new_id, table_of
from storage.transaction import Transaction

CONNECTION = table_of(Connection)

_COLUMNS = ("id", "session_id", "ref", "names", "user_ids", "email", "registrant_id", "is_host")

_KNOWN = select(*(CONNECTION.c[name] for name in _COLUMNS)).where(
    any_of(CONNECTION.c.session_id, "sessions"), any_of(CONNECTION.c.ref, "refs")
)


@dataclass(slots=True)
class _Seen:
    """Every name and id that a connection was seen with; one of several e-mails is the first of the alphabet."""

    id: str
    names: set[str] = field(default_factory=set)
    user_ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    registrant_ids: set[str] = field(default_factory=set)
    is_host: bool = False

    def add(self, event: PresenceEvent) -> None:
        handle = event.handle
        self.names |= {storable(handle.name)} - {""}
        self.user_ids |= {storable(handle.user_id)} - {""}
        self.emails |= {storable(handle.email)} - {""}
        self.registrant_ids |= {storable(handle.registrant_id)} - {""}
        self.is_host = self.is_host or handle.is_host

    def values(self, session_id: str, ref: str) -> tuple[Any, ...]:
        """In the order of the columns."""
        return (
            self.id,
            session_id,
            ref,
            sorted(self.names),
            sorted(self.user_ids),
            min(self.emails, default=""),
            min(self.registrant_ids, default=""),
            self.is_host,
        )


async def remember_connections(
    transaction: Transaction,
    events: Iterable[tuple[str, int | None, PresenceEvent]],
    sessions: Mapping[tuple[str, str], str],
) -> None:
    """Add what these events tell of their connections; `sessions` are ids by (account, ref), locked by who calls."""
    told: dict[tuple[str, str], list[PresenceEvent]] = {}
    for account_id, _, event in events:
        if event.connection is not None:
            session_id = sessions[account_id, storable(event.session)]
            told.setdefault((session_id, storable(event.connection)), []).append(event)
    known = await _known(transaction, told)
    seen: dict[tuple[str, str], _Seen] = {}
    for key, events_of_one in told.items():
        seen[key] = _seen_before(known[key]) if key in known else _Seen(id=new_id())
        for event in events_of_one:
            seen[key].add(event)
    rows = {key: each.values(*key) for key, each in seen.items()}
    await transaction.insert_new(CONNECTION, _COLUMNS, [row for key, row in rows.items() if key not in known])
    changed = [row for key, row in rows.items() if key in known and row != known[key]]
    await transaction.update_each(CONNECTION, _COLUMNS, changed)


async def _known(transaction: Transaction, told: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    asked = {"sessions": {session_id for session_id, _ in told}, "refs": {ref for _, ref in told}}
    return {(row.session_id, row.ref): tuple(row) for row in await transaction.all(_KNOWN, asked)}


def _seen_before(row: tuple[Any, ...]) -> _Seen:
    id_, _, _, names, user_ids, email, registrant_id, is_host = row
    return _Seen(
        id=id_,
        names=set(names),
        user_ids=set(user_ids),
        emails={email} - {""},
        registrant_ids={registrant_id} - {""},
        is_host=is_host,
    )
