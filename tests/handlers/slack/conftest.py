"""A Slack that judges every call and plays people, and our application on a port, joined by signed HTTP."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from aiohttp import web

from bot.clock import ManualClock
from bot.messages.actions import ButtonValue
from bot.messages.blocks import actions, button
from handlers.checks import Checks
from handlers.documents import Documents
from handlers.keys import Keys
from handlers.slack.app import Feature, SlackApp
from handlers.slack.features import features
from handlers.slack.office import Office
from handlers.slack_client import SlackClient, SlackClients
from handlers.web import LARGEST_REQUEST
from sandbox.slack.model import Message, Reply, View
from sandbox.slack.people import Person
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from storage.database import Store
from tests.builders import NINE, Moment, at
from tests.handlers.slack.school import LESSON, PEOPLE, School, account_of

MANIFEST: dict[str, Any] = yaml.safe_load(Path("manifest.yml").read_text())
KEYS = Keys(["a key of thirty-two characters and more"])


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NINE)


@pytest.fixture
def workspace(clock: ManualClock) -> Workspace:
    made = Workspace(clock=clock, manifest=deepcopy(MANIFEST))
    for id_, name in PEOPLE.items():
        made.add_person(id=account_of(id_), name=name, email=f"{id_}@example.com", is_admin=id_ == "rita")
    made.add_person(id="U0EVE", name="Eve Clark", email="eve@example.com")
    for channel in ("python-101", "history"):
        made.add_channel(channel, members=list(made.persons))
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
        application = web.Application(client_max_size=LARGEST_REQUEST)
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
            read_within=0.3,
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


class Desk:
    """The whole door with a school behind it, and its people before it."""

    def __init__(self, school: School, workspace: Workspace, clock: ManualClock, slack: SlackClient) -> None:
        self.school = school
        self.workspace = workspace
        self.clock = clock
        self.woken = 0
        self.office = Office(school.store, slack, self._wake)
        self.slack = slack
        self.app: SlackApp | None = None
        self.checks = Checks(school.store, KEYS, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def person(self, id_: str) -> Person:
        return self.workspace.persons[account_of(id_)]

    def moment(self, moment: Moment) -> None:
        """It is now so late, in minutes of the lesson."""
        self.clock.move_to(at(moment))

    async def types(self, who: str, text: str) -> str:
        """Somebody types behind /rollcall; what they are told."""
        return await self._answered(who, self.person(who).command(f"/rollcall {text}".strip()))

    async def types_presence(self, who: str, text: str) -> str:
        """Somebody types behind /presence; what they are told."""
        return await self._answered(who, self.person(who).command(f"/presence {text}".strip()))

    async def presses(
        self,
        who: str,
        action: str,
        *,
        lesson: str = LESSON,
        person: str = "",
        detail: str = "",
        number: int | None = None,
    ) -> str:
        """Somebody presses this button on a message that has it; what they alone are told."""
        value = ButtonValue(lesson, person, detail)
        name = action if number is None else f"{action}.{number}"
        blocks = actions(button("Press", action=name, value=value))
        posted = await self.slack.post(account_of(who), text="A message", blocks=blocks)
        message = self.workspace.messages.find(posted.channel, posted.ts)
        assert message is not None
        return await self._answered(who, self.person(who).click(message, name))

    async def presses_stale(self, who: str, action: str, value: str) -> str:
        """Somebody presses a button with this very value that reached them otherwise; what they are told."""
        asked = ButtonValue.read(value)
        return await self.presses(who, action, lesson=asked.lesson, person=asked.person, detail=asked.detail)

    async def presses_in(self, who: str, message: Message, action: str) -> str:
        """Somebody presses a button of this very message; what they alone are told."""
        return await self._answered(who, self.person(who).click(message, action))

    def modal(self, who: str) -> View:
        """The modal that stands in front of somebody."""
        return self.person(who).open_views[-1]

    async def fills_in(self, who: str, values: Mapping[str, Any]) -> str:
        """Somebody fills in the modal before them and sends it; what they are told."""
        return await self._answered(who, self.person(who).submit(self.modal(who), values))

    def shown(self, who: str) -> Message:
        """The newest message that somebody alone sees."""
        return self.person(who).ephemerals[-1]

    async def _answered(self, who: str, doing: Any) -> str:
        before = len(self.person(who).ephemerals)
        reply: Reply = await doing
        assert reply.acknowledged, reply
        assert reply.error is None, reply
        assert self.app is not None
        await self.app.door.idle()
        assert self.workspace.problems == []
        new = self.person(who).ephemerals[before:]
        return "\n".join(message.text for message in new)


@pytest.fixture
def documents() -> Iterator[Documents]:
    with closing(Documents()) as made:
        yield made


@pytest.fixture
async def school(store: Store) -> School:
    made = School(store)
    await made.found()
    return made


@pytest.fixture
async def desk(
    school: School,
    workspace: Workspace,
    clock: ManualClock,
    slack: SlackClient,
    house: House,
    documents: Documents,
) -> Desk:
    made = Desk(school, workspace, clock, slack)
    made.app = await house.open(features(made.office, made.checks, documents))
    return made
