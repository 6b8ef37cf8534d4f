"""`rollcall serve`: run the bot until it is told to stop."""

import asyncio
import signal

import typer

from bot.clock import SystemClock
from bot.settings import Settings
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(ctx: typer.Context) -> None:
    """Run the bot. Settings come from the environment or from .env; the README lists them."""
    context = context_of(ctx)
    run(_serve(context, Settings.to_serve(context.environment)))


async def _serve(context: Context, settings: Settings) -> None:
    program = context.assemble(settings, SystemClock())
    url = await program.start()
    print(f"Rollcall listens on {url}. Stop it with Ctrl-C.")
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    await stopped.wait()
    await program.stop()
