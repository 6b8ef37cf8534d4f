"""What the README and the guide name is there: commands with their options, verbs, settings, numbers, log events."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bot.settings import Settings
from handlers.cli.commands import command_line
from handlers.platforms import VARIABLES
from handlers.slack.grammar import SYNONYMS
from tests.docs.reading import GUIDE, ROOT, code_blocks, code_spans, name_of, quoted, rows, section, text_of

PAGES = [ROOT / "README.md", *sorted(GUIDE.glob("*.md"))]
OPERATIONS = text_of(GUIDE / "operations.md")
SETTINGS = {name for kind in (Settings, *VARIABLES.values()) for name in kind.variables()}

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@each_page
def test_every_command_is_there_with_its_options(page: Path):
    assert [words for words in command_lines(text_of(page)) if not is_known(words)] == []


def test_every_command_explains_itself():
    named = {path_of(words) for page in PAGES for words in command_lines(text_of(page))} - {()}
    assert len(named) > 10
    for path in named:
        assert CliRunner().invoke(command_line(), [*path, "--help"]).exit_code == 0, path


@each_page
def test_every_verb_of_slack_is_understood(page: Path):
    verbs = {found for span in code_spans(text_of(page)) for found in re.findall(r"^/rollcall ([a-z]+)", span)}
    assert verbs - SYNONYMS.keys() == set()


@each_page
def test_every_setting_is_there(page: Path):
    prefixes = "|".join(sorted({name.split("_")[0] for name in SETTINGS}))
    named = set(re.findall(rf"\b(?:{prefixes})_[A-Z_]+\b", text_of(page)))
    assert named - SETTINGS == set()


@pytest.mark.parametrize("name", ["README.md", ".env.example"])
def test_no_setting_is_left_out(name: str):
    assert SETTINGS - set(re.findall(r"\b[A-Z_]+\b", text_of(ROOT / name))) == set()


def test_every_number_of_the_metrics_is_counted():
    counted = set(re.findall(r'"(rollcall_[a-z_]+)"', text_of(ROOT / "handlers" / "metrics.py")))
    named = {name for row in rows(section(OPERATIONS, "Metrics")) for name in re.findall(r"rollcall_[a-z_]+", row[0])}
    assert named
    assert {name.removesuffix("_total") for name in named} - counted == set()


def test_every_event_of_the_log_is_written():
    folders = ("bot", "handlers")
    sources = "".join(text_of(path) for folder in folders for path in (ROOT / folder).rglob("*.py"))
    named = {name for row in rows(section(OPERATIONS, "Logs")) for name in quoted(row[0])}
    assert named
    assert {name for name in named if f'"{name}"' not in sources} == set()


def test_every_check_of_the_doctor_is_explained_and_no_other():
    sources = "".join(text_of(path) for path in (ROOT / "handlers" / "cli").glob("*.py"))
    told = {
        name
        for row in rows(section(OPERATIONS, "Is it well?").split("What the doctor looks at:")[1].split("\nAdmins")[0])
        for name in quoted(row[0])
    }
    assert told == set(re.findall(r'\bFinding\(\s*"([a-z]+)"', sources))


def command_lines(text: str) -> Iterator[list[str]]:
    """The words of all that is written as a call of `rollcall`, without brackets and what stands behind a `#`."""
    for line in [*code_spans(text), *(line for block in code_blocks(text, "sh") for line in block.splitlines())]:
        called = re.match(r"(?:\.venv/bin/)?rollcall(?= |$)([^#…]*)", line.strip())
        if called:
            yield shlex.split(re.sub(r"[\[\]|]|\\", " ", called[1]))


@cache
def the_command() -> TyperGroup:
    command = get_command(command_line())
    assert isinstance(command, TyperGroup)
    return command


def path_of(words: list[str]) -> tuple[str, ...]:
    """The command that the words begin with, as deep as the groups go."""
    path: list[str] = []
    found: object = the_command()
    for word in words:
        if not isinstance(found, TyperGroup) or word not in found.commands:
            break
        found = found.commands[word]
        path.append(word)
    return tuple(path)


def is_known(words: list[str]) -> bool:
    """Whether there is such a command, and it knows these options."""
    path = path_of(words)
    found = the_command()
    for word in path:
        found = found.commands[word]  # type: ignore[assignment]  # the last one is no group any more
    options = {name for option in found.params for name in (*option.opts, *option.secondary_opts)}
    is_whole = not isinstance(found, TyperGroup) or len(words) == len(path)
    return is_whole and {word for word in words if re.match(r"--?[a-z]", word)} <= options | {"--help"}
