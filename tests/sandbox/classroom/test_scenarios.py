"""Scenario files: those that come along, and the mistakes in others."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from sandbox import scenario_file
from sandbox.errors import ScenarioError
from sandbox.scenario_file import load, names, read
from tests.sandbox.classroom.receiver import SIX

ALL = names()


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(text, file="mine.yaml")
    return list(caught.value.problems)


def test_there_is_a_scenario_for_each_story():
    assert set(ALL) >= {
        "first-lesson", "on-time", "late", "waiting-room", "two-devices", "drop-out-and-return", "stays-away",
        "breakout-rooms", "redelivery-after-rejoin", "wrong-order", "host-restart", "trainer-late", "unknown-guest",
        "silent-feed", "silent-feed-seen", "silent-feed-returns", "class-of-300", "back-to-back", "handover", "cancelled-before", "cancelled-lesson", "school-morning",
    }  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_every_scenario_says_what_happens_and_what_is_told(name):
    scenario = load(name)
    assert scenario.title
    assert scenario.happens
    assert scenario.told
    assert scenario.begins_at < scenario.starts_at < scenario.ends_at
    assert all(scenario.begins_at < step.at < scenario.ends_at for step in scenario.happens)


@pytest.mark.parametrize("name", ALL)
def test_every_roster_holds_the_students_and_the_trainer_of_the_scenario(name):
    scenario = load(name)
    courses = yaml.safe_load(scenario.course_file)["courses"]
    for key, role in (("students", "student"), ("trainers", "trainer")):
        expected = {face.name for face in scenario.people.values() if face.role == role}
        assert {person["name"] for course in courses for person in course[key]} == expected


@pytest.mark.parametrize("name", ALL)
def test_whoever_the_sheet_speaks_of_is_in_the_scenario(name):
    scenario = load(name)
    assert scenario.sheets
    for expected in scenario.sheets:
        assert expected.lesson in scenario.lessons
        assert set(expected.sheet.get("people", {})) <= set(scenario.people)
        assert set(expected.sheet) <= {"lesson", "people", "unknown", "not_enrolled"}


def test_the_demo_lesson_is_lively_and_in_many_scripts():
    lesson = load("first-lesson")
    assert timedelta(minutes=60) <= timedelta(minutes=lesson.duration_minutes) <= timedelta(minutes=90)
    assert 8 <= len(lesson.people) <= 12
    assert sum(not face.name.isascii() for face in lesson.people.values()) >= 4


def test_times_are_local_or_counted_from_the_start():
    scenario = read(
        'happens: [{at: "18:09", joins: ada}, {at: +9m, joins: bob}, {at: -5m, starts: grace}]', file="m.yaml"
    )
    assert scenario.starts_at == SIX == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert [(step.verb, step.who[0]) for step in scenario.happens] == [
        ("starts", "grace"), ("joins", "ada"), ("joins", "bob"),
    ]  # fmt: skip
    assert scenario.happens[1].at == scenario.happens[2].at == SIX + timedelta(minutes=9)


def test_a_time_before_a_lesson_at_midnight_is_of_the_evening_before():
    scenario = read(
        "course: {schedule: [{start: 2026-11-24T00:10, duration: 1h}]}\n"
        'happens: [{at: "23:55", starts: grace}, {at: "0:20", joins: ada}]',
        file="m.yaml",
    )
    assert [(step.at - scenario.starts_at).total_seconds() for step in scenario.happens] == [-900, 600]


def test_a_scenario_adds_people_and_takes_some_out():
    scenario = read("people: {bob: none, iris: {name: Iris No}}", file="m.yaml")
    assert set(scenario.people) == {"grace", "office", "ada", "iris"}
    assert scenario.people["iris"].slack == ""


def test_a_scenario_may_change_a_part_of_a_person():
    ada = read("people: {ada: {zoom: {name: iPad (2)}}}", file="m.yaml").people["ada"]
    assert (ada.name, ada.zoom_name, ada.registrant_id) == ("Ada Lovelace", "iPad (2)", "")


def test_a_channel_of_all_holds_all_who_have_slack():
    scenario = read("people: {iris: {name: Iris No}}", file="m.yaml")
    assert scenario.channels["#python-101"] == ("grace", "office", "ada", "bob")


def test_the_student_no_is_a_name():
    scenario = read("people: {no: {name: No}}", file="m.yaml")
    assert scenario.people["no"].name == "No"
    course = yaml.load(scenario.course_file, Loader=yaml.BaseLoader)["courses"][0]
    assert course["students"][-1]["name"] == "No"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("happens: [{at: 25:00, joins: ada}]", "mine.yaml:1: happens[0].at: '25:00' is no time; write 18:09, 18:09:30, +9m or -5m"),
        ("happens:\n  - {at: +5, joins: ada}", "mine.yaml:2: happens[0].at: '5' is no length; write 90s, 5m or 1h30m"),
        ("happens: [{at: +5m, joins: zed}]", "mine.yaml:1: happens[0]: nobody is called 'zed'; there are grace, office, ada, bob"),
        ("happens: [{at: +5m, jumps: ada}]", "mine.yaml:1: happens[0]: needs one verb; known are becomes,"),
        ("happens: [{at: +5m, joins: ada, leaves: bob}]", "mine.yaml:1: happens[0]: needs one verb"),
        ("happens: [{at: +5m, joins: ada, into: Room 1}]", "mine.yaml:1: happens[0].into: unknown; known are as, at,"),
        ("happens: [{at: +5m, breaks_out: ada}]", "mine.yaml:1: happens[0]: breaks_out needs into"),
        ("happens: [{at: +5m, becomes: ada, role: boss}]", "mine.yaml:1: happens[0].role: 'boss' is unknown; known are host, co-host, attendee"),
        ("happens: [{at: +5m, joins: ada, delivery: {delay: soon}}]", "mine.yaml:1: happens[0].delivery.delay: 'soon' is no length"),
        ("happens: [{at: +5m, joins: ada, delivery: lost}]", "mine.yaml:1: happens[0].delivery: must be a mapping"),
        ("happens: [{at: +5m, slack: sulk}]", "mine.yaml:1: happens[0]: 'sulk' is no fault; known are clear,"),
        ("happens: [{at: +5m, slack: error, method: chat.update}]", "mine.yaml:1: happens[0]: slack needs code"),
        ("happens: [{at: +5m, feed: upside_down}]", "mine.yaml:1: happens[0]: a feed is one of back, held, in_order, shuffled, silent"),
        ("people: {iris: {name: Iris}}\nhappens: [{at: +5m, types: ada, text: /x, heard: /(y)/, from: iris}]", "mine.yaml:2: happens[0]: iris has no Slack"),
        ("people: {iris: {name: Iris}}\nhappens: [{at: +5m, types: iris, text: /x}]", "mine.yaml:2: happens[0]: iris has no Slack"),
        ("happens: [{at: +3h, joins: ada}]", "mine.yaml:1: comes after the end of the story"),
        ("happens: [{at: +5m, ends: ada}]", "mine.yaml:1: happens[0]: ends is for the host, who is grace"),
        ("told: [{at: +5m, to: ada}]", "mine.yaml:1: told[0]: needs one of says, becomes, removed, whispers"),
        ("told: [{at: +5m, to: '#nowhere', says: x}]", "mine.yaml:1: told[0].to: nobody is called '#nowhere'"),
        ("told: [{at: +5m, to: ada, says: /(/}]", "mine.yaml:1: told[0].says: /(/ is no regular expression:"),
        ("never: [{to: ada, when: always}]", "mine.yaml:1: never[0].when: unknown; known are says, to"),
        ("people: {iris: {email: i@example.com}}", "mine.yaml:1: people.iris.name: is missing"),
        ("people: {iris: {name: Iris, role: boss}}", "mine.yaml:1: people.iris.role: 'boss' is unknown; known are student,"),
        ("people: {iris: {name: Iris, zone: Moon/Sea}}", "mine.yaml:1: people.iris.zone: 'Moon/Sea' is no time zone"),
        ("channels: {python-101: [ada, zed]}", "mine.yaml:1: channels.python-101: nobody is called 'zed'"),
        ("course: {schedule: []}", "mine.yaml:1: course.schedule[0]: needs start, and end or duration"),
        ("happens: ada", "mine.yaml:1: happens: must be a list"),
        ("heading: x", "mine.yaml:1: heading: unknown; known are begins,"),
        ("told: [}", "mine.yaml:1: no YAML:"),
        ("- a", "mine.yaml:1: the file: must be a mapping"),
        ("title: a\ntitle: b", "mine.yaml:2: title: stands here twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text, problem):
    assert any(found.startswith(problem) for found in problems(text)), problems(text)


def test_all_mistakes_are_named_together():
    assert len(problems("happens: [{at: noon, joins: ada}]\ntold: [{at: +5m, to: zed, says: x}]")) == 2


def test_a_scenario_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(ScenarioError, match="there is no scenario lunch; there are back-to-back, breakout-rooms"):
        load("lunch")


def test_a_scenario_may_be_a_file_of_ones_own(tmp_path):
    (tmp_path / "mine.yaml").write_text("title: Mine\nhappens: [{at: +1m, starts: grace}]", encoding="utf-8")
    assert load(str(tmp_path / "mine.yaml")).title == "Mine"


def test_the_dice_of_a_scenario_are_the_same_each_time():
    scenario = load("late")
    assert scenario_file.dice(scenario).random() == scenario_file.dice(scenario).random()
