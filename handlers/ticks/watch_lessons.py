"""Look at the lessons that are due: what does their sheet say now, and who must be told what?

The tick is the recipe: load, decide, keep. All that it knows about attendance is in `bot/attendance`.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.attendance.decide import Decision, decide
from storage.database import Store
from storage.errors import StorageError
from storage.lessons import DueLesson

#: Lessons read with one set of queries and kept in one transaction.
CHUNK = 100
#: After how many minutes a lesson that could not be decided is tried again: the first time, the second …
RETRY_MINUTES = (1, 2, 4, 8, 16, 32, 60)

#: A lesson as it was read, and what was decided from that.
Decided = tuple[DueLesson, Decision]

log = structlog.get_logger()


async def tick(store: Store, *, now: datetime) -> datetime | None:
    """Decide every lesson that is due, in chunks; the moment at which the next one is."""
    while True:
        due, is_last = await _due(store, now=now)
        await _keep(store, await _decide_all(store, due, now=now), now=now)
        if is_last:
            async with store.read() as memory:
                return await memory.lessons.next_due_at()


async def _due(store: Store, *, now: datetime) -> tuple[list[DueLesson], bool]:
    """The next chunk, and whether it is the last one."""
    try:
        async with store.read() as memory:
            due = await memory.lessons.due(now=now, limit=CHUNK)
    except StorageError:
        raise  # no lesson's fault
    except Exception:  # noqa: BLE001  whichever of them it is: it fails again alone, and is told of there
        return await _due_one_by_one(store, now=now)
    return due, len(due) < CHUNK


async def _due_one_by_one(store: Store, *, now: datetime) -> tuple[list[DueLesson], bool]:
    """After a failure of many at once: the one whose facts cannot be read waits alone."""
    async with store.read() as memory:
        ids = await memory.lessons.due_ids(now=now, limit=CHUNK)
    due: list[DueLesson] = []
    for lesson_id, revision, failures in ids:
        try:
            async with store.read() as memory:
                found = await memory.lessons.facts(lesson_id)
        except StorageError:
            raise
        except Exception as problem:  # noqa: BLE001  the tick runner's own handling, per item: one bad row stops no tick
            await _put_aside(store, lesson_id, revision, failures, problem, now=now)
            continue
        due += [found] if found is not None else []
    return due, len(ids) < CHUNK


async def _decide_all(store: Store, due: Sequence[DueLesson], *, now: datetime) -> list[Decided]:
    """Decide each lesson; one that fails alone waits, and neither stops nor starves the others."""
    decided: list[Decided] = []
    for lesson in due:
        # The doors are served between two lessons.
        await asyncio.sleep(0)
        try:
            decided.append((lesson, decide(lesson.facts, now=now)))
        except Exception as problem:  # noqa: BLE001  the tick runner's own handling, per item: one bad row stops no tick
            await _put_aside(store, lesson.facts.lesson.id, lesson.revision, lesson.failures, problem, now=now)
    return decided


async def _put_aside(
    store: Store, lesson_id: str, revision: int, failures: int, problem: Exception, *, now: datetime
) -> None:
    minutes = RETRY_MINUTES[min(failures, len(RETRY_MINUTES) - 1)]
    log.error("lesson_not_decided", lesson=lesson_id, failures=failures + 1, exc_info=problem)
    async with store.write() as memory:
        await memory.lessons.fail(
            lesson_id,
            revision,
            error=f"{type(problem).__name__}: could not be decided",
            retry_at=now + timedelta(minutes=minutes),
        )


async def _keep(store: Store, decided: Sequence[Decided], *, now: datetime) -> None:
    """Keep the decisions together, or, if that fails, each by itself: the one that fails alone waits."""
    try:
        await _keep_together(store, decided, now=now)
    except Exception as problem:
        if isinstance(problem, StorageError) and problem.is_passing:
            raise  # no lesson's fault: the tick is tried again
        if len(decided) > 1:
            for each in decided:
                await _keep(store, [each], now=now)
            return
        ((lesson, _),) = decided
        await _put_aside(store, lesson.facts.lesson.id, lesson.revision, lesson.failures, problem, now=now)


async def _keep_together(store: Store, decided: Sequence[Decided], *, now: datetime) -> None:
    """Keep what still stands: a lesson that was touched meanwhile is due again and decided afresh."""
    if not decided:
        return
    async with store.write() as memory:
        kept = await memory.lessons.keep_many(decided, now=now)
        stands = [decision for _, decision in decided if decision.lesson_id in kept]
        await memory.messages.want(
            [(decision.lesson_id, wanted) for decision in stands for wanted in decision.wanted], now=now
        )
