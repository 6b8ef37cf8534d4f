"""Presence events: what platforms told, once each, with the rooms, sessions and connections that they are about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select, update

from bot.attendance.events import PresenceEvent
from bot.attendance.records import PlatformRecord
from storage.connections import remember_connections
from storage.event_rows import EVENT_COLUMNS, event_row
from storage.json_text import storable
from storage.records import keep_records
from storage.rooms import Key, MetRoom, meet_rooms
from storage.sessions import COLUMNS, STORED, SessionRow, schedule_item, session_of, session_of_record
from storage.statements import any_of, given, locking
from storage.strangers import meet_strangers
from storage.tables import Lesson, PlatformAccount, Session, new_id, table_of
from storage.tables import PresenceEvent as PresenceEventRow
from storage.touch import touch
from storage.transaction import Transaction

#: What was told: the platform account, the delivery that told it (None: it came another way), and the event.
Told = tuple[str, int | None, PresenceEvent]
#: A record that came in, and the platform account that it came from.
Written = tuple[str, PlatformRecord]

ACCOUNT, LESSON, SESSION, EVENT = (table_of(model) for model in (PlatformAccount, Lesson, Session, PresenceEventRow))


_SESSIONS = locking(
    select(*(SESSION.c[name] for name in STORED))
    .where(any_of(SESSION.c.ref, "refs"), any_of(SESSION.c.account_id, "accounts"))
    .order_by(SESSION.c.id),
    SESSION,
)
_HEARD = (
    update(ACCOUNT)
    .where(
        ACCOUNT.c.id == given(ACCOUNT.c.id, "account"),
        or_(
            ACCOUNT.c.last_received_at.is_(None),
            ACCOUNT.c.last_received_at <= given(ACCOUNT.c.last_received_at, "received_at"),
        ),
    )
    .values(
        last_received_at=given(ACCOUNT.c.last_received_at, "received_at"),
        last_delay_ms=given(ACCOUNT.c.last_delay_ms, "delay"),
    )
)
_LESSONS = select(
    LESSON.c.id, LESSON.c.room_id, LESSON.c.schedule_item, LESSON.c.window_start, LESSON.c.window_end
).where(
    any_of(LESSON.c.room_id, "rooms"),
    LESSON.c.window_end > given(LESSON.c.window_end, "start"),
    LESSON.c.window_start <= given(LESSON.c.window_start, "end"),
)


class Presence:
    """What was seen in the rooms."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def record(
        self,
        events: Sequence[Told],
        now: datetime,
        *,
        records: Sequence[Written] = (),
        asked: Sequence[Written] = (),
    ) -> set[str]:
        """Store what is new, of events and of the platform's own records, and touch the lessons that see it; their ids.

        `asked` are records that a platform gave when it was asked: these prove nothing of the way from it to us.

        Order and repetition never matter: a fact is known by (account, session, connection or handle, kind, instant),
        and every cache is a least or a greatest. A repeated fact touches a lesson only if it is the first sign of life
        since the lesson's window opened.
        """
        if not events and not records and not asked:
            return set()
        refs = [(account_id, event.room) for account_id, _, event in events]
        refs += [(account_id, record.room) for account_id, record in records]
        told = {(account_id, storable(ref)) for account_id, ref in refs}
        heard = await meet_rooms(self._transaction, told, heard_at=now)
        read = {(account_id, storable(record.room)) for account_id, record in asked} - heard.keys()
        rooms = heard | await meet_rooms(self._transaction, read, heard_at=None) if read else heard
        written = [*records, *asked]
        before, after = await self._meet_sessions(_sessions_in(events, written, rooms))
        sessions = {key: row.id for key, row in after.items()}
        news = await self._insert(events, after) | await keep_records(self._transaction, written, sessions)
        await remember_connections(self._transaction, events, sessions)
        await meet_strangers(self._transaction, events, sessions, now=now)
        await self._hear_of_accounts(events)
        changed = [row for row in after.values() if row.id in news]
        known = {room.id: room for room in rooms.values()}
        return await self._touch(known, before, changed, now, heard={room.id for room in heard.values()})

    async def _meet_sessions(
        self, told: Mapping[Key, SessionRow]
    ) -> tuple[dict[str, SessionRow], dict[Key, SessionRow]]:
        """By id as they were, and by (account, ref) as what was told makes them; locked until the transaction ends."""
        await self._transaction.insert_new(SESSION, COLUMNS, [told[key].values for key in sorted(told)])
        refs, accounts = {ref for _, ref in told}, {account_id for account_id, _ in told}
        rows = await self._transaction.all(_SESSIONS, {"refs": refs, "accounts": accounts})
        known = {(row.account_id, row.ref): SessionRow(*row) for row in rows}
        before = {known[key].id: known[key] for key in told}
        return before, {key: known[key].with_(row) for key, row in told.items()}

    async def _insert(self, events: Iterable[Told], sessions: Mapping[Key, SessionRow]) -> set[str]:
        """Store the facts; the ids of the sessions of which something was new."""
        rows = [
            event_row(sessions[account_id, storable(event.session)].id, delivery_id, event)
            for account_id, delivery_id, event in events
        ]
        # In one order everywhere: two replicas with the same facts then wait for each other instead of locking up.
        rows.sort(key=lambda row: row[:4])
        new = await self._transaction.insert_new(EVENT, EVENT_COLUMNS, rows, returning=("session_id",))
        return {session_id for (session_id,) in new}

    async def _hear_of_accounts(self, events: Iterable[Told]) -> None:
        """When the newest delivery of each account arrived, and how soon after the latest that it told."""
        newest: dict[str, tuple[datetime, datetime]] = {}
        for account_id, _, event in events:
            heard = (event.received_at, event.occurred_at)
            newest[account_id] = max(newest.get(account_id, heard), heard)
        for account_id, (received_at, occurred_at) in sorted(newest.items()):
            delay = max(received_at - occurred_at, timedelta(0)) // timedelta(milliseconds=1)
            heard_now = {"account": account_id, "received_at": received_at, "delay": delay}
            await self._transaction.run(_HEARD, heard_now)

    async def _touch(
        self,
        rooms: Mapping[str, MetRoom],
        before: Mapping[str, SessionRow],
        changed: Sequence[SessionRow],
        now: datetime,
        *,
        heard: Collection[str],
    ) -> set[str]:
        """Keep the sessions that changed, and touch every lesson that sees one, or saw it as it was."""
        lessons = await self._lessons_around(rooms, changed, now)
        touched: set[str] = set()
        for session in changed:
            for lesson in lessons[session.room_id]:
                # A lesson whose window is still to open looks by itself then.
                has_opened = lesson.window_start <= now
                if has_opened and any(
                    each.is_seen_in(lesson.window_start, lesson.window_end) for each in (session, before[session.id])
                ):
                    touched.add(lesson.id)
        for room in (room for room in rooms.values() if room.id in heard):
            touched |= {lesson.id for lesson in lessons[room.id] if _is_first_sign(lesson, room, now)}
        rows = [
            replace(row, due_at=now if _may_be_a_lesson(row, rooms.get(row.room_id), lessons[row.room_id]) else None)
            for row in changed
        ]
        await self._transaction.update_each(SESSION, COLUMNS, [row.values for row in rows])
        await touch(self._transaction, touched, now)
        return touched

    async def _lessons_around(
        self, rooms: Iterable[str], sessions: Sequence[SessionRow], now: datetime
    ) -> Mapping[str, list[Row[Any]]]:
        """By room: the lessons whose windows come near these sessions, or `now`."""
        around = {
            "rooms": {*rooms, *(session.room_id for session in sessions)},
            "start": min([now, *(session.first_at for session in sessions)]),
            "end": max([now, *(session.last_at for session in sessions)]),
        }
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in await self._transaction.all(_LESSONS, around):
            found[row.room_id].append(row)
        return found


def _sessions_in(
    events: Iterable[Told], records: Iterable[Written], rooms: Mapping[Key, MetRoom]
) -> dict[Key, SessionRow]:
    """By (account, ref), what events and records tell of their sessions."""
    of_session: dict[Key, list[PresenceEvent]] = defaultdict(list)
    for account_id, _, event in events:
        of_session[account_id, storable(event.session)].append(event)
    told: dict[Key, SessionRow] = {}
    for (account_id, ref), of_one in of_session.items():
        room_id = rooms[account_id, storable(of_one[0].room)].id
        told[account_id, ref] = session_of(of_one, id_=new_id(), account_id=account_id, room_id=room_id, ref=ref)
    for account_id, record in records:
        key = (account_id, storable(record.session))
        room_id = rooms[account_id, storable(record.room)].id
        row = session_of_record(record, id_=new_id(), account_id=account_id, room_id=room_id, ref=key[1])
        told[key] = told[key].with_(row) if key in told else row
    return told


def _is_first_sign(lesson: Row[Any], room: MetRoom, now: datetime) -> bool:
    """Whether these are the first deliveries about the room since the lesson's window opened."""
    is_open: bool = lesson.window_start <= now < lesson.window_end
    return is_open and (room.heard_at is None or room.heard_at < lesson.window_start)


def _may_be_a_lesson(session: SessionRow, room: MetRoom | None, lessons: Iterable[Row[Any]]) -> bool:
    """Whether a session lies outside the timetable: somebody must look whether it is a lesson by itself."""
    if room is None or not room.has_course:
        return False
    others = [lesson for lesson in lessons if lesson.schedule_item != schedule_item(session.id)]
    is_planned = any(each.window_start <= session.last_at and session.first_at < each.window_end for each in others)
    return room.from_sessions or not is_planned
