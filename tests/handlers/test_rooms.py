"""The backend for 100ms's apps: its sample's paths, bodies and answers over HTTP, behind a token, without its mistakes."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import jwt
import pytest
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.clock import ManualClock, wire_now
from bot.scopes import Scope
from handlers.access import Access
from handlers.cli.course import import_text
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.rooms import RoomsDoor
from handlers.web import application
from storage.database import Store
from tests.described import DescribedClient
from tests.fakes.hundredms_api import ACCESS_KEY, APP_SECRET, PAGE, FakeHundredms, hundredms_api

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
DESCRIPTION = json.loads(Path("handlers/openapi.json").read_text(encoding="utf-8"))
TOKEN = "a token of the school"
COURSES = """courses:
  - {name: Python 101, channel: "#python", timezone: UTC, platform: 100ms, room: room-1, schedule: [
      {start: 2026-11-23T18:00, duration: 1h}]}
"""
ENDPOINTS = [
    ("POST", "/create-room"),
    ("POST", "/auth-token"),
    ("GET", "/session-analytics-by-room?room_id=room-1"),
    ("GET", "/session-list-by-room?room_id=room-1"),
]

Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def hundredms() -> AsyncIterator[tuple[FakeHundredms, HundredmsClient]]:
    async with hundredms_api() as both:
        yield both


@pytest.fixture
def fake(hundredms: tuple[FakeHundredms, HundredmsClient]) -> FakeHundredms:
    return hundredms[0]


@pytest.fixture
async def ask(store: Store, hundredms: tuple[FakeHundredms, HundredmsClient]) -> AsyncIterator[Ask]:
    """Asks with the right token, or with the given one."""
    await import_text(store, COURSES, now=NOW)
    async with _asking(store, hundredms[1]) as asking:
        yield asking


class _asking:  # noqa: N801  read as `async with`
    def __init__(self, store: Store, client: HundredmsClient | None) -> None:
        door = RoomsDoor(store, ManualClock(NOW), Access(store, fixed=TOKEN), client)
        self._http = DescribedClient(TestServer(application(store, door.routes())))

    async def __aenter__(self) -> Ask:
        await self._http.start_server()
        return self._ask

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def _ask(
        self, method: str, path: str, body: Any = None, *, token: str = TOKEN, raw: bytes | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {"data": raw} if raw is not None else {"json": body} if body is not None else {}
        async with self._http.request(method, path, headers=headers, **sent) as reply:
            return reply.status, await reply.json()


def a_session(
    number: int, *peers: tuple[str, float, float], room: str = "room-1", active: bool = False
) -> dict[str, Any]:
    """The number-th session of the evening; peers are (user id, joined, left) in seconds after its beginning."""
    start = datetime(2026, 11, 23, 18, tzinfo=UTC) + timedelta(minutes=number)
    at = [(start + timedelta(seconds=seconds)).isoformat() for _, *times in peers for seconds in times]
    named = {
        f"peer-{place}": {
            "id": f"peer-{place}", "name": f"name of {user}", "user_id": user, "role": "student",
            "joined_at": at[2 * place], "left_at": at[2 * place + 1],
        }
        for place, (user, *_) in enumerate(peers)
    }  # fmt: skip
    end = max([each[2] for each in peers], default=60)
    return {
        "id": f"session-{number}", "room_id": room, "customer_id": "school", "active": active, "peers": named,
        "created_at": start.isoformat(), "updated_at": (start + timedelta(seconds=end)).isoformat(),
    }  # fmt: skip


async def test_a_room_is_made_with_what_was_sent_and_described_in_100ms_s_words(ask: Ask, fake: FakeHundredms) -> None:
    body = {"name": "python", "description": "Lessons", "template_id": "t1", "region": "eu", "large_room": True}
    status, room = await ask("POST", "/create-room", body)
    assert (status, room) == (200, {"id": "room-1", "enabled": True, **{k: body[k] for k in body if k != "large_room"}})
    assert fake.rooms == [room]


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"name": null}'])
async def test_a_room_without_a_word_about_it_is_100ms_s_to_name(ask: Ask, raw: bytes) -> None:
    assert (await ask("POST", "/create-room", raw=raw))[1] == {"id": "room-1", "enabled": True}


async def test_an_auth_token_lets_one_person_into_one_room_in_one_role(ask: Ask, fake: FakeHundredms) -> None:
    status, body = await ask("POST", "/auth-token", {"room_id": "room-1", "user_id": "ada-1", "role": "student"})
    assert (status, body["msg"], body["success"]) == (200, "Token generated successfully!", True)
    claims = jwt.decode(body["token"], APP_SECRET, algorithms=["HS256"])
    said = {name: claims[name] for name in ("access_key", "room_id", "user_id", "role", "type", "version")}
    assert said == {
        "access_key": ACCESS_KEY, "room_id": "room-1", "user_id": "ada-1", "role": "student", "type": "app", "version": 2,
    }  # fmt: skip
    assert claims["exp"] - claims["iat"] == 24 * 60 * 60
    assert claims["jti"]
    assert fake.asked == []


async def test_the_guide_s_minutes_come_out_of_the_newest_session(ask: Ask, fake: FakeHundredms) -> None:
    fake.sessions = [
        a_session(9, ("user1", 0, 145.3), ("user2", 2, 144.4)),
        a_session(1, ("user1", 0, 60)),
    ]
    assert await ask("GET", "/session-analytics-by-room?room_id=room-1") == (
        200,
        {
            "user_duration_list": [
                {"name": "name of user1", "user_id": "user1", "duration": 2.42},
                {"name": "name of user2", "user_id": "user2", "duration": 2.37},
            ],
            "session_duration": "2.42",
            "total_peer_duration": "4.79",
        },
    )


async def test_minutes_are_as_the_description_of_the_api_says(ask: Ask, fake: FakeHundredms) -> None:
    fake.sessions = [a_session(1, ("ada", 0, 600), ("", 0, 60))]
    _, body = await ask("GET", "/session-analytics-by-room?room_id=room-1")
    jsonschema.validate(body, DESCRIPTION["components"]["schemas"]["SessionAnalytics"])
    assert [each.get("peer_id") for each in body["user_duration_list"]] == [None, "peer-1"]


async def test_a_rejoin_counts_and_a_second_device_does_not(ask: Ask, fake: FakeHundredms) -> None:
    fake.sessions = [a_session(1, ("ada", 0, 600), ("ada", 300, 600), ("ada", 900, 1200))]
    _, body = await ask("GET", "/session-analytics-by-room?room_id=room-1")
    assert ([each["duration"] for each in body["user_duration_list"]], body["total_peer_duration"]) == ([15.0], "15.00")


async def test_all_sessions_of_all_pages_stand_in_one_array_as_100ms_described_them(
    ask: Ask, fake: FakeHundredms
) -> None:
    over = [a_session(number, ("ada", 0, 60)) for number in range(2 * PAGE + 1)]
    running = a_session(9, ("ada", 0, 60), active=True)
    fake.sessions = [*over, running, a_session(10, room="another")]
    assert await ask("GET", "/session-list-by-room?room_id=room-1") == (200, [running, *over])


async def test_the_newest_session_is_found_on_whatever_page_it_stands(ask: Ask, fake: FakeHundredms) -> None:
    fake.sessions = [a_session(number, ("ada", 0, 60 * (number + 1))) for number in range(2 * PAGE)]
    _, body = await ask("GET", "/session-analytics-by-room?room_id=room-1")
    assert body["total_peer_duration"] == f"{2 * PAGE}.00"


async def test_a_session_that_runs_counts_up_to_now(ask: Ask, fake: FakeHundredms) -> None:
    running = a_session(60, ("ada", 0, 60), active=True)
    del running["peers"]["peer-0"]["left_at"]
    fake.sessions = [running]
    _, body = await ask("GET", "/session-analytics-by-room?room_id=room-1")
    assert (body["total_peer_duration"], body["session_duration"]) == ("60.00", "60.00")


async def test_a_room_without_a_session_has_an_empty_list_and_no_minutes(ask: Ask) -> None:
    assert await ask("GET", "/session-list-by-room?room_id=room-1") == (200, [])
    status, body = await ask("GET", "/session-analytics-by-room?room_id=room-1")
    assert (status, body["error"]) == (404, {"code": "not_found", "message": "No session found for this room"})


async def test_a_management_token_that_is_refused_is_made_anew_and_the_client_notices_nothing(
    ask: Ask, fake: FakeHundredms, hundredms: tuple[FakeHundredms, HundredmsClient]
) -> None:
    await ask("GET", "/session-list-by-room?room_id=room-1")
    fake.expired.add(await hundredms[1]._tokens.token())
    assert await ask("GET", "/session-list-by-room?room_id=room-1") == (200, [])
    assert fake.refused == 1


@pytest.mark.parametrize(
    ("status", "code"), [(500, "platform_unavailable"), (403, "platform_refused"), (429, "platform_busy")]
)
@pytest.mark.parametrize(("method", "path"), [each for each in ENDPOINTS if each[1] != "/auth-token"])
async def test_what_100ms_refuses_is_an_error_with_the_status_that_clients_know(
    ask: Ask, fake: FakeHundredms, method: str, path: str, status: int, code: str
) -> None:
    fake.fails_with = status
    with capture_logs() as logs:
        answered, body = await ask(method, path)
    assert (answered, body["error"]["code"]) == (500, code)
    assert "100ms" in body["error"]["message"]
    assert APP_SECRET not in f"{body}{logs}"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"user_id": "ada-1", "role": "student"}, "`room_id` is missing."),
        ({"room_id": "room-1", "role": " "}, "`role` is missing."),
        ({"room_id": "room-1", "role": "student", "user_id": ["ada-1"]}, "`user_id` is no text."),
        ({"room_id": True, "role": "student"}, "`room_id` is no text."),
        (["room-1"], "The body is no JSON object: send one with the content type application/json."),
    ],
)
async def test_an_auth_token_without_what_it_needs_is_an_error_and_no_success(ask: Ask, body: Any, what: str) -> None:
    assert await ask("POST", "/auth-token", body) == (400, {"error": {"code": "bad_input", "message": what}})


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_json_is_named(ask: Ask, raw: bytes) -> None:
    assert (await ask("POST", "/create-room", raw=raw))[0] == 400


@pytest.mark.parametrize("path", ["/session-analytics-by-room", "/session-list-by-room?room_id="])
async def test_without_a_room_nothing_is_asked(ask: Ask, fake: FakeHundredms, path: str) -> None:
    assert (await ask("GET", path))[1]["error"]["message"] == "`room_id` is missing."
    assert fake.asked == []


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_nothing_is_done_without_a_token(ask: Ask, fake: FakeHundredms, method: str, path: str) -> None:
    for token in ("", "wrong"):
        status, body = await ask(method, path, token=token)
        assert (status, body["error"]["code"]) == (401, "unauthorised")
    assert fake.asked == []


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_rooms_and_tokens_need_the_scope_rooms_and_minutes_may_be_read(
    store: Store, ask: Ask, method: str, path: str
) -> None:
    async with store.write() as memory:
        await memory.api_tokens.issue(scopes={Scope.READ}, token="reader", now=wire_now())
        await memory.api_tokens.issue(scopes={Scope.ROOMS}, token="rooms", now=wire_now())
        await memory.api_tokens.issue(scopes={Scope.METRICS}, token="metrics", now=wire_now())
    answers = [(await ask(method, path, {}, token=token))[0] for token in ("reader", "rooms", "metrics")]
    assert [status == 403 for status in answers] == [method == "POST", False, True]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_a_token_of_a_course_is_good_for_its_room_alone(store: Store, ask: Ask, method: str, path: str) -> None:
    async with store.write() as memory:
        course = await memory.courses.find("Python 101")
        assert course is not None
        await memory.api_tokens.issue(scopes={Scope.ROOMS}, token="bound", course_id=course.id, now=wire_now())
    own, other = [
        await ask(method, path.replace("room-1", room), {"room_id": room, "role": "guest"}, token="bound")
        for room in ("room-1", "room-2")
    ]
    assert (own[0] == 403) == (path == "/create-room")
    assert (other[0], other[1]["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_without_credentials_of_100ms_every_endpoint_says_which_are_missing(
    store: Store, method: str, path: str
) -> None:
    async with _asking(store, None) as ask:
        status, body = await ask(method, path)
    assert (status, body["error"]["code"]) == (404, "unknown_platform")
    assert "HMS_APP_ACCESS_KEY and HMS_APP_SECRET" in body["error"]["message"]
