"""Health, and replies that look the same whatever refuses."""

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from structlog.testing import capture_logs

from handlers.web import application
from storage.database import Store
from storage.dialects import dialect_of


async def _fails(_request: web.Request) -> web.Response:
    raise RuntimeError("the password is hunter2")


async def _get(store: Store, path: str, method: str = "GET") -> tuple[int, dict[str, object]]:
    app = application(store, [web.get("/fails/{token}", _fails)])
    async with TestClient(TestServer(app)) as client, client.request(method, path) as reply:
        return reply.status, json.loads(await reply.read())


async def test_who_is_up_and_can_take_webhooks_says_so(store: Store) -> None:
    assert await _get(store, "/healthz") == (200, {"status": "alive"})
    assert await _get(store, "/readyz") == (200, {"status": "ready"})


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
