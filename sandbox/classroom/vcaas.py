"""A VCaaS room in which people come and go, and which tells it as the documentation of its callbacks does."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn

from sandbox.classroom.participant import Participant
from sandbox.classroom.room_base import RoomBase
from sandbox.classroom.rooms import Place, Where
from sandbox.classroom.vcaas_deliveries import VcaasDeliveries
from sandbox.classroom.vcaas_feed import AFTER_THE_END, PUSHED_AFTER, RECORDS_AFTER, VcaasFeed
from sandbox.clock import Clock
from sandbox.errors import ClassroomError

NOTICED_AFTER = timedelta(seconds=20)


@dataclass(kw_only=True, slots=True)
class Device:
    """One device of a participant; VCaaS itself never tells of any. `since`: when it came to where it is."""

    participant: Participant
    device: str
    since: datetime


class VcaasClassroom(RoomBase):
    """One VCaaS room with its meetings, the people in them, and those in the waiting room.

    Every verb happens now, by the clock's lesson time, and puts what VCaaS tells about it on its way (`deliveries`);
    five minutes after a meeting its data are pushed. The host records from beginning to end. A verb that makes no
    sense now, or never on VCaaS, raises ClassroomError.
    """

    breakouts: list[str]

    lacks = frozenset(
        {
            "waits_for_host",
            "gives_up_waiting",
            "breaks_out",
            "comes_back",
            "calls_all_back",
            "renames",
            "becomes",
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
        duration_minutes: int = 60,
    ) -> None:
        deliveries = VcaasDeliveries(webhook_url=webhook_url, secret=secret, clock=clock, rng=rng)
        super().__init__(deliveries=deliveries, clock=clock)
        self.room_id, self.account_id = room_id, account_id or f"school-{rng.randrange(10**6)}"
        self.host, self.topic = host, topic
        self.breakouts = []
        self._feed = VcaasFeed(
            room_id, host, minutes=duration_minutes, deliveries=self.deliveries, clock=clock, rng=rng
        )
        self._inside: dict[tuple[str, str], Device] = {}
        self._waiting: dict[tuple[str, str], Device] = {}
        self._lost: list[Device] = []
        self._names: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        """Whether a meeting runs."""
        return self._feed.meeting is not None

    def places(self) -> list[Place]:
        """Everybody who is in, waits, or was lost and not noticed yet, a place for each of their devices."""
        return [
            *_places(self._inside.values(), "room"),
            *_places(self._waiting.values(), "waiting"),
            *_places(self._lost, "lost"),
        ]

    # Beginning and end

    def host_joins(self, *, device: str = "laptop") -> None:
        """The host comes, and records."""
        begins = self._feed.meeting is None
        self.join(self.host, device=device)
        if begins:
            self._after(RECORDS_AFTER, self._feed.record)

    def end_for_all(self, *, lefts: str = "after") -> None:
        """The host ends the class; everybody's left is told `after` the end or `before` it."""
        if self._feed.meeting is None:
            raise ClassroomError("no meeting runs")
        self._feed.ended_for_all()
        after = AFTER_THE_END if lefts == "after" else timedelta()
        for device in (*self._inside.values(), *self._lost):
            self._feed.left(device.participant, after=after)
        for places in (self._inside, self._waiting, self._lost):
            places.clear()
        self._close()

    def restart(self, *, after: timedelta = timedelta(minutes=3)) -> None:
        """The host ends the class and begins another; all who were in come back, a second apart."""
        back = [(device.participant, device.device) for device in self._inside.values()]
        back.sort(key=lambda entry: entry[0].handle != self.host.handle)
        self.end_for_all()
        for position, (person, device) in enumerate(back):
            self._after(after + timedelta(seconds=position), partial(self.join, person, device=device))

    # Coming and going

    def join(self, person: Participant, *, device: str = "laptop", name: str | None = None) -> None:
        """One more device; the first one begins the meeting. `name` is what they are called from now on."""
        key = (person.handle, device)
        if key in self._inside:
            raise ClassroomError(f"{person.handle} is in already with the {device}")
        self._waiting.pop(key, None)
        self._inside[key] = self._device(person, device, name)
        self._feed.joined(self._inside[key].participant)

    def join_before_host(self, person: Participant, *, device: str = "laptop") -> None:
        """Who teaches need not be there for anybody to join."""
        self.join(person, device=device)

    def leave(self, person: Participant, *, device: str | None = None) -> None:
        """Leaves with one device, or with all; the last one out ends the meeting."""
        for each in self._devices(person, device):
            del self._inside[person.handle, each.device]
            self._feed.left(each.participant)
        self._close_if_empty()

    def drop(self, person: Participant, *, device: str | None = None, noticed_after: timedelta = NOTICED_AFTER) -> None:
        """The connection is lost. VCaaS notices after a while, and dates the left by that moment."""
        for each in self._devices(person, device):
            each.since = self._clock.now()
            self._lost.append(self._inside.pop((person.handle, each.device)))
            self._after(noticed_after, partial(self._notice, each))
        self._feed.changed()

    def reconnect(self, person: Participant, *, device: str = "laptop") -> None:
        """The device comes back before VCaaS noticed; nobody is told anything."""
        for each in self._lost:
            if (each.participant.handle, each.device) == (person.handle, device):
                self._lost.remove(each)
                each.since = self._clock.now()
                self._inside[person.handle, device] = each
                self._feed.changed()
                return
        raise ClassroomError(f"{person.handle} has no lost connection with the {device}")

    # Before the door

    def wait(self, person: Participant, *, device: str = "laptop", name: str | None = None) -> None:
        """Comes into the waiting room of the meeting that runs."""
        if self._feed.meeting is None:
            raise ClassroomError("no meeting runs at whose door one could wait")
        if (person.handle, device) in {*self._inside, *self._waiting}:
            raise ClassroomError(f"{person.handle} is there already with the {device}")
        self._waiting[person.handle, device] = self._device(person, device, name)
        self._feed.waits(self._waiting[person.handle, device].participant)

    def admit(self, person: Participant, *, joins_after: timedelta | None = timedelta()) -> None:
        """The host lets somebody in: VCaaS tells of it as *joined* alone, and of None not at all."""
        waiting = self._first_waiting(person)
        if joins_after is not None:
            self._after(joins_after, lambda: self.join(person, device=waiting.device))

    def put_in_waiting_room(self, person: Participant) -> None:
        for each in self._devices(person):
            self._waiting[person.handle, each.device] = self._inside.pop((person.handle, each.device))
            self._feed.left(each.participant)
            self._feed.waits(each.participant)

    def leave_waiting_room(self, person: Participant) -> None:
        waiting = self._first_waiting(person)
        del self._waiting[person.handle, waiting.device]
        self._feed.gives_up_waiting(waiting.participant)

    # What there is not

    def _no_door_before_the_host(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("VCaaS tells of nobody before the meeting has begun")

    def _no_breakout_rooms(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("VCaaS tells of no breakout rooms")

    def _no_changes(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("on VCaaS the school says for the whole meeting what somebody is called and may do")

    def _no_telephones(self, *_: Any, **__: Any) -> NoReturn:
        raise ClassroomError("nobody telephones into a VCaaS room")

    wait_for_host = stop_waiting_for_host = _no_door_before_the_host
    breakout = back_to_main = close_breakouts = _no_breakout_rooms
    rename = change_role = _no_changes
    dial_in = bind = _no_telephones

    # How it is done

    def _device(self, person: Participant, device: str, name: str | None) -> Device:
        self._names[person.handle] = name or self._names.get(person.handle, person.name)
        called = replace(person, name=self._names[person.handle])
        return Device(participant=called, device=device, since=self._clock.now())

    def _devices(self, person: Participant, device: str | None = None) -> list[Device]:
        """Those inside, one or all; raises ClassroomError if there is none."""
        found = [
            each
            for (handle, with_), each in self._inside.items()
            if handle == person.handle and device in {None, with_}
        ]
        if not found:
            raise ClassroomError(f"{person.handle} is not in" + (f" with the {device}" if device else ""))
        return found

    def _first_waiting(self, person: Participant) -> Device:
        for (handle, _), device in self._waiting.items():
            if handle == person.handle:
                return device
        raise ClassroomError(f"{person.handle} is not in the waiting room")

    def _notice(self, device: Device) -> None:
        if device in self._lost:
            self._lost.remove(device)
            self._feed.left(device.participant, is_lost=True)
            self._close_if_empty()

    def _close_if_empty(self) -> None:
        if not self._inside and not self._lost:
            self._close()

    def _close(self) -> None:
        meeting, ended_at = self._feed.close()
        self._after(PUSHED_AFTER, partial(self._feed.push, meeting, ended_at))


def _places(devices: Iterable[Device], where: Where) -> list[Place]:
    return [
        Place(
            handle=each.participant.handle,
            connection="",
            device=each.device,
            shown_as=each.participant.name,
            where=where,
            breakout="",
            since=each.since,
        )
        for each in devices
    ]
