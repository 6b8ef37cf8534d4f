"""A hundred rooms of a hundred people who all join within a minute, on each platform in turn.

The whole bot runs as its own process, with the sandbox's Slack and its rate limits beside it. From the last reply on
it is measured when every delivery is applied, when the API shows everybody, and when every board does.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, select

from bot.clock import SystemClock, stopwatch
from sandbox.slack.workspace import Workspace
from storage import schema
from storage.database import Store
from storage.deliveries import DELIVERY, DeliveryState
from tests.benchmarks.bot_process import API_TOKEN, RunningBot, a_bot, a_slack
from tests.benchmarks.client import pack
from tests.benchmarks.joins import TOLD_BY, Join, request
from tests.benchmarks.school import School, channel_of, found_school

ROOMS, PEOPLE, SECONDS = 100, 100, 60
#: VCaaS sends a callback again until it likes the reply; the copies come a second after one another.
COPIES = {"vcaas": 5}
CONNECTIONS = 64
#: The boards are open, and nobody is missing yet.
EARLY = timedelta(minutes=9)
LOOK_EVERY = 0.1
APPLIED_WITHIN = 60.0
#: Slack takes 50 edits a minute of one app: as many boards are edited, however fast we are.
ON_BOARDS_WITHIN = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many join, and in which time."""

    rooms: int = ROOMS
    people: int = PEOPLE
    seconds: int = SECONDS


class Watch:
    """What has become of the deliveries, looked at until it is as it should be."""

    def __init__(
        self, size: Size, bot: RunningBot, store: Store, slack: Workspace, http: aiohttp.ClientSession
    ) -> None:
        self._size = size
        self._bot = bot
        self._store = store
        self._slack = slack
        self._http = http
        self._not_full = list(range(size.rooms))

    async def until(self, lacking: Callable[[], Awaitable[int]], what: str, *, within: float) -> float:
        """Seconds until nothing lacks."""
        begun = stopwatch()
        while left := await lacking():
            if stopwatch() - begun > within:
                raise SystemExit(f"after {within:.0f} s there are still {left} {what}")
            await asyncio.sleep(LOOK_EVERY)
        return stopwatch() - begun

    async def unapplied(self) -> int:
        """Deliveries that are not applied, or never came; a repeated one is one."""
        query = select(func.count()).where(DELIVERY.c.state == DeliveryState.APPLIED)
        async with self._store.read() as memory:
            return self._size.rooms * self._size.people - int(await memory._transaction.value(query))

    async def rooms_not_full(self) -> int:
        """Rooms of which the API does not show everybody as present."""
        self._not_full = [room for room in self._not_full if await self._present(room) != self._size.people]
        return len(self._not_full)

    async def seconds_of_asking(self) -> float:
        """How long it takes to ask for every sheet, with nothing new to see."""
        begun = stopwatch()
        for room in range(self._size.rooms):
            await self._present(room)
        return stopwatch() - begun

    async def _present(self, room: int) -> int:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        async with self._http.get(f"{self._bot.url}/api/v1/lessons/l{room}-0/attendance", headers=headers) as reply:
            sheet: dict[str, list[dict[str, str]]] = await reply.json()
        return sum(each["presence"] == "present" for each in sheet["people"])

    async def boards_not_full(self) -> int:
        """Channels in which no board says that all are here."""
        return sum(not self._is_on_board(room) for room in range(self._size.rooms))

    def _is_on_board(self, room: int) -> bool:
        channel = self._slack.channel_named(channel_of(room))
        assert channel is not None
        said = f"{self._size.people} of {self._size.people} here"
        return any(said in message.text for message in self._slack.messages_in(channel.id))


def _requests(platform: str, size: Size, begins: datetime) -> list[bytes]:
    """In the order in which they are sent, the rooms in turn."""
    total = size.rooms * size.people
    sent = []
    for number in range(total):
        place, course = divmod(number, size.rooms)
        after = number / total * size.seconds
        join = Join(course=course, place=place, number=number, at=begins + timedelta(seconds=after))
        body = request(platform, join)
        sent += [(after + copy, number, body) for copy in range(COPIES.get(platform, 1))]
    return [body for _, _, body in sorted(sent)]


async def _send(requests: list[bytes], bot: RunningBot, folder: Path, *, per_second: float) -> dict[str, Any]:
    """By a process of its own; returns with the last reply."""
    packed = folder / "requests"
    packed.write_bytes(pack(requests))
    port = bot.url.rstrip("/").rsplit(":", 1)[1]
    arguments = ["--port", port, "--connections", str(CONNECTIONS), "--requests", str(packed)]
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.client", *arguments, "--per-second", str(per_second)),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await client.communicate()
    found: dict[str, Any] = json.loads(said)
    return found


async def _send_all(requests: list[bytes], bot: RunningBot, folder: Path, seconds: float) -> dict[str, Any]:
    """As a platform does: what got 503 is sent again. The figures are those of the first tries."""
    per_second = len(requests) / seconds
    first = last = await _send(requests, bot, folder, per_second=per_second)
    while last["statuses"].keys() != {"200"}:
        if last["statuses"].keys() - {"200", "503"}:
            raise SystemExit(f"not every delivery got 200: {last['statuses']}")
        requests = [requests[number] for number in last["refused"]]
        last = await _send(requests, bot, folder, per_second=per_second)
    return first


async def _measure(platform: str, size: Size, folder: Path) -> None:
    store = await _found(folder, platform, size)
    channels = [channel_of(room) for room in range(size.rooms)]
    async with (
        a_slack(channels, rate_limits=True) as slack,
        a_bot(folder, slack) as bot,
        aiohttp.ClientSession() as http,
    ):
        requests = _requests(platform, size, SystemClock().now())
        replies = await _send_all(requests, bot, folder, size.seconds)
        watch = Watch(size, bot, store, slack, http)
        applied, shown, on_boards = await asyncio.gather(
            watch.until(watch.unapplied, "deliveries not applied", within=APPLIED_WITHIN),
            watch.until(watch.rooms_not_full, "rooms not full", within=APPLIED_WITHIN),
            watch.until(watch.boards_not_full, "boards not full", within=ON_BOARDS_WITHIN),
        )
        asking = await watch.seconds_of_asking()
    await store.close()
    rate, again = len(requests) / replies["seconds"], len(replies["refused"])
    print(
        f"  {platform}: {len(requests):,} deliveries at {rate:.0f}/s, {f'{again} answered 503 and sent again' if again else 'all answered 200'}: "
        f"50 % in {replies['p50'] * 1000:.0f} ms, 99 % in {replies['p99'] * 1000:.0f} ms"
    )
    print(
        f"    after the last reply: all applied in {applied:.1f} s, all present by the API in {shown:.1f} s "
        f"(to ask for every sheet takes {asking:.1f} s), on all boards in {on_boards:.0f} s"
    )


async def _found(folder: Path, platform: str, size: Size) -> Store:
    url = f"sqlite+aiosqlite:///{folder / 'rollcall.db'}"
    await schema.upgrade(url)
    store = await Store.open(url)
    now = SystemClock().now()
    soon = now + EARLY
    school = School(
        platform=platform, courses=size.rooms, students=size.people, starts_at=soon, created_at=now, due_at=soon
    )
    await found_school(store, school)
    return store


def report(*, size: Size | None = None) -> None:
    """Print for each platform how fast it was answered, and how soon all was seen."""
    size = size or Size()
    print(f"{size.rooms} rooms of {size.people} people who join within {size.seconds} s, SQLite")
    for platform in TOLD_BY:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_measure(platform, size, Path(folder)))


#: For trying.
QUICK = Size(rooms=10, people=30, seconds=6)


if __name__ == "__main__":
    report(size=QUICK if "--quick" in sys.argv else None)
