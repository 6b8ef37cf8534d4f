"""Platform accounts: to whom deliveries, rooms and sessions belong."""

from datetime import datetime

from sqlalchemy import select

from storage.tables import PlatformAccount, new_id, table_of
from storage.transaction import Transaction

ACCOUNT = table_of(PlatformAccount)

#: its secrets are the environment's
DEFAULT = "default"


class Accounts:
    """The school's accounts on platforms."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def default(self, platform: str, *, now: datetime) -> str:
        """The id of the account whose secrets are in the environment; made on first use, so only while writing."""
        await self._transaction.insert_new(
            ACCOUNT,
            ("id", "workspace_id", "platform", "name", "created_at", "last_delay_ms", "refused"),
            [(new_id(), self._transaction.workspace_id, platform, DEFAULT, now, 0, 0)],
        )
        found = await self.find(platform)
        assert found is not None
        return found

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
