"""The HTTP API: courses, lessons and attendance as JSON, behind a bearer token."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.clock import ManualClock
from handlers.access import Access
from handlers.api import Api
from handlers.cli.course import import_text
from handlers.web import application
from storage.database import Store
from tests.described import DescribedClient

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOKEN = "a token of the school"
COURSES = """courses:
  - {name: Python 101, channel: "#python", timezone: Europe/Rome, platform: zoom, room: "1", schedule: [
      {start: 2026-11-23T00:00, duration: 1h}, {start: 2026-11-24T00:00, duration: 1h}],
     trainers: [{name: Grace Hopper, email: grace@example.com}], students: [{name: Ada Lovelace, email: ada@example.com}]}
  - {name: Rust 101, channel: "#rust", timezone: UTC, platform: zoom, room: "2", schedule: [
      {start: 2026-11-23T10:00, duration: 1h}]}
"""
LESSON_KEYS = {
    "id", "course", "state", "confirmation", "feed", "version", "sha256", "planned_start", "planned_end", "actual_start",
    "actual_end", "planned_seconds", "held_seconds", "record", "sources", "differences",
}  # fmt: skip
PERSON_KEYS = {
    "id", "name", "role", "email", "slack_user_id", "presence", "verdict", "flags", "first_joined_at", "last_left_at",
    "late_by_seconds", "attended_seconds", "percent", "assumed_seconds", "waited_seconds", "measured_seconds", "stays", "checks",
}  # fmt: skip

Get = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def get(store: Store) -> AsyncIterator[Get]:
    """Asks `/api/v1…` with the right token, or with the given one."""
    await import_text(store, COURSES, now=NOW)
    api = Api(store, ManualClock(NOW), Access(store, fixed=TOKEN))
    async with DescribedClient(TestServer(application(store, api.routes()))) as client:

        async def ask(path: str, token: str | None = f"Bearer {TOKEN}", **query: str) -> tuple[int, Any]:
            headers = {"Authorization": token} if token is not None else {}
            async with client.get(f"/api/v1{path}", headers=headers, params=query) as reply:
                return reply.status, await reply.json()

        yield ask


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Bearer", f"Basic {TOKEN}", TOKEN, "Bearer ключ"])
@pytest.mark.parametrize("path", ["/courses", "/courses/x", "/lessons", "/lessons/x", "/lessons/x/attendance"])
async def test_nothing_is_told_without_the_token(get: Get, path: str, token: str | None) -> None:
    status, body = await get(path, token)
    assert (status, body["error"]["code"]) == (401, "unauthorised")


async def test_where_no_token_is_set_nobody_has_one(store: Store) -> None:
    api = Api(store, ManualClock(NOW), Access(store))
    async with DescribedClient(TestServer(application(store, api.routes()))) as client:
        for token in ("Bearer ", "Bearer None"):
            assert (await client.get("/api/v1/courses", headers={"Authorization": token})).status == 401


async def test_courses_are_listed_and_each_is_found_by_its_id(get: Get) -> None:
    _, body = await get("/courses")
    python = next(each for each in body["courses"] if each["name"] == "Python 101")
    assert {key: python[key] for key in python if key != "id"} == {
        "key": "python-101", "name": "Python 101", "platform": "zoom", "room": "1", "timezone": "Europe/Rome",
    }  # fmt: skip
    assert await get(f"/courses/{python['id']}") == (200, python)


@pytest.mark.parametrize("path", ["/courses/x", "/lessons/x", "/lessons/x/attendance", "/lessons?course=Cobol"])
async def test_what_is_not_there_is_404_and_says_what_lists_it(get: Get, path: str) -> None:
    status, body = await get(path)
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert "GET /api/v1/" in body["error"]["message"]


async def test_lessons_are_filtered_by_a_course_s_name_or_id(get: Get) -> None:
    _, courses = await get("/courses")
    for course in courses["courses"]:
        by_id, by_name = [await get("/lessons", course=course[key]) for key in ("id", "name")]
        assert by_id == by_name
        assert {each["course"] for each in by_id[1]["lessons"]} == {course["name"]}
    assert len((await get("/lessons"))[1]["lessons"]) == 3


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ({"from": "2026-11-24"}, ["2026-11-23T23:00:00Z"]),
        ({"to": "2026-11-24"}, ["2026-11-22T23:00:00Z"]),
        ({"from": "2026-11-23", "to": "2026-11-25"}, ["2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"]),
        ({"from": "2026-11-23", "to": "2026-11-23"}, []),
    ],
)
async def test_from_is_inclusive_and_to_exclusive_in_the_zone_of_the_course(
    get: Get, query: dict[str, str], starts: list[str]
) -> None:
    _, body = await get("/lessons", course="Python 101", **query)
    assert [each["planned_start"] for each in body["lessons"]] == starts


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", ["yesterday", "2026-02-30", "", "2026-11-23T10:00"])
async def test_what_is_no_date_is_refused_with_its_name(get: Get, name: str, value: str) -> None:
    status, body = await get("/lessons", **{name: value})
    assert (status, body["error"]["code"]) == (400, "bad_input")
    assert body["error"]["message"] == f"{name}={value!r} is not a date: write it as 2026-11-23."


async def test_the_attendance_of_a_lesson_has_the_keys_of_the_contract(get: Get) -> None:
    _, listed = await get("/lessons", course="Python 101")
    lesson = listed["lessons"][0]
    assert set(lesson) == LESSON_KEYS
    assert await get(f"/lessons/{lesson['id']}") == (200, lesson)
    _, attendance = await get(f"/lessons/{lesson['id']}/attendance")
    # The account has never delivered anything, and so the feed is silent.
    parts = {"lesson", "people", "unknown", "not_enrolled", "observers", "checkpoints", "feed_reason"}
    assert (set(attendance), attendance["feed_reason"]) == (parts, "never_delivered")
    assert attendance["lesson"] == lesson
    assert [set(person) for person in attendance["people"]] == [PERSON_KEYS, PERSON_KEYS]
    trainer = next(person for person in attendance["people"] if person["role"] == "trainer")
    assert (trainer["verdict"], trainer["flags"]) == (None, [])
