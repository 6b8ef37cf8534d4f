"""What a page shows: a workspace, its classrooms, and the story that is played in them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sandbox.classroom.deliveries import Delivery
from sandbox.classroom.participant import Participant
from sandbox.classroom.rooms import Classroom
from sandbox.clock import Clock
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
Lookup = Callable[[str, Delivery], Awaitable[Json | None]]
"""What the app under test says of a delivery: gets the platform and it; None if it knows nothing of it."""


class SteerableClock(Clock, Protocol):
    """Lesson time that a page can stop, run, speed up and step on."""

    @property
    def speed(self) -> float:
        """How many seconds of lesson time go by in one of the machine's, while it runs."""

    @property
    def is_running(self) -> bool:
        """Whether it goes by at all."""

    def steer(self, *, speed: float | None = None, is_running: bool | None = None) -> None:
        """Change its speed, stop it, or let it go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody who may come into a room; `role` is what they are there."""

    participant: Participant
    role: str = "stranger"


@dataclass(kw_only=True, slots=True)
class Room:
    """A classroom, and who may come into it by their handles; guests are added to them."""

    course: str
    classroom: Classroom
    platform: str = "zoom"
    visitors: dict[str, Visitor] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class PlayBill:
    """Which story is played; `is_over` and `differences` are set when it is."""

    name: str
    title: str
    begins_at: datetime
    ends_at: datetime
    is_over: bool = False
    differences: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Scene:
    """Everything that a page shows at a time; only the workspace is needed.

    `clock` is lesson time; if it can be steered, the page does so, and `after_steering` is called behind it. `step_to`
    moves a clock that stands to a moment, doing on the way what is due; None: to the next moment at which something
    is. `roles` are the people's by their Slack ids, `zone` is where the lessons are. `meddled` is called when
    somebody has acted in a classroom, so that what is due there is looked for anew.
    """

    workspace: Workspace
    rooms: Mapping[str, Room] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    bill: PlayBill | None = None
    clock: Clock | SteerableClock | None = None
    after_steering: Callable[[], None] = lambda: None
    step_to: Callable[[datetime | None], Awaitable[None]] | None = None
    meddled: Callable[[], None] = lambda: None
    lookup: Lookup | None = None

    @property
    def lesson_clock(self) -> Clock:
        return self.clock or self.workspace.clock

    @property
    def steerable(self) -> SteerableClock | None:
        """The clock, if the page can steer it."""
        clock = self.lesson_clock
        return clock if hasattr(clock, "steer") else None  # type: ignore[return-value]  # a protocol, told by its verb

    def find_delivery(self, delivery_id: str) -> tuple[Room, Delivery] | None:
        """By the page's id: `room.number`."""
        room_id, _, number = delivery_id.rpartition(".")
        room = self.rooms.get(room_id)
        if room is None:
            return None
        found = (each for each in reversed(room.classroom.deliveries.record) if str(each.number) == number)
        delivery = next(found, None)
        return (room, delivery) if delivery is not None else None
