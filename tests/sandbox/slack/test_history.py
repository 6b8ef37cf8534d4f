"""What an app may read back: conversations, threads, and files that it takes away."""

from typing import Any

import pytest

from tests.sandbox.slack.world import World


def say(world: World, *words: str, **more: Any) -> list[str]:
    """Say these in the channel, a minute after each other; their timestamps."""
    said = []
    for each in words:
        world.clock.advance(minutes=1)
        said.append(str(world.call("chat.postMessage", channel="python-101", text=each, **more)["ts"]))
    return said


def texts(body: dict[str, Any]) -> list[str]:
    return [message["text"] for message in body["messages"]]


def test_history_begins_with_the_newest_and_leaves_replies_to_their_threads(world: World):
    first, _ = say(world, "one", "two")
    say(world, "about one", thread_ts=first)
    body = world.call("conversations.history", channel=world.channel.id)
    assert (texts(body), body["has_more"]) == (["two", "one"], False)


def test_history_is_read_page_by_page(world: World):
    say(world, "one", "two", "three")
    page = world.call("conversations.history", channel=world.channel.id, limit=2)
    assert (texts(page), page["has_more"]) == (["three", "two"], True)
    cursor = page["response_metadata"]["next_cursor"]
    assert texts(world.call("conversations.history", channel=world.channel.id, limit=2, cursor=cursor)) == ["one"]


@pytest.mark.parametrize(("inclusive", "found"), [(False, ["two"]), (True, ["three", "two", "one"])])
def test_the_ends_of_a_span_are_in_it_only_if_asked_for(world: World, inclusive, found):
    first, _, last, _ = say(world, "one", "two", "three", "four")
    span = {"oldest": first, "latest": last, "inclusive": inclusive}
    assert texts(world.call("conversations.history", channel=world.channel.id, **span)) == found


def test_a_thread_begins_with_what_it_hangs_on(world: World):
    first, second = say(world, "one", "two")
    say(world, "about one", "more about one", thread_ts=first)
    body = world.call("conversations.replies", channel=world.channel.id, ts=first)
    assert texts(body) == ["one", "about one", "more about one"]
    assert texts(world.call("conversations.replies", channel=world.channel.id, ts=second)) == ["two"]


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("conversations.history", {"channel": "nowhere"}, "channel_not_found"),
        ("conversations.history", {"channel": "others"}, "not_in_channel"),
        ("conversations.history", {"channel": "python-101", "oldest": "noon"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "python-101", "latest": "noon"}, "invalid_ts_latest"),
        ("conversations.replies", {"channel": "python-101", "ts": "1.0"}, "thread_not_found"),
        ("conversations.replies", {"channel": "python-101"}, "invalid_arguments"),
        ("files.delete", {"file": "F9"}, "file_not_found"),
        ("users.profile.get", {"user": "U0NOBODY"}, "user_not_found"),
    ],
)
def test_what_is_not_there_cannot_be_read(world: World, method, arguments, error):
    world.workspace.add_channel("others", bot_is_member=False)
    assert world.error(method, **arguments) == error


def test_each_kind_of_conversation_asks_for_its_own_scope():
    world = World(scopes=["im:history", "chat:write"])
    assert world.error("conversations.history", channel="python-101") == "missing_scope"
    channel = world.call("chat.postMessage", channel="U0ADA", text="Hello")["channel"]
    assert texts(world.call("conversations.history", channel=channel)) == ["Hello"]


def test_nobody_is_disturbed_and_strangers_are_left_out(world: World):
    told = world.call("dnd.teamInfo", users="U0ADA, U0NOBODY")["users"]
    assert told == {"U0ADA": {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}}


def test_a_file_that_is_taken_away_is_shown_no_more(world: World):
    asked = world.call("files.getUploadURLExternal", filename="sheet.csv", length=3)
    world.workspace.uploads.put(asked["file_id"], b"a,b")
    world.call("files.completeUploadExternal", files=[{"id": asked["file_id"]}], channel_id="python-101")
    assert world.error("files.delete", file=asked["file_id"]) == "none"
    [message] = world.call("conversations.history", channel="python-101")["messages"]
    assert message["files"] == []
