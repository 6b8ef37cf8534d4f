"""A call to Slack hangs in a process of its own, which gives it up, or is killed while it waits: it is said once."""

import asyncio
from pathlib import Path

import pytest

from bot.clock import stopwatch
from handlers.slack_client import TIMEOUT
from handlers.ticks import send_messages
from storage.database import Store
from tests.lessons.impatient_bot import LEASE
from tests.lessons.process import AT_LAST, Bot, a_bot
from tests.storage.rows import look

IMPATIENT = ("-m", "tests.lessons.impatient_bot")
POST = "chat.postMessage"
#: Calls that one board may need one after the other: the link to the summary, and itself in two ways.
MOST_CALLS = 3


async def until_a_call(bot: Bot, outcome: str) -> float:
    """When it was seen, on the stopwatch."""
    begun = stopwatch()
    while outcome not in [call.outcome for call in bot.workspace.calls if call.method == POST]:
        assert stopwatch() - begun < AT_LAST, (bot.folder / "log").read_text()[-2_000:]
        await asyncio.sleep(0.02)
    return stopwatch()


async def until_nothing_waits(database_url: str) -> None:
    """Every message is settled, and nobody holds one: what has not been said by now never will."""
    store = await Store.open(database_url)
    begun = stopwatch()
    query = "SELECT count(*) AS n FROM message WHERE state = 'waiting' OR lease_until IS NOT NULL"
    while True:
        async with store.read() as memory:
            if not (await look(memory, query)).n:
                break
        assert stopwatch() - begun < AT_LAST
        await asyncio.sleep(0.1)
    await store.close()


def answered(bot: Bot) -> list[str]:
    return [call.outcome for call in bot.workspace.calls if call.method == POST]


@pytest.mark.parametrize("database", ["sqlite"])
async def test_a_call_that_hangs_is_given_up_and_the_message_is_said_once(database_url: str, tmp_path: Path) -> None:
    async with a_bot(database_url, tmp_path) as bot:
        bot.workspace.faults.no_answer(POST)
        await bot.start(*IMPATIENT)
        await until_a_call(bot, "ok")
        await until_nothing_waits(database_url)
        assert answered(bot) == ["no_answer", "ok"]
        assert len(await bot.boards()) == 1


@pytest.mark.parametrize("database", ["sqlite"])
async def test_a_message_whose_process_was_killed_while_the_call_hung_is_said_once_when_the_lease_is_over(
    database_url: str, tmp_path: Path
) -> None:
    async with a_bot(database_url, tmp_path) as bot:
        bot.workspace.faults.no_answer(POST)
        await bot.start(*IMPATIENT)
        hung_at = await until_a_call(bot, "no_answer")
        bot.kill()
        await bot.is_gone()
        await bot.start(*IMPATIENT)
        said_at = await until_a_call(bot, "ok")
        assert said_at - hung_at > LEASE.total_seconds() / 2
        await until_nothing_waits(database_url)
        assert answered(bot) == ["no_answer", "ok"]
        assert len(await bot.boards()) == 1


async def test_two_processes_on_one_database_say_it_once_though_the_first_call_hangs(
    postgresql_url: str, tmp_path: Path
) -> None:
    """The other one may claim the message only when the first has given it up."""
    async with a_bot(postgresql_url, tmp_path) as bot:
        bot.workspace.faults.no_answer(POST)
        other = Bot(bot.workspace, bot.environment, tmp_path)
        try:
            await asyncio.gather(bot.start(*IMPATIENT), other.start(*IMPATIENT))
            await until_a_call(bot, "ok")
            await until_nothing_waits(postgresql_url)
        finally:
            other.kill()
            await other.is_gone()
        assert answered(bot) == ["no_answer", "ok"]
        assert len(await bot.boards()) == 1


def test_no_message_is_claimed_again_while_its_calls_may_still_be_answered() -> None:
    assert TIMEOUT.total is not None
    assert MOST_CALLS * TIMEOUT.total < send_messages.LEASE.total_seconds()
