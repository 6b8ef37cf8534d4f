"""What one VCaaS room tells the outside: the meeting that runs, its callbacks, and its data when it is over."""

import random
from datetime import datetime, timedelta

from sandbox.classroom import vcaas_events as events
from sandbox.classroom.deliveries import Deliveries
from sandbox.classroom.participant import Participant
from sandbox.classroom.vcaas_deliveries import MEETING_DATA
from sandbox.classroom.vcaas_events import JOINED, LEFT, STUDENT, TEACHER, WAITING, Attendee, Kind, Meeting
from sandbox.clock import Clock

PUSHED_AFTER = timedelta(minutes=5)
END_IS_TOLD_AFTER = timedelta(seconds=1)
AFTER_THE_END = END_IS_TOLD_AFTER + timedelta(seconds=2.5)
RECORDS_AFTER = timedelta(seconds=2)


class VcaasFeed:
    """Turns what happens in a room into deliveries; what makes sense to happen is the classroom's business."""

    def __init__(
        self, room_id: str, host: Participant, *, minutes: int, deliveries: Deliveries, clock: Clock, rng: random.Random
    ) -> None:
        self._room_id = room_id
        self._host = host
        self._minutes = minutes
        self._deliveries = deliveries
        self._clock = clock
        self._rng = rng
        self.meeting: Meeting | None = None

    def changed(self) -> None:
        """Tells whoever looks on that somebody is elsewhere now."""
        self._deliveries.observers.tell("room", self._room_id)

    def open(self) -> Meeting:
        """The meeting that runs, or a new one."""
        if self.meeting is None:
            self.meeting = Meeting(
                uid=f"mtg-{self._rng.randrange(10**11, 10**12)}",
                room_id=self._room_id,
                planned_minutes=self._minutes,
                started_at=self._clock.now(),
            )
            told = events.of_meeting(self.meeting, has_ended=False, at=self._clock.now())
            self._put("meeting-start-end started", told)
        return self.meeting

    def record(self) -> None:
        """The host records."""
        if self.meeting is not None:
            told = events.of_recording(self.meeting, self._host, has_stopped=False, at=self._clock.now())
            self._put("recording-start-end started", told)

    def joined(self, person: Participant) -> None:
        self._tell(person, JOINED, "joined", "AttendeeJoined")

    def left(self, person: Participant, *, is_lost: bool = False, after: timedelta = timedelta()) -> None:
        """`after`: of this moment, but told that much later."""
        self._tell(person, LEFT, "left", "AttendeeDropped" if is_lost else "AttendeeLeft", after=after)

    def waits(self, person: Participant) -> None:
        self._tell(person, WAITING, "waiting")

    def gives_up_waiting(self, person: Participant) -> None:
        self._tell(person, LEFT, "left")

    def ended_for_all(self) -> None:
        """The host clicks; the end of the meeting is told by itself."""
        told = events.class_ended_for_all(self.open(), self._host, at=self._clock.now())
        self._put("end-class-for-all clicked", told)

    def close(self) -> tuple[Meeting, datetime]:
        """The meeting is over; its data are pushed in a while."""
        meeting, now = self.open(), self._clock.now()
        stopped = events.of_recording(meeting, None, has_stopped=True, at=now)
        self._put("recording-start-end stopped", stopped, after=END_IS_TOLD_AFTER)
        ended = events.of_meeting(meeting, has_ended=True, at=now)
        self._put("meeting-start-end ended", ended, after=END_IS_TOLD_AFTER)
        self.meeting = None
        return meeting, now

    def push(self, meeting: Meeting, ended_at: datetime) -> None:
        self._put(f"{MEETING_DATA} pushed", events.meeting_data(meeting, ended_at=ended_at))

    def _tell(
        self, person: Participant, status: str, what: str, detail: Kind | None = None, *, after: timedelta = timedelta()
    ) -> None:
        attendee, now = self._attendee(person), self._clock.now()
        if detail is not None:
            attendee.details.append((detail, now))
        told = events.of_person(self.open(), person, role=attendee.role, status=status, at=now)
        self._put(f"user-join-leave {what}", told, after=after)

    def _attendee(self, person: Participant) -> Attendee:
        attendees = self.open().attendees
        if person.handle not in attendees:
            role = TEACHER if person.handle == self._host.handle else STUDENT
            uid = f"at-{self._rng.randrange(10**9, 10**10)}"
            attendees[person.handle] = Attendee(participant=person, uid=uid, role=role)
        return attendees[person.handle]

    def _put(self, event: str, body: bytes, *, after: timedelta = timedelta()) -> None:
        self._deliveries.put(event, body, after=after)
        self.changed()
