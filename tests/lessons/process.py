"""The whole bot as a process group of its own on the machine's clock, which can be killed and started again."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bot.clock import SystemClock, stopwatch, wire_now
from handlers.cli.course import import_text
from sandbox.classroom.zoom_deliveries import signature
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from storage.database import Store
from tests.lessons.world import API_TOKEN, MANIFEST, SECRETS, attendance

ROOM = "97711976001"
COURSE = "Python 101"
CHANNEL = "python-101"
#: Wire seconds after which what should have happened has not.
AT_LAST = 60.0
SERVE = ("-m", "bot", "serve")


@dataclass
class Bot:
    """`rollcall serve` on one database, beside a Slack that lives on while the bot does not."""

    workspace: Workspace
    environment: dict[str, str]
    folder: Path
    process: asyncio.subprocess.Process | None = None
    url: str = ""

    async def start(self, *command: str) -> None:
        """Run until its doors are open; another command than `rollcall serve` does the same, and dies."""
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *(command or SERVE),
                env=self.environment,
                cwd=Path(__file__).parents[2],
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        said = (await self.process.stdout.readline()).decode()
        assert said.startswith("Rollcall listens on "), (self.folder / "log").read_text()[-2_000:]
        self.url = said.split()[3].rstrip(".")

    def kill(self) -> None:
        """`kill -9` of the whole process group."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)

    async def is_gone(self) -> None:
        assert self.process is not None
        async with asyncio.timeout(AT_LAST):
            assert await self.process.wait() == -signal.SIGKILL

    async def post(self, http: aiohttp.ClientSession, body: bytes) -> bool:
        """Whether the delivery got its 200; False too where the bot is gone."""
        timestamp = str(int(wire_now().timestamp()))
        signed = signature(SECRETS["zoom"], timestamp=timestamp, body=body)
        headers = {"x-zm-request-timestamp": timestamp, "x-zm-signature": signed}
        try:
            async with http.post(f"{self.url}/webhooks/zoom", data=body, headers=headers) as reply:
                return reply.status == 200
        except aiohttp.ClientError:
            return False

    async def guests(self) -> list[str]:
        """Whom the sheet of the lesson knows by a display name alone."""
        return [each["display_name"] for each in (await attendance(self.url, COURSE))["unknown"]]

    async def has_seen(self, names: set[str]) -> list[str]:
        """All guests on the sheet, once these are among them."""
        begun = stopwatch()
        while not names <= set(guests := await self.guests()):
            assert stopwatch() - begun < AT_LAST, f"{len(names - set(guests))} of {len(names)} are not on the sheet"
            await asyncio.sleep(0.1)
        return guests

    async def boards(self) -> list[str]:
        """What stands in the course's channel, once anything does."""
        channel = self.workspace.channel_named(CHANNEL)
        assert channel is not None
        begun = stopwatch()
        while not (standing := self.workspace.messages_in(channel.id)):
            assert stopwatch() - begun < AT_LAST, "no board was posted"
            await asyncio.sleep(0.1)
        return [message.text for message in standing]


@asynccontextmanager
async def a_bot(database_url: str, folder: Path) -> AsyncIterator[Bot]:
    """A bot that is not started yet, with a lesson that has just begun."""
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    workspace = Workspace(clock=SystemClock(), manifest=manifest, rate_limits=False)
    workspace.add_channel(CHANNEL)
    store = await Store.open(database_url)
    await import_text(store, course_file(), now=wire_now())
    await store.close()
    slack = SlackServer(workspace)
    environment = {
        "SLACK_API_URL": await slack.start(),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "ZOOM_WEBHOOK_SECRET_TOKEN": SECRETS["zoom"],
        "ROLLCALL_DATABASE_URL": database_url,
        "ROLLCALL_PORT": "0",
        "ROLLCALL_SECRET_KEY": "a key of thirty-two characters and more",
        "ROLLCALL_API_TOKEN": API_TOKEN,
        "PYTHONUNBUFFERED": "1",
    }
    bot = Bot(workspace, environment, folder)
    try:
        yield bot
    finally:
        if bot.process is not None and bot.process.returncode is None:
            bot.kill()
            await bot.process.wait()
        await slack.stop()


def course_file() -> str:
    start = wire_now() - timedelta(minutes=1)
    return f"""courses:
  - {{name: {COURSE}, channel: "#{CHANNEL}", timezone: UTC, platform: zoom, room: "{ROOM}",
     schedule: [{{start: {start:%Y-%m-%dT%H:%M:%S}, duration: 1h}}], trainers: [{{name: Grace Hopper}}]}}
"""


def guest(number: int) -> str:
    return f"Guest {number:05}"


def joins(number: int) -> bytes:
    """A guest like no other joins now."""
    moment = wire_now().astimezone(UTC)
    participant = {
        "user_id": str(16_000_000 + number),
        "user_name": guest(number),
        "join_time": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "participant_uuid": f"8F20D6A3-7B41-49C5-B8E2-{number:012}",
    }
    session = {"id": ROOM, "uuid": "q7Rk0mB3TfWn2xHc5sLdVg==", "participant": participant}
    told = {"account_id": "h4Tn8wQxR2mZ6vBd0yKc3g", "object": session}
    event_ts = int(moment.timestamp() * 1000)
    return json.dumps({"event": "meeting.participant_joined", "event_ts": event_ts, "payload": told}).encode()
