"""`rollcall serve`: run the bot until it is told to stop."""

import asyncio
import gc

import typer

from bot.clock import SystemClock
from bot.settings import Settings
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run, until_stopped
from handlers.platforms import VARIABLES


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(ctx: typer.Context) -> None:
    """Run the bot. Settings come from the environment or from .env; the README lists them."""
    context = context_of(ctx)
    run(until_stopped(_serve(context, Settings.to_serve(context.environment, platforms=VARIABLES.values()))))


async def _serve(context: Context, settings: Settings) -> None:
    program = context.assemble(settings, SystemClock())
    url = await program.start()
    try:
        collect_seldom()
        print(f"Rollcall listens on {url}. Stop it with Ctrl-C.", flush=True)
        await asyncio.Event().wait()
    finally:
        await program.stop()


def collect_seldom() -> None:
    """Have the garbage collector walk less: it was a tenth of a busy tick.

    What was loaded stays, and need not be looked at again; what comes later goes by itself, nearly all of it.
    """
    gc.freeze()
    gc.set_threshold(25_000, 20, 100)
