"""The inbox: every delivery is kept once, whatever is in it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.clock import wire_now
from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery, Settled, StoredDelivery
from storage.errors import StorageError
from tests.builders import NINE


@pytest.fixture
async def account(store: Store) -> str:
    async with store.write() as memory:
        return await memory.accounts.default("zoom", now=NINE)


def a_delivery(account: str, key: str = "key", **changes: Any) -> NewDelivery:
    return NewDelivery(
        **{
            "account_id": account,
            "route": "",
            "delivery_key": key,
            "headers": {"content-type": "application/json"},
            "body": b'{"event": "meeting.participant_joined"}',
            "received_at": NINE,
            "verified_at": NINE,
            **changes,
        }
    )


async def keep(store: Store, *deliveries: NewDelivery) -> list[bool]:
    async with store.write() as memory:
        return await memory.deliveries.keep(deliveries)


async def waiting(store: Store) -> list[StoredDelivery]:
    async with store.read() as memory:
        return await memory.deliveries.waiting(limit=100)


async def test_a_delivery_is_kept_as_it_came(store: Store, account: str) -> None:
    received_at = NINE + timedelta(microseconds=1)
    await keep(store, a_delivery(account, route="user-join-leave", body=b"\x00\xff half a {", received_at=received_at))
    (kept,) = await waiting(store)
    assert (kept.account_id, kept.platform, kept.route) == (account, "zoom", "user-join-leave")
    assert kept.headers == {"content-type": "application/json"}
    assert kept.body == b"\x00\xff half a {"
    assert kept.received_at == received_at
    assert kept.state is DeliveryState.RECEIVED


async def test_the_same_key_again_changes_nothing(store: Store, account: str) -> None:
    assert await keep(store, a_delivery(account, body=b"first")) == [True]
    assert await keep(store, a_delivery(account, body=b"second"), a_delivery(account, "other")) == [False, True]
    assert [kept.body for kept in await waiting(store)] == [b"first", a_delivery(account).body]


async def test_of_two_with_one_key_in_one_batch_the_first_is_new(store: Store, account: str) -> None:
    assert await keep(store, a_delivery(account, body=b"1"), a_delivery(account, body=b"2")) == [True, False]
    assert [kept.body for kept in await waiting(store)] == [b"1"]


async def test_two_accounts_may_use_the_same_key(store: Store, account: str) -> None:
    async with store.write() as memory:
        other = await memory.accounts.default("100ms", now=NINE)
    assert await keep(store, a_delivery(account), a_delivery(other)) == [True, True]


@pytest.mark.parametrize("poison", ["a\0b", "a\ud800b", "a\u202eb", "ä", "\U0001f600"])
async def test_a_poisoned_text_takes_no_row_of_its_batch_with_it(store: Store, account: str, poison: str) -> None:
    poisoned = a_delivery(account, poison, route=poison, headers={"x-name": poison})
    assert await keep(store, a_delivery(account, "1"), poisoned, a_delivery(account, "3")) == [True, True, True]
    assert await keep(store, poisoned) == [False]
    (kept,) = (each for each in await waiting(store) if "x-name" in each.headers)
    assert kept.route.isascii()
    assert kept.headers in ({"x-name": poison}, {"x-name": poison.replace("\ud800", "\ufffd")})


async def test_a_batch_with_a_row_that_the_database_refuses_leaves_nothing_behind(store: Store, account: str) -> None:
    with pytest.raises(StorageError):
        await keep(store, a_delivery(account, "1"), a_delivery("no such account", "2"))
    assert await waiting(store) == []
    assert await keep(store, a_delivery(account, "1")) == [True]


async def test_what_waits_is_given_oldest_first_until_it_is_settled(store: Store, account: str) -> None:
    await keep(store, *(a_delivery(account, str(number)) for number in range(3)))
    first, second, third = await waiting(store)
    async with store.write() as memory:
        settled = [
            Settled(first.id, DeliveryState.APPLIED),
            Settled(second.id, DeliveryState.UNREADABLE, "No time in it."),
        ]
        await memory.deliveries.settle(settled, NINE)
    assert [kept.id for kept in await waiting(store)] == [third.id]
    async with store.read() as memory:
        (unreadable,) = await memory.deliveries.find(state=DeliveryState.UNREADABLE)
        assert (unreadable.id, unreadable.error, unreadable.applied_at) == (second.id, "No time in it.", NINE)
        assert await memory.deliveries.get(second.id) == unreadable
        assert await memory.deliveries.get(-1) is None
        assert [kept.id for kept in await memory.deliveries.find(limit=2)] == [third.id, second.id]


async def test_large_ones_are_given_a_few_at_a_time(store: Store, account: str) -> None:
    await keep(store, *(a_delivery(account, str(each), body=b"x" * 400) for each in range(5)))
    async with store.read() as memory:
        assert len(await memory.deliveries.waiting(limit=9, most_bytes=1000)) == 3
        assert len(await memory.deliveries.waiting(limit=2, most_bytes=1000)) == 2
        assert len(await memory.deliveries.waiting(limit=9, most_bytes=1)) == 1


async def test_two_writers_never_claim_the_same_delivery(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=NINE)
        await memory.deliveries.keep([a_delivery(account, str(number)) for number in range(4)])
    async with store.write() as one, store.write() as other:
        first = await one.deliveries.waiting(limit=2)
        second = await other.deliveries.waiting(limit=4)
    assert len(first) == len(second) == 2
    assert {kept.id for kept in first} & {kept.id for kept in second} == set()
    await store.close()


async def test_an_account_is_made_once(store: Store, account: str) -> None:
    async with store.write() as memory:
        assert await memory.accounts.default("zoom", now=wire_now()) == account
        assert await memory.accounts.default("100ms", now=wire_now()) != account
        assert await memory.accounts.platform_of(account) == "zoom"
        assert await memory.accounts.find("livekit") is None


async def test_the_shortest_way_to_disk_keeps_the_same(store: Store, account: str) -> None:
    assert await store.keep([]) == 0
    assert await store.keep([a_delivery(account, "1"), a_delivery(account, "1"), a_delivery(account, "2")]) == 2
    assert await store.keep([a_delivery(account, "2"), a_delivery(account, "3")]) == 1
    async with store.read() as memory:
        assert len(await memory.deliveries.find()) == 3


async def test_the_shortest_way_to_disk_keeps_none_of_a_batch_that_the_database_refuses(
    store: Store, account: str
) -> None:
    with pytest.raises(StorageError):
        await store.keep([a_delivery(account, "1"), a_delivery("no such account", "2")])
    assert await store.keep([a_delivery(account, "1")]) == 1
