"""Pressing and choosing: only what stands in the message now, in the shapes of Slack."""

import json
from typing import Any

import pytest

from sandbox.slack.model import CannotDo
from tests.sandbox.slack.blocks import menu
from tests.sandbox.slack.world import World, actions, button, modal, option, section


def post(world: World, *blocks: dict[str, object], channel: str = "U0ADA") -> None:
    world.call("chat.postMessage", channel=channel, text="Hello", blocks=list(blocks))


async def test_a_press_arrives_with_everything_that_an_app_needs(world, app):
    post(world, actions(button("late", value="5"), block_id="ladder"))
    message = world.ada.inbox[0]
    await world.ada.click(message, "late")
    body = app.bodies[0]
    assert body["type"] == "block_actions"
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == message.ts
    assert body["user"]["id"] == "U0ADA"
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == (
        "late", "ladder", "5", "button",
    )  # fmt: skip
    assert app.forged == 0


async def test_only_what_stands_there_now_can_be_pressed(world, app):
    post(world, actions(button("late")))
    message = world.ada.inbox[0]
    world.call("chat.update", channel=message.channel, ts=message.ts, text="You joined at 18:07")
    with pytest.raises(CannotDo, match="late is not there, only nothing"):
        await world.ada.click(message, "late")
    world.call("chat.delete", channel=message.channel, ts=message.ts)
    with pytest.raises(CannotDo, match="no longer there"):
        await world.ada.click(message, "late")
    assert app.bodies == []


async def test_nobody_presses_in_the_direct_messages_of_others(world, app):
    post(world, actions(button("late")))
    with pytest.raises(CannotDo, match="does not see"):
        await world.grace.click(world.ada.inbox[0], "late")


async def test_one_of_several_equal_buttons_is_named_by_value_or_block(world, app):
    post(world, section(accessory=button("why", value="1")), section(accessory=button("why", value="2"), block_id="b"))
    message = world.ada.inbox[0]
    with pytest.raises(CannotDo, match="2 times"):
        await world.ada.click(message, "why")
    await world.ada.click(message, "why", value="1")
    await world.ada.click(message, "why", block_id="b")
    assert [body["actions"][0]["value"] for body in app.bodies] == ["1", "2"]


async def test_a_button_with_a_url_tells_the_app_too(world, app):
    post(world, actions(button("join", url="https://example.com/j/1")))
    assert (await world.ada.click(world.ada.inbox[0], "join")).acknowledged
    assert app.bodies[0]["actions"][0]["url"] == "https://example.com/j/1"


async def test_a_button_that_nobody_listens_to_is_told_to_the_developer(world, app):
    app.answers = [(404, "")]
    post(world, actions(button("join")))
    await world.ada.click(world.ada.inbox[0], "join")
    assert world.workspace.problems == ["action join: not acknowledged (HTTP 404)"]


def showing(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A block with the element: menus for several choices stand beside a text, the others among buttons."""
    if element["type"].startswith("multi_"):
        return section(accessory=element, **more)
    return actions(element, **more)


@pytest.mark.parametrize(
    ("element", "selected", "told"),
    [
        (menu(), "o1", {"selected_option": option("o1")}),
        (menu("overflow"), "o1", {"selected_option": option("o1")}),
        (menu("radio_buttons"), "o0", {"selected_option": option("o0")}),
        (menu("checkboxes"), ["o0", "o1"], {"selected_options": [option("o0"), option("o1")]}),
        ({"type": "users_select", "action_id": "menu"}, "U0GRACE", {"selected_user": "U0GRACE"}),
        ({"type": "multi_users_select", "action_id": "menu"}, ["U0ADA"], {"selected_users": ["U0ADA"]}),
        ({"type": "channels_select", "action_id": "menu"}, "C0000000001", {"selected_channel": "C0000000001"}),
        ({"type": "conversations_select", "action_id": "menu"}, "U0ADA", {"selected_conversation": "U0ADA"}),
        ({"type": "datepicker", "action_id": "menu"}, "2026-11-24", {"selected_date": "2026-11-24"}),
        ({"type": "timepicker", "action_id": "menu"}, "18:30", {"selected_time": "18:30"}),
        ({"type": "datetimepicker", "action_id": "menu"}, 1795456800, {"selected_date_time": 1795456800}),
    ],
)  # fmt: skip
async def test_a_choice_is_told_in_the_way_of_its_menu(world, app, element, selected, told):
    post(world, showing(element, block_id="b"))
    await world.ada.click(world.ada.inbox[0], "menu", selected=selected)
    body = app.bodies[0]
    assert told.items() <= body["actions"][0].items()
    if element["type"] != "overflow":
        assert body["state"]["values"]["b"]["menu"] == {"type": element["type"], **told}


@pytest.mark.parametrize(
    ("element", "selected"),
    [
        (menu(), "o7"),
        (menu(), None),
        (menu("checkboxes"), ["o0", "o7"]),
        ({"type": "users_select", "action_id": "menu"}, "U0NOBODY"),
        ({"type": "channels_select", "action_id": "menu"}, "U0ADA"),
        ({"type": "multi_users_select", "action_id": "menu", "max_selected_items": 1}, ["U0ADA", "U0GRACE"]),
        ({"type": "datepicker", "action_id": "menu"}, "tomorrow"),
        ({"type": "external_select", "action_id": "menu"}, "x"),
    ],
)
async def test_what_a_menu_does_not_offer_cannot_be_chosen(world, app, element, selected):
    post(world, showing(element))
    with pytest.raises(CannotDo):
        await world.ada.click(world.ada.inbox[0], "menu", selected=selected)
    assert app.bodies == []


async def test_an_ephemeral_message_can_be_pressed_and_is_told_as_one(world, app):
    world.call("chat.postEphemeral", channel="python-101", user="U0ADA", text="x", blocks=[actions(button("late"))])
    await world.ada.click(world.ada.ephemerals[0], "late")
    assert app.bodies[0]["container"]["is_ephemeral"]
    assert "message" not in app.bodies[0]
    with pytest.raises(CannotDo):
        await world.grace.click(world.ada.ephemerals[0], "late")


async def test_the_trigger_of_a_press_opens_a_view(world, app):
    def open_view(body: dict[str, object]) -> None:
        assert world.error("views.open", trigger_id=body["trigger_id"], view=modal()) == "none"

    app.during = open_view
    post(world, actions(button("why")))
    await world.ada.click(world.ada.inbox[0], "why")
    assert world.ada.open_views[0].title == "Title"


async def test_everything_that_is_sent_is_json(world, app):
    post(world, actions(button("a")))
    await world.ada.click(world.ada.inbox[0], "a")
    assert json.loads(json.dumps(app.bodies[0])) == app.bodies[0]
