"""A Slack that judges every call and plays people, and our application on a port, joined by signed HTTP."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from random import Random

import pytest
import yaml
from aiohttp import web

from bot.clock import ManualClock
from handlers.slack.app import Feature, SlackApp
from handlers.slack_client import SlackClient, SlackClients
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from tests.builders import NINE

MANIFEST = Path("manifest.yml")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NINE)


@pytest.fixture
def workspace(clock: ManualClock) -> Workspace:
    made = Workspace(clock=clock, manifest=yaml.safe_load(MANIFEST.read_text()))
    for id_, name in [
        ("U0ADA", "Ada Lovelace"),
        ("U0BOB", "Bob Kahn"),
        ("U0GRACE", "Grace Hopper"),
        ("U0EVE", "Eve Clark"),
    ]:
        made.add_person(id=id_, name=name, email=f"{name.split()[0].lower()}@example.com")
    made.add_channel("python-101", members=list(made.persons))
    return made


@pytest.fixture
async def slack(workspace: Workspace) -> AsyncIterator[SlackClient]:
    """Our client, connected to the sandbox's Slack over HTTP."""
    server = SlackServer(workspace)
    clients = SlackClients(bot_token=workspace.bot_token, api_url=await server.start())
    yield clients.client_for("w1")
    await clients.close()
    await server.stop()


class House:
    """Our side: the Slack application on a port of this machine."""

    def __init__(self, workspace: Workspace, slack: SlackClient, clock: ManualClock) -> None:
        self._workspace = workspace
        self._slack = slack
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.app: SlackApp | None = None
        self.url = ""

    async def open(self, features: Iterable[Feature]) -> SlackApp:
        """Serve these features over signed HTTP."""
        self.app = self.built(features)
        application = web.Application()
        application.router.add_post("/slack/events", self.app.receive)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"
        self._workspace.connect_app(self.url)
        return self.app

    def built(self, features: Iterable[Feature]) -> SlackApp:
        return SlackApp(
            features,
            slack=self._slack,
            signing_secret=self._workspace.signing_secret,
            clock=self._clock,
            dice=Random(7),
        )

    async def close(self) -> None:
        if self.app is not None:
            await self.app.close()
        if self._runner is not None:
            await self._runner.cleanup()


@pytest.fixture
async def house(workspace: Workspace, slack: SlackClient, clock: ManualClock) -> AsyncIterator[House]:
    made = House(workspace, slack, clock)
    yield made
    await made.close()
