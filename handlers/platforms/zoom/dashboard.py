"""Zoom's dashboard: which meetings of the account run now, and who is in. Only Business plans and higher have it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote

from bot.attendance.inside import Inside
from bot.connectors import AskedRoom
from bot.errors import BotError
from bot.payloads import text
from handlers.platforms.zoom.replies import WAITING, RunningMeeting, RunningRow, moment

#: The list wants dates, also of what runs now: in every zone of the earth it is one of these days.
A_DAY = timedelta(days=1)


class Rows(Protocol):
    """All rows of a list; `what` is done, as a person reads it."""

    async def __call__(self, what: str, path: str, shape: type[Any], **query: str) -> list[Any]: ...


class Dashboard:
    """One account's, read by way of its client's lists; it raises as these do."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def inside(self, rooms: Sequence[AskedRoom], *, now: datetime) -> Mapping[str, Inside]:
        """Who is in each of the rooms: one list of all that runs, and nothing more where that says enough.

        A session that began in the time that is asked about was come to in it; of an older one the participants say
        when the last of them came.
        """
        found = {each.room: Inside(people=0) for each in rooms}
        starts = {each.room: each.start for each in rooms}
        for meeting in await self._running(now):
            room, began_at, count = text(meeting.id), moment(meeting.start_time), text(meeting.participants)
            if room not in found:
                continue
            is_new = began_at is not None and began_at >= starts[room]
            if is_new and count.isdecimal():
                found[room] = Inside(people=int(count), came_at=began_at)
            else:
                found[room] = await self._participants(room, counted=int(count) if count.isdecimal() else 0)
        return found

    async def _running(self, now: datetime) -> list[RunningMeeting]:
        days = {"from": (now - A_DAY).date().isoformat(), "to": (now + A_DAY).date().isoformat()}
        return await self._rows("list the meetings that run", "/metrics/meetings", RunningMeeting, type="live", **days)

    async def _participants(self, room: str, *, counted: int) -> Inside:
        """Who is in and not waiting; where that cannot be read, what the list has counted."""
        path = f"/metrics/meetings/{quote(room, safe='')}/participants"
        try:
            rows = await self._rows("see who is in a meeting", path, RunningRow, type="live")
        except BotError:
            return Inside(people=counted)
        here = [row for row in rows if not text(row.leave_time) and text(row.status).lower() != WAITING]
        came = [at for row in here if (at := moment(row.join_time)) is not None]
        return Inside(people=len(here), came_at=max(came, default=None))
