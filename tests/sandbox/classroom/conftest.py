import random
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.classroom.participant import Participant
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.classroom.zoom_deliveries import ZoomDeliveries
from tests.sandbox.classroom.receiver import SECRET, HandClock, Receiver

ROOM = "97711976001"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def bot() -> Receiver:
    return Receiver()


@pytest.fixture
async def url(bot: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/webhooks/zoom", bot.take)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/webhooks/zoom"))
    await server.close()


@pytest.fixture
async def deliveries(url: str, clock: HandClock) -> AsyncIterator[ZoomDeliveries]:
    deliveries = ZoomDeliveries(webhook_url=url, secret=SECRET, clock=clock, rng=random.Random(7))
    yield deliveries
    await deliveries.close()


@pytest.fixture
def grace() -> Participant:
    return Participant(handle="grace", name="Grace Hopper", email="grace@example.com", zoom_id="h0stGr4ceAAAAAAAAAAAAA")


@pytest.fixture
def ada() -> Participant:
    return Participant(handle="ada", name="Ada Lovelace", registrant_id="lyF4h08rRuq8APkkzh5n1Q")


@pytest.fixture
def bob() -> Participant:
    return Participant(handle="bob", name="Bob Stone")


@pytest.fixture
async def room(url: str, clock: HandClock, grace: Participant) -> AsyncIterator[ZoomClassroom]:
    room = ZoomClassroom(ROOM, SECRET, url, clock, random.Random(7), host=grace, topic="Python 101 🐍 – l’été")
    yield room
    await room.close()
