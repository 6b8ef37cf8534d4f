"""Messages that wait for their moment, and emoji beside messages."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.slack.model import MessageEvent
from tests.sandbox.slack.world import SIX, World


def test_a_scheduled_message_comes_when_lesson_time_gets_there(world):
    at = int((SIX + timedelta(minutes=5)).timestamp())
    scheduled = world.call("chat.scheduleMessage", channel="python-101", text="Break", post_at=at)
    assert world.call("chat.scheduledMessages.list")["scheduled_messages"] == [
        {"id": scheduled["scheduled_message_id"], "channel_id": world.channel.id, "post_at": at, "text": "Break"}
    ]
    world.clock.advance(minutes=5)
    world.call("auth.test")
    assert [message.text for message in world.workspace.messages_in(world.channel.id)] == ["Break"]
    assert world.call("chat.scheduledMessages.list")["scheduled_messages"] == []


async def test_a_scheduled_message_comes_without_anybody_calling(world):
    at = int((SIX + timedelta(minutes=5)).timestamp())
    world.call("chat.scheduleMessage", channel="python-101", text="Break", post_at=at)
    posted: list[MessageEvent] = []
    world.workspace.on_message(posted.append)
    await until_waiting(world)
    world.clock.advance(minutes=5)
    await until_waiting(world)
    assert [event.message.text for event in posted] == ["Break"]
    await world.workspace.close()


async def until_waiting(world: World) -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_scheduled_message_can_be_taken_back(world):
    at = int((SIX + timedelta(minutes=5)).timestamp())
    scheduled = world.call("chat.scheduleMessage", channel="python-101", text="Break", post_at=at)
    its_id = {"channel": world.channel.id, "scheduled_message_id": scheduled["scheduled_message_id"]}
    assert world.error("chat.deleteScheduledMessage", **its_id) == "none"
    assert world.error("chat.deleteScheduledMessage", **its_id) == "invalid_scheduled_message_id"


@pytest.mark.parametrize(
    ("ahead", "error"),
    [
        (timedelta(0), "time_in_past"),
        (timedelta(seconds=1), "none"),
        (timedelta(days=120), "none"),
        (timedelta(days=120, seconds=1), "time_too_far"),
    ],
)
def test_a_message_is_scheduled_within_120_days(world, ahead, error):
    at = int((SIX + ahead).timestamp())
    assert world.error("chat.scheduleMessage", channel="python-101", text="x", post_at=at) == error


def test_a_moment_that_no_calendar_has_is_refused(world):
    assert world.error("chat.scheduleMessage", channel="python-101", text="x", post_at=10**18) == "invalid_time"


def test_a_reaction_is_given_once_and_taken_back_once(world):
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    where = {"channel": world.channel.id, "timestamp": ts, "name": "wave"}
    assert world.error("reactions.add", **where) == "none"
    assert world.workspace.messages_in(world.channel.id)[0].reactions == {"wave": (world.workspace.bot.id,)}
    assert world.error("reactions.add", **where) == "already_reacted"
    assert world.error("reactions.remove", **where) == "none"
    assert world.error("reactions.remove", **where) == "no_reaction"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "no such thing"}, "invalid_name"),
        ({"timestamp": "1.0"}, "message_not_found"),
        ({"channel": "C0000000009"}, "channel_not_found"),
        ({"channel": "old"}, "is_archived"),
        ({"name": "::"}, "invalid_name"),
    ],
)
def test_a_reaction_needs_a_message_and_an_emoji(world, change, error):
    world.workspace.add_channel("old", archived=True)
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    assert (
        world.error("reactions.add", **({"channel": world.channel.id, "timestamp": ts, "name": "wave"} | change))
        == error
    )
