"""`rollcall lesson show`: one lesson for people, programs and spreadsheets."""

import json
from pathlib import Path

import pytest

from tests.handlers.cli.conftest import Type


@pytest.fixture
def lesson(type_: Type, course_file: Path) -> str:
    """The id of the one lesson of the one course."""
    assert type_("course", "import", course_file).code == 0
    (found,) = json.loads(type_("lesson", "list", "--json").out)
    return str(found["id"])


def test_a_lesson_is_shown_as_text_for_people(type_: Type, lesson: str) -> None:
    shown = type_("lesson", "show", lesson)
    assert shown.code == 0
    assert shown.out.startswith("Python 101  2026-11-23 18:00–21:00 Europe/Rome\n")
    assert "Ada Lovelace" in shown.out


def test_a_lesson_is_shown_as_the_object_of_the_http_api(type_: Type, lesson: str) -> None:
    shown = json.loads(type_("lesson", "show", lesson, "--format", "json").out)
    assert (shown["lesson"]["id"], shown["people"][0]["name"]) == (lesson, "Ada Lovelace")
    assert [shown["lesson"]] == json.loads(type_("lesson", "list", "--json").out)


def test_a_file_takes_what_the_terminal_would_have_shown(type_: Type, lesson: str, tmp_path: Path) -> None:
    shown = type_("lesson", "show", lesson, "--format", "csv").out
    assert shown.startswith("name,email,role,first_joined_at,last_left_at,late_by_seconds,")
    written = type_("lesson", "show", lesson, "--format", "csv", "-o", "sheet.csv")
    assert (written.code, written.out) == (0, "Written to sheet.csv.\n")
    assert (tmp_path / "sheet.csv").read_bytes().decode().splitlines() == shown.splitlines()


def test_a_file_that_cannot_be_written_is_named(type_: Type, lesson: str) -> None:
    refused = type_("lesson", "show", lesson, "-o", "nowhere/sheet.txt")
    assert (refused.code, refused.err) == (
        2,
        "-o nowhere/sheet.txt: it cannot be written (No such file or directory); give another file.\n",
    )


def test_a_lesson_that_is_not_there_is_refused_with_where_to_look(type_: Type) -> None:
    refused = type_("lesson", "show", "nope")
    assert (refused.code, refused.err) == (2, "There is no lesson 'nope': `rollcall lesson list` shows the ids.\n")


@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_documents_are_written_into_files(type_: Type, lesson: str, tmp_path: Path, form: str, begins: bytes) -> None:
    written = type_("lesson", "show", lesson, "--format", form, "--language", "de", "-o", f"sheet.{form}")
    assert (written.code, written.out) == (0, f"Written to sheet.{form}.\n")
    assert (tmp_path / f"sheet.{form}").read_bytes().startswith(begins)


def test_a_document_is_not_thrown_at_a_terminal(type_: Type, lesson: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    refused = type_("lesson", "show", lesson, "--format", "pdf")
    assert (refused.code, refused.err) == (2, "--format pdf: a terminal cannot show it; name a file with -o.\n")


def test_a_language_that_documents_are_not_in_is_refused(type_: Type, lesson: str) -> None:
    refused = type_("lesson", "show", lesson, "--format", "csv", "--language", "it")
    assert (refused.code, refused.err) == (2, "--language it: there is en and de.\n")


def test_a_format_that_nobody_knows_is_refused(type_: Type) -> None:
    assert "--format doc: there is no such format" in type_("lesson", "show", "any", "--format", "doc").err
