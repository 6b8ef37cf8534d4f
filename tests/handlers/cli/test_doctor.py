"""`rollcall doctor`: one line per check, each with what to do about it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import wire_now
from handlers.cli.context import Context
from handlers.cli.doctor import MANIFEST, _doctor
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from tests.handlers.cli.conftest import Type
from tests.sandbox.slack.world import HandClock

Examine = Callable[..., Awaitable[tuple[int, list[str]]]]


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """A Slack that has installed the app of the manifest."""
    workspace = Workspace(clock=HandClock(), manifest=yaml.safe_load(MANIFEST.read_text()))
    yield workspace
    await workspace.close()


@pytest.fixture
async def examine(workspace: Workspace, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Examine]:
    """The doctor's exit code and lines in a house where all is well, but for the given settings."""
    slack = SlackServer(workspace)
    healthy = {
        "SLACK_API_URL": await slack.start(),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "ZOOM_WEBHOOK_SECRET_TOKEN": "s3cret-of-zoom",
        "ROLLCALL_SECRET_KEY": "a text of more than thirty-two characters",
        "ROLLCALL_DATABASE_URL": sqlite_url,
    }

    async def look(**changes: str) -> tuple[int, list[str]]:
        context = Context(environment=healthy | changes, assemble=lambda *_: None)  # type: ignore[arg-type,return-value]  # nothing is run
        code = await _doctor(context)
        return code, capsys.readouterr().out.splitlines()

    yield look
    await slack.stop()


def the_line(lines: list[str], check: str) -> str:
    (line,) = [line for line in lines if line[4:].startswith(check)]
    return line


async def test_where_all_is_well_every_check_says_ok(examine: Examine) -> None:
    code, lines = await examine()
    assert code == 0
    assert [line[:4] for line in lines] == ["ok  "] * 6
    assert [line[4:14].strip() for line in lines] == ["settings", "database", "slack", "scopes", "clock", "platforms"]


@pytest.mark.parametrize(
    ("check", "changes", "found", "remedy"),
    [
        ("settings", {"ROLLCALL_SECRET_KEY": ""}, "ROLLCALL_SECRET_KEY is missing", "token_urlsafe"),
        ("settings", {"ROLLCALL_PORT": "http"}, '"http" is no port', ".env"),
        (
            "database",
            {"ROLLCALL_DATABASE_URL": "sqlite+aiosqlite:////nowhere/x.db"},
            "unable to open",
            "ROLLCALL_DATABASE_URL",
        ),
        (
            "database",
            {"ROLLCALL_DATABASE_URL": "postgresql+asyncpg://u:hunter2@127.0.0.1:1/x"},
            "Refused",
            "is it running",
        ),
        ("slack", {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "refuses the token: invalid_auth", "OAuth & Permissions"),
        ("slack", {"SLACK_API_URL": "http://127.0.0.1:1/api/"}, "cannot be reached", "SLACK_API_URL"),
        ("platforms", {"ZOOM_WEBHOOK_SECRET_TOKEN": ""}, "none is switched on", "ZOOM_WEBHOOK_SECRET_TOKEN"),
    ],
)
async def test_what_is_wrong_is_found_with_its_remedy(
    examine: Examine, check: str, changes: dict[str, str], found: str, remedy: str
) -> None:
    code, lines = await examine(**changes)
    line = the_line(lines, check)
    assert (code, line[:4]) == (1, "FIX ")
    complaint, _, what_to_do = line.partition(" → ")
    assert found in complaint
    assert remedy in what_to_do
    assert "hunter2" not in line


async def test_an_old_schema_is_found_on_both_databases(examine: Examine, empty_database_url: str) -> None:
    code, lines = await examine(ROLLCALL_DATABASE_URL=empty_database_url)
    assert (code, the_line(lines, "database")) == (1, "FIX database  schema empty → run `rollcall db upgrade`")


async def test_a_scope_that_was_not_granted_is_named(examine: Examine, workspace: Workspace) -> None:
    workspace.tokens.scopes = [scope for scope in workspace.tokens.scopes if scope != "users:read.email"]
    code, lines = await examine()
    assert (code, the_line(lines, "scopes")) == (
        1,
        "FIX scopes    missing users:read.email → update the app from manifest.yml and reinstall it",
    )


async def test_a_clock_that_differs_from_slack_s_is_found(examine: Examine) -> None:
    for minutes, is_well in ((0, True), (-10, False), (10, False)):
        async with TestServer(slack_at(wire_now() + timedelta(minutes=minutes))) as slack:
            _, lines = await examine(SLACK_API_URL=str(slack.make_url("/")))
        line = the_line(lines, "clock")
        assert line.startswith("ok") is is_well
        assert ("NTP" in line) is not is_well


async def test_a_slack_that_answers_no_json_is_found(examine: Examine, workspace: Workspace) -> None:
    workspace.faults.server_error("auth.test")
    code, lines = await examine()
    assert (code, the_line(lines, "slack")[:4]) == (1, "FIX ")


def test_the_doctor_s_exit_code_is_1_when_something_needs_attention(type_: Type, tmp_path: Path) -> None:
    examined = type_("doctor", ROLLCALL_DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    assert (examined.code, examined.err) == (1, "")
    assert all(" → " in line for line in examined.out.splitlines() if line.startswith("FIX"))


def slack_at(moment: datetime) -> web.Application:
    """A Slack whose clock shows that moment."""

    async def auth_test(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True}, headers={"Date": format_datetime(moment, usegmt=True)})

    app = web.Application()
    app.router.add_post("/auth.test", auth_test)
    return app
