"""What platforms told is stored once, in any order, and touches the lessons that see it."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.attendance.events import Handle, PresenceEvent
from storage.database import Store
from storage.memory import Memory
from storage.tables import Connection, Lesson, Room, Session, table_of
from storage.tables import PresenceEvent as PresenceEventRow
from tests.builders import ADA, BOB, GRACE, NINE, at, event, joined, left, session_ended, session_started, stay
from tests.storage.world import a_course_with_a_lesson, add_lesson, add_room, tell

CONNECTION, EVENT, LESSON, ROOM_ROW, SESSION = map(table_of, (Connection, PresenceEventRow, Lesson, Room, Session))

DAY = timedelta(days=1)


@pytest.fixture
async def lesson_id(store: Store) -> str:
    async with store.write() as memory:
        return await a_course_with_a_lesson(memory)


async def seen(store: Store, lesson_id: str) -> tuple[PresenceEvent, ...]:
    async with store.read() as memory:
        found = await memory.lessons.facts(lesson_id)
        assert found is not None
        return found.facts.events


async def rows(store: Store, table: Any) -> list[Any]:
    async with store.read() as memory:
        return list(await memory._transaction.all(select(table)))


async def told(store: Store, *events: PresenceEvent, **options: Any) -> set[str]:
    async with store.write() as memory:
        return await tell(memory, *events, **options)


async def test_an_event_is_read_back_as_it_was_told(store: Store, lesson_id: str) -> None:
    everything = joined(
        Handle(name="Ada", email="ada@example.com", user_id="u", registrant_id="r", external_id="x", is_host=True),
        at=NINE + timedelta(microseconds=123_456),
        lost=True,
        joined_at=at(-2),
        bound_to="phone",
        session_started_at=at(-10),
        planned_for=timedelta(minutes=60),
        is_time_assumed=True,
        number="16778240",
    )
    await told(store, everything)
    assert await seen(store, lesson_id) == (everything,)


async def test_a_repeated_event_is_stored_once(store: Store, lesson_id: str) -> None:
    first = joined(ADA, at=1)
    again = joined(ADA, at=1, received=500)
    await told(store, first, first)
    await told(store, again)
    assert await seen(store, lesson_id) == (first,)


async def test_an_event_that_names_no_connection_is_known_by_its_person(store: Store, lesson_id: str) -> None:
    of_ada, of_bob = joined(ADA, at=1, connection=None), joined(BOB, at=1, connection=None)
    await told(store, of_ada, of_bob, of_ada)
    assert set(await seen(store, lesson_id)) == {of_ada, of_bob}


async def test_any_order_and_repetition_leaves_the_same_memory(store: Store, lesson_id: str) -> None:
    events = [
        session_started(at=-10),
        *stay(GRACE, -10, 61),
        *stay(ADA, 0, 60),
        *stay(ADA, 5, 50, device="phone"),
        event_with_another_name(),
        *stay(BOB, 7, 30),
        session_ended(at=62),
    ]
    shuffled = events * 2
    random.Random(7).shuffle(shuffled)
    for one in shuffled[:5]:
        await told(store, one)
    await told(store, *shuffled[5:])
    await told(store, *events)
    assert await seen(store, lesson_id) == tuple(
        sorted(events, key=lambda each: (each.occurred_at, each.who, each.kind))
    )
    (session,) = await rows(store, SESSION)
    assert (session.first_at, session.last_at) == (at(-10), at(62))
    assert (session.joined_at, session.ended_at, session.open_until) == (at(7), at(62), at(62))
    adas = next(row for row in await rows(store, CONNECTION) if row.ref == "ada's laptop")
    assert (adas.names, adas.user_ids, adas.email) == (["Ada Lovelace", "Ada's iPad"], ["u-ada"], "ada@example.com")


def event_with_another_name() -> PresenceEvent:
    return joined(Handle(name="Ada's iPad", user_id="u-ada"), at=6, connection="ada's laptop")


async def test_what_is_new_makes_the_lesson_due_and_voids_what_was_decided(store: Store, lesson_id: str) -> None:
    assert await told(store, joined(ADA, at=1), now=at(2)) == {lesson_id}
    (row,) = await rows(store, LESSON)
    assert (row.revision, row.due_at) == (1, at(2))


async def test_a_repetition_touches_nothing(store: Store, lesson_id: str) -> None:
    await told(store, joined(ADA, at=1), now=at(2))
    assert await told(store, joined(ADA, at=1), now=at(3)) == set()
    (row,) = await rows(store, LESSON)
    assert (row.revision, row.due_at) == (1, at(2))


async def test_a_repetition_that_is_the_first_sign_of_life_in_the_window_touches_the_lesson(
    store: Store, lesson_id: str
) -> None:
    await told(store, joined(ADA, at=-600), now=at(-600))
    assert await told(store, joined(ADA, at=-600), now=at(-20)) == {lesson_id}
    assert await told(store, joined(ADA, at=-600), now=at(-19)) == set()


async def test_one_session_touches_every_lesson_whose_window_has_opened(store: Store) -> None:
    async with store.write() as memory:
        first = await a_course_with_a_lesson(memory)
        second, later = [await another_lesson(memory, first, hours=hours) for hours in (1, 9)]
    assert await told(store, joined(ADA, at=1), now=at(45)) == {first, second}
    assert await seen(store, later) == await seen(store, first)


async def another_lesson(memory: Memory, of: str, *, hours: float) -> str:
    (row,) = await memory._transaction.all(select(LESSON).where(LESSON.c.id == of))
    return await add_lesson(memory, course_id=row.course_id, room_id=row.room_id, start=NINE + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("events", "is_seen"),
    [
        pytest.param([joined(ADA, at=-31), session_ended(at=-30)], False, id="ended as the window opened"),
        pytest.param([joined(ADA, at=-31), session_ended(at=-29)], True, id="ended in the window"),
        pytest.param([joined(ADA, at=-31), session_ended(at=-40)], True, id="somebody joined after the end"),
        pytest.param([joined(ADA, at=-31), session_ended(at=-31)], False, id="joined in the second of the end"),
        pytest.param([joined(ADA, at=-1440)], True, id="open since yesterday"),
        pytest.param([left(ADA, at=-1441), joined(ADA, at=-1440), left(BOB, at=-32), session_ended(at=-33)], False, id="a left after the end"),
        pytest.param([joined(ADA, at=-8 * 1440)], False, id="never ended, and silent for a week"),
        pytest.param([joined(ADA, at=179)], True, id="began in the window"),
        pytest.param([joined(ADA, at=180)], False, id="began as the window closed"),
        pytest.param([joined(ADA, at=181, session_started_at=at(179))], True, id="says that it began in the window"),
    ],
)  # fmt: skip
async def test_a_lesson_sees_the_sessions_that_were_open_in_its_window(
    store: Store, lesson_id: str, events: list[PresenceEvent], is_seen: bool
) -> None:
    touched = await told(store, *events, now=at(500))
    assert touched == ({lesson_id} if is_seen else set())
    assert bool(await seen(store, lesson_id)) is is_seen


async def test_a_session_that_ends_touches_the_lessons_that_saw_it_while_it_was_open(
    store: Store, lesson_id: str
) -> None:
    await told(store, joined(ADA, at=-60), now=at(-10))
    assert await told(store, session_ended(at=-40), now=at(-9)) == {lesson_id}
    assert await seen(store, lesson_id) == ()


async def test_another_room_is_another_matter(store: Store, lesson_id: str) -> None:
    assert await told(store, joined(ADA, at=1, room="another")) == set()
    assert await seen(store, lesson_id) == ()
    assert {row.ref for row in await rows(store, ROOM_ROW)} == {"97711976001", "another"}


@pytest.mark.parametrize("poison", ["a\0b", "a\ud800b"])
async def test_an_id_that_no_database_takes_stops_no_other_event(store: Store, lesson_id: str, poison: str) -> None:
    poisoned = joined(ADA, at=1, connection=poison, handle=Handle(user_id=poison))
    await told(store, poisoned, joined(BOB, at=2))
    await told(store, poisoned)
    assert [each.handle.name for each in await seen(store, lesson_id)] == ["", "Bob Kahn"]


async def test_thousands_of_events_are_recorded_in_one_call(store: Store, lesson_id: str) -> None:
    events = [joined(f"Guest {number}", at=number / 100) for number in range(3_000)]
    assert await told(store, *events, now=at(31)) == {lesson_id}
    assert len(await seen(store, lesson_id)) == 3_000


async def test_two_replicas_that_record_the_same_events_do_not_lock_each_other_up(postgresql_url: str) -> None:
    import asyncio

    one, other = await Store.open(postgresql_url), await Store.open(postgresql_url)
    async with one.write() as memory:
        lesson_id = await a_course_with_a_lesson(memory)
        await add_room(memory, "b")
    events = [joined(f"Guest {number}", at=number, session=f"s{number % 7}") for number in range(50)]
    for _ in range(5):
        random.Random(1).shuffle(events)
        await asyncio.gather(told(one, *events), told(other, *reversed(events)))
    assert len(await seen(one, lesson_id)) == 50
    await one.close()
    await other.close()


async def test_an_event_of_an_unknown_kind_of_person_is_kept_too(store: Store, lesson_id: str) -> None:
    from bot.attendance.events import EventKind

    nobody = event(EventKind.SESSION_STARTED, None, at=0)
    await told(store, nobody)
    assert await seen(store, lesson_id) == (nobody,)
