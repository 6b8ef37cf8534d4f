"""What a tick costs: with many lessons laid out and nothing due, and with three thousand that need reminding at once."""

import asyncio
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.attendance.wanted import MessageKind
from bot.clock import stopwatch
from handlers.cli.serve import collect_seldom
from handlers.ticks import watch_lessons
from storage import schema
from storage.database import Store
from storage.tables import Message, table_of
from tests.benchmarks.ingest import a_postgresql
from tests.benchmarks.school import School, found_school

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOMORROW = NINE + timedelta(days=1)
REMINDED_AT = NINE + timedelta(minutes=3, seconds=5)
FEW, MANY, COURSES = 1_000, 100_000, 100
STUDENTS = 30
REPEATS, ROUNDS = 200, 5
AIM_SECONDS = 5.0

MESSAGE = table_of(Message)


@asynccontextmanager
async def _a_store(url: str) -> AsyncIterator[Store]:
    await schema.upgrade(url)
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


async def _one_tick(store: Store) -> float:
    """Seconds of one look with nothing due."""
    begun = stopwatch()
    for _ in range(REPEATS):
        await watch_lessons.tick(store, now=NINE)
    return (stopwatch() - begun) / REPEATS


async def _nothing_due(folder: str) -> None:
    print("tick with nothing due, SQLite")
    async with (
        _a_store(f"sqlite+aiosqlite:///{folder}/few.db") as few,
        _a_store(f"sqlite+aiosqlite:///{folder}/many.db") as many,
    ):
        for store, lessons in ((few, FEW), (many, MANY)):
            await found_school(store, _laid_out(lessons))
            await watch_lessons.tick(store, now=NINE)
        pairs = [(await _one_tick(few), await _one_tick(many)) for _ in range(ROUNDS)]
    for name, seconds in zip((FEW, MANY), zip(*pairs, strict=True), strict=True):
        print(f"  {name:,} lessons laid out: {statistics.median(seconds) * 1000:.2f} ms")
    print(f"  median ratio {statistics.median(more / less for less, more in pairs):.2f}, aim 1")


def _laid_out(lessons: int) -> School:
    return School(
        courses=COURSES,
        students=0,
        lessons_each=lessons // COURSES,
        starts_at=TOMORROW,
        created_at=NINE,
        due_at=TOMORROW,
    )


async def _all_at_once(name: str, url: str, courses: int) -> None:
    """Lessons that start in one minute, and everybody is missing at the first step of the ladder."""
    school = School(courses=courses, students=STUDENTS, starts_at=NINE, created_at=NINE, due_at=REMINDED_AT)
    async with _a_store(url) as store:
        await found_school(store, school)
        collect_seldom()
        begun = stopwatch()
        await watch_lessons.tick(store, now=REMINDED_AT)
        seconds = stopwatch() - begun
        query = select(func.count()).where(MESSAGE.c.kind == MessageKind.REMINDER_1, MESSAGE.c.state == "waiting")
        async with store.read() as memory:
            queued = await memory._transaction.value(query)
    if queued != courses * STUDENTS:
        raise SystemExit(f"{queued} reminders are queued, not {courses * STUDENTS}")
    print(f"  {name}: {queued:,} reminders queued in {seconds:.1f} s ({seconds / courses * 1000:.2f} ms a lesson)")


async def _report(courses: int) -> None:
    with tempfile.TemporaryDirectory() as folder, a_postgresql() as postgresql:
        await _nothing_due(folder)
        print(f"{courses:,} lessons of {STUDENTS} start in one minute, aim {AIM_SECONDS * courses / 3_000:.1f} s")
        await _all_at_once("SQLite", f"sqlite+aiosqlite:///{folder}/all.db", courses)
        await _all_at_once("PostgreSQL", postgresql, courses)


def report(*, courses: int = 3_000) -> None:
    """Print the cost of an idle tick by lessons laid out, and how long it takes until all are reminded."""
    asyncio.run(_report(courses))


if __name__ == "__main__":
    report()
