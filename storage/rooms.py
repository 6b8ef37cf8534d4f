"""Rooms as deliveries name them: made where they are new, and the account's that is first heard from there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update

from storage.accounts import DEFAULT
from storage.statements import any_of, given, in_order
from storage.tables import Course, PlatformAccount, Room, new_id, table_of
from storage.transaction import Transaction

#: (account id, the platform's own id) of a room or a session.
Key = tuple[str, str]

ACCOUNT, COURSE, ROOM = (table_of(model) for model in (PlatformAccount, Course, Room))

_KNOWN = select(ROOM.c.id, ROOM.c.account_id, ROOM.c.ref, ROOM.c.heard_at).where(
    any_of(ROOM.c.ref, "refs"), any_of(ROOM.c.account_id, "accounts")
)
_HEARD = (
    update(ROOM)
    .where(in_order(ROOM, "rooms"), or_(ROOM.c.heard_at.is_(None), ROOM.c.heard_at < given(ROOM.c.heard_at, "latest")))
    .values(heard_at=given(ROOM.c.heard_at, "latest"))
)
_COURSES = select(COURSE.c.room_id, COURSE.c.from_sessions).where(any_of(COURSE.c.room_id, "rooms"))

#: accounts with an address of their own
_WITH_ADDRESS = select(ACCOUNT.c.id, ACCOUNT.c.platform).where(
    any_of(ACCOUNT.c.id, "accounts"), ACCOUNT.c.name != DEFAULT
)
_OF_ACCOUNT = select(ROOM.c.ref).where(
    ROOM.c.account_id == given(ROOM.c.account_id, "account"), any_of(ROOM.c.ref, "refs")
)
_UNHEARD = (
    select(ROOM.c.id)
    .join(ACCOUNT, ACCOUNT.c.id == ROOM.c.account_id)
    .where(
        any_of(ROOM.c.ref, "refs"),
        ROOM.c.heard_at.is_(None),
        ACCOUNT.c.name == DEFAULT,
        ACCOUNT.c.platform == given(ACCOUNT.c.platform, "platform"),
        ACCOUNT.c.workspace_id == given(ACCOUNT.c.workspace_id, "workspace"),
    )
)
_CLAIMED = update(ROOM).where(in_order(ROOM, "rooms")).values(account_id=given(ROOM.c.account_id, "account"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MetRoom:
    """A room of which something was told."""

    id: str
    #: before what was told now
    heard_at: datetime | None
    has_course: bool
    #: a course takes every session of it
    from_sessions: bool


async def meet_rooms(
    transaction: Transaction, keys: Collection[Key], *, heard_at: datetime | None
) -> dict[Key, MetRoom]:
    """By (account, ref), made where they are new; `heard_at`: when a delivery told of them."""
    accounts = {account_id for account_id, _ in keys}
    await _claim(transaction, keys, accounts)
    new = [(new_id(), account_id, ref) for account_id, ref in sorted(keys)]
    await transaction.insert_new(ROOM, ("id", "account_id", "ref"), new)
    named = await transaction.all(_KNOWN, {"refs": {ref for _, ref in keys}, "accounts": accounts})
    found = [row for row in named if (row.account_id, row.ref) in keys]
    ids = [row.id for row in found]
    if heard_at is not None:
        await transaction.run(_HEARD, {"rooms": ids, "latest": heard_at})
    courses = await _courses_in(transaction, ids)
    return {
        (row.account_id, row.ref): MetRoom(
            id=row.id,
            heard_at=row.heard_at,
            has_course=row.id in courses,
            from_sessions=courses.get(row.id, False),
        )
        for row in found
    }


async def _claim(transaction: Transaction, keys: Collection[Key], accounts: Collection[str]) -> None:
    """A room that a course names is the account's that is first heard from there, if it is of the same platform."""
    for account in await transaction.all(_WITH_ADDRESS, {"accounts": accounts}):
        refs = {ref for account_id, ref in keys if account_id == account.id}
        known = await transaction.all(_OF_ACCOUNT, {"account": account.id, "refs": refs})
        refs -= {row.ref for row in known}
        of_nobody = {"refs": refs, "platform": account.platform, "workspace": transaction.workspace_id}
        rooms = [row.id for row in await transaction.all(_UNHEARD, of_nobody)]
        await transaction.run(_CLAIMED, {"rooms": rooms, "account": account.id})


async def _courses_in(transaction: Transaction, room_ids: Collection[str]) -> dict[str, bool]:
    """The rooms that serve a course, and whether one of these takes every session."""
    found: dict[str, bool] = {}
    for room_id, from_sessions in await transaction.all(_COURSES, {"rooms": room_ids}):
        found[room_id] = found.get(room_id, False) or from_sessions
    return found
