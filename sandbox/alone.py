"""Slack alone, in real time, for any app: what a test or `python -m sandbox` stands an app against."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox.clock import WallClock
from sandbox.errors import SandboxError
from sandbox.residents import move_in
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace

#: Who lives in a workspace for which no file says otherwise.
RESIDENTS = """
people:
  - {id: U0ADA, name: Ada Lovelace, email: ada@example.com, zone: Europe/London}
  - {id: U0GRACE, name: Grace Hopper, email: grace@example.com, zone: America/New_York, is_admin: true}
channels:
  - {name: general, members: [U0ADA, U0GRACE]}
"""


@asynccontextmanager
async def slack(
    manifest: str | Path | Mapping[str, Any],
    *,
    app_url: str | None = None,
    people: str | Path | None = None,
    port: int = 0,
    rate_limits: bool = True,
) -> AsyncIterator[Workspace]:
    """Run a workspace for the app of this manifest (a file, or what stands in it), in real time.

    Commands, interactions and events go to `app_url`, or to where `connect_app` says later, or over Socket Mode.
    `people` is a file of residents; without one Ada Lovelace and Grace Hopper are in #general. Port 0 is any free one.
    The app needs `workspace.api_url`, `bot_token` and `signing_secret`, or `app_token` for Socket Mode.

    Raises `SandboxError` for a file that cannot be read, or is not one, and `OSError` for a port that is taken.
    """
    workspace = Workspace(clock=WallClock(), manifest=_manifest(manifest), rate_limits=rate_limits)
    move_in(RESIDENTS if people is None else _read(Path(people)), workspace)
    server = SlackServer(workspace)
    try:
        await server.start(port=port)
        if app_url is not None:
            workspace.connect_app(app_url)
        yield workspace
    finally:
        await server.stop()


def _manifest(given: str | Path | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(given, Mapping):
        return given
    try:
        read = yaml.safe_load(_read(Path(given)))  # JSON, the other form that Slack has, is YAML too
    except yaml.YAMLError as problem:
        raise SandboxError(f"{given} is no YAML or JSON: {problem}") from None
    if not isinstance(read, dict) or "features" not in read:
        raise SandboxError(f"{given} is no manifest of a Slack app: it has no `features`")
    return read


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise SandboxError(f"{path} cannot be read: {problem}") from None
