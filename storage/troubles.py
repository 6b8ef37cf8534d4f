"""What the admins may have to be told of connections: what is known of accounts and channels, and what was decided."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, func, select, update

from bot.attendance.connection_trouble import QUIET_AFTER, AccountDecision, AccountFacts, ChannelFacts, Standing
from bot.attendance.wanted import MessageKind
from storage import tables
from storage.accounts import DEFAULT
from storage.message_rows import MessageState
from storage.tables import table_of
from storage.transaction import Transaction

ACCOUNT, MESSAGE, PERSON = (table_of(model) for model in (tables.PlatformAccount, tables.Message, tables.Person))

#: What goes to channels.
TO_CHANNELS = (MessageKind.BOARD, MessageKind.SUMMARY, MessageKind.TRAINER_LATE, MessageKind.CANCELLED)
#: What Slack refused longer ago than this is nobody's business any more.
REFUSED_WITHIN = timedelta(days=1)
#: Written out, because SQLite takes a partial index only for its own words.
_IS_REJECTED = MESSAGE.c.state == bindparam(
    "rejected", MessageState.REJECTED.value, type_=String(), literal_execute=True
)


class Troubles:
    """Connections of the workspace, and what was told of them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def accounts(self) -> list[AccountFacts]:
        """Every platform account."""
        query = select(ACCOUNT).where(ACCOUNT.c.workspace_id == self._transaction.workspace_id).order_by(ACCOUNT.c.id)
        return [
            AccountFacts(
                id=row.id,
                platform=row.platform,
                name="" if row.name == DEFAULT else row.name,
                refused=row.refused,
                refused_first_at=row.refused_first_at,
                refused_last_at=row.refused_last_at,
                last_received_at=row.last_received_at,
                last_delay=timedelta(milliseconds=row.last_delay_ms),
                late_first_at=row.late_first_at,
            )
            for row in await self._transaction.all(query)
        ]

    async def channels(self, *, now: datetime) -> list[ChannelFacts]:
        """Channels for which Slack has refused a message lately, with the last word of each."""
        is_ours = MESSAGE.c.workspace_id == self._transaction.workspace_id
        goes_there = self._transaction.any_of(MESSAGE.c.kind, [kind.value for kind in TO_CHANNELS])
        refused = (
            select(MESSAGE.c.recipient, MESSAGE.c.subject, MESSAGE.c.error, MESSAGE.c.called_at)
            .where(_IS_REJECTED, MESSAGE.c.called_at > now - REFUSED_WITHIN, is_ours, goes_there)
            .order_by(MESSAGE.c.called_at)
        )
        last = {row.recipient: row for row in await self._transaction.all(refused)}
        if not last:
            return []
        # What was taken there since: only of a channel in trouble, so that it may cost a look at its messages.
        taken = (
            select(MESSAGE.c.recipient, func.max(MESSAGE.c.called_at, type_=MESSAGE.c.called_at.type).label("at"))
            .where(is_ours, self._transaction.any_of(MESSAGE.c.recipient, last), MESSAGE.c.state == MessageState.SENT)
            .group_by(MESSAGE.c.recipient)
        )
        sent_at = {row.recipient: row.at for row in await self._transaction.all(taken)}
        return [
            ChannelFacts(channel=channel, refused_at=row.called_at, code=row.error, sent_at=sent_at.get(channel))
            for channel, row in sorted(last.items())
        ]

    async def admins(self) -> tuple[str, ...]:
        """Ids of the workspace's admins."""
        is_ours = PERSON.c.workspace_id == self._transaction.workspace_id
        query = select(PERSON.c.id).where(is_ours, PERSON.c.is_admin, PERSON.c.merged_into.is_(None))
        return tuple(row.id for row in await self._transaction.all(query.order_by(PERSON.c.id)))

    async def standing(self, subjects: Collection[str]) -> Standing:
        """The messages of these subjects that there are."""
        columns = (MESSAGE.c.subject, MESSAGE.c.kind, MESSAGE.c.recipient)
        query = select(*columns).where(
            self._transaction.any_of(MESSAGE.c.subject, subjects),
            MESSAGE.c.workspace_id == self._transaction.workspace_id,
        )
        return frozenset((row.subject, row.kind, row.recipient) for row in await self._transaction.all(query))

    async def keep(self, decisions: Sequence[AccountDecision], *, now: datetime) -> None:
        """Remember what was decided of accounts; where something was refused since, it is not quiet after all."""
        for decision in decisions:
            is_it = ACCOUNT.c.id == decision.account_id
            await self._transaction.run(update(ACCOUNT).where(is_it).values(late_first_at=decision.late_first_at))
            if decision.is_quiet:
                quiet = {"refused": 0, "refused_first_at": None, "refused_last_at": None}
                is_still = ACCOUNT.c.refused_last_at <= now - QUIET_AFTER
                await self._transaction.run(update(ACCOUNT).where(is_it, is_still).values(quiet))
