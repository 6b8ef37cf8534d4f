"""The attendance that the bot's HTTP API gives, against what a scenario expects."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.scenario_file import read
from sandbox.sheets import compared, sheet_differences

STORY = """
sheet:
  lesson: {confirmation: confirmed, held_seconds: 3600}
  people:
    ada: {verdict: validated, flags: [], percent: {held: 100.0}, last_left_at: none}
    bob: {verdict: partial, flags: [late, waited]}
  unknown: [iPad (2)]
"""
ATTENDANCE = {
    "lesson": {"confirmation": "confirmed", "held_seconds": 3600, "state": "provisional"},
    "people": [
        {"name": "Ada Lovelace", "verdict": "validated", "flags": [], "percent": {"held": 100.0}, "last_left_at": None},
        {"name": "Bob Stone", "verdict": "partial", "flags": ["waited", "late"], "percent": {"held": 85.0}},
    ],
    "unknown": [{"display_name": "iPad (2)"}],
    "not_enrolled": [],
}


def differences_from(text: str) -> list[str]:
    scenario = read(text, file="s.yaml")
    return compared(scenario, scenario.sheets[0], ATTENDANCE)


def test_a_sheet_is_compared_only_in_what_the_scenario_names():
    assert differences_from(STORY) == []


@pytest.mark.parametrize(
    ("was", "is_now", "difference"),
    [
        ("verdict: partial", "verdict: absent", "the sheet: Bob Stone, verdict is partial, not absent"),
        ("[late, waited]", "[late]", "the sheet: Bob Stone, flags is [waited, late], not [late]"),
        ("held: 100.0", "held: 99.9", "the sheet: Ada Lovelace, percent, held is 100.0, not 99.9"),
        ("held_seconds: 3600", "held_seconds: 10", "the sheet: lesson, held_seconds is 3600, not 10"),
        ("last_left_at: none", "last_left_at: 5", "the sheet: Ada Lovelace, last_left_at is none, not 5"),
        ("unknown: [iPad (2)]", "unknown: []", "the sheet: unknown is [iPad (2)], not []"),
        ("unknown: [iPad (2)]", "not_enrolled: [Eve]", "the sheet: not_enrolled is [], not [Eve]"),
        ("    bob:", "    office:", "the sheet: Ida Office is not on it"),
    ],
)
def test_a_difference_is_one_sentence(was, is_now, difference):
    assert differences_from(STORY.replace(was, is_now)) == [difference]


@pytest.fixture
async def api() -> AsyncIterator[TestServer]:
    async def lessons(request: web.Request) -> web.Response:
        assert request.headers["authorization"] == "Bearer token-to-read"
        assert request.query["course"] == "Python 101"
        starts = ("2026-11-23T17:00:00Z", "2026-11-24T17:00:00Z")
        return web.json_response({"lessons": [{"id": start[:10], "planned_start": start} for start in starts]})

    async def attendance(request: web.Request) -> web.Response:
        assert request.match_info["id"] == "2026-11-23"
        return web.json_response(ATTENDANCE)

    app = web.Application()
    app.router.add_get("/api/v1/lessons", lessons)
    app.router.add_get("/api/v1/lessons/{id}/attendance", attendance)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


async def test_the_lesson_that_was_played_is_found_by_course_and_start(api):
    url = str(api.make_url("/"))
    assert await sheet_differences(read(STORY, file="s.yaml"), api_url=url, token="token-to-read") == []


async def test_a_lesson_that_the_bot_does_not_have_is_a_difference(api):
    story = STORY + "course: {schedule: [{start: 2026-11-25T18:00, duration: 1h}]}"
    found = await sheet_differences(read(story, file="s.yaml"), api_url=str(api.make_url("/")), token="token-to-read")
    assert found == ["the bot has 0 lessons of Python 101 at 2026-11-25T17:00:00Z"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [(web.HTTPServiceUnavailable, "HTTP 503"), (None, "ClientConnectorError")],
)
async def test_a_bot_that_gives_no_answer_is_a_difference_and_no_traceback(answer, why):
    async def lessons(_request: web.Request) -> web.Response:
        raise answer

    app = web.Application()
    app.router.add_get("/api/v1/lessons", lessons)
    async with TestServer(app) as server:
        url = str(server.make_url("/")) if answer is not None else "http://127.0.0.1:1/"
        found = await sheet_differences(read(STORY, file="s.yaml"), api_url=url, token="token-to-read")
    assert found == [f"the sheets could not be compared: the bot's HTTP API gave no answer ({why})"]
