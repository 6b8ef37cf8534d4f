"""Typing a command: what arrives at the app, and what the person sees."""

import asyncio

import pytest

from sandbox.slack.model import CannotDo
from tests.sandbox.slack.world import TestApp, World, section


async def test_a_command_arrives_as_a_signed_form(world, app):
    reply = await world.ada.command("/lesson now please", channel="python-101")
    assert reply.acknowledged
    assert app.forged == 0
    body = app.bodies[0]
    assert body["command"] == "/lesson"
    assert body["text"] == "now please"
    assert (body["user_id"], body["channel_id"]) == ("U0ADA", world.channel.id)
    assert body["response_url"].startswith(world.workspace.base_url)
    assert app.headers[0]["content-type"] == "application/x-www-form-urlencoded"


async def test_a_command_without_a_channel_is_typed_into_the_direct_message(world, app):
    await world.ada.command("/lesson")
    assert (app.bodies[0]["text"], app.bodies[0]["channel_name"]) == ("", "directmessage")


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("mark @ada.lovelace present", "mark <@U0ADA|ada.lovelace> present"),
        ("mark @Ada Lovelace present", "mark <@U0ADA|ada.lovelace> present"),
        ("in #python-101", "in <#C0000000001|python-101>"),
        ("mail ada@example.com", "mail ada@example.com"),
        ("mark @nobody", "mark @nobody"),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
async def test_mentions_are_escaped_as_the_manifest_asks(world, app, typed, arrives):
    await world.ada.command(f"/lesson {typed}")
    assert app.bodies[0]["text"] == arrives


async def test_without_should_escape_the_text_stays_as_it_was_typed():
    world = World(commands=[{"command": "/lesson"}])
    app = TestApp(world.workspace.signing_secret)
    world.workspace.connect_app(await app.start())
    await world.ada.command("/lesson mark @ada.lovelace & all")
    assert app.bodies[0]["text"] == "mark @ada.lovelace & all"
    await world.workspace.close()
    await app.stop()


async def test_only_the_commands_of_the_manifest_can_be_typed(world, app):
    with pytest.raises(CannotDo, match="/party"):
        await world.ada.command("/party now")
    with pytest.raises(CannotDo, match="scope"):
        await World(scopes=["chat:write"]).ada.command("/lesson")


async def test_a_command_is_typed_only_where_the_person_is(world, app):
    world.workspace.add_channel("staff", members=[world.grace])
    with pytest.raises(CannotDo, match="staff"):
        await world.ada.command("/lesson", channel="staff")


async def test_the_reply_in_the_acknowledgement_is_seen_by_the_person_alone(world, app):
    app.answers = [(200, "Nobody is late"), (200, {"text": "Here", "response_type": "in_channel"}), (200, "")]
    assert (await world.ada.command("/lesson", channel="python-101")).message == world.ada.ephemerals[0]
    reply = await world.ada.command("/lesson", channel="python-101")
    assert reply.message == world.workspace.messages_in(world.channel.id)[0]
    assert (await world.ada.command("/lesson", channel="python-101")).message is None
    assert [message.text for message in world.ada.ephemerals] == ["Nobody is late"]


async def test_a_reply_that_slack_refuses_is_an_error_before_the_person(world, app):
    app.answers = [(200, {"text": "x", "blocks": [section("")]})]
    reply = await world.ada.command("/lesson")
    assert reply.error == "invalid_command_response"
    assert len(world.workspace.problems) == 1


@pytest.mark.parametrize(("status", "error"), [(404, "http_error"), (500, "http_error")])
async def test_what_is_not_acknowledged_is_told_to_the_person_and_the_developer(world, app, status, error):
    app.answers = [(status, "")]
    reply = await world.ada.command("/lesson")
    assert (reply.acknowledged, reply.status, reply.error) == (False, status, error)
    assert world.workspace.problems == [f"/lesson: not acknowledged (HTTP {status})"]


async def test_an_app_has_three_seconds():
    assert World().workspace.app.ack_seconds == 3
    world = World(ack_seconds=0.1)
    app = TestApp(world.workspace.signing_secret)
    world.workspace.connect_app(await app.start())
    app.during = lambda _: asyncio.sleep(1)
    reply = await world.ada.command("/lesson")
    assert (reply.status, reply.error) == (None, "http_timeout")
    assert world.workspace.problems == ["/lesson: not acknowledged (http_timeout)"]
    await world.workspace.close()
    await app.stop()


async def test_an_app_that_is_not_there_is_told(world, app):
    with pytest.raises(CannotDo, match="no app"):
        await World().ada.command("/lesson")
    await app.stop()
    assert (await world.ada.command("/lesson")).error == "connection_failed"


async def test_the_workspace_knows_whether_something_is_under_way(world, app):
    seen: list[bool] = []
    app.during = lambda _: seen.append(world.workspace.is_idle)
    assert world.workspace.is_idle
    typing = asyncio.ensure_future(world.ada.command("/lesson"))
    await asyncio.sleep(0)
    await world.workspace.idle()
    assert seen == [False]
    assert world.workspace.is_idle
    await typing
