"""How soon the API shows who has joined: from the reply to a delivery to an attendance sheet on which they are present.

The whole bot runs as its own process; deliveries come at an even rate, and some of the people are looked for.
"""

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from bot.clock import SystemClock, stopwatch
from storage import schema
from storage.database import Store
from tests.benchmarks.bot_process import API_TOKEN, RunningBot, a_bot, a_slack
from tests.benchmarks.joins import Join, told_by_zoom
from tests.benchmarks.school import School, found_school
from tests.handlers.platforms.signing import sign_as_zoom

PER_SECOND = 500
SECONDS = 12
STUDENTS = 30
#: One in so many is looked for, every so many seconds: the asking is load too.
LOOKED_FOR = 100
LOOK_EVERY = 0.05
GIVEN_UP_AFTER = 10.0
CONNECTIONS = 64
AIM = 0.25
EARLY = timedelta(minutes=5)


class Crowd:
    """Sends who joins, and notes for some how long it took until they were seen."""

    def __init__(self, http: aiohttp.ClientSession, url: str, now: datetime) -> None:
        self._http = http
        self._url = url
        self._now = now
        self.seconds: list[float] = []

    async def join(self, number: int) -> None:
        """Send one delivery; wait for the person to be seen, if this is one to look for."""
        course, place = divmod(number, STUDENTS)
        body = told_by_zoom(Join(course=course, place=place, number=number, at=self._now))
        headers = sign_as_zoom(body) | {"Content-Type": "application/json"}
        async with self._http.post(f"{self._url}/webhooks/zoom", data=body, headers=headers) as reply:
            reply.raise_for_status()
        if number % LOOKED_FOR == 0:
            self.seconds.append(await self._seen_after(course, place))

    async def _seen_after(self, course: int, place: int) -> float:
        replied_at = stopwatch()
        while (waited := stopwatch() - replied_at) < GIVEN_UP_AFTER:
            sheet = await self._attendance(course)
            if any(each["id"] == f"p{course}-{place}" and each["presence"] == "present" for each in sheet["people"]):
                return stopwatch() - replied_at
            await asyncio.sleep(LOOK_EVERY)
        return waited

    async def _attendance(self, course: int) -> dict[str, list[dict[str, str]]]:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        async with self._http.get(f"{self._url}/api/v1/lessons/l{course}-0/attendance", headers=headers) as reply:
            found: dict[str, list[dict[str, str]]] = await reply.json()
            return found


async def _send(crowd: Crowd, total: int) -> float:
    """At an even rate, however fast the replies are; deliveries per second as it came out."""
    begun = stopwatch()
    joining = []
    for number in range(total):
        joining.append(asyncio.create_task(crowd.join(number)))
        await asyncio.sleep(max(0.0, begun + number / PER_SECOND - stopwatch()))
    rate = total / (stopwatch() - begun)
    await asyncio.gather(*joining)
    return rate


async def _measure(bot: RunningBot, total: int) -> tuple[float, list[float]]:
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as http:
        crowd = Crowd(http, bot.url, SystemClock().now())
        rate = await _send(crowd, total)
    return rate, sorted(crowd.seconds)


async def _report(seconds: int) -> None:
    total = PER_SECOND * seconds
    with tempfile.TemporaryDirectory() as folder:
        await _found(Path(folder), courses=-(-total // STUDENTS))
        async with a_slack() as slack, a_bot(Path(folder), slack) as bot:
            rate, waits = await _measure(bot, total)
    half, most, last = (waits[len(waits) * share // 100] * 1000 for share in (50, 95, 99))
    print(f"from reply to visible presence at {rate:.0f} deliveries/s, SQLite, {len(waits)} people looked for")
    print(f"  50 % {half:.0f} ms, 95 % {most:.0f} ms, 99 % {last:.0f} ms; aim 99 % under {AIM * 1000:.0f} ms")


async def _found(folder: Path, *, courses: int) -> None:
    """Lessons that begin soon: nobody is missing yet, so nobody is reminded."""
    url = f"sqlite+aiosqlite:///{folder / 'rollcall.db'}"
    await schema.upgrade(url)
    store = await Store.open(url)
    now = SystemClock().now()
    soon = now + EARLY
    await found_school(store, School(courses=courses, students=STUDENTS, starts_at=soon, created_at=now, due_at=soon))
    await store.close()


def report(*, seconds: int = SECONDS) -> None:
    """Print percentiles of the time until somebody is seen."""
    asyncio.run(_report(seconds))


if __name__ == "__main__":
    report()
