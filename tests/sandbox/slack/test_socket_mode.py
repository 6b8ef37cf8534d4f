"""Socket Mode, frame by frame."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from sandbox.slack.socket_mode import MOST_CONNECTIONS
from tests.sandbox.slack.world import World


def address(world: World) -> str:
    url: str = world.answer("apps.connections.open", token=world.workspace.app_token).body["url"]
    return url


async def typed(world: World, socket: aiohttp.ClientWebSocketResponse) -> tuple[asyncio.Task[Any], dict[str, Any]]:
    typing = asyncio.ensure_future(world.ada.command("/lesson now"))
    return typing, await socket.receive_json()


async def test_a_connection_is_greeted_and_gets_envelopes(world, api, http):
    async with http.ws_connect(address(world)) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        typing, envelope = await typed(world, socket)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "now"
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Hello"}})
        assert (await typing).message.text == "Hello"


async def test_events_come_with_their_retries(world, api, http):
    world.workspace.app.ack_seconds = 0.1
    async with http.ws_connect(address(world)) as socket:
        await socket.receive_json()
        await world.ada.open_home()
        first, again = await socket.receive_json(), await socket.receive_json()
        assert (first["type"], first["retry_attempt"]) == ("events_api", 0)
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "http_timeout")
        assert first["payload"]["event_id"] == again["payload"]["event_id"]


async def test_a_ticket_opens_one_connection(world, api, http):
    url = address(world)
    async with http.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await http.ws_connect(url)


async def test_ten_connections_are_open_at_most(world, api, http):
    sockets = [await http.ws_connect(address(world)) for _ in range(MOST_CONNECTIONS)]
    with pytest.raises(aiohttp.WSServerHandshakeError, match="429"):
        await http.ws_connect(address(world))
    for socket in sockets:
        await socket.close()


async def test_what_is_no_acknowledgement_is_told_to_the_developer(world, api, http):
    async with http.ws_connect(address(world)) as socket:
        await socket.receive_json()
        await socket.send_str("nonsense")
        await socket.send_str(json.dumps({"envelope_id": "of nobody"}))
        typing, envelope = await typed(world, socket)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await typing
    assert world.workspace.problems == [
        "Socket Mode: something that is no acknowledgement",
        "Socket Mode: an acknowledgement too late or for no envelope",
    ]


async def test_a_connection_that_breaks_loses_what_waited_for_it(world, api, http):
    async with http.ws_connect(address(world)) as socket:
        await socket.receive_json()
        typing, _ = await typed(world, socket)
    assert (await typing).error == "connection_failed"


async def test_a_manifest_without_socket_mode_is_told_to_the_developer(world):
    world.workspace.manifest["settings"]["socket_mode_enabled"] = False
    address(world)
    assert world.workspace.problems == ["apps.connections.open: the manifest does not enable Socket Mode"]
