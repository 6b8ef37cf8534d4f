"""Response URLs: five posts within thirty minutes."""

import aiohttp
import pytest

from tests.sandbox.slack.world import TestApp, World, actions, button, section


@pytest.fixture
async def url(world: World, api: str, app: TestApp) -> str:
    await world.ada.command("/lesson", channel="python-101")
    address: str = app.bodies[0]["response_url"]
    return address


async def post(http: aiohttp.ClientSession, url: str, **body: object) -> tuple[int, str]:
    async with http.post(url, json=body) as response:
        return response.status, (await response.json()).get("error", "none")


async def test_a_post_is_seen_by_the_person_alone_or_by_all(world, http, url):
    assert await post(http, url, text="You are late") == (200, "none")
    assert await post(http, url, text="Ada is late", response_type="in_channel") == (200, "none")
    assert [message.text for message in world.ada.ephemerals] == ["You are late"]
    assert [message.text for message in world.workspace.messages_in(world.channel.id)] == ["Ada is late"]


async def test_five_posts_are_taken_and_no_sixth(world, http, url):
    assert [(await post(http, url, text="x"))[1] for _ in range(6)] == ["none"] * 5 + ["used_url"]


@pytest.mark.parametrize(("minutes", "answer"), [(30, (200, "none")), (30.1, (404, "expired_url"))])
async def test_a_url_is_good_for_thirty_minutes_of_the_lesson(world, http, url, minutes, answer):
    world.clock.advance(minutes=minutes)
    assert await post(http, url, text="x") == answer


async def test_what_was_shown_first_can_be_replaced_and_taken_away(world, http, url):
    await post(http, url, text="one")
    await post(http, url, text="two", replace_original=True)
    assert [message.text for message in world.ada.ephemerals] == ["two"]
    await post(http, url, delete_original=True)
    assert world.ada.ephemerals == []


async def test_the_reply_in_the_acknowledgement_can_be_replaced(world, api, http, app):
    app.answers = [(200, "one")]
    await world.ada.command("/lesson")
    await post(http, app.bodies[0]["response_url"], text="two", replace_original=True)
    assert [message.text for message in world.ada.ephemerals] == ["two"]


async def test_the_message_of_a_pressed_button_can_be_replaced(world, api, http, app):
    world.call("chat.postMessage", channel="python-101", text="x", blocks=[actions(button("late"))])
    await world.ada.click(world.workspace.messages_in(world.channel.id)[0], "late")
    await post(http, app.bodies[0]["response_url"], text="done", replace_original=True)
    message = world.workspace.messages_in(world.channel.id)[0]
    assert (message.text, message.blocks) == ("done", ())


async def test_a_post_is_judged_like_a_message(world, http, url):
    assert await post(http, url, text="x", blocks=[section("")]) == (400, "invalid_blocks")
    assert await post(http, url) == (400, "no_text")
    assert world.workspace.calls[-1].method == "response_url"
    assert len(world.workspace.problems) == 2


async def test_a_misspelt_field_is_told_to_the_developer(world, http, url):
    await post(http, url, text="x", replace_orginal=True)
    assert world.workspace.problems == ["response_url: unknown field replace_orginal"]


async def test_a_url_that_was_never_given_is_refused(world, http, api):
    assert await post(http, f"{world.workspace.base_url}response/R9", text="x") == (404, "expired_url")


async def test_what_is_no_json_is_refused(http, url):
    async with http.post(url, data=b"{") as response:
        assert response.status == 400


async def test_a_response_url_may_fail_too(world, http, url):
    world.workspace.faults.server_error("response_url")
    async with http.post(url, json={"text": "x"}) as response:
        assert response.status == 500
    assert world.ada.ephemerals == []
