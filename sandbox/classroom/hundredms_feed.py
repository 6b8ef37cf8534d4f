"""What one 100ms room tells the outside: the session that runs, and one delivery for each thing that happens."""

import random
from datetime import timedelta

from sandbox.classroom import hundredms_events as events
from sandbox.classroom.book import Book, Stay
from sandbox.classroom.deliveries import Deliveries
from sandbox.classroom.hundredms_events import Account, Peer, Session
from sandbox.classroom.participant import Fields, Participant
from sandbox.clock import Clock
from sandbox.errors import ClassroomError

CLOSE_IS_TOLD_AFTER = timedelta(seconds=1)
AFTER_CLOSE = CLOSE_IS_TOLD_AFTER + timedelta(seconds=2.5)


class HundredmsFeed:
    """Turns what happens in a room into deliveries; what makes sense to happen is the classroom's business."""

    def __init__(self, account: Account, *, deliveries: Deliveries, clock: Clock, rng: random.Random) -> None:
        self._account = account
        self._deliveries = deliveries
        self._clock = clock
        self._rng = rng
        self.session: Session | None = None
        self.book = Book()

    def changed(self) -> None:
        """Tells whoever looks on that somebody is elsewhere now."""
        self._deliveries.observers.tell("room", self._account.room_id)

    def joined(self, participant: Participant, device: str, *, name: str, role: str) -> Peer:
        """A new peer; the first one opens the session."""
        session = self._opened()
        peer = Peer(
            participant=participant,
            device=device,
            peer_id=events.new_uuid(self._rng),
            name=name,
            role=role,
            joined=self._moment(),
            since=self._clock.now(),
        )
        self.book.comes(
            Stay(
                connection=peer.peer_id,
                participant=participant,
                name=name,
                role=role,
                since=peer.since,
            )
        )
        self._put("peer.join.success", events.of_peer(self._account, session, peer))
        return peer

    def left(self, peer: Peer, reason: str, *, after: timedelta = timedelta()) -> None:
        """`after`: of this moment, but told that much later."""
        told = events.left(
            self._account, self._running(), peer, at=self._clock.now(), left=self._moment(), reason=reason
        )
        self.book.goes(peer.peer_id, self._clock.now())
        self._put("peer.leave.success", told, after=after)

    def left_in_vain(self, peer: Peer, *, after: timedelta = timedelta()) -> None:
        """The page of somebody who is not in any more leaves too."""
        self._put("peer.leave.failure", events.left_in_vain(self._account, peer), after=after)

    def role_changed(self, peer: Peer, role: str) -> None:
        previous, peer.role = peer.role, role
        told = events.role_changed(self._account, self._running(), peer, previous=previous, changed=self._moment())
        self._put("role.change.success", told)

    def ended(self, *, by: Peer | None) -> None:
        """Somebody ends the room for all; None: by the API."""
        self._put("room.end.success", events.room_ended(self._account, self._running(), by=by))

    def close(self) -> None:
        """The session is over."""
        told = events.session_closed(self._account, self._running(), at=self._clock.now(), stopped=self._moment())
        self.session = None
        self.book.ends(self._clock.now())
        self._put("session.close.success", told, after=CLOSE_IS_TOLD_AFTER)

    def _opened(self) -> Session:
        if self.session is None:
            self.session = Session(
                session_id=events.object_id(self._rng), started_at=self._clock.now(), started=self._moment()
            )
            self.book.begins(self.session.session_id, self.session.started_at)
            self._put("session.open.success", events.of_session(self._account, self.session))
        return self.session

    def _running(self) -> Session:
        if self.session is None:
            raise ClassroomError("no session runs")
        return self.session

    def _moment(self) -> str:
        return events.nanoseconds(self._clock.now(), self._rng)

    def _put(self, kind: str, data: Fields, *, after: timedelta = timedelta()) -> None:
        event_id = events.new_uuid(self._rng)
        body = events.event(self._account, event_id, kind, data, at=self._clock.now() + after)
        self._deliveries.put(kind, body, after=after)
        self.changed()
