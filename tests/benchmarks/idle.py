"""What it costs to have the bot running: how long it takes to start, and the memory it holds with nothing to do."""

import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.bot_process import a_bot, a_slack

ROUNDS = 3
#: seconds after which everything that begins with the bot is over
SETTLED = 2.0


async def _report(rounds: int) -> None:
    seconds, megabytes = [], []
    with tempfile.TemporaryDirectory() as folder:
        async with a_slack() as slack:
            async with a_bot(Path(folder), slack) as bot:
                first = bot.started_in
            for _ in range(rounds):
                async with a_bot(Path(folder), slack) as bot:
                    await asyncio.sleep(SETTLED)
                    seconds.append(bot.started_in)
                    megabytes.append(bot.resident_megabytes())
    print("idle bot, SQLite")
    print(f"  starts in {statistics.median(seconds):.1f} s; the first time, with a new database, in {first:.1f} s")
    known = [each for each in megabytes if each is not None]
    print(f"  holds {statistics.median(known):.0f} MB" if known else "  memory: the system does not tell")


def report(*, rounds: int = ROUNDS) -> None:
    """Print start-up time and resident memory."""
    asyncio.run(_report(rounds))


if __name__ == "__main__":
    report()
