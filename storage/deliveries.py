"""Deliveries: what platforms sent, kept as evidence before anybody looks into it."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from sqlalchemy import BigInteger, Integer, Select, bindparam, func, select
from sqlalchemy import Row as Found

from storage.dialects import Row
from storage.json_text import write_json
from storage.tables import Delivery, PlatformAccount, table_of
from storage.transaction import Transaction

DELIVERY = table_of(Delivery)
ACCOUNT = table_of(PlatformAccount)

KEY = ("account_id", "delivery_key")
KEPT = (*KEY, "route", "headers", "body", "received_at", "verified_at")


@unique
class DeliveryState(StrEnum):
    """What became of a delivery."""

    RECEIVED = "received"
    APPLIED = "applied"
    IGNORED = "ignored"  # understood, and of no interest
    UNREADABLE = "unreadable"  # trusted, but not in a form we understand


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A verified request, as it is to be kept."""

    account_id: str
    route: str
    #: the same for a repeated request
    delivery_key: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    verified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDelivery:
    """A request as it was kept."""

    id: int
    account_id: str
    platform: str
    route: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    verified_at: datetime
    state: DeliveryState
    #: one sentence, empty where nothing is wrong
    error: str
    #: when somebody looked into it
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one delivery, and in one sentence what was wrong with it."""

    id: int
    state: DeliveryState
    error: str = ""


def rows_of(deliveries: Iterable[NewDelivery]) -> list[Row]:
    """As `KEPT` names the columns."""
    return [
        (
            delivery.account_id,
            _ascii(delivery.delivery_key),
            _ascii(delivery.route),
            _written(delivery.headers),
            delivery.body,
            delivery.received_at,
            delivery.verified_at,
        )
        for delivery in deliveries
    ]


def by_key(rows: Iterable[Row]) -> list[Row]:
    """In one order everywhere: two that are told the same at once wait for each other instead of locking up."""
    return sorted(rows, key=lambda row: row[: len(KEY)])


def are_new(rows: Iterable[Row], inserted: Iterable[Row]) -> list[bool]:
    """For each row whether it was inserted; of two with one key in one batch the first is the new one."""
    new = Counter(inserted)
    return [new.pop(row[: len(KEY)], 0) > 0 for row in rows]


class Deliveries:
    """The inbox."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, deliveries: Sequence[NewDelivery]) -> list[bool]:
        """Store many at once; for each whether it is new, False where the same account sent the same key before.

        If one cannot be written (`StorageError` at the end of the transaction), none is; each may be tried again in a
        transaction of its own.
        """
        rows = rows_of(deliveries)
        return are_new(rows, await self._transaction.insert_new(DELIVERY, KEPT, by_key(rows), returning=KEY))

    async def waiting(self, limit: int, *, most_bytes: int = sys.maxsize) -> list[StoredDelivery]:
        """Those that nobody looked into yet, the oldest first; while writing they are claimed until the end of it.

        No more of them once their bodies come to `most_bytes`; the first one is among them whatever its size.
        """
        query = self._transaction.claiming(_WAITING, DELIVERY)
        rows = await self._transaction.all(query, {"most": limit, "most_bytes": most_bytes})
        return [read_delivery(row) for row in rows]

    async def settle(self, settled: Sequence[Settled], at: datetime) -> None:
        """Write down what became of deliveries."""
        rows = [(each.id, each.state.value, _ascii(each.error), at) for each in settled]
        await self._transaction.update_each(DELIVERY, ("id", "state", "error", "applied_at"), rows)

    async def find(self, *, state: DeliveryState | None = None, limit: int = 100) -> list[StoredDelivery]:
        """The newest ones first, of one state or of all."""
        query = stored_deliveries().order_by(DELIVERY.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(DELIVERY.c.state == state)
        return [read_delivery(row) for row in await self._transaction.all(query)]

    async def get(self, delivery_id: int) -> StoredDelivery | None:
        """One delivery."""
        row = await self._transaction.first(stored_deliveries().where(DELIVERY.c.id == delivery_id))
        return read_delivery(row) if row else None

    async def with_key(self, account_id: str, delivery_key: str) -> StoredDelivery | None:
        """The one that an account sent under this key."""
        is_it = (DELIVERY.c.account_id == account_id, DELIVERY.c.delivery_key == _ascii(delivery_key))
        row = await self._transaction.first(stored_deliveries().where(*is_it))
        return read_delivery(row) if row else None


def stored_deliveries() -> Select[tuple[object, ...]]:
    """Whole deliveries, for `read_delivery`."""
    query: Select[tuple[object, ...]] = select(
        DELIVERY.c.id,
        DELIVERY.c.account_id,
        ACCOUNT.c.platform,
        DELIVERY.c.route,
        DELIVERY.c.headers,
        DELIVERY.c.body,
        DELIVERY.c.received_at,
        DELIVERY.c.verified_at,
        DELIVERY.c.state,
        DELIVERY.c.error,
        DELIVERY.c.applied_at,
    ).join_from(DELIVERY, ACCOUNT)
    return query


def read_delivery(row: Found[tuple[object, ...]]) -> StoredDelivery:
    """A row of `stored_deliveries`."""
    found = row._mapping
    return StoredDelivery(**{**found, "headers": json.loads(found["headers"]), "state": DeliveryState(found["state"])})


def _written(headers: Mapping[str, str]) -> str:
    try:
        return write_json(dict(headers))
    except UnicodeEncodeError:  # a lone surrogate, which only the slower way escapes
        return json.dumps(dict(headers))


def _ascii(text: str) -> str:
    """Text that no database refuses: a lone surrogate or a NUL in one row would take its whole batch with it."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("ascii", "backslashreplace").decode().replace("\0", "\\x00")


def _waiting() -> Select[tuple[object, ...]]:
    """The oldest that nobody looked into: `most` of them, and `most_bytes` together."""
    size = func.length(DELIVERY.c.body)
    oldest = (
        select(DELIVERY.c.id, (func.sum(size).over(order_by=DELIVERY.c.id) - size).label("bytes_before"))
        .where(DELIVERY.c.state == DeliveryState.RECEIVED)
        .order_by(DELIVERY.c.id)
        .limit(bindparam("most", type_=Integer()))
        .subquery()
    )
    return (
        stored_deliveries()
        .join(oldest, oldest.c.id == DELIVERY.c.id)
        .where(oldest.c.bytes_before < bindparam("most_bytes", type_=BigInteger()))
        .where(DELIVERY.c.state == DeliveryState.RECEIVED)
        .order_by(DELIVERY.c.id)
    )


_WAITING = _waiting()
