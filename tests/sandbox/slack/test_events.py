"""Events: only what was subscribed, signed, in an envelope, and retried until it gets 200."""

import asyncio

import pytest

from tests.sandbox.slack.world import SIX, World, section


async def settle(world: World) -> None:
    """Let everything that waits for nothing but HTTP come to its end."""
    for _ in range(5):
        await asyncio.sleep(0)
        await world.workspace.idle()


async def test_an_event_comes_in_an_envelope(world, app):
    reply = await world.ada.open_home()
    assert reply.acknowledged
    body = app.bodies[0]
    assert (body["type"], body["team_id"], body["event_time"]) == ("event_callback", "T0SANDBOX", int(SIX.timestamp()))
    assert body["event"]["type"] == "app_home_opened"
    assert body["event"]["tab"] == "home"
    assert body["authorizations"][0]["user_id"] == world.workspace.bot.id
    assert app.headers[0]["content-type"] == "application/json"
    assert app.forged == 0


async def test_every_event_has_an_id_of_its_own(world, app):
    await world.ada.open_home()
    await world.ada.open_home()
    assert len({body["event_id"] for body in app.bodies}) == 2


async def test_an_opened_home_tab_shows_what_stands_there(world, app):
    world.call("views.publish", user_id="U0ADA", view={"type": "home", "blocks": [section()]})
    await world.ada.open_home()
    await world.ada.open_home(tab="messages")
    assert [("view" in body["event"]) for body in app.bodies] == [True, False]


async def test_a_change_of_a_person_is_told(world, app):
    await world.ada.change(zone="Asia/Tokyo")
    assert app.bodies[0]["event"]["user"]["tz"] == "Asia/Tokyo"
    assert world.call("users.info", user="U0ADA")["user"]["tz"] == "Asia/Tokyo"


async def test_what_was_not_subscribed_is_not_sent(world, app):
    assert await world.workspace.emit({"type": "channel_archive", "channel": world.channel.id}) is None
    assert app.bodies == []


async def test_a_lost_event_is_sent_again_at_once_after_a_minute_and_after_five(world, app):
    app.answers = [(500, "")] * 4
    reply = await world.ada.open_home()
    assert reply.error == "http_error"
    await settle(world)
    assert len(app.bodies) == 2
    world.clock.advance(seconds=60)
    await settle(world)
    assert len(app.bodies) == 3
    world.clock.advance(seconds=299)
    await settle(world)
    assert len(app.bodies) == 3
    world.clock.advance(seconds=1)
    await settle(world)
    world.clock.advance(hours=1)
    await settle(world)
    assert [headers.get("x-slack-retry-num") for headers in app.headers] == [None, "1", "2", "3"]
    assert app.headers[1]["x-slack-retry-reason"] == "http_error"
    assert len({body["event_id"] for body in app.bodies}) == 1


async def test_an_event_that_arrived_is_not_sent_again(world, app):
    app.answers = [(500, "")]
    await world.ada.open_home()
    await settle(world)
    world.clock.advance(hours=1)
    await settle(world)
    assert len(app.bodies) == 2


@pytest.mark.parametrize("status", [500, 404])
async def test_an_app_can_ask_for_no_retry(world, app, status):
    app.answers = [(status, "", {"X-Slack-No-Retry": "1"})]
    await world.ada.open_home()
    await settle(world)
    assert len(app.bodies) == 1


async def test_an_event_that_is_not_acknowledged_is_told_to_the_developer(world, app):
    app.answers = [(404, "")]
    await world.ada.open_home()
    await settle(world)
    assert world.workspace.problems == ["event app_home_opened: not acknowledged (HTTP 404)"]


@pytest.mark.parametrize(("echo", "good"), [("json", True), ("text", True), ("wrong", False)])
async def test_a_url_is_verified_by_its_challenge(world, app, echo, good):
    challenge = "challenge0000000001"
    app.answers = [(200, {"json": {"challenge": challenge}, "text": challenge, "wrong": "no"}[echo])]
    assert await world.workspace.verify_url() is good
    assert app.bodies[0] == {"token": "sandbox", "type": "url_verification", "challenge": challenge}


async def test_closing_the_workspace_ends_the_retries(world: World, app):
    app.answers = [(500, "")] * 2
    await world.ada.open_home()
    await settle(world)
    await world.workspace.close()
    world.clock.advance(minutes=1)
    await settle(world)
    assert len(app.bodies) == 2
