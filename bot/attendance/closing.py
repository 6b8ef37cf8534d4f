"""Both ends of a stay, and the one that is assumed where an event is missing (attendance-rules, section 1)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.attendance.intervals import union
from bot.attendance.lessons import WINDOW_AFTER, Interval
from bot.attendance.scene import Scene
from bot.attendance.timeline import ConnectionKey, RawStay


class ClosedStay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One stay of one connection with both ends; `left_at` is `now` while it is open."""

    connection: ConnectionKey
    interval: Interval
    is_open: bool
    is_start_assumed: bool
    is_end_assumed: bool
    #: the parts that no event of the connection vouches for
    assumed: tuple[Interval, ...]
    lost: bool
    #: the most that were in at once
    devices: int = 1


def close(scene: Scene, raw: RawStay, own: Sequence[datetime], left: Sequence[datetime]) -> ClosedStay | None:
    """Give a stay both ends; None if it has no length. Who came just now is in, though for no time yet."""
    start = raw.joined_at or _assumed_start(scene, raw, left)
    end, is_open = raw.left_at, False
    if end is None:
        end, is_open = _assumed_end(scene, raw)
    if start >= end and not is_open:
        return None
    end = max(start, end)
    is_end_assumed = not is_open and (raw.left_at is None or raw.unsure_since is not None)
    assumed: list[Interval] = []
    if raw.unsure_since is not None:
        assumed.append(Interval(max(start, min(raw.unsure_since, end)), end))
    if raw.is_start_assumed:
        following = bisect_right(own, start)
        assumed.append(Interval(start, min(own[following], end) if following < len(own) else end))
    if is_end_assumed and raw.left_at is None:
        assumed.append(Interval(max(start, min(raw.heard_at or start, end)), end))
    return ClosedStay(
        connection=raw.connection,
        interval=Interval(start, end),
        is_open=is_open,
        is_start_assumed=raw.is_start_assumed,
        is_end_assumed=is_end_assumed,
        assumed=tuple(union(assumed)),
        lost=raw.lost,
        devices=raw.devices,
    )


def as_told(connection: ConnectionKey, interval: Interval, *, lost: bool) -> ClosedStay:
    """A stay both ends of which were told, and nothing speaks against them."""
    return ClosedStay(
        connection=connection,
        interval=interval,
        is_open=False,
        is_start_assumed=False,
        is_end_assumed=False,
        assumed=(),
        lost=lost,
    )


def _assumed_start(scene: Scene, raw: RawStay, left: Sequence[datetime]) -> datetime:
    """The latest instant at which somebody who was never told as joined can have come."""
    ended = raw.left_at or scene.now
    candidates = [scene.session_start(raw.connection[0])]
    earlier = bisect_left(left, ended)
    if earlier:
        candidates.append(left[earlier - 1])
    candidates += [each for each in (raw.admitted_at, raw.out_since) if each is not None]
    return max(candidates)


def _assumed_end(scene: Scene, raw: RawStay) -> tuple[datetime, bool]:
    """Where a stay without a *left* ends, and whether it is still open.

    While the lesson runs, who came for an earlier one of the room is taken for present until the window of that one is
    over: nobody is called missing because nothing was heard of them since. The cap is for the sheet.
    """
    cap, end = scene.cap(raw.heard_at or scene.now), scene.session_end(raw.connection[0])
    if scene.is_live and (cap is None or (end or scene.now) <= cap + WINDOW_AFTER):
        return end or scene.now, end is None
    end = end or scene.facts.lesson.planned_end
    return (min(end, cap) if cap is not None else end), False


def doubt(scene: Scene, raw: RawStay) -> list[Interval]:
    """What the cap took off a stay that was open while the lesson ran: whether they were there then is not known."""
    if scene.is_live or raw.left_at is not None:
        return []
    cap = scene.cap(raw.heard_at or scene.now)
    if cap is None:
        return []
    end = min(scene.session_end(raw.connection[0]) or scene.facts.lesson.planned_end, cap + WINDOW_AFTER)
    return [Interval(cap, end)] if cap < end else []
