"""Ingest beside three busy ticks on one database: no update is lost, and the door stays quick."""

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Table, func, select, update

from bot.attendance.decide import decide
from bot.clock import stopwatch
from storage import tables
from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery, Settled, StoredDelivery
from storage.tables import table_of
from tests.builders import NINE, joined
from tests.storage.world import add_course, add_lesson, add_room, tell

ROUNDS = 50
BATCH = 10
ROOMS = 40


@dataclass
class School:
    """A door and three ticks over one store."""

    store: Store
    account: str
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def ingest(self, name: str) -> float:
        """What the door does; the 99th percentile of the seconds that a batch took."""
        waits: list[float] = []
        for number in range(ROUNDS):
            begun = stopwatch()
            async with self.store.write() as memory:
                batch = [self.delivery(f"{name} {number}:{place}") for place in range(BATCH)]
                assert all(await memory.deliveries.keep(batch))
            waits.append(stopwatch() - begun)
            await asyncio.sleep(0.005)
        self.is_over.set()
        return sorted(waits)[ROUNDS * 99 // 100 - 1]

    def delivery(self, key: str) -> NewDelivery:
        return NewDelivery(
            account_id=self.account,
            route="",
            delivery_key=key,
            headers={},
            body=b"{}" * 200,
            received_at=NINE,
            verified_at=NINE,
        )

    async def apply(self) -> None:
        """Read what waits, then record and settle."""
        while True:
            async with self.store.read() as memory:
                waiting = await memory.deliveries.waiting(limit=50)
            if not waiting and self.is_over.is_set():
                return
            async with self.store.write() as memory:
                await tell(memory, *(_told(each) for each in waiting))
                await memory.deliveries.settle([Settled(each.id, DeliveryState.APPLIED) for each in waiting], NINE)
            await asyncio.sleep(0)

    async def watch(self) -> int:
        """Read what is due, decide outside, keep what still stands; how many decisions were kept."""
        kept = 0
        while not self.is_over.is_set():
            async with self.store.read() as memory:
                due = await memory.lessons.due(now=NINE, limit=2)
            decided = [(lesson, decide(lesson.facts, now=NINE)) for lesson in due]
            async with self.store.write() as memory:
                kept += len(await memory.lessons.keep_many(decided, now=NINE))
            await asyncio.sleep(0)
        return kept

    async def count(self) -> int:
        """Read, and write what follows from it if it still holds; how often it did."""
        table, counted = table_of(tables.Workspace), 0
        while not self.is_over.is_set():
            async with self.store.read() as memory:
                seen = await memory._transaction.value(select(table.c.history_seq))
            async with self.store.write() as memory:
                unchanged = update(table).where(table.c.history_seq == seen).values(history_seq=seen + 1)
                counted += await memory._transaction.run(unchanged)
            await asyncio.sleep(0)
        return counted

    async def value(self, query: object) -> int:
        async with self.store.read() as memory:
            found: int = await memory._transaction.value(query)  # type: ignore[arg-type]  # any query
            return found


def _told(delivery: StoredDelivery) -> object:
    """Each delivery tells that one more guest came into one of the rooms."""
    return joined(f"Guest {delivery.id}", at=0, room=f"room {delivery.id % ROOMS}", session=f"{delivery.id % ROOMS}")


def rows_of(table: Table) -> object:
    return select(func.count()).select_from(table)


@pytest.fixture
async def school(store: Store) -> School:
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=NINE)
        for number in range(ROOMS):
            room_id = await add_room(memory, f"room {number}")
            course_id = await add_course(memory, room_id=room_id, name=f"Course {number}")
            await add_lesson(memory, course_id=course_id, room_id=room_id)
    return School(store, account)


@pytest.mark.alone
async def test_ingest_beside_three_busy_ticks_loses_nothing_and_waits_for_nobody(school: School) -> None:
    waits: list[float] = []
    counted = 0
    # What else runs on the machine makes it slower, never quicker: the best of three counts.
    while len(waits) < 3 and min(waits, default=1.0) >= 0.1:
        school.is_over.clear()
        name = f"try {len(waits)}"
        beside, _, kept, more = await asyncio.gather(
            school.ingest(name), school.apply(), school.watch(), school.count()
        )
        waits.append(beside)
        counted += more
        assert min(kept, more) > 0

    assert await school.value(rows_of(table_of(tables.PresenceEvent))) == len(waits) * ROUNDS * BATCH
    assert await school.value(select(table_of(tables.Workspace).c.history_seq)) == counted
    assert min(waits) < 0.1


async def test_two_who_are_told_the_same_in_another_order_keep_it_once(school: School) -> None:
    for number in range(10):
        told = [school.delivery(f"{number}:{place:03}") for place in range(300)]
        kept = await asyncio.gather(school.store.keep(told), school.store.keep(told[::-1]))
        assert sum(kept) == len(told)
