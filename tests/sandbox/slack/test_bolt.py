"""The official framework is the app under test, over HTTP and over Socket Mode."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.world import World, actions, button, field, modal, section, soon

WHY = modal(field({"type": "plain_text_input", "action_id": "why"}, "reason"), callback_id="cannot_come")


def build(world: World, api: str) -> AsyncApp:
    """An app that has one of everything."""
    client = AsyncWebClient(token=world.workspace.bot_token, base_url=api)
    bolt = AsyncApp(client=client, signing_secret=world.workspace.signing_secret)

    @bolt.command("/lesson")
    async def lesson(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack(f"You typed {body['text']}")
        await respond("and more")

    @bolt.action("late")
    async def late(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="On the way")

    @bolt.action("cannot")
    async def cannot(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=WHY)
        await ack()

    @bolt.view("cannot_come")
    async def cannot_come(ack: Any, view: dict[str, Any]) -> None:
        why = view["state"]["values"]["reason"]["why"]["value"]
        if len(why) < 3:
            await ack(response_action="errors", errors={"reason": "Say more"})
        else:
            await ack()

    @bolt.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [section("Your lessons")]}
        await client.views_publish(user_id=event["user"], view=view)

    return bolt


@pytest.fixture
async def over_http(world: World, api: str) -> AsyncIterator[None]:
    bolt = build(world, api)

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", take)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.workspace.connect_app(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield
    await runner.cleanup()


@pytest.fixture
async def over_socket(world: World, api: str) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(build(world, api), world.workspace.app_token)
    await handler.connect_async()
    await soon(lambda: len(world.workspace.sockets.connections) == 1)
    yield handler
    await handler.close_async()


@pytest.fixture(params=["over_http", "over_socket"])
def connected(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


async def test_a_command_is_answered_at_once_and_later(world, connected):
    reply = await world.ada.command("/lesson now", channel="python-101")
    assert reply.message.text == "You typed now"
    await soon(lambda: len(world.ada.ephemerals) == 2)
    assert {message.text for message in world.ada.ephemerals} == {"You typed now", "and more"}


async def test_a_pressed_button_turns_its_message(world, connected):
    world.call("chat.postMessage", channel="U0ADA", text="Started", blocks=[actions(button("late"))])
    assert (await world.ada.click(world.ada.inbox[0], "late")).acknowledged
    await soon(lambda: world.ada.inbox[0].text == "On the way")
    assert world.ada.inbox[0].blocks == ()


async def test_a_modal_is_opened_filled_in_corrected_and_closed(world, connected):
    world.call("chat.postMessage", channel="U0ADA", text="Started", blocks=[actions(button("cannot"))])
    await world.ada.click(world.ada.inbox[0], "cannot")
    view = world.ada.open_views[-1]
    assert (await world.ada.submit(view, {"why": "x"})).errors == {"reason": "Say more"}
    assert (await world.ada.submit(view, {"why": "ill"})).view is None


async def test_an_event_publishes_the_home_tab(world, connected):
    assert (await world.ada.open_home()).acknowledged
    await soon(lambda: world.ada.home is not None)
    assert world.ada.home.blocks[0]["text"]["text"] == "Your lessons"


async def test_a_button_without_a_listener_is_a_problem(world, over_http):
    world.call("chat.postMessage", channel="U0ADA", text="x", blocks=[actions(button("nobody"))])
    assert not (await world.ada.click(world.ada.inbox[0], "nobody")).acknowledged
    assert world.workspace.problems == ["action nobody: not acknowledged (HTTP 404)"]


async def test_a_framework_with_another_secret_refuses_the_signature(world, over_http):
    world.workspace.app._secret = "another"
    reply = await world.ada.command("/lesson")
    assert reply.status == 401


async def test_the_url_of_the_framework_is_verified(world, over_http):
    assert await world.workspace.verify_url()


async def test_an_app_asked_to_reconnect_comes_back(world, over_socket):
    before = world.workspace.sockets.connections[0]
    await world.workspace.sockets.ask_to_reconnect()
    await soon(lambda: [c for c in world.workspace.sockets.connections if c is not before] != [])
    await soon(lambda: before not in world.workspace.sockets.connections)
    assert (await world.ada.command("/lesson back")).message.text == "You typed back"


async def test_an_app_that_is_gone_is_connected_no_more(world, over_socket):
    await over_socket.close_async()
    await soon(lambda: not world.workspace.sockets.connections)
    assert world.workspace.app.sockets == []
