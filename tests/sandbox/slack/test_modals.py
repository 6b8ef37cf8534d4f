"""Filling in, submitting and closing views."""

import pytest

from sandbox.slack.model import CannotDo
from tests.sandbox.slack.blocks import menu
from tests.sandbox.slack.world import World, actions, button, field, modal, option, section


def show(world: World, *blocks: dict[str, object], **more: object) -> None:
    world.call("views.open", trigger_id=world.workspace.views.new_trigger("U0ADA"), view=modal(*blocks, **more))


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
