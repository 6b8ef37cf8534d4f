"""`python -m sandbox`: Slack alone, in front of any app, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

from sandbox.alone import slack
from sandbox.errors import SandboxError
from sandbox.page import Page, Scene
from sandbox.reading import first_line
from sandbox.slack.model import Message
from sandbox.slack.workspace import Workspace

PORT = 8787
PAGE_PORT = 8300
Tell = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        asyncio.run(_until_stopped(options))
    except (SandboxError, OSError) as problem:
        parser.error(str(problem))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A Slack workspace for one app, in memory.")
    parser.add_argument("--manifest", required=True, metavar="FILE", help="the app's manifest, YAML or JSON")
    parser.add_argument("--app-url", metavar="URL", help="where the app takes requests; without it, Socket Mode")
    parser.add_argument("--people", metavar="FILE", help="who is in the workspace (see README.md)")
    parser.add_argument("--port", type=int, default=PORT, help=f"of the Web API, {PORT} if not said; 0 for a free one")
    parser.add_argument("--no-page", action="store_true", help="without the page to look at it and act in it")
    return parser


async def _until_stopped(options: argparse.Namespace) -> None:
    task = asyncio.ensure_future(_serve(options, _print))
    if sys.platform != "win32":  # there Ctrl-C alone stops it
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def _serve(options: argparse.Namespace, tell: Tell) -> None:
    async with AsyncExitStack() as around:
        workspace = await around.enter_async_context(
            slack(options.manifest, app_url=options.app_url, people=options.people, port=options.port)
        )
        page = ""
        if not options.no_page:
            shown = Page(Scene(workspace=workspace))
            around.push_async_callback(shown.stop)
            page = await shown.start(PAGE_PORT, or_any=True)
        for line in _introduction(workspace, options.app_url, page):
            tell(line)
        around.callback(workspace.observe(lambda kind, thing: _report(workspace, kind, thing, tell)))
        await asyncio.Event().wait()


def _introduction(workspace: Workspace, app_url: str | None, page: str) -> list[str]:
    people = ", ".join(f"{person.name} ({person.id})" for person in workspace.persons.values())
    channels = ", ".join(f"#{channel.name}" for channel in workspace.channels.values())
    facts = {
        "base URL": workspace.api_url,
        "bot token": workspace.bot_token,
        "signing secret": workspace.signing_secret,
        "app token": workspace.app_token,
        "app": app_url or "is waited for in Socket Mode",
        "page": page or "none",
        "people": people,
        "channels": channels,
    }
    return [f"{name:<16}{fact}" for name, fact in facts.items()]


def _report(workspace: Workspace, kind: str, thing: Any, tell: Tell) -> None:
    """Tell what the app's author wants to see beside it: what is said, and what is not as it should be."""
    if kind == "problem":
        tell(f"problem: {thing}")
    elif kind == "message" and isinstance(thing, Message):
        author = workspace.anybody(thing.author)
        channel = workspace.channels[thing.channel]
        tell(f"{f'#{channel.name}':<16}{author.name if author else thing.author}: {first_line(thing, workspace)}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
