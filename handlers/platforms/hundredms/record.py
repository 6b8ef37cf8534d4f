"""A session of 100ms's REST API as the platform's own record: every device a stay, told apart by its peer id."""

from collections.abc import Iterable
from datetime import datetime

from bot.attendance.events import Handle
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.payloads import is_believable
from bot.text import clean_text
from handlers.platforms.hundredms.connector import HOST_ROLES, RECORDER_ROLE
from handlers.platforms.hundredms.replies import Peer, Session

SOURCE = "100ms_session"


def record_of(session: Session, *, room: str, now: datetime) -> PlatformRecord | None:
    """The record; None where nobody was in for any time, which is no record yet."""
    ended_at = None if session.is_active else _believable(session.updated_at, now)
    stays = tuple(_stays(session.peers, is_active=session.is_active, ended_at=ended_at, now=now))
    if not stays:
        return None
    first_in, last_out = min(stay.joined_at for stay in stays), max(stay.left_at or now for stay in stays)
    return PlatformRecord(
        room=session.room_id or room,
        session=session.id,
        source=SOURCE,
        received_at=now,
        started_at=min(_believable(session.created_at, now) or first_in, first_in),
        ended_at=None if session.is_active else max(ended_at or last_out, last_out),
        stays=stays,
        is_whole=False,
    )


def _stays(
    peers: Iterable[Peer], *, is_active: bool, ended_at: datetime | None, now: datetime
) -> Iterable[RecordedStay]:
    """Who has no end was in until the session's, or still is; without either, nobody knows for how long."""
    for peer in peers:
        joined_at = _believable(peer.joined_at, now)
        left_at = _believable(peer.left_at, now) or ended_at
        if joined_at is None or peer.role == RECORDER_ROLE or (left_at is None and not is_active):
            continue
        if left_at is None or joined_at < left_at:
            role = clean_text(peer.role).lower()
            handle = Handle(name=clean_text(peer.name), external_id=peer.user_id, role=role, is_host=role in HOST_ROLES)
            yield RecordedStay(handle=handle, joined_at=joined_at, left_at=left_at, connection=peer.id)


def _believable(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and is_believable(moment, now) else None
