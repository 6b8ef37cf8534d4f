"""How fast Slack may be called: one row per bucket, shared by every process.

A bucket lets a burst through and then one call per interval (the generic cell rate algorithm): the row holds the moment
up to which the rate is used up, and nothing has to be refilled. All of it is lesson time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from storage import tables
from storage.statements import any_of, given, locking
from storage.tables import table_of
from storage.transaction import Transaction

PACING = table_of(tables.Pacing)

POST = "chat.postMessage"
EDIT = "chat.update"
DELETE = "chat.delete"
LOOK_UP = "users.lookupByEmail"

#: Of a bucket that was never used.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rate:
    """One call per interval, and so many at once after a rest."""

    interval: timedelta
    burst: int

    @property
    def slack(self) -> timedelta:
        """How far ahead of the clock the rate may be used up."""
        return (self.burst - 1) * self.interval


#: docs.slack.dev/apis/web-api/rate-limits: all per app and workspace.
RATES: Mapping[str, Rate] = {
    # Slack keeps the workspace's limit to itself and speaks of several hundred a minute. These are at most 260 in any
    # minute: where it proves to be less, Slack's Retry-After holds the bucket, and what is urgent still goes first.
    POST: Rate(timedelta(minutes=1) / 240, burst=20),
    # Tier 3, 50 a minute: 45 and a burst of 5 are never more in any minute.
    EDIT: Rate(timedelta(minutes=1) / 45, burst=5),
    DELETE: Rate(timedelta(minutes=1) / 45, burst=5),
    LOOK_UP: Rate(timedelta(minutes=1) / 45, burst=5),
}
#: One a second to each conversation, "short bursts" allowed.
_PER_CONVERSATION = Rate(timedelta(seconds=1), burst=3)


def conversation(address: str) -> str:
    """The bucket of posting to one channel or person."""
    return f"{POST}:{address}"


_USED = (
    select(PACING.c.bucket, PACING.c.used_until)
    .where(PACING.c.workspace_id == given(PACING.c.workspace_id, "workspace"), any_of(PACING.c.bucket, "buckets"))
    .order_by(PACING.c.bucket)
)
_USED_LOCKED = locking(_USED, PACING)
#: A conversation that has rested is as good as new: without this there would be a row for everybody, for ever.
_RESTED = delete(PACING).where(
    PACING.c.workspace_id == given(PACING.c.workspace_id, "workspace"),
    PACING.c.bucket.startswith(conversation("")),
    PACING.c.used_until <= given(PACING.c.used_until, "now"),
)


class Pacing:
    """The workspace's buckets."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def free_at(self, buckets: Collection[str], *, is_locked: bool = False) -> dict[str, datetime]:
        """From when on each bucket lets a call through; the past for one that does now.

        `is_locked` keeps other takers out until the transaction ends.
        """
        used = await self._used_until(buckets, is_locked=is_locked)
        return {bucket: used[bucket] - _rate(bucket).slack for bucket in buckets}

    async def take_many(self, calls: Sequence[Sequence[str]], *, now: datetime) -> list[datetime]:
        """For each call, in order, when it may go: `now` and all its buckets are used, or later and none of them is."""
        used = await self._used_until({bucket for call in calls for bucket in call}, is_locked=True)
        moments: list[datetime] = []
        for call in calls:
            moment = max([now, *(used[bucket] - _rate(bucket).slack for bucket in call)])
            if moment == now:
                used.update({bucket: max(used[bucket], now) + _rate(bucket).interval for bucket in call})
            moments.append(moment)
        await self._keep(used)
        await self._transaction.run(_RESTED, {"workspace": self._transaction.workspace_id, "now": now})
        return moments

    async def give_back(self, buckets: Collection[str], *, now: datetime) -> None:
        """A call that was allowed at `now` was not made; what Slack has held since stays held."""
        used = await self._used_until(buckets, is_locked=True)
        await self._keep(
            {
                bucket: until - _rate(bucket).interval
                for bucket, until in used.items()
                if now < until <= now + _rate(bucket).slack + _rate(bucket).interval
            }
        )

    async def hold(self, bucket: str, until: datetime) -> None:
        """Let nothing through before that moment, and no burst after it: Slack has said so (Retry-After)."""
        used = await self._used_until([bucket], is_locked=True)
        await self._keep({bucket: max(used[bucket], until + _rate(bucket).slack)})

    async def _used_until(self, buckets: Iterable[str], *, is_locked: bool) -> dict[str, datetime]:
        # Everybody locks in the same order.
        names = sorted(set(buckets))
        workspace_id = self._transaction.workspace_id
        if is_locked:
            new = [(workspace_id, bucket, _LONG_AGO) for bucket in names]
            await self._transaction.insert_new(PACING, ("workspace_id", "bucket", "used_until"), new)
        asked = {"workspace": workspace_id, "buckets": names}
        rows = await self._transaction.all(_USED_LOCKED if is_locked else _USED, asked)
        found: dict[str, datetime] = {row.bucket: row.used_until for row in rows}
        return {bucket: found.get(bucket, _LONG_AGO) for bucket in names}

    async def _keep(self, used: Mapping[str, datetime]) -> None:
        rows = [(self._transaction.workspace_id, bucket, used_until) for bucket, used_until in used.items()]
        columns = ("workspace_id", "bucket", "used_until")
        await self._transaction.update_each(PACING, columns, rows, key=("workspace_id", "bucket"))


def _rate(bucket: str) -> Rate:
    return RATES.get(bucket, _PER_CONVERSATION)
