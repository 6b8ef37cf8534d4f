"""Many small writes as few large ones: what arrives while one batch is written is the next batch."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: bounds the time of one transaction, and so the wait of every other writer
LARGEST_BATCH = 500


class NotWritten(Exception):
    """The item is not on disk; the cause says why, if anybody knows."""


class Batcher(Generic[Item, Result]):
    """One writer for many callers; nobody is told before their item is on disk.

    `write` takes a batch and gives one result for each item in it, or raises and has then written none of them. A batch
    that fails is written again one by one, so that a bad item fails alone. Nobody waits for more than `within` seconds.
    Who stops waiting (their time is over, they hung up) takes their item back, unless it is being written already; the
    others notice nothing.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], *, within: float) -> None:
        self._write = write
        self._within = within
        self._waiting: dict[asyncio.Future[Result], Item] = {}
        self._deadlines: deque[tuple[float, asyncio.Future[Result]]] = deque()
        self._alarm: asyncio.TimerHandle | None = None
        self._arrived = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._is_closing = False

    def open(self) -> None:
        """Begin to write; needs a running event loop."""
        self._writer = asyncio.get_running_loop().create_task(self._run())

    @property
    def is_open(self) -> bool:
        return self._writer is not None and not self._writer.done() and not self._is_closing

    async def close(self) -> None:
        """Finish what is waiting, as long as anybody waits for it; what comes later is not written."""
        self._is_closing = True
        self._arrived.set()
        if self._writer is not None:
            await asyncio.wait([self._writer], timeout=self._within)
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def add(self, item: Item) -> Result:
        """Return its result once the item is on disk. Raises `NotWritten`, `TimeoutError`."""
        if not self.is_open:
            raise NotWritten
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting[future] = item
        self._deadlines.append((loop.time() + self._within, future))
        if self._alarm is None:
            self._alarm = loop.call_later(self._within, self._give_up)
        self._arrived.set()
        try:
            return await future
        finally:
            self._waiting.pop(future, None)

    def _give_up(self) -> None:
        """Tell those whose time is over. One alarm for all: a timer for each would cost as much as its write."""
        loop = asyncio.get_running_loop()
        while self._deadlines and (self._deadlines[0][1].done() or self._deadlines[0][0] <= loop.time()):
            _, future = self._deadlines.popleft()
            if not future.done():
                future.set_exception(TimeoutError())
        self._alarm = loop.call_at(self._deadlines[0][0], self._give_up) if self._deadlines else None

    async def _run(self) -> None:
        while self._waiting or not self._is_closing:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._write_batch(self._take())

    def _take(self) -> list[tuple[asyncio.Future[Result], Item]]:
        taken = list(self._waiting.items())[:LARGEST_BATCH]
        for future, _ in taken:
            del self._waiting[future]
        return taken

    async def _write_batch(self, batch: list[tuple[asyncio.Future[Result], Item]]) -> None:
        try:
            results = await self._write([item for _, item in batch])
        except Exception as problem:  # noqa: BLE001 - whatever went wrong, its callers must hear that nothing is written
            await self._write_again(batch, problem)
            return
        for (future, _), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    async def _write_again(self, batch: list[tuple[asyncio.Future[Result], Item]], problem: Exception) -> None:
        wanted = [(future, item) for future, item in batch if not future.done()]
        if len(batch) == 1:
            for future, _ in wanted:
                future.set_exception(_not_written(problem))
            return
        for future, item in wanted:
            if not future.done():  # somebody may have hung up meanwhile
                await self._write_batch([(future, item)])


def _not_written(problem: Exception) -> NotWritten:
    error = NotWritten()
    error.__cause__ = problem
    return error


class Together(Generic[Item, Result]):
    """What many do at the same time, done in one go; alone it is done at once.

    `write` takes a batch and gives one result for each item in it, or raises and has then written none of them that may
    not be written twice. A batch that fails is written again one by one, and each caller hears of their own. Who stops
    waiting has said it all the same.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._write = write
        self._waiting: deque[tuple[asyncio.Future[Result], Item]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> Result:
        """Return its result once it is written; raises what `write` raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((future, item))
        if self._writer is None:
            self._writer = loop.create_task(self._run())
        return await future

    async def close(self) -> None:
        """Finish what is waiting."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def _run(self) -> None:
        try:
            while self._waiting:
                number = min(len(self._waiting), LARGEST_BATCH)
                await self._write_batch([self._waiting.popleft() for _ in range(number)])
        finally:
            self._writer = None

    async def _write_batch(self, batch: Sequence[tuple[asyncio.Future[Result], Item]]) -> None:
        try:
            results = await self._write([item for _, item in batch])
        except asyncio.CancelledError:
            for future, _ in [*batch, *self._waiting]:
                future.cancel()  # the program ends: nobody waits for what will not be
            raise
        except BaseException as problem:  # noqa: BLE001  whatever went wrong, its callers must hear that nothing is written
            if len(batch) > 1:
                for each in batch:
                    await self._write_batch([each])
            elif not batch[0][0].done():
                batch[0][0].set_exception(problem)
            return
        for (future, _), result in zip(batch, results, strict=True):
            if not future.done():  # who has gone is not told
                future.set_result(result)
