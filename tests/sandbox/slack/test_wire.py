"""Arguments arrive in every way in which Slack takes them."""

import json

import aiohttp
import pytest

from sandbox.slack.api import IMPLEMENTED
from sandbox.slack.methods import METHODS
from tests.sandbox.slack.world import World


def bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.workspace.bot_token}"}


MESSAGE = {"channel": "python-101", "text": "Hello"}


@pytest.mark.parametrize(
    "sent",
    [
        {"params": MESSAGE},
        {"json": MESSAGE},
        {"data": MESSAGE},
        {"params": {"channel": "python-101"}, "json": {"text": "Hello"}},
        {"params": {"text": "the body wins"} | {"channel": "python-101"}, "data": MESSAGE},
    ],
    ids=["query string", "JSON", "form", "query string and JSON", "query string and form"],
)
async def test_a_post_may_carry_its_arguments_anywhere(world, api, http, sent):
    async with http.post(f"{api}chat.postMessage", headers=bearer(world), **sent) as response:
        assert (await response.json())["ok"]
    assert world.workspace.messages_in(world.channel.id)[0].text == "Hello"


async def test_multipart_is_a_form_too(world, api, http):
    form = aiohttp.FormData(MESSAGE, default_to_multipart=True)
    async with http.post(f"{api}chat.postMessage", headers=bearer(world), data=form) as response:
        assert (await response.json())["ok"]


async def test_a_get_carries_its_arguments_in_the_query_string(world, api, http):
    async with http.get(f"{api}users.info", headers=bearer(world), params={"user": "U0ADA"}) as response:
        assert (await response.json())["user"]["real_name"] == "Ada Lovelace"


@pytest.mark.parametrize("where", ["params", "data"])
async def test_the_token_may_be_an_argument_of_a_query_or_a_form(world, api, http, where):
    async with http.post(f"{api}auth.test", **{where: {"token": world.workspace.bot_token}}) as response:
        assert (await response.json())["ok"]
    assert world.workspace.calls[-1].arguments == {}


async def test_a_token_in_a_json_body_is_not_read(world, api, http):
    async with http.post(f"{api}auth.test", json={"token": world.workspace.bot_token}) as response:
        assert (await response.json())["error"] == "not_authed"


async def test_structures_come_as_json_text_in_forms(world, api, http):
    blocks = json.dumps([{"type": "divider"}])
    form = {**MESSAGE, "blocks": blocks, "unfurl_links": "0"}
    async with http.post(f"{api}chat.postMessage", headers=bearer(world), data=form) as response:
        assert (await response.json())["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b'{"channel":', "application/json", "invalid_json"),
        (b"[1]", "application/json", "json_not_object"),
        (b"<x/>", "application/xml", "invalid_post_type"),
        (b"text", "text/plain", "invalid_post_type"),
    ],
)
async def test_a_body_that_cannot_be_read_is_told(world, api, http, body, content_type, error):
    headers = bearer(world) | {"Content-Type": content_type}
    async with http.post(f"{api}chat.postMessage", headers=headers, data=body) as response:
        assert (response.status, (await response.json())["error"]) == (200, error)
    assert world.workspace.calls[-1].outcome == error


async def test_a_method_that_does_not_take_json_reads_none(world, api, http):
    async with http.post(f"{api}users.info", headers=bearer(world), json={"user": "U0ADA"}) as response:
        assert (await response.json())["error"] == "invalid_arguments"


async def test_every_reply_names_the_scopes(world, api, http):
    async with http.post(f"{api}chat.postMessage", headers=bearer(world), json=MESSAGE) as response:
        assert "chat:write" in response.headers["x-oauth-scopes"].split(",")
        assert response.headers["x-accepted-oauth-scopes"] == "chat:write"


def test_every_method_that_is_built_is_one_of_slacks():
    assert set(IMPLEMENTED) <= set(METHODS)


def test_every_required_argument_is_an_argument():
    assert all(set(spec.required) <= set(spec.arguments) for spec in METHODS.values())


def test_an_unknown_method_is_told(world):
    assert world.error("chat.postMesage", channel="python-101", text="Hello") == "unknown_method"


def test_a_method_that_the_sandbox_does_not_have_is_told_to_the_developer_too(world):
    assert world.error("oauth.v2.access") == "unknown_method"
    assert world.workspace.problems == ["oauth.v2.access: a method of Slack that the sandbox does not have"]
