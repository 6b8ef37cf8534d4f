"""Scenarios with many people and several courses: crowds, rooms, steps spread over time, a sheet for each lesson."""

from datetime import timedelta

import pytest
import yaml

from sandbox.classroom.deliveries import Deliveries
from sandbox.crowd import MOST
from sandbox.crowd import names as names_of_crowds
from sandbox.errors import ScenarioError
from sandbox.platforms import Endpoint
from sandbox.player import open_classrooms
from sandbox.scenario_file import dice, load, read
from sandbox.story import Line, Scenario
from sandbox.verbs import feed_is
from tests.sandbox.classroom.receiver import SECRET, SIX, Receiver, play

CROWD = "crowds: {early: {students: 5}, late: {students: 3}}\n"
TWO_COURSES = """
people:
  alan: {name: Alan Kay, slack: U0ALAN, role: trainer, zoom: {id: aLAnK4y}}
courses:
  python: {name: Python 101, room: "1", trainers: [grace], students: [ada, bob]}
  sql: {name: SQL, room: "2", trainers: [alan], students: [bob], schedule: [{start: 2026-11-23T18:30, duration: 45m}]}
"""


NOWHERE = {"zoom": Endpoint("http://127.0.0.1:9/", SECRET)}


def scenario(text: str) -> Scenario:
    return read(text, file="mine.yaml")


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        scenario(text)
    return list(caught.value.problems)


# Crowds


def test_no_two_people_of_all_crowds_have_one_name():
    everybody = list(names_of_crowds())
    assert len(everybody) == len(set(everybody)) == MOST


def test_the_people_of_a_crowd_are_the_same_each_time_and_in_many_scripts():
    first, second = (scenario("crowds: {all: {students: 20}}") for _ in range(2))
    assert first.people == second.people
    names = [first.people[f"all-{number}"].name for number in range(1, 8)]
    assert sum(not name.isascii() for name in names) >= 6


def test_a_crowd_is_on_the_roster_in_slack_and_known_to_zoom_in_each_of_three_ways():
    found = scenario("crowds: {all: {students: 10}}")
    crowd = [face for face in found.people.values() if face.handle.startswith("all-")]
    assert len({face.slack for face in crowd}) == 10
    assert sum(bool(face.registrant_id) for face in crowd) == 5
    assert sum(bool(face.zoom_email) for face in crowd) == 4
    students = yaml.safe_load(found.course_file)["courses"][0]["students"]
    assert {face.name for face in crowd} <= {student["name"] for student in students}


def test_strangers_are_on_no_roster():
    found = scenario("crowds: {tourists: {strangers: 2}}")
    assert {found.people[f"tourists-{number}"].role for number in (1, 2)} == {"stranger"}
    assert len(yaml.safe_load(found.course_file)["courses"][0]["students"]) == 2


def test_what_a_crowd_does_and_is_told_is_done_by_and_told_to_each_of_it():
    found = scenario(
        CROWD + "happens: [{at: +1m, joins: [ada, late]}]\n"
        "told: [{at: +2m, to: late, says: hello}]\nnever: [{to: early}]\nsheet: {people: {late: {verdict: partial}}}"
    )
    late = ("late-1", "late-2", "late-3")
    assert [step.who for step in found.happens] == [("ada", *late)]
    assert tuple(told.to for told in found.told) == late
    assert len(found.never) == 5
    assert found.sheets[0].sheet["people"] == {handle: {"verdict": "partial"} for handle in late}


def test_a_time_from_to_spreads_people_evenly_over_it():
    found = scenario(CROWD + "happens: [{at: 18:00..18:02, joins: early}]")
    assert [(step.at - SIX).total_seconds() for step in found.happens] == [0, 30, 60, 90, 120]
    assert [step.who for step in found.happens] == [(f"early-{number}",) for number in range(1, 6)]


@pytest.mark.parametrize(("at", "is_right"), [(-6, False), (-5, True), (60, True), (125, True), (126, False)])
def test_what_is_told_from_to_may_come_at_any_moment_of_it(at, is_right):
    found = scenario("told: [{at: 18:00..18:02, to: bob, says: one}]")
    line = Line(at=SIX + timedelta(seconds=at), to="bob", kind="posted", text="one", whole="one")
    assert (found.verdict((line,)) == []) is is_right


# Several courses


def test_each_course_has_its_room_its_people_and_its_lesson():
    found = scenario(TWO_COURSES)
    python, sql = yaml.safe_load(found.course_file)["courses"]
    assert [person["name"] for person in sql["students"]] == ["Bob Stone"]
    assert [person["name"] for person in python["trainers"]] == ["Grace Hopper"]
    assert (sql["channel"], sql["timezone"]) == ("#sql", "Europe/Rome")
    assert {room.id: room.host.handle for room in found.rooms.values()} == {"1": "grace", "2": "alan"}
    assert [(lesson.course, lesson.room) for lesson in found.lessons] == [("Python 101", "1"), ("SQL", "2")]
    assert found.ends_at == SIX + timedelta(minutes=85)


def test_the_channel_of_a_course_holds_those_of_the_course():
    assert set(scenario(TWO_COURSES).channels["#sql"]) == {"alan", "bob", "office"}


def test_who_is_in_one_course_does_everything_in_its_room():
    found = scenario(TWO_COURSES + "happens: [{at: +1m, starts: alan}, {at: +2m, joins: ada}]")
    assert [step.room for step in found.happens] == ["2", "1"]


def test_who_is_in_two_courses_says_in_which():
    found = scenario(TWO_COURSES + "happens: [{at: +1m, joins: bob, in: sql}]")
    assert found.happens[0].room == "2"


def test_people_of_several_rooms_may_come_in_one_step():
    found = scenario(TWO_COURSES + "happens: [{at: +1m, joins: [ada, alan]}]")
    assert {step.room: step.who for step in found.happens} == {"1": ("ada",), "2": ("alan",)}


def test_two_courses_in_one_room_share_it():
    found = scenario(TWO_COURSES.replace('room: "2"', 'room: "1"') + "happens: [{at: +1m, joins: bob}]")
    assert list(found.rooms) == ["1"]
    assert found.happens[0].room == "1"


def test_the_rooms_of_a_school_are_in_one_account(clock):
    found = scenario(TWO_COURSES)
    rooms = open_classrooms(found, endpoints=NOWHERE, clock=clock, rng=dice(found))
    assert set(rooms) == {"1", "2"}
    assert len({room.account_id for room in rooms.values()}) == 1


async def test_each_platform_sends_its_webhooks_to_an_endpoint_of_its_own(url: str, bot: Receiver, clock):
    found = scenario(TWO_COURSES.replace('room: "2"', 'room: "2", platform: 100ms'))
    endpoints = {"zoom": Endpoint(url, SECRET), "100ms": Endpoint("http://127.0.0.1:9/", "")}
    rooms = open_classrooms(found, endpoints=endpoints, clock=clock, rng=dice(found))
    for room in rooms.values():
        room.host_joins()
        await play(room, clock)
        await room.close()
    assert set(bot.kinds) == {"started", "joined"}


def test_the_lessons_of_one_day_are_all_played():
    found = scenario(
        "course: {schedule: [{start: 2026-11-23T18:00, duration: 1h}, {start: 2026-11-23T19:00, duration: 1h},"
        " {start: 2026-11-24T18:00, duration: 1h}]}\n"
        'sheets: [{start: "18:00", lesson: {feed: proven}}, {start: "19:00"}]'
    )
    assert len(found.lessons) == 2
    assert [each.lesson.starts_at - SIX for each in found.sheets] == [timedelta(), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("crowds: {early: {students: many}}", "mine.yaml:1: crowds.early.students: 'many' is no number of people; write 240"),
        ("crowds: {early: {pupils: 3}}", "mine.yaml:1: crowds.early.pupils: unknown; known are observers, strangers, students"),
        ("crowds:\n  early: {}", "mine.yaml:2: crowds.early: needs one of students, observers, strangers"),
        ("crowds:\n  early: 12", "mine.yaml:2: crowds.early: must be a mapping"),
        ("crowds: {ada: {students: 3}}", "mine.yaml:1: crowds.ada: is the name of one of the people already"),
        ("crowds: {all: {students: 2000}}", "mine.yaml:1: crowds.all: there are names for 1008 people in all"),
        (CROWD + "happens: [{at: +5m, joins: lat}]", "mine.yaml:2: happens[0]: nobody is called 'lat'; there are grace, office, ada, bob, early, late"),
        (CROWD + "sheet:\n  people:\n    lat: {verdict: absent}", "mine.yaml:4: sheet.people: nobody is called 'lat'"),
        ("happens: [{at: 18:05..18:01, joins: ada}]", "mine.yaml:1: happens[0].at: 18:01 is before 18:05"),
        ("happens: [{at: 18:05..soon, joins: ada}]", "mine.yaml:1: happens[0].at: 'soon' is no time"),
        ("grain: fine", "mine.yaml:1: grain: 'fine' is no length"),
        ("courses: {sql: {name: SQL}}", "mine.yaml:1: courses.sql.room: is missing"),
        ("courses: {sql: {room: '2'}}", "mine.yaml:1: courses.sql.name: is missing"),
        ("courses: {sql: {name: SQL, room: '2', students: [zed]}}", "mine.yaml:1: courses.sql.students: nobody is called 'zed'"),
        ("courses: {sql: {name: SQL, room: '2', students: ada}}", "mine.yaml:1: courses.sql.students: must be a list"),
        ("courses: {sql: {name: SQL, room: '2', host: zed}}", "mine.yaml:1: courses.sql.host: nobody is called 'zed'"),
        ("courses: {sql: {name: SQL, room: '2', platform: carrier-pigeon}}", "mine.yaml:1: courses.sql.platform: 'carrier-pigeon' is unknown; known are zoom"),
        ("people: {grace: {zoom: {name: x}}}", "mine.yaml:1: course.host: somebody needs a zoom.id: the host of the room"),
        (TWO_COURSES + "happens: [{at: +5m, joins: bob}]", "mine.yaml:7: happens[0]: bob is in 2 of the rooms; say `in` which course: python, sql"),
        (TWO_COURSES + "happens: [{at: +5m, joins: bob, in: art}]", "mine.yaml:7: happens[0].in: there is no course 'art'; there are python, sql"),
        (TWO_COURSES + "happens: [{at: +5m, starts: grace, in: sql}]", "mine.yaml:7: happens[0]: starts is for the host, who is alan"),
        (TWO_COURSES + "sheets: [{lesson: {feed: proven}}]", "mine.yaml:7: sheets[0]: is of 2 lessons; say which `course` and `start` it has"),
        (TWO_COURSES + "sheets: [{course: art}]", "mine.yaml:7: sheets[0]: is of 0 lessons"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text, problem):
    assert any(found.startswith(problem) for found in problems(text)), problems(text)


# The class of three hundred


def test_the_full_class_is_one():
    students = [face for face in load("class-of-300").people.values() if face.role == "student"]
    assert len(students) == 300


# The feed


async def test_a_silent_feed_loses_what_is_told_until_it_is_back(deliveries: Deliveries, bot: Receiver, clock):
    feed_is("silent", deliveries)
    deliveries.put("lost", b'{"event": "lost", "payload": {}}')
    feed_is("back", deliveries)
    deliveries.put("heard", b'{"event": "heard", "payload": {}}')
    await play(deliveries, clock)
    assert bot.kinds == ["heard"]
    assert [delivery.state for delivery in deliveries.record] == ["lost", "delivered"]


async def test_a_held_feed_tells_everything_in_order_when_it_is_back(deliveries: Deliveries, bot: Receiver, clock):
    feed_is("held", deliveries)
    for event in ("one", "two", "three"):
        deliveries.put(event, b'{"event": "%s", "payload": {}}' % event.encode())
    await play(deliveries, clock)
    assert bot.kinds == []
    feed_is("back", deliveries)
    await play(deliveries, clock)
    assert bot.kinds == ["one", "two", "three"]
