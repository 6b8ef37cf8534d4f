"""The HTTP API's documents, and its description: what is described is what there is."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer

from bot.clock import ManualClock, wire_now
from bot.scopes import Scope
from handlers.access import Access
from handlers.api import Api
from handlers.cli.course import import_text
from handlers.documents import Documents
from handlers.documents_api import DocumentsApi
from handlers.rooms import RoomsDoor
from handlers.web import application
from storage.database import Store
from tests.bot.reports.books import rows_of
from tests.described import DescribedClient
from tests.handlers.test_api import COURSES, TOKEN

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DESCRIPTION = json.loads(Path("handlers/openapi.json").read_text(encoding="utf-8"))

Get = Callable[..., Awaitable[tuple[ClientResponse, bytes]]]


@pytest.fixture
async def get(store: Store) -> AsyncIterator[Get]:
    """Asks `/api/v1…` with the right token, or with the given one."""
    await import_text(store, COURSES, now=NOW)
    clock, access = ManualClock(NOW), Access(store, fixed=TOKEN)
    with closing(Documents()) as documents:
        routes = [*Api(store, clock, access).routes(), *DocumentsApi(store, clock, access, documents).routes()]
        async with DescribedClient(TestServer(application(store, routes))) as client:

            async def ask(path: str, token: str = TOKEN, **query: str) -> tuple[ClientResponse, bytes]:
                headers = {"Authorization": f"Bearer {token}"}
                async with client.get(f"/api/v1{path}", headers=headers, params=query) as reply:
                    return reply, await reply.read()

            yield ask


async def a_lesson(get: Get) -> str:
    _, body = await get("/lessons", course="Python 101")
    return str(json.loads(body)["lessons"][0]["id"])


@pytest.mark.parametrize(
    ("form", "media", "begins"),
    [
        ("csv", "text/csv", b"name,email,role,"),
        ("xlsx", XLSX, b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("png", "image/png", b"\x89PNG"),
    ],
)
async def test_a_lesson_s_sheet_is_there_as_a_file(get: Get, form: str, media: str, begins: bytes) -> None:
    reply, body = await get(f"/lessons/{await a_lesson(get)}/attendance.{form}")
    assert (reply.status, reply.content_type) == (200, media)
    assert reply.headers["Content-Disposition"] == f'attachment; filename="attendance-2026-11-23-0000-live.{form}"'
    assert body.startswith(begins)


@pytest.mark.parametrize(
    ("form", "media", "begins"),
    [("csv", "text/csv", b"name,email,lessons,"), ("xlsx", XLSX, b"PK"), ("pdf", "application/pdf", b"%PDF-")],
)
async def test_a_course_s_report_is_there_as_a_file(get: Get, form: str, media: str, begins: bytes) -> None:
    reply, body = await get(f"/courses/Python 101/report.{form}", period="2026-11")
    assert (reply.status, reply.content_type) == (200, media)
    assert reply.headers["Content-Disposition"] == (
        f'attachment; filename="course-report-2026-11-01-2026-11-30.{form}"'
    )
    assert body.startswith(begins)


async def test_a_course_s_report_as_json_is_about_the_days_that_were_asked_for(get: Get) -> None:
    _, body = await get("/courses/Python 101/report", **{"from": "2026-11-24", "to": "2026-11-25"})
    report = json.loads(body)
    assert (report["from"], report["to"]) == ("2026-11-24", "2026-11-25")
    assert [(each["name"], each["to_come_seconds"]) for each in report["students"]] == [("Ada Lovelace", 3_600)]


async def test_documents_are_in_the_language_that_was_asked_for(get: Get) -> None:
    _, body = await get("/courses/Python 101/report.xlsx", language="de")
    assert [row["Person"] for row in rows_of(body, "Teilnehmende")] == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("path", "query", "says"),
    [
        ("/courses/Python 101/report", {"from": "soon"}, "from='soon' is not a date: write it as 2026-11-23."),
        ("/courses/Python 101/report", {"from": "2026-11-23", "to": "2026-11-22"}, "from, to: there is no day from"),
        ("/courses/Python 101/report", {"period": "soon"}, "period='soon': write it as `last week`"),
        ("/courses/Python 101/report", {"period": "2026-11", "to": "2026-11-22"}, "without `from` and `to`"),
        ("/courses/Python 101/report.pdf", {"language": "xx"}, "language='xx': there is en and de."),
    ],
)
async def test_what_is_wrong_is_said_with_its_name(get: Get, path: str, query: dict[str, str], says: str) -> None:
    reply, body = await get(path, **query)
    assert (reply.status, json.loads(body)["error"]["code"]) == (400, "bad_input")
    assert says in json.loads(body)["error"]["message"]


@pytest.mark.parametrize(
    "path",
    ["/lessons/x/attendance.pdf", "/courses/x/report", "/courses/x/report.csv", "/courses/Python 101/report.doc"],
)
async def test_what_is_not_there_is_404(get: Get, path: str) -> None:
    assert (await get(path))[0].status == 404


@pytest.mark.parametrize("path", ["/lessons/x/attendance.pdf", "/courses/x/report", "/courses/x/report.csv"])
async def test_nothing_is_told_without_the_token(get: Get, path: str) -> None:
    assert (await get(path, token="wrong"))[0].status == 401


async def test_a_token_of_another_course_is_told_nothing(get: Get, store: Store) -> None:
    lesson = await a_lesson(get)
    async with store.write() as memory:
        rust = await memory.courses.find("Rust 101")
        assert rust is not None
        await memory.api_tokens.issue(scopes=[Scope.READ], token="of rust", course_id=rust.id, now=wire_now())
    for path in (f"/lessons/{lesson}/attendance.csv", "/courses/Python 101/report"):
        assert (await get(path, token="of rust"))[0].status == 404
    assert (await get("/courses/Rust 101/report", token="of rust"))[0].status == 200


async def test_the_description_needs_no_token_and_names_every_path(get: Get, store: Store) -> None:
    reply, body = await get("/openapi.json", token="wrong")
    assert (reply.status, json.loads(body)) == (200, DESCRIPTION)
    with closing(Documents()) as documents:
        clock, access = ManualClock(NOW), Access(store)
        routes = [*Api(store, clock, access).routes(), *DocumentsApi(store, clock, access, documents).routes()]
    there = {re.sub(r":[^}]*", "", route.path) for route in routes}
    rooms = {route.path for route in RoomsDoor(store, clock, access, None).routes()}
    elsewhere = {"/api/v1/reports/{asset_id}", "/api/v1/courses/{id}/sessions.{form}", "/join/{token}"}
    assert there | rooms | elsewhere == set(DESCRIPTION["paths"])


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/courses", None),
        ("/courses/Python 101", "Course"),
        ("/courses/Python 101/report", "CourseReport"),
        ("/lessons", None),
        ("/lessons/LESSON", "Lesson"),
        ("/lessons/LESSON/attendance", "Attendance"),
        ("/courses/x", "Error"),
    ],
)
async def test_replies_are_as_described(get: Get, path: str, schema: str | None) -> None:
    _, body = await get(path.replace("LESSON", await a_lesson(get)))
    described: Any = (
        {"$ref": f"#/components/schemas/{schema}"}
        if schema is not None
        else DESCRIPTION["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    )
    jsonschema.validate(json.loads(body), {**described, "components": DESCRIPTION["components"]})


def test_the_description_describes_every_field_strictly() -> None:
    """What is required is what there is, but for what stands there only if there is something to tell."""
    optional = {"Attendance": {"feed_reason", "meeting"}}
    assert all(
        sorted(set(schema["properties"]) - optional.get(name, set())) == schema["required"]
        for name, schema in DESCRIPTION["components"]["schemas"].items()
        if "properties" in schema
    )
