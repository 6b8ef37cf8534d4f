"""What one Zoom room tells the outside: the session that runs, and one delivery for each thing that happens."""

import base64
import random
from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.classroom import zoom_events as events
from sandbox.classroom.book import Book, Stay
from sandbox.classroom.deliveries import LATENCY_SECONDS, Deliveries
from sandbox.classroom.participant import Fields, Participant
from sandbox.classroom.zoom_events import Connection, Session
from sandbox.clock import Clock

ENDED_IS_TOLD_AFTER = timedelta(seconds=16.5)
"""`ended` comes about 18 s after its `end_time`; the rest is the way of every delivery."""

LATENCY_AFTER_ENDED = (LATENCY_SECONDS[1] + 0.05, LATENCY_SECONDS[0] + 2.4)
"""Of the lefts that come behind `ended`: after the slowest one, and at most 2.4 s after the quickest, as captured."""

FIRST_USER_ID = 16778240
USER_ID_STEP = 1024


LEFT = "{name} left the meeting.<br>Reason: {name} left the meeting."
LOST = "{name} got disconnected from the meeting. Reason : Client Close."
ENDED = "{name} left the meeting.<br>Reason: Host ended the meeting."
TO_BREAKOUT = "{name} left the meeting.<br>Reason: {name} left the meeting to join breakout room."
TO_MAIN = "{name} leave breakout room to join main meeting."
TO_WAITING_ROOM = "{name} left the meeting.<br>Reason: Host put {name} in waiting room."
"""What Zoom says of why somebody left."""


class ZoomFeed:
    """Turns what happens in a room into deliveries; what makes sense to happen is the classroom's business."""

    def __init__(self, *, template: Session, deliveries: Deliveries, clock: Clock, rng: random.Random) -> None:
        self._template = template
        self._deliveries = deliveries
        self._clock = clock
        self._rng = rng
        self._announced: Session | None = None
        self.session: Session | None = None
        self.book = Book()
        self._breakouts: dict[str, str] = {}
        self._user_ids = FIRST_USER_ID

    def open(self) -> None:
        """Starts a session if none runs, under the uuid that the before-host events may have named already."""
        if self.session is not None:
            return
        self.session = replace(self._upcoming(), start_time=self._clock.now())
        self._announced = None
        self.book.begins(self.session.uuid, self._clock.now())
        self._put("meeting.started", events.session_event("meeting.started", self.session, at=self._clock.now()))

    def end(self) -> None:
        if self.session is None:
            return
        now = self._clock.now()
        told_at = now + ENDED_IS_TOLD_AFTER
        body = events.session_event("meeting.ended", self.session, at=told_at, end_time=now)
        self._put("meeting.ended", body, after=ENDED_IS_TOLD_AFTER)
        self.book.ends(now)
        self.session = None
        self._breakouts.clear()

    @property
    def breakouts(self) -> list[str]:
        return list(self._breakouts)

    def changed(self) -> None:
        """Tells whoever looks on that somebody is elsewhere now."""
        self._deliveries.observers.tell("room", self._template.room_id)

    def connect(self, participant: Participant, device: str, name: str) -> Connection:
        """A new connection, of which nothing is told yet."""
        return Connection(
            participant=participant,
            device=device,
            participant_uuid=events.new_uuid(self._rng),
            user_id=self._next_user_id(),
            name=name,
            since=self._clock.now(),
            public_ip=f"203.0.113.{self._rng.randint(1, 254)}",
            private_ip=f"192.168.1.{self._rng.randint(2, 254)}",
        )

    def joined(self, connection: Connection) -> None:
        connection.since = self._clock.now()
        self._moved(connection)
        self._tell("meeting.participant_joined", events.joined(connection, connection.since))

    def left(self, connection: Connection, reason: str, *, after_ended: bool = False) -> None:
        """`after_ended`: of this moment, but told only when the session's end has been."""
        fields = events.left(connection, self._clock.now(), reason.format(name=connection.name))
        self.book.goes(connection.participant_uuid, self._clock.now())
        if after_ended:
            after, latency = ENDED_IS_TOLD_AFTER, LATENCY_AFTER_ENDED
            self._tell("meeting.participant_left", fields, after=after, latency=latency)
        else:
            self._tell("meeting.participant_left", fields)

    def hop(self, connection: Connection, reason: str) -> None:
        """Between rooms: left and joined in one second under one participant_uuid.

        They arrive in either order, as each has a latency of its own.
        """
        now = self._clock.now()
        left = events.left(connection, now, reason.format(name=connection.name))
        connection.user_id, connection.since = self._next_user_id(), now
        self._moved(connection)
        self._tell("meeting.participant_left", left)
        self._tell("meeting.participant_joined", events.joined(connection, now))

    def joined_breakout(self, connection: Connection, room: str) -> None:
        connection.breakout = room
        connection.breakout_uuid = self._breakouts.setdefault(room, _base64_uuid(self._rng))
        connection.breakout_user_id = self._breakout_user_id()
        self.book.is_in(connection.participant_uuid, connection.breakout_uuid)
        fields = events.in_breakout(connection, self._clock.now(), "join_time")
        self._tell("meeting.participant_joined_breakout_room", fields, breakout_uuid=connection.breakout_uuid)

    def left_breakout(self, connection: Connection) -> None:
        fields = events.in_breakout(connection, self._clock.now(), "leave_time", "Leave breakout room.")
        self._tell("meeting.participant_left_breakout_room", fields, breakout_uuid=connection.breakout_uuid)
        connection.breakout_uuid = connection.breakout = ""

    def waiting_room(self, what: str, connection: Connection) -> None:
        """`what`: joined_waiting_room, left_waiting_room, admitted or put_in_waiting_room."""
        connection.since = self._clock.now()
        if what in {"joined_waiting_room", "put_in_waiting_room"}:
            self._moved(connection, is_waiting=True)
        else:
            self.book.goes(connection.participant_uuid, connection.since)
        self._tell(f"meeting.participant_{what}", events.in_queue(connection, connection.since))

    def before_host(self, what: str, participant: Participant, name: str) -> None:
        """`what`: jbh_waiting, jbh_waiting_left or jbh_joined."""
        is_number = what == "jbh_waiting_left"
        fields = events.before_host(participant, name)
        self._tell(f"meeting.participant_{what}", fields, is_id_a_number=is_number)

    def role_changed(self, connection: Connection, old: str, new: str) -> None:
        fields = events.role_changed(connection, self._clock.now(), old, new)
        self._tell("meeting.participant_role_changed", fields)

    def bound(self, telephone: Connection, computer: Connection) -> None:
        self._tell("meeting.participant_bind", events.bound(telephone, computer, self._clock.now()))

    def _moved(self, connection: Connection, *, is_waiting: bool = False) -> None:
        """Writes down that a connection is elsewhere from now on."""
        stay = Stay(
            connection=connection.participant_uuid,
            participant=connection.participant,
            name=connection.name,
            since=self._clock.now(),
            number=connection.user_id,
            place=connection.breakout_uuid,
            is_waiting=is_waiting,
        )
        self.book.comes(stay)

    def _tell(
        self,
        event: str,
        fields: Fields,
        *,
        after: timedelta = timedelta(),
        latency: tuple[float, float] = LATENCY_SECONDS,
        breakout_uuid: str = "",
        is_id_a_number: bool = False,
    ) -> None:
        body = events.participant_event(
            event,
            self.session or self._upcoming(),
            fields,
            at=self._event_ts(after),
            breakout_uuid=breakout_uuid,
            is_id_a_number=is_id_a_number,
        )
        self._put(event, body, after=after, latency=latency)

    def _put(
        self,
        event: str,
        body: bytes,
        *,
        after: timedelta = timedelta(),
        latency: tuple[float, float] = LATENCY_SECONDS,
    ) -> None:
        self._deliveries.put(event, body, after=after, latency=latency)
        self.changed()

    def _event_ts(self, after: timedelta) -> datetime:
        """A little off the moment itself: the order of `event_ts` says nothing about the order of things."""
        return self._clock.now() + after + timedelta(milliseconds=self._rng.randint(-300, 300))

    def _upcoming(self) -> Session:
        if self._announced is None:
            uuid = _base64_uuid(self._rng)
            self._announced = replace(self._template, uuid=uuid, start_time=self._clock.now())
        return self._announced

    def _next_user_id(self) -> str:
        self._user_ids += USER_ID_STEP
        return str(self._user_ids)

    def _breakout_user_id(self) -> str:
        """Digits; in some captures the session's first number with the date and time behind it."""
        if self._rng.random() < 0.5:
            return self._next_user_id()
        return f"{FIRST_USER_ID}{self._clock.now():%Y-%m-%d %H:%M:%S}:000"


def _base64_uuid(rng: random.Random) -> str:
    """A session's or a breakout room's: sixteen bytes, `/` and `+` as they fall."""
    return base64.b64encode(rng.randbytes(16)).decode()
