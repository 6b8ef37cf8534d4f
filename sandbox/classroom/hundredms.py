"""A 100ms room in which people come and go, and which tells it as the documentation of its webhooks does."""

import random
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any, NoReturn

from sandbox.classroom import hundredms_events as events
from sandbox.classroom.book import Book
from sandbox.classroom.hundredms_deliveries import HundredmsDeliveries
from sandbox.classroom.hundredms_events import Account, Peer
from sandbox.classroom.hundredms_feed import AFTER_CLOSE, HundredmsFeed
from sandbox.classroom.participant import Participant
from sandbox.classroom.room_base import RoomBase
from sandbox.classroom.rooms import Place, Where
from sandbox.clock import Clock
from sandbox.errors import ClassroomError

NOTICED_AFTER = timedelta(seconds=60)
"""The server closes the socket of somebody of whom it hears nothing."""

ROLES = {"host": "teacher", "co-host": "co-teacher", "attendee": "student"}
"""What the roles of the scenarios are called in the template of this room."""


class HundredmsClassroom(RoomBase):
    """One 100ms room with its sessions and the peers in it; who joins is in, for there is no door to wait at.

    Every verb happens now, by the clock's lesson time, and puts what 100ms tells about it on its way (`deliveries`).
    A verb that makes no sense now, or never on 100ms, raises ClassroomError.
    """

    breakouts: list[str]

    lacks = frozenset(
        {
            "waits",
            "is_admitted",
            "is_put_out",
            "goes_home",
            "waits_for_host",
            "gives_up_waiting",
            "breaks_out",
            "comes_back",
            "calls_all_back",
            "dials_in",
            "binds",
        }
    )
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
    ) -> None:
        deliveries = HundredmsDeliveries(webhook_url=webhook_url, secret=secret, clock=clock, rng=rng)
        super().__init__(deliveries=deliveries, clock=clock)
        self.room_id, self.account_id = room_id, account_id or events.object_id(rng)
        self.host, self.topic = host, topic
        self.breakouts = []
        self._feed = HundredmsFeed(
            Account(
                account_id=self.account_id,
                app_id=events.object_id(rng),
                template_id=events.object_id(rng),
                room_id=room_id,
                room_name=topic,
            ),
            deliveries=self.deliveries,
            clock=clock,
            rng=rng,
        )
        self._inside: dict[tuple[str, str], Peer] = {}
        self._lost: list[Peer] = []
        self._roles = {host.handle: ROLES["host"]}
        self._names: dict[str, str] = {}

    @property
    def book(self) -> Book:
        """What the platform's API can tell of the sessions."""
        return self._feed.book

    @property
    def is_open(self) -> bool:
        """Whether a session runs."""
        return self._feed.session is not None

    def places(self) -> list[Place]:
        """Everybody who is in, or was lost and not noticed yet, a place for each of their devices."""
        return [*_places(self._inside.values(), "room"), *_places(self._lost, "lost")]

    # Beginning and end

    def host_joins(self, *, device: str = "laptop") -> None:
        self.join(self.host, device=device)

    def end_for_all(self, *, lefts: str = "after") -> None:
        """The host ends the room; everybody's leave is told `after` the end or `before` it.

        The pages of those who were in leave too, and are told that they are not in.
        """
        if self._feed.session is None:
            raise ClassroomError("no session runs")
        after = AFTER_CLOSE if lefts == "after" else timedelta()
        for peer in (*self._inside.values(), *self._lost):
            self._feed.left(peer, "peer kicked", after=after)
            self._feed.left_in_vain(peer, after=after)
        hosts = [peer for peer in self._inside.values() if peer.participant.handle == self.host.handle]
        self._feed.ended(by=hosts[0] if hosts else None)
        self._inside.clear()
        self._lost.clear()
        self._feed.close()

    def restart(self, *, after: timedelta = timedelta(minutes=3)) -> None:
        """The host ends the room and joins again; all who were in come back, a second apart."""
        back = [(peer.participant, peer.device) for peer in self._inside.values()]
        back.sort(key=lambda entry: entry[0].handle != self.host.handle)
        self.end_for_all()
        for position, (person, device) in enumerate(back):
            self._after(after + timedelta(seconds=position), partial(self.join, person, device=device))

    # Coming and going

    def join(self, person: Participant, *, device: str = "laptop", name: str | None = None) -> None:
        """A new peer; the first one opens the session. `name` is what they call themselves from now on."""
        if (person.handle, device) in self._inside:
            raise ClassroomError(f"{person.handle} is in already with the {device}")
        if name is not None:
            self._names[person.handle] = name
        called = self._names.get(person.handle, person.name)
        role = self._roles.get(person.handle, ROLES["attendee"])
        self._inside[person.handle, device] = self._feed.joined(person, device, name=called, role=role)

    def join_before_host(self, person: Participant, *, device: str = "laptop") -> None:
        """Who teaches need not be there for anybody to join."""
        self.join(person, device=device)

    def leave(self, person: Participant, *, device: str | None = None) -> None:
        """Leaves with one device, or with all; the last one out closes the session."""
        for peer in self._peers(person, device):
            del self._inside[person.handle, peer.device]
            self._feed.left(peer, "client request")
        self._close_if_empty()

    def drop(self, person: Participant, *, device: str | None = None, noticed_after: timedelta = NOTICED_AFTER) -> None:
        """The connection is lost. 100ms notices after a minute, and dates the leave by that moment."""
        for peer in self._peers(person, device):
            peer.since = self._clock.now()
            self._lost.append(self._inside.pop((person.handle, peer.device)))
            self._after(noticed_after, partial(self._notice, peer))
        self._feed.changed()

    def reconnect(self, person: Participant, *, device: str = "laptop") -> None:
        """The same peer comes back before 100ms noticed; nobody is told anything."""
        for peer in self._lost:
            if (peer.participant.handle, peer.device) == (person.handle, device):
                self._lost.remove(peer)
                peer.since = self._clock.now()
                self._inside[person.handle, device] = peer
                self._feed.changed()
                return
        raise ClassroomError(f"{person.handle} has no lost connection with the {device}")

    # Inside

    def rename(self, person: Participant, name: str) -> None:
        """100ms does not tell; the new name stands in whatever it tells next."""
        for peer in self._peers(person):
            peer.name = name
        self._names[person.handle] = name
        self._feed.changed()

    def change_role(self, person: Participant, role: str) -> None:
        """`role`: `host`, `co-host` or `attendee`; on all devices, and for whoever comes back."""
        new = ROLES.get(role, role)
        for peer in self._peers(person):
            self._feed.role_changed(peer, new)
        self._roles[person.handle] = new

    # What there is not

    def _no_waiting_room(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("100ms has no waiting room: who joins is in")

    def _no_breakout_rooms(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("100ms has no breakout rooms: another room is another room")

    def _no_telephones(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("nobody telephones into this 100ms room")

    wait = admit = put_in_waiting_room = leave_waiting_room = _no_waiting_room
    wait_for_host = stop_waiting_for_host = _no_waiting_room
    breakout = back_to_main = close_breakouts = _no_breakout_rooms
    dial_in = bind = _no_telephones

    # How it is done

    def _peers(self, person: Participant, device: str | None = None) -> list[Peer]:
        """Those inside, of one device or of all; raises ClassroomError if there is none."""
        found = [
            peer
            for (handle, with_), peer in self._inside.items()
            if handle == person.handle and device in {None, with_}
        ]
        if not found:
            raise ClassroomError(f"{person.handle} is not in" + (f" with the {device}" if device else ""))
        return found

    def _notice(self, peer: Peer) -> None:
        if peer in self._lost:
            self._lost.remove(peer)
            self._feed.left(peer, "websocket closed")
            self._close_if_empty()

    def _close_if_empty(self) -> None:
        if not self._inside and not self._lost:
            self._feed.close()


def _places(peers: Iterable[Peer], where: Where) -> list[Place]:
    return [
        Place(
            handle=peer.participant.handle,
            connection=peer.peer_id,
            device=peer.device,
            shown_as=peer.name,
            where=where,
            breakout="",
            since=peer.since,
        )
        for peer in peers
    ]
