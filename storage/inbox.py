"""What an operator looks for among deliveries: lists without bodies, whole ones to take away, and another try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from storage.deliveries import ACCOUNT, DELIVERY, DeliveryState, StoredDelivery, read_delivery, stored_deliveries
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which deliveries somebody means; what is left out excludes nothing."""

    ids: Sequence[int] = ()
    state: DeliveryState | None = None
    platform: str | None = None
    #: received then or later
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDelivery:
    """A delivery without its body."""

    id: int
    platform: str
    #: the name of the platform account
    account: str
    route: str
    received_at: datetime
    state: DeliveryState
    #: of the body as it was kept
    bytes: int
    #: why it could not be read; empty where nothing is wrong
    error: str
    applied_at: datetime | None


class Inbox:
    """The deliveries of the workspace, as commands ask for them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def listed(self, which: Which, *, limit: int) -> list[ListedDelivery]:
        """The newest ones first, without reading a body."""
        columns = (
            DELIVERY.c.id,
            ACCOUNT.c.platform,
            ACCOUNT.c.name.label("account"),
            DELIVERY.c.route,
            DELIVERY.c.received_at,
            DELIVERY.c.state,
            func.length(DELIVERY.c.body).label("bytes"),
            DELIVERY.c.error,
            DELIVERY.c.applied_at,
        )
        query = self._chosen(select(*columns).join_from(DELIVERY, ACCOUNT), which)
        rows = await self._transaction.all(query.order_by(DELIVERY.c.id.desc()).limit(limit))
        return [ListedDelivery(**{**row._asdict(), "state": DeliveryState(row.state)}) for row in rows]

    async def count(self, which: Which) -> int:
        """How many there are."""
        query = self._chosen(select(func.count()).select_from(DELIVERY).join(ACCOUNT), which)
        return int(await self._transaction.value(query))

    async def platforms(self, which: Which) -> list[str]:
        """The platforms that sent them."""
        query = self._chosen(select(ACCOUNT.c.platform).join_from(DELIVERY, ACCOUNT), which)
        return [row.platform for row in await self._transaction.all(query.distinct().order_by(ACCOUNT.c.platform))]

    async def whole(self, which: Which, *, after: int, limit: int) -> list[StoredDelivery]:
        """With their bodies, the oldest first, of those with an id after this one."""
        query = self._chosen(stored_deliveries(), which).where(DELIVERY.c.id > after)
        rows = await self._transaction.all(query.order_by(DELIVERY.c.id).limit(limit))
        return [read_delivery(row) for row in rows]

    async def retry(self, which: Which) -> int:
        """Have them looked into again by whoever applies deliveries; how many there are."""
        chosen = self._chosen(select(DELIVERY.c.id).join_from(DELIVERY, ACCOUNT), which)
        again = update(DELIVERY).where(DELIVERY.c.id.in_(chosen))
        return await self._transaction.run(again.values(state=DeliveryState.RECEIVED, error="", applied_at=None))

    def _chosen(self, query: Select[Any], which: Which) -> Select[Any]:
        where: list[ColumnElement[bool]] = [ACCOUNT.c.workspace_id == self._transaction.workspace_id]
        if which.ids:
            where.append(self._transaction.any_of(DELIVERY.c.id, which.ids))
        if which.state is not None:
            where.append(DELIVERY.c.state == which.state)
        if which.platform is not None:
            where.append(ACCOUNT.c.platform == which.platform)
        if which.since is not None:
            where.append(DELIVERY.c.received_at >= which.since)
        return query.where(*where)
