"""The README lists every setting, every command and every policy key, and `.env.example` every setting."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.settings import Settings
from bot.timetable import policy
from handlers.cli.commands import command_line
from handlers.platforms import VARIABLES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = {name for kind in (Settings, *VARIABLES.values()) for name in kind.variables()}
POLICY_KEYS = {*policy._READERS, policy._STEPS, policy._HOST_ROLES}


def test_the_table_of_settings_is_that_of_the_program() -> None:
    assert _first_column("Settings") == SETTINGS


def test_the_example_of_an_environment_has_every_setting_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, flags=re.MULTILINE)) == SETTINGS


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    told = {re.sub(r" [\[A-Z-].*", "", each) for each in _first_column("On the command line")}
    assert told == {f"rollcall {path}" for path in _commands(get_command(command_line()))}


def test_the_table_of_the_policy_is_that_of_the_course_file() -> None:
    assert _first_column("The course file") == POLICY_KEYS


@pytest.mark.parametrize("default", [("late_grace", "5m"), ("minimum", "90%"), ("tell_trainer_after", "10m")])
def test_a_default_in_the_readme_is_the_default_of_the_program(default: tuple[str, str]) -> None:
    key, value = default
    assert policy._READERS[key](value) == getattr(policy.Policy(), key)
    assert re.search(rf"\| `{key}`.* \| `{value}` \|", README)


def _first_column(heading: str) -> set[str]:
    """What stands in backquotes in the first column of the table under a heading that begins so."""
    section = README.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (`.*?) (?<!\\)\| ", section, flags=re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def _commands(group: object, path: str = "") -> Iterator[str]:
    if not isinstance(group, TyperGroup):
        yield path
        return
    for name, command in group.commands.items():
        yield from _commands(command, f"{path} {name}".strip())
