from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.slack.server import SlackServer
from tests.sandbox.slack.world import TestApp, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def app(world: World) -> AsyncIterator[TestApp]:
    """An app that is connected to the world's workspace over HTTP."""
    app = TestApp(world.workspace.signing_secret)
    world.workspace.connect_app(await app.start())
    yield app
    await world.workspace.close()
    await app.stop()


@pytest.fixture
async def api(world: World) -> AsyncIterator[str]:
    """The base URL of the world's workspace on a port."""
    server = SlackServer(world.workspace)
    yield await server.start()
    await server.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
