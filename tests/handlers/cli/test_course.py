"""`rollcall course` and `rollcall lesson list`, as they are typed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from bot.errors import NotFound
from handlers.cli import course, lesson
from handlers.cli.context import Context

Rollcall = Callable[..., Result]

AHEAD = """courses:
  - name: Python 101
    channel: "#python-101"
    timezone: Europe/Rome
    platform: zoom
    room: "97711976001"
    schedule:
      - {start: 2099-11-23T18:00, end: 2099-11-23T21:00}
      - {start: 2099-12-01T18:00, end: 2099-12-01T21:00}
    trainers: [{name: Grace Hopper, email: grace@example.com}]
    students: [{csv: roster.csv}]
"""
OVER = """courses:
  - name: Rust 101
    channel: "#rust-101"
    timezone: UTC
    platform: zoom
    room: "42"
    schedule: [{start: 2020-11-23T18:00, duration: 1h}]
    observers: [{name: Inspector}]
"""
ROSTER = "name,email\nAda Lovelace,ada@example.com\nNo,no@example.com\n"


@pytest.fixture
def rollcall(database_url: str) -> Rollcall:
    """Types a command."""
    app = typer.Typer()
    app.add_typer(course.app, name="course")
    app.add_typer(lesson.app, name="lesson")
    context = Context(environment={"ROLLCALL_DATABASE_URL": database_url}, assemble=lambda *_: None)  # type: ignore[arg-type,return-value]  # nothing is run

    def type_(*words: str | Path) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], obj=context)

    return type_


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """A course file with its roster beside it."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    return written(tmp_path, AHEAD)


def written(folder: Path, text: str, *, name: str = "courses.yaml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_an_import_says_what_it_did(rollcall: Rollcall, courses: Path) -> None:
    first = rollcall("course", "import", courses)
    assert (first.exit_code, first.stdout, first.stderr) == (
        0,
        "Python 101: new; 2 lessons, 1 trainer, 2 students\n",
        "",
    )
    assert rollcall("course", "import", courses).stdout == "Python 101: lessons and people are as they were\n"


def test_an_import_says_what_it_changed(rollcall: Rollcall, courses: Path) -> None:
    rollcall("course", "import", courses)
    (courses.parent / "roster.csv").write_text(ROSTER.replace("no@", "yes@"))
    courses.write_text(AHEAD.replace("2099-11-23T18:00", "2099-11-23T18:30").replace("2099-12-01", "2099-12-02"))
    assert rollcall("course", "import", courses).stdout == (
        "Python 101: 1 lesson new, 1 lesson changed, 1 lesson cancelled, 1 enrolment new, 1 enrolment ended today\n"
    )


def test_past_lessons_are_counted_apart(rollcall: Rollcall, tmp_path: Path) -> None:
    over = rollcall("course", "import", written(tmp_path, OVER))
    assert over.stdout == "Rust 101: new; 1 lesson (1 of them over already), 0 trainers, 0 students, 1 observer\n"
    sessions = written(
        tmp_path, OVER.replace("Rust", "Go").replace("[{start: 2020-11-23T18:00, duration: 1h}]", "sessions")
    )
    assert rollcall("course", "import", sessions).stdout == (
        "Go 101: new; 0 lessons, 0 trainers, 0 students, 1 observer, every session of the room becomes a lesson\n"
    )


def test_a_dry_run_shows_the_first_week_and_writes_nothing(rollcall: Rollcall, courses: Path) -> None:
    dry = rollcall("course", "import", courses, "--dry-run")
    assert dry.stdout == (
        "Python 101: new; 2 lessons, 1 trainer, 2 students\n"
        "The first week:\n"
        "  Mon 2099-11-23 18:00–21:00  Python 101  (Europe/Rome)\n"
        "Nothing was written: this was a dry run.\n"
    )
    assert rollcall("course", "list").stdout == ""


def test_a_dry_run_of_a_course_that_is_over_has_no_week_to_show(rollcall: Rollcall, tmp_path: Path) -> None:
    assert "No lesson lies ahead.\n" in rollcall("course", "import", written(tmp_path, OVER), "--dry-run").stdout


def test_every_mistake_is_one_line_with_its_file_and_nothing_is_written(rollcall: Rollcall, courses: Path) -> None:
    (courses.parent / "roster.csv").write_text(ROSTER.replace("no@example.com", "no"))
    courses.write_text(AHEAD.replace("zoom", "zoomm") + "    policy: {minimum: 9O%}\n")
    refused = rollcall("course", "import", courses)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        f"{courses}:5: courses[0].platform: `zoomm` is no platform we know: did you mean `zoom`?",
        f"{courses}:12: courses[0].policy.minimum: `9O%` is no percentage: write it as 90%, from 0% to 100%",
        (
            f"{courses.parent / 'roster.csv'}:3: courses[0].students[0].email: `no` is no e-mail address: "
            "write it as ada@example.com"
        ),
    ]
    assert rollcall("course", "list").stdout == ""


def test_a_warning_is_said_and_stops_nothing(rollcall: Rollcall, tmp_path: Path) -> None:
    twice = AHEAD.replace("    students: [{csv: roster.csv}]\n", "")
    both = written(tmp_path, twice + twice.removeprefix("courses:\n").replace("Python", "Rust"))
    imported = rollcall("course", "import", both)
    assert imported.exit_code == 0
    assert imported.stderr.startswith(f"{both}:11: warning: courses[1]: the lesson of 2099-11-23 18:00 overlaps with")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "1: it cannot be read (No such file or directory): give the path of a course file"),
        (b"courses: \xff", "1: it is no text in UTF-8: save it again as UTF-8"),
        (
            b"x" * (1024 * 1024 + 1),
            "1: the file is larger than 1 MiB: write the students into a roster.csv, or split the file",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_too(
    rollcall: Rollcall, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "courses.yaml"
    if content is not None:
        file.write_bytes(content)
    refused = rollcall("course", "import", file)
    assert (refused.exit_code, refused.stderr) == (2, f"{file}:{said}\n")


def test_a_roster_that_lies_elsewhere_behind_a_link_is_refused(rollcall: Rollcall, tmp_path: Path) -> None:
    secret = written(tmp_path, "name\nroot\n", name="secret.csv")
    folder = tmp_path / "school"
    folder.mkdir()
    (folder / "roster.csv").symlink_to(secret)
    refused = rollcall("course", "import", written(folder, AHEAD))
    assert refused.exit_code == 2
    assert "`roster.csv` cannot be read (it leads out of the folder of the course file)" in refused.stderr


def test_courses_are_listed_for_people_and_for_programs(rollcall: Rollcall, courses: Path) -> None:
    rollcall("course", "import", courses)
    (found,) = json.loads(rollcall("course", "list", "--json").stdout)
    assert {key: found[key] for key in ("key", "name", "platform", "room", "timezone")} == {
        "key": "python-101",
        "name": "Python 101",
        "platform": "zoom",
        "room": "97711976001",
        "timezone": "Europe/Rome",
    }
    assert rollcall("course", "list").stdout == (
        f"{found['id']}  Python 101  (python-101, zoom 97711976001, Europe/Rome)\n"
    )


def test_lessons_are_listed_for_people_and_for_programs(rollcall: Rollcall, courses: Path, tmp_path: Path) -> None:
    rollcall("course", "import", courses)
    rollcall("course", "import", written(tmp_path, OVER, name="over.yaml"))
    every = json.loads(rollcall("lesson", "list", "--json").stdout)
    assert [each["course"] for each in every] == ["Rust 101", "Python 101", "Python 101"]
    first, second = json.loads(rollcall("lesson", "list", "--course", "Python 101", "--json").stdout)
    assert (first["planned_start"], first["planned_end"], first["state"]) == (
        "2099-11-23T17:00:00Z",
        "2099-11-23T20:00:00Z",
        "planned",
    )
    assert rollcall("lesson", "list", "--course", "Python 101").stdout == (
        f"{first['id']}  2099-11-23 18:00–21:00  Python 101  planned\n"
        f"{second['id']}  2099-12-01 18:00–21:00  Python 101  planned\n"
    )


def test_lessons_of_a_course_that_is_not_there_are_refused(rollcall: Rollcall) -> None:
    refused = rollcall("lesson", "list", "--course", "Cobol")
    assert isinstance(refused.exception, NotFound)
    assert str(refused.exception) == "There is no course 'Cobol': `rollcall course list` shows them."
