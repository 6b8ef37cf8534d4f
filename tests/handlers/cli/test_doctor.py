"""`rollcall doctor`: one line per check, each with what to do about it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from bot.clock import wire_now
from handlers.cli import check_machine, doctor
from handlers.cli.check_slack import MANIFEST
from handlers.cli.context import Context
from handlers.cli.course import import_text
from handlers.cli.doctor import _doctor
from handlers.fonts import Fonts
from handlers.keys import Keys
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from storage.database import Store
from tests.builders import NINE, joined
from tests.handlers.cli.conftest import Type
from tests.handlers.platforms.answering import Answer, AnsweringApi, says
from tests.sandbox.slack.world import HandClock

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = "a text of more than thirty-two characters"
#: Lessons to come, and one that has begun.
COURSES = """courses:
  - {name: Python 101, channel: "#python", staff_channel: "#trainers", timezone: UTC, platform: zoom, room: "1",
     schedule: [{start: 2026-11-20T09:00, duration: 1h}, {start: 2026-12-20T09:00, duration: 1h}],
     trainers: [{name: Grace Hopper, email: grace@example.com, slack: U0GRACE}],
     students: [{name: Ada Lovelace, email: ada@example.com, slack: U0ADA}]}
"""

Examine = Callable[..., Awaitable[tuple[int, list[str]]]]


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """A Slack that has installed the app of the manifest."""
    workspace = Workspace(clock=HandClock(), manifest=yaml.safe_load(MANIFEST.read_text()))
    yield workspace
    await workspace.close()


@pytest.fixture
async def examine(
    workspace: Workspace,
    sqlite_url: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Examine]:
    """The doctor's exit code and lines in a house where all is well, but for the given settings."""
    monkeypatch.setattr(Fonts, "missing_scripts", lambda _: [])  # whatever this machine has
    slack = SlackServer(workspace)
    healthy = {
        "SLACK_API_URL": await slack.start(),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "ZOOM_WEBHOOK_SECRET_TOKEN": "s3cret-of-zoom",
        "ROLLCALL_SECRET_KEY": KEY,
        "ROLLCALL_PUBLIC_URL": "https://rollcall.example.com",
        "ROLLCALL_DATABASE_URL": sqlite_url,
        "ROLLCALL_DATA_DIR": str(tmp_path / "reports"),
    }

    async def look(**changes: str) -> tuple[int, list[str]]:
        context = Context(environment=healthy | changes, assemble=lambda *_: None)  # type: ignore[arg-type,return-value]  # nothing is run
        code = await _doctor(context, now=NOW)
        return code, capsys.readouterr().out.splitlines()

    yield look
    await slack.stop()


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """What the doctor will find in the memory."""
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def school(store: Store, workspace: Workspace) -> None:
    """A school of one course in which everything is as it should be, and its platform was heard from."""
    await teach(store, COURSES)
    workspace.add_channel("python")
    workspace.add_channel("trainers", private=True)
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=wire_now())
        await memory.presence.record([(account, None, joined("Ada", at=1))], now=wire_now())


async def teach(store: Store, courses: str) -> None:
    await import_text(store, courses, now=datetime(2026, 11, 1, tzinfo=UTC))


def the_line(lines: list[str], check: str) -> str:
    (line,) = [line for line in lines if line[4:].startswith(check)]
    return line


async def complaint(examine: Examine, check: str, **changes: str) -> tuple[str, str]:
    """What the one line that needs attention says, and its remedy."""
    code, lines = await examine(**changes)
    found = [line for line in lines if line.startswith("FIX ")]
    assert (code, [line[4:14].strip() for line in found]) == (1, [check])
    what, _, remedy = found[0][14:].partition(" → ")
    assert remedy
    return what, remedy


async def test_where_all_is_well_every_check_says_ok(examine: Examine, school: None) -> None:
    code, lines = await examine()
    assert [line for line in lines if not line.startswith("ok  ")] == []
    assert code == 0
    assert [line[4:14].strip() for line in lines] == [
        "settings", "key", "address", "data", "disk", "fonts", "database", "slack", "scopes", "clock", "records", "channels",
        "platforms", "heard", "trainers", "people",
    ]  # fmt: skip


async def test_an_empty_school_is_well_too(examine: Examine) -> None:
    code, lines = await examine()
    assert (code, [line for line in lines if line.startswith("FIX")]) == (0, [])


async def test_a_key_that_repeats_itself_is_weak(examine: Examine) -> None:
    what, remedy = await complaint(examine, "key", ROLLCALL_SECRET_KEY="password" * 8)
    assert "can be guessed" in what
    assert "token_urlsafe" in remedy
    assert "passwordpassword" not in what + remedy


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "is not set"),
        ("http://rollcall.example.com", "is not https"),
        ("https://localhost:8080", "of this machine or network alone"),
        ("https://127.0.0.1", "of this machine or network alone"),
        ("https://192.168.1.4:8080", "of this machine or network alone"),
        ("https://rollcall", "of this machine or network alone"),
        ("https://rollcall.example.com/?x=1", "more in it than host and path"),
        ("https://user:hunter2@rollcall.example.com", "more in it than host and path"),
    ],
)
async def test_an_address_that_nobody_outside_reaches_is_found(examine: Examine, url: str, why: str) -> None:
    what, remedy = await complaint(examine, "address", ROLLCALL_PUBLIC_URL=url)
    assert why in what
    assert "set ROLLCALL_PUBLIC_URL to the https:// address" in remedy
    assert "hunter2" not in what


async def test_a_folder_for_reports_that_cannot_be_written_to_is_found(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder")
    what, remedy = await complaint(examine, "data", ROLLCALL_DATA_DIR=str(tmp_path / "a file" / "reports"))
    assert "cannot be written to" in what
    assert "ROLLCALL_DATA_DIR" in remedy


async def test_a_disk_that_is_nearly_full_is_found(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_machine, "LEAST_FREE", 2**60)
    what, remedy = await complaint(examine, "disk")
    assert what.endswith("MiB are free")
    assert "make room" in remedy


async def test_scripts_without_a_font_are_named(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(doctor, "Fonts", partial(Fonts, of_machine=False))
    what, remedy = await complaint(examine, "fonts")
    assert what.startswith("no font for Arabic, Hebrew, Armenian, ")
    assert "Latin" not in what
    assert "fonts-noto-cjk" in remedy


@pytest.mark.parametrize("place", ["#python", "#trainers"])
async def test_a_channel_that_the_bot_is_not_in_is_found(
    examine: Examine, school: None, workspace: Workspace, place: str
) -> None:
    (channel,) = [each for each in workspace.channels.values() if f"#{each.name}" == place]
    channel.members.remove(workspace.bot.id)
    what, remedy = await complaint(examine, "channels")
    assert what == f"the bot is not in {place} (Python 101)"
    assert remedy == f"type `/invite @rollcall` in {place}"


async def test_channels_that_slack_does_not_show_are_said(examine: Examine, school: None, workspace: Workspace) -> None:
    workspace.faults.server_error("conversations.list")
    what, _ = await complaint(examine, "channels")
    assert what.startswith("cannot be looked at (")


async def test_a_course_whose_platform_is_not_switched_on_is_found(examine: Examine, store: Store) -> None:
    await teach(store, COURSES.replace("platform: zoom", "platform: 100ms").replace("2026-11-20", "2026-12-10"))
    _, lines = await examine()
    assert the_line(lines, "platforms") == (
        "FIX platforms 100ms, of Python 101, is not switched on → set HMS_WEBHOOK_SECRET, or `rollcall account add NAME"
        " --platform 100ms`"
    )


async def test_an_account_of_its_own_switches_a_platform_on(examine: Examine, store: Store) -> None:
    async with store.write() as memory:
        sealed = Keys([KEY]).seal("s3cret")
        await memory.accounts.add("zoom", "Evening school", token_hash="x", sealed=sealed, now=wire_now())
    code, lines = await examine(ZOOM_WEBHOOK_SECRET_TOKEN="")
    assert (code, the_line(lines, "platforms")) == (0, "ok  platforms zoom switched on")


async def test_a_classroom_of_ones_own_needs_no_secret_and_is_heard_of_by_its_sockets(
    examine: Examine, store: Store, workspace: Workspace
) -> None:
    workspace.add_channel("python")
    workspace.add_channel("trainers")
    await teach(store, COURSES.replace("platform: zoom", "platform: signaling"))
    _, lines = await examine(ZOOM_WEBHOOK_SECRET_TOKEN="")
    assert the_line(lines, "platforms") == "ok  platforms signaling switched on"
    what, remedy = await complaint(examine, "heard")
    assert what == "signaling has never sent anything, though lessons have begun"
    assert remedy.startswith("join https://rollcall.example.com/signaling with a token of")


async def test_a_secret_that_no_key_opens_is_found(examine: Examine, store: Store) -> None:
    async with store.write() as memory:
        sealed = Keys(["another text of more than thirty-two characters"]).seal("s3cret")
        await memory.accounts.add("zoom", "Evening school", token_hash="x", sealed=sealed, now=wire_now())
    what, remedy = await complaint(examine, "secrets")
    assert what == "those of zoom (Evening school) were sealed with another ROLLCALL_SECRET_KEY"
    assert "`rollcall account rotate 'Evening school' --platform zoom`" in remedy


async def test_an_account_that_never_sent_anything_is_found_once_a_lesson_has_begun(
    examine: Examine, store: Store, workspace: Workspace
) -> None:
    workspace.add_channel("python")
    workspace.add_channel("trainers")
    await teach(store, COURSES.replace("2026-11-20", "2026-12-10"))
    code, lines = await examine()
    assert (code, the_line(lines, "heard")) == (0, "ok  heard     zoom: nothing yet, and no lesson has begun")
    await teach(store, COURSES)
    what, remedy = await complaint(examine, "heard")
    assert what == "zoom has never sent anything, though lessons have begun"
    assert "https://rollcall.example.com/webhooks/zoom" in remedy


async def test_requests_that_no_secret_proved_are_found(examine: Examine, school: None, store: Store) -> None:
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=wire_now())
        await memory.accounts.refused(account, 21, first_at=NINE, last_at=NINE)
    what, remedy = await complaint(examine, "heard")
    assert what == "zoom: 21 requests since 2026-03-02 09:00 UTC were proven by no secret"
    assert remedy == "compare ZOOM_WEBHOOK_SECRET_TOKEN with what the platform shows"


async def test_a_course_without_a_trainer_is_found(examine: Examine, school: None, store: Store) -> None:
    await teach(
        store, COURSES.replace("     trainers: [{name: Grace Hopper, email: grace@example.com, slack: U0GRACE}],\n", "")
    )
    async with store.write() as memory:
        await memory._transaction.run(text("UPDATE enrolment SET until_on = '2026-01-01' WHERE role = 'trainer'"))
    what, remedy = await complaint(examine, "trainers")
    assert (what, remedy) == ("Python 101 has none", "name `trainers` in the course file and import it again")


async def test_people_who_are_not_in_slack_are_found(examine: Examine, school: None, store: Store) -> None:
    await teach(
        store, COURSES.replace(", slack: U0ADA", "").replace("Ada Lovelace", "Bob Stone").replace("ada@", "bob@")
    )
    what, remedy = await complaint(examine, "people")
    assert what == "1 not found in Slack: Bob Stone"
    assert "course file" in remedy


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("name", "remedy"),
    [("ROLLCALL_PUBLIC_ULR", "did you mean ROLLCALL_PUBLIC_URL?"), ("ROLLCALL_XYZ", "take it out")],
)
async def test_a_setting_that_there_is_not_is_named(examine: Examine, name: str, remedy: str) -> None:
    assert await complaint(examine, "settings", **{name: "x"}) == (f"{name} is no setting", remedy)


@pytest.mark.parametrize(
    ("check", "changes", "found", "remedy"),
    [
        ("settings", {"ROLLCALL_SECRET_KEY": "short"}, "ROLLCALL_SECRET_KEY is shorter than 32", "token_urlsafe"),
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
            "Connection refused",
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


# Records


@pytest.fixture
async def api() -> AsyncIterator[AnsweringApi]:
    """Zoom's API and 100ms's in one."""
    server = AnsweringApi()
    yield server
    await server.stop()


async def ask_for_records(examine: Examine, api: AnsweringApi) -> tuple[int, str]:
    """The exit code and the line about 100ms's records."""
    code, lines = await examine(
        HMS_APP_ACCESS_KEY="key", HMS_APP_SECRET="app-secret-of-at-least-32-letters", HMS_API_URL=await api.start()
    )
    (line,) = [line for line in lines if line[4:].startswith("records") and "100ms" in line]
    return code, line


async def test_a_platform_that_takes_our_credentials_can_be_asked(examine: Examine, api: AnsweringApi) -> None:
    api.will(says({"data": []}))
    assert await ask_for_records(examine, api) == (
        0,
        "ok  records   100ms takes our credentials and can be asked for its own",
    )


async def test_a_platform_that_refuses_our_credentials_is_found(examine: Examine, api: AnsweringApi) -> None:
    api.will(says({"code": 401, "message": "Token validation error"}, status=401))
    code, line = await ask_for_records(examine, api)
    what, remedy = line.split(" → ")
    assert (code, what) == (1, "FIX records   100ms refused to list the sessions (401: Token validation error)")
    assert remedy == "copy HMS_APP_ACCESS_KEY, HMS_APP_SECRET again from *Developer* in the dashboard"


async def test_a_platform_whose_api_asks_us_to_wait_is_found(examine: Examine, api: AnsweringApi) -> None:
    api.will(says({}, status=429, headers={"Retry-After": "60"}))
    code, line = await ask_for_records(examine, api)
    assert (code, line[:10]) == (1, "FIX record")
    assert line.endswith(" → check the network and 100ms's status, try again")


ZOOMS = {"ZOOM_ACCOUNT_ID": "an account", "ZOOM_CLIENT_ID": "a client", "ZOOM_CLIENT_SECRET": "its secret"}


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (says({"meetings": []}), "ok  rooms     zoom says who is in a room of which no webhooks come"),
        (
            says({"code": 200, "message": "Not on this plan."}, status=400),
            (
                "ok  rooms     zoom does not say who is in, so webhooks alone do: "
                "Zoom refused to list the meetings that run (400: Not on this plan)"
            ),
        ),
    ],
)
async def test_whether_a_platform_says_who_is_in_its_rooms_is_told_and_needs_no_remedy(
    examine: Examine, api: AnsweringApi, answer: Answer, line: str
) -> None:
    url = await api.start()
    api.will(says({"access_token": "token", "expires_in": 3600}), answer)
    code, lines = await examine(**ZOOMS, ZOOM_API_URL=url, ZOOM_OAUTH_URL=url)
    assert (code, [each for each in lines if each[4:].startswith("rooms")]) == (0, [line])


async def test_a_platform_whose_records_are_not_asked_for_is_told(examine: Examine) -> None:
    code, lines = await examine()
    assert (code, the_line(lines, "records")) == (
        0,
        "ok  records   zoom is not asked for its own: ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET are not set",
    )


async def test_credentials_that_are_not_complete_are_found_by_name(examine: Examine) -> None:
    what, remedy = await complaint(examine, "settings", ZOOM_ACCOUNT_ID="a", ZOOM_CLIENT_ID="b")
    assert what == "ZOOM_CLIENT_SECRET is missing"
    assert "copy it from *App Credentials*" in remedy
