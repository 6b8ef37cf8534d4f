"""Sessions outside the timetable are looked at when something new is told of them."""

from datetime import datetime

import pytest

from storage.database import Store
from storage.memory import Memory
from storage.sessions import schedule_item
from storage.strays import StraySession
from tests.builders import ADA, GRACE, NINE, ROOM, ROSTER, at, joined, session_ended, stay
from tests.storage.world import add_course, add_lesson, add_person, add_room, tell


async def a_course(memory: Memory, **values: object) -> tuple[str, str]:
    """A course without lessons: its id and its room's."""
    for person in ROSTER:
        await add_person(memory, person)
    room_id = await add_room(memory)
    return await add_course(memory, room_id=room_id, people=ROSTER, **values), room_id


async def due(store: Store, now: datetime) -> list[StraySession]:
    async with store.read() as memory:
        return await memory.strays.due(now)


async def test_a_session_that_no_lesson_sees_is_looked_at_with_all_its_facts(store: Store) -> None:
    async with store.write() as memory:
        course_id, room_id = await a_course(memory)
        await tell(memory, *stay(ADA, 0, 20), *stay(GRACE, 5, 30), now=at(31))
    (stray,) = await due(store, at(31))
    assert (stray.room_id, stray.first_at, stray.last_at, stray.ended_at) == (room_id, at(0), at(30), None)
    (course,) = stray.courses
    assert (course.course_id, course.from_sessions) == (course_id, False)
    assert course.facts.roster == ROSTER
    assert len(course.facts.events) == 4
    assert course.facts.lesson.planned_start == at(0)
    async with store.read() as memory:
        assert await memory.strays.next_due_at() == at(31)


async def test_a_session_that_a_lesson_sees_is_none_of_them(store: Store) -> None:
    async with store.write() as memory:
        course_id, room_id = await a_course(memory)
        await add_lesson(memory, course_id=course_id, room_id=room_id)
        await tell(memory, joined(ADA, at=-29))
    assert await due(store, NINE) == []


async def test_a_session_long_before_the_next_lesson_is_one_until_that_lessons_window_opens(store: Store) -> None:
    async with store.write() as memory:
        course_id, room_id = await a_course(memory)
        await add_lesson(memory, course_id=course_id, room_id=room_id)
        await tell(memory, joined(ADA, at=-200), now=at(-199))
    assert len(await due(store, at(-199))) == 1
    async with store.write() as memory:
        await tell(memory, joined(GRACE, at=-29), now=at(-28))
    assert await due(store, at(-28)) == []


async def test_a_session_in_a_room_without_a_course_is_none_of_them(store: Store) -> None:
    async with store.write() as memory:
        await tell(memory, joined(ADA, at=0))
    assert await due(store, NINE) == []


async def test_in_a_course_of_sessions_every_session_is_one(store: Store) -> None:
    async with store.write() as memory:
        course_id, room_id = await a_course(memory, from_sessions=True)
        await add_lesson(memory, course_id=course_id, room_id=room_id)
        await tell(memory, joined(ADA, at=0))
    (stray,) = await due(store, NINE)
    assert [course.from_sessions for course in stray.courses] == [True]


async def test_a_session_is_looked_at_again_when_it_was_said_to_be(store: Store) -> None:
    async with store.write() as memory:
        await a_course(memory)
        await tell(memory, joined(ADA, at=0))
    (stray,) = await due(store, NINE)
    async with store.write() as memory:
        await memory.strays.look_again([(stray, at(10))])
    assert await due(store, at(9)) == []
    (stray,) = await due(store, at(10))
    async with store.write() as memory:
        await memory.strays.look_again([(stray, None)])
    assert await due(store, at(10_000)) == []


async def test_what_is_told_while_somebody_looks_keeps_the_session_due(store: Store) -> None:
    async with store.write() as memory:
        await a_course(memory)
        await tell(memory, joined(ADA, at=0))
    (stray,) = await due(store, NINE)
    async with store.write() as memory:
        await tell(memory, joined(GRACE, at=1), now=at(1))
        await memory.strays.look_again([(stray, None)])
    assert len(await due(store, at(1))) == 1


@pytest.mark.parametrize("from_sessions", [True, False])
async def test_the_lesson_that_was_found_in_a_session_does_not_hide_it(store: Store, from_sessions: bool) -> None:
    async with store.write() as memory:
        course_id, room_id = await a_course(memory, from_sessions=from_sessions)
        await tell(memory, joined(ADA, at=0))
    (stray,) = await due(store, NINE)
    assert stray.schedule_item == schedule_item(stray.id)
    async with store.write() as memory:
        await add_lesson(memory, course_id=course_id, room_id=room_id, schedule_item=stray.schedule_item)
        await tell(memory, joined(GRACE, at=5), now=at(6))
    assert [len(each.courses) for each in await due(store, at(6))] == [1]
    async with store.write() as memory:
        await tell(memory, joined(ADA, at=7, session="2"), now=at(8))
    assert {each.id == stray.id for each in await due(store, at(8))} == ({True, False} if from_sessions else {True})


async def test_a_session_that_came_into_a_window_by_a_new_lesson_has_no_course_to_look_at(store: Store) -> None:
    async with store.write() as memory:
        course_id, room_id = await a_course(memory)
        await tell(memory, joined(ADA, at=0), session_ended(at=5))
        await add_lesson(memory, course_id=course_id, room_id=room_id)
    (stray,) = await due(store, NINE)
    assert (stray.courses, stray.ended_at) == ((), at(5))


async def test_each_course_of_the_room_is_looked_at(store: Store) -> None:
    async with store.write() as memory:
        first, room_id = await a_course(memory)
        second = await add_course(memory, room_id=room_id, name="Chess")
        await tell(memory, joined(ADA, at=0, room=ROOM))
    (stray,) = await due(store, NINE)
    assert {course.course_id for course in stray.courses} == {first, second}
