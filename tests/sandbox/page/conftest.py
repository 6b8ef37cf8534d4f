import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.classroom.participant import Participant
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.page import Page, PlayBill, Room, Scene, Visitor
from tests.sandbox.classroom.receiver import SECRET, Receiver
from tests.sandbox.page.looker import Looker
from tests.sandbox.slack.world import SIX, TestApp, World

ROOM = "97711976001"
GRACE = Participant(handle="grace", name="Grace Hopper", zoom_id="h0stGr4ceAAAAAAAAAAAAA")
ADA = Participant(handle="ada", name="Ada Lovelace")


@dataclass
class Stage:
    """A workspace with its app, a classroom with its bot, and a page over both."""

    world: World
    app: TestApp
    room: ZoomClassroom
    bot: Receiver
    scene: Scene
    page: Page
    address: str
    looker: Looker

    async def deliver(self, **for_: float) -> None:
        """Let lesson time go by, and what is due be sent."""
        self.world.clock.advance(**for_)
        await self.room.run_due(self.world.clock.now())


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def stage(http: aiohttp.ClientSession) -> AsyncIterator[Stage]:
    world, bot = World(), Receiver()
    app = TestApp(world.workspace.signing_secret)
    world.workspace.connect_app(await app.start())
    hooks = web.Application()
    hooks.router.add_post("/webhooks/zoom", bot.take)
    server = TestServer(hooks)
    await server.start_server()
    url = str(server.make_url("/webhooks/zoom"))
    room = ZoomClassroom(ROOM, SECRET, url, world.clock, random.Random(7), host=GRACE, topic="Python 101")
    visitors = {
        "grace": Visitor(participant=GRACE, role="trainer"),
        "ada": Visitor(participant=ADA, role="student"),
    }
    scene = Scene(
        workspace=world.workspace,
        rooms={ROOM: Room(course="Python 101", classroom=room, visitors=visitors)},
        roles={"U0ADA": "student", "U0GRACE": "trainer"},
        zone="Europe/Rome",
        bill=PlayBill(name="late", title="Bob is late", begins_at=SIX, ends_at=SIX),
    )
    page = Page(scene, scenarios=[("late", "Bob is late")])
    address = await page.start()
    looker = Looker(address, http)
    yield Stage(world, app, room, bot, scene, page, address, looker)
    await looker.close()
    await page.stop()
    await room.close()
    await server.close()
    await world.workspace.close()
    await app.stop()
