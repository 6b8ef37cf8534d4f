"""Every lesson that is due is decided; one that cannot be decided waits alone, and what is out of date is not kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.attendance.decide import Decision, decide
from bot.attendance.lessons import LessonFacts
from bot.attendance.wanted import MessageKind, Wanted
from bot.clock import stopwatch
from handlers.ticks import watch_lessons
from storage.database import Store
from storage.errors import StorageError
from storage.messages import StoredMessage
from tests.builders import ADA, BOB, GRACE, NINE, at, joined
from tests.handlers.slack.school import HISTORY, LESSON, School
from tests.handlers.ticks.meanwhile import BeforeTheFirstWrite, Locked
from tests.storage.rows import look, tamper

MINUTE = timedelta(minutes=1)
#: a lesson of which nothing can be read
BROKEN = "broken"


async def touch(store: Store, *lesson_ids: str, now: datetime = NINE) -> None:
    async with store.write() as memory:
        await memory.lessons.touch(lesson_ids, now)


async def break_stored_data(store: Store) -> None:
    """Nobody can tell any more when this lesson's breaks are."""
    await tamper(store, f"""UPDATE lesson SET breaks = '[["soon", "later"]]' WHERE id = '{BROKEN}'""")


async def mend(store: Store) -> None:
    await tamper(store, f"UPDATE lesson SET breaks = '[]' WHERE id = '{BROKEN}'")


async def row_of(store: Store, lesson: str) -> Any:
    """failures, error and due_at of a lesson, as they are stored."""
    async with store.read() as memory:
        row = await look(memory, f"SELECT failures, error FROM lesson WHERE id = '{lesson}'")
        return row.failures, row.error


async def reminder_of(store: Store, person: str, lesson: str = LESSON) -> StoredMessage | None:
    async with store.read() as memory:
        return await memory.messages.find(lesson, MessageKind.REMINDER_1, person)


async def is_decided(store: Store, lesson: str) -> bool:
    """The trainer was there, the students were not: something is wanted."""
    async with store.read() as memory:
        row = await look(memory, f"SELECT count(*) AS n FROM message WHERE subject = '{lesson}'")
    return bool(row.n)


@pytest.fixture
async def lesson(school: School) -> str:
    """It began at nine; the trainer is there, and neither Ada nor Bob."""
    await school.plan()
    await school.hear(joined(GRACE, at=-5))
    return LESSON


@pytest.fixture
async def broken(school: School) -> str:
    """A lesson of history that cannot be read, due for longer than the others."""
    await school.plan(BROKEN, course="history")
    await break_stored_data(school.store)
    await touch(school.store, BROKEN, now=at(-60))
    return BROKEN


async def test_who_must_be_told_what_is_wanted_and_the_next_look_is_known(store: Store, lesson: str) -> None:
    next_at = await watch_lessons.tick(store, now=at(3.1))
    reminder = await reminder_of(store, "bob")
    assert reminder is not None
    assert reminder.content is not None
    assert reminder.content["stage"] == "missing"
    assert next_at is not None
    assert next_at > at(3.1)


async def test_nothing_is_due_where_nothing_is_planned(store: Store) -> None:
    assert await watch_lessons.tick(store, now=NINE) is None


async def test_a_lesson_that_is_not_due_is_not_looked_at(store: Store, school: School) -> None:
    await school.plan()
    await touch(store, LESSON, now=at(10))
    assert await watch_lessons.tick(store, now=at(9)) == at(10)
    assert not await is_decided(store, LESSON)


async def test_everything_that_is_due_is_decided_however_many_chunks_it_takes(
    store: Store, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_lessons, "CHUNK", 2)
    lessons = [f"lesson-{number}" for number in range(5)]
    for number, id_ in enumerate(lessons):
        await school.plan(id_, start=number * 1440)
    await touch(store, *lessons)
    next_at = await watch_lessons.tick(store, now=NINE)
    assert next_at is not None
    assert next_at > NINE


class TestALessonThatCannotBeDecided:
    async def test_it_stops_no_other(self, store: Store, lesson: str, broken: str) -> None:
        await watch_lessons.tick(store, now=at(3.1))
        assert await reminder_of(store, "bob") is not None

    async def test_it_starves_no_other(
        self, store: Store, lesson: str, broken: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watch_lessons, "CHUNK", 1)
        await watch_lessons.tick(store, now=at(3.1))
        assert await reminder_of(store, "bob") is not None

    async def test_it_waits_a_minute_and_then_twice_as_long_each_time_up_to_an_hour(
        self, store: Store, broken: str
    ) -> None:
        now, waits = NINE, []
        for _ in range(8):
            next_at = await watch_lessons.tick(store, now=now)
            assert next_at is not None
            waits.append((next_at - now) / MINUTE)
            now = next_at
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]

    async def test_what_was_wrong_is_kept_by_its_kind_alone(self, store: Store, broken: str) -> None:
        await watch_lessons.tick(store, now=NINE)
        assert await row_of(store, broken) == (1, "ValueError: could not be decided")

    async def test_once_it_can_be_decided_nothing_is_left_of_it(self, store: Store, broken: str) -> None:
        next_at = await watch_lessons.tick(store, now=NINE)
        await mend(store)
        assert next_at is not None
        await watch_lessons.tick(store, now=next_at)
        assert await row_of(store, broken) == (0, "")

    async def test_it_does_not_matter_whether_reading_or_deciding_or_keeping_fails(
        self, store: Store, school: School, lesson: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await school.plan(HISTORY, course="history")
        for wrong in (fails_to_decide, decides_what_cannot_be_kept):
            await touch(store, HISTORY, lesson)
            monkeypatch.setattr(watch_lessons, "decide", wrong)
            await watch_lessons.tick(store, now=at(3.1))
            assert (await row_of(store, HISTORY))[0] == 1
        assert await row_of(store, lesson) == (0, "")
        assert await reminder_of(store, "bob") is not None


def fails_to_decide(facts: LessonFacts, *, now: datetime) -> Decision:
    if facts.lesson.id == HISTORY:
        raise ZeroDivisionError
    return decide(facts, now=now)


def decides_what_cannot_be_kept(facts: LessonFacts, *, now: datetime) -> Decision:
    decision = decide(facts, now=now)
    if facts.lesson.id == HISTORY:
        unspeakable = Wanted(kind=MessageKind.BOARD, recipient="ada", content={"it": object()}, due_at=now)
        object.__setattr__(decision, "wanted", (unspeakable,))
    return decision


class TestALockedDatabase:
    """It is no lesson's fault: the tick fails, and is tried again."""

    async def test_while_it_is_read_no_lesson_is_put_aside(self, store: Store, lesson: str, broken: str) -> None:
        with pytest.raises(StorageError):
            await watch_lessons.tick(Locked(store, reads=3), now=at(3.1))
        assert await row_of(store, lesson) == (0, "")

    async def test_while_it_is_written_no_lesson_is_put_aside(self, store: Store, school: School, lesson: str) -> None:
        await school.plan(HISTORY, course="history")
        await touch(store, HISTORY)
        with pytest.raises(StorageError):
            await watch_lessons.tick(Locked(store, writes=1), now=at(3.1))
        for id_ in (lesson, HISTORY):
            assert await row_of(store, id_) == (0, "")
            assert not await is_decided(store, id_)

    async def test_afterwards_everything_is_decided(self, store: Store, lesson: str) -> None:
        with pytest.raises(StorageError):
            await watch_lessons.tick(Locked(store, writes=1), now=at(3.1))
        await watch_lessons.tick(store, now=at(3.1))
        assert await reminder_of(store, "bob") is not None


class TestALessonThatIsTouchedMeanwhile:
    async def test_nothing_that_was_decided_before_is_wanted(self, store: Store, school: School, lesson: str) -> None:
        async def bob_comes() -> None:
            await school.hear(joined(BOB, at=3))

        await watch_lessons.tick(BeforeTheFirstWrite(store, bob_comes), now=at(3.1))
        assert await reminder_of(store, "bob") is None

    async def test_it_is_decided_afresh(self, store: Store, school: School, lesson: str) -> None:
        async def bob_comes() -> None:
            await school.hear(joined(BOB, at=3))

        next_at = await watch_lessons.tick(BeforeTheFirstWrite(store, bob_comes), now=at(3.1))
        assert next_at is not None
        assert next_at <= at(3.1)
        await watch_lessons.tick(store, now=at(3.1))
        assert await reminder_of(store, "ada") is not None
        assert await reminder_of(store, "bob") is None

    async def test_the_others_are_kept(self, store: Store, school: School, lesson: str) -> None:
        await school.plan(HISTORY, course="history")
        await touch(store, HISTORY)

        async def history_changes() -> None:
            await touch(store, HISTORY, now=at(3.1))

        await watch_lessons.tick(BeforeTheFirstWrite(store, history_changes), now=at(3.1))
        assert await reminder_of(store, ADA.id) is not None
        assert not await is_decided(store, HISTORY)


async def test_two_that_look_at_once_want_everything_once(store: Store, lesson: str) -> None:
    async def another_looks() -> None:
        await watch_lessons.tick(store, now=at(3.1))

    await watch_lessons.tick(BeforeTheFirstWrite(store, another_looks), now=at(3.1))
    async with store.read() as memory:
        rows = await memory._transaction.all(text("SELECT desired_revision FROM message"))
    assert {row.desired_revision for row in rows} == {1}


async def test_deliveries_that_are_being_applied_go_first(store: Store, lesson: str) -> None:
    applying = iter([True, True, True])
    seen: list[bool] = []

    def are_delivering() -> bool:
        seen.append(next(applying, False))
        return seen[-1]

    await watch_lessons.tick(store, now=at(3.1), are_delivering=are_delivering)
    assert seen[:4] == [True, True, True, False]
    assert await is_decided(store, lesson)


async def test_deliveries_that_never_end_hold_nobody_up_for_longer_than_half_a_second(
    school: School, lesson: str
) -> None:
    others = [f"lesson {number}" for number in range(5)]
    for other in others:
        await school.plan(other, course="history")
    await touch(school.store, lesson, *others)
    asked: list[None] = []

    def are_delivering() -> bool:
        asked.append(None)
        return True

    begun = stopwatch()
    await watch_lessons.tick(school.store, now=at(3.1), are_delivering=are_delivering)
    assert stopwatch() - begun >= watch_lessons.NAPS * watch_lessons.NAP_SECONDS
    # One that may not be asked for again, and once for the size of each chunk that is read.
    assert len(asked) <= watch_lessons.NAPS + 3
    assert await is_decided(school.store, lesson)
