"""A session of 100ms as a row of its export: the numbers are those of its analytics. Pure.

The columns are those of 100ms's guide *Build attendance*, "Using data export".
"""

from datetime import datetime

from bot.reports.session_export import ExportedSession
from handlers.platforms.hundredms.analytics import session_analytics
from handlers.platforms.hundredms.replies import Session


def exported(session: Session, *, now: datetime) -> ExportedSession:
    """What runs counts up to `now`. Of recordings 100ms's sessions say nothing, so nothing is claimed."""
    numbers = session_analytics(session, now=now)
    return ExportedSession(
        session_id=session.id,
        room_id=session.room_id,
        created_at=session.created_at,
        total_peers=sum(peer.joined_at is not None for peer in session.peers),
        participant_duration=_hundredths(numbers["total_peer_duration"]),
        session_duration=_hundredths(numbers["session_duration"]),
    )


def _hundredths(decimals: str) -> int:
    """`4.79` without a detour over binary fractions."""
    return int(decimals.replace(".", ""))
