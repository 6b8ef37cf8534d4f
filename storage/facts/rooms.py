"""What happened in the room: sessions and their events, the lessons around, and how reliably all this reached us."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, exists, select

from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.attendance.intervals import union
from bot.attendance.lessons import FeedFacts, Interval, Lesson
from bot.attendance.records import PlatformRecord
from storage.facts.target import Target, hull, ids
from storage.records import load_records
from storage.room_looks import RoomLooks
from storage.statements import any_of, given
from storage.tables import Delivery, PlatformAccount, Room, Session, table_of
from storage.tables import Lesson as LessonRow
from storage.tables import PresenceEvent as PresenceEventRow
from storage.transaction import Transaction

ACCOUNT, DELIVERY, EVENT, LESSON, ROOM, SESSION = (
    table_of(model) for model in (PlatformAccount, Delivery, PresenceEventRow, LessonRow, Room, Session)
)

_KINDS = {kind.value: kind for kind in EventKind}

_SESSIONS = select(
    SESSION.c.id, SESSION.c.room_id, SESSION.c.ref, SESSION.c.first_at, SESSION.c.last_at, SESSION.c.open_until
).where(
    any_of(SESSION.c.room_id, "rooms"),
    SESSION.c.first_at < given(SESSION.c.first_at, "end"),
    SESSION.c.open_until > given(SESSION.c.open_until, "start"),
)
_EVENTS = select(
    EVENT.c.session_id,
    EVENT.c.kind,
    EVENT.c.occurred_at,
    EVENT.c.received_at,
    EVENT.c.connection,
    EVENT.c.lost,
    EVENT.c.joined_at,
    EVENT.c.bound_to,
    EVENT.c.session_started_at,
    EVENT.c.planned_seconds,
    EVENT.c.is_time_assumed,
    EVENT.c.number,
    EVENT.c.name,
    EVENT.c.email,
    EVENT.c.user_id,
    EVENT.c.registrant_id,
    EVENT.c.external_id,
    EVENT.c.role,
    EVENT.c.is_host,
).where(any_of(EVENT.c.session_id, "sessions"))
_LESSONS = (
    select(LESSON.c.room_id, LESSON.c.planned_start, LESSON.c.planned_end, LESSON.c.window_start, LESSON.c.window_end)
    .where(
        any_of(LESSON.c.room_id, "rooms"),
        LESSON.c.window_end > given(LESSON.c.window_end, "start"),
        LESSON.c.window_start < given(LESSON.c.window_start, "end"),
        LESSON.c.state != "cancelled",
    )
    .order_by(LESSON.c.planned_start, LESSON.c.id)
)
_ACCOUNTS = select(
    ACCOUNT.c.id,
    ACCOUNT.c.last_received_at,
    ACCOUNT.c.last_delay_ms,
    exists().where(DELIVERY.c.account_id == ACCOUNT.c.id).label("delivered"),
).where(any_of(ACCOUNT.c.id, "accounts"))
_ROOMS = select(ROOM.c.id, ROOM.c.heard_at).where(any_of(ROOM.c.id, "rooms"))
_LATE = (
    select(SESSION.c.account_id, EVENT.c.occurred_at, EVENT.c.received_at)
    .join(SESSION, SESSION.c.id == EVENT.c.session_id)
    # Of every account: a condition about the account would lead the database to all events there ever were.
    .where(
        EVENT.c.is_delayed,
        EVENT.c.received_at > given(EVENT.c.received_at, "start"),
        EVENT.c.occurred_at < given(EVENT.c.occurred_at, "end"),
    )
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The sessions that one lesson sees, all that happened in them in order of time, and the platform's records."""

    sessions: tuple[Row[Any], ...]
    events: tuple[PresenceEvent, ...]
    records: tuple[PlatformRecord, ...] = ()


async def load_seen(transaction: Transaction, targets: Sequence[Target]) -> list[Seen]:
    """For each lesson all events of every session of its room that was open in its window."""
    start, end = hull(targets)
    in_reach = {"rooms": ids(targets, "room_id"), "start": start, "end": end}
    in_room: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in await transaction.all(_SESSIONS, in_reach):
        in_room[row.room_id].append(row)
    seen_by = [tuple(row for row in in_room[target.room_id] if _sees(target, row)) for target in targets]
    refs = {row.id: (row.ref, target.room) for target, rows in zip(targets, seen_by, strict=True) for row in rows}
    events = await _events(transaction, refs)
    records = await load_records(transaction, refs) if refs else {}
    return [
        Seen(
            rows,
            tuple(sorted((event for row in rows for event in events[row.id]), key=_moment)),
            tuple(records[row.id] for row in rows if row.id in records),
        )
        for rows in seen_by
    ]


async def load_room_lessons(
    transaction: Transaction, targets: Sequence[Target], seen: Sequence[Seen]
) -> list[tuple[Interval, ...]]:
    """For each lesson the planned intervals of its room's lessons as far as the sessions that it sees reach."""
    reaches = [_reach(target, each) for target, each in zip(targets, seen, strict=True)]
    in_reach = {
        "rooms": ids(targets, "room_id"),
        "start": min(start for start, _ in reaches),
        "end": max(end for _, end in reaches),
    }
    in_room: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in await transaction.all(_LESSONS, in_reach):
        in_room[row.room_id].append(row)
    return [
        tuple(
            Interval(row.planned_start, row.planned_end)
            for row in in_room[target.room_id]
            if row.window_end > start and row.window_start < end
        )
        for target, (start, end) in zip(targets, reaches, strict=True)
    ]


async def load_feeds(transaction: Transaction, targets: Sequence[Target], seen: Sequence[Seen]) -> list[FeedFacts]:
    """For each lesson what is known of the way from the platform to us."""
    asked = await transaction.all(_ACCOUNTS, {"accounts": ids(targets, "account_id")})
    accounts = {row.id: row for row in asked}
    rooms = await transaction.all(_ROOMS, {"rooms": ids(targets, "room_id")})
    heard_at = {row.id: row.heard_at for row in rooms}
    late = await _late_intervals(transaction, targets)
    shown = await RoomLooks(transaction).of([target.lesson.id for target in targets])
    feeds: list[FeedFacts] = []
    for target, each in zip(targets, seen, strict=True):
        account, window = accounts[target.account_id], target.lesson.window
        feeds.append(
            FeedFacts(
                account_ever_delivered=account.delivered or account.last_received_at is not None,
                room_heard_at=_heard_at(target.lesson, heard_at[target.room_id], each),
                late_intervals=tuple(
                    interval
                    for interval in late[target.account_id]
                    if interval.start < window.end and interval.end > window.start
                ),
                last_delay=timedelta(milliseconds=account.last_delay_ms),
                last_received_at=account.last_received_at,
                shown=shown.get(target.lesson.id),
            )
        )
    return feeds


def _sees(target: Target, session: Row[Any]) -> bool:
    if target.session_id is not None:
        return bool(session.id == target.session_id)
    window = target.lesson.window
    return bool(session.first_at < window.end and session.open_until > window.start)


def _moment(event: PresenceEvent) -> tuple[datetime, str, str, str]:
    return (event.occurred_at, event.session, event.who, event.kind.value)


def _reach(target: Target, seen: Seen) -> tuple[datetime, datetime]:
    window = target.lesson.window
    return (
        min([window.start, *(session.first_at for session in seen.sessions)]),
        max([window.end, *(session.last_at for session in seen.sessions)]),
    )


def _heard_at(lesson: Lesson, room_heard_at: datetime | None, seen: Seen) -> datetime | None:
    """When something about the room last arrived since the window opened; a later lesson's proves nothing.

    A record that had to be asked for proves nothing about webhooks, but it speaks for the lesson that is over.
    """
    window = lesson.window
    records = (each for each in seen.records if each.is_whole or each.received_at >= lesson.planned_end)
    told: tuple[PresenceEvent | PlatformRecord, ...] = (*seen.events, *records)
    arrivals = [each.received_at for each in told if each.received_at >= window.start]
    if room_heard_at is not None and window.start <= room_heard_at < window.end:
        arrivals.append(room_heard_at)
    return max(arrivals, default=None)


async def _late_intervals(transaction: Transaction, targets: Sequence[Target]) -> Mapping[str, list[Interval]]:
    """By account: from when something happened to when we were told, where that was late; overlapping ones as one."""
    start, end = hull(targets)
    late: dict[str, list[Interval]] = defaultdict(list)
    for account_id, occurred_at, received_at in await transaction.all(_LATE, {"start": start, "end": end}):
        late[account_id].append(Interval(occurred_at, received_at))
    return defaultdict(list, {account_id: union(intervals) for account_id, intervals in late.items()})


async def _events(
    transaction: Transaction, sessions: Mapping[str, tuple[str, str]]
) -> Mapping[str, list[PresenceEvent]]:
    """By session id; `sessions` holds the platform's ids of each session and its room."""
    handles: dict[tuple[Any, ...], Handle] = {}
    found: dict[str, list[PresenceEvent]] = defaultdict(list)
    for row in await transaction.all(_EVENTS, {"sessions": sessions}) if sessions else ():
        session_id, kind, occurred_at, received_at, connection, *others = row
        lost, joined_at, bound_to, started_at, planned, assumed, number, *who = others
        session, room = sessions[session_id]
        found[session_id].append(
            PresenceEvent(
                kind=_KINDS[kind],
                room=room,
                session=session,
                occurred_at=occurred_at,
                received_at=received_at,
                connection=connection,
                handle=_handle(tuple(who), handles),
                number=number,
                lost=lost,
                joined_at=joined_at,
                bound_to=bound_to,
                session_started_at=started_at,
                planned_for=timedelta(seconds=planned) if planned is not None else None,
                is_time_assumed=assumed,
            )
        )
    return found


def _handle(who: tuple[Any, ...], made: dict[tuple[Any, ...], Handle]) -> Handle:
    """One object for all events of a participant."""
    if who not in made:
        name, email, user_id, registrant_id, external_id, role, is_host = who
        made[who] = Handle(
            name=name,
            email=email,
            user_id=user_id,
            registrant_id=registrant_id,
            external_id=external_id,
            role=role,
            is_host=is_host,
        )
    return made[who]
