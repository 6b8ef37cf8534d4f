"""What a tick costs: with many lessons laid out and nothing due, and with three thousand that need reminding at once."""

from datetime import UTC, datetime, timedelta

from bot.clock import stopwatch
from handlers.ticks import watch_lessons
from storage.database import Store
from tests.benchmarks.school import found_school

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPEATS = 200


async def nothing_due(store: Store, *, lessons: int) -> float:
    """Seconds of one tick with so many lessons laid out for tomorrow."""
    await found_school(
        store, lessons=lessons, students=0, starts_at=NINE + timedelta(days=1), created_at=NINE, due_at=NINE + timedelta(days=1)
    )
    await watch_lessons.tick(store, now=NINE)
    begun = stopwatch()
    for _ in range(REPEATS):
        await watch_lessons.tick(store, now=NINE)
    return (stopwatch() - begun) / REPEATS


async def all_at_once(store: Store, *, lessons: int, students: int) -> tuple[float, int]:
    """Seconds until every reminder of lessons that start in one minute is queued, and how many there are."""
    moment = NINE + timedelta(minutes=3, seconds=5)
    await found_school(store, lessons=lessons, students=students, starts_at=NINE, created_at=NINE, due_at=moment)
    async with store.write() as memory:
        # Somebody delivered something before: the feed is unknown, not silent.
        account_id = await memory.accounts.default("zoom")
        await memory.deliveries.keep([_any_delivery(account_id)])
    begun = stopwatch()
    await watch_lessons.tick(store, now=moment)
    seconds = stopwatch() - begun
    async with store.read() as memory:
        return seconds, await memory.messages.waiting_count()
