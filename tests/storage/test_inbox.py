"""What an operator finds among deliveries, and what is looked into again."""

from datetime import datetime, timedelta

import pytest

from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery, Settled
from storage.inbox import Which
from tests.builders import NINE


def a_delivery(account: str, key: str, *, at: datetime = NINE, body: bytes = b"{}") -> NewDelivery:
    return NewDelivery(
        account_id=account, route="", delivery_key=key, headers={}, body=body, received_at=at, verified_at=at
    )


@pytest.fixture
async def ids(store: Store) -> list[int]:
    """Of two deliveries of Zoom, the second of them unreadable, and one of 100ms an hour later that is applied."""
    async with store.write() as memory:
        zoom = await memory.accounts.default("zoom", now=NINE)
        other = await memory.accounts.default("100ms", now=NINE)
        hour = NINE + timedelta(hours=1)
        for came in (a_delivery(zoom, "1", body=b"12345"), a_delivery(zoom, "2"), a_delivery(other, "3", at=hour)):
            await memory.deliveries.keep([came])
        kept = [each.id for each in await memory.deliveries.waiting(limit=9)]
        settled = [
            Settled(kept[1], DeliveryState.UNREADABLE, "No time in it."),
            Settled(kept[2], DeliveryState.APPLIED),
        ]
        await memory.deliveries.settle(settled, NINE)
    return kept


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (Which(), [2, 1, 0]),
        (Which(state=DeliveryState.UNREADABLE), [1]),
        (Which(platform="zoom"), [1, 0]),
        (Which(platform="zoom", state=DeliveryState.APPLIED), []),
        (Which(since=NINE + timedelta(hours=1)), [2]),
    ],
)
async def test_deliveries_are_found_by_state_platform_and_time_the_newest_first(
    store: Store, ids: list[int], which: Which, found: list[int]
) -> None:
    async with store.read() as memory:
        assert [each.id for each in await memory.inbox.listed(which, limit=9)] == [ids[place] for place in found]
        whole = await memory.inbox.whole(which, after=0, limit=9)
        assert [each.id for each in whole] == sorted(ids[place] for place in found)
        assert await memory.inbox.count(which) == len(found)


async def test_a_list_tells_what_came_of_a_delivery_and_how_large_it_is(store: Store, ids: list[int]) -> None:
    async with store.read() as memory:
        _, unreadable, first = await memory.inbox.listed(Which(), limit=9)
        assert (first.platform, first.account, first.bytes, first.error) == ("zoom", "default", 5, "")
        assert (unreadable.error, unreadable.applied_at) == ("No time in it.", NINE)
        assert await memory.inbox.platforms(Which()) == ["100ms", "zoom"]
        assert [each.id for each in await memory.inbox.listed(Which(), limit=1)] == [ids[2]]


async def test_whole_deliveries_are_read_in_portions(store: Store, ids: list[int]) -> None:
    async with store.read() as memory:
        (first,) = await memory.inbox.whole(Which(), after=0, limit=1)
        rest = await memory.inbox.whole(Which(), after=first.id, limit=9)
    assert [first.id, *(each.id for each in rest)] == ids
    assert first.body == b"12345"


async def test_what_is_tried_again_waits_as_if_it_had_just_come(store: Store, ids: list[int]) -> None:
    async with store.write() as memory:
        assert await memory.inbox.retry(Which(ids=[ids[1], ids[2]])) == 2
        again = await memory.deliveries.waiting(limit=9)
    assert [(each.id, each.error, each.applied_at) for each in again] == [(id_, "", None) for id_ in ids]


async def test_only_what_was_chosen_is_tried_again(store: Store, ids: list[int]) -> None:
    async with store.write() as memory:
        assert await memory.inbox.retry(Which(state=DeliveryState.UNREADABLE, platform="100ms")) == 0
        assert await memory.inbox.retry(Which(state=DeliveryState.UNREADABLE)) == 1
        assert [each.id for each in await memory.deliveries.waiting(limit=9)] == ids[:2]
