"""Platform accounts: a course names none, so a room is the account's that is heard from there."""

from datetime import datetime

from sqlalchemy import select

from bot.attendance.events import PresenceEvent
from storage.database import Store
from storage.memory import Memory
from storage.tables import Room, table_of
from tests.builders import NINE, ROOM, at, joined


async def an_account(memory: Memory, name: str = "Evening school", platform: str = "zoom") -> str:
    added = await memory.accounts.add(platform, name, token_hash=name, sealed="sealed", now=NINE)
    assert added is not None
    return added


async def a_room_of_a_course(memory: Memory, ref: str = ROOM) -> str:
    """As the import of a course file finds or makes it."""
    return await memory.timetable.room(await memory.accounts.default("zoom", now=NINE), ref)


async def hear(memory: Memory, account_id: str, event: PresenceEvent, *, now: datetime = NINE) -> None:
    await memory.presence.record([(account_id, None, event)], now=now)


async def accounts_of_rooms(memory: Memory) -> dict[str, str]:
    room = table_of(Room)
    return {row.id: row.account_id for row in await memory._transaction.all(select(room.c.id, room.c.account_id))}


async def test_a_room_that_a_course_names_becomes_the_account_s_that_is_heard_from_there(memory: Memory) -> None:
    room, evening = await a_room_of_a_course(memory), await an_account(memory)
    await hear(memory, evening, joined("Ada", at=1))
    assert await accounts_of_rooms(memory) == {room: evening}


async def test_a_room_in_which_the_account_of_the_settings_was_heard_stays_its_own(memory: Memory) -> None:
    room, evening = await a_room_of_a_course(memory), await an_account(memory)
    default = await memory.accounts.default("zoom", now=NINE)
    await hear(memory, default, joined("Ada", at=1))
    await hear(memory, evening, joined("Eve", at=2))
    assert (await accounts_of_rooms(memory))[room] == default


async def test_a_room_of_another_platform_is_another_room(memory: Memory) -> None:
    room, other = await a_room_of_a_course(memory), await an_account(memory, platform="100ms")
    await hear(memory, other, joined("Ada", at=1))
    assert (await accounts_of_rooms(memory))[room] == await memory.accounts.default("zoom", now=NINE)


async def test_a_course_that_comes_later_finds_the_room_where_it_was_last_heard_from(memory: Memory) -> None:
    evening = await an_account(memory)
    await hear(memory, evening, joined("Ada", at=1))
    (room,) = await accounts_of_rooms(memory)
    assert await a_room_of_a_course(memory) == room
    default = await memory.accounts.default("zoom", now=NINE)
    await hear(memory, default, joined("Bob", at=9, session="2"), now=at(9))
    assert await a_room_of_a_course(memory) != room


async def test_an_account_s_name_is_given_once_on_a_platform(memory: Memory) -> None:
    await an_account(memory)
    assert await memory.accounts.add("zoom", "Evening school", token_hash="x", sealed="x", now=NINE) is None
    assert await memory.accounts.add("100ms", "Evening school", token_hash="x", sealed="x", now=NINE) is not None


async def test_refusals_are_added_up_from_the_first(store: Store) -> None:
    async with store.write() as memory:
        account = await an_account(memory)
        await memory.accounts.refused(account, 3, first_at=at(1), last_at=at(2))
        await memory.accounts.refused(account, 2, first_at=at(3), last_at=at(4))
        (found,) = await memory.accounts.all()
    assert (found.refused, found.refused_first_at) == (5, at(1))
