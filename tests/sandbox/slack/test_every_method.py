"""The official Python clients, sync and async, unchanged but for the base URL, make every call that there is."""

import asyncio
import urllib.request
from typing import Any

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.api import IMPLEMENTED
from sandbox.slack.server import SlackServer
from tests.sandbox.slack.every_method import METHODS, STEPS, Step, check_story, filled, kept, ready_world


def call_of(client: Any, step: Step, arguments: dict[str, Any], app_token: str) -> Any:
    """The call by the client's own method for it."""
    more = {"app_token": app_token} if step["method"] == "apps.connections.open" else {}
    return getattr(client, step["method"].replace(".", "_"))(**arguments, **more)


def test_every_method_of_the_sandbox_is_called():
    assert sorted(set(METHODS)) == sorted(IMPLEMENTED)


async def test_the_async_client_makes_every_call():
    world, known = ready_world()
    server = SlackServer(world.workspace)
    client = AsyncWebClient(token=world.workspace.bot_token, base_url=await server.start())
    async with aiohttp.ClientSession() as http:
        for step in STEPS:
            if "upload" in step:
                async with http.post(known[step["upload"]], data=step["content"].encode()) as response:
                    assert response.status == 200
                continue
            reply = await call_of(client, step, filled(step["arguments"], known), world.workspace.app_token)
            known |= kept(step, reply)
    await server.stop()
    check_story(world)


async def test_the_sync_client_makes_every_call():
    world, known = ready_world()
    server = SlackServer(world.workspace)
    client = WebClient(token=world.workspace.bot_token, base_url=await server.start())

    def play() -> None:
        for step in STEPS:
            if "upload" in step:
                with urllib.request.urlopen(known[step["upload"]], data=step["content"].encode()) as response:
                    assert response.status == 200
                continue
            known.update(kept(step, call_of(client, step, filled(step["arguments"], known), world.workspace.app_token)))

    await asyncio.to_thread(play)
    await server.stop()
    check_story(world)


@pytest.mark.parametrize("name", ["a sheet.csv", "Anwesenheit – März.csv", "出席.csv"])
async def test_the_sync_client_uploads_a_file_of_any_name(name: str):
    world, _ = ready_world()
    server = SlackServer(world.workspace)
    client = WebClient(token=world.workspace.bot_token, base_url=await server.start())
    await asyncio.to_thread(
        client.files_upload_v2, channel=world.channel.id, content="a,b", filename=name, title=name, initial_comment="x"
    )
    await server.stop()
    assert [(file.name, file.title, file.content) for file in world.workspace.files.values()] == [(name, name, b"a,b")]
    assert world.workspace.problems == []
