"""`rollcall` = `python -m bot`: the only file that knows all parts; it wires them and runs them."""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from random import SystemRandom

import structlog
import typer
from aiohttp import web

from bot import logs
from bot.clock import Clock
from bot.errors import BotError, ConfigurationError
from bot.settings import Settings, environment_of
from handlers.api import Api
from handlers.cli import course, db, demo, doctor, lesson, lesson_show, replay, serve
from handlers.cli.context import Context, open_current
from handlers.platforms import CONNECTORS
from handlers.slack.app import SlackApp
from handlers.slack.features import features
from handlers.slack.office import Office
from handlers.slack_client import SlackClients
from handlers.ticks import apply_deliveries, lay_out_lessons, refresh_people, send_messages, watch_lessons
from handlers.ticks.runner import Tick, TickRunner
from handlers.ticks.schedule import AlarmClock
from handlers.web import application
from handlers.webhooks import WebhookDoor
from storage.database import Store

log = structlog.get_logger()


class Program:
    """The whole bot: doors, ticks and memory. `start` it once and `stop` it."""

    store: Store

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._alarms = AlarmClock(clock)
        self._runners: dict[str, TickRunner] = {}

    async def start(self) -> str:
        """Open the doors and start the ticks; the base URL it listens on. Raises `ConfigurationError`."""
        settings = self._settings
        self.store = await open_current(settings.database_url)
        self._clients = SlackClients(bot_token=_secret(settings.slack_bot_token), api_url=settings.slack_api_url)
        slack = self._clients.client_for("")
        self._webhooks = WebhookDoor(
            store=self.store,
            clock=self._clock,
            connectors=CONNECTORS,
            secrets=settings.secrets_by_platform(),
            wake=self._waker("apply_deliveries"),
        )
        self._slack = SlackApp(
            features(Office(self.store, slack, wake=self.wake)),
            slack=slack,
            # In Socket Mode nothing is signed, and then nothing that comes over HTTP fits.
            signing_secret=_secret(settings.slack_signing_secret) or _secret(settings.secret_key[0]),
            clock=self._clock,
            dice=SystemRandom(),
        )
        await self._webhooks.open()
        url = await self._listen()
        await self._bind()
        self._start_ticks(
            {
                "apply_deliveries": self._apply_deliveries,
                "watch_lessons": self._watch_lessons,
                "send_messages": lambda now: send_messages.tick(self.store, slack, now=now),
                "lay_out_lessons": self._lay_out_lessons,
                "refresh_people": lambda now: refresh_people.tick(self.store, slack, now=now),
            }
        )
        log.info("started", url=url, platforms=sorted(settings.secrets_by_platform()))
        return url

    async def stop(self) -> None:
        """Let nobody in any more, finish what is open, close everything."""
        self._alarms.stop()
        await self._runner.cleanup()
        await self._webhooks.close()
        await self._slack.close()
        for runner in self._runners.values():
            await runner.stop()
        await self._clients.close()
        await self.store.close()
        log.info("stopped")

    @property
    def is_idle(self) -> bool:
        return self._slack.door.is_idle and all(runner.is_idle for runner in self._runners.values())

    def next_due_at(self) -> datetime | None:
        moments = [runner.next_due_at for runner in self._runners.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def wake(self) -> None:
        for runner in self._runners.values():
            runner.wake()

    def _waker(self, name: str) -> Callable[[], None]:
        def wake() -> None:
            if name in self._runners:
                self._runners[name].wake()

        return wake

    async def _listen(self) -> str:
        settings = self._settings
        api = Api(self.store, self._clock, token=_secret(settings.api_token) or None)
        routes = [*self._webhooks.routes(), *api.routes(), web.post("/slack/events", self._slack.receive)]
        self._runner = web.AppRunner(application(self.store, routes), access_log=None, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, settings.host, settings.port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _bind(self) -> None:
        """Ask Slack whose token it is; a Slack that is down must not keep webhooks from being taken."""
        try:
            await self._slack.bind()
        except BotError as problem:
            log.warning("slack_not_bound", problem=str(problem))
        if self._settings.slack_app_token is not None:
            await self._slack.connect(self._settings.slack_app_token.get_secret_value())

    def _start_ticks(self, ticks: Mapping[str, Tick]) -> None:
        for name, tick in ticks.items():
            self._runners[name] = TickRunner(name, tick, clock=self._clock, alarms=self._alarms)
        self._alarms.start(self._runners)
        for runner in self._runners.values():
            runner.start()

    async def _apply_deliveries(self, now: datetime) -> datetime | None:
        next_due_at = await apply_deliveries.tick(self.store, CONNECTORS, now=now)
        self._runners["watch_lessons"].wake()
        return next_due_at

    async def _watch_lessons(self, now: datetime) -> datetime | None:
        next_due_at = await watch_lessons.tick(self.store, now=now)
        self._runners["send_messages"].wake()
        return next_due_at

    async def _lay_out_lessons(self, now: datetime) -> datetime | None:
        next_due_at = await lay_out_lessons.tick(self.store, now=now)
        self._runners["watch_lessons"].wake()
        return next_due_at


def _secret(value: object) -> str:
    return value.get_secret_value() if value is not None else ""  # type: ignore[attr-defined]  # a SecretStr


def _app() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, help="The attendance assistant that lives in your school's Slack."
    )
    serve.register(app)
    demo.register(app)
    doctor.register(app)
    replay.register(app)
    app.add_typer(course.app, name="course")
    lesson.app.command("show")(lesson_show.show)
    app.add_typer(lesson.app, name="lesson")
    app.add_typer(db.app, name="db")
    return app


def main() -> None:
    """The command line. Wrong values end it with one clear sentence and exit code 2."""
    try:
        environment = environment_of(os.environ, Path(".env"))  # noqa: TID251  the one place where the environment is read
        logs.set_up("json" if environment.get("ROLLCALL_LOG_FORMAT") == "json" else "console")
        _app()(obj=Context(environment=environment, assemble=Program))
    except (ConfigurationError, BotError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201  the command line speaks
        sys.exit(2)


if __name__ == "__main__":
    main()
