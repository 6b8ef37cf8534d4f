"""The command line as it is typed: the whole program, with an environment of its own and no `.env`."""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot import __main__ as program

COURSE = """courses:
  - name: Python 101
    channel: "#python-101"
    timezone: Europe/Rome
    platform: zoom
    room: "97711976001"
    schedule: [{start: 2026-11-23T18:00, end: 2026-11-23T21:00}]
    trainers: [{name: Grace Hopper, email: grace@example.com}]
    students: [{name: Ada Lovelace, email: ada@example.com}]
"""


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


Type = Callable[..., Answer]


@pytest.fixture
def type_(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Type]:
    """Types `rollcall …` in an empty folder; settings are given by name."""
    for name in (*program.os.environ,):
        if name.startswith(("SLACK_", "ROLLCALL_", "ZOOM_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    handlers = logging.root.handlers[:]

    def type_command(*words: str | Path, **settings: str) -> Answer:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["rollcall", *map(str, words)])
            for name, value in settings.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                program.main()
        said = capsys.readouterr()
        return Answer(code=int(ended.value.code or 0), out=said.out, err=said.err)

    yield type_command
    logging.root.handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture
def course_file(tmp_path: Path) -> Path:
    file = tmp_path / "courses.yaml"
    file.write_text(COURSE)
    return file
