"""Slack is never called faster than it allows, by however many processes; what is allowed goes at once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage.database import Store
from storage.pacing import DELETE, EDIT, LOOK_UP, POST, conversation
from tests.builders import NINE
from tests.storage.rows import look

SECOND = timedelta(seconds=1)


async def take(store: Store, *buckets: str, now: datetime = NINE, times: int = 1) -> list[datetime]:
    async with store.write() as memory:
        return await memory.pacing.take_many([buckets] * times, now=now)


async def test_after_a_burst_of_three_a_conversation_takes_one_a_second(store: Store) -> None:
    moments = await take(store, conversation("C1"), times=5)
    assert moments == [NINE, NINE, NINE, NINE + SECOND, NINE + SECOND]
    assert await take(store, conversation("C1"), now=NINE + SECOND, times=2) == [NINE + SECOND, NINE + 2 * SECOND]


async def test_what_may_not_go_uses_nothing_up(store: Store) -> None:
    await take(store, conversation("C1"), times=100)
    assert await take(store, conversation("C1"), now=NINE + SECOND) == [NINE + SECOND]


async def test_conversations_do_not_wait_for_each_other(store: Store) -> None:
    await take(store, conversation("C1"), times=9)
    assert await take(store, conversation("C2")) == [NINE]


async def test_a_call_that_one_of_its_buckets_holds_back_uses_up_none_of_the_others(store: Store) -> None:
    await take(store, POST, conversation("C1"), times=100)
    async with store.read() as memory:
        assert (await memory.pacing.free_at([POST]))[POST] <= NINE
    assert (await take(store, POST, times=18))[16:] == [NINE, NINE + timedelta(minutes=1) / 240]


async def test_a_rested_conversation_takes_a_burst_again_and_needs_no_row(store: Store) -> None:
    await take(store, conversation("C1"), times=3)
    later = NINE + 3 * SECOND
    assert await take(store, conversation("C2"), now=later) == [later]
    async with store.read() as memory:
        assert (await look(memory, "SELECT bucket FROM pacing")).bucket == conversation("C2")
    assert await take(store, conversation("C1"), now=later, times=3) == [later] * 3


@pytest.mark.parametrize(("method", "most"), [(EDIT, 50), (DELETE, 50), (LOOK_UP, 50), (POST, 260)])
async def test_no_minute_holds_more_calls_of_a_method_than_slack_allows(store: Store, method: str, most: int) -> None:
    going: list[datetime] = []
    async with store.write() as memory:
        for step in range(241):
            now = NINE + step * SECOND / 2
            going += [moment for moment in await memory.pacing.take_many([[method]] * 30, now=now) if moment == now]
    busiest = max(sum(start <= each < start + timedelta(minutes=1) for each in going) for start in going)
    assert most * 0.9 < busiest <= most


async def test_when_slack_says_so_a_method_waits_and_then_goes_slowly(store: Store) -> None:
    until = NINE + 30 * SECOND
    async with store.write() as memory:
        await memory.pacing.hold(EDIT, until)
    assert await take(store, EDIT) == [until]
    assert await take(store, EDIT, now=until, times=2) == [until, until + timedelta(minutes=1) / 45]


async def test_of_two_answers_the_longer_wait_counts(store: Store) -> None:
    async with store.write() as memory:
        await memory.pacing.hold(POST, NINE + 30 * SECOND)
        await memory.pacing.hold(POST, NINE + 5 * SECOND)
        assert (await memory.pacing.free_at([POST]))[POST] == NINE + 30 * SECOND


async def test_two_processes_share_one_rate(store: Store, database_url: str) -> None:
    other = await Store.open(database_url)
    taken = await asyncio.gather(*(take(each, POST, conversation("C1")) for each in (store, other) * 4))
    assert sorted(moment for (moment,) in taken).count(NINE) == 3
    await other.close()


async def test_a_call_that_was_not_made_may_be_made_by_somebody_else(store: Store) -> None:
    await take(store, EDIT, times=5)
    async with store.write() as memory:
        await memory.pacing.give_back([EDIT], now=NINE)
    assert await take(store, EDIT) == [NINE]
    assert await take(store, EDIT) > [NINE]


async def test_what_slack_holds_stays_held_though_a_call_was_not_made(store: Store) -> None:
    await take(store, EDIT)
    async with store.write() as memory:
        await memory.pacing.hold(EDIT, NINE + 30 * SECOND)
        await memory.pacing.give_back([EDIT], now=NINE)
    assert await take(store, EDIT) == [NINE + 30 * SECOND]
