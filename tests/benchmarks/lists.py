"""What a list of lessons costs: half of them over and written down, half of them ahead."""

import asyncio
import json
import tempfile
from datetime import UTC, datetime, timedelta

from bot.clock import stopwatch
from handlers.attendance import lesson_object
from handlers.ticks import watch_lessons
from storage import schema
from storage.database import Store
from tests.benchmarks.school import School, found_school

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
COURSES, STUDENTS = 50, 30
AIM_SECONDS = 1.0


async def _seconds(store: Store, *, now: datetime) -> tuple[int, float]:
    begun = stopwatch()
    async with store.read() as memory:
        listed = await memory.lessons.listed(now=now)
    json.dumps([lesson_object(each, now=now) for each in listed])
    return len(listed), stopwatch() - begun


async def _report(days: int) -> None:
    school = School(courses=COURSES, students=STUDENTS, starts_at=NINE, created_at=NINE, due_at=NINE, lessons_each=days)
    now = NINE + timedelta(days=days // 2, hours=5)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/lists.db"
        await schema.upgrade(url)
        store = await Store.open(url)
        await found_school(store, school)
        await watch_lessons.tick(store, now=now)
        rounds = [await _seconds(store, now=now) for _ in range(3)]
        await store.close()
    lessons, seconds = min(rounds, key=lambda each: each[1])
    print(f"list of {lessons:,} lessons, SQLite: {seconds:.2f} s, aim {AIM_SECONDS * lessons / 5_000:.1f} s")


def report(*, days: int = 100) -> None:
    """Print how long a list of lessons takes, from the database to its JSON; the best of three."""
    asyncio.run(_report(days))


if __name__ == "__main__":
    report()
