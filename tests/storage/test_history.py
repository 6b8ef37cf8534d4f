"""The history is a chain: whoever alters what was written is found out, whoever is forgotten leaves it whole."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from storage.database import Store
from storage.history import BrokenAt, Head
from tests.builders import NINE, at
from tests.storage.rows import tamper


async def append(store: Store, action: str = "lesson.cancelled", *, now: datetime = NINE, **changes: Any) -> int:
    facts = changes.pop("facts", {"reason": "flu", "seconds": 90, "persons": ["ada", None]})
    async with store.write() as memory:
        return await memory.history.append("grace", action, "lesson-1", facts, now=now, **changes)


async def verified(store: Store) -> BrokenAt | None:
    async with store.read() as memory:
        return await memory.history.verify()


async def head(store: Store) -> Head:
    async with store.read() as memory:
        return await memory.history.head()


async def test_a_history_without_entries_holds(store: Store) -> None:
    assert await head(store) == Head(0, "")
    assert await verified(store) is None


async def test_entries_are_counted_from_one_and_each_moves_the_head(store: Store) -> None:
    heads = []
    for expected in (1, 2, 3):
        assert await append(store) == expected
        heads.append(await head(store))
    assert [each.seq for each in heads] == [1, 2, 3]
    assert len({each.hash for each in heads}) == 3
    assert await verified(store) is None


async def test_what_is_written_in_any_script_and_at_any_microsecond_still_holds(store: Store) -> None:
    await append(store, facts={"größe": "日本語 \u202e \"'", "nested": {"b": [1, 2.5], "a": True}}, now=at(0.0123456))
    assert await verified(store) is None


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'eve'",
        "action = 'lesson.held'",
        "subject = 'lesson-2'",
        'facts = \'{"reason": "none"}\'',
        "at = '2026-03-02 09:00:00.000001+00:00'",
        "commitment = 'other'",
    ],
)
async def test_an_altered_entry_is_found(store: Store, change: str) -> None:
    for _ in range(3):
        await append(store)
    await tamper(store, f"UPDATE history SET {change} WHERE seq = 2")
    assert await verified(store) == BrokenAt(2, "it was altered")


async def test_a_removed_entry_is_found(store: Store) -> None:
    for _ in range(3):
        await append(store)
    await tamper(store, "DELETE FROM history WHERE seq = 2")
    assert await verified(store) == BrokenAt(2, "an entry is missing")


async def test_removed_newest_entries_are_found(store: Store) -> None:
    for _ in range(3):
        await append(store)
    await tamper(store, "DELETE FROM history WHERE seq = 3")
    assert await verified(store) == BrokenAt(3, "the newest entries are missing")


async def test_an_entry_whose_hash_was_made_to_fit_breaks_the_one_after_it(store: Store) -> None:
    await append(store)
    first = await head(store)
    await append(store)
    await tamper(store, f"UPDATE history SET previous_hash = '{'0' * 64}' WHERE seq = 2 AND '{first.hash}' <> ''")
    assert await verified(store) == BrokenAt(2, "it does not follow the entry before it")


async def test_what_is_personal_can_be_forgotten_and_the_chain_still_holds(store: Store) -> None:
    await append(store, personal={"note": "has the flu"}, person_id="ada")
    await append(store, personal={"note": "overslept"}, person_id="bob")
    assert await verified(store) is None
    await tamper(store, "DELETE FROM history_secret WHERE person_id = 'ada'")
    assert await verified(store) is None


async def test_what_is_personal_cannot_be_replaced_by_something_else(store: Store) -> None:
    await append(store, personal={"note": "has the flu"}, person_id="ada")
    await tamper(store, 'UPDATE history_secret SET value = \'{"note":"overslept"}\'')
    assert await verified(store) == BrokenAt(1, "what it commits to was altered")


async def test_the_same_personal_value_twice_cannot_be_recognised(store: Store) -> None:
    await append(store, personal={"note": "has the flu"}, person_id="ada")
    await append(store, personal={"note": "has the flu"}, person_id="bob")
    async with store.read() as memory:
        rows = await memory._transaction.all(memory.history._after(0))
    assert rows[0].commitment != rows[1].commitment


async def test_writers_at_once_never_share_a_number(store: Store) -> None:
    numbers = await asyncio.gather(*(append(store) for _ in range(12)))
    assert sorted(numbers) == list(range(1, 13))
    assert await verified(store) is None


async def test_an_entry_of_a_transaction_that_failed_leaves_no_gap(store: Store) -> None:
    await append(store)
    with pytest.raises(ZeroDivisionError):
        await _append_and_fail(store)
    assert await append(store) == 2
    assert await verified(store) is None


async def test_a_chain_longer_than_one_portion_is_walked_to_its_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.history._PORTION", 2)
    for _ in range(5):
        await append(store)
    assert await verified(store) is None
    await tamper(store, "UPDATE history SET actor = 'eve' WHERE seq = 5")
    assert await verified(store) == BrokenAt(5, "it was altered")


async def _append_and_fail(store: Store) -> None:
    async with store.write() as memory:
        await memory.history.append("grace", "lesson.cancelled", "lesson-1", {}, now=NINE)
        raise ZeroDivisionError


async def test_the_newest_entry_about_something_is_found_by_what_it_tells(store: Store) -> None:
    async with store.write() as memory:
        for version in (1, 2, 2):
            await memory.history.append("rollcall", "lesson.provisional", "lesson-1", {"version": version}, now=NINE)
        await memory.history.append("rollcall", "lesson.provisional", "lesson-2", {"version": 1}, now=NINE)
        head = await memory.history.head()
        newest = await memory.history.newest_about("lesson-1", version=2)
        assert await memory.history.newest_about("lesson-2", version=1) == head.hash
        assert await memory.history.newest_about("lesson-1") == newest != ""
        assert await memory.history.newest_about("lesson-1", version=1) not in {"", newest}
        assert await memory.history.newest_about("lesson-1", version=3) == ""
