"""`docs/course-file.md` says what the program reads: every field, default and value, its examples and its messages."""

from datetime import timedelta

import pytest

from bot.attendance.lessons import Policy
from bot.timetable.course_file import CourseFile, read_course_file
from bot.timetable.durations import written
from bot.timetable.problems import BadCourseFile, Problem
from handlers.platforms import CONNECTORS
from tests.docs.reading import GUIDE, code_blocks, quoted, rows, section, text_of

PAGE = text_of(GUIDE / "course-file.md")
POLICY = rows(section(PAGE, "Policy"))
MISTAKES = rows(section(PAGE, "Mistakes and their messages"))
COURSE = {
    "name": "Python 101",
    "channel": '"#python-101"',
    "timezone": "Europe/Rome",
    "platform": "zoom",
    "room": "1",
    "schedule": "sessions",
}
BESIDE = {
    "roster.csv": code_blocks(PAGE, "csv")[0],
    "timetable.ics": "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:school",
            "BEGIN:VEVENT",
            "UID:1",
            "DTSTAMP:20261101T000000Z",
            "DTSTART:20270301T170000Z",
            "DTEND:20270301T200000Z",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    ),
}


def _beside(name: str) -> str:
    if name not in BESIDE:
        raise FileNotFoundError(2, "No such file or directory")
    return BESIDE[name]


def _read(text: str) -> CourseFile:
    return read_course_file(text, read=_beside, platforms=tuple(CONNECTORS))


def _course_with(**changes: str) -> str:
    lines = [f"    {key}: {value}" for key, value in {**COURSE, **changes}.items()]
    return "courses:\n  -\n" + "\n".join(lines)


def _problems(text: str) -> tuple[Problem, ...]:
    try:
        _read(text)
    except BadCourseFile as bad:
        return bad.problems
    return ()


def _known(where: str, text: str) -> set[str]:
    """The fields that the program knows in one place: it names them to who writes one that it does not know."""
    told = next(each.message for each in _problems(text) if each.place.path == f"courses[0].{where}qqqqqqqq")
    return set(told.removeprefix("is unknown here: known are ").split(", "))


@pytest.mark.parametrize(
    ("heading", "where", "text"),
    [
        ("A course", "", _course_with(qqqqqqqq="x")),
        ("Breaks", "breaks[0].", _course_with(breaks="[{after: 5m, for: 5m, qqqqqqqq: x}]")),
        ("People", "students[0].", _course_with(students="[{name: Ada, qqqqqqqq: x}]")),
        ("Policy", "policy.", _course_with(policy="{qqqqqqqq: x}")),
    ],
)
def test_every_field_stands_in_its_table_and_no_other(heading: str, where: str, text: str):
    assert {quoted(row[0])[0] for row in rows(section(PAGE, heading))} == _known(where, text)


def test_every_field_of_the_schedule_stands_in_its_table_and_no_other():
    items = ("start: 2026-11-23T18:00", "rrule: FREQ=DAILY", "ics: timetable.ics")
    texts = [_course_with(schedule=f"[{{{item}, qqqqqqqq: x}}]") for item in items]
    one, series, calendar = (set(quoted(row[1])) for row in rows(section(PAGE, "Schedule")))
    # Which kind an item is, is asked first: so its other keys are known too.
    assert [_known("schedule[0].", text) for text in texts] == [
        one | {"rrule", "ics"},
        series | {"ics"},
        calendar,
    ]


@pytest.mark.parametrize("row", rows(section(PAGE, "A course")), ids=lambda row: row[0])
def test_what_must_be_there_must_be_there(row: list[str]):
    (key, *_), is_needed = quoted(row[0]), row[1] == "yes"
    text = "\n".join(line for line in _course_with().splitlines() if not line.strip().startswith(f"{key}:"))
    assert any(each.place.path == f"courses[0].{key}" for each in _problems(text)) is is_needed


@pytest.mark.parametrize("row", POLICY, ids=lambda row: row[0])
def test_a_default_of_the_table_is_the_default_of_the_program(row: list[str]):
    (key, *_), (default, *_) = quoted(row[0]), quoted(row[1])
    assert _read(_course_with(policy=f"{{{key}: {default}}}")).courses[0].policy == Policy()


@pytest.mark.parametrize("row", POLICY, ids=lambda row: row[0])
def test_what_the_table_allows_is_what_the_program_takes(row: list[str]):
    key, values = quoted(row[0])[0], quoted(row[2])
    for value in values:
        shown = f"[{value}]" if key == "remind_students_after" else value
        assert _problems(_course_with(policy=f"{{{key}: {shown}}}")) == ()
    (refused,) = _problems(_course_with(policy=f"{{{key}: {_beyond(key, values)}}}"))
    if "out of bounds" in refused.message:
        assert refused.message.endswith(f"write a length from {values[0]} to {values[1]}")
    elif "not possible" in refused.message:
        assert refused.message.endswith(f"write {', '.join(values[:-1])} or {values[-1]}")
    elif "percentage" in refused.message:
        assert refused.message.endswith(f"from {values[0]} to {values[1]}")


def _beyond(key: str, values: list[str]) -> str:
    """A value that is just too much, or no value at all."""
    lengths = {"0s", "1d"} & set(values)
    beyond = written(timedelta(days=36_501)) if lengths else "qqqqqqqq"
    return f"[{beyond}]" if key == "remind_students_after" else beyond


def test_the_examples_are_read_without_a_mistake():
    found = [_read(block) for block in code_blocks(PAGE, "yaml")]
    assert [[course.name for course in each.courses] for each in found] == [["Python 101"], ["Office hours"]]
    assert [person.name for person in found[0].courses[0].students] == ["Ada Lovelace", "Bob Stone", "Øst, Lina"]


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: row[1])
def test_a_mistake_is_answered_as_the_table_says(row: list[str]):
    where, (mistake, *_), answer = row[0], quoted(row[1]), row[2]
    key, _, value = mistake.partition(": ")
    text = {
        "a course": _course_with(**{key: value}),
        "the schedule": _course_with(schedule=f"[{mistake}]"),
        "the students": _course_with(students=f"[{mistake}]"),
        "the policy": _course_with(policy=f"{{{mistake}}}"),
    }[where]
    assert answer in [each.message for each in _problems(text)]
