"""The data pushed after a meeting, as the platform's own record of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.attendance.events import Handle
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.errors import UnreadableDelivery
from bot.payloads import identifier, missing, read_as, text
from handlers.platforms.vcaas.beside import asked_in, devices_of, given_in, recordings_of
from handlers.platforms.vcaas.fields import believable, room_and_session
from handlers.platforms.vcaas.shapes import Attendee, MeetingData

SOURCE = "vcaas_data"

JOINED, LEFT, DROPPED = "AttendeeJoined", "AttendeeLeft", "AttendeeDropped"


@dataclass(slots=True)
class _Visits:
    """Everything that the push says of one person, on whatever devices."""

    #: (instant, whether they left, whether the connection was lost): who comes and goes in one instant comes first
    moves: set[tuple[datetime, bool, bool]] = field(default_factory=set)
    first_in: datetime | None = None
    last_out: datetime | None = None

    @property
    def has_times(self) -> bool:
        return bool(self.moves or self.first_in or self.last_out)


def record_of(body: bytes, *, received_at: datetime) -> PlatformRecord | None:
    """The record; None where nobody was in for any time, which is no record yet. Raises `UnreadableDelivery`."""
    pushed = read_as(body, MeetingData)
    if pushed.meeting_data is None:
        raise missing("meetingData")
    room, session = room_and_session(pushed.meeting_data, "meetingData.")
    started_at = believable(pushed.meeting_data.start_time, received_at=received_at)
    ended_at = believable(pushed.meeting_data.end_time, received_at=received_at)
    visits = _by_person(pushed.attendee_datas or (), received_at=received_at)
    stays = [
        stay for who, visit in visits.items() for stay in _stays(who, visit, started_at=started_at, ended_at=ended_at)
    ]
    if visits and not any(visit.has_times for visit in visits.values()):
        raise UnreadableDelivery("attendeeDatas has no time that can be one.")
    if not stays:
        return None
    stays.sort(key=lambda stay: (stay.joined_at, stay.handle.external_id))
    return PlatformRecord(
        room=room,
        session=session,
        source=SOURCE,
        received_at=received_at,
        started_at=started_at or stays[0].joined_at,
        ended_at=ended_at or max(stay.left_at for stay in stays if stay.left_at is not None),
        stays=tuple(stays),
        recordings=recordings_of(pushed),
        devices=devices_of(pushed.attendee_datas or ()),
        asked=asked_in(pushed),
        given=given_in(pushed),
    )


def _by_person(attendees: Sequence[Attendee], *, received_at: datetime) -> dict[str, _Visits]:
    """By external id; whom the school gave none is nobody that we could find."""
    found: dict[str, _Visits] = defaultdict(_Visits)
    for attendee in attendees:
        who = identifier(attendee.external_id, "attendeeDatas[...].externalId")
        if not who:
            continue
        visits = found[who]
        came, went = (believable(each, received_at=received_at) for each in (attendee.time_in, attendee.time_out))
        visits.first_in = min(filter(None, (visits.first_in, came)), default=None)
        visits.last_out = max(filter(None, (visits.last_out, went)), default=None)
        for detail in attendee.details or ():
            at, kind = believable(detail.timestamp, received_at=received_at), text(detail.type)
            if at is not None and kind in {JOINED, LEFT, DROPPED}:
                visits.moves.add((at, kind != JOINED, kind == DROPPED))
    return found


def _stays(
    who: str, visits: _Visits, *, started_at: datetime | None, ended_at: datetime | None
) -> Iterable[RecordedStay]:
    """When somebody was in: while more had joined than left. Without details, from the first entry to the last exit."""
    handle = Handle(external_id=who)
    for start, end, lost in _counted(visits, visits.first_in or started_at, visits.last_out or ended_at):
        if start < end:
            yield RecordedStay(handle=handle, joined_at=start, left_at=end, lost=lost)


def _counted(
    visits: _Visits, first_in: datetime | None, last_out: datetime | None
) -> list[tuple[datetime, datetime, bool]]:
    stays: list[tuple[datetime, datetime, bool]] = []
    since, devices, most = first_in, 0, 0
    for at, has_left, lost in sorted(visits.moves):
        if not has_left:
            since = at if devices == 0 else since
            devices += 1
            most = devices if devices == 1 else max(most, devices)
        elif devices:
            devices -= 1
            if devices == 0 and since is not None:
                stays.append((since, at, lost))
        elif not stays and since is not None:  # they were in before anything was written down
            stays.append((since, at, lost))
        elif stays and most > 1:  # one of several devices was lost and then left: another was in until now
            stays[-1] = (stays[-1][0], at, lost)
    if (devices or not visits.moves) and since is not None and last_out is not None:
        stays.append((since, last_out, False))
    return stays
