"""What people say about a lesson is added once, taken back by another, and makes somebody look again."""

import asyncio

import pytest

from bot.attendance.lessons import Correction, CorrectionKind
from storage.database import Store
from tests.builders import (
    ADA,
    BOB,
    at,
    correction,
    during,
    replace,
)
from tests.storage.rows import a_person, a_stored_lesson, look

NOW = at(90)


@pytest.fixture
async def lesson(store: Store) -> str:
    for person in (ADA, BOB):
        await a_person(store, id=person.id)
    return await a_stored_lesson(store)


async def add(store: Store, lesson: str, said: Correction, **changes: str) -> bool:
    async with store.write() as memory:
        return await memory.corrections.add(lesson, said, now=NOW, **changes)


async def standing(store: Store, lesson: str) -> tuple[Correction, ...]:
    async with store.read() as memory:
        return (await memory.corrections.of([lesson])).get(lesson, ())


EXCUSED = correction(CorrectionKind.EXCUSED, ADA, note="has the flu", during=during(10, 20))
LINKED = correction(CorrectionKind.LINK, connection=("session-1", "16778240"), person_ids=("ada", "bob"), at=91)


async def test_a_correction_is_read_as_it_was_said(store: Store, lesson: str) -> None:
    assert await add(store, lesson, EXCUSED)
    assert await add(store, lesson, LINKED)
    assert await standing(store, lesson) == (EXCUSED, LINKED)


@pytest.mark.parametrize("kind", CorrectionKind)
async def test_every_kind_can_be_said(store: Store, lesson: str, kind: CorrectionKind) -> None:
    said = correction(kind, ADA)
    await add(store, lesson, said)
    assert await standing(store, lesson) == (said,)


async def test_corrections_come_in_the_order_in_which_they_were_said(store: Store, lesson: str) -> None:
    late, early = correction(CorrectionKind.PRESENT, ADA, at=95), correction(CorrectionKind.EXCUSED, ADA, at=92)
    await add(store, lesson, late)
    await add(store, lesson, early)
    assert await standing(store, lesson) == (early, late)


async def test_a_lesson_about_which_something_was_said_is_looked_at_again(store: Store, lesson: str) -> None:
    other = await a_stored_lesson(store, "lesson-2")
    await add(store, lesson, EXCUSED)
    async with store.read() as memory:
        touched = await look(memory, f"SELECT revision, due_at FROM lesson WHERE id = '{lesson}'")
        untouched = await look(memory, f"SELECT revision, due_at FROM lesson WHERE id = '{other}'")
    assert touched.revision == 1
    assert touched.due_at is not None
    assert tuple(untouched) == (0, None)


async def test_the_same_press_again_changes_nothing(store: Store, lesson: str) -> None:
    assert await add(store, lesson, EXCUSED, press_key="press")
    assert not await add(store, lesson, replace(EXCUSED, id="another"), press_key="press")
    assert await standing(store, lesson) == (EXCUSED,)
    async with store.read() as memory:
        assert (await look(memory, "SELECT revision FROM lesson")).revision == 1
        assert (await memory.history.head()).seq == 1


async def test_the_same_press_twice_at_once_counts_once(store: Store, lesson: str) -> None:
    presses = (add(store, lesson, replace(EXCUSED, id=str(number)), press_key="press") for number in range(8))
    assert sorted(await asyncio.gather(*presses)) == [False] * 7 + [True]


async def test_a_correction_that_was_taken_back_does_not_stand(store: Store, lesson: str) -> None:
    await add(store, lesson, EXCUSED)
    async with store.write() as memory:
        assert await memory.corrections.withdraw(EXCUSED.id, actor="grace", now=NOW)
    assert await standing(store, lesson) == ()
    async with store.read() as memory:
        assert (await look(memory, "SELECT revision FROM lesson")).revision == 2


async def test_taking_back_twice_or_what_was_never_said_changes_nothing(store: Store, lesson: str) -> None:
    await add(store, lesson, EXCUSED)
    async with store.write() as memory:
        assert await memory.corrections.withdraw(EXCUSED.id, actor="grace", now=NOW)
        assert not await memory.corrections.withdraw(EXCUSED.id, actor="bob", now=NOW)
        assert not await memory.corrections.withdraw("never said", actor="bob", now=NOW)
        assert (await memory.history.head()).seq == 2


async def test_a_correction_can_take_another_back_and_stand_itself(store: Store, lesson: str) -> None:
    await add(store, lesson, EXCUSED)
    instead = correction(CorrectionKind.PRESENT, ADA, at=95)
    await add(store, lesson, instead, withdraws=EXCUSED.id)
    assert await standing(store, lesson) == (instead,)
    async with store.write() as memory:
        assert not await memory.corrections.withdraw(EXCUSED.id, actor="grace", now=NOW)


async def test_each_lesson_has_its_own_corrections(store: Store, lesson: str) -> None:
    other = await a_stored_lesson(store, "lesson-2")
    await add(store, lesson, EXCUSED)
    await add(store, other, LINKED)
    async with store.read() as memory:
        assert await memory.corrections.of([lesson, other, "none"]) == {lesson: (EXCUSED,), other: (LINKED,)}


async def test_the_history_knows_who_said_what_without_a_name_in_it(store: Store, lesson: str) -> None:
    await add(store, lesson, EXCUSED)
    async with store.read() as memory:
        entry = await look(memory, "SELECT actor, action, subject, facts, commitment FROM history")
        aside = await look(memory, "SELECT person_id, value FROM history_secret")
        assert await memory.history.verify() is None
    assert (entry.actor, entry.action, entry.subject) == ("grace", "correction.excused", lesson)
    assert "flu" not in str(entry.facts)
    assert entry.commitment
    assert aside.person_id == "ada"
    assert "has the flu" in aside.value
