"""The sandbox of one scenario and the whole bot beside it, with secrets and a database of its own."""

import asyncio
import secrets
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.attendance.events import PresenceEvent
from bot.clock import Clock, stopwatch
from bot.connectors import Delivery
from bot.errors import BotError
from bot.settings import Settings
from handlers.cli.context import Context, Program
from handlers.cli.course import import_text
from handlers.platforms import CONNECTORS, SWITCHES
from sandbox.apis.server import PlatformApis
from sandbox.apis.vcaas import KEY_HEADER
from sandbox.classroom.deliveries import Delivery as SentDelivery
from sandbox.classroom.rooms import Classroom
from sandbox.platforms import Endpoint
from sandbox.player import StoryPlayer, move_in, open_classrooms
from sandbox.scenario_file import dice
from sandbox.sheets import sheet_differences
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from sandbox.story import Line, Scenario

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


async def settled(is_idle: Callable[[], bool], *, within: float) -> bool:
    """Wait until everything is idle; False if it is not after so many of the machine's seconds."""
    begun = stopwatch()
    while not is_idle():
        if stopwatch() - begun > within:
            return False
        await asyncio.sleep(0.001)
    return True


class World:
    """Slack, the classrooms and the bot, on one clock; listens on loopback only. `open` it once and `close` it."""

    program: Program
    player: StoryPlayer
    workspace: Workspace
    apis: PlatformApis
    classrooms: dict[str, Classroom]

    def __init__(self, context: Context, scenario: Scenario, clock: Clock) -> None:
        self._context = context
        self.scenario = scenario
        self.clock = clock
        self.api_token = secrets.token_urlsafe(32)
        platforms = sorted({room.platform for room in scenario.rooms.values()})
        self._secrets = {platform: secrets.token_urlsafe(24) for platform in platforms}
        self._around = AsyncExitStack()

    async def open(self, on_line: Callable[[Line], None]) -> None:
        """Start Slack, the platforms' APIs, the classrooms and the bot, and import the course."""
        manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
        self.workspace = Workspace(clock=self.clock, manifest=manifest)
        self._around.push_async_callback(self.workspace.close)
        move_in(self.scenario, self.workspace)
        slack = SlackServer(self.workspace)
        api_url = await slack.start()
        self._around.push_async_callback(slack.stop)
        self.apis = PlatformApis(self.clock, records=self.scenario.records, registered=self.scenario.registered)
        self._around.push_async_callback(self.apis.stop)
        credentials = self._api_settings(await self.apis.start())
        folder = self._around.enter_context(tempfile.TemporaryDirectory(prefix="rollcall-demo-"))
        self.program = self._context.assemble(self._settings(api_url, Path(folder), credentials), self.clock)
        self.url = await self.program.start()
        self._around.push_async_callback(self.program.stop)
        self.workspace.connect_app(f"{self.url}/slack/events")
        self.classrooms = open_classrooms(
            self.scenario,
            endpoints={
                platform: Endpoint(f"{self.url}/webhooks/{platform}", secret)
                for platform, secret in self._secrets.items()
            },
            clock=self.clock,
            rng=dice(self.scenario),
        )
        self.apis.admit(self.classrooms)
        for room in self.classrooms.values():
            self._around.push_async_callback(room.close)
        await import_text(self.program.store, self.scenario.course_file, now=self.clock.now())
        self.program.wake()
        self.player = StoryPlayer(self.scenario, self.workspace, self.classrooms, self.clock, on_line=on_line)

    async def close(self) -> None:
        """Stop everything, the newest first, and throw the database away."""
        await self._around.aclose()

    async def differences(self) -> list[str]:
        """How it came out otherwise than written; empty if it did not."""
        on_the_sheet = await sheet_differences(self.scenario, api_url=self.url, token=self.api_token)
        return [*self.player.differences(), *on_the_sheet, *self.workspace.problems]

    async def became(self, platform: str, sent: SentDelivery) -> dict[str, Any] | None:
        """What the bot has made of a delivery: its state in the inbox, and what it understood."""
        connector = CONNECTORS[platform]
        async with self.program.store.read() as memory:
            account_id = await memory.accounts.find(platform) or ""
            arrived = Delivery(
                account=account_id, route=sent.route, headers={}, body=sent.body, received_at=self.clock.now()
            )
            kept = await memory.deliveries.with_key(account_id, connector.delivery_key(arrived))
        if kept is None:
            return None
        try:
            events = connector.normalise(replace(arrived, received_at=kept.received_at))
        except BotError:
            events = ()
        return {
            "state": kept.state.value,
            "error": kept.error,
            "received_at": kept.received_at.isoformat(),
            "applied_at": kept.applied_at.isoformat() if kept.applied_at else None,
            "understood": [
                {"kind": event.kind.value, "who": event.handle.name, "at": event.occurred_at.isoformat()}
                for event in events
                if isinstance(event, PresenceEvent)
            ],
        }

    def _api_settings(self, url: str) -> dict[str, str]:
        """What the bot needs to ask the APIs of the scenario's platforms."""
        keys = self.apis.keys
        by_platform = {
            "zoom": {
                "ZOOM_ACCOUNT_ID": keys.zoom_account_id,
                "ZOOM_CLIENT_ID": keys.zoom_client_id,
                "ZOOM_CLIENT_SECRET": keys.zoom_client_secret,
                "ZOOM_API_URL": f"{url}/zoom/v2",
                "ZOOM_OAUTH_URL": f"{url}/zoom/oauth/token",
            },
            "100ms": {
                "HMS_APP_ACCESS_KEY": keys.hms_access_key,
                "HMS_APP_SECRET": keys.hms_secret,
                "HMS_API_URL": f"{url}/100ms/v2",
            },
            "vcaas": {
                "VCAAS_API_URL": f"{url}/vcaas",
                "VCAAS_API_HEADER": f"{KEY_HEADER}: {keys.vcaas_key}",
            },
        }
        return {name: value for each in self._secrets for name, value in by_platform.get(each, {}).items()}

    def _settings(self, slack_api_url: str, folder: Path, credentials: dict[str, str]) -> Settings:
        return Settings.from_env(
            {
                "SLACK_API_URL": slack_api_url,
                "SLACK_BOT_TOKEN": self.workspace.bot_token,
                "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
                **{SWITCHES[platform]: secret for platform, secret in self._secrets.items()},
                **credentials,
                "ROLLCALL_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'demo.db'}",
                "ROLLCALL_DATA_DIR": str(folder),
                "ROLLCALL_PORT": "0",
                "ROLLCALL_PUBLIC_URL": "http://127.0.0.1:0",
                "ROLLCALL_SECRET_KEY": secrets.token_urlsafe(48),
                "ROLLCALL_API_TOKEN": self.api_token,
            }
        )
