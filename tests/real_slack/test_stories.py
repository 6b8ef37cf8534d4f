"""What Rollcall does in Slack comes out alike in the sandbox and in Slack: posting, editing, asking, being refused."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.attendance.wanted import MessageKind
from tests.real_slack.conftest import Place
from tests.sandbox_meets_messages.samples import COUNTS, NAMES, people_called, wanted

pytestmark = pytest.mark.timeout(900)  # Slack takes a message a second

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Python 101* started 3 min ago"}}
BUTTONS = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "late", "text": {"type": "plain_text", "text": "On my way"}}],
}


@asynccontextmanager
async def posted(place: Place, channel: str, text: str, **more: Any) -> AsyncIterator[dict[str, Any]]:
    """A message that is taken away again."""
    reply = await place.client.chat_postMessage(channel=channel, text=text, **more)
    try:
        yield dict(reply.data)
    finally:
        await place.client.chat_delete(channel=reply["channel"], ts=reply["ts"])


async def error_of(place: Place, method: str, **arguments: Any) -> str:
    """The error of a call, or `none`."""
    try:
        await place.client.api_call(method, json=arguments)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return "none"


async def test_a_token_says_whose_it_is(place: Place):
    told = await place.client.auth_test()
    assert told["user_id"].startswith("U")
    assert told["bot_id"].startswith("B")


async def test_an_edit_with_text_alone_takes_the_blocks_away(place: Place):
    async with posted(place, place.channel, "Python 101: 12 of 14 here", blocks=[SECTION, BUTTONS]) as board:
        edited = await place.client.chat_update(channel=board["channel"], ts=board["ts"], text="Python 101 is over")
        assert edited["ts"] == board["ts"]
        assert "actions" not in [block["type"] for block in edited["message"].get("blocks", [])]


async def test_a_block_without_an_id_is_given_one(place: Place):
    async with posted(place, place.channel, "Python 101", blocks=[SECTION, BUTTONS]) as board:
        assert all(block["block_id"] for block in board["message"]["blocks"])


async def test_a_direct_message_goes_by_the_persons_id_and_is_edited_by_its_channel(place: Place):
    async with posted(place, place.person, "Python 101 started 3 min ago", blocks=[SECTION, BUTTONS]) as reminder:
        assert reminder["channel"].startswith("D")
        await place.client.chat_update(channel=reminder["channel"], ts=reminder["ts"], text="You joined at 18:07")


async def test_a_thread_hangs_on_its_message_and_can_be_linked_to(place: Place):
    async with (
        posted(place, place.channel, "Python 101: 2 of 4 attended") as summary,
        posted(place, place.channel, "Who was there", thread_ts=summary["ts"]) as answer,
    ):
        assert answer["message"]["thread_ts"] == summary["ts"]
        link = await place.client.chat_getPermalink(channel=place.channel, message_ts=summary["ts"])
        assert link["permalink"].endswith(f"p{summary['ts'].replace('.', '')}")


async def test_a_scheduled_message_is_taken_back(place: Place):
    at = int(time.time()) + 600
    waiting = await place.client.chat_scheduleMessage(channel=place.channel, text="Later", post_at=at)
    scheduled = {"channel": waiting["channel"], "scheduled_message_id": waiting["scheduled_message_id"]}
    assert (await place.client.chat_deleteScheduledMessage(**scheduled))["ok"]
    assert await error_of(place, "chat.deleteScheduledMessage", **scheduled) == "invalid_scheduled_message_id"


async def test_a_person_has_a_zone_and_an_address(place: Place):
    person = (await place.client.users_info(user=place.person))["user"]
    assert person["tz"]
    found = await place.client.users_lookupByEmail(email=person["profile"]["email"])
    assert found["user"]["id"] == place.person


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C0NOWHERE00", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "here"}, "no_text"),
        ("chat.postMessage", {"channel": "here", "text": "x", "blocks": [{"type": "sektion"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "here", "text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ("chat.update", {"channel": "here", "ts": "1.000000", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "here", "ts": "1.000000"}, "message_not_found"),
        ("chat.scheduleMessage", {"channel": "here", "text": "x", "post_at": 1}, "time_in_past"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_arguments"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_refused_is_refused_alike(place: Place, method: str, arguments: dict[str, Any], error: str):
    here = {name: place.channel if value == "here" else value for name, value in arguments.items()}
    assert await error_of(place, method, **here) == error


@pytest.mark.parametrize("n", COUNTS)
async def test_every_golden_message_is_taken(place: Place, n: int):
    for kind in MessageKind:
        for message in wanted(kind, people_called(NAMES["what escaping makes longer"], n)):
            async with posted(place, place.channel, message.text, blocks=message.blocks) as said:
                assert len(said["message"]["blocks"]) == len(message.blocks), kind
