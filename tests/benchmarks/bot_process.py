"""The whole bot as a process of its own, with the sandbox's Slack beside it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.clock import SystemClock, stopwatch
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace
from tests.handlers.platforms.fixtures import SECRET

API_TOKEN = "a-token-of-the-benchmark"  # opens nothing but this run
SECRET_KEY = "a-key-of-the-benchmark-as-long-as-need-be"
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """`rollcall serve`, from the moment at which its doors are open."""

    url: str
    pid: int
    #: from the start of the process
    started_in: float

    def resident_megabytes(self) -> float | None:
        """None where the system does not tell."""
        path = Path(f"/proc/{self.pid}/status")
        if not path.exists():
            return None
        lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
        return int(lines["VmRSS"].split()[0]) / 1024

    def seconds_of_processor(self) -> tuple[float, float]:
        """What its threads have used so far, and for how long they wanted to run and others had their turn.

        Zeros where the system does not tell.
        """
        told = [path.read_text().split() for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat")]
        used, waited = (sum(int(each[place]) for each in told) / 1e9 for place in (0, 1))
        return used, waited


@asynccontextmanager
async def a_slack(channels: Iterable[str] = (), *, rate_limits: bool = False) -> AsyncIterator[Workspace]:
    """The sandbox's Slack, with these channels and the bot in them."""
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    workspace = Workspace(clock=SystemClock(), manifest=manifest, rate_limits=rate_limits)
    for name in channels:
        workspace.add_channel(name)
    server = SlackServer(workspace)
    await server.start()
    try:
        yield workspace
    finally:
        await server.stop()


@asynccontextmanager
async def a_bot(folder: Path, slack: Workspace, database_url: str = "") -> AsyncIterator[RunningBot]:
    """Run `rollcall serve` until the block ends; without a URL, on the database in the folder."""
    environment = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "ZOOM_WEBHOOK_SECRET_TOKEN": SECRET,
        "HMS_WEBHOOK_SECRET": SECRET,
        "VCAAS_CALLBACK_TOKEN": SECRET,
        "ROLLCALL_DATABASE_URL": database_url or f"sqlite+aiosqlite:///{folder / 'rollcall.db'}",
        "ROLLCALL_DATA_DIR": str(folder),
        "ROLLCALL_PORT": "0",
        "ROLLCALL_SECRET_KEY": SECRET_KEY,
        "ROLLCALL_API_TOKEN": API_TOKEN,
        "PYTHONUNBUFFERED": "1",
    }
    begun = stopwatch()
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            cwd=folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        url = await _listens_on(process)
        yield RunningBot(url=url, pid=process.pid, started_in=stopwatch() - begun)
    finally:
        process.terminate()
        await process.wait()


async def _listens_on(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        words = line.decode().split()
        if words[:3] == ["Rollcall", "listens", "on"]:
            return words[3].rstrip(".")
    raise SystemExit("the bot did not start")
