"""The official client speaks to the workspace in every wire format that it has."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, SectionBlock
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.sandbox.slack.world import TestApp, World


@pytest.fixture
async def client(world: World, api: str) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=world.workspace.bot_token, base_url=api, session=session, team_id="T0SANDBOX")


async def test_get_with_a_query_string(world, client):
    assert (await client.users_info(user="U0ADA", include_locale=True))["user"]["locale"] == "en-GB"
    assert (await client.users_lookupByEmail(email="ada@example.com"))["user"]["id"] == "U0ADA"
    assert (await client.conversations_members(channel=world.channel.id))["members"]
    assert (await client.usergroups_list(include_users=True))["usergroups"] == []
    assert world.workspace.problems == []


async def test_post_with_a_query_string(world, client):
    assert (await client.auth_test())["user_id"] == world.workspace.bot.id
    opened = await client.conversations_open(users=["U0ADA"], return_im=True)
    posted = await client.chat_postMessage(channel=opened["channel"]["id"], text="Hello")
    await client.reactions_add(channel=posted["channel"], timestamp=posted["ts"], name="wave")
    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert world.ada.inbox == []


async def test_post_with_json(world, client):
    blocks = [
        HeaderBlock(text="Lesson"),
        SectionBlock(text="*Hello*"),
        ActionsBlock(elements=[ButtonElement(text="Go", action_id="go", value="1")]),
    ]
    posted = await client.chat_postMessage(channel="U0ADA", text="Hello", blocks=blocks, unfurl_links=False)
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Bye", blocks=[{"type": "divider"}])
    await client.chat_postEphemeral(channel=world.channel.id, user="U0ADA", text="psst")
    assert [message.text for message in (*world.ada.inbox, *world.ada.ephemerals)] == ["Bye", "psst"]


async def test_a_view_made_by_the_clients_models(world, client):
    home = View(type="home", blocks=[SectionBlock(text="Hello")])
    published = await client.views_publish(user_id="U0ADA", view=home)
    await client.views_update(view_id=published["view"]["id"], view=home, hash=published["view"]["hash"])
    trigger = world.workspace.views.new_trigger("U0ADA")
    modal = View(type="modal", title="Why?", submit="Save", blocks=[SectionBlock(text="Hello")])
    await client.views_open(trigger_id=trigger, view=modal)
    assert world.ada.open_views[0].title == "Why?"


async def test_a_list_is_walked_page_by_page(world, client):
    for number in range(5):
        world.workspace.add_person(id=f"U{number}", name=f"Person {number}")
    pages = [page["members"] async for page in await client.users_list(limit=3)]
    assert [len(page) for page in pages] == [3, 3, 2]


async def test_files_go_through_all_three_steps(world, client, tmp_path: Path):
    picture = tmp_path / "timeline.png"
    picture.write_bytes(b"\x89PNG")
    uploads = [
        {"content": "name,minutes", "filename": "sheet.csv", "title": "Sheet"},
        {"file": str(picture), "title": "Timeline", "alt_txt": "Twenty bars"},
    ]
    done = await client.files_upload_v2(file_uploads=uploads, channel=world.channel.id, initial_comment="Files")
    assert [file["title"] for file in done["files"]] == ["Sheet", "Timeline"]
    assert world.workspace.messages_in(world.channel.id)[0].text == "Files"
    assert {file.content for file in world.workspace.files.values()} == {b"name,minutes", b"\x89PNG"}
    assert world.workspace.problems == []


async def test_an_error_is_the_clients_error(client):
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="nowhere", text="Hello")
    assert caught.value.response["error"] == "channel_not_found"


async def test_the_clients_own_retry_waits_as_long_as_it_is_told(world, client):
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    world.workspace.faults.rate_limit("auth.test", retry_after=0)
    assert (await client.auth_test())["ok"]
    assert [call.status for call in world.workspace.calls] == [429, 200]


async def test_a_response_url_takes_what_the_webhook_client_sends(world: World, api: str, app: TestApp):
    await world.ada.command("/lesson")
    async with aiohttp.ClientSession() as session:
        webhook = AsyncWebhookClient(app.bodies[0]["response_url"], session=session)
        sent = await webhook.send(text="Hello", response_type="ephemeral")
    assert sent.status_code == 200
    assert [message.text for message in world.ada.ephemerals] == ["Hello"]
    assert world.workspace.problems == []
