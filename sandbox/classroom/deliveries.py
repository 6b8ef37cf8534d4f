"""The outgoing side of a platform: sends what happened, and tries again by the platform's own rules."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal

import aiohttp

from sandbox.agenda import Agenda
from sandbox.clock import Clock
from sandbox.observing import Observers

Verdict = Literal["delivered", "refused", "try again"]
"""What a platform makes of a reply."""

REPLY_WITHIN_SECONDS = 3.0
LATENCY_SECONDS = (0.2, 2.4)
SHUFFLE_HOLDS_FOR = timedelta(seconds=10)
APART = timedelta(milliseconds=50)
RECORDED = 1_000
REPLY_KEPT = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Handling:
    """What the network between the platform and the bot does to a delivery.

    `again_after`: the bot's 200 is lost on its way, so that the same bytes are sent once more that much later.
    `is_unheard`: every reply is lost, so that they are sent as often as the platform ever sends anything.
    """

    delay: timedelta = timedelta()
    is_lost: bool = False
    is_doubled: bool = False
    again_after: timedelta | None = None
    is_unheard: bool = False

    def within(self, other: "Handling") -> "Handling":
        """Both at once: delays add up, and what either loses is lost."""
        return Handling(
            delay=self.delay + other.delay,
            is_lost=self.is_lost or other.is_lost,
            is_doubled=self.is_doubled or other.is_doubled,
            again_after=self.again_after if self.again_after is not None else other.again_after,
            is_unheard=self.is_unheard or other.is_unheard,
        )


AS_USUAL = Handling()


@dataclass(frozen=True, kw_only=True, slots=True)
class Try:
    """One POST: when (lesson time), with which headers, and the reply; its status is None if there was none."""

    at: datetime
    headers: dict[str, str]
    status: int | None
    reply: bytes = b""


@dataclass(kw_only=True, slots=True)
class Delivery:
    """One event on its way to the bot since `at` (lesson time), and what became of it.

    `number` counts the deliveries of one account; `route` is the last part of its address, where there are several.

    `state` is `waiting`, `delivered`, `refused` (3xx or 4xx: never tried again), `lost` (the network's doing) or
    `given up` (no good reply to any try).
    """

    number: int
    at: datetime
    event: str
    body: bytes
    route: str = ""
    state: str = "waiting"
    is_unheard: bool = False
    tries: list[Try] = field(default_factory=list)


class Deliveries(ABC):
    """Everything one room of a platform sends to its webhook URL; how it proves itself and when it tries again is in a
    class for each platform.

    Nothing moves by itself: `run_due(now)` sends what is due, one after the other or `at_once` so many, and returns
    when each got its reply or none within 3 s of the machine's time. All waiting is in lesson time, signatures are in
    the machine's.

    `record` holds the latest thousand deliveries. `network` is what the network does to everything that is put from
    now on; with `is_shuffled` every second delivery overtakes the one before it. `observers` are told of each
    `delivery` when it is put and after each try.
    """

    retry_after: ClassVar[tuple[timedelta, ...]] = ()
    """Each from the try before."""

    def __init__(self, *, webhook_url: str, secret: str, clock: Clock, rng: random.Random) -> None:
        self.record: deque[Delivery] = deque(maxlen=RECORDED)
        self.is_shuffled = False
        self.network = AS_USUAL
        self.at_once = 1
        self.observers = Observers()
        self._count = 0
        self._handling = AS_USUAL
        self._url = webhook_url
        self._secret = secret
        self._clock = clock
        self._rng = rng
        self._queue: Agenda[Delivery] = Agenda()
        self._held: Delivery | None = None
        self._kept: list[Delivery] | None = None
        self._in_flight = 0
        self._http: aiohttp.ClientSession | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no request is on its way."""
        return self._in_flight == 0

    def next_at(self) -> datetime | None:
        return self._queue.next_at()

    @contextmanager
    def handled(self, handling: Handling) -> Iterator[None]:
        """What is put inside the `with` is treated like this, and in the way of `network` besides."""
        before, self._handling = self._handling, handling
        try:
            yield
        finally:
            self._handling = before

    def keep(self) -> None:
        """The network stands: what is put from now on waits until `let_go`."""
        self._kept = self._kept or []

    def let_go(self) -> None:
        """What was kept goes out at once, in the order in which it was put."""
        for position, delivery in enumerate(self._kept or []):
            self._queue.put(self._clock.now() + position * APART, delivery)
        self._kept = None

    def put(
        self,
        event: str,
        body: bytes,
        *,
        after: timedelta = timedelta(),
        latency: tuple[float, float] = LATENCY_SECONDS,
    ) -> None:
        """Sends `body` when the platform is ready (`after`) and the network has let it through; `latency` in s."""
        handling = self._handling.within(self.network)
        way = timedelta(seconds=self._rng.uniform(*latency))
        due_at = self._clock.now() + after + way + handling.delay
        first = self._record(event, body, "lost" if handling.is_lost else "waiting", is_unheard=handling.is_unheard)
        if handling.is_lost:
            return
        if self._kept is not None:
            self._kept.append(first)
        else:
            self._queue_shuffled(due_at, first) if self.is_shuffled else self._queue.put(due_at, first)
        if handling.is_doubled:
            self._put_copy(first, due_at + timedelta(milliseconds=self._rng.randint(2, 900)))
        if handling.again_after is not None:
            self._put_copy(first, due_at + handling.again_after)

    def _put_copy(self, delivery: Delivery, due_at: datetime) -> None:
        self._queue.put(due_at, self._record(delivery.event, delivery.body, "waiting"))

    def _record(self, event: str, body: bytes, state: str, *, is_unheard: bool = False) -> Delivery:
        self._count += 1
        delivery = Delivery(
            number=self._count,
            at=self._clock.now(),
            event=event,
            body=body,
            route=self._route(event),
            state=state,
            is_unheard=is_unheard,
        )
        self.record.append(delivery)
        self.observers.tell("delivery", delivery)
        return delivery

    def _queue_shuffled(self, due_at: datetime, delivery: Delivery) -> None:
        if self._held is None:
            self._held = delivery
            self._queue.put(due_at + SHUFFLE_HOLDS_FOR, delivery)
            return
        overtaken, self._held = self._held, None
        self._queue.put(due_at, delivery)
        if overtaken.state == "waiting":
            self._queue.withdraw(overtaken)
            self._queue.put(due_at + APART, overtaken)

    async def run_due(self, now: datetime) -> None:
        while due := list(self._take_due(now)):
            await asyncio.gather(*(self._try(delivery) for delivery in due))

    def _take_due(self, now: datetime) -> Iterator[Delivery]:
        for _ in range(self.at_once):
            delivery = self._queue.pop_due(now)
            if delivery is None:
                return
            if delivery is self._held:
                self._held = None
            yield delivery

    async def _try(self, delivery: Delivery) -> None:
        headers = self._headers(delivery.body)
        status, reply = await self._post(delivery.body, headers, self._address(delivery))
        delivery.tries.append(Try(at=self._clock.now(), headers=headers, status=status, reply=reply[:REPLY_KEPT]))
        verdict = "try again" if delivery.is_unheard else self._verdict(status, reply)
        retry_after = self._retry_after(delivery)
        if verdict != "try again":
            delivery.state = verdict
        elif len(delivery.tries) > len(retry_after):
            delivery.state = "given up"
        else:
            self._queue.put(self._clock.now() + retry_after[len(delivery.tries) - 1], delivery)
        self.observers.tell("delivery", delivery)

    @abstractmethod
    def about(self, body: bytes) -> str:
        """Whom an event is about by the name that the platform tells, else the room's; empty if it tells neither."""

    @abstractmethod
    def _headers(self, body: bytes) -> dict[str, str]:
        """Those of one try, with what proves who sends it."""

    def _route(self, event: str) -> str:  # noqa: ARG002 - a platform may have an address for each kind of event
        return ""

    def _address(self, delivery: Delivery) -> str:  # noqa: ARG002 - the same
        return self._url

    def _retry_after(self, delivery: Delivery) -> Sequence[timedelta]:  # noqa: ARG002 - or other rules for some of them
        return self.retry_after

    @abstractmethod
    def _verdict(self, status: int | None, reply: bytes) -> Verdict:
        """What the platform makes of a reply; the status is None if there was none."""

    async def _post(self, body: bytes, headers: dict[str, str], url: str) -> tuple[int | None, bytes]:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REPLY_WITHIN_SECONDS))
        self._in_flight += 1
        try:
            async with self._http.post(url, data=body, headers=headers, allow_redirects=False) as reply:
                return reply.status, await reply.read()
        except (TimeoutError, aiohttp.ClientError):
            return None, b""
        finally:
            self._in_flight -= 1

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None
