"""`GET /metrics`: the program's own numbers for Prometheus. Labels are words of ours, never text from outside."""

from collections.abc import Mapping

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from bot.clock import Clock, wire_now
from bot.scopes import Grant, Scope
from handlers.access import Access
from storage.database import Store

#: Seconds: a tick of a few rows takes milliseconds, one after an outage minutes.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

# A second line for each number, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library left it untyped


class Metrics:
    """What was counted since the program started. Each part is given the one method that it needs."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._deliveries = Counter(
            "rollcall_deliveries", "Requests at the door.", ["platform", "outcome"], registry=self.registry
        )
        self._applied = Counter(
            "rollcall_deliveries_applied", "Deliveries looked into.", ["platform", "state"], registry=self.registry
        )
        self._messages = Counter(
            "rollcall_messages", "Messages that Slack took, or refused for good.", ["outcome"], registry=self.registry
        )
        self._slack = Counter("rollcall_slack_calls", "Calls to Slack.", ["method", "outcome"], registry=self.registry)
        self._ticks = Histogram(
            "rollcall_tick_seconds", "How long ticks took.", ["tick"], buckets=BUCKETS, registry=self.registry
        )
        self._failed = Counter("rollcall_tick_failures", "Ticks that failed.", ["tick"], registry=self.registry)
        self._succeeded = Gauge(
            "rollcall_tick_last_success_timestamp_seconds", "When a tick last ran.", ["tick"], registry=self.registry
        )

    def delivery(self, platform: str, outcome: str) -> None:
        """A request was answered: `kept`, `handshake`, or why it was refused."""
        self._deliveries.labels(platform, outcome).inc()

    def applied(self, outcomes: Mapping[tuple[str, str], int]) -> None:
        """Deliveries were looked into: how many by (platform, state)."""
        for labels, count in outcomes.items():
            self._applied.labels(*labels).inc(count)

    def message(self, outcome: str) -> None:
        """A message was `sent`, or `failed` for good."""
        self._messages.labels(outcome).inc()

    def slack_call(self, method: str, outcome: str) -> None:
        """Slack answered: `ok`, `busy` or `refused`."""
        self._slack.labels(method, outcome).inc()

    def ticked(self, name: str, seconds: float, *, has_failed: bool) -> None:
        """A tick has ended."""
        self._ticks.labels(name).observe(seconds)
        if has_failed:
            self._failed.labels(name).inc()
        else:
            self._succeeded.labels(name).set(wire_now().timestamp())


class MetricsPage:
    """`/metrics`, for tokens of the scope `metrics`: what was counted, and what the database holds just now."""

    def __init__(self, metrics: Metrics, store: Store, clock: Clock, access: Access) -> None:
        self._metrics = metrics
        self._store = store
        self._clock = clock
        self._access = access
        registry = metrics.registry
        self._waiting = Gauge("rollcall_deliveries_waiting", "Deliveries not looked into yet.", registry=registry)
        self._oldest = Gauge(
            "rollcall_deliveries_oldest_waiting_seconds", "Age of the oldest of them; 0: none.", registry=registry
        )
        self._unsent = Gauge("rollcall_messages_waiting", "Messages that are due or will be.", registry=registry)
        self._live = Gauge("rollcall_lessons_live", "Lessons that are running.", registry=registry)
        self._sockets = Gauge("rollcall_sockets", "Sockets by which somebody is in a lesson.", registry=registry)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/metrics", self._access.guarded(self.show, scope=Scope.METRICS))]

    async def show(self, _request: web.Request, _grant: Grant) -> web.Response:
        async with self._store.read() as memory:
            load = await memory.overview.load()
        oldest = load.oldest_received_at
        self._waiting.set(load.deliveries_waiting)
        self._oldest.set(0.0 if oldest is None else max((self._clock.now() - oldest).total_seconds(), 0.0))
        self._unsent.set(load.messages_waiting)
        self._live.set(load.lessons_live)
        self._sockets.set(load.sockets_open)
        return web.Response(body=generate_latest(self._metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
