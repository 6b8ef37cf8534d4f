"""Platform accounts: to whom deliveries, rooms and sessions belong, and how each proves what it sends."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, func, insert, literal, or_, select, update

from storage.tables import AccountSecret, PlatformAccount, new_id, table_of
from storage.transaction import Transaction

ACCOUNT, SECRET = table_of(PlatformAccount), table_of(AccountSecret)

#: its secrets are the environment's
DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """A webhook secret as it is kept: encrypted."""

    id: str
    sealed: str
    #: after this it proves nothing any more; None: it is the newest
    good_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAccount:
    """An account on a platform."""

    id: str
    platform: str
    name: str
    #: digest of the secret part of its address; None: it has the platform's own address
    token_hash: str | None
    #: none for the account `default`
    secrets: tuple[SealedSecret, ...]
    created_at: datetime
    #: when the newest delivery that told something arrived
    last_received_at: datetime | None
    #: requests that no secret of it proved, and since when
    refused: int
    refused_first_at: datetime | None


class Accounts:
    """The school's accounts on platforms."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def default(self, platform: str, *, now: datetime) -> str:
        """The id of the account whose secrets are in the environment; made on first use, so only while writing."""
        await self._make(platform, DEFAULT, None, now=now)
        found = await self.find(platform)
        assert found is not None
        return found

    async def add(self, platform: str, name: str, *, token_hash: str | None, sealed: str, now: datetime) -> str | None:
        """An account with an address and a secret of its own: its id, or None if the platform has one of this name."""
        if await self.find(platform, name) is not None:
            return None
        await self._make(platform, name, token_hash, now=now)
        found = await self.find(platform, name)
        assert found is not None
        await self._keep_secret(found, sealed, now=now)
        return found

    async def rotate(self, account_id: str, *, sealed: str, old_until: datetime, now: datetime) -> None:
        """A new secret; those that were good are so until then, at the longest."""
        of_it = SECRET.c.account_id == account_id
        is_longer = or_(SECRET.c.good_until.is_(None), SECRET.c.good_until > old_until)
        await self._transaction.run(delete(SECRET).where(of_it, SECRET.c.good_until <= now))
        await self._transaction.run(update(SECRET).where(of_it, is_longer).values(good_until=old_until))
        await self._keep_secret(account_id, sealed, now=now)

    async def readdress(self, account_id: str, *, token_hash: str) -> None:
        """A new address; the old one is nobody's from now on."""
        await self._transaction.run(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(token_hash=token_hash))

    async def reseal(self, secret_id: str, sealed: str) -> None:
        """The same secret, encrypted with another key."""
        await self._transaction.run(update(SECRET).where(SECRET.c.id == secret_id).values(sealed=sealed))

    async def all(self) -> list[StoredAccount]:
        """Every account, by platform and name, `default` first."""
        of_us = ACCOUNT.c.workspace_id == self._transaction.workspace_id
        secrets: dict[str, list[SealedSecret]] = defaultdict(list)
        query = select(SECRET).join(ACCOUNT, ACCOUNT.c.id == SECRET.c.account_id).where(of_us)
        for row in await self._transaction.all(query.order_by(SECRET.c.created_at.desc(), SECRET.c.id)):
            secrets[row.account_id].append(SealedSecret(id=row.id, sealed=row.sealed, good_until=row.good_until))
        order = (ACCOUNT.c.platform, case((ACCOUNT.c.name == DEFAULT, 0), else_=1), ACCOUNT.c.name)
        rows = await self._transaction.all(select(ACCOUNT).where(of_us).order_by(*order))
        return [_read(row, tuple(secrets[row.id])) for row in rows]

    async def refused(self, account_id: str, count: int, *, first_at: datetime, last_at: datetime) -> None:
        """So many more requests came that no secret of the account proved."""
        since = func.coalesce(ACCOUNT.c.refused_first_at, literal(first_at, ACCOUNT.c.refused_first_at.type))
        counted = {"refused": ACCOUNT.c.refused + count, "refused_first_at": since, "refused_last_at": last_at}
        await self._transaction.run(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(counted))

    async def find(self, platform: str, name: str = DEFAULT) -> str | None:
        """The id of an account, if there is one."""
        query = select(ACCOUNT.c.id).where(
            ACCOUNT.c.workspace_id == self._transaction.workspace_id,
            ACCOUNT.c.platform == platform,
            ACCOUNT.c.name == name,
        )
        found: str | None = await self._transaction.value(query)
        return found

    async def platform_of(self, account_id: str) -> str | None:
        """The platform of an account."""
        found: str | None = await self._transaction.value(select(ACCOUNT.c.platform).where(ACCOUNT.c.id == account_id))
        return found

    async def _make(self, platform: str, name: str, token_hash: str | None, *, now: datetime) -> None:
        row = {
            "id": new_id(),
            "workspace_id": self._transaction.workspace_id,
            "platform": platform,
            "name": name,
            "token_hash": token_hash,
            "created_at": now,
            "last_delay_ms": 0,
            "refused": 0,
        }
        await self._transaction.insert_new(ACCOUNT, tuple(row), [tuple(row.values())])

    async def _keep_secret(self, account_id: str, sealed: str, *, now: datetime) -> None:
        row = {"id": new_id(), "account_id": account_id, "sealed": sealed, "created_at": now, "good_until": None}
        await self._transaction.run(insert(SECRET), row)


def _read(row: Row[Any], secrets: tuple[SealedSecret, ...]) -> StoredAccount:
    return StoredAccount(
        id=row.id,
        platform=row.platform,
        name=row.name,
        token_hash=row.token_hash,
        secrets=secrets,
        created_at=row.created_at,
        last_received_at=row.last_received_at,
        refused=row.refused,
        refused_first_at=row.refused_first_at,
    )
