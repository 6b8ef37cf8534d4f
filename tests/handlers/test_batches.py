"""Many callers, one writer: nobody is told before their item is on disk, and a bad one harms nobody else."""

import asyncio
from collections.abc import Sequence

import pytest

from handlers.batches import LARGEST_BATCH, Batcher, NotWritten, Together


class Disk:
    """Writes when it is let; refuses what is called poison, and the whole batch with it."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.written: list[str] = []
        self.is_free = asyncio.Event()
        self.is_free.set()
        self.is_asked = asyncio.Event()

    async def write(self, batch: Sequence[str]) -> Sequence[str]:
        self.batches.append(list(batch))
        self.is_asked.set()
        await self.is_free.wait()
        if "poison" in batch:
            raise ValueError("poison")
        self.written.extend(batch)
        return [item.upper() for item in batch]


def opened(disk: Disk, *, within: float = 2.5) -> Batcher[str, str]:
    batcher = Batcher(disk.write, within=within)
    batcher.open()
    return batcher


async def while_the_disk_is_busy(
    disk: Disk, batcher: Batcher[str, str], items: Sequence[str]
) -> list[asyncio.Task[str]]:
    """The tasks that add `first`, which is being written, and the items, which wait behind it."""
    disk.is_free.clear()
    tasks = [asyncio.create_task(batcher.add("first"))]
    await disk.is_asked.wait()
    tasks += [asyncio.create_task(batcher.add(item)) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_each_gets_the_result_of_its_own_item() -> None:
    batcher = opened(Disk())
    assert await asyncio.gather(*(batcher.add(item) for item in "abc")) == ["A", "B", "C"]
    await batcher.close()


async def test_what_arrives_while_a_batch_is_written_is_one_batch() -> None:
    disk = Disk()
    batcher = opened(disk)
    tasks = await while_the_disk_is_busy(disk, batcher, ["a", "b", "c"])
    disk.is_free.set()
    await asyncio.gather(*tasks)
    assert disk.batches == [["first"], ["a", "b", "c"]]
    await batcher.close()


async def test_nobody_is_told_before_their_item_is_written() -> None:
    disk = Disk()
    batcher = opened(disk)
    tasks = await while_the_disk_is_busy(disk, batcher, ["a"])
    assert not any(task.done() for task in tasks)
    disk.is_free.set()
    await asyncio.gather(*tasks)
    await batcher.close()


async def test_a_bad_item_fails_alone() -> None:
    disk = Disk()
    batcher = opened(disk)
    tasks = await while_the_disk_is_busy(disk, batcher, ["a", "poison", "b"])
    disk.is_free.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [result for result in results if isinstance(result, str)] == ["FIRST", "A", "B"]
    assert isinstance(results[2], NotWritten)
    assert isinstance(results[2].__cause__, ValueError)
    assert disk.written == ["first", "a", "b"]
    await batcher.close()


async def test_it_goes_on_after_a_batch_that_failed() -> None:
    batcher = opened(Disk())
    with pytest.raises(NotWritten):
        await batcher.add("poison")
    assert await batcher.add("a") == "A"
    await batcher.close()


async def test_who_hangs_up_before_the_write_takes_only_their_own_item_back() -> None:
    disk = Disk()
    batcher = opened(disk)
    first, a, b = await while_the_disk_is_busy(disk, batcher, ["a", "b"])
    a.cancel()
    await asyncio.sleep(0)
    disk.is_free.set()
    assert await first == "FIRST"
    assert await b == "B"
    assert disk.written == ["first", "b"]
    await batcher.close()


async def test_who_hangs_up_during_the_write_harms_nobody() -> None:
    disk = Disk()
    batcher = opened(disk)
    first, a = await while_the_disk_is_busy(disk, batcher, ["a"])
    first.cancel()
    await asyncio.sleep(0)
    disk.is_free.set()
    assert await a == "A"
    assert disk.written == ["first", "a"]
    await batcher.close()


async def test_a_flood_is_written_in_pieces() -> None:
    disk = Disk()
    batcher = opened(disk)
    tasks = await while_the_disk_is_busy(disk, batcher, [str(number) for number in range(LARGEST_BATCH + 1)])
    disk.is_free.set()
    await asyncio.gather(*tasks)
    assert [len(batch) for batch in disk.batches] == [1, LARGEST_BATCH, 1]
    await batcher.close()


async def test_closing_finishes_what_is_waiting_and_takes_nothing_more() -> None:
    disk = Disk()
    batcher = opened(disk)
    tasks = await while_the_disk_is_busy(disk, batcher, ["a"])
    closing = asyncio.create_task(batcher.close())
    await asyncio.sleep(0)
    with pytest.raises(NotWritten):
        await batcher.add("too late")
    disk.is_free.set()
    await closing
    assert await asyncio.gather(*tasks) == ["FIRST", "A"]
    assert disk.written == ["first", "a"]


async def test_nobody_waits_for_longer_than_they_may() -> None:
    disk = Disk()
    batcher = opened(disk, within=0.02)
    tasks = await while_the_disk_is_busy(disk, batcher, ["a", "b"])
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [TimeoutError] * 3
    disk.is_free.set()
    assert await batcher.add("c") == "C"
    assert disk.written == ["first", "c"]
    await batcher.close()


async def test_each_has_the_whole_time_to_wait() -> None:
    disk = Disk()
    batcher = opened(disk, within=0.05)
    assert await batcher.add("early") == "EARLY"
    await asyncio.sleep(0.04)
    (late,) = await while_the_disk_is_busy(disk, batcher, [])
    await asyncio.sleep(0.03)  # the alarm of the early one goes off in it
    assert not late.done()
    disk.is_free.set()
    assert await late == "FIRST"
    await batcher.close()


async def test_closing_does_not_wait_for_ever() -> None:
    disk = Disk()
    batcher = opened(disk, within=0.02)
    tasks = await while_the_disk_is_busy(disk, batcher, ["a"])
    await batcher.close()
    assert not batcher.is_open
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [TimeoutError] * 2


async def test_nothing_is_taken_before_it_is_open() -> None:
    with pytest.raises(NotWritten):
        await Batcher(Disk().write, within=2.5).add("a")


# Together: no writer that waits, no deadline


async def test_who_comes_alone_is_written_at_once_and_who_comes_meanwhile_together() -> None:
    disk = Disk()
    together = Together(disk.write)
    disk.is_free.clear()
    tasks = [asyncio.create_task(together.add("first"))]
    await disk.is_asked.wait()
    tasks += [asyncio.create_task(together.add(item)) for item in "abc"]
    await asyncio.sleep(0)
    disk.is_free.set()
    assert await asyncio.gather(*tasks) == ["FIRST", "A", "B", "C"]
    assert disk.batches == [["first"], ["a", "b", "c"]]


async def test_of_a_batch_that_fails_only_who_is_to_blame_hears_why() -> None:
    disk = Disk()
    together = Together(disk.write)
    tasks = [asyncio.create_task(together.add(item)) for item in ("a", "poison", "b")]
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [found[0], found[2]] == ["A", "B"]
    assert isinstance(found[1], ValueError)


async def test_after_a_failure_the_next_one_is_written() -> None:
    disk = Disk()
    together = Together(disk.write)
    with pytest.raises(ValueError, match="poison"):
        await together.add("poison")
    assert await together.add("a") == "A"


async def test_what_was_said_counts_also_where_who_said_it_has_hung_up() -> None:
    disk = Disk()
    together = Together(disk.write)
    disk.is_free.clear()
    tasks = [asyncio.create_task(together.add(item)) for item in ("first", "a")]
    await disk.is_asked.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    disk.is_free.set()
    await together.close()
    assert disk.written == ["first", "a"]
