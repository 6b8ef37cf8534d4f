"""A Zoom room in which people come and go, and which tells it as field captures of real rooms do."""

import random
from datetime import timedelta
from functools import partial

from sandbox.classroom.book import Book
from sandbox.classroom.participant import Participant
from sandbox.classroom.room_base import RoomBase
from sandbox.classroom.rooms import Place
from sandbox.classroom.zoom_deliveries import ZoomDeliveries
from sandbox.classroom.zoom_events import Connection, Session, urlsafe_id
from sandbox.classroom.zoom_feed import ENDED, LEFT, LOST, TO_BREAKOUT, TO_MAIN, TO_WAITING_ROOM, ZoomFeed
from sandbox.classroom.zoom_people import ZoomPeople
from sandbox.clock import Clock
from sandbox.errors import ClassroomError

NOTICED_AFTER = timedelta(seconds=20)


class ZoomClassroom(RoomBase):
    """One Zoom room with its sessions, the people in it and those before its doors.

    Every verb happens now, by the clock's lesson time, and puts what Zoom tells about it on its way (`deliveries`).
    `run_due(now)` lets happen what a verb announced (a lost connection is noticed, the admitted come in) and sends
    what is due; `next_at()` says when that is next. A verb that makes no sense now raises ClassroomError.
    """

    lacks: frozenset[str] = frozenset()
    noticed_after = NOTICED_AFTER

    def __init__(
        self,
        room_id: str,
        secret: str,
        webhook_url: str,
        clock: Clock,
        rng: random.Random,
        *,
        host: Participant,
        account_id: str = "",
        topic: str = "Lesson",
        zone: str = "Europe/Rome",
        duration_minutes: int = 60,
    ) -> None:
        deliveries = ZoomDeliveries(webhook_url=webhook_url, secret=secret, clock=clock, rng=rng)
        super().__init__(deliveries=deliveries, clock=clock)
        self.room_id, self.account_id = room_id, account_id or urlsafe_id(rng)
        template = Session(
            account_id=self.account_id,
            room_id=room_id,
            uuid="",
            host_id=host.zoom_id,
            topic=topic,
            zone=zone,
            duration_minutes=duration_minutes,
            start_time=clock.now(),
        )
        self._feed = ZoomFeed(template=template, deliveries=self.deliveries, clock=clock, rng=rng)
        self.host, self.topic = host, topic
        self._people = ZoomPeople()

    @property
    def book(self) -> Book:
        """What the platform's API can tell of the sessions."""
        return self._feed.book

    @property
    def is_open(self) -> bool:
        """Whether a session runs."""
        return self._feed.session is not None

    @property
    def breakouts(self) -> list[str]:
        """The breakout rooms of the session that runs."""
        return self._feed.breakouts

    def places(self) -> list[Place]:
        """Everybody who is anywhere in the room or before its doors, a place for each of their devices."""
        return list(self._people.places())

    def is_in(self, person: Participant) -> bool:
        return any(handle == person.handle for handle, _ in self._people.inside)

    # Beginning and end

    def host_joins(self, *, device: str = "laptop") -> None:
        """The host comes; who waited for that comes in behind."""
        self._people.roles[self.host.handle] = "host"
        self.join(self.host, device=device)
        for participant, _ in self._people.before_host.values():
            self._after(timedelta(seconds=1), partial(self.join, participant))
        self._people.before_host.clear()

    def end_for_all(self, *, lefts: str = "after") -> None:
        """The host ends the session; everybody's left is told `after` the ended or `before` it."""
        if self._feed.session is None:
            raise ClassroomError("no session runs")
        for connection in (*self._people.inside.values(), *self._people.lost):
            self._feed.left(connection, ENDED, after_ended=lefts == "after")
        self._feed.end()
        self._people.lost.clear()
        self._people.inside.clear()
        self._people.waiting.clear()

    def restart(self, *, after: timedelta = timedelta(minutes=3)) -> None:
        """The host ends the session and opens the room again; all who were in come back, a second apart."""
        back = [(connection.participant, connection.device) for connection in self._people.inside.values()]
        back.sort(key=lambda entry: entry[0].handle != self.host.handle)
        self.end_for_all()
        for position, (person, device) in enumerate(back):
            at = after + timedelta(seconds=position)
            self._after(at, partial(self.join, person, device=device))

    # Coming and going

    def join(self, person: Participant, *, device: str = "laptop", name: str | None = None) -> None:
        """A new connection, or the one that stood in the waiting room; opens the session if none runs.

        `name` is what they call themselves from now on.
        """
        key = (person.handle, device)
        if key in self._people.inside:
            raise ClassroomError(f"{person.handle} is in already with the {device}")
        self._people.call(person, name)
        self._feed.open()
        connection = self._people.waiting.pop(key, None) or self._connect(person, device)
        self._people.inside[key] = connection
        self._feed.joined(connection)

    def dial_in(self, person: Participant, *, phone_number: str) -> None:
        """A connection by telephone, which shows its number instead of a name."""
        if (person.handle, "telephone") in self._people.inside:
            raise ClassroomError(f"{person.handle} is in already with the telephone")
        self._feed.open()
        connection = self._feed.connect(person, "telephone", phone_number)
        connection.phone_number = phone_number
        self._people.inside[person.handle, "telephone"] = connection
        self._feed.joined(connection)

    def leave(self, person: Participant, *, device: str | None = None) -> None:
        """Leaves with one device, or with all; the last one out closes the session."""
        for connection in self._people.connections(person, device):
            self._feed.left(connection, LEFT)
            del self._people.inside[person.handle, connection.device]
        self._end_if_empty()

    def drop(
        self,
        person: Participant,
        *,
        device: str | None = None,
        noticed_after: timedelta = NOTICED_AFTER,
    ) -> None:
        """The connection is lost. Zoom notices after a while and dates the left by that moment."""
        for connection in self._people.connections(person, device):
            connection.since = self._clock.now()
            self._people.lost.append(self._people.inside.pop((person.handle, connection.device)))
            self._after(noticed_after, partial(self._notice, connection))
        self._feed.changed()

    def reconnect(self, person: Participant, *, device: str = "laptop") -> None:
        """The same connection comes back before Zoom noticed; nobody is told anything."""
        connection = self._people.take_lost(person, device)
        connection.since = self._clock.now()
        self._people.inside[person.handle, device] = connection
        self._feed.changed()

    # Before the doors

    def wait(self, person: Participant, *, device: str = "laptop", name: str | None = None) -> None:
        """Comes into the waiting room."""
        if (person.handle, device) in {*self._people.inside, *self._people.waiting}:
            raise ClassroomError(f"{person.handle} is there already with the {device}")
        self._people.call(person, name)
        connection = self._connect(person, device)
        self._people.waiting[person.handle, device] = connection
        self._feed.waiting_room("joined_waiting_room", connection)

    def admit(self, person: Participant, *, joins_after: timedelta | None = timedelta(seconds=2)) -> None:
        """The host lets somebody in; None: they are let in, and Zoom never says that they joined."""
        connection = self._people.first_waiting(person)
        self._feed.waiting_room("admitted", connection)
        if joins_after is not None:
            self._after(joins_after, lambda: self.join(person, device=connection.device))

    def put_in_waiting_room(self, person: Participant) -> None:
        for connection in self._people.connections(person):
            self._people.waiting[person.handle, connection.device] = self._people.inside.pop(
                (person.handle, connection.device)
            )
            self._feed.left(connection, TO_WAITING_ROOM)
            self._feed.waiting_room("put_in_waiting_room", connection)

    def leave_waiting_room(self, person: Participant) -> None:
        connection = self._people.first_waiting(person)
        del self._people.waiting[person.handle, connection.device]
        self._feed.waiting_room("left_waiting_room", connection)

    def wait_for_host(self, person: Participant) -> None:
        """Stands before a room that only the host can open."""
        self._people.before_host[person.handle] = (person, self._clock.now())
        self._feed.before_host("jbh_waiting", person, self._people.name_of(person))

    def stop_waiting_for_host(self, person: Participant) -> None:
        if self._people.before_host.pop(person.handle, None) is None:
            raise ClassroomError(f"{person.handle} does not wait for the host")
        self._feed.before_host("jbh_waiting_left", person, self._people.name_of(person))

    def join_before_host(self, person: Participant, *, device: str = "laptop") -> None:
        """Comes in where the room allows that without a host."""
        self._people.before_host.pop(person.handle, None)
        self.join(person, device=device)
        self._feed.before_host("jbh_joined", person, self._people.name_of(person))

    # Inside

    def breakout(self, person: Participant, room: str) -> None:
        """Moves to a breakout room, from the main room or from another one."""
        for connection in self._people.connections(person):
            if connection.breakout_uuid:
                self._feed.left_breakout(connection)
            self._feed.hop(connection, TO_BREAKOUT)
            self._feed.joined_breakout(connection, room)

    def back_to_main(self, person: Participant) -> None:
        for connection in self._people.connections(person):
            if not connection.breakout_uuid:
                raise ClassroomError(f"{person.handle} is in no breakout room")
            self._feed.left_breakout(connection)
            self._feed.hop(connection, TO_MAIN)

    def close_breakouts(self) -> None:
        """The host calls all back; Zoom then says nothing about the breakout rooms themselves."""
        for connection in self._people.inside.values():
            if connection.breakout_uuid:
                connection.breakout_uuid = connection.breakout = ""
                self._feed.hop(connection, TO_MAIN)

    def rename(self, person: Participant, name: str) -> None:
        """Zoom does not tell; the new name stands in whatever it tells next."""
        for connection in self._people.connections(person):
            connection.name = name
        self._people.call(person, name)
        self._feed.changed()

    def change_role(self, person: Participant, role: str) -> None:
        """`role`: `host`, `co-host` or `attendee`."""
        connection = self._people.connections(person)[0]
        old = self._people.roles.get(person.handle, "attendee")
        self._people.roles[person.handle] = role
        self._feed.role_changed(connection, old, role)

    def bind(self, person: Participant) -> None:
        """Makes the telephone and the computer of somebody one."""
        devices = {connection.device: connection for connection in self._people.connections(person)}
        telephone = devices.pop("telephone", None)
        if telephone is None or not devices:
            raise ClassroomError(f"{person.handle} needs a telephone and a computer to bind them")
        self._feed.bound(telephone, next(iter(devices.values())))

    # How it is done

    def _connect(self, person: Participant, device: str) -> Connection:
        return self._feed.connect(person, device, self._people.name_of(person))

    def _notice(self, connection: Connection) -> None:
        if connection in self._people.lost:
            self._people.lost.remove(connection)
            self._feed.left(connection, LOST)
            self._end_if_empty()

    def _end_if_empty(self) -> None:
        if not self._people.inside and not self._people.lost:
            self._feed.end()
