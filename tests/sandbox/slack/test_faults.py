"""Slack on a bad day."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.slack.world import World, soon


async def post(http: aiohttp.ClientSession, api: str, world: World, **more: object) -> aiohttp.ClientResponse:
    headers = {"Authorization": f"Bearer {world.workspace.bot_token}"}
    body = {"channel": "python-101", "text": "Hello"}
    return await http.post(f"{api}chat.postMessage", headers=headers, json=body, **more)  # type: ignore[arg-type]  # any of its options


def said(world: World) -> list[str]:
    return [message.text for message in world.workspace.messages_in(world.channel.id)]


async def test_an_error_happens_so_many_times_and_does_nothing(world, api, http):
    world.workspace.faults.error("chat.postMessage", "fatal_error", times=2)
    for _ in range(2):
        assert (await (await post(http, api, world)).json())["error"] == "fatal_error"
    assert said(world) == []
    assert (await (await post(http, api, world)).json())["ok"]
    assert [call.outcome for call in world.workspace.calls] == ["fatal_error", "fatal_error", "ok"]


async def test_a_fault_can_last_until_it_is_cleared(world, api, http):
    world.workspace.faults.server_error("*", times=None)
    for _ in range(3):
        assert (await post(http, api, world)).status == 500
    world.workspace.faults.clear()
    assert (await post(http, api, world)).status == 200
    assert [call.outcome for call in world.workspace.calls] == ["http_500"] * 3 + ["ok"]


async def test_a_rate_limit_can_be_made(world, api, http):
    world.workspace.faults.rate_limit("chat.postMessage", retry_after=7)
    response = await post(http, api, world)
    assert (response.status, response.headers["Retry-After"]) == (429, "7")
    assert (await response.json())["error"] == "ratelimited"
    assert said(world) == []


async def test_slack_may_never_answer(world, api, http):
    world.workspace.faults.no_answer("chat.postMessage")
    with pytest.raises(TimeoutError):
        await post(http, api, world, timeout=aiohttp.ClientTimeout(total=0.5))
    assert said(world) == []
    assert (world.workspace.calls[-1].outcome, world.workspace.calls[-1].status) == ("no_answer", 0)


async def test_an_answer_may_be_lost_after_the_work_was_done(world, api, http):
    world.workspace.faults.drop_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await post(http, api, world)
    assert said(world) == ["Hello"]
    assert world.workspace.calls[-1].outcome == "ok"


async def test_slack_may_be_slow(world, api, http):
    world.workspace.faults.slow("chat.postMessage", 0.15)
    waiting = asyncio.ensure_future(post(http, api, world))
    await asyncio.sleep(0.05)
    assert said(world) == []
    assert (await waiting).status == 200


def test_the_faults_of_one_method_can_be_cleared_alone(world):
    world.workspace.faults.error("auth.test", "one", times=None)
    world.workspace.faults.error("users.info", "two")
    world.workspace.faults.clear("auth.test")
    assert world.workspace.faults.take("auth.test") is None
    assert world.workspace.faults.take("users.info") is not None


def test_faults_of_one_method_come_in_the_order_of_their_planning(world):
    world.workspace.faults.error("auth.test", "one")
    world.workspace.faults.error("auth.test", "two")
    taken = [world.workspace.faults.take("auth.test") for _ in range(3)]
    assert [fault.error if fault else None for fault in taken] == ["one", "two", None]
    assert world.workspace.faults.take("users.info") is None


async def test_a_server_that_stops_lets_go_of_those_who_wait(world, http):
    from sandbox.slack.server import SlackServer

    server = SlackServer(world.workspace)
    api = await server.start()
    world.workspace.faults.no_answer("chat.postMessage")
    waiting = asyncio.ensure_future(post(http, api, world))
    await soon(lambda: [call.outcome for call in world.workspace.calls] == ["no_answer"])
    async with asyncio.timeout(2):
        await server.stop()
    await asyncio.gather(waiting, return_exceptions=True)
