"""Slack alone, for any app: as the sandbox's handbook has it, in a test and from a shell."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.alone import slack
from sandbox.errors import SandboxError
from tests.sandbox import my_bot

ROOT = Path(__file__).parents[2]
HANDBOOK = (ROOT / "sandbox" / "README.md").read_text(encoding="utf-8")


def snippet(language: str) -> str:
    """The first block of the handbook in this language."""
    found = re.search(rf"```{language}\n(.*?)```", HANDBOOK, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the manifest of somebody's bot, in which the test runs."""
    (tmp_path / "manifest.yml").write_text(my_bot.MANIFEST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_the_ten_lines_of_the_handbook_are_a_test_that_passes(here: Path, monkeypatch: pytest.MonkeyPatch):
    runners: list[web.AppRunner] = []

    async def start(api_url: str, token: str, secret: str) -> str:
        url, runner = await my_bot.serve(my_bot.greeter(api_url, token, secret))
        runners.append(runner)
        return url

    module = ModuleType("my_bot")
    module.start = start  # type: ignore[attr-defined]  # what the snippet imports
    monkeypatch.setitem(sys.modules, "my_bot", module)
    known: dict[str, object] = {}
    exec(compile(snippet("python"), "sandbox/README.md", "exec"), known)
    [test] = [thing for name, thing in known.items() if name.startswith("test_")]
    await test()  # type: ignore[operator]  # a coroutine function, as the snippet has it
    assert len(runners) == 1
    await runners[0].cleanup()


def test_they_are_ten_lines():
    body = snippet("python").partition("async def ")[2]
    assert len(body.strip().splitlines()) <= 10


async def test_the_people_of_the_handbook_move_in(here: Path):
    (here / "people.yaml").write_text(snippet("yaml"), encoding="utf-8")
    async with slack("manifest.yml", people="people.yaml") as workspace:
        assert [person.name for person in workspace.persons.values()] == ["Ada Lovelace", "Grace Hopper"]
        assert workspace.persons["U0GRACE"].is_admin
        assert workspace.channel_named("general").members[:2] == ["U0ADA", "U0GRACE"]


async def test_a_manifest_may_be_given_as_it_is():
    async with slack(yaml.safe_load(my_bot.MANIFEST)) as workspace:
        assert workspace.tokens.scopes == ("commands", "chat:write", "users:read")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("people: [", "no YAML"),
        ("[1]", "a mapping of `people` and `channels`"),
        ("persons: []", "a mapping of `people` and `channels`"),
        ("people: {id: U1}", "`people` has to be a list"),
        ("people: [U1]", "'U1' needs id and name"),
        ("people: [{id: U1, name: No}]", "needs id and name, in words"),
        ("people: [{id: U1, name: A}, {id: U1, name: B}]", "U1 is in the workspace already"),
        ("people: [{id: U1, name: A, zone: Mars/Base}]", "No time zone found"),
        ("people: [{id: U1, name: A, age: 7}]", "age"),
        ("channels: [{name: general, members: [U9]}]", "nobody in the workspace has the id U9"),
    ],
)
async def test_a_mistake_in_the_people_is_named(here: Path, text: str, problem: str):
    (here / "people.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SandboxError, match=re.escape(problem)):
        async with slack("manifest.yml", people="people.yaml"):
            pass


@pytest.mark.parametrize(
    ("text", "problem"),
    [("features: [", "is no YAML or JSON"), ("[]", "is no manifest"), ("display_information: {}", "has no `features`")],
)
async def test_a_manifest_that_is_none_is_named(here: Path, text: str, problem: str):
    (here / "manifest.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SandboxError, match=problem):
        async with slack("manifest.yml"):
            pass


async def test_a_file_that_is_not_there_is_named():
    with pytest.raises(SandboxError, match=r"nowhere\.yml cannot be read"):
        async with slack("nowhere.yml"):
            pass


@asynccontextmanager
async def shell(*arguments: str) -> AsyncIterator[Process]:
    """`python -m sandbox` in a process of its own; it is gone afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *arguments, stdout=PIPE, stderr=PIPE, cwd=ROOT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def facts(process: Process) -> dict[str, str]:
    """What it prints first."""
    told: dict[str, str] = {}
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while "channels" not in told:
            line = (await process.stdout.readline()).decode()
            assert line, (await process.communicate())[1].decode()
            told[line[:16].strip()] = line[16:].strip()
    return told


async def test_from_a_shell_it_prints_what_an_app_needs_and_ends_when_asked_to(here: Path):
    arguments = (
        "--manifest",
        str(here / "manifest.yml"),
        "--port",
        "0",
        "--app-url",
        "http://127.0.0.1:1/",
        "--no-page",
    )
    async with shell(*arguments) as process:
        told = await facts(process)
        client = AsyncWebClient(token=told["bot token"], base_url=told["base URL"])
        assert (await client.auth_test())["user"] == "greeter"
        await client.chat_postMessage(channel="#general", text="Hello <@U0ADA>", blocks=[{"type": "divider"}])
        await client.chat_postMessage(channel="#general", text="Bye", txet="Bye")
        assert process.stdout is not None
        lines = [(await process.stdout.readline()).decode() for _ in range(2)]
        assert lines[0] == "#general        greeter: Hello @Ada Lovelace\n"
        assert lines[1] == "problem: chat.postMessage: unknown argument txet\n"
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(10):
            assert await process.wait() == 0


async def test_from_a_shell_a_mistake_is_one_sentence():
    async with shell("--manifest", "nowhere.yml") as process:
        said = (await process.communicate())[1].decode()
    assert process.returncode == 2
    assert "nowhere.yml cannot be read" in said
    assert "Traceback" not in said
