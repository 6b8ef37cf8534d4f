"""Look at the lessons that are due: what does their sheet say now, and who must be told what?

The tick is the recipe: load, decide, keep. All that it knows about attendance is in `bot/attendance`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from itertools import count

import structlog

from bot.attendance.decide import Decision, decide
from storage.database import Store
from storage.errors import StorageError
from storage.lessons import DueLesson, Place

#: Lessons read with one set of queries and kept in one transaction: both hold up the doors and the other writers. Where
#: hundreds are due and no deliveries come in, more of them at once are done sooner.
CHUNK, LARGE_CHUNK = 40, 120
#: So many chunks are of the smaller kind.
SMALL_ONES = 5
#: Deliveries that are being applied go first, for at most so many naps of so many wire seconds in one look: half a
#: second, however many lessons are due.
NAPS, NAP_SECONDS = 100, 0.005
#: After how many minutes a lesson that could not be decided is tried again: the first time, the second …
RETRY_MINUTES = (1, 2, 4, 8, 16, 32, 60)

#: A lesson as it was read, and what was decided from that.
Decided = tuple[DueLesson, Decision]

log = structlog.get_logger()


async def tick(store: Store, *, now: datetime, are_delivering: Callable[[], bool] = lambda: False) -> datetime | None:
    """Decide every lesson that is due, in chunks; the moment at which the next one is.

    While a chunk is decided the one before is kept and the next one is read. `are_delivering`: whether deliveries are
    being applied now.
    """
    courtesy = _Courtesy(are_delivering)
    keeping = asyncio.create_task(_keep(store, [], now=now))
    try:
        async with aclosing(_chunks(store, now=now, courtesy=courtesy)) as chunks:
            async for due in chunks:
                decided = await _decide_all(store, due, now=now, courtesy=courtesy)
                await keeping
                keeping = asyncio.create_task(_keep(store, decided, now=now))
    finally:
        await keeping
    async with store.read() as memory:
        return await memory.lessons.next_due_at()


class _Courtesy:
    """Of one look at lessons towards those who wait for something shorter."""

    def __init__(self, are_delivering: Callable[[], bool]) -> None:
        self.are_delivering = are_delivering
        self._naps = NAPS

    async def stand_back(self) -> None:
        """Have the doors served, and let deliveries that are being applied go first for a while."""
        await asyncio.sleep(0)
        while self._naps and self.are_delivering():
            self._naps -= 1
            await asyncio.sleep(NAP_SECONDS)


async def _chunks(store: Store, *, now: datetime, courtesy: _Courtesy) -> AsyncGenerator[list[DueLesson], None]:
    """Every lesson that is due, each chunk read while whoever asks is busy with the one before."""

    async def read(number: int, after: Place | None) -> tuple[list[DueLesson], Place | None]:
        await courtesy.stand_back()
        limit = CHUNK if number < SMALL_ONES or courtesy.are_delivering() else LARGE_CHUNK
        return await _due(store, now=now, limit=limit, after=after)

    reading = asyncio.create_task(read(0, None))
    try:
        for number in count(1):
            due, after = await reading
            if after is None:
                break
            reading = asyncio.create_task(read(number, after))
            yield due
    finally:
        reading.cancel()
        await asyncio.wait([reading])
    yield due


async def _due(store: Store, *, now: datetime, limit: int, after: Place | None) -> tuple[list[DueLesson], Place | None]:
    """The next chunk, and the place of its last lesson if there may be more."""
    try:
        async with store.read() as memory:
            due = await memory.lessons.due(now=now, limit=limit, after=after)
    except StorageError:
        raise  # no lesson's fault
    except Exception:  # noqa: BLE001  whichever of them it is: it fails again alone, and is told of there
        return await _due_one_by_one(store, now=now, limit=limit, after=after)
    last = due[-1] if len(due) == limit else None
    return due, (last.due_at, last.facts.lesson.id) if last is not None and last.due_at is not None else None


async def _due_one_by_one(
    store: Store, *, now: datetime, limit: int, after: Place | None
) -> tuple[list[DueLesson], Place | None]:
    """After a failure of many at once: the one whose facts cannot be read waits alone."""
    async with store.read() as memory:
        places = await memory.lessons.due_ids(now=now, limit=limit, after=after)
    due: list[DueLesson] = []
    for (_, lesson_id), revision, failures in places:
        try:
            async with store.read() as memory:
                found = await memory.lessons.facts(lesson_id)
        except StorageError:
            raise
        except Exception as problem:  # noqa: BLE001  the tick runner's own handling, per item: one bad row stops no tick
            await _put_aside(store, lesson_id, revision, failures, problem, now=now)
            continue
        due += [found] if found is not None else []
    return due, places[-1][0] if len(places) == limit else None


async def _decide_all(store: Store, due: Sequence[DueLesson], *, now: datetime, courtesy: _Courtesy) -> list[Decided]:
    """Decide each lesson; one that fails alone waits, and neither stops nor starves the others."""
    decided: list[Decided] = []
    for lesson in due:
        await courtesy.stand_back()
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
        asks = {
            lesson.facts.lesson.id: decision.asks_since for lesson, decision in decided if _asks_anew(lesson, decision)
        }
        await memory.record_requests.want({id_: asks[id_] for id_ in asks.keys() & kept}, now=now)
        unheard = [decision.lesson_id for decision in stands if decision.asks_who_is_in]
        await memory.room_looks.want(unheard, now=now)


def _asks_anew(lesson: DueLesson, decision: Decision) -> bool:
    """Whether the platform is to be asked from another moment on, or not any more."""
    asking = lesson.facts.asking
    if decision.asks_since is None:
        return asking is not None and asking.due_at is not None
    return asking is None or asking.since != decision.asks_since
