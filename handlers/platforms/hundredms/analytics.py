"""How long somebody was in a session of 100ms, in minutes: the numbers of its guide *Build attendance*. Pure.

Each time somebody joins is rounded to two decimals by itself, halves up, and only then added, as the guide does; so
its example is 2.42 and 2.37 and together 4.79. Unlike there, a second device that was in at the same time adds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bot.errors import PlatformUnavailable, UnreadableDelivery
from bot.payloads import Scalar, instant, text

#: Go's zero time stands where 100ms knows none.
_EARLIEST = 1970
_MILLISECOND = timedelta(milliseconds=1)


class _Peer(msgspec.Struct, gc=False):
    id: Scalar = None
    name: Scalar = None
    user_id: Scalar = None
    joined_at: Scalar = None
    left_at: Scalar = None


class _Session(msgspec.Struct, gc=False):
    active: bool | None = None
    created_at: Scalar = None
    updated_at: Scalar = None
    peers: dict[str, _Peer] | None = None


@dataclass(frozen=True, slots=True)
class _Time:
    """One peer of somebody, in milliseconds of the epoch."""

    joined: int
    left: int
    name: str


def session_analytics(session: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """What `/session-analytics-by-room` answers about a session as 100ms gives it.

    Who is still in, and a session that runs, count up to `now`. Who has no `user_id` is an entry for each `peer_id`.
    Raises `PlatformUnavailable` for what cannot be read.
    """
    try:
        read = msgspec.convert(session, _Session)
        began = _milliseconds(read.created_at, "created_at")
        ended = _milliseconds(read.updated_at, "updated_at")
        until = _of(now) if read.active or ended is None else ended
        users = _users((read.peers or {}).items(), until=until)
    except (msgspec.ValidationError, UnreadableDelivery) as problem:
        raise PlatformUnavailable(f"100ms gave a session that cannot be read: {problem}") from None
    durations = [_hundredths_of(times) for _, times in users]
    listed = [
        {"name": max(times, key=lambda time: time.joined).name, **who, "duration": hundredths / 100}
        for (who, times), hundredths in zip(users, durations, strict=True)
    ]
    return {
        "user_duration_list": listed,
        "session_duration": _decimals(0 if began is None else _hundredths(until - began)),
        "total_peer_duration": _decimals(sum(durations)),
    }


def newest(sessions: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The session that began last, in whatever order 100ms lists them; None of none."""
    return max(sessions, key=_began, default=None)


def _began(session: Mapping[str, Any]) -> int:
    try:
        return _milliseconds(session.get("created_at"), "created_at") or 0
    except UnreadableDelivery:
        return 0


def _users(peers: Iterable[tuple[str, _Peer]], *, until: int) -> list[tuple[dict[str, str | None], list[_Time]]]:
    """Who was there, each with all their peers, in the order in which 100ms names them."""
    users: dict[tuple[str, str], tuple[dict[str, str | None], list[_Time]]] = {}
    for key, peer in peers:
        joined = _milliseconds(peer.joined_at, "joined_at")
        if joined is None:
            continue  # never came in
        left = _milliseconds(peer.left_at, "left_at")
        user_id, peer_id = text(peer.user_id), text(peer.id) or key
        who: dict[str, str | None] = {"user_id": user_id} if user_id else {"user_id": None, "peer_id": peer_id}
        _, times = users.setdefault(("user", user_id) if user_id else ("peer", peer_id), (who, []))
        times.append(_Time(joined, max(joined, until if left is None else left), text(peer.name)))
    return list(users.values())


def _hundredths_of(times: Sequence[_Time]) -> int:
    """Hundredths of a minute: peers that overlap are one time, those after one another are rounded each by itself."""
    merged: list[tuple[int, int]] = []
    for time in sorted(times, key=lambda each: each.joined):
        if merged and time.joined < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], time.left))
        else:
            merged.append((time.joined, time.left))
    return sum(_hundredths(left - joined) for joined, left in merged)


def _hundredths(milliseconds: int) -> int:
    return max(0, (milliseconds + 300) // 600)


def _decimals(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _milliseconds(value: Scalar, place: str) -> int | None:
    """Of the epoch; finer digits are cut off, as the guide's library does."""
    moment = instant(value, place)
    return None if moment is None or moment.year < _EARLIEST else _of(moment)


def _of(moment: datetime) -> int:
    epoch = datetime(_EARLIEST, 1, 1, tzinfo=moment.tzinfo)
    return (moment - epoch) // _MILLISECOND
