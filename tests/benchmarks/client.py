"""A client that keeps a number of connections busy, each with one request after the other. Runs as its own process.

    python -m tests.benchmarks.client --port 8080 --connections 64 --requests FILE

The file holds whole requests, each behind its length (4 bytes, big-endian). Prints one line of JSON.
"""

import argparse
import asyncio
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import uvloop

CONTENT_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


def pack(requests: Iterable[bytes]) -> bytes:
    return b"".join(len(request).to_bytes(4, "big") + request for request in requests)


def unpack(packed: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(packed):
        length = int.from_bytes(packed[place : place + 4], "big")
        yield packed[place + 4 : place + 4 + length]
        place += 4 + length


class Load:
    """The requests that are left, and what came of the others."""

    def __init__(self, requests: list[bytes]) -> None:
        self.left = iter(requests)
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []


class OneConnection(asyncio.Protocol):
    """Sends the next request when the reply to the last one is whole."""

    def __init__(self, load: Load) -> None:
        self.is_done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._load = load
        self._reply = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods only
        self._send()

    def data_received(self, data: bytes) -> None:
        self._reply += data
        head, end, body = self._reply.partition(b"\r\n\r\n")
        if not end:
            return
        length = CONTENT_LENGTH.search(head)
        if len(body) < (int(length.group(1)) if length else 0):
            return
        self._load.statuses[int(head[9:12])] += 1
        self._load.seconds.append(time.perf_counter() - self._sent_at)
        self._reply = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_done.done():
            self._load.statuses[0] += 1
            self.is_done.set_result(None)

    def _send(self) -> None:
        request = next(self._load.left, None)
        if request is None:
            if not self.is_done.done():
                self.is_done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


async def run(port: int, connections: int, requests: list[bytes]) -> dict[str, object]:
    load = Load(requests)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    opened = [await loop.create_connection(lambda: OneConnection(load), "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(protocol.is_done for _, protocol in opened))
    took = time.perf_counter() - began
    ordered = sorted(load.seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": took,
        "statuses": load.statuses,
        "p50": ordered[len(ordered) // 2],
        "p99": ordered[len(ordered) * 99 // 100],
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--requests", type=Path, required=True)
    arguments = parser.parse_args()
    requests = list(unpack(arguments.requests.read_bytes()))
    json.dump(uvloop.run(run(arguments.port, arguments.connections, requests)), sys.stdout)


if __name__ == "__main__":
    main()
