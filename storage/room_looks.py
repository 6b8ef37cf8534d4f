"""Asking the platforms who is in a room: one row per lesson of which nothing is heard, with what was shown last.

As with records, a platform is asked outside any transaction, and a row that nobody ends is free again after its lease.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.attendance.inside import Inside, Shown
from bot.attendance.lessons import Feed
from storage import leases, tables
from storage.statements import any_of
from storage.tables import table_of
from storage.transaction import Transaction

ACCOUNT, LESSON, LOOK, ROOM = (
    table_of(model) for model in (tables.PlatformAccount, tables.Lesson, tables.RoomLook, tables.Room)
)

_SHOWN = select(LOOK).where(any_of(LOOK.c.lesson_id, "lessons"), LOOK.c.asked_at.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class LookWanted:
    """A lesson in whose room somebody is to look."""

    lesson_id: str
    #: wire time: until then nobody else asks
    lease_until: datetime
    due_at: datetime
    account_id: str
    platform: str
    #: of the account
    account: str
    room: str
    window_start: datetime
    planned_end: datetime
    #: as last decided
    feed: Feed


class RoomLooks:
    """Into which rooms somebody is to look, and what was seen there."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def want(self, lesson_ids: Collection[str], *, now: datetime) -> None:
        """Ask of these lessons who is in their rooms, now."""
        if not lesson_ids:
            return
        rows = [(id_, now, "", 0) for id_ in sorted(lesson_ids)]
        await self._transaction.insert_new(LOOK, ("lesson_id", "due_at", "error", "people"), rows)
        again = self._transaction.any_of(LOOK.c.lesson_id, lesson_ids) & LOOK.c.due_at.is_(None)
        await self._transaction.run(update(LOOK).where(again).values(due_at=now))

    async def of(self, lesson_ids: Collection[str]) -> dict[str, Shown]:
        """What came of it, for each lesson of which somebody was asked."""
        rows = await self._transaction.all(_SHOWN, {"lessons": lesson_ids})
        return {
            row.lesson_id: Shown(
                asked_at=row.asked_at,
                answered_at=row.answered_at,
                inside=Inside(people=row.people, came_at=row.came_at) if row.answered_at is not None else None,
                error=row.error,
            )
            for row in rows
        }

    async def next_due_at(self, *, wire_now: datetime) -> datetime | None:
        """When to ask next; what somebody asks just now is theirs."""
        return await leases.next_due_at(self._transaction, LOOK, wire_now=wire_now)

    async def claim(self, *, now: datetime, wire_now: datetime, limit: int, lease: timedelta) -> list[LookWanted]:
        """The lessons that are due, the caller's alone for the time of the lease."""
        ids = await leases.claim_due(self._transaction, LOOK, now=now, wire_now=wire_now, limit=limit, lease=lease)
        if not ids:
            return []
        query = (
            select(
                LOOK.c.lesson_id,
                LOOK.c.due_at,
                LESSON.c.window_start,
                LESSON.c.planned_end,
                LESSON.c.feed,
                ROOM.c.account_id,
                ROOM.c.ref,
                ACCOUNT.c.platform,
                ACCOUNT.c.name,
            )
            .join(LESSON, LESSON.c.id == LOOK.c.lesson_id)
            .join(ROOM, ROOM.c.id == LESSON.c.room_id)
            .join(ACCOUNT, ACCOUNT.c.id == ROOM.c.account_id)
            .where(self._transaction.any_of(LOOK.c.lesson_id, ids))
            .order_by(LOOK.c.lesson_id)
        )
        return [
            LookWanted(
                lesson_id=row.lesson_id,
                lease_until=wire_now + lease,
                due_at=row.due_at,
                account_id=row.account_id,
                platform=row.platform,
                account=row.name,
                room=row.ref,
                window_start=row.window_start,
                planned_end=row.planned_end,
                feed=Feed(row.feed),
            )
            for row in await self._transaction.all(query)
        ]

    async def answered(self, wanted: LookWanted, inside: Inside | None, *, now: datetime, error: str = "") -> None:
        """What the platform showed; None: nothing, so that what it showed before stands.

        A wish that came meanwhile stands too; where somebody else asks meanwhile, they say what they were shown.
        """
        mine = leases.is_held(LOOK, wanted.lesson_id, lease_until=wanted.lease_until)
        await self._transaction.run(update(LOOK).where(mine, LOOK.c.due_at == wanted.due_at).values(due_at=None))
        values: dict[str, Any] = {"lease_until": None, "asked_at": now, "error": error}
        if inside is not None:
            values |= {"answered_at": now, "people": inside.people, "came_at": inside.came_at}
        await self._transaction.run(update(LOOK).where(mine).values(**values))
