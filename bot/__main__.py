"""`rollcall` = `python -m bot`: the only file that knows all parts; it wires them and runs them."""

import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import SystemRandom

import structlog
from aiohttp import ClientTimeout, web

from bot import logs
from bot.clock import Clock
from bot.errors import BotError, ConfigurationError, in_words
from bot.settings import Settings, environment_of
from handlers.access import Access
from handlers.addresses import Addresses
from handlers.api import Api
from handlers.asset_files import AssetFiles
from handlers.check_page.page import CheckPage
from handlers.checks import Checks
from handlers.cli.commands import command_line
from handlers.cli.context import Context, open_current
from handlers.clockwork import Clockwork
from handlers.documents import Documents
from handlers.documents_api import DocumentsApi
from handlers.join import JoinDoor
from handlers.join_links import JoinLinks
from handlers.join_ways import Ways
from handlers.kept_reports import KeptReports
from handlers.keys import Keys
from handlers.metrics import Metrics, MetricsPage
from handlers.platform_clients import PlatformClients
from handlers.platforms import CONNECTORS, secrets_by_platform
from handlers.reports import Reports
from handlers.rooms import RoomsDoor
from handlers.session_export import SessionExport
from handlers.signaling.bearer import Bearers
from handlers.signaling.door import SignalingDoor
from handlers.slack.app import SlackApp
from handlers.slack.connecting import Connecting
from handlers.slack.features import features
from handlers.slack.office import Office
from handlers.slack_client import TIMEOUT, SlackClient, SlackClients
from handlers.ticks import (
    apply_deliveries,
    lay_out_lessons,
    look_into_rooms,
    name_strangers,
    reconcile,
    refresh_people,
    register_people,
    run_presence_checks,
    send_messages,
    watch_connections,
    watch_lessons,
)
from handlers.ticks.runner import Tick
from handlers.ticks.send_files import FileSender
from handlers.web import application
from handlers.webhooks import WebhookDoor
from storage.database import Store

log = structlog.get_logger()


class Program:
    """The whole bot: doors, ticks and memory. `start` it once and `stop` it.

    `slack_timeout` and `lease` are wire time: how long a call to Slack may take, and after which time somebody else
    makes it where this process died in the middle.
    """

    store: Store

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        slack_timeout: ClientTimeout = TIMEOUT,
        lease: timedelta = send_messages.LEASE,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._slack_timeout = slack_timeout
        self._lease = lease
        self._metrics = Metrics()
        self._clockwork = Clockwork(clock, self._metrics)

    async def start(self) -> str:
        """Start the ticks and open the doors; the base URL it listens on. Raises `ConfigurationError`."""
        async with AsyncExitStack() as opening:
            url = await self._open(opening)
            self._opened = opening.pop_all()
        log.info("started", url=url, platforms=sorted(secrets_by_platform(self._settings)))
        return url

    async def stop(self) -> None:
        """Let nobody in any more, finish what is open, stop the ticks, close everything."""
        await self._opened.aclose()
        log.info("stopped")

    async def _open(self, opening: AsyncExitStack) -> str:
        """Open one after the other; closing goes the other way round, from the doors to the memory."""
        settings, clock = self._settings, self._clock
        kept = _files(settings)
        self.store = await open_current(settings.database_url)
        opening.push_async_callback(self.store.close)
        clients = SlackClients(
            bot_token=_secret(settings.slack_bot_token),
            api_url=settings.slack_api_url,
            timeout=self._slack_timeout,
            count=self._metrics.slack_call,
        )
        opening.push_async_callback(clients.close)
        slack = clients.client_for("")
        keys = Keys([_secret(key) for key in settings.secret_key])
        links = JoinLinks(keys, settings.public_url)
        platforms = PlatformClients(settings)
        opening.push_async_callback(platforms.close)
        checks = Checks(self.store, keys, self._wake_checks, pressed=self._wake_after_a_press)
        opening.push_async_callback(checks.close)
        bearers = Bearers(self.store, keys.signing)
        self._signaling = SignalingDoor(self.store, clock, bearers, checks, delivered=self._wake_deliveries)
        documents = Documents()
        opening.callback(documents.close)
        self._slack = SlackApp(
            features(Office(self.store, slack, wake=self.wake, links=links), checks, documents),
            slack=slack,
            # In Socket Mode nothing is signed, and then nothing that comes over HTTP fits.
            signing_secret=_secret(settings.slack_signing_secret) or _secret(settings.secret_key[0]),
            clock=clock,
            dice=SystemRandom(),
        )
        self._connecting = Connecting(
            self._slack, clock, api_url=settings.slack_api_url, app_token=_secret(settings.slack_app_token)
        )
        self._files = FileSender(self.store, documents, kept)
        self._reports = Reports(self.store, documents, kept, settings.storage_quota, self._wake_checks)
        self._clockwork.start(self._ticks(slack, links, platforms))
        opening.push_async_callback(self._clockwork.stop)
        opening.push_async_callback(self._slack.close)
        webhooks = WebhookDoor(
            store=self.store,
            clock=clock,
            connectors=CONNECTORS,
            secrets=secrets_by_platform(settings),
            wake=self._wake_deliveries,
            addresses=Addresses(self.store, keys, CONNECTORS),
            count=self._metrics.delivery,
        )
        await webhooks.open()
        opening.push_async_callback(webhooks.close)
        access = Access(self.store, fixed=_secret(settings.api_token) or None)
        api = Api(self.store, clock, access)
        page = MetricsPage(self._metrics, self.store, clock, access)
        rooms = RoomsDoor(self.store, clock, access, platforms.rooms)
        join = JoinDoor(self.store, clock, links, Ways(self.store, keys, rooms=platforms.rooms), wake=self.wake)
        routes = [
            *webhooks.routes(),
            *api.routes(),
            *DocumentsApi(self.store, clock, access, documents).routes(),
            *SessionExport(self.store, clock, access, documents, platforms.rooms).routes(),
            *rooms.routes(),
            *join.routes(),
            *page.routes(),
            *self._signaling.routes(),
            *CheckPage(self.store, clock, bearers, checks).routes(),
            *KeptReports(self.store, access, kept).routes(),
            web.post("/slack/events", self._slack.receive),
        ]
        server = web.AppRunner(
            application(self.store, routes, slack_refusal=lambda: slack.refusal), access_log=None, handle_signals=False
        )
        opening.push_async_callback(server.cleanup)
        self._signaling.open()
        opening.push_async_callback(self._signaling.close)
        url = await _listen(server, settings.host, settings.port)
        links.listening_at(url)
        return url

    @property
    def is_idle(self) -> bool:
        return self._slack.door.is_idle and self._clockwork.is_idle

    def next_due_at(self) -> datetime | None:
        return self._clockwork.next_due_at()

    def wake(self) -> None:
        self._clockwork.wake()

    def wake_due(self) -> None:
        self._clockwork.wake_due()

    def _wake_deliveries(self) -> None:
        self._clockwork.wake("apply_deliveries")

    def _wake_checks(self) -> None:
        """Something was said about a presence check, or a report is there."""
        self._clockwork.wake("run_presence_checks")
        self._wake_after_checks()

    def _wake_after_a_press(self) -> None:
        """Who pressed is answered where they did; the sender and the sheets have nothing to do for it now."""
        self._signaling.hub.wake()
        self._clockwork.wake("run_presence_checks")

    def _wake_after_checks(self) -> None:
        self._signaling.hub.wake()
        self._clockwork.wake("send_messages", "send_files", "watch_lessons")

    def _ticks(self, slack: SlackClient, links: JoinLinks, platforms: PlatformClients) -> dict[str, Tick]:
        store, count = self.store, self._metrics.message
        wake_lessons = partial(self._clockwork.wake, "watch_lessons")
        is_applying = partial(self._clockwork.is_running, "apply_deliveries")
        return {
            "connect_to_slack": self._connecting.tick,
            "apply_deliveries": lambda now: apply_deliveries.tick(
                store, CONNECTORS, now=now, count=self._metrics.applied
            ),
            "name_strangers": lambda now: name_strangers.tick(store, slack, now=now, wake=wake_lessons),
            "watch_lessons": lambda now: watch_lessons.tick(store, now=now, are_delivering=is_applying),
            "reconcile": lambda now: reconcile.tick(store, platforms.by_name, now=now, wake=wake_lessons),
            "look_into_rooms": lambda now: look_into_rooms.tick(store, platforms.by_name, now=now, wake=wake_lessons),
            "run_presence_checks": lambda now: run_presence_checks.tick(
                store,
                links.keys,
                now=now,
                make_report=self._reports.make_report,
                is_slack_well=lambda: run_presence_checks.does_slack_answer(slack),
                wake=self._wake_after_checks,
            ),
            "send_messages": lambda now: send_messages.tick(
                store, slack, now=now, lease=self._lease, links=links, count=count
            ),
            "send_files": lambda now: send_messages.tick(store, slack, now=now, count=count, files=self._files),
            "lay_out_lessons": lambda now: lay_out_lessons.tick(store, now=now),
            "watch_connections": lambda now: watch_connections.tick(store, now=now),
            "refresh_people": lambda now: refresh_people.tick(store, slack, now=now),
            "register_people": lambda now: register_people.tick(
                store, platforms.registry, seal=links.keys.seal, now=now
            ),
        }


def _files(settings: Settings) -> AssetFiles:
    files = AssetFiles(settings.data_dir)
    try:
        files.try_out()
    except OSError as problem:
        message = (
            f"ROLLCALL_DATA_DIR {settings.data_dir}: reports cannot be written there ({in_words(problem)});"
            " name a folder that this user may write to, or correct its owner"
        )
        raise ConfigurationError(message) from None
    return files


async def _listen(server: web.AppRunner, host: str, port: int) -> str:
    await server.setup()
    try:
        await web.TCPSite(server, host, port).start()
    except OSError as problem:
        message = (
            f"ROLLCALL_HOST {host}, ROLLCALL_PORT {port}: cannot listen there ({in_words(problem)}); choose another"
        )
        raise ConfigurationError(message) from None
    bound_host, bound_port = server.addresses[0][:2]
    return f"http://{bound_host}:{bound_port}"


def _secret(value: object) -> str:
    return value.get_secret_value() if value is not None else ""  # type: ignore[attr-defined]  # a SecretStr


def main() -> None:
    """The command line. Wrong values end it with one clear sentence and exit code 2."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it is loaded, see `bot/__init__.py`
    try:
        environment = environment_of(os.environ, Path(".env"))  # noqa: TID251  the one place where the environment is read
        logs.set_up("json" if environment.get("ROLLCALL_LOG_FORMAT") == "json" else "console")
        command_line()(obj=Context(environment=environment, assemble=Program))
    except (ConfigurationError, BotError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201  the command line speaks
        sys.exit(2)


if __name__ == "__main__":
    main()
