"""The door and a database, and nothing else, as a process of its own: for tests that kill it and for benchmarks.

    python -m tests.handlers.door_process --database sqlite+aiosqlite:///x.db

Prints the port it listens on, and serves until SIGTERM.
"""

import argparse
import asyncio
import logging
import signal

import structlog
import uvloop
from aiohttp import web

from bot.clock import SystemClock
from handlers.platforms import CONNECTORS
from handlers.webhooks import WebhookDoor
from storage import schema
from storage.database import Store
from tests.handlers.platforms.fixtures import SECRET


async def nothing(_: web.Request) -> web.Response:
    return web.Response()


async def serve(database: str) -> None:
    """With an empty name of a database: a handler that does nothing, at the same address."""
    app = web.Application()
    if database:
        await schema.upgrade(database)
        store = await Store.open(database)
        door = WebhookDoor(
            store=store, clock=SystemClock(), connectors=CONNECTORS, secrets={"zoom": [SECRET]}, wake=lambda: None
        )
        await door.open()
        app.add_routes(door.routes())
    else:
        app.router.add_post("/webhooks/{platform}", nothing)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    is_over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, is_over.set)
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - it is what the parent waits for
    await is_over.wait()
    await runner.cleanup()
    if database:
        await door.close()
        await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO), cache_logger_on_first_use=True
    )
    uvloop.run(serve(parser.parse_args().database))
