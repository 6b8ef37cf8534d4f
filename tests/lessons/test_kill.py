"""`kill -9` of the whole bot: what got its 200 is kept, applied and on the sheet, once; the rest comes again."""

import asyncio
from pathlib import Path
from random import Random

import aiohttp
import pytest

from storage.database import Store
from tests.lessons.dying_bot import POINTS, WHILE_APPLIED
from tests.lessons.process import AT_LAST, Bot, a_bot, guest, joins
from tests.storage.rows import look

CONNECTIONS = 6
#: Wire seconds between two deliveries of one connection.
PACE = 0.005


async def send_for_ever(bot: Bot, first: int, sent: list[int], answered: list[int], has_begun: asyncio.Event) -> None:
    """One delivery after the other, each with a guest of its own, until the bot is gone."""
    async with aiohttp.ClientSession() as http:
        number = first
        while True:
            sent.append(number)
            if not await bot.post(http, joins(number)):
                return
            answered.append(number)
            has_begun.set()
            number += CONNECTIONS
            await asyncio.sleep(PACE)


async def counted(database_url: str) -> tuple[int, int, int]:
    """Deliveries on disk, those of them that wait, and events."""
    store = await Store.open(database_url)
    async with store.read() as memory:
        deliveries = await look(memory, "SELECT count(*) AS n FROM delivery")
        waiting = await look(memory, "SELECT count(*) AS n FROM delivery WHERE state = 'received'")
        events = await look(memory, "SELECT count(*) AS n FROM presence_event")
    await store.close()
    return deliveries.n, waiting.n, events.n


async def test_every_delivery_that_got_200_is_on_the_sheet_after_a_kill_at_any_moment(
    database: str, database_url: str, tmp_path: Path
) -> None:
    moment = Random(database).uniform(0.05, 0.8)
    sent: list[int] = []
    answered: list[int] = []
    async with a_bot(database_url, tmp_path) as bot:
        await bot.start()
        has_begun = asyncio.Event()
        clients = [
            asyncio.create_task(send_for_ever(bot, each, sent, answered, has_begun)) for each in range(CONNECTIONS)
        ]
        await asyncio.wait_for(has_begun.wait(), timeout=AT_LAST)
        await asyncio.sleep(moment)
        bot.kill()
        await asyncio.gather(*clients)
        await bot.is_gone()
        await bot.start()
        on_the_sheet = await bot.has_seen({guest(number) for number in answered})
        deliveries, waiting, events = await counted(database_url)
    assert len(on_the_sheet) == len(set(on_the_sheet)) == deliveries == events
    assert {*on_the_sheet} <= {guest(number) for number in sent}
    assert waiting == 0


@pytest.mark.parametrize(("point", "database"), [*((each, "sqlite") for each in POINTS), (WHILE_APPLIED, "postgresql")])
async def test_nothing_is_lost_and_nothing_doubled_by_a_kill(database_url: str, tmp_path: Path, point: str) -> None:
    numbers = range(12)
    async with a_bot(database_url, tmp_path) as bot, aiohttp.ClientSession() as http:
        armed = tmp_path / "armed"
        await bot.start("-m", "tests.lessons.dying_bot", point, str(armed))
        armed.touch()
        bodies = {number: joins(number) for number in numbers}
        answered = await asyncio.gather(*(bot.post(http, body) for body in bodies.values()))
        await bot.is_gone()
        await bot.start()
        guests = await bot.has_seen(
            {guest(number) for number, is_kept in zip(numbers, answered, strict=True) if is_kept}
        )
        assert len(guests) == len(set(guests))
        # As a platform does with whatever got no 200.
        again = [bodies[number] for number, is_kept in zip(numbers, answered, strict=True) if not is_kept]
        assert all(await asyncio.gather(*(bot.post(http, body) for body in again)))
        guests = await bot.has_seen({guest(number) for number in numbers})
        assert sorted(guests) == [guest(number) for number in numbers]
        assert await counted(database_url) == (12, 0, 12)
        assert len(await bot.boards()) == 1
