"""Nothing in the workspace grows without bound: a second hour of everything leaves it as large as the first."""

import asyncio
from collections import deque
from typing import Any

import pytest

from sandbox.slack.app_link import Delivered
from sandbox.slack.uploads import BYTES_KEPT, LARGEST
from tests.sandbox.sizes import grown, sizes
from tests.sandbox.slack.world import World, actions, button, field, modal, section

HOUR = 3_600
STEP = 60
A_DAY = 24 * 60
#: The limits, made so small that an hour reaches all of them.
SMALL = {
    "workspace.CALLS_KEPT": 400,
    "workspace.PROBLEMS_KEPT": 40,
    "messages.PER_CHANNEL": 50,
    "messages.EPHEMERALS_PER_PERSON": 40,
    "response_urls._KEPT": 50,
    "views._TRIGGERS_KEPT": 50,
    "uploads.FILES_KEPT": 40,
    "socket_mode._TICKETS_KEPT": 40,
}


class App:
    """The app under test, without a wire: acknowledges everything but each fifth event."""

    def __init__(self) -> None:
        self.bodies: deque[dict[str, Any]] = deque(maxlen=1)
        self._events = 0

    async def deliver(self, kind: str, payload: dict[str, Any], retry: Any) -> Delivered:
        self.bodies.append(payload)
        self._events += kind == "events_api"
        if kind == "events_api" and self._events % 5 == 0:
            return Delivered(500, failure="http_error")
        return Delivered(200, {"text": "Hello"} if kind == "slash_commands" else "")


class Hours:
    """A workspace in which everything that can be done is done all the time."""

    def __init__(self) -> None:
        self.world = World(rate_limits=False)
        self.app = App()
        self.world.workspace.app.sockets.append(self.app)

    async def one(self) -> None:
        for second in range(0, HOUR, STEP):
            self.world.clock.advance(seconds=STEP)
            self._say()
            self._upload()
            await self._act()
            if second % 60 == 0:
                await self._open_home()
            await asyncio.sleep(0)

    def _say(self) -> None:
        world, channel = self.world, self.world.channel.id
        for where in (channel, channel, channel, "U0ADA"):
            world.call("chat.postMessage", channel=where, text="Hello", txet="a slip")
        blocks = [actions(button("late"))]
        posted = world.call("chat.postMessage", channel="U0ADA", text="Hello", blocks=blocks)
        world.call("chat.update", channel=posted["channel"], ts=posted["ts"], text="Hello again", blocks=blocks)
        for _ in range(3):
            world.call("users.info", user="U0ADA")
        world.call("reactions.add", channel=posted["channel"], timestamp=posted["ts"], name="wave")
        world.call("chat.postEphemeral", channel=channel, user="U0ADA", text="psst")
        for minutes in (1, A_DAY):
            at = int(world.clock.now().timestamp()) + minutes * 60
            waiting = world.call("chat.scheduleMessage", channel=channel, text="Later", post_at=at)
            if minutes == A_DAY and waiting["ok"]:
                world.call(
                    "chat.deleteScheduledMessage", channel=channel, scheduled_message_id=waiting["scheduled_message_id"]
                )
        world.call("apps.connections.open", token=world.workspace.app_token)

    def _upload(self) -> None:
        asked = self.world.call("files.getUploadURLExternal", filename="sheet.csv", length=3)
        self.world.workspace.uploads.put(asked["file_id"], b"a,b")
        self.world.call("files.completeUploadExternal", files=[{"id": asked["file_id"]}], channel_id="U0ADA")

    async def _act(self) -> None:
        ada, urls = self.world.ada, self.world.workspace.response_urls
        await ada.command("/lesson now")
        urls.post(self.app.bodies[0]["response_url"].rpartition("/")[2], {"text": "and more"})
        said = next(message for message in reversed(ada.inbox) if message.blocks)
        for _ in range(2):
            await ada.click(said, "late")
        view = modal(field({"type": "plain_text_input", "action_id": "why"}, "reason"))
        self.world.call("views.open", trigger_id=self.app.bodies[0]["trigger_id"], view=view)
        await ada.submit(ada.open_views[-1], {"why": "ill"})

    async def _open_home(self) -> None:
        await self.world.ada.open_home()
        self.world.call("views.publish", user_id="U0ADA", view={"type": "home", "blocks": [section()]})


async def test_a_workspace_is_as_large_after_two_hours_as_after_one(monkeypatch: pytest.MonkeyPatch):
    for name, limit in SMALL.items():
        monkeypatch.setattr(f"sandbox.slack.{name}", limit)
    hours = Hours()
    await hours.one()
    workspace = hours.world.workspace
    assert len(workspace.calls) >= SMALL["workspace.CALLS_KEPT"]
    assert len(workspace.problems) == SMALL["workspace.PROBLEMS_KEPT"]
    assert len(hours.world.ada.inbox) == SMALL["messages.PER_CHANNEL"]
    assert len(hours.world.ada.ephemerals) == SMALL["messages.EPHEMERALS_PER_PERSON"]
    assert len(workspace.files) == SMALL["uploads.FILES_KEPT"]
    after_one = sizes(workspace)
    await hours.one()
    assert grown(after_one, sizes(workspace)) == {}
    await workspace.close()


async def test_what_grows_is_found():
    hours = Hours()
    before = sizes(hours.world.workspace)
    for number in range(100):
        hours.world.workspace.add_person(id=f"U{number}", name="Somebody")
    assert ".persons" in grown(before, sizes(hours.world.workspace))


def test_files_are_bounded_by_their_bytes_too():
    world = World(rate_limits=False)
    for _ in range(BYTES_KEPT // LARGEST + 2):
        asked = world.call("files.getUploadURLExternal", filename="film.mp4", length=LARGEST)
        world.workspace.uploads.put(asked["file_id"], bytes(LARGEST))
    assert sum(len(file.content or b"") for file in world.workspace.files.values()) == BYTES_KEPT
    assert asked["file_id"] in world.workspace.files
