"""`rollcall demo`: a lesson in the sandbox, with the whole bot beside it and no account anywhere.

It reads neither the environment nor `.env`, makes its own secrets and its own temporary database, and listens on
loopback only. This is the only command that knows the sandbox.
"""

import asyncio
import logging
from typing import Annotated

import typer

from bot import logs
from bot.clock import ManualClock
from bot.errors import BadInput
from handlers.cli.context import Context, context_of
from handlers.cli.demo_page import USUAL_PORT, Demo
from handlers.cli.demo_world import World, settled
from handlers.cli.loop import run, until_stopped
from sandbox.errors import ScenarioError
from sandbox.scenario_file import load, names
from sandbox.story import Scenario

FIRST = "first-lesson"
#: Shown as it runs, a lesson of an hour and a half takes that many minutes of the machine's time: three.
SHOWN_AT_SPEED = 30.0
#: Without a page the clock waits for what has to be done; above this a lesson would be over before it began.
FASTEST = 100_000
#: Beside a page it waits for nobody: faster, what is due within seconds would be minutes late. The page goes as far.
FASTEST_SHOWN = 600
#: Wire seconds after which a play without a page that does not get on is given up.
STUCK_AFTER = 150.0


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    ctx: typer.Context,
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Play to the end, compare with the written story, exit 0 or 1.")
    ] = False,
    speed: Annotated[float | None, typer.Option(metavar="N", help="60 makes a minute of lesson last a second.")] = None,
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="Which story; `all` plays each, without a page.")
    ] = FIRST,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", help=f"Of the page; else {USUAL_PORT}, or any free one.", min=0, max=65535),
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the stories.")] = False,
) -> None:
    """Play a lesson in the sandbox: what each person is told, live."""
    if show_list:
        for name in names():
            print(f"{name:<28}{load(name).title}")
        return
    is_shown = not headless and scenario != "all"
    fastest = FASTEST_SHOWN if is_shown else FASTEST
    if speed is not None and not 0 < speed <= fastest:
        faster = "; to see how it ends at once: --headless" if is_shown else ""
        raise BadInput(f"--speed {speed:g}: give a number above 0, up to {fastest}, for example 60{faster}")
    logs.set_up("console", level=logging.ERROR)
    context = context_of(ctx)
    if not is_shown:
        came_out = [run(_headless(context, each, speed)) for each in (names() if scenario == "all" else [scenario])]
        raise typer.Exit(0 if all(came_out) else 1)
    run(until_stopped(_shown(context, _loaded(scenario), speed=speed or SHOWN_AT_SPEED, port=port)))


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
        await world.open(lambda line: print(scenario.printed(line)))
        program, player = world.program, world.player
        await _settle(world)
        while (at := player.next_at()) is not None:
            due = program.next_due_at()
            moment = min(at, due) if due is not None else at
            if speed is not None:
                await asyncio.sleep(max(0.0, (moment - clock.now()).total_seconds() / speed))
            clock.move_to(moment)
            program.wake_due()
            await player.run_due(clock.now())
            await _settle(world)
        differences = await world.differences()
    finally:
        await world.close()
    for difference in differences:
        print(f"  {difference}")
    verdict = (
        "came out as written" if not differences else f"differs from the written story in {len(differences)} points"
    )
    print(f"{scenario.name}: the story {verdict}.")
    return not differences


async def _settle(world: World) -> None:
    """Wait until both sides are idle, so that the story is exact on a loaded machine too."""
    if not await settled(lambda: world.program.is_idle and world.player.is_idle, within=STUCK_AFTER):
        message = f"the play did not get on for {STUCK_AFTER:.0f} s at {world.scenario.name}"
        raise BadInput(message)


async def _shown(context: Context, scenario: Scenario, *, speed: float, port: int | None) -> None:
    """Play it on a running clock, beside a page, and stay until told to stop."""
    try:
        await Demo(context, speed=speed).run(scenario, port=port)
    finally:
        print("\nThe demo is over; nothing of it is kept.")
