"""Posting, editing and taking away: the rules of state."""

from datetime import timedelta

import pytest

from sandbox.slack.messages import PER_CHANNEL
from sandbox.slack.model import MessageEvent
from tests.sandbox.slack.world import SIX, World, actions, button, section


def test_a_message_has_the_moment_of_the_lesson_as_its_identity(world):
    body = world.call("chat.postMessage", channel="python-101", text="Hello")
    assert body["ts"] == f"{int(SIX.timestamp())}.000000"
    assert body["channel"] == world.channel.id
    assert body["message"]["bot_id"] == world.workspace.bot_id


def test_two_messages_of_one_moment_differ_and_rise(world):
    first, second = (world.call("chat.postMessage", channel="python-101", text="Hello")["ts"] for _ in range(2))
    assert float(first) < float(second)


@pytest.mark.parametrize("reference", ["python-101", "#python-101", "C0000000001"])
def test_a_channel_goes_by_id_or_by_name(world, reference):
    assert world.error("chat.postMessage", channel=reference, text="Hello") == "none"


def test_a_persons_id_opens_the_direct_message(world):
    body = world.call("chat.postMessage", channel="U0ADA", text="Hello")
    assert body["channel"].startswith("D")
    assert [message.text for message in world.ada.inbox] == ["Hello"]
    assert world.grace.inbox == []


@pytest.mark.parametrize(
    ("reference", "error"),
    [
        ("nowhere", "channel_not_found"),
        ("C0000000009", "channel_not_found"),
        ("U0NOBODY", "channel_not_found"),
        ("others", "not_in_channel"),
        ("secret", "channel_not_found"),
        ("old", "is_archived"),
        ("U0GONE", "user_disabled"),
        ("U0ROBOT", "cannot_dm_bot"),
        ("U0SANDBOXBOT", "cannot_dm_bot"),
    ],
)
def test_a_message_cannot_go_just_anywhere(world, reference, error):
    world.workspace.add_channel("others", bot_is_member=False)
    world.workspace.add_channel("secret", private=True, bot_is_member=False)
    world.workspace.add_channel("old", archived=True)
    world.workspace.add_person(id="U0GONE", name="Gone", deleted=True)
    world.workspace.add_person(id="U0ROBOT", name="Robot", is_bot=True)
    assert world.error("chat.postMessage", channel=reference, text="Hello") == error


def test_public_channels_are_open_to_who_may_write_there():
    world = World(scopes=["chat:write", "chat:write.public"])
    world.workspace.add_channel("others", bot_is_member=False)
    assert world.error("chat.postMessage", channel="others", text="Hello") == "none"


def test_a_closed_messages_tab_takes_no_direct_message():
    world = World(app_home={"messages_tab_enabled": False})
    assert world.error("chat.postMessage", channel="U0ADA", text="Hello") == "messages_tab_disabled"


def test_a_person_who_left_gets_nothing_in_an_old_direct_message(world):
    channel = world.call("chat.postMessage", channel="U0ADA", text="Hello")["channel"]
    world.ada.deleted = True
    assert world.error("chat.postMessage", channel=channel, text="Hello") == "user_disabled"


def test_a_message_says_something(world):
    assert world.error("chat.postMessage", channel="python-101") == "no_text"
    assert world.error("chat.postMessage", channel="python-101", blocks=[]) == "no_text"


def test_markdown_stands_alone(world):
    assert world.error("chat.postMessage", channel="python-101", markdown_text="**x**") == "none"
    assert (
        world.error("chat.postMessage", channel="python-101", markdown_text="x", text="x") == "markdown_text_conflict"
    )


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"attachments": [{"text": "x"}] * 100}, "none"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"attachments": {"text": "x"}}, "invalid_attachments"),
        ({"attachments": [{"blocks": [section()]}]}, "none"),
        ({"attachments": [{"blocks": [section("")]}]}, "invalid_blocks"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"markdown_text": "x" * 12_000}, "none"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"text": "x", "metadata": {"event_type": "lesson", "event_payload": {"id": 1}}}, "none"),
        ({"text": "x", "metadata": {"event_type": 1, "event_payload": {}}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "lesson", "event_payload": 1}}, "invalid_metadata_schema"),
    ],
)
def test_attachments_markdown_and_metadata_are_judged(world, arguments, error):
    assert world.error("chat.postMessage", channel="python-101", **arguments) == error


def test_metadata_comes_back_with_the_message_and_survives_an_edit(world):
    metadata = {"event_type": "lesson", "event_payload": {"id": 1}}
    posted = world.call("chat.postMessage", channel="python-101", text="x", metadata=metadata)
    edited = world.call("chat.update", channel=posted["channel"], ts=posted["ts"], text="y")
    assert posted["message"]["metadata"] == edited["message"]["metadata"] == metadata


@pytest.mark.parametrize(("length", "error"), [(40_000, "none"), (40_001, "msg_too_long")])
def test_an_edit_does_not_cut_a_very_long_text(world, length, error):
    ts = world.call("chat.postMessage", channel="python-101", text="x")["ts"]
    assert world.error("chat.update", channel=world.channel.id, ts=ts, text="x" * length) == error


def test_a_very_long_text_is_cut_and_told_to_the_developer(world):
    body = world.call("chat.postMessage", channel="python-101", text="x" * 40_001)
    assert len(body["message"]["text"]) == 40_000
    assert world.workspace.problems == ["chat.postMessage: text of 40001 characters is cut at 40000"]


@pytest.mark.parametrize(("length", "problems"), [(4_000, 0), (4_001, 1)])
def test_a_long_text_is_told_to_the_developer(world, length, problems):
    world.call("chat.postMessage", channel="python-101", text="x" * length)
    assert len(world.workspace.problems) == problems


def test_a_thread_hangs_on_a_message(world):
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    assert world.error("chat.postMessage", channel="python-101", text="Hi", thread_ts=ts) == "none"
    assert (
        world.error("chat.postMessage", channel="python-101", text="Hi", thread_ts="1.0") == "cannot_reply_to_message"
    )


def test_an_edit_keeps_its_place_and_its_identity(world):
    ts = world.call("chat.postMessage", channel="python-101", text="12 here")["ts"]
    world.call("chat.postMessage", channel="python-101", text="later")
    world.clock.advance(minutes=1)
    assert world.call("chat.update", channel=world.channel.id, ts=ts, text="13 here")["ts"] == ts
    messages = world.workspace.messages_in(world.channel.id)
    assert [message.text for message in messages] == ["13 here", "later"]
    assert messages[0].edited_at == SIX + timedelta(minutes=1)


def test_an_edit_with_text_alone_takes_the_blocks_away(world):
    ts = world.call("chat.postMessage", channel="python-101", text="x", blocks=[actions(button())])["ts"]
    world.call("chat.update", channel=world.channel.id, ts=ts, text="done")
    assert world.workspace.messages_in(world.channel.id)[0].blocks == ()


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_only_what_is_there_can_be_changed(world, method):
    arguments = {"text": "x"} if method == "chat.update" else {}
    assert world.error(method, channel=world.channel.id, ts="1.0", **arguments) == "message_not_found"
    assert world.error(method, channel="C0000000009", ts="1.0", **arguments) == "channel_not_found"


@pytest.mark.parametrize(
    ("method", "error"), [("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")]
)
def test_only_the_bots_own_messages_can_be_changed(world, method, error):
    message = world.workspace.messages.post(world.channel, "U0ADA", "Hello")
    arguments = {"text": "x"} if method == "chat.update" else {}
    assert world.error(method, channel=world.channel.id, ts=message.ts, **arguments) == error


def test_an_ephemeral_message_cannot_be_edited(world):
    ts = world.call("chat.postEphemeral", channel="python-101", user="U0ADA", text="psst")["message_ts"]
    assert world.error("chat.update", channel=world.channel.id, ts=ts, text="x") == "cant_update_message"


def test_an_archived_channel_takes_no_edit(world):
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    world.channel.archived = True
    assert world.error("chat.update", channel=world.channel.id, ts=ts, text="x") == "is_inactive"


def test_an_ephemeral_message_is_seen_by_one_member(world):
    assert world.error("chat.postEphemeral", channel="python-101", user="U0ADA", text="psst") == "none"
    assert [message.text for message in world.ada.ephemerals] == ["psst"]
    assert world.workspace.messages_in(world.channel.id) == []
    assert world.error("chat.postEphemeral", channel="python-101", user="U0NOBODY", text="x") == "user_not_in_channel"


def test_a_message_can_be_linked_to(world):
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    link = world.call("chat.getPermalink", channel=world.channel.id, message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/{world.channel.id}/p{ts.replace('.', '')}")
    assert world.error("chat.getPermalink", channel=world.channel.id, message_ts="1.0") == "message_not_found"


def test_the_listener_hears_everything_in_order_and_sees_what_stood_there(world):
    heard: list[MessageEvent] = []
    world.workspace.on_message(heard.append)
    body = world.call("chat.postMessage", channel="U0ADA", text="one")
    world.call("chat.update", channel=body["channel"], ts=body["ts"], text="two")
    world.call("chat.delete", channel=body["channel"], ts=body["ts"])
    world.call("chat.postEphemeral", channel="python-101", user="U0GRACE", text="three")
    world.call("chat.postMessage", channel="python-101", text="four")
    assert [(event.kind, event.message.text, event.recipient) for event in heard] == [
        ("posted", "one", world.ada),
        ("edited", "two", world.ada),
        ("deleted", "two", world.ada),
        ("ephemeral", "three", world.grace),
        ("posted", "four", None),
    ]
    assert {event.at for event in heard} == {world.clock.now()}


def test_a_block_without_an_id_is_given_one_and_keeps_it(world):
    blocks = [section(), actions({"type": "button", "text": {"type": "plain_text", "text": "Go"}})]
    body = world.call("chat.postMessage", channel="python-101", text="x", blocks=blocks)
    given = body["message"]["blocks"]
    assert given[0]["block_id"] != given[1]["block_id"]
    assert given[1]["elements"][0]["action_id"]
    assert "block_id" not in blocks[0]


def test_a_channel_keeps_its_newest_messages():
    world = World(rate_limits=False)
    for number in range(PER_CHANNEL + 1):
        world.workspace.messages.post(world.channel, world.workspace.bot.id, str(number))
    assert world.workspace.messages_in(world.channel.id)[0].text == "1"
