"""What the bot says in a story of the sandbox, said again call by call: Slack takes what the sandbox took."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.scenario_file import load
from sandbox.slack.model import Call, MessageEvent
from sandbox.slack.workspace import Workspace
from tests.lessons.world import Lesson
from tests.real_slack.conftest import Place

pytestmark = pytest.mark.timeout(900)  # Slack takes a message a second

#: With reminders, boards, cards and summaries; questions about strangers; buttons and what they lead to.
STORIES = ("late", "unknown-guest", "cancelled-lesson", "on-my-way")
#: What needs nobody's click: a modal opens only for who has pressed something.
SAID = ("chat.postMessage", "chat.update", "chat.delete")

#: where a message stands: channel and ts
Spot = tuple[str, str]


class Script:
    """The calls of one performance in the sandbox, and where each posted message stood there."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._posted: list[Spot] = []
        workspace.on_message(self._note)

    def _note(self, event: MessageEvent) -> None:
        if event.kind == "posted" and event.message.author == self._workspace.bot.id:
            self._posted.append((event.message.channel, event.message.ts))

    def calls(self) -> Iterator[tuple[Call, Spot]]:
        """Each call that Slack is to take too, and the message that it is about."""
        posted = iter(self._posted)
        for call in self._workspace.calls:
            if call.method in SAID and call.outcome == "ok":
                given = call.arguments
                is_new = call.method == "chat.postMessage"
                yield call, next(posted) if is_new else (str(given["channel"]), str(given["ts"]))


async def said_again(script: Script, workspace: Workspace, place: Place) -> int:
    """Make every call in that place and take all messages away again; how many calls there were."""
    standing: dict[Spot, Spot] = {}
    count = 0
    try:
        for count, (call, spot) in enumerate(script.calls(), start=1):  # noqa: B007  the count is the result
            arguments = _for_one_person(call.arguments, workspace, place)
            is_direct = workspace.channels[spot[0]].is_direct
            arguments["channel"] = place.person if is_direct else place.channel
            if spot in standing:
                arguments["channel"], arguments["ts"] = standing[spot]
            reply = await place.client.api_call(call.method, json=arguments)
            if call.method == "chat.delete":
                del standing[spot]
            else:
                standing[spot] = (reply["channel"], reply["ts"])
    finally:
        for channel, ts in standing.values():
            await place.client.chat_delete(channel=channel, ts=ts)
    return count


def _for_one_person(arguments: Any, workspace: Workspace, place: Place) -> dict[str, Any]:
    """Whoever is named is the one person who is there."""
    text = json.dumps(dict(arguments))
    for person in workspace.persons:
        text = text.replace(person, place.person)
    return dict(json.loads(text))


@pytest.mark.parametrize("story", STORIES)
async def test_slack_takes_every_message_of_a_story(place: Place, sqlite_url: str, story: str) -> None:
    async with Lesson(load(story), sqlite_url).opened() as lesson:
        script = Script(lesson.workspace)
        await lesson.play()
        assert await lesson.differences() == []
        assert await said_again(script, lesson.workspace, place) > len(load(story).happens)
