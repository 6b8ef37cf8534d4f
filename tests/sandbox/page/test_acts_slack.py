"""What people do in Slack by way of the page goes to the app as signed HTTP, and comes back as a sentence."""

from tests.sandbox.page.conftest import Stage
from tests.sandbox.slack.world import actions, button, field, modal, option, section

TYPED = {"type": "plain_text_input", "action_id": "why"}


async def test_a_command_goes_to_the_app(stage: Stage):
    await stage.looker.done("command", person="U0ADA", channel=stage.world.channel.id, text="/lesson now")
    (body,) = stage.app.bodies
    assert (body["command"], body["text"], body["user_id"], body["channel_name"]) == (
        "/lesson", "now", "U0ADA", "python-101",
    )  # fmt: skip
    assert stage.app.forged == 0


async def test_a_command_without_a_channel_is_typed_to_the_app(stage: Stage):
    await stage.looker.done("command", person="U0ADA", channel=None, text="/lesson")
    assert stage.app.bodies[0]["channel_name"] == "directmessage"


async def test_what_the_app_answers_wrongly_is_a_sentence(stage: Stage):
    channel = stage.world.channel.id
    stage.app.answers[:] = [(500, "")]
    failed = await stage.looker.refused("command", person="U0ADA", channel=channel, text="/lesson")
    assert failed == "The app answered with HTTP 500."
    stage.world.workspace.connect_app("http://127.0.0.1:1/")
    assert await stage.looker.refused("command", person="U0ADA", channel=channel, text="/lesson") == (
        "The app could not be reached."
    )


async def test_a_command_that_nobody_has_is_refused(stage: Stage):
    error = await stage.looker.refused("command", person="U0ADA", channel=stage.world.channel.id, text="/nope")
    assert error == "/nope is not a command of the manifest"


async def test_what_somebody_says_stands_in_the_channel_and_in_its_thread(stage: Stage):
    said = await stage.looker.act("say", person="U0ADA", channel=stage.world.channel.id, text="Hello @grace.hopper <b>")
    await stage.looker.act("say", person="U0GRACE", channel=stage.world.channel.id, text="Hello", thread_ts=said["ts"])
    first, second = stage.world.workspace.messages_in(stage.world.channel.id)
    assert (first.author, first.text) == ("U0ADA", "Hello <@U0GRACE|grace.hopper> &lt;b&gt;")
    assert second.thread_ts == first.ts


async def test_nobody_speaks_where_they_are_not_or_without_words(stage: Stage):
    other = stage.world.workspace.add_channel("staff", members=["U0GRACE"])
    assert "is not in" in await stage.looker.refused("say", person="U0ADA", channel=other.id, text="Hello")
    assert "nothing to say" in await stage.looker.refused("say", person="U0GRACE", channel=other.id, text=" ")
    other.archived = True
    assert "archived" in await stage.looker.refused("say", person="U0GRACE", channel=other.id, text="Hello")


async def test_a_click_tells_the_app_what_was_pressed_and_chosen(stage: Stage):
    menu = {"type": "static_select", "action_id": "pick", "options": [option("one"), option("two")]}
    message = stage.world.workspace.messages.post(
        stage.world.channel, "U0SANDBOXBOT", "x", blocks=[actions(button(value="5"), menu, block_id="b")]
    )
    place = {"person": "U0ADA", "channel": stage.world.channel.id, "ts": message.ts, "block_id": "b"}
    await stage.looker.done("click", **place, action_id="go")
    await stage.looker.done("click", **place, action_id="pick", selected="two")
    pressed, chosen = (body["actions"][0] for body in stage.app.bodies)
    assert pressed["value"] == "5"
    assert chosen["selected_option"]["value"] == "two"
    assert "not offered" in await stage.looker.refused("click", **place, action_id="pick", selected="three")


async def test_an_ephemeral_message_can_be_clicked_by_its_only_reader(stage: Stage):
    message = stage.world.workspace.messages.post(
        stage.world.channel, "U0SANDBOXBOT", "x", blocks=[actions(button(), block_id="b")], seen_by="U0ADA"
    )
    place = {"channel": stage.world.channel.id, "ts": message.ts, "block_id": "b", "action_id": "go"}
    await stage.looker.done("click", person="U0ADA", **place)
    assert await stage.looker.refused("click", person="U0GRACE", **place) == "the message is no longer there"


async def test_a_form_is_filled_in_and_its_errors_come_back_at_its_inputs(stage: Stage):
    view = stage.world.workspace.views.open("U0ADA", modal(field(TYPED, "reason")))
    stage.app.answers[:] = [(200, {"response_action": "errors", "errors": {"reason": "Too short"}}), (200, "")]
    wrong = await stage.looker.act("submit", person="U0ADA", view=view.id, values={"reason": "x"})
    assert wrong == {"ok": False, "errors": {"reason": "Too short"}}
    await stage.looker.done("submit", person="U0ADA", view=view.id, values={"why": "The tram stands"})
    assert stage.app.bodies[1]["view"]["state"]["values"]["reason"]["why"]["value"] == "The tram stands"
    assert stage.world.ada.open_views == []
    closed = await stage.looker.refused("submit", person="U0ADA", view=view.id, values={})
    assert closed == "the form is no longer open"


async def test_a_button_in_a_form_is_pressed_and_the_form_closed(stage: Stage):
    view = stage.world.workspace.views.open("U0ADA", modal(actions(button(), block_id="b")))
    await stage.looker.done("click_in_view", person="U0ADA", view=view.id, block_id="b", action_id="go")
    assert stage.app.bodies[0]["container"] == {"type": "view", "view_id": view.id}
    await stage.looker.done("close_view", person="U0ADA", view=view.id)
    assert stage.world.ada.open_views == []


async def test_opening_the_home_tab_tells_the_app(stage: Stage):
    stage.world.workspace.views.publish("U0ADA", {"type": "home", "blocks": [section()]}, hash_=None)
    await stage.looker.done("open_home", person="U0ADA")
    assert stage.app.bodies[0]["event"]["type"] == "app_home_opened"


async def test_an_unclear_wish_is_a_sentence_too(stage: Stage):
    assert (await stage.looker.refused("dance")).startswith("'dance' is unknown; known are command, say")
    assert await stage.looker.refused("say", person="U0NOBODY", text="x") == "person is nobody in the workspace"
    assert await stage.looker.refused("say", person="U0ADA") == "text is missing"
    assert await stage.looker.refused("say", person=["U0ADA"], text="x") == "person must be a text"
    assert await stage.looker.refused("submit", person="U0ADA", view="V0") == "the form is no longer open"
    assert await stage.looker.refused("play", scenario="late") == "this page plays no scenarios"
