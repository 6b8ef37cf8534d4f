"""Lessons are found by when they are due, and a decision is kept only if nothing has changed since."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.attendance.decide import Decision, decide
from bot.attendance.lessons import CorrectionKind, LessonState, Policy
from bot.attendance.written import fingerprint
from storage import tables
from storage.database import Store
from storage.json_text import policy_to_json
from storage.lessons import DueLesson
from tests.builders import NINE, at, correction, joined, the_trainer
from tests.storage.world import a_course_with_a_lesson, add_course, add_lesson, add_room, tell


@pytest.fixture
async def lesson_id(store: Store) -> str:
    async with store.write() as memory:
        return await a_course_with_a_lesson(memory)


async def due(store: Store, now: datetime, limit: int = 50) -> list[DueLesson]:
    async with store.read() as memory:
        return await memory.lessons.due(now=now, limit=limit)


async def look(store: Store, now: datetime) -> tuple[DueLesson, Decision]:
    """Read the one lesson that is due and decide it."""
    (lesson,) = await due(store, now)
    return lesson, decide(lesson.facts, now=now)


async def keep(store: Store, *decided: tuple[DueLesson, Decision], now: datetime = NINE) -> set[str]:
    async with store.write() as memory:
        return await memory.lessons.keep_many(decided, now=now)


async def get(store: Store, lesson_id: str) -> DueLesson:
    async with store.read() as memory:
        found = await memory.lessons.facts(lesson_id)
        assert found is not None
        return found


async def test_a_lesson_is_due_from_its_moment_on(store: Store, lesson_id: str) -> None:
    assert await due(store, at(-30) - timedelta(microseconds=1)) == []
    assert [each.facts.lesson.id for each in await due(store, at(-30))] == [lesson_id]
    async with store.read() as memory:
        assert await memory.lessons.next_due_at() == at(-30)


async def test_the_lesson_that_is_due_longest_comes_first(store: Store, lesson_id: str) -> None:
    async with store.write() as memory:
        room_id = await add_room(memory, "b")
        course_id = await add_course(memory, room_id=room_id, name="Chess")
        ids = [
            await add_lesson(memory, course_id=course_id, room_id=room_id, due_at=at(minute)) for minute in (-40, -20)
        ]
    assert [each.facts.lesson.id for each in await due(store, NINE)] == [ids[0], lesson_id, ids[1]]
    assert [each.facts.lesson.id for each in await due(store, NINE, limit=1)] == [ids[0]]


async def test_a_lesson_that_nobody_knows_has_no_facts(store: Store) -> None:
    async with store.read() as memory:
        assert await memory.lessons.facts("nobody's") is None
        assert await memory.lessons.next_due_at() is None


async def test_a_decision_is_kept_and_says_when_to_look_next(store: Store, lesson_id: str) -> None:
    lesson, decision = await look(store, at(1))
    assert decision.state is LessonState.LIVE
    assert await keep(store, (lesson, decision), now=at(1)) == {lesson_id}
    after = await get(store, lesson_id)
    assert after.facts.lesson.state is LessonState.LIVE
    assert (after.confirmation, after.feed) == (decision.sheet.confirmation, decision.sheet.feed)
    assert after.revision == lesson.revision
    assert await due(store, at(1)) == []
    async with store.read() as memory:
        assert await memory.lessons.next_due_at() == decision.due_at


async def test_a_decision_made_before_something_changed_is_refused(store: Store, lesson_id: str) -> None:
    lesson, decision = await look(store, at(1))
    async with store.write() as memory:
        await tell(memory, joined("Somebody", at=0.5), now=at(1))
    assert await keep(store, (lesson, decision), now=at(1)) == set()
    (again,) = await due(store, at(1))
    assert again.facts.lesson.state is LessonState.PLANNED
    assert again.revision == lesson.revision + 1
    assert len(again.facts.events) == 1


async def test_of_many_decisions_only_the_void_ones_are_refused(store: Store, lesson_id: str) -> None:
    async with store.write() as memory:
        room_id = await add_room(memory, "b")
        course_id = await add_course(memory, room_id=room_id, name="Chess")
        others = {await add_lesson(memory, course_id=course_id, room_id=room_id) for _ in range(3)}
    decided = [(lesson, decide(lesson.facts, now=NINE)) for lesson in await due(store, NINE)]
    async with store.write() as memory:
        await memory.lessons.touch([lesson_id], NINE)
    assert await keep(store, *decided) == others


async def test_a_lesson_is_stamped_when_it_begins_and_keeps_its_policy_whatever_the_course_says_later(
    store: Store, lesson_id: str
) -> None:
    assert not (await get(store, lesson_id)).is_stamped
    await keep(store, await look(store, at(1)))
    async with store.write() as memory:
        changed = {"policy": policy_to_json(Policy(late_grace=timedelta(minutes=30))), "name": "Renamed"}
        await memory._transaction.run(tables.table_of(tables.Course).update().values(changed))
    after = await get(store, lesson_id)
    assert after.is_stamped
    assert (after.facts.lesson.title, after.facts.lesson.policy) == ("Python 101", Policy())


async def test_a_lesson_before_its_beginning_follows_its_course(store: Store, lesson_id: str) -> None:
    await keep(store, await look(store, at(-20)))
    async with store.write() as memory:
        await memory._transaction.run(tables.table_of(tables.Course).update().values(name="Renamed"))
    assert (await get(store, lesson_id)).facts.lesson.title == "Renamed"


async def test_a_sheet_that_is_decided_is_written_down_with_its_hash_in_the_history(
    store: Store, lesson_id: str
) -> None:
    async with store.write() as memory:
        await tell(memory, *the_trainer(), joined("Somebody", at=0), now=at(80))
    lesson, decision = await look(store, at(80))
    assert decision.to_write is not None
    await keep(store, (lesson, decision), now=at(80))
    written = (await get(store, lesson_id)).facts.written
    assert written is not None
    assert (written.version, written.state, written.at) == (1, LessonState.PROVISIONAL, at(80))
    assert written.sha256 == decision.to_write.sha256 == fingerprint(decision.to_write.body)
    async with store.read() as memory:
        assert await memory.history.verify() is None
        assert (await memory.history.head()).seq == 1


async def test_deciding_twice_writes_nothing_twice(store: Store, lesson_id: str) -> None:
    await keep(store, await look(store, at(80)), now=at(80))
    async with store.write() as memory:
        await memory.lessons.touch([lesson_id], at(81))
    _, decision = await look(store, at(81))
    assert decision.to_write is None


async def test_two_ticks_that_decide_the_same_facts_write_one_version(store: Store, lesson_id: str) -> None:
    one, other = await look(store, at(80)), await look(store, at(80))
    await asyncio.gather(keep(store, one, now=at(80)), keep(store, other, now=at(80)))
    async with store.read() as memory:
        assert (await memory.history.head()).seq == 1


async def test_what_a_person_says_makes_the_lesson_due_and_voids_what_was_decided(store: Store, lesson_id: str) -> None:
    lesson, decision = await look(store, at(1))
    async with store.write() as memory:
        await memory.corrections.add(lesson_id, correction(CorrectionKind.CANCELLED, at=1), now=at(1))
    assert await keep(store, (lesson, decision), now=at(1)) == set()
    _, decision = await look(store, at(1))
    assert decision.state is LessonState.CANCELLED


async def test_a_lesson_that_was_looked_at_in_vain_waits_and_counts(store: Store, lesson_id: str) -> None:
    for count in (1, 2):
        await fail(store, lesson_id, retry_at=at(count))
        assert (await get(store, lesson_id)).failures == count
    assert await due(store, at(1)) == []
    (lesson, decision) = await look(store, at(2))
    await keep(store, (lesson, decision))
    assert (await get(store, lesson_id)).failures == 0


async def fail(store: Store, lesson_id: str, *, retry_at: datetime, revision: int | None = None) -> None:
    """A look at the lesson as it is, or was at that revision, was in vain."""
    if revision is None:
        revision = (await get(store, lesson_id)).revision
    async with store.write() as memory:
        await memory.lessons.fail(lesson_id, revision, error="KeyError", retry_at=retry_at)


async def test_a_lesson_that_is_touched_while_a_look_is_in_vain_does_not_wait(store: Store, lesson_id: str) -> None:
    seen = (await get(store, lesson_id)).revision
    async with store.write() as memory:
        await memory.lessons.touch([lesson_id], at(1))
    await fail(store, lesson_id, revision=seen, retry_at=at(60))
    assert [each.facts.lesson.id for each in await due(store, at(1))] == [lesson_id]
    assert (await get(store, lesson_id)).failures == 0


async def test_what_a_lesson_failed_at_before_does_not_count_once_something_is_new(
    store: Store, lesson_id: str
) -> None:
    for _ in range(3):
        await fail(store, lesson_id, retry_at=at(60))
    async with store.write() as memory:
        await memory.lessons.touch([lesson_id], at(1))
    assert (await get(store, lesson_id)).failures == 0


async def test_lessons_are_found_by_course_and_time(store: Store, lesson_id: str) -> None:
    async with store.write() as memory:
        room_id = await add_room(memory, "b")
        course_id = await add_course(memory, room_id=room_id, name="Chess")
        other = await add_lesson(memory, course_id=course_id, room_id=room_id, start=at(60))
    async with store.read() as memory:

        async def found(**choice: object) -> list[str]:
            return [each.facts.lesson.id for each in await memory.lessons.find(**choice)]  # type: ignore[arg-type]  # any of its filters

        assert await found() == [lesson_id, other]
        assert await found(course_id=course_id) == [other]
        assert await found(start=at(0), end=at(60)) == [lesson_id]
        assert await found(start=at(0.1)) == [other]


async def test_two_writers_never_claim_the_same_lesson(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    async with store.write() as memory:
        lesson_id = await a_course_with_a_lesson(memory)
    async with store.write() as one, store.write() as other:
        first = await one.lessons.due(now=NINE, limit=10)
        second = await other.lessons.due(now=NINE, limit=10)
    assert [each.facts.lesson.id for each in first] == [lesson_id]
    assert second == []
    await store.close()
