"""Who is where in one Zoom room: inside, lost on the way, before one of its two doors."""

from collections.abc import Iterator
from datetime import datetime

from sandbox.classroom.participant import Participant
from sandbox.classroom.rooms import Place, Where
from sandbox.classroom.zoom_events import Connection
from sandbox.errors import ClassroomError

Key = tuple[str, str]
"""A participant's handle, and the device."""


class ZoomPeople:
    """The people of a room and what they and Zoom call them; what may happen to them is the classroom's business."""

    def __init__(self) -> None:
        self.inside: dict[Key, Connection] = {}
        self.lost: list[Connection] = []
        self.waiting: dict[Key, Connection] = {}
        self.before_host: dict[str, tuple[Participant, datetime]] = {}
        self.roles: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def call(self, person: Participant, name: str | None) -> None:
        """`name` is what they call themselves from now on; None: as before."""
        self._names[person.handle] = name or self.name_of(person)

    def name_of(self, person: Participant) -> str:
        return self._names.get(person.handle, person.name)

    def connections(self, person: Participant, device: str | None = None) -> list[Connection]:
        """Those inside, of one device or of all; raises ClassroomError if there is none."""
        found = [
            connection
            for (handle, with_), connection in self.inside.items()
            if handle == person.handle and device in {None, with_}
        ]
        if not found:
            raise ClassroomError(f"{person.handle} is not in" + (f" with the {device}" if device else ""))
        return found

    def first_waiting(self, person: Participant) -> Connection:
        for (handle, _), connection in self.waiting.items():
            if handle == person.handle:
                return connection
        raise ClassroomError(f"{person.handle} is not in the waiting room")

    def take_lost(self, person: Participant, device: str) -> Connection:
        """The lost connection of that device, found again."""
        for connection in self.lost:
            if (connection.participant.handle, connection.device) == (person.handle, device):
                self.lost.remove(connection)
                return connection
        raise ClassroomError(f"{person.handle} has no lost connection with the {device}")

    def places(self) -> Iterator[Place]:
        """Everybody who is anywhere, a place for each of their devices."""
        for connection in self.inside.values():
            yield _place(connection, "breakout" if connection.breakout_uuid else "room")
        for connection in self.lost:
            yield _place(connection, "lost")
        for connection in self.waiting.values():
            yield _place(connection, "waiting")
        for person, since in self.before_host.values():
            yield Place(
                handle=person.handle,
                connection="",
                device="",
                shown_as=self.name_of(person),
                where="before_host",
                breakout="",
                since=since,
            )


def _place(connection: Connection, where: Where) -> Place:
    return Place(
        handle=connection.participant.handle,
        connection=connection.participant_uuid,
        device=connection.device,
        shown_as=connection.name,
        where=where,
        breakout=connection.breakout if where == "breakout" else "",
        since=connection.since,
    )
