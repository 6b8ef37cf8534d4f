"""From kept deliveries to presence events: read what waits, translate, record. Nothing is decided here."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.attendance.events import PresenceEvent
from bot.attendance.records import PlatformRecord
from bot.connectors import Delivery, PlatformConnector
from bot.errors import UnknownPlatform, UnreadableDelivery
from storage.database import Store
from storage.deliveries import DeliveryState, Settled, StoredDelivery
from storage.errors import StorageError

#: Deliveries taken in one go.
CHUNK = 500
#: … but no more once their bodies come to so many bytes: the largest body that any platform may send
MOST_BYTES = 32 * 1024 * 1024
#: bytes of bodies; more of them are read beside the event loop
LARGE = 1024 * 1024

#: how many became what, by (platform, state)
Outcomes = Mapping[tuple[str, str], int]

log = structlog.get_logger()


@dataclass(slots=True)
class Translated:
    """What a chunk of deliveries said, and what became of each delivery."""

    #: (account, delivery, event)
    events: list[tuple[str, int | None, PresenceEvent]] = field(default_factory=list)
    #: (account, record)
    records: list[tuple[str, PlatformRecord]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)

    def outcomes(self, waiting: Sequence[StoredDelivery]) -> Outcomes:
        """Of these, by (platform, state)."""
        platforms = {stored.id: stored.platform for stored in waiting}
        return Counter((platforms[each.id], each.state.value) for each in self.settled)


async def tick(
    store: Store,
    connectors: Mapping[str, PlatformConnector],
    *,
    now: datetime,
    count: Callable[[Outcomes], None] = lambda _: None,
) -> datetime | None:
    """Apply everything that waits; the returned moment is `now` while there is more.

    `count` is told what became of them, once it is on disk.
    """
    async with store.read() as memory:
        waiting = await memory.deliveries.waiting(limit=CHUNK, most_bytes=MOST_BYTES)
    if not waiting:
        return None
    try:
        translated = await _translate(waiting, connectors)
        await _apply(store, translated, now=now)
        count(translated.outcomes(waiting))
    except Exception:  # noqa: BLE001  whoever of them it is: it fails again below, alone, and is told of there
        for stored in waiting:
            count(await _apply_alone(store, stored, connectors, now=now))
    is_full = len(waiting) == CHUNK or sum(len(stored.body) for stored in waiting) >= MOST_BYTES
    return now if is_full else None


async def _apply(store: Store, translated: Translated, *, now: datetime) -> None:
    async with store.write() as memory:
        touched = await memory.presence.record(translated.events, now=now, records=translated.records)
        await memory.deliveries.settle(translated.settled, at=now)
    log.info(
        "deliveries_applied",
        count=len(translated.settled),
        events=len(translated.events),
        records=len(translated.records),
        lessons=len(touched),
    )


async def _apply_alone(
    store: Store, stored: StoredDelivery, connectors: Mapping[str, PlatformConnector], *, now: datetime
) -> Outcomes:
    """After a failure of many at once: what the database refuses of this one alone is kept as unreadable.

    A database that is locked or away refuses nothing: the delivery goes on waiting, and the tick is tried again.
    """
    try:
        translated = await _translate([stored], connectors)
        await _apply(store, translated, now=now)
    except Exception as problem:
        if isinstance(problem, StorageError) and problem.is_passing:
            raise
        log.exception("delivery_refused", delivery=stored.id, platform=stored.platform)
        translated = Translated(settled=[_unforeseen(stored, problem)])
        async with store.write() as memory:
            await memory.deliveries.settle(translated.settled, at=now)
    return translated.outcomes([stored])


async def _translate(waiting: Sequence[StoredDelivery], connectors: Mapping[str, PlatformConnector]) -> Translated:
    if sum(len(stored.body) for stored in waiting) > LARGE:
        return await asyncio.to_thread(translate, waiting, connectors)
    return translate(waiting, connectors)


def translate(waiting: Sequence[StoredDelivery], connectors: Mapping[str, PlatformConnector]) -> Translated:
    """Normalise each delivery; one that cannot be read is kept as such and stops no other."""
    translated = Translated()
    for stored in waiting:
        try:
            facts = _connector(stored, connectors).normalise(_delivery(stored))
        except (UnreadableDelivery, UnknownPlatform) as problem:
            log.warning("delivery_unreadable", delivery=stored.id, platform=stored.platform)
            translated.settled.append(_unreadable(stored, problem))
            continue
        except Exception as problem:  # as the tick runner does, per item
            log.exception("delivery_unreadable", delivery=stored.id, platform=stored.platform)
            translated.settled.append(_unforeseen(stored, problem))
            continue
        state = DeliveryState.APPLIED if facts else DeliveryState.IGNORED
        translated.settled.append(Settled(id=stored.id, state=state, error=""))
        for fact in facts:
            if isinstance(fact, PlatformRecord):
                translated.records.append((stored.account_id, fact))
            else:
                translated.events.append((stored.account_id, stored.id, fact))
    return translated


def _connector(stored: StoredDelivery, connectors: Mapping[str, PlatformConnector]) -> PlatformConnector:
    try:
        return connectors[stored.platform]
    except KeyError:
        raise UnknownPlatform from None


def _unreadable(stored: StoredDelivery, problem: Exception) -> Settled:
    return Settled(id=stored.id, state=DeliveryState.UNREADABLE, error=str(problem))


def _unforeseen(stored: StoredDelivery, problem: Exception) -> Settled:
    """Named by its kind alone: the words of such an error may quote what was told."""
    return _unreadable(stored, UnreadableDelivery(f"{type(problem).__name__}: could not be applied"))


def _delivery(stored: StoredDelivery) -> Delivery:
    return Delivery(
        account=stored.account_id,
        route=stored.route,
        headers=stored.headers,
        body=stored.body,
        received_at=stored.received_at,
    )
