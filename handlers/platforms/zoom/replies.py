"""What Zoom's REST API answers, read carefully: shapes, and the plain values made of them.

As in webhooks, null, "" and nothing at all are the same, and what cannot be read of one row costs no other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import msgspec

from bot.errors import UnreadableDelivery
from bot.payloads import Scalar, identifier, instant, read_as, text

Number = Scalar | float
Row = TypeVar("Row")

#: of `status`
WAITING = "in_waiting_room"


class Token(msgspec.Struct, gc=False):
    """Of the OAuth endpoint."""

    access_token: Scalar = None
    expires_in: Number = None


class Page(msgspec.Struct, gc=False):
    """Any list; each fills the one field that it is called by."""

    next_page_token: Scalar = None
    participants: list[msgspec.Raw] | None = None
    registrants: list[msgspec.Raw] | None = None
    meetings: list[msgspec.Raw] | None = None

    @property
    def rows(self) -> Sequence[msgspec.Raw]:
        return self.participants or self.registrants or self.meetings or ()


class ReportRow(msgspec.Struct, gc=False):
    """A row of `…/participants`, of a past meeting and of its report: a connection in one room.

    `registrant_id` only where it was asked for; the report alone has `customer_key` and `participant_user_id`.
    """

    id: Scalar = None
    user_id: Scalar = None
    participant_user_id: Scalar = None
    registrant_id: Scalar = None
    customer_key: Scalar = None
    name: Scalar = None
    user_email: Scalar = None
    join_time: Scalar = None
    leave_time: Scalar = None
    status: Scalar = None


class RunningMeeting(msgspec.Struct, gc=False):
    """A row of `GET /metrics/meetings?type=live`; `participants` is how many are in."""

    id: Scalar = None
    start_time: Scalar = None
    participants: Scalar = None


class RunningRow(msgspec.Struct, gc=False):
    """A row of `GET /metrics/meetings/{id}/participants?type=live`: a connection in one room, also one that left."""

    join_time: Scalar = None
    leave_time: Scalar = None
    status: Scalar = None


class WrittenInstance(msgspec.Struct, gc=False):
    """One run of a meeting."""

    uuid: Scalar = None
    start_time: Scalar = None


class Instances(msgspec.Struct, gc=False):
    """`GET /past_meetings/{id}/instances`; one that runs is not among them."""

    meetings: list[WrittenInstance] | None = None


class WrittenPastMeeting(msgspec.Struct, gc=False):
    """`GET /past_meetings/{uuid}`, and `GET /report/meetings/{uuid}`, which names no host."""

    id: Scalar = None
    uuid: Scalar = None
    start_time: Scalar = None
    end_time: Scalar = None
    host_id: Scalar = None


class MeetingSettings(msgspec.Struct, gc=False):
    """`settings` of a meeting."""

    approval_type: Scalar = None


class WrittenMeeting(msgspec.Struct, gc=False):
    """`GET /meetings/{id}`."""

    id: Scalar = None
    join_url: Scalar = None
    settings: MeetingSettings | None = None


class WrittenRegistrant(msgspec.Struct, gc=False):
    """A registration as it is answered (`registrant_id`) or listed (`id`)."""

    registrant_id: Scalar = None
    id: Scalar = None
    email: Scalar = None
    join_url: Scalar = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMeeting:
    """One session that is over."""

    room: str
    uuid: str
    #: None where Zoom says none
    started_at: datetime | None
    ended_at: datetime | None
    #: the host's account; empty where Zoom does not say
    host_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A standing room."""

    room: str
    join_url: str = field(repr=False)
    #: whether people can be registered, and so get links of their own
    takes_registrants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """One person's registration for one meeting; the link is theirs alone."""

    registrant_id: str
    #: lower case; empty where Zoom does not repeat it
    email: str = field(repr=False)
    join_url: str = field(repr=False)


def rows_of(written: Iterable[msgspec.Raw], shape: type[Row]) -> list[Row]:
    """Those that have the shape."""
    rows = []
    for raw in written:
        try:
            rows.append(read_as(bytes(raw), shape))
        except UnreadableDelivery:
            continue
    return rows


def past_meeting_of(found: WrittenPastMeeting, *, room: str, uuid: str) -> PastMeeting:
    """`room` and `uuid` are those that were asked for, where Zoom does not repeat them."""
    return PastMeeting(
        room=text(found.id) or room,
        uuid=text(found.uuid) or uuid,
        started_at=moment(found.start_time),
        ended_at=moment(found.end_time),
        host_id=identified(found.host_id),
    )


def meeting_of(found: WrittenMeeting, *, room: str) -> Meeting:
    """Registrations are approved by Zoom (0) or by the host (1); 2 is none, and so is what nobody says."""
    approval = text(found.settings.approval_type) if found.settings else ""
    return Meeting(room=text(found.id) or room, join_url=text(found.join_url), takes_registrants=approval in {"0", "1"})


def registered(found: WrittenRegistrant, *, email: str = "") -> Registrant | None:
    """The answer to a registration, whose `id` is the meeting's; None without a link, which waits for the host."""
    return _registrant(text(found.registrant_id), text(found.email) or email, text(found.join_url))


def registrant_listed(found: WrittenRegistrant) -> Registrant | None:
    """One of a list, whose `id` is its own; None without a link."""
    return _registrant(text(found.registrant_id) or text(found.id), text(found.email), text(found.join_url))


def _registrant(registrant_id: str, email: str, join_url: str) -> Registrant | None:
    if not (registrant_id and join_url):
        return None
    return Registrant(registrant_id=registrant_id, email=email.lower(), join_url=join_url)


def moment(value: Scalar) -> datetime | None:
    """The time, if it is one."""
    try:
        return instant(value, "time")
    except UnreadableDelivery:
        return None


def identified(value: Scalar) -> str:
    """The id, if it can be one."""
    try:
        return identifier(value, "id")
    except UnreadableDelivery:
        return ""
