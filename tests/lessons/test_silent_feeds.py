"""Whole lessons of which no webhook ever comes: what the platform itself shows and writes down is all there is."""

import pytest

from tests.lessons.conftest import OpenLesson
from tests.lessons.world import attendance, story

#: Grace is in with the account of a room of the school, which nobody has ever connected with her.
UNHEARD = """
title: Nobody hears anything, and the trainer is in under the name of a room
begins: 17:05
ends: 19:40
records: {after: 4m, dashboard: %s}
people: {grace: {name: Grace Hopper, zoom: {id: rO0mSevenOfTheSch00l, email: room7@school.example, name: Room 7}}}
happens:
  - {at: 17:10:00, starts: grace}  # what is heard last
  - {at: 17:12:00, ends: grace}
  - {at: 17:20:00, feed: silent}
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: [ada, bob]}
  - {at: 18:58:00, leaves: [ada, bob]}
  - {at: 19:00:30, ends: grace}
"""


@pytest.mark.parametrize("dashboard", ["yes", "no"])
async def test_the_record_alone_confirms_a_lesson_whose_trainer_is_known_as_the_host(
    open_lesson: OpenLesson, dashboard: str
) -> None:
    lesson = await open_lesson(story(UNHEARD % dashboard))
    await lesson.play()
    found = await attendance(lesson.url, "Python 101")
    assert (found["lesson"]["confirmation"], found["lesson"]["sources"]) == ("confirmed", ["zoom_report"])
    assert found["lesson"]["held_seconds"] == 3600
    assert {each["name"]: each["verdict"] for each in found["people"] if each["role"] == "student"} == {
        "Ada Lovelace": "validated",
        "Bob Stone": "validated",
    }
    assert [each["display_name"] for each in found["unknown"]] == ["Room 7"]
    assert lesson.workspace.problems == []
