"""Nothing in a classroom grows without bound: a second hour of coming and going leaves it as large as the first."""

import random
from datetime import timedelta

import pytest

from sandbox.classroom.participant import Participant
from sandbox.classroom.zoom import ZoomClassroom
from tests.sandbox.classroom.conftest import ROOM
from tests.sandbox.classroom.receiver import SECRET, HandClock, play
from tests.sandbox.sizes import grown, sizes

HOUR = 3_600


class Lessons:
    """A room whose people come and go without end."""

    def __init__(self, url: str) -> None:
        self.clock = HandClock()
        self.grace, *self.students = [
            Participant(handle=f"p{number}", name=f"Person {number}", zoom_id=f"z{number}") for number in range(7)
        ]
        self.room = ZoomClassroom(ROOM, SECRET, url, self.clock, random.Random(7), host=self.grace)
        self.room.host_joins()

    async def hour(self) -> None:
        for second in range(0, HOUR, 120):
            for student in self.students:
                if self.room.is_in(student):
                    self.room.leave(student)
                else:
                    self.room.join(student, name=f"{student.name} at {second}")
            if second % 1200 == 0:
                self.room.restart(after=timedelta(seconds=5))
            await play(self.room, self.clock, for_=timedelta(seconds=120))


async def test_a_room_is_as_large_after_two_hours_as_after_one(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sandbox.classroom.deliveries.RECORDED", 100)
    monkeypatch.setattr("sandbox.classroom.book.SESSIONS_KEPT", 2)
    lessons = Lessons(url)
    await lessons.hour()
    after_one = sizes(lessons.room)
    await lessons.hour()
    assert grown(after_one, sizes(lessons.room)) == {}
    assert len(lessons.room.deliveries.record) == 100
    await lessons.room.close()
