"""Everybody who listens: what the memory says to them, who came and who went, whose token is over.

The memory is asked when somebody says that something is new, and every second in any case, because another replica may
have written it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.attendance.checks.notes import CREATOR, EVERYBODY, PARTICIPANTS, EventWord
from bot.clock import Clock, stopwatch, wire_now
from handlers.signaling.listener import Listener
from handlers.signaling.protocol import CONTROL, REPORT, LeftReason, Participant, joined, left, write_frame
from handlers.signaling.reaching import Reaching
from handlers.signaling.register import Register
from storage.checks import CheckEvent
from storage.database import Store
from storage.memory import Memory
from storage.sockets import OpenSocket, Seat

#: Wire seconds.
POLL = 1.0
TOKENS_EVERY = 2.0
RENEW_EVERY = 10.0
#: An event whose number is lower than one that was read may be committed after it, by another replica; so much later.
STRAGGLES_FOR = 10.0

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True, eq=False)
class Guest:
    """Somebody's open socket, and what they were told on it."""

    seat: Seat
    listener: Listener
    #: closes the socket
    close: Callable[[], None]
    is_dismissed: bool = False
    #: empty until they have joined
    socket_id: str = ""
    #: events up to this one are part of what they were told on joining
    after: int = 0
    #: person ids of those they were told are there, themself among them
    sees: frozenset[str] = frozenset()

    def dismiss(self) -> None:
        """They shall go."""
        self.is_dismissed = True
        self.close()


@dataclass(slots=True)
class _Heard:
    """The events that were read: those up to `up_to` count as all read, the others are known one by one."""

    up_to: int
    at: dict[int, float] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        return max(self.at, default=self.up_to)

    def new_among(self, events: Iterable[CheckEvent]) -> list[CheckEvent]:
        now = stopwatch()
        for number in sorted(self.at):
            if now - self.at[number] < STRAGGLES_FOR:
                break
            self.up_to = number
            del self.at[number]
        new = [event for event in events if event.id > self.up_to and event.id not in self.at]
        self.at.update((event.id, now) for event in new)
        return new


class Hub:
    """Knows the open sockets of this process. Open it before the server listens, close it before it stops."""

    def __init__(
        self, store: Store, clock: Clock, register: Register, reaching: Reaching, *, poll: float = POLL
    ) -> None:
        self._store = store
        self._clock = clock
        self._register = register
        self._reaching = reaching
        self._poll = poll
        self._guests: set[Guest] = set()
        self._joined: dict[str, dict[str, Guest]] = defaultdict(dict)
        self._heard: _Heard | None = None
        self._news = asyncio.Event()
        self._has_moved = False
        self._reading = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self.is_closing = False

    def open(self) -> None:
        """Begin to listen to the memory; needs a running event loop."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._tell_news()), loop.create_task(self._keep_house())]

    async def close(self) -> None:
        """Dismiss everybody. Who comes back soon, to another process or to the next one, was never away."""
        self.is_closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._renew()
        for guest in list(self._guests):
            guest.dismiss()

    def wake(self) -> None:
        """Something new may be in the memory."""
        self._news.set()

    def moved(self) -> None:
        """Somebody came or went by a socket of this process, and that is in the memory."""
        self._has_moved = True
        self._news.set()

    def count(self, seat: Seat) -> int:
        """How many sockets somebody has open in a lesson, with this process."""
        who = (seat.lesson_id, seat.person_id)
        return sum((guest.seat.lesson_id, guest.seat.person_id) == who for guest in self._guests)

    def welcome(self, guest: Guest) -> None:
        """A socket is open; nobody has joined by it."""
        self._guests.add(guest)

    def seat(self, guest: Guest) -> None:
        """They have joined, and are told from now on what happens."""
        self._joined[guest.seat.lesson_id][guest.socket_id] = guest
        if self._heard is None:
            self._heard = _Heard(guest.after)
        self.moved()

    def part(self, guest: Guest) -> None:
        """The socket is closed."""
        self._guests.discard(guest)
        here = self._joined.get(guest.seat.lesson_id, {})
        here.pop(guest.socket_id, None)
        if not here:
            self._joined.pop(guest.seat.lesson_id, None)
        if not self._joined:
            self._heard = None
        self.moved()

    async def _tell_news(self) -> None:
        thorough_at = stopwatch()
        while True:
            try:
                async with asyncio.timeout(self._poll):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            begun = stopwatch()
            is_time = begun - thorough_at >= self._poll
            thorough_at = begun if is_time else thorough_at
            try:
                await self.tell(thoroughly=is_time)
            except Exception:
                log.exception("signaling_news_failed")
                await asyncio.sleep(self._poll)
            # When hundreds join at once, they are told of in a few rounds.
            await asyncio.sleep(min(stopwatch() - begun, self._poll))

    async def tell(self, *, thoroughly: bool = True) -> None:
        """Read what is new, and say it to everybody whom it is for.

        Thoroughly: also who came to other processes, and the events that were late.
        """
        async with self._reading:
            if self._heard is not None:
                await self._tell(self._heard, frozenset(self._joined), thoroughly=thoroughly)

    async def _tell(self, heard: _Heard, lessons: frozenset[str], *, thoroughly: bool) -> None:
        has_moved, self._has_moved = self._has_moved or thoroughly, False
        async with self._store.read() as memory:
            sockets = await memory.sockets.in_lessons(lessons) if has_moved else []
            events = heard.new_among(await _told_since(memory, heard.up_to if thoroughly else heard.newest, lessons))
            asked = await _asked(memory, events)
        rooms: dict[str, list[OpenSocket]] = defaultdict(list)
        for socket in sockets:
            rooms[socket.lesson_id].append(socket)
        for lesson_id, in_room in rooms.items():
            self._tell_who_is_there(list(self._joined.get(lesson_id, {}).values()), in_room)
        for event in events:
            self._tell_event(event, asked)

    def _tell_event(self, event: CheckEvent, asked: Mapping[str, frozenset[str]]) -> None:
        frame = write_frame(REPORT, {"message": event.kind.value, **event.facts}, now=event.at)
        for guest in list(self._joined.get(event.lesson_id, {}).values()):
            if event.id > guest.after and _is_to(event, guest.seat, asked):
                guest.listener.say(frame)
                if event.kind is EventWord.REQUESTED:
                    self._reaching.reached(guest.seat)

    def _tell_who_is_there(self, guests: Collection[Guest], sockets: Collection[OpenSocket]) -> None:
        there, closed = participants(sockets), {each.id for each in sockets if each.left_at is not None}
        reasons = {each.person_id: each.left_reason for each in sockets if each.left_at is not None}
        now, everybody = self._clock.now(), frozenset(there)
        # Nearly all were told the same, so that what is new is looked for and written once.
        news: dict[frozenset[str], list[tuple[str, str]]] = {}
        for guest in guests:
            if guest.socket_id in closed:
                guest.dismiss()  # its lease ran out while the memory could not be reached: they shall join anew
                continue
            if guest.sees not in news:
                news[guest.sees] = _news(guest.sees, there, reasons, now=now)
            for person_id, frame in news[guest.sees]:
                if person_id != guest.seat.person_id:
                    guest.listener.say(frame)
            guest.sees = everybody

    async def _keep_house(self) -> None:
        """Leases of sockets, sockets whose process died, and tokens that are over or were taken back."""
        renewed_at: float | None = None
        while True:
            try:
                await self._dismiss_the_uninvited()
                if renewed_at is None or stopwatch() - renewed_at >= RENEW_EVERY:
                    renewed_at = stopwatch()
                    await self._renew()
                    await self._register.sweep()
            except Exception:
                log.exception("signaling_housekeeping_failed")
            await asyncio.sleep(TOKENS_EVERY)

    async def _renew(self) -> None:
        if held := [socket_id for here in self._joined.values() for socket_id in here]:
            await self._register.renew(held)

    async def _dismiss_the_uninvited(self) -> None:
        guests = list(self._guests)  # who comes meanwhile has just shown a good token
        if not guests:
            return
        async with self._store.read() as memory:
            good = await memory.sockets.good({guest.seat.token_id for guest in guests}, now=wire_now())
        for guest in guests:
            if guest.seat.token_id not in good:
                guest.dismiss()


def participants(sockets: Iterable[OpenSocket]) -> dict[str, Participant]:
    """By person id, who is there: since the first of their sockets that is still open."""
    there: dict[str, Participant] = {}
    for socket in sockets:
        if socket.left_at is None and socket.person_id not in there:
            there[socket.person_id] = Participant(
                id=socket.person_id, name=socket.name, is_owner=socket.is_owner, joined_at=socket.joined_at
            )
    return there


def _news(
    sees: frozenset[str], there: Mapping[str, Participant], reasons: Mapping[str, str], *, now: datetime
) -> list[tuple[str, str]]:
    """(whom it is about, the frame) for those who came or went since."""
    came = [(person_id, joined(who)) for person_id, who in there.items() if person_id not in sees]
    gone = [
        (person_id, left(person_id, LeftReason(reasons.get(person_id) or LeftReason.TIMEOUT)))
        for person_id in sorted(sees - there.keys())
    ]
    return [(person_id, write_frame(CONTROL, payload, now=now)) for person_id, payload in [*gone, *came]]


async def _told_since(memory: Memory, number: int, lesson_ids: Collection[str]) -> list[CheckEvent]:
    """Every event with a higher number; the memory hands out so many at a time."""
    events: list[CheckEvent] = []
    while page := await memory.checks.events_after(events[-1].id if events else number, lesson_ids):
        events += page
    return events


async def _asked(memory: Memory, events: Iterable[CheckEvent]) -> dict[str, frozenset[str]]:
    """Whom each question is for that was put to several."""
    put = {event.checkpoint_id for event in events if event.kind is EventWord.REQUESTED and event.to == PARTICIPANTS}
    return {each: await memory.checks.asked(each) for each in put if each is not None}


def _is_to(event: CheckEvent, seat: Seat, asked: Mapping[str, frozenset[str]]) -> bool:
    if event.to == CREATOR:
        return seat.is_owner
    if event.to == PARTICIPANTS:
        if event.checkpoint_id is not None and event.checkpoint_id in asked:
            return seat.person_id in asked[event.checkpoint_id]
        return not seat.is_owner
    return event.to in {EVERYBODY, seat.person_id}
