"""Documents that are kept: made once, counted against a quota, found by their id."""

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import StorageExceeded
from storage.assets import Asset, AssetKind
from storage.database import Store
from tests.builders import (
    NINE,
    replace,
)
from tests.storage.rows import a_course, a_stored_lesson

REPORT = Asset(
    id="a1",
    lesson_id="lesson-1",
    check_id=None,
    kind=AssetKind.PARTICIPATION_REPORT,
    file_name="participation-2026-03-02-1000.pdf",
    media_type="application/pdf",
    size=600,
    sha256="9c" * 32,
    version=1,
    made_at=NINE,
)


async def keep(store: Store, asset: Asset, *, quota: int = 1_000) -> None:
    async with store.write() as memory:
        await memory.assets.keep(asset, quota=quota)


@pytest.fixture
async def lesson(store: Store) -> str:
    return await a_stored_lesson(store, course_id=await a_course(store))


def another(**changes: Any) -> Asset:
    return replace(REPORT, **{"id": "a2", "made_at": NINE + timedelta(minutes=1), **changes})


async def test_a_document_is_found_as_it_was_kept(store: Store, lesson: str) -> None:
    await keep(store, REPORT)
    async with store.read() as memory:
        assert await memory.assets.find("a1") == REPORT
        assert await memory.assets.find("a2") is None
        assert await memory.assets.used() == 600


async def test_keeping_it_twice_keeps_it_once(store: Store, lesson: str) -> None:
    await keep(store, REPORT)
    async with store.write() as memory:
        assert await memory.assets.keep(replace(REPORT, made_at=NINE + timedelta(hours=1)), quota=1_000) == REPORT
    async with store.read() as memory:
        assert await memory.assets.of_lesson(lesson) == [REPORT]


async def test_what_fits_exactly_is_kept(store: Store, lesson: str) -> None:
    await keep(store, REPORT)
    await keep(store, another(size=400))
    async with store.read() as memory:
        assert [asset.id for asset in await memory.assets.of_lesson(lesson)] == ["a1", "a2"]


async def test_a_byte_too_many_is_refused_and_changes_nothing(store: Store, lesson: str) -> None:
    await keep(store, REPORT)
    with pytest.raises(StorageExceeded, match="ROLLCALL_STORAGE_QUOTA"):
        await keep(store, another(size=401))
    async with store.read() as memory:
        assert await memory.assets.used() == 600


async def test_what_is_kept_already_is_not_refused_when_the_quota_has_become_smaller(store: Store, lesson: str) -> None:
    await keep(store, REPORT)
    await keep(store, REPORT, quota=10)
    async with store.read() as memory:
        assert await memory.assets.find("a1") == REPORT


async def test_a_document_is_that_of_its_course(store: Store) -> None:
    course = await a_course(store)
    await a_stored_lesson(store, course_id=course)
    await keep(store, REPORT)
    async with store.read() as memory:
        assert await memory.assets.course_of("a1") == course
        assert await memory.assets.course_of("a2") is None
