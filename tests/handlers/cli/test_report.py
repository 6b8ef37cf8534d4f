"""`rollcall report`: a course over a period, for people, programs and spreadsheets."""

import json
from pathlib import Path

import pytest

from tests.bot.reports.books import rows_of
from tests.handlers.cli.conftest import Type

PYTHON = ("report", "--course", "Python 101")


@pytest.fixture
def course(type_: Type, course_file: Path) -> None:
    assert type_("course", "import", course_file).code == 0


@pytest.mark.usefixtures("course")
def test_it_is_shown_as_text_for_people(type_: Type) -> None:
    shown = type_(*PYTHON)
    assert shown.code == 0
    assert shown.out.startswith("Python 101  whole course\n0 lessons · held 0:00 of 0:00 · attended –\n")
    assert "  Ada Lovelace  " in shown.out


@pytest.mark.usefixtures("course")
def test_it_is_shown_as_the_object_of_the_http_api(type_: Type) -> None:
    shown = json.loads(type_(*PYTHON, "--from", "2026-11-01", "--to", "2026-12-01", "--format", "json").out)
    assert (shown["from"], shown["to"], shown["course"]["name"]) == ("2026-11-01", "2026-12-01", "Python 101")
    assert [(each["name"], each["to_come_seconds"] in {0, 10_800}) for each in shown["students"]] == [
        ("Ada Lovelace", True)
    ]


@pytest.mark.usefixtures("course")
def test_a_period_may_be_given_in_words(type_: Type) -> None:
    shown = json.loads(type_(*PYTHON, "--period", "2026-11", "--format", "json").out)
    assert (shown["from"], shown["to"]) == ("2026-11-01", "2026-12-01")


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_files_take_documents(type_: Type, tmp_path: Path, form: str) -> None:
    assert type_(*PYTHON, "--format", form, "-o", f"report.{form}").out == f"Written to report.{form}.\n"
    written = (tmp_path / f"report.{form}").read_bytes()
    if form == "csv":
        assert written.startswith(b"name,email,lessons,")
    elif form == "xlsx":
        assert [row["Person"] for row in rows_of(written, "Students")] == ["Ada Lovelace"]
    else:
        assert written.startswith(b"%PDF-")


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "yesterday"), "--from yesterday: it is not a date; write it as 2026-11-23."),
        (
            ("--from", "2026-11-23", "--to", "2026-11-23"),
            "--from, --to: there is no day from 2026-11-23 to before 2026-11-23.",
        ),
        (("--period", "soon"), "--period soon: write it as last week, this month, 2026-11, 2026-11-02..2026-11-27."),
        (("--period", "2026-11", "--to", "2026-11-23"), "--period: give either words or --from and --to."),
        (("--format", "png"), "--format png: there is no such format; give text, json, csv, xlsx or pdf."),
    ],
)
def test_what_is_wrong_is_said_with_its_name(type_: Type, words: tuple[str, ...], said: str) -> None:
    refused = type_(*PYTHON, *words)
    assert (refused.code, refused.err.strip()) == (2, said)


def test_a_course_that_is_not_there_is_refused_with_where_to_look(type_: Type) -> None:
    refused = type_("report", "--course", "Cobol")
    assert (refused.code, refused.err) == (2, "There is no course 'Cobol': `rollcall course list` shows them.\n")


@pytest.mark.usefixtures("course")
def test_sessions_are_those_of_a_room_on_100ms(type_: Type) -> None:
    refused = type_(*PYTHON, "--sessions")
    assert (refused.code, refused.err) == (
        2,
        "Python 101 is not on 100ms but on zoom: it has no such sessions.\n",
    )
    assert (
        "--format pdf: there is no such format; give csv or xlsx."
        in type_(*PYTHON, "--sessions", "--format", "pdf").err
    )
