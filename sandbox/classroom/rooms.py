"""What a room of any platform can do in the sandbox: whoever builds one for a new platform fills this in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from sandbox.classroom.deliveries import Deliveries
from sandbox.classroom.participant import Participant
from sandbox.observing import Observer

Where = Literal["room", "breakout", "waiting", "before_host", "lost"]
"""`lost`: the connection is gone, and the platform has not noticed yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where somebody is with one device; `breakout` is the name of the breakout room, `since` lesson time."""

    handle: str
    connection: str
    device: str
    shown_as: str
    where: Where
    breakout: str
    since: datetime


class Classroom(Protocol):
    """One room of a platform, in which people come and go, and which tells the bot about it.

    A verb happens now, by the lesson's clock, and puts what the platform tells about it into `deliveries`; nothing is
    sent and nothing announced happens before `run_due`. A verb that makes no sense now, or that the platform does not
    have, raises ClassroomError with a sentence for people. Rooms of one `account_id` belong to one school.
    """

    account_id: str
    room_id: str
    host: Participant
    topic: str
    deliveries: Deliveries
    #: the verbs of scenarios that never make sense there
    lacks: frozenset[str]
    #: how long until the platform sees that a connection is lost
    noticed_after: timedelta

    @property
    def is_idle(self) -> bool:
        """Whether no request is on its way."""

    def next_at(self) -> datetime | None:
        """The lesson time at which something is due; None while nothing is announced or on its way."""

    async def run_due(self, now: datetime) -> None:
        """Lets happen what is due and sends what is due; returns when every request has its reply."""

    async def close(self) -> None:
        """Lets go of the network."""

    @property
    def is_open(self) -> bool:
        """Whether a session runs."""

    @property
    def breakouts(self) -> list[str]:
        """The names of the breakout rooms of the session that runs."""

    def places(self) -> list[Place]:
        """Everybody who is anywhere in the room or before its doors, a place for each of their devices."""

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Calls the observer with `room` and its id when somebody is elsewhere, with `delivery` and it when it changes.

        Returns how to stop that.
        """

    def host_joins(self, *, device: str = ...) -> None: ...
    def end_for_all(self, *, lefts: str = ...) -> None: ...
    def restart(self, *, after: timedelta = ...) -> None: ...
    def join(self, person: Participant, *, device: str = ..., name: str | None = ...) -> None: ...
    def dial_in(self, person: Participant, *, phone_number: str) -> None: ...
    def leave(self, person: Participant, *, device: str | None = ...) -> None: ...
    def drop(self, person: Participant, *, device: str | None = ..., noticed_after: timedelta = ...) -> None: ...
    def reconnect(self, person: Participant, *, device: str = ...) -> None: ...
    def wait(self, person: Participant, *, device: str = ..., name: str | None = ...) -> None: ...
    def admit(self, person: Participant, *, joins_after: timedelta | None = ...) -> None: ...
    def put_in_waiting_room(self, person: Participant) -> None: ...
    def leave_waiting_room(self, person: Participant) -> None: ...
    def wait_for_host(self, person: Participant) -> None: ...
    def stop_waiting_for_host(self, person: Participant) -> None: ...
    def join_before_host(self, person: Participant, *, device: str = ...) -> None: ...
    def breakout(self, person: Participant, room: str) -> None: ...
    def back_to_main(self, person: Participant) -> None: ...
    def close_breakouts(self) -> None: ...
    def rename(self, person: Participant, name: str) -> None: ...
    def change_role(self, person: Participant, role: str) -> None: ...
    def bind(self, person: Participant) -> None: ...
