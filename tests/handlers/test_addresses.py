"""Several accounts of one platform: each has an address and secrets of its own, and is answered for alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.clock import ManualClock
from handlers import addresses
from handlers.addresses import Addresses
from handlers.keys import Keys
from handlers.platforms import CONNECTORS
from handlers.webhooks import WebhookDoor
from storage.api_tokens import digest_of
from storage.database import Store
from storage.inbox import Which
from tests.handlers.platforms.fixtures import SECRET, zoom_fixture
from tests.handlers.platforms.signing import sign_as_zoom

LEFT = zoom_fixture("left")
NOW = LEFT.received_at
ADDRESS = "the-secret-part-of-an-address"
KEY = "a text of more than thirty-two characters"


@pytest.fixture(autouse=True)
def read_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command changed counts within seconds; here it counts at once."""
    monkeypatch.setattr(addresses, "REREAD_AFTER", 0.0)


@asynccontextmanager
async def a_door(store: Store, *, clock: ManualClock, keys: Keys, env: str = "") -> AsyncIterator[TestClient]:
    door = WebhookDoor(
        store=store,
        clock=clock,
        connectors=CONNECTORS,
        secrets={"zoom": [env]} if env else {},
        wake=lambda: None,
        addresses=Addresses(store, keys, CONNECTORS),
    )
    await door.open()
    app = web.Application()
    app.add_routes(door.routes())
    async with TestClient(TestServer(app)) as client:
        yield client
    await door.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def evening(store: Store) -> str:
    """The id of an account with an address, beside the one of the settings."""
    async with store.write() as memory:
        sealed = Keys([KEY]).seal(SECRET)
        added = await memory.accounts.add(
            "zoom", "Evening school", token_hash=digest_of(ADDRESS), sealed=sealed, now=NOW
        )
    assert added is not None
    return added


async def post(client: TestClient, path: str, *, secret: str = SECRET, body: bytes = LEFT.body) -> int:
    async with client.post(path, data=body, headers=sign_as_zoom(body, secret=secret)) as reply:
        return reply.status


async def kept(store: Store) -> list[str]:
    """The accounts of what is on disk."""
    async with store.read() as memory:
        return [each.account for each in await memory.inbox.listed(Which(), limit=9)]


async def test_what_comes_to_an_account_s_address_is_that_account_s(
    store: Store, clock: ManualClock, evening: str
) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY])) as client:
        assert await post(client, f"/webhooks/zoom/{ADDRESS}") == 200
    assert await kept(store) == ["Evening school"]


async def test_each_account_is_proven_by_its_own_secret_alone(store: Store, clock: ManualClock, evening: str) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY]), env="of the settings") as client:
        assert await post(client, f"/webhooks/zoom/{ADDRESS}", secret="of the settings") == 401
        assert await post(client, "/webhooks/zoom", secret=SECRET) == 401
        assert await post(client, "/webhooks/zoom", secret="of the settings") == 200
        assert await post(client, f"/webhooks/zoom/{ADDRESS}") == 200
    assert sorted(await kept(store)) == ["Evening school", "default"]


async def test_an_address_of_nobody_is_404_and_never_logged(store: Store, clock: ManualClock, evening: str) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY])) as client:
        with capture_logs() as logged:
            assert await post(client, "/webhooks/zoom/somebody-guesses") == 404
            assert await post(client, f"/webhooks/100ms/{ADDRESS}") == 404
            assert await post(client, "/webhooks/zoom") == 404, "the account of the settings is not switched on"
    assert "somebody-guesses" not in str(logged)
    assert ADDRESS not in str(logged)
    assert await kept(store) == []


async def test_after_a_rotation_the_old_secret_is_good_until_its_time(
    store: Store, clock: ManualClock, evening: str
) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY])) as client:
        async with store.write() as memory:
            sealed = Keys([KEY]).seal("the next one")
            await memory.accounts.rotate(evening, sealed=sealed, old_until=NOW + timedelta(hours=24), now=NOW)
        path = f"/webhooks/zoom/{ADDRESS}"
        for secret, status in ((SECRET, 200), ("the next one", 200), ("another", 401)):
            assert await post(client, path, secret=secret) == status
        clock.advance(hours=24)
        for secret, status in ((SECRET, 401), ("the next one", 200)):
            assert await post(client, path, secret=secret) == status


async def test_a_new_address_ends_the_old_one(store: Store, clock: ManualClock, evening: str) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY])) as client:
        async with store.write() as memory:
            await memory.accounts.readdress(evening, token_hash=digest_of("a-new-one"))
        assert await post(client, f"/webhooks/zoom/{ADDRESS}") == 404
        assert await post(client, "/webhooks/zoom/a-new-one") == 200


async def test_where_the_address_proves_the_delivery_a_wrong_one_is_401_once_there_is_a_right_one(
    store: Store, clock: ManualClock
) -> None:
    path = "/webhooks/vcaas/{}/user-join-leave"
    async with a_door(store, clock=clock, keys=Keys([KEY])) as client:
        assert await post(client, path.format("wrong"), body=b"{}") == 404
        async with store.write() as memory:
            sealed = Keys([KEY]).seal(ADDRESS)
            await memory.accounts.add("vcaas", "Evening school", token_hash=None, sealed=sealed, now=NOW)
        assert await post(client, path.format(ADDRESS), body=b"{}") == 200
        assert await post(client, path.format("wrong"), body=b"{}") == 401
        assert await post(client, f"/webhooks/vcaas/{ADDRESS}/no-such-callback", body=b"{}") == 404
    assert await kept(store) == ["Evening school"]


async def test_while_the_secret_key_is_rotated_secrets_move_to_the_new_one(
    store: Store, clock: ManualClock, evening: str
) -> None:
    new = "another text of more than thirty-two characters"
    path = f"/webhooks/zoom/{ADDRESS}"
    async with a_door(store, clock=clock, keys=Keys([new, KEY])) as client:
        assert await post(client, path) == 200
    async with a_door(store, clock=clock, keys=Keys([new])) as client:
        assert await post(client, path) == 200


async def test_a_secret_that_no_key_opens_is_said_and_stops_nobody_else(
    store: Store, clock: ManualClock, evening: str
) -> None:
    other = Keys(["another text of more than thirty-two characters"])
    with capture_logs() as logged:
        async with a_door(store, clock=clock, keys=other, env=SECRET) as client:
            assert await post(client, "/webhooks/zoom") == 200
            assert await post(client, f"/webhooks/zoom/{ADDRESS}") in {401, 404}
    (said, *_) = [line for line in logged if line["event"] == "account_secret_sealed"]
    assert "ROLLCALL_SECRET_KEY" in said["remedy"]


async def test_what_nothing_proved_is_counted_per_account_and_written_down_together(
    store: Store, clock: ManualClock, evening: str
) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY]), env="of the settings") as client:
        for _ in range(20):
            assert await post(client, f"/webhooks/zoom/{ADDRESS}", secret="wrong") == 401
        clock.advance(minutes=1)
        await post(client, f"/webhooks/zoom/{ADDRESS}", secret="wrong")
        await post(client, "/webhooks/zoom/nobody-s", secret="wrong")
    assert await refused(store) == {"default": (0, None), "Evening school": (21, NOW)}


async def test_it_is_written_down_while_the_door_stays_open(store: Store, clock: ManualClock, evening: str) -> None:
    async with a_door(store, clock=clock, keys=Keys([KEY])) as client:
        await post(client, f"/webhooks/zoom/{ADDRESS}", secret="wrong")
        async with asyncio.timeout(5):
            while await refused(store) != {"Evening school": (1, NOW)}:  # noqa: ASYNC110  it is written by nobody we could await
                await asyncio.sleep(0.1)


async def refused(store: Store) -> dict[str, tuple[int, datetime | None]]:
    async with store.read() as memory:
        return {each.name: (each.refused, each.refused_first_at) for each in await memory.accounts.all()}
