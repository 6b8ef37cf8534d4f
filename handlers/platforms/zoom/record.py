"""Zoom's list of participants as the platform's own record: every row is a stay of one connection in one room.

A move between rooms ends a row and begins another in the same second, and two devices are two rows at once; the rules
make of them what they make of webhooks.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.attendance.events import Handle
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.payloads import is_believable, text
from bot.text import clean_text
from handlers.platforms.zoom.fields import email_of
from handlers.platforms.zoom.redaction import shortened
from handlers.platforms.zoom.replies import WAITING, PastMeeting, ReportRow, identified, moment

SOURCE = "zoom_report"

#: who dials in is called by their number; no row says so otherwise
_TELEPHONE = re.compile(r"\+?[\d\s().*-]{7,24}")


def record_of(rows: Sequence[ReportRow], meeting: PastMeeting, *, now: datetime) -> PlatformRecord | None:
    """The record; None where nobody was in for any time, which is no record yet."""
    ended_at = _believable(meeting.ended_at, now)
    found = _stays(rows, host_id=meeting.host_id, ended_at=ended_at, now=now)
    stays = sorted(found, key=lambda stay: (stay.joined_at, stay.number))
    if all(stay.is_waiting for stay in stays):
        return None
    first_in, last_out = stays[0].joined_at, max(stay.left_at or now for stay in stays)
    return PlatformRecord(
        room=meeting.room,
        session=meeting.uuid,
        source=SOURCE,
        received_at=now,
        started_at=min(_believable(meeting.started_at, now) or first_in, first_in),
        ended_at=None if any(stay.left_at is None for stay in stays) else max(ended_at or last_out, last_out),
        stays=tuple(stays),
        is_whole=False,
    )


def _stays(
    rows: Iterable[ReportRow], *, host_id: str, ended_at: datetime | None, now: datetime
) -> Iterable[RecordedStay]:
    """Who has no end was in until the session's; where that is not known either, they still are."""
    for row in rows:
        joined_at = _believable(moment(row.join_time), now)
        left_at = _believable(moment(row.leave_time), now) or ended_at
        if joined_at is None or (left_at is not None and left_at <= joined_at):
            continue
        yield RecordedStay(
            handle=_handle(row, host_id=host_id),
            joined_at=joined_at,
            left_at=left_at,
            number=identified(row.user_id),
            is_waiting=text(row.status).lower() == WAITING,
        )


def _handle(row: ReportRow, *, host_id: str) -> Handle:
    """As in webhooks, the host is who has the host's account."""
    name = clean_text(text(row.name))
    account, in_meeting = identified(row.id), identified(row.participant_user_id)
    return Handle(
        name=shortened(name) if _TELEPHONE.fullmatch(name) else name,
        email=email_of(row.user_email),
        user_id=account or in_meeting,
        registrant_id=identified(row.registrant_id),
        external_id=identified(row.customer_key),
        is_host=host_id != "" and host_id in {account, in_meeting},
    )


def _believable(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and is_believable(moment, now) else None
