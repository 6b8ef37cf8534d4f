"""A school with one lesson, its door for sockets and its ticks, on a clock that stands; and people who speak JSON."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient
from yarl import URL

from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.values import Answer, AnswerState
from bot.attendance.lessons import Role
from bot.clock import ManualClock, wire_now
from bot.scopes import Scope
from handlers.check_page.page import CheckPage
from handlers.checks import Checks
from handlers.cli.course import import_text
from handlers.keys import Keys
from handlers.platforms import CONNECTORS
from handlers.signaling.bearer import Bearers
from handlers.signaling.door import SignalingDoor
from handlers.signaling.protocol import CONTROL, REPORT
from handlers.signaling.register import LEASE
from handlers.ticks import apply_deliveries, run_presence_checks, watch_lessons
from handlers.web import application
from storage.database import Store
from tests.handlers.served import Served

KEY = "a text of more than thirty-two characters"
FIVE = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
COURSE = """courses:
  - name: Python 101
    channel: "#python-101"
    timezone: Europe/Rome
    platform: PLATFORM
    room: python-101
    schedule: [{start: 2026-11-23T18:00, end: 2026-11-23T19:00}]
    trainers: [{name: Grace Hopper, email: grace@example.com, slack: U0GRACE}]
    students:
      - {name: Ada Lovelace, email: ada@example.com}
      - {name: Bob Stone, email: bob@example.com, slack: U0BOB}
    observers: [{name: Iris Inspector, email: iris@example.com}]
"""

Frame = dict[str, Any]


class Voice:
    """One socket of somebody, on which they speak and listen."""

    def __init__(self, ws: ClientWebSocketResponse, house: "House") -> None:
        self.ws = ws
        self._house = house

    async def send(self, namespace: str, action: str, **fields: Any) -> None:
        await self.ws.send_json({"namespace": namespace, "payload": {"action": action, **fields}})

    async def says(self, namespace: str, action: str, **fields: Any) -> list[Frame]:
        """All that comes until everybody has been told everything that follows from it."""
        await self.send(namespace, action, **fields)
        return [*await self.flush(), *await self.hears()]

    async def joins(self) -> Frame:
        """Their `join_success`."""
        await self.send(CONTROL, "join", display_name="Somebody")
        return await self.next()

    async def next(self) -> Frame:
        found: Frame = await self.ws.receive_json(timeout=20)
        return found

    async def flush(self) -> list[Frame]:
        """What has come by the time at which all that they said before has been answered."""
        await self.ws.send_str("?")
        return [frame async for frame in self._until_the_mark()]

    async def hears(self) -> list[Frame]:
        """What is new, once everybody has been told it."""
        await self._house.tell()
        return await self.flush()

    async def _until_the_mark(self) -> AsyncIterator[Frame]:
        while (frame := await self.next())["payload"].get("error") != "invalid_json":
            yield frame

    async def leaves(self) -> None:
        """They close the socket; that is on disk, and the others have been told."""
        before = await self._house.open_sockets()
        await self.ws.close()
        await self._house.until_open(before - 1)
        await self._house.hub.tell()

    def stops_reading(self) -> asyncio.Transport:
        """From now on nothing that is sent to them is taken; the line itself."""
        connection = self.ws._response.connection
        assert connection is not None
        assert isinstance(connection.transport, asyncio.Transport)
        connection.transport.pause_reading()
        return connection.transport

    async def is_dismissed(self) -> int | None:
        """The code with which the server closes the socket."""
        while (message := await self.ws.receive(timeout=20)).type is WSMsgType.TEXT:
            pass
        return self.ws.close_code if message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED} else None


@dataclass(frozen=True)
class MadeReport:
    """A document as it was stored."""

    id: str
    file_name: str


class House:
    """The door, the page, the ticks, and the people of the course."""

    def __init__(self, store: Store, clock: ManualClock, *, lease: timedelta = LEASE, heartbeat: float = 60.0) -> None:
        self.store = store
        self.clock = clock
        self.keys = Keys([KEY])
        self.checks = Checks(store, self.keys, wake=lambda: None)
        self.bearers = Bearers(store, self.keys.signing)
        self.door = SignalingDoor(
            store,
            clock,
            self.bearers,
            self.checks,
            delivered=self._apply,
            lease=lease,
            poll=3600.0,
            heartbeat=heartbeat,
        )
        self.hub = self.door.hub
        self.page = CheckPage(store, clock, self.bearers, self.checks)
        self._voices: list[Voice] = []
        self._applying: set[asyncio.Task[None]] = set()
        #: what becomes of a report instead of one
        self.trouble: RefusalCode | None = None
        self.lesson = ""
        self.people: dict[str, str] = {}

    async def open(self, opening: AsyncExitStack) -> None:
        self.door.open()
        app = application(self.store, [*self.door.routes(), *self.page.routes()])
        opening.push_async_callback(self._finish)
        self.client = await opening.enter_async_context(TestClient(Served(app)))
        opening.push_async_callback(self.door.close)
        opening.push_async_callback(self._hang_up)

    async def _finish(self) -> None:
        await asyncio.gather(*self._applying)

    async def _hang_up(self) -> None:
        await asyncio.gather(*(voice.ws.close() for voice in self._voices))

    async def learn(self, course: str) -> None:
        """Lay the course out, or find what was laid out before."""
        await import_text(self.store, course, now=self.clock.now())
        async with self.store.read() as memory:
            (found,) = await memory.lessons.find()
        self.lesson = found.facts.lesson.id
        self.people = {person.name.split()[0].lower(): person.id for person in found.facts.roster}

    async def token(self, who: str, *, lasts: timedelta = timedelta(hours=12), **claims: Any) -> str:
        """As `rollcall token create --scope signaling` makes it."""
        now = wire_now()
        async with self.store.write() as memory:
            issued = await memory.api_tokens.issue(
                scopes=[Scope.SIGNALING],
                lesson_id=self.lesson,
                person_id=self.people[who],
                expires_at=now + lasts,
                now=now,
            )
        role = {"grace": Role.TRAINER, "iris": Role.OBSERVER}.get(who, Role.STUDENT)
        told = {"jti": issued, "exp": now + lasts, "lesson": self.lesson, "person": self.people[who], "role": role}
        return jwt.encode({**told, **claims}, self.keys.signing[0], algorithm="HS256")

    async def connect(self, who: str) -> Voice:
        ws = await self.client.ws_connect(URL.build(path="/signaling", query={"token": await self.token(who)}))
        self._voices.append(Voice(ws, self))
        return self._voices[-1]

    async def joined(self, who: str) -> Voice:
        """Somebody who has joined, with all that follows from it."""
        voice = await self.joined_quietly(who)
        await self.tell()
        return voice

    async def joined_quietly(self, who: str) -> Voice:
        """Somebody who has joined, and nobody was told yet."""
        voice = await self.connect(who)
        await voice.joins()
        return voice

    async def tell(self) -> None:
        """Let the ticks run until nothing is due, and everybody be told what came of it."""
        now = self.clock.now()
        for _ in range(2):
            while await apply_deliveries.tick(self.store, CONNECTORS, now=now) is not None:
                pass
            await watch_lessons.tick(self.store, now=now)
            await run_presence_checks.tick(
                self.store, self.keys, now=now, make_report=self._report, is_slack_well=self._slack_is_well
            )
        await self.hub.tell()

    async def _report(self, check_id: str, *, now: datetime) -> "MadeReport":
        if self.trouble is not None:
            raise CheckRefused(self.trouble, "There is no report.")
        return MadeReport(id="asset-1", file_name="python-101.pdf")

    async def _slack_is_well(self) -> bool:
        return True

    def _apply(self) -> None:
        """As the tick that is woken does."""
        task = asyncio.get_running_loop().create_task(self._apply_deliveries())
        self._applying.add(task)
        task.add_done_callback(self._applying.discard)

    async def _apply_deliveries(self) -> None:
        await apply_deliveries.tick(self.store, CONNECTORS, now=self.clock.now())

    async def at(self, minutes: float) -> None:
        """The lesson goes on until so many minutes after its planned start."""
        self.clock.move_to(FIVE + timedelta(minutes=minutes))
        await self.tell()

    @property
    def minutes(self) -> float:
        """Since the planned start."""
        return (self.clock.now() - FIVE) / timedelta(minutes=1)

    async def until_confirmed(self, who: str) -> None:
        """Somebody's newest answer is on disk."""
        async with asyncio.timeout(20):
            while not await self._has_confirmed(self.people[who]):  # noqa: ASYNC110  the memory rings no bell
                await asyncio.sleep(0.02)

    async def _has_confirmed(self, person_id: str) -> bool:
        return any(each.state is AnswerState.CONFIRMED for each in (await self._answers(person_id))[-1:])

    async def _answers(self, person_id: str) -> tuple[Answer, ...]:
        async with self.store.read() as memory:
            found = (await memory.checks.of([self.lesson], person_ids=[person_id])).get(self.lesson)
        return found.answers if found is not None else ()

    async def until_reached(self, who: str) -> None:
        """It is on disk that a question was shown to somebody."""
        async with asyncio.timeout(20):
            while not (await self._answers(self.people[who]))[-1].asked_at:  # noqa: ASYNC110  the memory rings no bell
                await asyncio.sleep(0.02)

    async def break_lines(self, name: str) -> None:
        """The line to every socket of somebody breaks."""
        for guest in list(self.hub._guests):
            if guest.seat.name == name:
                guest.listener._cut_off()

    async def revoke_all(self) -> None:
        """Every token is taken back."""
        async with self.store.write() as memory:
            for token in await memory.api_tokens.all():
                await memory.api_tokens.revoke(token.id, now=wire_now())

    async def open_sockets(self) -> int:
        """How many sockets are open, as others see it."""
        async with self.store.read() as memory:
            return sum(each.left_at is None for each in await memory.sockets.in_lessons([self.lesson]))

    async def until_open(self, count: int) -> None:
        async with asyncio.timeout(20):
            while await self.open_sockets() != count:  # noqa: ASYNC110  the memory rings no bell
                await asyncio.sleep(0.01)

    async def attendance(self) -> dict[str, Any]:
        """The lesson's sheet, as the API has it, by first name."""
        from handlers.attendance import attendance_object

        async with self.store.read() as memory:
            found = await memory.lessons.facts(self.lesson)
        assert found is not None
        people = attendance_object(found.facts, now=self.clock.now())["people"]
        return {each["name"].split()[0].lower(): each for each in people}

    async def deliveries(self) -> list[dict[str, Any]]:
        """The bodies that were kept, oldest first."""
        async with self.store.read() as memory:
            kept = await memory.deliveries.find()
        return [json.loads(each.body) for each in reversed(kept)]


@asynccontextmanager
async def a_house(
    store: Store, *, platform: str = "signaling", policy: str = "", at: float = 0, **how: Any
) -> AsyncIterator[House]:
    """A house whose lesson is `at` minutes from its planned start."""
    house = House(store, ManualClock(FIVE + timedelta(minutes=at)), **how)
    async with AsyncExitStack() as opening:
        await house.open(opening)
        await house.learn(COURSE.replace("PLATFORM", platform) + (f"    policy: {policy}\n" if policy else ""))
        await house.tell()
        yield house


def report(at: float, message: str, **fields: Any) -> Frame:
    """A frame of the presence check, so many minutes after the planned start."""
    return _frame(REPORT, at, {"message": message, **fields})


def control(at: float, message: str, **fields: Any) -> Frame:
    return _frame(CONTROL, at, {"message": message, **fields})


def moment(at: float) -> str:
    return (FIVE + timedelta(minutes=at)).isoformat().replace("+00:00", "Z")


def _frame(namespace: str, at: float, payload: Mapping[str, Any]) -> Frame:
    return {"namespace": namespace, "timestamp": moment(at), "payload": payload}
