"""Somebody's Slack bot, of which the sandbox knows nothing: a command, a button, a message."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

MANIFEST = """
features:
  app_home: {messages_tab_enabled: true}
  bot_user: {display_name: greeter}
  slash_commands:
    - {command: /hello, description: Says hello}
oauth_config: {scopes: {bot: [commands, chat:write, users:read]}}
settings: {interactivity: {is_enabled: true}}
"""
WAVE = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "wave", "text": {"type": "plain_text", "text": "Wave back"}}],
}


def greeter(api_url: str, token: str, secret: str) -> AsyncApp:
    """The bot itself."""
    bolt = AsyncApp(client=AsyncWebClient(token=token, base_url=api_url), signing_secret=secret)

    @bolt.command("/hello")
    async def hello(ack: Callable[..., Awaitable[Any]]) -> None:
        await ack(text="Hello!", blocks=[WAVE])

    @bolt.action("wave")
    async def wave(ack: Callable[..., Awaitable[Any]], body: dict[str, Any], client: AsyncWebClient) -> None:
        who = (await client.users_info(user=body["user"]["id"]))["user"]
        await client.chat_postMessage(channel=who["id"], text=f"{who['real_name']} waved")
        await ack()

    return bolt


async def serve(bolt: AsyncApp) -> tuple[str, web.AppRunner]:
    """Where the bot takes what Slack sends, and how to stop it."""

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", take)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", runner
