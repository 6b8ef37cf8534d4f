"""The sessions of a room as 100ms exports them: its columns, the numbers of its guide, behind a token."""

import csv
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer

from bot.clock import ManualClock
from handlers.access import Access
from handlers.cli.course import import_text
from handlers.documents import Documents
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.session_export import SessionExport
from handlers.web import application
from storage.database import Store
from tests.bot.reports.books import formulas, rows_of
from tests.described import DescribedClient
from tests.fakes.hundredms_api import FakeHundredms, hundredms_api

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
TOKEN = "a token of the school"
COURSES = """courses:
  - {name: Python 101, channel: "#python", timezone: Europe/Rome, platform: 100ms, room: room-1, schedule: sessions}
  - {name: Rust 101, channel: "#rust", timezone: UTC, platform: zoom, room: "2", schedule: sessions}
"""
PATH = "/api/v1/courses/Python 101/sessions"

Get = Callable[..., Awaitable[tuple[ClientResponse, bytes]]]


def peer(user: str, joined: str, left: str | None) -> dict[str, Any]:
    return {
        "id": f"peer of {user}",
        "name": user,
        "user_id": user,
        "role": "guest",
        "joined_at": f"2026-11-23T18:{joined}Z",
        **({"left_at": f"2026-11-23T18:{left}Z"} if left else {}),
    }


def session(id_: str = "session-1", *peers: dict[str, Any], active: bool = False) -> dict[str, Any]:
    """By default the one of the guide: two users, 2.42 and 2.37 minutes."""
    told = peers or (peer("user1", "00:00", "02:25.3"), peer("user2", "00:02", "02:24.4"))
    return {
        "id": id_,
        "room_id": "room-1",
        "active": active,
        "created_at": "2026-11-23T18:00:00Z",
        "updated_at": "2026-11-23T18:02:25.3Z",
        "peers": {each["id"]: each for each in told},
    }


@pytest.fixture
async def fake() -> AsyncIterator[tuple[FakeHundredms, HundredmsClient]]:
    async with hundredms_api() as both:
        both[0].sessions = [session()]
        yield both


@asynccontextmanager
async def asking(store: Store, rooms: HundredmsClient | None) -> AsyncIterator[Get]:
    with closing(Documents()) as documents:
        export = SessionExport(store, ManualClock(NOW), Access(store, fixed=TOKEN), documents, rooms)
        async with DescribedClient(TestServer(application(store, export.routes()))) as client:

            async def ask(path: str, token: str = TOKEN) -> tuple[ClientResponse, bytes]:
                async with client.get(path, headers={"Authorization": f"Bearer {token}"}) as reply:
                    return reply, await reply.read()

            yield ask


@pytest.fixture
async def get(store: Store, fake: tuple[FakeHundredms, HundredmsClient]) -> AsyncIterator[Get]:
    await import_text(store, COURSES, now=NOW)
    async with asking(store, fake[1]) as ask:
        yield ask


async def test_the_columns_are_those_of_100ms_and_the_numbers_those_of_its_guide(get: Get) -> None:
    reply, body = await get(f"{PATH}.csv")
    assert (reply.status, reply.content_type) == (200, "text/csv")
    assert body.decode().split("\r\n") == [
        "session_id,room_id,created_at,recording_enabled,total_peers,participant duration,session_duration,recording_duration",
        "session-1,room-1,2026-11-23T18:00:00Z,,2,4.79,2.42,",
        "",
    ]


async def test_the_workbook_has_numbers_and_the_course_s_own_time(get: Get) -> None:
    _, body = await get(f"{PATH}.xlsx")
    assert rows_of(body, "sessions") == [
        {
            "session_id": "session-1",
            "room_id": "room-1",
            "created_at": "2026-11-23 19:00:00",
            "recording_enabled": None,
            "total_peers": 2,
            "participant duration": 4.79,
            "session_duration": 2.42,
            "recording_duration": None,
        }
    ]


async def test_sessions_of_all_pages_are_there_and_one_that_runs_counts_up_to_now(
    get: Get, fake: tuple[FakeHundredms, HundredmsClient]
) -> None:
    running = session("running", peer("user1", "00:00", None), active=True)
    fake[0].sessions = [running, *(session(f"session-{number}") for number in range(5))]
    rows = list(csv.DictReader(StringIO((await get(f"{PATH}.csv"))[1].decode(), newline="")))
    assert [row["session_id"] for row in rows] == ["running", *(f"session-{number}" for number in range(5))]
    assert (rows[0]["participant duration"], rows[0]["session_duration"]) == ("120.00", "120.00")


async def test_an_id_is_never_a_formula(get: Get, fake: tuple[FakeHundredms, HundredmsClient]) -> None:
    fake[0].sessions = [session("=1+1")]
    assert "'=1+1" in (await get(f"{PATH}.csv"))[1].decode()
    assert formulas((await get(f"{PATH}.xlsx"))[1]) == 0


async def test_a_course_elsewhere_and_one_that_is_not_there_are_404(get: Get) -> None:
    for path, says in [
        ("/api/v1/courses/Rust 101/sessions.csv", "Rust 101 is not on 100ms but on zoom"),
        ("/api/v1/courses/Cobol/sessions.csv", "There is no course 'Cobol'"),
    ]:
        reply, body = await get(path)
        assert reply.status == 404
        assert says in json.loads(body)["error"]["message"]


async def test_without_credentials_of_100ms_it_says_what_to_set(store: Store) -> None:
    await import_text(store, COURSES, now=NOW)
    async with asking(store, None) as get:
        _, body = await get(f"{PATH}.csv")
    assert json.loads(body)["error"] == {
        "code": "unknown_platform",
        "message": "100ms is not set up here: set HMS_APP_ACCESS_KEY and HMS_APP_SECRET.",
    }


async def test_what_100ms_does_not_answer_is_no_success(get: Get, fake: tuple[FakeHundredms, HundredmsClient]) -> None:
    fake[0].fails_with = 500
    reply, body = await get(f"{PATH}.csv")
    assert reply.status in {502, 503}
    assert json.loads(body)["error"]["code"].startswith("platform_")


async def test_nothing_is_told_without_the_token(get: Get) -> None:
    assert (await get(f"{PATH}.csv", "wrong"))[0].status == 401
