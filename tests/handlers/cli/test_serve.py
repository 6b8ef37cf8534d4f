"""`rollcall serve` starts only where it can serve."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from sandbox.slack.server import SlackServer
from storage.dialects import dialect_of
from tests.handlers.cli.conftest import Type
from tests.sandbox.slack.world import World

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "SLACK_API_URL": "http://127.0.0.1:1/api/",
    "ROLLCALL_SECRET_KEY": "a text of more than thirty-two characters",
    "ROLLCALL_PORT": "0",
}


def test_without_slack_it_names_all_that_is_missing_and_the_demo(type_: Type) -> None:
    refused = type_("serve")
    assert (refused.code, refused.out) == (2, "")
    assert [line.split(" ")[0] for line in refused.err.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "ROLLCALL_SECRET_KEY",
        "To",
    ]
    assert "rollcall demo" in refused.err


def test_a_short_secret_key_is_refused_with_a_way_to_make_one(type_: Type) -> None:
    refused = type_("serve", **{**SETTINGS, "ROLLCALL_SECRET_KEY": "short"})
    assert refused.code == 2
    assert "ROLLCALL_SECRET_KEY is shorter than 32 characters: make one with: python3 -c" in refused.err
    assert "SLACK_BOT_TOKEN" not in refused.err


def test_settings_may_stand_in_a_file(type_: Type, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_SIGNING_SECRET=s\n")
    assert type_("serve").err.startswith("ROLLCALL_SECRET_KEY is missing")


@pytest.mark.parametrize("folder", ["a file", "a file/reports"])
def test_a_folder_for_reports_that_cannot_be_written_to_is_refused_with_its_name_and_what_to_do(
    type_: Type, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "a file").write_text("no folder")
    refused = type_("serve", **SETTINGS, ROLLCALL_DATA_DIR=folder)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"ROLLCALL_DATA_DIR {folder}: reports cannot be written there (Not a directory);"
        " name a folder that this user may write to, or correct its owner\n"
    )


def test_an_old_schema_is_refused_on_postgresql_and_the_command_is_named(
    type_: Type, empty_postgresql_url: str
) -> None:
    refused = type_("serve", **SETTINGS, ROLLCALL_DATABASE_URL=empty_postgresql_url)
    assert refused.code == 2
    assert refused.err.endswith("The database has an older schema than this program: run `rollcall db upgrade`.\n")


def test_a_schema_of_a_later_version_is_refused_on_both_databases(type_: Type, database_url: str) -> None:
    asyncio.run(_numbered(database_url, "9999"))
    try:
        refused = type_("serve", **SETTINGS, ROLLCALL_DATABASE_URL=database_url)
    finally:
        asyncio.run(_numbered(database_url, "0001"))
    assert refused.code == 2
    assert refused.err.endswith("The database has the schema of a newer version: update this program.\n")


async def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    world = World()
    slack = SlackServer(world.workspace)
    settings = {
        **SETTINGS,
        "SLACK_API_URL": await slack.start(),
        "SLACK_BOT_TOKEN": world.workspace.bot_token,
        "ROLLCALL_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'new.db'}",
    }
    serving = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=settings, stdout=-1, stderr=-1, cwd=Path(__file__).parents[3]
    )
    assert serving.stdout is not None
    assert (await serving.stdout.readline()).startswith(b"Rollcall listens on http://127.0.0.1:")
    serving.send_signal(signal.SIGTERM)
    _, err = await serving.communicate()
    await slack.stop()
    assert serving.returncode == 0
    assert b"Traceback" not in err


async def _numbered(url: str, revision: str) -> None:
    dialect = dialect_of(url)
    async with dialect.writing.connect() as connection, connection.begin():
        await connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
    await dialect.close()
