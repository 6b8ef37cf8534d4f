"""From news of our own sockets to facts. Nobody outside can tell any: nothing that comes by HTTP is trusted."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.connectors import Delivery
from bot.errors import UnreadableDelivery, UntrustedDelivery
from bot.payloads import believed, identifier, read_as, required
from bot.text import clean_text
from handlers.platforms.signaling.news import MAX_BODY, News

#: what somebody's socket tells, and what it tells of the room if it is the first or was the last
MEANINGS = {
    "joined": (EventKind.JOINED, EventKind.SESSION_STARTED),
    "left": (EventKind.LEFT, EventKind.SESSION_ENDED),
}


class SignalingConnector:
    """Translates what `handlers/signaling` keeps; the README beside this file says what it may be relied on for."""

    name = "signaling"
    max_body = MAX_BODY
    routes: Mapping[str, int] = MappingProxyType({})
    kept_headers: frozenset[str] = frozenset()

    def verify(self, delivery: Delivery, *, secrets: Sequence[str]) -> None:  # noqa: ARG002 - whatever they send
        """Our own sockets are not heard over HTTP, so whoever sends this is somebody else."""
        raise UntrustedDelivery

    def reply_to_handshake(self, delivery: Delivery, *, secrets: Sequence[str]) -> bytes | None:  # noqa: ARG002 - asks none
        return None

    def delivery_key(self, delivery: Delivery) -> str:
        """The socket, which opens once and is closed once; where it cannot be read, a digest of the body."""
        try:
            news = read_as(delivery.body, News)
        except UnreadableDelivery:
            return "~" + hashlib.blake2b(delivery.body, digest_size=16).hexdigest()
        return f"{news.connection}-{news.event}"

    def redact(self, delivery: Delivery) -> bytes:
        """As it came: it was written with no more than is needed."""
        return delivery.body

    def normalise(self, delivery: Delivery) -> Sequence[PresenceEvent]:
        news = read_as(delivery.body, News)
        if news.event not in MEANINGS:
            raise UnreadableDelivery("event is none that we know.")
        of_person, of_room = MEANINGS[news.event]
        event = _event(news, of_person, received_at=delivery.received_at)
        if not news.alone:
            return (event,)
        about_room = PresenceEvent(
            kind=of_room,
            room=event.room,
            session=event.session,
            occurred_at=event.occurred_at,
            received_at=event.received_at,
            session_started_at=event.occurred_at if of_room is EventKind.SESSION_STARTED else None,
            is_time_assumed=event.is_time_assumed,
        )
        return (event, about_room)

    def reply(self, delivery: Delivery) -> bytes:  # noqa: ARG002 - nobody asks
        return b""


def _event(news: News, kind: EventKind, *, received_at: datetime) -> PresenceEvent:
    return PresenceEvent(
        kind=kind,
        room=required(news.room, "room"),
        session=required(news.session, "session"),
        occurred_at=believed(news.at if news.at.tzinfo else None, "at", received_at=received_at),
        received_at=received_at,
        connection=required(news.connection, "connection"),
        handle=Handle(
            name=clean_text(news.who.name),
            email=news.who.email,
            external_id=identifier(news.who.id, "who.id"),
            is_host=news.who.teaches,
        ),
        lost=news.lost,
        is_time_assumed=news.assumed,
    )
