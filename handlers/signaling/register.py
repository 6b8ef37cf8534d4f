"""Who came and went by a socket, written down. In a classroom of one's own it is presence, and so a delivery."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock, stopwatch, wire_now
from handlers.batches import Batcher
from handlers.platforms.signaling import connector
from handlers.platforms.signaling.news import News, Who, written
from handlers.signaling.protocol import LeftReason
from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery
from storage.memory import Memory
from storage.sockets import Orphan, Placed, Seat

#: Wire time after which nobody holds a socket whose process says nothing more: a restart takes less, and who comes back
#: within it was never away.
LEASE = timedelta(seconds=60)
#: How long a closed socket is remembered, so that other replicas can say why it went.
REMEMBERED_FOR = timedelta(minutes=5)
#: Wire seconds for a change to be on disk.
KEPT_WITHIN = 5.0
#: Wire seconds for a delivery to be applied; after that somebody is told that they are in all the same.
APPLIED_WITHIN = 3.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A socket opened (`reason` None) or was closed."""

    socket_id: str
    seat: Seat
    at: datetime
    reason: LeftReason | None


class Register:
    """Writes down sockets; `delivered` is called when there is a new delivery."""

    def __init__(self, store: Store, clock: Clock, *, delivered: Callable[[], None], lease: timedelta = LEASE) -> None:
        self._store = store
        self._clock = clock
        self._delivered = delivered
        self._lease = lease
        self._changes: Batcher[_Change, None] = Batcher(self._write, within=KEPT_WITHIN)

    def open(self) -> None:
        """Begin to write; needs a running event loop."""
        self._changes.open()

    async def close(self) -> None:
        """Finish what is to be written."""
        await self._changes.close()

    async def enter(self, socket_id: str, seat: Seat) -> None:
        """Somebody came. Once this returns it is on disk. Raises `NotWritten`, `TimeoutError`.

        In a classroom of our own it is applied, too: who is told that they are in may begin a check at once.
        """
        await self._changes.add(_Change(socket_id=socket_id, seat=seat, at=self._clock.now(), reason=None))
        if seat.platform == connector.name:
            await self._until_applied(seat.account_id, f"{socket_id}-joined")

    async def _until_applied(self, account_id: str, delivery_key: str) -> None:
        begun, pause = stopwatch(), 0.005
        while stopwatch() - begun < APPLIED_WITHIN:
            async with self._store.read() as memory:
                delivery = await memory.deliveries.with_key(account_id, delivery_key)
            if delivery is None or delivery.state is not DeliveryState.RECEIVED:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.1)
        log.warning("socket_not_applied_in_time", delivery_key=delivery_key)

    async def leave(self, socket_id: str, seat: Seat, reason: LeftReason, *, at: datetime) -> None:
        """Somebody went. What cannot be written is found when the lease is over."""
        try:
            await self._changes.add(_Change(socket_id=socket_id, seat=seat, at=at, reason=reason))
        except Exception as problem:  # noqa: BLE001  whatever it was, the socket is closed and nobody is left to hear it
            log.warning("socket_end_not_kept", socket=socket_id, cause=type(problem).__name__)

    async def renew(self, socket_ids: Collection[str]) -> None:
        """These sockets are open still; what was closed a while ago is forgotten."""
        now = wire_now()
        async with self._store.write() as memory:
            await memory.sockets.renew(socket_ids, seen_at=self._clock.now(), lease_until=now + self._lease)
            await memory.sockets.forget(before=now - REMEMBERED_FOR)

    async def sweep(self) -> None:
        """Close the sockets of processes that died, at the moment at which they were last known to be open."""
        now = wire_now()
        async with self._store.read() as memory:
            lessons = {orphan.lesson_id for orphan in await memory.sockets.orphans(now=now)}
        if not lessons:
            return
        async with self._store.write() as memory:
            await memory.sockets.take_turns(lessons)
            orphans = await memory.sockets.orphans(now=now, lesson_ids=lessons)
            told = [await self._bury(memory, orphan) for orphan in orphans]
            kept = await memory.deliveries.keep([delivery for delivery in told if delivery is not None])
        log.info("orphaned_sockets_closed", sockets=len(orphans), of_them_presence=len(kept))
        if kept:
            self._delivered()

    async def _bury(self, memory: Memory, orphan: Orphan) -> NewDelivery | None:
        placed = await memory.sockets.leave(orphan.id, LeftReason.TIMEOUT, at=orphan.seen_at)
        if placed is None or orphan.platform != connector.name:
            return None
        news = News(
            event="left",
            at=orphan.seen_at,
            room=orphan.room,
            session=placed.session,
            connection=orphan.id,
            who=Who(id=orphan.person_id, name=orphan.name, email=orphan.email, teaches=orphan.is_owner),
            alone=placed.is_alone,
            lost=True,
            assumed=True,
        )
        return _delivery(news, orphan.account_id, received_at=self._clock.now())

    async def _write(self, batch: Sequence[_Change]) -> Sequence[None]:
        now = self._clock.now()
        deliveries: list[NewDelivery] = []
        lessons = {change.seat.lesson_id for change in batch}
        leaving = {change.socket_id for change in batch if change.reason is not None}
        async with self._store.write() as memory:
            await memory.sockets.take_turns(lessons, leaving=leaving)
            for change in batch:
                placed = await self._place(memory, change)
                if placed is not None and change.seat.platform == connector.name:
                    deliveries.append(_delivery(_news(change, placed), change.seat.account_id, received_at=now))
            await memory.deliveries.keep(deliveries)
        if deliveries:
            self._delivered()
        return [None] * len(batch)

    async def _place(self, memory: Memory, change: _Change) -> Placed | None:
        if change.reason is None:
            until = wire_now() + self._lease
            return await memory.sockets.enter(change.socket_id, change.seat, now=change.at, lease_until=until)
        return await memory.sockets.leave(change.socket_id, change.reason, at=change.at)


def _news(change: _Change, placed: Placed) -> News:
    seat = change.seat
    return News(
        event="joined" if change.reason is None else "left",
        at=change.at,
        room=seat.room,
        session=placed.session,
        connection=change.socket_id,
        who=Who(id=seat.person_id, name=seat.name, email=seat.email, teaches=seat.is_owner),
        alone=placed.is_alone,
        lost=change.reason is LeftReason.TIMEOUT,
    )


def _delivery(news: News, account_id: str, *, received_at: datetime) -> NewDelivery:
    return NewDelivery(
        account_id=account_id,
        route="",
        delivery_key=f"{news.connection}-{news.event}",
        headers={},
        body=written(news),
        received_at=received_at,
        verified_at=received_at,
    )
