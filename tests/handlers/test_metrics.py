"""What an operator's monitoring reads: numbers with labels of our own words, behind a token of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
import yaml
from aiohttp.test_utils import TestClient, TestServer

from bot.attendance.wanted import MessageKind, Wanted
from bot.clock import ManualClock, wire_now
from bot.errors import SlackBusy, SlackRefused
from bot.scopes import Scope
from handlers.access import Access
from handlers.cli.check_slack import MANIFEST
from handlers.metrics import Metrics, MetricsPage
from handlers.platforms import CONNECTORS
from handlers.slack_client import SlackClients
from handlers.ticks import apply_deliveries, send_messages
from handlers.web import application
from handlers.webhooks import WebhookDoor
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import BOT_TOKEN, Workspace
from storage.database import Store
from storage.deliveries import NewDelivery
from tests.handlers.platforms.fixtures import SECRET, zoom_fixture
from tests.handlers.platforms.signing import sign_as_zoom
from tests.storage.rows import a_person, a_stored_lesson

LEFT = zoom_fixture("left")
CAME = LEFT.received_at
NOW = CAME + timedelta(minutes=5)
TOKEN = "the-token-of-the-monitoring"

Read = Callable[[], Awaitable[dict[str, float]]]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def client(store: Store, metrics: Metrics) -> AsyncIterator[TestClient]:
    """A program with a door for Zoom, and its page of numbers."""
    clock = ManualClock(NOW)
    door = WebhookDoor(
        store=store,
        clock=clock,
        connectors=CONNECTORS,
        secrets={"zoom": [SECRET]},
        wake=lambda: None,
        count=metrics.delivery,
    )
    await door.open()
    page = MetricsPage(metrics, store, clock, Access(store, fixed="the fixed one"))
    async with store.write() as memory:
        await memory.api_tokens.issue(scopes=[Scope.METRICS], token=TOKEN, now=wire_now())
    async with TestClient(TestServer(application(store, [*door.routes(), *page.routes()]))) as client:
        yield client
    await door.close()


@pytest.fixture
def read(client: TestClient) -> Read:
    """Every number by its name and labels."""

    async def ask() -> dict[str, float]:
        async with client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}) as reply:
            assert (reply.status, reply.content_type) == (200, "text/plain")
            lines = [line for line in (await reply.text()).splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return ask


@pytest.mark.parametrize(("token", "status"), [("", 401), ("wrong", 401), ("the fixed one", 403)])
async def test_numbers_are_told_to_a_token_of_the_scope_metrics_alone(
    client: TestClient, token: str, status: int
) -> None:
    assert (await client.get("/metrics", headers={"Authorization": f"Bearer {token}"})).status == status


async def test_every_answer_of_the_door_is_counted_by_platform_and_outcome(client: TestClient, read: Read) -> None:
    for _ in range(2):
        await client.post("/webhooks/zoom", data=LEFT.body, headers=sign_as_zoom(LEFT.body))
    await client.post("/webhooks/zoom", data=LEFT.body)
    await client.post("/webhooks/100ms", data=b"{}")
    await client.post("/webhooks/a-name-from-outside", data=b"{}")
    numbers = await read()
    assert numbers['rollcall_deliveries_total{outcome="kept",platform="zoom"}'] == 2
    assert numbers['rollcall_deliveries_total{outcome="untrusted",platform="zoom"}'] == 1
    assert numbers['rollcall_deliveries_total{outcome="unknown_platform",platform="100ms"}'] == 1
    assert numbers['rollcall_deliveries_total{outcome="unknown_platform",platform="unknown"}'] == 1
    assert "from-outside" not in str(numbers)


async def test_the_age_of_the_oldest_waiting_delivery_is_told_until_it_is_looked_into(
    store: Store, metrics: Metrics, read: Read
) -> None:
    assert (await read())["rollcall_deliveries_oldest_waiting_seconds"] == 0
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=CAME)
    for key, body in (("1", LEFT.body), ("2", b"{half")):
        await store.keep(
            [
                NewDelivery(
                    account_id=account,
                    route="",
                    delivery_key=key,
                    headers={},
                    body=body,
                    received_at=CAME,
                    verified_at=CAME,
                )
            ]
        )
    numbers = await read()
    assert numbers["rollcall_deliveries_oldest_waiting_seconds"] == 300
    assert numbers["rollcall_deliveries_waiting"] == 2
    await apply_deliveries.tick(store, CONNECTORS, now=NOW, count=metrics.applied)
    numbers = await read()
    assert (numbers["rollcall_deliveries_waiting"], numbers["rollcall_deliveries_oldest_waiting_seconds"]) == (0, 0)
    assert sum(value for name, value in numbers.items() if name.startswith("rollcall_deliveries_applied_total")) == 2
    assert numbers['rollcall_deliveries_applied_total{platform="zoom",state="unreadable"}'] == 1


async def test_running_lessons_are_counted(store: Store, read: Read) -> None:
    await a_stored_lesson(store, "1", state="live", due_at=NOW)
    await a_stored_lesson(store, "2", state="planned", due_at=NOW)
    assert (await read())["rollcall_lessons_live"] == 1


async def test_messages_are_counted_as_waiting_sent_and_failed_and_calls_to_slack_by_method(
    store: Store, metrics: Metrics, read: Read
) -> None:
    workspace = Workspace(clock=ManualClock(NOW), manifest=yaml.safe_load(MANIFEST.read_text()))
    workspace.add_person(id="U0ADA", name="Ada Lovelace")
    server = SlackServer(workspace)
    clients = SlackClients(bot_token=BOT_TOKEN, api_url=await server.start(), count=metrics.slack_call)
    ada = await a_person(store, slack_user_id="U0ADA")
    gone = await a_person(store, slack_user_id="U0NOBODY")
    content = {"about": ABOUT, "stage": "over", "why": "never_delivered", "since": 0}
    async with store.write() as memory:
        for recipient in (ada, gone):
            wanted = Wanted(kind=MessageKind.FEED_SILENT, recipient=recipient, content=content, due_at=NOW)
            await memory.messages.want([("a lesson", wanted)], now=NOW)
    assert (await read())["rollcall_messages_waiting"] == 2
    await send_messages.tick(store, clients.client_for(""), now=NOW, count=metrics.message)
    await clients.close()
    await server.stop()
    numbers = await read()
    assert numbers["rollcall_messages_waiting"] == 0
    assert numbers['rollcall_messages_total{outcome="sent"}'] == 1
    assert numbers['rollcall_messages_total{outcome="failed"}'] == 1
    assert numbers['rollcall_slack_calls_total{method="chat.postMessage",outcome="ok"}'] == 1
    assert numbers['rollcall_slack_calls_total{method="chat.postMessage",outcome="refused"}'] == 1


async def test_a_slack_that_asks_to_wait_is_counted_as_busy(metrics: Metrics, read: Read) -> None:
    clients = SlackClients(bot_token="xoxb-1", api_url="http://127.0.0.1:1/api/", count=metrics.slack_call)
    with pytest.raises((SlackBusy, SlackRefused)):
        await clients.client_for("").whose_token()
    await clients.close()
    assert (await read())['rollcall_slack_calls_total{method="auth.test",outcome="busy"}'] == 1


async def test_of_every_tick_one_knows_how_long_it_took_and_when_it_last_went_well(
    metrics: Metrics, read: Read
) -> None:
    before = wire_now().timestamp()
    metrics.ticked("apply_deliveries", 0.02, has_failed=False)
    metrics.ticked("watch_lessons", 7.0, has_failed=True)
    numbers = await read()
    assert numbers['rollcall_tick_seconds_count{tick="apply_deliveries"}'] == 1
    assert numbers['rollcall_tick_seconds_bucket{le="5.0",tick="watch_lessons"}'] == 0
    assert numbers['rollcall_tick_last_success_timestamp_seconds{tick="apply_deliveries"}'] >= before
    assert 'rollcall_tick_last_success_timestamp_seconds{tick="watch_lessons"}' not in numbers
    assert numbers['rollcall_tick_failures_total{tick="watch_lessons"}'] == 1


ABOUT = {
    "lesson_id": "a lesson",
    "title": "Python 101",
    "start": 0,
    "end": 3600,
    "zone": "UTC",
    "platform": "zoom",
    "join_url": "",
}
