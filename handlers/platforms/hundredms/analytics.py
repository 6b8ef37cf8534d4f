"""How long somebody was in a session of 100ms, in minutes: the numbers of its guide *Build attendance*. Pure.

Each time somebody joins is rounded to two decimals by itself, halves up, and only then added, as the guide does; so
its example is 2.42 and 2.37 and together 4.79. Unlike there, a second device that was in at the same time adds nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.platforms.hundredms.replies import Peer, Session

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class _Time:
    """One peer's time in the session, in milliseconds of the epoch."""

    joined: int
    left: int


def session_analytics(session: Session, *, now: datetime) -> dict[str, Any]:
    """What `/session-analytics-by-room` answers about a session.

    Who is still in, and a session that runs, count up to `now`. Who has no `user_id` is an entry for each `peer_id`.
    """
    until = _milliseconds(now if session.is_active or session.updated_at is None else session.updated_at)
    users = _by_user(session.peers)
    durations = [_hundredths_of([_time(peer, until) for peer in peers]) for peers in users]
    listed = [
        {"name": peers[-1].name, **_who(peers[-1]), "duration": hundredths / 100}
        for peers, hundredths in zip(users, durations, strict=True)
    ]
    began = until if session.created_at is None else _milliseconds(session.created_at)
    return {
        "user_duration_list": listed,
        "session_duration": _decimals(_hundredths(until - began)),
        "total_peer_duration": _decimals(sum(durations)),
    }


def newest(sessions: Iterable[Session]) -> Session | None:
    """The session that began last, in whatever order 100ms lists them; None of none."""
    return max(sessions, key=lambda session: session.created_at or _EPOCH, default=None)


def _by_user(peers: Iterable[Peer]) -> list[list[Peer]]:
    """Who was in, each with all their peers in the order of joining."""
    users: dict[tuple[str, str], list[Peer]] = {}
    for peer in peers:
        if peer.joined_at is not None:
            users.setdefault((peer.user_id, "" if peer.user_id else peer.id), []).append(peer)
    return list(users.values())


def _who(peer: Peer) -> dict[str, str | None]:
    return {"user_id": peer.user_id} if peer.user_id else {"user_id": None, "peer_id": peer.id}


def _time(peer: Peer, until: int) -> _Time:
    assert peer.joined_at is not None
    joined = _milliseconds(peer.joined_at)
    return _Time(joined, until if peer.left_at is None else _milliseconds(peer.left_at))


def _hundredths_of(times: Sequence[_Time]) -> int:
    """Hundredths of a minute: peers that overlap are one time, those after one another are rounded each by itself."""
    merged: list[tuple[int, int]] = []
    for time in times:
        if merged and time.joined < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], time.left))
        else:
            merged.append((time.joined, time.left))
    return sum(_hundredths(left - joined) for joined, left in merged)


def _hundredths(milliseconds: int) -> int:
    return max(0, (milliseconds + 300) // 600)


def _decimals(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _milliseconds(moment: datetime) -> int:
    """Of the epoch; finer digits are cut off, as the guide's library does."""
    return (moment - _EPOCH) // _MILLISECOND
