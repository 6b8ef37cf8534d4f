"""`/webhooks/{platform}/{token}`: which account an address belongs to, and with which secrets it proves itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clock import stopwatch
from bot.connectors import PlatformConnector
from handlers.keys import Keys, SealBroken
from storage.accounts import SealedSecret, StoredAccount
from storage.api_tokens import digest_of
from storage.database import Store

#: Wire seconds after which the accounts are read again: what a command changed counts within them, and whoever tries
#: out addresses makes us read the table no more often than that.
REREAD_AFTER = 2.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """An account with an address of its own."""

    id: str
    #: each with the moment until which it is good; None: until it is replaced
    secrets: Sequence[tuple[str, datetime | None]]

    def secrets_at(self, now: datetime) -> list[str]:
        """Those that prove something now."""
        return [secret for secret, good_until in self.secrets if good_until is None or now < good_until]


class Addresses:
    """Knows the accounts that have an address of their own; their secrets are open in memory alone.

    A platform that is given one URL for each kind of news proves itself by the secret part of the path, so that there
    the newest secrets are the addresses.
    """

    def __init__(self, store: Store, keys: Keys, connectors: Mapping[str, PlatformConnector]) -> None:
        self._store = store
        self._keys = keys
        self._connectors = connectors
        self._reading = asyncio.Lock()
        self._read_at: float | None = None
        self._by_digest: dict[tuple[str, str], Addressed] = {}
        self._platforms: frozenset[str] = frozenset()

    async def open(self) -> None:
        """Read the accounts; what an older secret key sealed is sealed with the newest, so that the old one may go."""
        await self._read()
        async with self._store.write() as memory:
            for account in await memory.accounts.all():
                for secret in account.secrets:
                    opened = self._unsealed(account, secret)
                    if opened is not None and not self._keys.is_newest(secret.sealed):
                        await memory.accounts.reseal(secret.id, self._keys.seal(opened))

    async def find(self, platform: str, token: str) -> Addressed | None:
        """The account of an address."""
        await self._refresh()
        return self._by_digest.get((platform, digest_of(token)))

    def has_some(self, platform: str) -> bool:
        """Whether the platform has an account with an address of its own, as last read."""
        return platform in self._platforms

    async def _refresh(self) -> None:
        if not self._is_fresh():
            async with self._reading:
                if not self._is_fresh():  # somebody else may have read meanwhile
                    await self._read()

    def _is_fresh(self) -> bool:
        return self._read_at is not None and stopwatch() - self._read_at < REREAD_AFTER

    async def _read(self) -> None:
        async with self._store.read() as memory:
            accounts = [account for account in await memory.accounts.all() if account.secrets]
        found: dict[tuple[str, str], Addressed] = {}
        for account in accounts:
            secrets = [(self._unsealed(account, secret), secret.good_until) for secret in account.secrets]
            opened = [(secret, good_until) for secret, good_until in secrets if secret is not None]
            for digest in self._digests(account, [secret for secret, _ in opened]):
                found[account.platform, digest] = Addressed(id=account.id, secrets=opened)
        self._by_digest = found
        self._platforms = frozenset(account.platform for account in accounts)
        self._read_at = stopwatch()

    def _digests(self, account: StoredAccount, secrets: Sequence[str]) -> list[str]:
        connector = self._connectors.get(account.platform)
        if connector is not None and connector.routes:
            return [digest_of(secret) for secret in secrets]
        return [account.token_hash] if account.token_hash is not None else []

    def _unsealed(self, account: StoredAccount, secret: SealedSecret) -> str | None:
        try:
            return self._keys.unseal(secret.sealed)
        except SealBroken:
            remedy = "put the key that it was sealed with back into ROLLCALL_SECRET_KEY, or rotate the account's secret"
            log.error("account_secret_sealed", account=account.id, platform=account.platform, remedy=remedy)  # noqa: TRY400  no traceback tells more
            return None
