"""A wrong or missing value anywhere: one clear sentence, exit code 2, nothing changed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.handlers.cli.conftest import Type

NOBODY_ANSWERS = "postgresql+asyncpg://rollcall:hunter2@127.0.0.1:1/rollcall"


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("serve", "--bogus"),
        ("demo", "--speed", "fast"),
        ("lesson", "show"),
        ("replay",),
        ("course", "import"),
    ],
)
def test_what_is_no_command_of_ours_ends_with_2_and_leads_to_help(type_: Type, words: tuple[str, ...]) -> None:
    refused = type_(*words)
    assert refused.code == 2
    assert "--help" in refused.err
    assert "Traceback" not in refused.err


def test_help_names_every_command(type_: Type) -> None:
    shown = type_("--help")
    assert shown.code == 0
    assert all(f" {name} " in shown.out for name in ("serve", "demo", "course", "lesson", "replay", "doctor", "db"))


@pytest.mark.parametrize("words", [("db", "upgrade"), ("course", "list"), ("lesson", "list"), ("lesson", "show", "x")])
def test_a_database_where_nobody_answers_is_one_sentence_without_its_password(
    type_: Type, words: tuple[str, ...]
) -> None:
    refused = type_(*words, ROLLCALL_DATABASE_URL=NOBODY_ANSWERS)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "The database cannot be used (Connection refused): is it running, and is ROLLCALL_DATABASE_URL right?\n"
    )


@pytest.mark.parametrize("of", ["u:hunter2/x", "u:hun:ter2/x", "u:pw@host:port/x"])
def test_a_database_url_that_cannot_be_read_is_one_sentence_without_its_password(type_: Type, of: str) -> None:
    refused = type_("course", "list", ROLLCALL_DATABASE_URL=f"postgresql+asyncpg://{of}")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("ROLLCALL_DATABASE_URL cannot be read: write postgresql+asyncpg://USER:PASSWORD@HOST")
    assert "ter2" not in refused.err


def test_a_database_file_in_a_folder_that_is_not_there_says_what_to_look_at(type_: Type) -> None:
    refused = type_("course", "list", ROLLCALL_DATABASE_URL="sqlite+aiosqlite:////nowhere/x.db")
    assert refused.code == 2
    assert "unable to open database file" in refused.err
    assert "may this user write to the file and its folder?" in refused.err


def test_flags_do_not_ask_for_a_value_in_the_help(type_: Type) -> None:
    shown = type_("demo", "--help").out
    assert "--headless" in shown
    assert "--speed N" in shown
    assert "bool" not in shown


def test_a_file_that_is_no_database_is_left_as_it_is(type_: Type, tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Ada, " * 200)
    refused = type_("course", "list", ROLLCALL_DATABASE_URL=f"sqlite+aiosqlite:///{file}")
    assert refused.code == 2
    assert "file is not a database" in refused.err
    assert file.read_bytes() == b"Dear Ada, " * 200


def test_a_wrong_setting_is_named_by_every_command_that_reads_it(type_: Type) -> None:
    refused = type_("course", "list", ROLLCALL_PORT="http")
    assert (refused.code, refused.err) == (
        2,
        'ROLLCALL_PORT: "http" is no port: give a whole number from 0 to 65535\n',
    )


def test_ctrl_c_while_it_is_still_loading_is_one_line(course_file: Path) -> None:
    words = ("-X", "importtime", "-m", "bot", "course", "import", str(course_file))
    command = subprocess.Popen(
        [sys.executable, *words], stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3], env={}
    )
    assert command.stderr is not None
    for line in command.stderr:
        if line.endswith("| bot\n"):
            break
    command.send_signal(signal.SIGINT)
    *_, last = command.communicate()[1].splitlines()
    assert last == "Interrupted."
    assert command.returncode == -signal.SIGINT, "which a shell shows as 130"
