"""How soon whoever presses *Confirm* reads the answer, in a lesson of a thousand: by phase, on either database.

The whole bot runs as its own process, with the sandbox's Slack and its rate limits beside it. A press has taken its time
when the message that was pressed says something else. On the way it is measured how long it takes until everybody is
asked, whether each deadline runs from the own delivery, and how often the trainer's card is edited.
"""

import asyncio
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import select

from bot.attendance.checks.settings import WINDOW
from bot.clock import SystemClock, stopwatch
from bot.messages.actions import CHECK_CONFIRM, CHECK_WAS_THERE
from sandbox.slack.model import Message, MessageEvent
from sandbox.slack.people import Person
from sandbox.slack.workspace import Workspace
from storage import schema, tables
from storage.database import Store
from storage.pacing import POST, RATES
from storage.tables import table_of
from tests.benchmarks.bot_process import API_TOKEN, RunningBot, a_bot, a_slack
from tests.benchmarks.ingest import a_postgresql
from tests.benchmarks.joins import Join, told_by_zoom
from tests.benchmarks.school import School, channel_of, email_of, found_school
from tests.handlers.platforms.signing import sign_as_zoom

STUDENTS = 1_000
#: The lesson has begun, nobody is reminded yet, and all have been in for long enough to be asked.
BEGAN, CAME = timedelta(minutes=1), timedelta(minutes=5)
CONNECTIONS = 32
PER_SECOND = 2.0
BURST, BURST_SECONDS = 100, 5.0
#: Seconds: who is asked has this long before the first press; a press that shows nothing is given up after the other.
AT_FIRST, GIVEN_UP_AFTER = 5.0, 30.0
AIM = 1.0

ANSWER = table_of(tables.Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many there are, and for how long they press at an even rate in each phase."""

    students: int = STUDENTS
    seconds: float = 40.0


class Class:
    """The people of the course in Slack: who was asked, who has pressed, and how long each press took."""

    def __init__(self, slack: Workspace, bot: RunningBot, size: Size) -> None:
        self.slack = slack
        self.bot = bot
        self.size = size
        self.people = [
            slack.add_person(id=f"U0X{place}", name=f"Student 0-{place}", email=email_of(0, place))
            for place in range(size.students + 1)
        ]
        #: in the order of asking, who has not pressed yet
        self.asked: deque[tuple[Person, Message]] = deque()
        #: the moments at which each question arrived
        self.asked_at: dict[str, datetime] = {}
        #: whose deadline has passed
        self.late: deque[tuple[Person, Message]] = deque()
        self.card_at: list[float] = []
        self._changed: dict[str, asyncio.Future[None]] = {}
        slack.on_message(self._notice)

    @property
    def trainer(self) -> Person:
        return self.people[-1]

    def _notice(self, event: MessageEvent) -> None:
        person, message = event.recipient, event.message
        if person is None:
            return
        if person is self.trainer:
            self.card_at += [stopwatch()] if event.kind in {"posted", "edited"} else []
        elif event.kind == "posted" and CHECK_CONFIRM in message.action_ids():
            self.asked.append((person, message))
            self.asked_at[person.id] = message.at
        elif event.kind == "edited":
            if (pressed := self._changed.get(message.ts)) is not None and not pressed.done():
                pressed.set_result(None)
            elif CHECK_WAS_THERE in message.action_ids():
                self.late.append((person, message))

    def those_asked_last_first(self) -> None:
        """From now on they press first: the others have no time left."""
        last_first = sorted(self.asked, key=lambda each: each[1].ts, reverse=True)
        self.asked.clear()
        self.asked.extend(last_first)

    async def press(self, person: Person, message: Message, action: str) -> float:
        """Seconds until the message says something else."""
        changed = self._changed[message.ts] = asyncio.get_running_loop().create_future()
        begun = stopwatch()
        await person.click(message, action)
        try:
            async with asyncio.timeout(GIVEN_UP_AFTER):
                await changed
        except TimeoutError:
            return GIVEN_UP_AFTER
        return stopwatch() - begun


async def _pressed(
    told: str, pressing: Class, of: deque[tuple[Person, Message]], action: str, *, number: int, seconds: float
) -> None:
    """So many press at an even rate, and one of two who were asked lets it pass; prints how long they waited."""
    tasks: list[asyncio.Task[float]] = []
    begun, before = stopwatch(), pressing.bot.seconds_of_processor()
    for place in range(number):
        await asyncio.sleep(max(0.0, begun + place * seconds / number - stopwatch()))
        if of:
            person, message = of.popleft()
            of.rotate(-1)
            tasks.append(asyncio.create_task(pressing.press(person, message, action)))
    waits = await asyncio.gather(*tasks)
    took = stopwatch() - begun
    used, waited = (after - earlier for earlier, after in zip(before, pressing.bot.seconds_of_processor(), strict=True))
    say(told, waits)
    print(f"      in {took:.0f} s the bot used {used:.1f} s of a processor and waited {waited:.1f} s for one")


def say(told: str, seconds: Iterable[float]) -> None:
    """Percentiles of waits."""
    waits = sorted(seconds)
    if not waits:
        print(f"    {told}: nobody could press")
        return
    half, most = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    print(f"    {told}: {len(waits)}, 50 % {half:.2f} s, 99 % {most:.2f} s, slowest {waits[-1]:.2f} s; aim {AIM:.0f} s")


async def _asked_by(pressing: Class, number: int, begun: float, *, within: float) -> float:
    """Seconds from the trainer's command until so many were asked."""
    while len(pressing.asked_at) < number:
        if stopwatch() - begun > within:
            raise SystemExit(f"after {within:.0f} s only {len(pressing.asked_at)} are asked")
        await asyncio.sleep(0.05)
    return stopwatch() - begun


async def _play(pressing: Class, store: Store) -> None:
    """One question from the trainer's command until the first deadlines are a while past."""
    size = pressing.size
    steadily = int(size.seconds * PER_SECOND)
    burst = min(BURST, size.students // 5)
    rate = RATES[POST]
    least = (size.students - rate.burst) * rate.interval.total_seconds()
    begun = stopwatch()
    await pressing.trainer.command("/presence now")
    await asyncio.sleep(AT_FIRST)
    asking = asyncio.create_task(_asked_by(pressing, size.students, begun, within=2 * least + 60))
    which = (pressing, pressing.asked, CHECK_CONFIRM)
    await _pressed("while others are asked", *which, number=steadily, seconds=size.seconds)
    await _pressed(
        f"{burst} in {BURST_SECONDS:.0f} s, while others are asked", *which, number=burst, seconds=BURST_SECONDS
    )
    took = await asking
    print(f"    all {size.students} asked after {took:.0f} s, of which Slack's limit takes {least:.0f} s")
    await _pressed("once all are asked", *which, number=steadily // 2, seconds=size.seconds / 2)
    await _pressed(f"{burst} in {BURST_SECONDS:.0f} s, once all are asked", *which, number=burst, seconds=BURST_SECONDS)
    pressing.those_asked_last_first()
    closing = begun + WINDOW.total_seconds() + AT_FIRST - stopwatch()
    await asyncio.sleep(max(0.0, closing))
    await asyncio.gather(
        _pressed("Confirm while it closes", *which, number=steadily, seconds=size.seconds),
        _pressed(
            "I was there while it closes",
            pressing,
            pressing.late,
            CHECK_WAS_THERE,
            number=steadily,
            seconds=size.seconds,
        ),
    )
    await _tell_of_the_rest(pressing, store)


async def _tell_of_the_rest(pressing: Class, store: Store) -> None:
    async with store.read() as memory:
        query = select(ANSWER.c.person_id, ANSWER.c.asked_at, ANSWER.c.deadline).where(ANSWER.c.deadline.is_not(None))
        rows = await memory._transaction.all(query)
    arrived = {f"p0-{person.id.removeprefix('U0X')}": pressing.asked_at[person.id] for person in pressing.people[:-1]}
    apart = [abs((row.asked_at - arrived[row.person_id]).total_seconds()) for row in rows]
    windows = {row.deadline - row.asked_at for row in rows}
    gaps = [later - earlier for earlier, later in zip(pressing.card_at, pressing.card_at[1:], strict=False)]
    print(
        f"    {len(rows)} deadlines, each {', '.join(str(each) for each in sorted(windows))} after the own delivery, "
        f"which is known to {max(apart):.1f} s; {len(pressing.card_at)} states of the trainer's card, "
        f"never two within {min(gaps):.1f} s"
    )


async def _all_come(bot: RunningBot, students: int) -> None:
    """The trainer and everybody else, and the API shows them."""
    came = SystemClock().now() - CAME
    joins = iter([Join(course=0, place=place, number=place, at=came) for place in range(students + 1)])
    async with aiohttp.ClientSession() as http:

        async def send() -> None:
            for join in joins:
                body = told_by_zoom(join)
                headers = sign_as_zoom(body) | {"Content-Type": "application/json"}
                async with http.post(f"{bot.url}/webhooks/zoom", data=body, headers=headers) as reply:
                    reply.raise_for_status()

        await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        while True:
            async with http.get(f"{bot.url}/api/v1/lessons/l0-0/attendance", headers=headers) as reply:
                people = (await reply.json())["people"]
            if sum(each["presence"] == "present" for each in people) >= students:
                return
            await asyncio.sleep(0.5)


@asynccontextmanager
async def a_large_lesson(url: str, *, students: int, platform: str = "zoom") -> AsyncIterator[Store]:
    """A database in which one lesson has just begun."""
    await schema.upgrade(url)
    store = await Store.open(url)
    now = SystemClock().now()
    school = School(
        platform=platform, courses=1, students=students, starts_at=now - BEGAN, created_at=now - CAME, due_at=now
    )
    await found_school(store, school)
    try:
        yield store
    finally:
        await store.close()


async def _measure(name: str, url: str, size: Size, folder: Path) -> None:
    async with (
        a_large_lesson(url, students=size.students) as store,
        a_slack([channel_of(0)], rate_limits=True) as slack,
        a_bot(folder, slack, url) as bot,
    ):
        pressing = Class(slack, bot, size)
        slack.connect_app(f"{bot.url}/slack/events")
        await _all_come(bot, size.students)
        print(f"  {name}")
        await _play(pressing, store)


def report(*, size: Size | None = None) -> None:
    """Print for each phase how long people waited."""
    size = size or Size()
    print(f"presses in a lesson of {size.students:,}, with Slack's limits")
    with tempfile.TemporaryDirectory() as folder, a_postgresql() as postgresql:
        lite = Path(folder)
        for name, url in (("SQLite", f"sqlite+aiosqlite:///{lite / 'presses.db'}"), ("PostgreSQL", postgresql)):
            asyncio.run(_measure(name, url, size, lite))


#: For trying.
QUICK = Size(students=100, seconds=5.0)


if __name__ == "__main__":
    report(size=QUICK if "--quick" in sys.argv else None)
