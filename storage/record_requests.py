"""Asking for the platforms' own records: one row per lesson, which says when to ask next.

A request is made outside any transaction: `claim` gives a row away for a while, `answered` ends that. A row that nobody
ends is free again when its lease runs out, so a restart forgets nothing and two replicas do not ask twice.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.attendance.asking import Asking, first_attempt
from storage import leases, tables
from storage.records import load_records
from storage.statements import any_of
from storage.tables import table_of
from storage.transaction import Transaction

ACCOUNT, LESSON, REQUEST, ROOM, SESSION = (
    table_of(model)
    for model in (tables.PlatformAccount, tables.Lesson, tables.RecordRequest, tables.Room, tables.Session)
)
_COLUMNS = ("lesson_id", "ended_at", "due_at", "made", "tries", "lease_until", "error")

_ASKED = select(REQUEST.c.lesson_id, REQUEST.c.ended_at, REQUEST.c.due_at).where(any_of(REQUEST.c.lesson_id, "lessons"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSession:
    """A session that something was told of."""

    #: the platform's id
    ref: str
    first_at: datetime
    ended_at: datetime | None
    #: its record is in, to its end
    is_recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A lesson of which the record is due, and all that is known of its sessions."""

    lesson_id: str
    #: wire time: until then nobody else asks
    lease_until: datetime
    #: the end of its last session, from which the attempts are counted
    ended_at: datetime
    #: attempts that were made, and answers in a row that were none
    made: int
    tries: int
    account_id: str
    platform: str
    #: of the account
    account: str
    room: str
    planned_start: datetime
    planned_end: datetime
    window_start: datetime
    #: those that were open in planned time
    sessions: tuple[KnownSession, ...]


class RecordRequests:
    """Which lessons wait for a record."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def want(self, ended: Mapping[str, datetime | None], *, now: datetime) -> None:
        """Ask for these lessons: when the last session of each ended, and None where nobody is to be asked any more."""
        if not ended:
            return
        known = {
            row.lesson_id: row
            for row in await self._transaction.all(
                select(REQUEST).where(self._transaction.any_of(REQUEST.c.lesson_id, ended))
            )
        }
        new = [
            (id_, at, first_attempt(at, now=now)) for id_, at in ended.items() if at is not None and id_ not in known
        ]
        rows = [(*each, 0, 0, None, "") for each in new]
        await self._transaction.insert_new(REQUEST, _COLUMNS, rows)
        changed = [
            (id_, at, first_attempt(at, now=now), 0, 0)
            for id_, at in ended.items()
            if at is not None and id_ in known and known[id_].ended_at != at
        ]
        columns = ("lesson_id", "ended_at", "due_at", "made", "tries")
        await self._transaction.update_each(REQUEST, columns, changed, key=("lesson_id",))
        over = [(id_, None) for id_, at in ended.items() if at is None and id_ in known]
        await self._transaction.update_each(REQUEST, ("lesson_id", "due_at"), over, key=("lesson_id",))

    async def of(self, lesson_ids: Collection[str]) -> dict[str, Asking]:
        """How it stands with each lesson that was ever asked for."""
        rows = await self._transaction.all(_ASKED, {"lessons": lesson_ids})
        return {row.lesson_id: Asking(since=row.ended_at, due_at=row.due_at) for row in rows}

    async def next_due_at(self, *, wire_now: datetime) -> datetime | None:
        """When to ask next; what somebody asks just now is theirs."""
        return await leases.next_due_at(self._transaction, REQUEST, wire_now=wire_now)

    async def claim(self, *, now: datetime, wire_now: datetime, limit: int, lease: timedelta) -> list[Request]:
        """Lessons whose record is due, the caller's alone for the time of the lease."""
        ids = await leases.claim_due(self._transaction, REQUEST, now=now, wire_now=wire_now, limit=limit, lease=lease)
        if not ids:
            return []
        return await self._read(ids, lease_until=wire_now + lease)

    async def answered(
        self, request: Request, *, due_at: datetime | None, made: int, tries: int, error: str = ""
    ) -> None:
        """What came of it, and when to ask next; None: never.

        Where the count began anew meanwhile, that stands; where somebody else asks meanwhile, they say so.
        """
        mine = leases.is_held(REQUEST, request.lesson_id, lease_until=request.lease_until)
        values = {"due_at": due_at, "made": made, "tries": tries, "error": error}
        same = (mine, REQUEST.c.ended_at == request.ended_at, REQUEST.c.due_at.is_not(None))
        await self._transaction.run(update(REQUEST).where(*same).values(values))
        await self._transaction.run(update(REQUEST).where(mine).values(lease_until=None))

    async def _read(self, lesson_ids: Collection[str], *, lease_until: datetime) -> list[Request]:
        query = (
            select(REQUEST, LESSON, ROOM.c.ref, ROOM.c.account_id, ACCOUNT.c.platform, ACCOUNT.c.name)
            .join(LESSON, LESSON.c.id == REQUEST.c.lesson_id)
            .join(ROOM, ROOM.c.id == LESSON.c.room_id)
            .join(ACCOUNT, ACCOUNT.c.id == ROOM.c.account_id)
            .where(self._transaction.any_of(REQUEST.c.lesson_id, lesson_ids))
        )
        rows = await self._transaction.all(query.order_by(REQUEST.c.due_at, REQUEST.c.lesson_id))
        sessions = await self._sessions(lesson_ids)
        return [
            Request(
                lesson_id=row.lesson_id,
                lease_until=lease_until,
                ended_at=row.ended_at,
                made=row.made,
                tries=row.tries,
                account_id=row.account_id,
                platform=row.platform,
                account=row.name,
                room=row.ref,
                planned_start=row.planned_start,
                planned_end=row.planned_end,
                window_start=row.window_start,
                sessions=tuple(sessions[row.lesson_id]),
            )
            for row in rows
        ]

    async def _sessions(self, lesson_ids: Collection[str]) -> Mapping[str, Sequence[KnownSession]]:
        query = (
            select(LESSON.c.id.label("lesson_id"), SESSION.c.id, SESSION.c.ref, SESSION.c.first_at, SESSION.c.ended_at)
            .join(SESSION, SESSION.c.room_id == LESSON.c.room_id)
            .where(
                self._transaction.any_of(LESSON.c.id, lesson_ids),
                SESSION.c.first_at < LESSON.c.planned_end,
                SESSION.c.open_until > LESSON.c.planned_start,
            )
            .order_by(SESSION.c.first_at, SESSION.c.ref)
        )
        rows = await self._transaction.all(query)
        records = await load_records(self._transaction, {row.id for row in rows}) if rows else {}
        whole = {id_ for id_, record in records.items() if record.ended_at is not None}
        found: dict[str, list[KnownSession]] = defaultdict(list)
        for row in rows:
            known = KnownSession(ref=row.ref, first_at=row.first_at, ended_at=row.ended_at, is_recorded=row.id in whole)
            found[row.lesson_id].append(known)
        return found
