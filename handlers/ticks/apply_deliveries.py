"""From kept deliveries to presence events: read what waits, translate, record. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.attendance.events import PresenceEvent
from bot.connectors import Delivery, PlatformConnector
from bot.errors import UnreadableDelivery
from storage.database import Store
from storage.deliveries import DeliveryState, Settled, StoredDelivery

#: Deliveries taken in one go.
CHUNK = 500

log = structlog.get_logger()


@dataclass(slots=True)
class Translated:
    """What a chunk of deliveries said: (account, delivery, event), and what became of each delivery."""

    events: list[tuple[str, int | None, PresenceEvent]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)


async def tick(store: Store, connectors: Mapping[str, PlatformConnector], *, now: datetime) -> datetime | None:
    """Apply everything that waits; the returned moment is `now` while there is more."""
    async with store.read() as memory:
        waiting = await memory.deliveries.waiting(limit=CHUNK)
    if not waiting:
        return None
    translated = translate(waiting, connectors)
    async with store.write() as memory:
        touched = await memory.presence.record(translated.events, now=now)
        await memory.deliveries.settle(translated.settled, at=now)
    log.info("deliveries_applied", count=len(waiting), events=len(translated.events), lessons=len(touched))
    return now if len(waiting) == CHUNK else None


def translate(waiting: Sequence[StoredDelivery], connectors: Mapping[str, PlatformConnector]) -> Translated:
    """Normalise each delivery; one that cannot be read is kept as such and stops no other."""
    translated = Translated()
    for stored in waiting:
        try:
            events = connectors[stored.platform].normalise(_delivery(stored))
        except UnreadableDelivery as problem:
            log.warning("delivery_unreadable", delivery=stored.id, platform=stored.platform)
            translated.settled.append(Settled(id=stored.id, state=DeliveryState.UNREADABLE, error=str(problem)))
            continue
        state = DeliveryState.APPLIED if events else DeliveryState.IGNORED
        translated.settled.append(Settled(id=stored.id, state=state, error=""))
        translated.events.extend((stored.account_id, stored.id, event) for event in events)
    return translated


def _delivery(stored: StoredDelivery) -> Delivery:
    return Delivery(
        account=stored.account_id,
        route=stored.route,
        headers=stored.headers,
        body=stored.body,
        received_at=stored.received_at,
    )
