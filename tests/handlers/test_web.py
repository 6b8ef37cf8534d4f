"""Health, and replies that look the same whatever refuses."""

import asyncio
import json
import sqlite3

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from structlog.testing import capture_logs

from handlers.web import application
from storage.database import Store
from storage.dialects import dialect_of
from storage.errors import StorageError
from tests.handlers.served import Served


async def _fails(_request: web.Request) -> web.Response:
    raise RuntimeError("the password is hunter2")


async def _meets_a_locked_database(_request: web.Request) -> web.Response:
    raise StorageError(sqlite3.OperationalError("database is locked"))


async def _meets_a_database_that_refuses(_request: web.Request) -> web.Response:
    raise StorageError(sqlite3.IntegrityError("NOT NULL constraint failed: lesson.id"))


async def _reads(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


ROUTES = [
    web.get("/fails/{token}", _fails),
    web.get("/locked", _meets_a_locked_database),
    web.get("/refused", _meets_a_database_that_refuses),
    web.post("/reads", _reads),
]


async def _get(store: Store, path: str, method: str = "GET") -> tuple[int, dict[str, object]]:
    app = application(store, ROUTES)
    async with TestClient(TestServer(app)) as client, client.request(method, path) as reply:
        return reply.status, json.loads(await reply.read())


async def test_who_is_up_and_can_take_webhooks_says_so(store: Store) -> None:
    assert await _get(store, "/healthz") == (200, {"status": "alive"})
    assert await _get(store, "/readyz") == (200, {"status": "ready"})


async def test_a_slack_that_refuses_us_is_said_and_platforms_are_served_all_the_same(store: Store) -> None:
    said = ["", "token_revoked"]
    app = application(store, ROUTES, slack_refusal=lambda: said[0])
    async with TestClient(TestServer(app)) as client:
        for expected in ({"status": "ready"}, {"status": "ready", "slack": "refuses the token: token_revoked"}):
            async with client.get("/readyz") as reply:
                assert (reply.status, await reply.json()) == (200, expected)
            said.reverse()


async def test_without_tables_it_is_alive_and_not_ready(empty_database_url: str) -> None:
    store = await Store.open(empty_database_url)
    try:
        status, body = await _get(store, "/readyz")
        assert (await _get(store, "/healthz"))[0] == 200
    finally:
        await store.close()
    assert (status, body["error"]["code"]) == (503, "schema_not_current")  # type: ignore[index]  # an object
    assert "rollcall db upgrade" in str(body)


async def test_with_another_schema_it_is_not_ready(store: Store, database_url: str) -> None:
    dialect = dialect_of(database_url)
    for revision, expected in (("9999", 503), ("0001", 200)):
        async with dialect.writing.connect() as connection, connection.begin():
            await connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        assert (await _get(store, "/readyz"))[0] == expected
    await dialect.close()


async def test_without_its_database_it_is_not_ready(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone() -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(store, "schema_state", gone)
    status, body = await _get(store, "/readyz")
    assert (status, body["error"]["code"]) == (503, "database_unreachable")  # type: ignore[index]  # an object
    assert (await _get(store, "/healthz"))[0] == 200


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/healthz", 405)])
async def test_a_refusal_has_the_shape_of_all_others(store: Store, method: str, path: str, status: int) -> None:
    code = {404: "not_found", 405: "method_not_allowed"}[status]
    answered, body = await _get(store, path, method)
    assert (answered, set(body), body["error"]["code"]) == (status, {"error"}, code)  # type: ignore[index]  # an object


async def test_a_bug_is_a_500_that_tells_nothing_and_a_log_without_the_path(store: Store) -> None:
    with capture_logs() as logged:
        status, body = await _get(store, "/fails/t0ken")
    assert status == 500
    assert "hunter2" not in str(body)
    assert logged[0]["route"] == "/fails/{token}"
    assert "t0ken" not in str(logged)


async def test_a_locked_database_is_a_503_and_one_line_without_a_traceback(store: Store) -> None:
    with capture_logs() as logged:
        status, body = await _get(store, "/locked")
    assert (status, body["error"]["code"]) == (503, "storage_unavailable")  # type: ignore[index]  # an object
    assert [(line["event"], "exc_info" in line) for line in logged] == [("storage_unavailable", False)]


async def test_what_the_database_refuses_for_good_is_a_bug(store: Store) -> None:
    assert (await _get(store, "/refused"))[0] == 500


async def test_who_hangs_up_in_the_middle_of_a_body_is_no_error(store: Store) -> None:
    with capture_logs() as logged:
        async with TestClient(Served(application(store, ROUTES))) as client:
            _, writer = await asyncio.open_connection(client.host, client.port)
            writer.write(b"POST /reads HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{")
            await writer.drain()
            assert (await client.get("/healthz")).status == 200
            writer.close()
            assert (await client.get("/healthz")).status == 200
    assert logged == []


async def test_a_body_that_is_not_encoded_as_it_says_is_a_400(store: Store) -> None:
    packed = {"content-encoding": "gzip"}
    async with (
        TestClient(TestServer(application(store, ROUTES))) as client,
        client.post("/reads", data=b"nono", headers=packed) as reply,
    ):
        assert (reply.status, (await reply.json())["error"]["code"]) == (400, "incomplete")
