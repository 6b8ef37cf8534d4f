"""A kept document over HTTP: its bytes for who may read it, and nothing for anybody else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import wire_now
from bot.scopes import Scope
from handlers.access import Access
from handlers.asset_files import AssetFiles
from handlers.kept_reports import KeptReports
from handlers.web import application
from storage.assets import Asset, AssetKind
from storage.database import Store
from tests.builders import NINE
from tests.described import DescribedClient
from tests.storage.rows import a_course, a_stored_lesson

TOKEN = "a token of the school"
BODY = b"%PDF of a report"
ASSET = Asset(
    id="a1b2",
    lesson_id="lesson-1",
    check_id=None,
    kind=AssetKind.PARTICIPATION_REPORT,
    file_name="participation-2026-03-02-1000.pdf",
    media_type="application/pdf",
    size=len(BODY),
    sha256=sha256(BODY).hexdigest(),
    version=1,
    made_at=NINE,
)


@pytest.fixture
async def courses(store: Store, tmp_path: Path) -> dict[str, str]:
    """The report is about a lesson of Python 101; Rust 101 has none."""
    ids = {key: await a_course(store, key) for key in ("python-101", "rust-101")}
    await a_stored_lesson(store, course_id=ids["python-101"])
    AssetFiles(tmp_path).put(ASSET.id, BODY)
    async with store.write() as memory:
        await memory.assets.keep(ASSET, quota=1_000)
    return ids


@pytest.fixture
async def client(store: Store, courses: dict[str, str], tmp_path: Path) -> AsyncIterator[TestClient]:
    door = KeptReports(store, Access(store, fixed=TOKEN), AssetFiles(tmp_path))
    async with DescribedClient(TestServer(application(store, door.routes()))) as opened:
        yield opened


def with_token(token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_report_is_given_as_it_was_made(client: TestClient) -> None:
    reply = await client.get("/api/v1/reports/a1b2", headers=with_token())
    assert (reply.status, reply.content_type, await reply.read()) == (200, "application/pdf", BODY)
    assert reply.headers["Content-Disposition"] == 'attachment; filename="participation-2026-03-02-1000.pdf"'
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("headers", [{}, with_token("wrong")])
async def test_nobody_reads_it_without_a_token(client: TestClient, headers: dict[str, str]) -> None:
    assert (await client.get("/api/v1/reports/a1b2", headers=headers)).status == 401


@pytest.mark.parametrize("id_", ["a1b3", "..%2Fa1b2", "%00", "A1B2"])
async def test_what_is_not_there_is_404(client: TestClient, id_: str) -> None:
    reply = await client.get(f"/api/v1/reports/{id_}", headers=with_token())
    assert reply.status == 404


@pytest.mark.parametrize(("course", "status"), [("python-101", 200), ("rust-101", 404)])
async def test_a_token_of_one_course_reads_that_courses_alone(
    client: TestClient, store: Store, courses: dict[str, str], course: str, status: int
) -> None:
    now = wire_now()
    async with store.write() as memory:
        await memory.api_tokens.issue(
            token="of one course",
            scopes=[Scope.READ],
            course_id=courses[course],
            expires_at=now + timedelta(days=1),
            now=now,
        )
    assert (await client.get("/api/v1/reports/a1b2", headers=with_token("of one course"))).status == status


@pytest.mark.parametrize("left", [None, b"%PDF of"])
async def test_a_report_that_the_disk_has_lost_is_an_error_and_not_half_of_it(
    client: TestClient, tmp_path: Path, left: bytes | None
) -> None:
    place = tmp_path / "assets" / "a1" / f"{ASSET.id}-{ASSET.sha256}"
    place.unlink()
    if left is not None:
        place.write_bytes(left)
    reply = await client.get("/api/v1/reports/a1b2", headers=with_token())
    assert (reply.status, (await reply.json())["error"]["code"]) == (500, "storage")
