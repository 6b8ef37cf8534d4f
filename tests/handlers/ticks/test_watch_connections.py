"""The admins hear of a connection that does not work: one message, edited, and nothing where all is well."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.attendance.wanted import MessageKind, Wanted
from handlers.ticks import watch_connections
from storage.database import Store
from storage.messages import MessageState
from storage.tables import Message, table_of
from tests.builders import at, joined
from tests.storage.rows import a_person

Contents = list[Mapping[str, Any]]


@pytest.fixture
async def admin(store: Store) -> str:
    return await a_person(store, "Rita Root", slack_user_id="U0ROOT", is_admin=True)


@pytest.fixture
async def account(store: Store) -> str:
    async with store.write() as memory:
        return await memory.accounts.default("zoom", now=at(0))


async def refuse(store: Store, account: str, count: int, *, now: datetime) -> None:
    async with store.write() as memory:
        await memory.accounts.refused(account, count, first_at=now, last_at=now)


async def read(store: Store, admin: str, kind: MessageKind) -> Contents:
    """What stands or should stand for an admin, of a kind; the oldest first."""
    message = table_of(Message)
    mine = select(message.c.desired).where(message.c.recipient == admin, message.c.kind == kind.value)
    async with store.read() as memory:
        return [row.desired for row in await memory._transaction.all(mine.order_by(message.c.subject))]


async def test_while_all_is_well_nothing_is_written(store: Store, account: str, admin: str) -> None:
    assert await watch_connections.tick(store, now=at(0)) is None
    async with store.read() as memory:
        assert await memory.messages.next_due_at() is None


async def test_refused_requests_are_told_then_counted_in_place_and_then_over(
    store: Store, account: str, admin: str
) -> None:
    await refuse(store, account, 4, now=at(1))
    assert await watch_connections.tick(store, now=at(2)) == at(61)
    await refuse(store, account, 5, now=at(5))
    assert await watch_connections.tick(store, now=at(6)) == at(65)
    (content,) = await read(store, admin, MessageKind.DELIVERIES_REFUSED)
    assert (content["stage"], content["count"]) == ("refused", 9)
    assert await watch_connections.tick(store, now=at(65)) is None
    (content,) = await read(store, admin, MessageKind.DELIVERIES_REFUSED)
    assert content["stage"] == "over"
    async with store.read() as memory:
        assert [each.refused for each in await memory.accounts.all()] == [0]


async def test_a_second_trouble_is_a_second_message(store: Store, account: str, admin: str) -> None:
    await refuse(store, account, 4, now=at(1))
    await watch_connections.tick(store, now=at(2))
    await watch_connections.tick(store, now=at(65))
    await refuse(store, account, 4, now=at(90))
    await watch_connections.tick(store, now=at(91))
    contents = await read(store, admin, MessageKind.DELIVERIES_REFUSED)
    assert [content["stage"] for content in contents] == ["over", "refused"]


async def test_deliveries_that_go_on_coming_late_are_told_and_then_that_they_are_in_time_again(
    store: Store, account: str, admin: str
) -> None:
    for minute, received in ((0, 10), (3, 13), (13.9, 14)):
        event = joined(f"Student {minute}", at=minute, received_at=at(received))
        async with store.write() as memory:
            await memory.presence.record([(account, None, event)], now=at(received))
        await watch_connections.tick(store, now=at(received))
        told = await read(store, admin, MessageKind.DELIVERIES_LATE)
        assert [content["stage"] for content in told] == {10: [], 13: ["late"], 14: ["over"]}[received]


async def test_a_channel_in_which_the_bot_is_not_is_told_and_when_it_is_it_is_over(store: Store, admin: str) -> None:
    content = {"state": "open"}
    board = Wanted(kind=MessageKind.BOARD, recipient="#python", content=content, due_at=at(0))
    async with store.write() as memory:
        await memory.messages.want([("lesson-1", board)], now=at(0))
        (claimed,) = await memory.messages.claim(now=at(0), wire_now=at(0), limit=1, lease=timedelta(minutes=1))
        await memory.messages.rejected(
            claimed.id, revision=claimed.revision, error="not_in_channel", now=at(1), method="chat.postMessage"
        )
    await watch_connections.tick(store, now=at(2))
    (told,) = await read(store, admin, MessageKind.SLACK_REFUSED)
    assert told == {"channel": "#python", "stage": "refused", "code": "not_in_channel"}
    async with store.write() as memory:
        await memory.messages.want([("lesson-2", board)], now=at(3))
        (claimed, *_) = [
            each
            for each in await memory.messages.claim(now=at(3), wire_now=at(0), limit=9, lease=timedelta(minutes=1))
            if each.kind is MessageKind.BOARD
        ]
        await memory.messages.sent(
            claimed.id, revision=claimed.revision, channel="C1", ts="1", now=at(3), method="chat.postMessage"
        )
        assert (await memory.messages.find("lesson-2", MessageKind.BOARD, "#python")).state is MessageState.SENT  # type: ignore[union-attr]  # it was sent just now
    await watch_connections.tick(store, now=at(4))
    (told,) = await read(store, admin, MessageKind.SLACK_REFUSED)
    assert told["stage"] == "over"


async def test_where_there_is_no_admin_nobody_is_told(store: Store, account: str) -> None:
    await refuse(store, account, 4, now=at(1))
    await watch_connections.tick(store, now=at(2))
    async with store.read() as memory:
        assert await memory.messages.next_due_at() is None
