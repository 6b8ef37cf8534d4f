"""Look at the lessons that are due: what does their sheet say now, and who must be told what?

The tick is the recipe: load, decide, keep. All that it knows about attendance is in `bot/attendance`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.attendance.decide import Decision, decide
from storage.database import Store
from storage.lessons import DueLesson

#: Lessons read with one set of queries and kept in one transaction.
CHUNK = 40
#: After how many minutes a lesson that could not be decided is tried again: the first time, the second …
RETRY_MINUTES = (1, 2, 4, 8, 16, 32, 60)

log = structlog.get_logger()


async def tick(store: Store, *, now: datetime) -> datetime | None:
    """Decide every lesson that is due, in chunks; the moment at which the next one is."""
    while True:
        async with store.read() as memory:
            due = await memory.lessons.due(now=now, limit=CHUNK)
            next_due_at = await memory.lessons.next_due_at() if not due else now
        if not due:
            return next_due_at
        await _keep(store, await _decide_all(store, due, now=now), now=now)
        if len(due) < CHUNK:
            async with store.read() as memory:
                return await memory.lessons.next_due_at()


async def _decide_all(store: Store, due: Sequence[DueLesson], *, now: datetime) -> list[tuple[DueLesson, Decision]]:
    """Decide each lesson; one that fails alone waits, and neither stops nor starves the others."""
    decided: list[tuple[DueLesson, Decision]] = []
    for lesson in due:
        try:
            decided.append((lesson, decide(lesson.facts, now=now)))
        except Exception as problem:  # noqa: BLE001  the tick runner's own handling, per item: one bad row stops no tick
            await _put_aside(store, lesson, problem, now=now)
    return decided


async def _put_aside(store: Store, lesson: DueLesson, problem: Exception, *, now: datetime) -> None:
    lesson_id = lesson.facts.lesson.id
    minutes = RETRY_MINUTES[min(lesson.failures, len(RETRY_MINUTES) - 1)]
    log.error("lesson_not_decided", lesson=lesson_id, failures=lesson.failures + 1, exc_info=problem)
    async with store.write() as memory:
        await memory.lessons.fail(
            lesson_id,
            error=f"{type(problem).__name__}: could not be decided",
            retry_at=now + timedelta(minutes=minutes),
        )


async def _keep(store: Store, decided: Sequence[tuple[DueLesson, Decision]], *, now: datetime) -> None:
    """Keep what still stands: a lesson that was touched meanwhile is due again and decided afresh."""
    if not decided:
        return
    async with store.write() as memory:
        kept = await memory.lessons.keep_many(decided, now=now)
        stands = [decision for _, decision in decided if decision.lesson_id in kept]
        await memory.messages.want(
            [(decision.lesson_id, wanted) for decision in stands for wanted in decision.wanted], now=now
        )
