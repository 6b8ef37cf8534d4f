"""Tokens at the HTTP API: each opens what it is for, until it is over or taken back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.clock import ManualClock, wire_now
from bot.scopes import Scope
from handlers.access import Access
from handlers.api import Api
from handlers.cli.course import import_text
from handlers.web import application
from storage.database import Store
from tests.described import DescribedClient
from tests.handlers.test_api import COURSES

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONG = timedelta(days=90)

Get = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def get(store: Store) -> AsyncIterator[Get]:
    """Asks `/api/v1…` with a token; no fixed one is set."""
    await import_text(store, COURSES, now=NOW)
    api = Api(store, ManualClock(NOW), Access(store))
    async with DescribedClient(TestServer(application(store, api.routes()))) as client:

        async def ask(path: str, token: str) -> tuple[int, Any]:
            async with client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}) as reply:
                return reply.status, await reply.json()

        yield ask


async def issue(store: Store, token: str, *scopes: Scope, course: str | None = None, **changes: Any) -> str:
    async with store.write() as memory:
        found = await memory.courses.find(course) if course is not None else None
        return await memory.api_tokens.issue(
            scopes=scopes,
            token=token,
            course_id=found.id if found is not None else None,
            **{"now": wire_now(), "expires_at": wire_now() + LONG, **changes},
        )


async def test_a_token_of_the_scope_read_reads(store: Store, get: Get) -> None:
    await issue(store, "t0ken", Scope.READ)
    await issue(store, "for-ever", Scope.READ, expires_at=None)
    for token in ("t0ken", "for-ever"):
        status, body = await get("/courses", token)
        assert (status, len(body["courses"])) == (200, 2)


@pytest.mark.parametrize("scopes", [[Scope.ROOMS], [Scope.METRICS], [Scope.WRITE, Scope.ROOMS], []])
async def test_a_token_without_the_scope_is_forbidden_to(store: Store, get: Get, scopes: list[Scope]) -> None:
    await issue(store, "t0ken", *scopes)
    status, body = await get("/courses", "t0ken")
    assert (status, body["error"]["code"]) == (403, "forbidden")
    assert "`read`" in body["error"]["message"]


async def test_a_token_is_good_until_it_expires(store: Store, get: Get) -> None:
    await issue(store, "over", Scope.READ, expires_at=wire_now() - timedelta(seconds=1))
    await issue(store, "almost", Scope.READ, expires_at=wire_now() + timedelta(minutes=1))
    assert (await get("/courses", "over"))[0] == 401
    assert (await get("/courses", "almost"))[0] == 200


async def test_a_token_that_was_taken_back_is_refused_at_once(store: Store, get: Get) -> None:
    issued = await issue(store, "t0ken", Scope.READ)
    assert (await get("/courses", "t0ken"))[0] == 200
    async with store.write() as memory:
        assert await memory.api_tokens.revoke(issued, now=wire_now())
        assert not await memory.api_tokens.revoke("nope", now=wire_now())
    assert (await get("/courses", "t0ken"))[0] == 401


async def test_a_jwt_or_its_id_is_no_token_of_the_api(store: Store, get: Get) -> None:
    async with store.write() as memory:
        issued = await memory.api_tokens.issue(scopes=[Scope.SIGNALING, Scope.READ], now=wire_now())
    for given in (issued, "None"):
        assert (await get("/courses", given))[0] == 401


async def test_a_token_of_a_course_sees_that_course_alone(store: Store, get: Get) -> None:
    await issue(store, "all", Scope.READ)
    await issue(store, "python", Scope.READ, course="Python 101")
    courses = {each["name"]: each["id"] for each in (await get("/courses", "all"))[1]["courses"]}
    lessons = {each["course"]: each["id"] for each in (await get("/lessons", "all"))[1]["lessons"]}

    _, listed = await get("/courses", "python")
    assert [each["name"] for each in listed["courses"]] == ["Python 101"]
    _, listed = await get("/lessons", "python")
    assert {each["course"] for each in listed["lessons"]} == {"Python 101"}
    assert (await get(f"/lessons/{lessons['Python 101']}/attendance", "python"))[0] == 200
    for path in (
        f"/courses/{courses['Rust 101']}",
        "/courses/Rust 101",
        "/lessons?course=Rust 101",
        f"/lessons/{lessons['Rust 101']}",
        f"/lessons/{lessons['Rust 101']}/attendance",
    ):
        assert (await get(path, "python"))[0] == 404, path
        assert (await get(path, "all"))[0] == 200, path


async def test_the_token_itself_is_nowhere_in_the_database(store: Store) -> None:
    await issue(store, "a-token-that-nobody-keeps", Scope.READ)
    async with store.read() as memory:
        (kept,) = await memory.api_tokens.all()
        assert "nobody-keeps" not in repr(kept)
        assert (kept.scopes, kept.course, kept.revoked_at) == ((Scope.READ,), "", None)
