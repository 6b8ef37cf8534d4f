"""A client that keeps a number of connections busy, each with one request after the other. Runs as its own process.

    python -m tests.benchmarks.client --port 8080 --connections 64 --requests FILE [--per-second 167]

The file holds whole requests, each behind its length (4 bytes, big-endian). With a rate they are sent evenly, and a
reply has taken its time from the moment at which its request was due. Prints one line of JSON.
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
from http import HTTPStatus
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

    def __init__(self, requests: list[bytes], per_second: float | None) -> None:
        self.left = enumerate(requests)
        self._per_second = per_second
        self._began = time.perf_counter()
        self.statuses: Counter[int] = Counter()
        #: by number, those that did not get 200
        self.refused: list[int] = []
        self.seconds: list[float] = []

    def due_at(self, number: int) -> float:
        """When a request is to be sent: now, unless there is a rate."""
        return self._began + number / self._per_second if self._per_second else time.perf_counter()


class OneConnection(asyncio.Protocol):
    """Sends the next request when the reply to the last one is whole."""

    def __init__(self, load: Load) -> None:
        self.is_done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._load = load
        self._reply = b""
        self._sent_at = 0.0
        self._number = 0

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
        status = int(head[9:12])
        self._load.statuses[status] += 1
        if status != HTTPStatus.OK:
            self._load.refused.append(self._number)
        self._load.seconds.append(time.perf_counter() - self._sent_at)
        self._reply = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_done.done():
            self._load.statuses[0] += 1
            self.is_done.set_result(None)

    def _send(self) -> None:
        self._number, request = next(self._load.left, (0, None))
        if request is None:
            if not self.is_done.done():
                self.is_done.set_result(None)
            self._transport.close()
            return
        self._sent_at = self._load.due_at(self._number)
        if (early := self._sent_at - time.perf_counter()) > 0:
            asyncio.get_running_loop().call_later(early, self._transport.write, request)
        else:
            self._transport.write(request)


async def run(port: int, connections: int, requests: list[bytes], per_second: float | None) -> dict[str, object]:
    load = Load(requests, per_second)
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
        "refused": load.refused,
        "p50": ordered[len(ordered) // 2],
        "p99": ordered[len(ordered) * 99 // 100],
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--requests", type=Path, required=True)
    parser.add_argument("--per-second", type=float)
    arguments = parser.parse_args()
    requests = list(unpack(arguments.requests.read_bytes()))
    json.dump(uvloop.run(run(arguments.port, arguments.connections, requests, arguments.per_second)), sys.stdout)


if __name__ == "__main__":
    main()
