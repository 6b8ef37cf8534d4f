"""The official packages for Node, unchanged but for the base URL: the client makes every call, the framework is an app.

`npm ci --prefix .ci/node` installs them; without Node or without them these tests are skipped and say so.
"""

import asyncio
import json
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.slack.server import SlackServer
from tests.sandbox.slack.every_method import STEPS, check_story, ready_world
from tests.sandbox.slack.world import World, actions, button, soon

OLDEST_NODE = 20
NODE = shutil.which("node")
PACKAGES = Path(__file__).parents[3] / ".ci" / "node"
SCRIPTS = Path(__file__).parent / "node"


def node_version() -> int:
    """The major version of Node, 0 without it."""
    if NODE is None:
        return 0
    told = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    return int(told.removeprefix("v").partition(".")[0])


pytestmark = [
    pytest.mark.skipif(node_version() < OLDEST_NODE, reason=f"Node {OLDEST_NODE} or newer is not installed"),
    pytest.mark.skipif(
        not (PACKAGES / "node_modules" / "@slack").is_dir(),
        reason="Slack's packages for Node are not installed: npm ci --prefix .ci/node",
    ),
]


@asynccontextmanager
async def running(script: str) -> AsyncIterator[Process]:
    """Node with a script of ours; it is gone afterwards."""
    assert NODE is not None
    process = await asyncio.create_subprocess_exec(NODE, SCRIPTS / script, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_the_client_makes_every_call():
    world, known = ready_world()
    server = SlackServer(world.workspace)
    given = {
        "packages": str(PACKAGES),
        "baseUrl": await server.start(),
        "botToken": world.workspace.bot_token,
        "appToken": world.workspace.app_token,
        "steps": STEPS,
        "known": known,
    }
    async with running("every_method.mjs") as process, asyncio.timeout(30):
        said, complaints = await process.communicate(json.dumps(given).encode())
    await server.stop()
    assert process.returncode == 0, complaints.decode()
    assert json.loads(said) == {"pages": [2, 1], "refused": "channel_not_found"}
    uploaded = [(file.name, file.title, file.content) for file in world.workspace.files.values()]
    assert uploaded[1:] == [("märz.csv", "März", b"c,d"), ("timeline.png", "Timeline", b"\x89PNG")]
    forget_what_came_after(world)
    check_story(world)


def forget_what_came_after(world: World) -> None:
    """Take away what the script does beyond the calls of the corpus."""
    calls = world.workspace.calls
    del calls[[call.method for call in calls].index("views.push") + 1 :]
    for file_id in list(world.workspace.files)[1:]:
        del world.workspace.files[file_id]
    world.workspace.messages.delete(world.ada.inbox[-1])


@asynccontextmanager
async def bolt(world: World, **more: Any) -> AsyncIterator[int | None]:
    """The framework as the world's app; over HTTP, the port on which it listens."""
    server = SlackServer(world.workspace)
    given = {
        "packages": str(PACKAGES),
        "baseUrl": await server.start(),
        "botToken": world.workspace.bot_token,
        "signingSecret": world.workspace.signing_secret,
        **more,
    }
    async with running("bolt.mjs") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(given).encode() + b"\n")
        async with asyncio.timeout(30):
            line = await process.stdout.readline()
        assert line, (await process.communicate())[1].decode()
        yield json.loads(line)["port"]
    await server.stop()


@pytest.fixture(params=["HTTP", "Socket Mode"])
async def connected(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A world whose app is the framework, in either way."""
    world = World()
    if request.param == "HTTP":
        async with bolt(world) as port:
            world.workspace.connect_app(f"http://127.0.0.1:{port}/slack/events")
            yield world
    else:
        async with bolt(world, appToken=world.workspace.app_token):
            await soon(lambda: len(world.workspace.sockets.connections) == 1)
            yield world


async def test_the_framework_answers_a_command_a_press_a_modal_and_an_event(connected: World):
    world, ada = connected, connected.ada
    assert (await ada.command("/lesson now", channel="python-101")).message.text == "You typed now"
    await soon(lambda: "and more" in [message.text for message in ada.ephemerals])
    world.call("chat.postMessage", channel="U0ADA", text="Started", blocks=[actions(button("cannot"))])
    assert (await ada.click(ada.inbox[0], "cannot")).acknowledged
    view = ada.open_views[-1]
    assert (await ada.submit(view, {"why": "x"})).errors == {"reason": "Say more"}
    assert (await ada.submit(view, {"why": "ill"})).view is None
    assert (await ada.open_home()).acknowledged
    await soon(lambda: ada.home is not None)
    assert world.workspace.problems == []


async def test_the_framework_refuses_a_signature_of_somebody_else():
    world = World()
    async with bolt(world, signingSecret="another secret") as port:
        world.workspace.connect_app(f"http://127.0.0.1:{port}/slack/events")
        assert (await world.ada.command("/lesson")).status == 401
