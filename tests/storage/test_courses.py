"""Courses are listed by name, and found by what people call them."""

import pytest

from storage.courses import CourseRow
from storage.database import Store
from storage.tables import Course, Workspace
from tests.builders import NINE
from tests.storage.rows import a_course, a_room, add


async def found(store: Store, which: str) -> CourseRow | None:
    async with store.read() as memory:
        return await memory.courses.find(which)


async def test_courses_are_listed_by_name(store: Store) -> None:
    room = await a_room(store, "97711976001")
    python = await a_course(store, "python-101", name="Python 101", room_id=room)
    history = await a_course(store, "history", name="History", room_id=room, zone="UTC")
    common = {"platform": "zoom", "room": "97711976001"}
    async with store.read() as memory:
        assert await memory.courses.all() == [
            CourseRow(id=history, key="history", name="History", zone="UTC", **common),
            CourseRow(id=python, key="python-101", name="Python 101", zone="Europe/Rome", **common),
        ]


@pytest.mark.parametrize("which", ["python-1", "Python 101", "python-101"])
async def test_a_course_is_found_by_id_by_name_and_by_key(store: Store, which: str) -> None:
    await a_course(store, "history", name="History")
    await a_course(store, "python-101", name="Python 101", id="python-1")
    course = await found(store, which)
    assert course is not None
    assert course.id == "python-1"


@pytest.mark.parametrize("which", ["python 101", "Python", "", "%"])
async def test_a_name_that_is_not_exactly_the_courses_finds_nothing(store: Store, which: str) -> None:
    await a_course(store, "python-101", name="Python 101")
    assert await found(store, which) is None


async def test_a_name_goes_before_a_key(store: Store) -> None:
    await a_course(store, "History", name="Python 101")
    course = await a_course(store, "other", name="History")
    assert (await found(store, "History")) == await found(store, course)


async def test_another_workspaces_courses_are_not_ours(store: Store) -> None:
    room = await a_room(store)
    other = await add(store, Workspace, id="other", created_at=NINE)
    values = {"workspace_id": other, "key": "theirs", "name": "Theirs", "platform": "zoom", "room_id": room}
    await add(store, Course, **values, created_at=NINE)
    assert await found(store, "Theirs") is None
    async with store.read() as memory:
        assert await memory.courses.all() == []
