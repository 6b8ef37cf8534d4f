"""What people do reaches the app signed, in Slack's shapes, and only what the client offers can be done."""

import asyncio
import json

import pytest

from sandbox.slack.model import CannotDo
from tests.sandbox.slack.corpus import menu
from tests.sandbox.slack.world import TestApp, World, actions, button, field, modal, option, section


def post(world: World, *blocks: dict[str, object], channel: str = "U0ADA") -> None:
    world.call("chat.postMessage", channel=channel, text="Hello", blocks=list(blocks))


def show(world: World, *blocks: dict[str, object], **more: object) -> None:
    world.call("views.open", trigger_id=world.workspace.views.new_trigger("U0ADA"), view=modal(*blocks, **more))


# commands


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


# buttons and menus


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
    post(world, actions(element, block_id="b"))
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
    post(world, actions(element))
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


# views


WHY = field({"type": "plain_text_input", "action_id": "why", "max_length": 10}, "reason")
MINUTES = field(menu(), "minutes", optional=True)


async def test_a_press_in_a_view_tells_the_view_and_its_state(world, app):
    show(world, WHY, actions(menu(), block_id="b"), private_metadata="17")
    view = world.ada.open_views[0]
    reply = await world.ada.click_in_view(view, "menu", selected="o1")
    body = app.bodies[0]
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert body["view"]["private_metadata"] == "17"
    assert body["view"]["state"]["values"]["b"]["menu"]["selected_option"] == option("o1")
    assert reply.view is not None
    assert reply.view.state["b"]["menu"]["selected_option"] == option("o1")


async def test_a_home_tab_can_be_pressed(world, app):
    world.call("views.publish", user_id="U0ADA", view={"type": "home", "blocks": [actions(button("set-up"))]})
    await world.ada.click_in_view(world.ada.home, "set-up")
    assert app.bodies[0]["view"]["type"] == "home"


async def test_a_submission_carries_the_state_of_every_input(world, app):
    show(world, WHY, MINUTES, callback_id="cannot_come", private_metadata="17")
    reply = await world.ada.submit(world.ada.open_views[0], {"why": "ill", "minutes": "o1"})
    body = app.bodies[0]
    assert (body["type"], body["view"]["callback_id"]) == ("view_submission", "cannot_come")
    assert body["view"]["state"]["values"] == {
        "reason": {"why": {"type": "plain_text_input", "value": "ill"}},
        "minutes": {"menu": {"type": "static_select", "selected_option": option("o1")}},
    }
    assert (reply.view, world.ada.open_views) == (None, [])


async def test_what_is_left_out_keeps_its_initial_value(world, app):
    minutes = menu(initial_option=option("o1"))
    show(world, field(minutes, "minutes"), MINUTES | {"block_id": "more"})
    await world.ada.submit(world.ada.open_views[0], {})
    values = app.bodies[0]["view"]["state"]["values"]
    assert values["minutes"]["menu"]["selected_option"] == option("o1")
    assert values["more"]["menu"]["selected_option"] is None


@pytest.mark.parametrize(
    ("values", "why"),
    [({}, "has to be filled in"), ({"why": ""}, "has to be filled in"), ({"why": "x", "typo": "x"}, "no input typo")],
)
async def test_the_client_does_not_let_a_wrong_form_go(world, app, values, why):
    show(world, WHY)
    with pytest.raises(CannotDo, match=why):
        await world.ada.submit(world.ada.open_views[0], values)
    assert app.bodies == []


@pytest.mark.parametrize(
    ("kind", "more", "good", "bad"),
    [
        ("plain_text_input", {"max_length": 3}, "abc", "abcd"),
        ("plain_text_input", {"min_length": 3}, "abc", "ab"),
        ("email_text_input", {}, "ada@example.com", "ada"),
        ("url_text_input", {}, "https://example.com", "example"),
        ("number_input", {"is_decimal_allowed": False}, "7", "7.5"),
        ("number_input", {"is_decimal_allowed": True}, "7.5", "seven"),
        ("number_input", {"is_decimal_allowed": True, "min_value": "1", "max_value": "9"}, "9", "9.5"),
    ],
)
async def test_an_input_takes_only_what_fits(world, app, kind, more, good, bad):
    show(world, field({"type": kind, "action_id": "typed", **more}))
    view = world.ada.open_views[0]
    with pytest.raises(CannotDo, match="typed"):
        await world.ada.submit(view, {"typed": bad})
    await world.ada.submit(view, {"typed": good})
    assert app.bodies[0]["view"]["state"]["values"]["field"]["typed"]["value"] == good


async def test_rich_text_and_files_are_told_in_their_own_way(world, app):
    rich, files = {"type": "rich_text_input", "action_id": "rich"}, {"type": "file_input", "action_id": "files"}
    show(world, field(rich, "1"), field(files, "2"))
    await world.ada.submit(world.ada.open_views[0], {"rich": "Hello", "files": "F1"})
    values = app.bodies[0]["view"]["state"]["values"]
    assert values["1"]["rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "Hello"
    assert values["2"]["files"]["files"] == ["F1"]


async def test_errors_stand_at_the_inputs_and_the_view_stays(world, app):
    show(world, WHY)
    app.answers = [(200, {"response_action": "errors", "errors": {"reason": "Say more"}})]
    reply = await world.ada.submit(world.ada.open_views[0], {"why": "ill"})
    assert reply.errors == {"reason": "Say more"}
    assert world.ada.open_views[0].errors == {"reason": "Say more"}
    await world.ada.submit(world.ada.open_views[0], {"why": "ill!"})
    assert world.ada.open_views == []


async def test_a_submission_may_update_push_or_clear(world, app):
    show(world, WHY)
    app.answers = [
        (200, {"response_action": "update", "view": modal(section("Saved"))}),
        (200, {"response_action": "push", "view": modal(section("More"))}),
        (200, {"response_action": "clear"}),
    ]
    first = world.ada.open_views[0]
    reply = await world.ada.submit(first, {"why": "ill"})
    assert reply.view.id == first.id
    assert reply.view.blocks[0]["text"]["text"] == "Saved"
    reply = await world.ada.submit(reply.view, {})
    assert [view.blocks[0]["text"]["text"] for view in world.ada.open_views] == ["Saved", "More"]
    await world.ada.submit(reply.view, {})
    assert world.ada.open_views == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"other": "x"}},
        {"response_action": "errors"},
        {"response_action": "update", "view": modal(section(""))},
        {"response_action": "push", "view": None},
        {"response_action": "dance"},
    ],
)
async def test_an_answer_that_slack_refuses_leaves_the_view_and_is_told(world, app, answer):
    show(world, WHY)
    app.answers = [(200, answer)]
    reply = await world.ada.submit(world.ada.open_views[0], {"why": "ill"})
    assert reply.error
    assert len(world.ada.open_views) == 1
    assert len(world.workspace.problems) == 1


async def test_an_unacknowledged_submission_leaves_the_view(world, app):
    show(world, WHY)
    app.answers = [(500, "")]
    reply = await world.ada.submit(world.ada.open_views[0], {"why": "ill"})
    assert reply.error == "http_error"
    assert len(world.ada.open_views) == 1


async def test_only_the_topmost_view_is_in_front_of_the_person(world, app):
    show(world, WHY)
    below = world.ada.open_views[0]
    world.call("views.push", trigger_id=world.workspace.views.new_trigger("U0ADA"), view=modal())
    with pytest.raises(CannotDo, match="in front"):
        await world.ada.submit(below, {"why": "ill"})
    await world.ada.close(world.ada.open_views[-1])
    await world.ada.submit(below, {"why": "ill"})


async def test_closing_is_told_only_to_who_asked(world, app):
    show(world)
    await world.ada.close(world.ada.open_views[0])
    assert app.bodies == []
    show(world, notify_on_close=True)
    await world.ada.close(world.ada.open_views[0])
    assert (app.bodies[0]["type"], app.bodies[0]["is_cleared"]) == ("view_closed", False)


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
