"""`rollcall demo`: a lesson in the sandbox, with the whole bot beside it and no account anywhere.

It reads neither the environment nor `.env`, makes its own secrets and its own temporary database, and listens on
loopback only. This is the only command that knows the sandbox.
"""

import asyncio
import logging
import secrets
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot import logs
from bot.clock import Clock, ManualClock, ScaledClock, stopwatch
from bot.errors import BadInput
from bot.reports.attendance_text import attendance_text
from bot.settings import Settings
from handlers.attendance import current_sheet
from handlers.cli.context import Context, Program, context_of
from handlers.cli.course import import_text
from handlers.cli.demo_text import aligned, introduction, stage_direction
from handlers.cli.loop import run, until_stopped
from sandbox.errors import ScenarioError
from sandbox.player import StoryPlayer, move_in, open_classrooms
from sandbox.scenario_file import dice, load, names
from sandbox.sheets import sheet_differences
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from sandbox.story import Line, Scenario

FIRST = "first-lesson"
#: Shown as it runs, a lesson of an hour and a half takes that many minutes of the machine's time: three.
SHOWN_AT_SPEED = 30.0
#: Above it a lesson would be over before it began.
FASTEST = 100_000
#: In the demo to watch, the play begins this long before the first thing happens.
PRELUDE = timedelta(minutes=1)
#: Wire seconds after which a play without a page that does not get on is given up.
STUCK_AFTER = 60.0

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    ctx: typer.Context,
    *,
    headless: Annotated[
        bool, typer.Option(help="Play to the end, compare with the written story, exit 0 or 1.")
    ] = False,
    speed: Annotated[float | None, typer.Option(help="60 makes a minute of lesson last a second.")] = None,
    scenario: Annotated[str, typer.Option(help="Which story; `all` plays each, without a page.")] = FIRST,
    show_list: Annotated[bool, typer.Option("--list", help="List the stories.")] = False,
) -> None:
    """Play a lesson in the sandbox: what each person is told, live."""
    if show_list:
        for name in names():
            print(f"{name:<28}{load(name).title}")
        return
    if speed is not None and not 0 < speed <= FASTEST:
        raise BadInput(f"--speed {speed:g}: give a number above 0, up to {FASTEST}, for example 60")
    logs.set_up("console", level=logging.ERROR)
    context = context_of(ctx)
    if headless or scenario == "all":
        came_out = [run(_headless(context, each, speed)) for each in (names() if scenario == "all" else [scenario])]
        raise typer.Exit(0 if all(came_out) else 1)
    run(until_stopped(_shown(context, _loaded(scenario), speed or SHOWN_AT_SPEED)))


class World:
    """The sandbox of one scenario and the bot beside it, on one clock."""

    def __init__(self, context: Context, scenario: Scenario, clock: Clock) -> None:
        self._context = context
        self.scenario = scenario
        self.clock = clock
        self.api_token = secrets.token_urlsafe(32)
        self._zoom_secret = secrets.token_urlsafe(24)
        self._around = AsyncExitStack()

    async def open(self, on_line: Callable[[Line], None]) -> tuple[Program, StoryPlayer]:
        """Start Slack, the classrooms and the bot, and import the course."""
        manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
        self.workspace = Workspace(clock=self.clock, manifest=manifest)
        self._around.push_async_callback(self.workspace.close)
        move_in(self.scenario, self.workspace)
        slack = SlackServer(self.workspace)
        api_url = await slack.start()
        self._around.push_async_callback(slack.stop)
        folder = self._around.enter_context(tempfile.TemporaryDirectory(prefix="rollcall-demo-"))
        self.program = self._context.assemble(self._settings(api_url, Path(folder)), self.clock)
        self.url = await self.program.start()
        self._around.push_async_callback(self.program.stop)
        self.workspace.connect_app(f"{self.url}/slack/events")
        rooms = open_classrooms(
            self.scenario,
            webhook_url=f"{self.url}/webhooks/zoom",
            secret=self._zoom_secret,
            clock=self.clock,
            rng=dice(self.scenario),
        )
        for room in rooms.values():
            self._around.push_async_callback(room.close)
        await import_text(self.program.store, self.scenario.course_file, now=self.clock.now())
        self.program.wake()
        return self.program, StoryPlayer(self.scenario, self.workspace, rooms, self.clock, on_line=on_line)

    async def close(self) -> None:
        """Stop everything, the newest first, and throw the database away."""
        await self._around.aclose()

    async def differences(self, player: StoryPlayer) -> list[str]:
        """How it came out otherwise than written; empty if it did not."""
        on_the_sheet = await sheet_differences(self.scenario, api_url=self.url, token=self.api_token)
        return [*player.differences(), *on_the_sheet, *self.workspace.problems]

    def _settings(self, slack_api_url: str, folder: Path) -> Settings:
        return Settings.from_env(
            {
                "SLACK_API_URL": slack_api_url,
                "SLACK_BOT_TOKEN": self.workspace.bot_token,
                "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
                "ZOOM_WEBHOOK_SECRET_TOKEN": self._zoom_secret,
                "ROLLCALL_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'demo.db'}",
                "ROLLCALL_DATA_DIR": str(folder),
                "ROLLCALL_PORT": "0",
                "ROLLCALL_SECRET_KEY": secrets.token_urlsafe(48),
                "ROLLCALL_API_TOKEN": self.api_token,
            }
        )


def _loaded(name: str) -> Scenario:
    try:
        return load(name)
    except ScenarioError as problem:
        raise BadInput(str(problem)) from problem


async def _headless(context: Context, name: str, speed: float | None) -> bool:
    """Play to the end on a clock that jumps from one due moment to the next; whether it came out as written."""
    scenario = _loaded(name)
    clock = ManualClock(scenario.begins_at)
    world = World(context, scenario, clock)
    try:
        program, player = await world.open(lambda line: print(scenario.printed(line)))
        await _settled(program, player)
        while (at := player.next_at()) is not None:
            due = program.next_due_at()
            moment = min(at, due) if due is not None else at
            if speed is not None:
                await asyncio.sleep(max(0.0, (moment - clock.now()).total_seconds() / speed))
            clock.move_to(moment)
            program.wake()
            await player.run_due(clock.now())
            await _settled(program, player)
        differences = await world.differences(player)
    finally:
        await world.close()
    for difference in differences:
        print(f"  {difference}")
    verdict = (
        "came out as written" if not differences else f"differs from the written story in {len(differences)} points"
    )
    print(f"{scenario.name}: the story {verdict}.")
    return not differences


async def _settled(program: Program, player: StoryPlayer) -> None:
    """Wait until both sides are idle, so that the story is exact on a loaded machine too."""
    begun = stopwatch()
    while not (program.is_idle and player.is_idle):
        if stopwatch() - begun > STUCK_AFTER:
            message = f"the play did not get on for {STUCK_AFTER:.0f} s at {player.scenario.name}"
            raise BadInput(message)
        await asyncio.sleep(0.001)


async def _shown(context: Context, scenario: Scenario, speed: float) -> None:
    """Play it on a running clock, say what people do and are told, and stay until told to stop."""
    first = min((step.at for step in scenario.happens), default=scenario.begins_at)
    begins_at = max(scenario.begins_at, first - PRELUDE)
    clock = ScaledClock(start=begins_at, speed=speed)
    world = World(context, scenario, clock)
    try:
        print(introduction(scenario, begins_at=begins_at, speed=speed), flush=True)
        program, player = await world.open(lambda line: print(aligned(scenario, line), flush=True))
        async with asyncio.TaskGroup() as both:
            both.create_task(player.play())
            both.create_task(_direct(scenario, clock))
        print(f"\nThe lesson is over. Its attendance sheet:\n\n{await _sheets(program, now=clock.now())}")
        print(
            "Rollcall runs on, until Ctrl-C, and its HTTP API with it:\n"
            f"  curl -H 'Authorization: Bearer {world.api_token}' {world.url}/api/v1/lessons",
            flush=True,
        )
        await asyncio.Event().wait()
    finally:
        await world.close()
        print("\nThe demo is over; nothing of it is kept.")


async def _direct(scenario: Scenario, clock: Clock) -> None:
    """Say what people do when they do it."""
    for step in scenario.happens:
        await clock.sleep(max(0.0, (step.at - clock.now()).total_seconds()))
        if direction := stage_direction(scenario, step):
            print(direction, flush=True)


async def _sheets(program: Program, *, now: datetime) -> str:
    async with program.store.read() as memory:
        found = await memory.lessons.find()
    return "\n".join(attendance_text(current_sheet(each.facts, now=now), zone=each.facts.lesson.zone) for each in found)
