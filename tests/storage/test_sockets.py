"""Sockets of one room, entered and left by two processes at the same instant: a run begins once and ends once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from bot.attendance.lessons import Role
from bot.clock import ManualClock
from handlers.signaling.protocol import LeftReason
from handlers.signaling.register import Register
from storage.database import Store
from storage.memory import Memory
from storage.sockets import Placed, Seat
from tests.builders import NINE
from tests.storage.rows import a_course, a_person, a_stored_lesson

LEASE = NINE + timedelta(minutes=1)
#: Seconds within which a statement that nobody holds up is done; who waits for a lock is still waiting.
A_WHILE = 0.2


@pytest.fixture
async def stores(postgresql_url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes; on SQLite there is one writer at a time, whoever it is."""
    opened = (await Store.open(postgresql_url), await Store.open(postgresql_url))
    yield opened
    for each in opened:
        await each.close()


@pytest.fixture
async def seat(stores: tuple[Store, Store]) -> Seat:
    async with stores[0].write() as memory:
        account = await memory.accounts.default("zoom", now=NINE)
    course = await a_course(stores[0], platform="signaling")
    return Seat(
        token_id="token-1",
        expires_at=LEASE,
        person_id=await a_person(stores[0]),
        name="Ada Lovelace",
        email="",
        role=Role.STUDENT,
        lesson_id=await a_stored_lesson(stores[0], course_id=course),
        planned_start=NINE,
        planned_end=NINE + timedelta(hours=1),
        course_id=course,
        course="Python 101",
        zone="UTC",
        platform="signaling",
        account_id=account,
        room="python-101",
        trainer="",
    )


async def enter(memory: Memory, seat: Seat, socket_id: str) -> Placed:
    await memory.sockets.take_turns([seat.lesson_id])
    return await memory.sockets.enter(socket_id, seat, now=NINE, lease_until=LEASE)


async def leave(memory: Memory, seat: Seat, socket_id: str) -> Placed | None:
    await memory.sockets.take_turns([seat.lesson_id], leaving=[socket_id])
    return await memory.sockets.leave(socket_id, "quit", at=NINE)


async def leave_alone(store: Store, seat: Seat, socket_id: str) -> Placed | None:
    async with store.write() as memory:
        return await leave(memory, seat, socket_id)


async def enter_alone(store: Store, seat: Seat, socket_id: str) -> Placed:
    async with store.write() as memory:
        return await enter(memory, seat, socket_id)


async def test_of_two_who_leave_at_the_same_instant_one_is_the_last(stores: tuple[Store, Store], seat: Seat) -> None:
    here, there = stores
    await enter_alone(here, seat, "a")
    await enter_alone(there, seat, "b")
    async with here.write() as memory:
        first = await leave(memory, seat, "a")
        second = asyncio.create_task(leave_alone(there, seat, "b"))
        await asyncio.wait([second], timeout=A_WHILE)
    assert (first, await second) == (Placed(session="a", is_alone=False), Placed(session="a", is_alone=True))


async def test_who_enters_while_the_last_one_leaves_opens_a_run_of_their_own(
    stores: tuple[Store, Store], seat: Seat
) -> None:
    here, there = stores
    await enter_alone(here, seat, "a")
    async with here.write() as memory:
        assert await leave(memory, seat, "a") == Placed(session="a", is_alone=True)
        entering = asyncio.create_task(enter_alone(there, seat, "b"))
        await asyncio.wait([entering], timeout=A_WHILE)
    assert await entering == Placed(session="b", is_alone=True)


async def test_of_two_who_enter_an_empty_room_at_the_same_instant_one_opens_it(
    stores: tuple[Store, Store], seat: Seat
) -> None:
    here, there = stores
    async with here.write() as memory:
        first = await enter(memory, seat, "a")
        second = asyncio.create_task(enter_alone(there, seat, "b"))
        await asyncio.wait([second], timeout=A_WHILE)
    assert (first, await second) == (Placed(session="a", is_alone=True), Placed(session="a", is_alone=False))


async def test_leaving_one_room_waits_for_nobody_in_another(stores: tuple[Store, Store], seat: Seat) -> None:
    here, there = stores
    elsewhere = Seat(
        **{
            **{name: getattr(seat, name) for name in Seat.__slots__},
            "lesson_id": await a_stored_lesson(here, "lesson-2"),
        }
    )
    await enter_alone(here, elsewhere, "b")
    async with here.write() as memory:
        await enter(memory, seat, "a")
        assert await asyncio.wait_for(leave_alone(there, elsewhere, "b"), 10) == Placed(session="b", is_alone=True)


async def test_a_sign_of_life_and_the_end_of_the_same_sockets_never_lock_each_other_up(
    stores: tuple[Store, Store], seat: Seat
) -> None:
    here, there = stores
    for each in "ba":
        await enter_alone(here, seat, each)

    async def renew() -> None:
        async with there.write() as memory:
            await memory.sockets.renew(["b", "a"], seen_at=NINE, lease_until=LEASE)

    async with here.write() as memory:
        await memory.sockets.take_turns([seat.lesson_id], leaving=["b", "a"])
        await memory.sockets.leave("b", "quit", at=NINE)
        renewing = asyncio.create_task(renew())
        await asyncio.wait([renewing], timeout=A_WHILE)
        await memory.sockets.leave("a", "quit", at=NINE)
    await renewing
    async with here.read() as memory:
        assert [each.left_at for each in await memory.sockets.in_lessons([seat.lesson_id])] == [NINE, NINE]


async def test_two_processes_forget_the_same_closed_sockets_at_the_same_instant(
    stores: tuple[Store, Store], seat: Seat
) -> None:
    here, there = stores
    for each in "ab":
        await enter_alone(here, seat, each)
        await leave_alone(here, seat, each)
    async with here.write() as memory, there.write() as other:
        await memory.sockets.forget(before=LEASE + timedelta(seconds=1))
        await asyncio.wait_for(other.sockets.forget(before=LEASE + timedelta(seconds=1)), 10)
    async with here.read() as memory:
        assert await memory.sockets.in_lessons([seat.lesson_id]) == []


class TestTheRegister:
    """It takes its turn before it closes anything, and before it buries what a dead process has left open."""

    @pytest.fixture
    async def register(self, stores: tuple[Store, Store]) -> AsyncIterator[Register]:
        opened = Register(stores[1], ManualClock(NINE), delivered=lambda: None)
        opened.open()
        yield opened
        await opened.close()

    @pytest.mark.parametrize("how", ["leaves", "is buried"])
    async def test_tells_who_was_the_last_though_another_process_closes_a_socket_at_the_same_instant(
        self, stores: tuple[Store, Store], seat: Seat, register: Register, how: str
    ) -> None:
        here, there = stores
        await enter_alone(here, seat, "a")
        await enter_alone(there, seat, "b")
        async with here.write() as memory:
            await leave(memory, seat, "a")
            closing = asyncio.create_task(
                register.leave("b", seat, LeftReason.QUIT, at=NINE) if how == "leaves" else register.sweep()
            )
            await asyncio.wait([closing], timeout=A_WHILE)
        await closing
        async with here.read() as memory:
            (told,) = await memory.deliveries.find()
        news = msgspec.json.decode(told.body)
        assert (news["event"], news["connection"], news["alone"]) == ("left", "b", True)
