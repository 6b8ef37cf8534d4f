"""A sheet that was written down is read as it was written, whatever happens later."""

from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import Sheet, WrittenSheet
from bot.attendance.written import RULES_VERSION, canonical, fingerprint
from bot.reports.attendance_json import lesson_json
from storage.database import Store
from storage.sheets import NewSheet
from tests.builders import (
    ADA,
    BOB,
    an_ended_lesson,
    at,
    facts,
    replace,
    stay,
    the_trainer,
)
from tests.storage.rows import a_stored_lesson, look

NOW = at(75)


def a_sheet(bob_until: float = 60) -> Sheet:
    events = (the_trainer(), stay(ADA, 0, 60), stay(BOB, 20, bob_until))
    return sheet_of(facts(*events, lesson=an_ended_lesson()), now=NOW)


def new_sheet(lesson: str, sheet: Sheet, version: int = 1, **changes: Any) -> NewSheet:
    body = canonical(sheet)
    return replace(
        NewSheet(
            lesson_id=lesson,
            version=version,
            state=LessonState.PROVISIONAL,
            at=NOW,
            body=body,
            sha256=fingerprint(body),
            lesson=lesson_json(sheet, version=version, sha256=fingerprint(body)),
            attended={},
        ),
        **changes,
    )


async def write_down(store: Store, *sheets: NewSheet) -> None:
    async with store.write() as memory:
        await memory.sheets.write_down(sheets)


@pytest.fixture
async def lesson(store: Store) -> str:
    return await a_stored_lesson(store)


async def test_a_sheet_is_read_as_it_was_written_down(store: Store, lesson: str) -> None:
    await write_down(store, new_sheet(lesson, a_sheet()))
    async with store.read() as memory:
        written = (await memory.sheets.newest([lesson]))[lesson]
        assert await memory.sheets.get(lesson, 1) == written
    digest = fingerprint(canonical(a_sheet()))
    assert written == WrittenSheet(version=1, state=LessonState.PROVISIONAL, at=NOW, sheet=a_sheet(), sha256=digest)
    assert fingerprint(canonical(written.sheet)) == written.sha256


async def test_of_several_versions_the_newest_is_read_and_the_others_are_kept(store: Store, lesson: str) -> None:
    other = await a_stored_lesson(store, "lesson-2")
    first, second = a_sheet(), a_sheet(bob_until=30)
    await write_down(store, new_sheet(lesson, first), new_sheet(other, first))
    await write_down(store, new_sheet(lesson, second, 2, state=LessonState.LOCKED))
    async with store.read() as memory:
        newest = await memory.sheets.newest([lesson, other, "none"])
        kept = await memory.sheets.get(lesson, 1)
        assert await memory.sheets.get(lesson, 3) is None
    assert {key: (written.version, written.state) for key, written in newest.items()} == {
        lesson: (2, LessonState.LOCKED),
        other: (1, LessonState.PROVISIONAL),
    }
    assert newest[lesson].sheet == second
    assert kept is not None
    assert kept.sheet == first


async def test_a_version_that_stands_is_never_replaced(store: Store, lesson: str) -> None:
    await write_down(store, new_sheet(lesson, a_sheet()))
    await write_down(store, new_sheet(lesson, a_sheet(bob_until=30)))
    async with store.read() as memory:
        assert (await memory.sheets.newest([lesson]))[lesson].sheet == a_sheet()
        assert (await memory.history.head()).seq == 1


async def test_the_history_witnesses_the_hash_of_every_version(store: Store, lesson: str) -> None:
    sheet = new_sheet(lesson, a_sheet())
    await write_down(store, sheet)
    async with store.read() as memory:
        entry = await look(memory, "SELECT actor, action, subject, facts FROM history")
        assert await memory.history.verify() is None
    assert (entry.actor, entry.action, entry.subject) == ("rollcall", "lesson.provisional", lesson)
    assert sheet.sha256 in str(entry.facts)
    assert str(RULES_VERSION) in str(entry.facts)
