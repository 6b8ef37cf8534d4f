"""Work outside any transaction: whoever dies is followed by another, and who was too slow takes nothing away."""

from datetime import timedelta

import pytest

from bot.attendance.inside import Inside
from storage.database import Store
from storage.record_requests import Request
from storage.room_looks import LookWanted
from tests.builders import NINE, at
from tests.storage.rows import a_stored_lesson

LEASE = timedelta(minutes=5)
#: Wire time, told apart from lesson time by its year.
WIRE = NINE.replace(year=2030)


@pytest.fixture
async def lesson(store: Store) -> str:
    return await a_stored_lesson(store)


async def ask(store: Store, *, minutes: float) -> Request | None:
    """Claim the record that is due, so many minutes of wire time after the first one."""
    async with store.write() as memory:
        wire_now = WIRE + timedelta(minutes=minutes)
        claimed = await memory.record_requests.claim(now=at(200), wire_now=wire_now, limit=5, lease=LEASE)
    return claimed[0] if claimed else None


async def look(store: Store, *, minutes: float) -> LookWanted | None:
    async with store.write() as memory:
        wire_now = WIRE + timedelta(minutes=minutes)
        claimed = await memory.room_looks.claim(now=at(10), wire_now=wire_now, limit=5, lease=LEASE)
    return claimed[0] if claimed else None


async def test_a_record_that_somebody_asked_for_who_died_is_asked_for_by_another_when_the_lease_is_over(
    store: Store, lesson: str
) -> None:
    async with store.write() as memory:
        await memory.record_requests.want({lesson: at(60)}, now=at(60))
    assert await ask(store, minutes=0) is not None
    assert await ask(store, minutes=4.9) is None
    assert await ask(store, minutes=5) is not None


async def test_who_was_slower_than_the_lease_of_a_record_neither_ends_the_other_s_nor_says_when_to_ask(
    store: Store, lesson: str
) -> None:
    async with store.write() as memory:
        await memory.record_requests.want({lesson: at(60)}, now=at(60))
    slow, quick = await ask(store, minutes=0), await ask(store, minutes=6)
    assert slow is not None
    assert quick is not None
    async with store.write() as memory:
        await memory.record_requests.answered(slow, due_at=None, made=1, tries=0, error="slow")
    assert await ask(store, minutes=7) is None
    async with store.write() as memory:
        await memory.record_requests.answered(quick, due_at=at(100), made=1, tries=0)
    third = await ask(store, minutes=8)
    assert third is not None
    assert third.made == 1


async def test_who_was_slower_than_the_lease_of_a_look_takes_nothing_from_what_another_was_shown(
    store: Store, lesson: str
) -> None:
    async with store.write() as memory:
        await memory.room_looks.want([lesson], now=at(5))
    slow, quick = await look(store, minutes=0), await look(store, minutes=6)
    assert slow is not None
    assert quick is not None
    async with store.write() as memory:
        await memory.room_looks.answered(quick, Inside(people=2, came_at=None), now=at(8))
        await memory.room_looks.answered(slow, None, now=at(5), error="no answer in time")
        shown = (await memory.room_looks.of([lesson]))[lesson]
    assert (shown.asked_at, shown.inside, shown.error) == (at(8), Inside(people=2, came_at=None), "")
    assert await look(store, minutes=20) is None
