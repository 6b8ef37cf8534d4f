"""A lesson in the sandbox with the whole bot beside it, which can be cut off at any moment and started again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import yaml

from bot.__main__ import Program
from bot.clock import ManualClock, stopwatch
from bot.settings import Settings
from handlers.cli.course import import_text
from handlers.platforms import SWITCHES
from sandbox.apis.records import AS_IT_WAS
from sandbox.apis.server import PlatformApis
from sandbox.classroom.rooms import Classroom
from sandbox.platforms import Endpoint
from sandbox.player import StoryPlayer, move_in, open_classrooms
from sandbox.scenario_file import dice, read
from sandbox.sheets import sheet_differences
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from sandbox.story import Scenario

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
HANDLERS = Path(__file__).parents[2] / "handlers"
#: The webhook secret of each platform.
SECRETS = {platform: f"the secret of {platform}" for platform in SWITCHES}
API_TOKEN = "the token of a reader of attendance"
#: Wire seconds after which a play that does not get on is given up.
STUCK_AFTER = 150.0


def story(text: str) -> Scenario:
    """A story of a test's own, in the school of all scenarios."""
    return read(text, file="story-of-a-test.yaml")


def settings(database_url: str, *, slack_api_url: str, **others: str) -> Settings:
    """A bot with every platform switched on; `others` are further variables."""
    return Settings.from_env(
        {
            "SLACK_API_URL": slack_api_url,
            "SLACK_BOT_TOKEN": "xoxb-nobody",
            "SLACK_SIGNING_SECRET": "signs nothing",
            **{variable: SECRETS[platform] for platform, variable in SWITCHES.items()},
            "ROLLCALL_DATABASE_URL": database_url,
            "ROLLCALL_PORT": "0",
            "ROLLCALL_SECRET_KEY": "a key of thirty-two characters and more",
            "ROLLCALL_API_TOKEN": API_TOKEN,
            **others,
        }
    )


def zoom_credentials(apis: PlatformApis, url: str) -> dict[str, str]:
    """What the bot needs to ask Zoom's API."""
    return {
        "ZOOM_ACCOUNT_ID": apis.keys.zoom_account_id,
        "ZOOM_CLIENT_ID": apis.keys.zoom_client_id,
        "ZOOM_CLIENT_SECRET": apis.keys.zoom_client_secret,
        "ZOOM_API_URL": f"{url}/zoom/v2",
        "ZOOM_OAUTH_URL": f"{url}/zoom/oauth/token",
    }


async def cut_off(program: Program) -> None:
    """End the bot as if its process were killed: whatever is under way ends where it is, and nobody is asked.

    Only then is closed what would otherwise stay open in this process.
    """
    under_way = [task for task in asyncio.all_tasks() if task is not asyncio.current_task() and is_of_the_bot(task)]
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    await program.stop()


def is_of_the_bot(task: asyncio.Task[Any]) -> bool:
    """Ticks, the writer of deliveries, work for people: all that runs in the code of `handlers`."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and Path(code.co_filename).is_relative_to(HANDLERS)


class Lesson:
    """One scenario on one lesson clock, which nobody but `play` moves."""

    def __init__(self, scenario: Scenario, database_url: str, *, in_socket_mode: bool = False, **patience: Any) -> None:
        """`patience`: the program's with Slack."""
        self._patience = patience
        self.scenario = scenario
        self.clock = ManualClock(scenario.begins_at)
        self._database_url = database_url
        self._in_socket_mode = in_socket_mode
        self._port = "0"

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Lesson"]:
        """Slack, the classroom, and the bot with the course imported."""
        async with AsyncExitStack() as around:
            self._data_dir = around.enter_context(TemporaryDirectory())
            manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
            self.workspace = Workspace(clock=self.clock, manifest=manifest)
            manifest["settings"]["socket_mode_enabled"] = self._in_socket_mode
            move_in(self.scenario, self.workspace)
            slack = SlackServer(self.workspace)
            self._api_url = await slack.start()
            around.push_async_callback(slack.stop)
            apis = PlatformApis(self.clock, records=self.scenario.records, registered=self.scenario.registered)
            around.push_async_callback(apis.stop)
            # Of a story that says nothing of records nobody is asked, as in a school that gave us no credentials.
            self._credentials = {} if self.scenario.records == AS_IT_WAS else zoom_credentials(apis, await apis.start())
            await self.start_bot()
            around.push_async_callback(self._stop_bot)
            rooms = open_classrooms(
                self.scenario,
                endpoints={
                    platform: Endpoint(f"{self.url}/webhooks/{platform}", SECRETS[platform])
                    for platform in {room.platform for room in self.scenario.rooms.values()}
                },
                clock=self.clock,
                rng=dice(self.scenario),
            )
            apis.admit(rooms)
            self.room: Classroom = rooms[self.scenario.room]
            for room in rooms.values():
                around.push_async_callback(room.close)
            await import_text(self.program.store, self.scenario.course_file, now=self.clock.now())
            self.program.wake()
            self.player = StoryPlayer(self.scenario, self.workspace, rooms, self.clock)
            await self.look()
            yield self

    async def start_bot(self) -> None:
        """Start the bot, at the same address and with the same memory each time."""
        socket = {"SLACK_APP_TOKEN": self.workspace.app_token} if self._in_socket_mode else {}
        self.program = Program(
            settings(
                self._database_url,
                slack_api_url=self._api_url,
                SLACK_BOT_TOKEN=self.workspace.bot_token,
                SLACK_SIGNING_SECRET=self.workspace.signing_secret,
                ROLLCALL_PORT=self._port,
                ROLLCALL_DATA_DIR=self._data_dir,
                **self._credentials,
                **socket,
            ),
            self.clock,
            **self._patience,
        )
        self.url = await self.program.start()
        self._port = self.url.rpartition(":")[2]
        if not self._in_socket_mode:
            self.workspace.connect_app(f"{self.url}/slack/events")

    async def restart(self) -> None:
        """The process is killed and comes back."""
        await cut_off(self.program)
        await self.start_bot()
        await self.look()

    async def play(self, until: str = "") -> None:
        """Let everything happen up to that time of day, or to the end of the story."""
        stop = self.at(until) if until else self.scenario.ends_at
        while (at := self.player.next_at()) is not None:
            due = self.program.next_due_at()
            moment = min(at, due) if due is not None else at
            if moment > stop:
                break
            self.clock.move_to(moment)
            await self.player.run_due(self.clock.now())
            await self.look()
        self.clock.move_to(stop)
        await self.look()

    async def look(self) -> None:
        """Let the bot do what is due, and wait until there is nothing more to do now."""
        self.program.wake_due()  # the alarm that this clock does not have
        begun = stopwatch()
        while not (self.program.is_idle and self.player_is_idle):
            assert stopwatch() - begun < STUCK_AFTER, f"stuck at {self.clock.now()}"
            await asyncio.sleep(0.001)

    @property
    def player_is_idle(self) -> bool:
        return not hasattr(self, "player") or self.player.is_idle

    def at(self, time: str) -> datetime:
        """A time of day of the lesson, written `18:03:05`."""
        hours, minutes, seconds = map(int, time.split(":"))
        start = self.scenario.starts_at.astimezone(self.scenario.zone)
        return start.replace(hour=hours, minute=minutes, second=seconds)

    def told(self, to: str) -> list[str]:
        """New messages to a person or `#channel`, each as its time and its first line."""
        return [
            f"{self.scenario.clock_time(line.at, with_seconds=True)} {line.text}"
            for line in self.player.transcript
            if line.to == to and line.kind == "posted"
        ]

    async def differences(self) -> list[str]:
        """How it came out otherwise than written."""
        on_the_sheet = await sheet_differences(self.scenario, api_url=self.url, token=API_TOKEN)
        return [*self.player.differences(), *on_the_sheet]

    async def _stop_bot(self) -> None:
        await self.program.stop()


async def attendance(url: str, course: str) -> dict[str, Any]:
    """`GET …/attendance` of the first lesson of the course."""
    headers = {"authorization": f"Bearer {API_TOKEN}"}
    async with aiohttp.ClientSession(url, headers=headers, raise_for_status=True) as http:
        async with http.get("/api/v1/lessons", params={"course": course}) as reply:
            lessons = (await reply.json())["lessons"]
        first = min(lessons, key=lambda lesson: lesson["planned_start"])
        async with http.get(f"/api/v1/lessons/{first['id']}/attendance") as reply:
            return await reply.json()
