"""`rollcall demo`: a lesson to watch, and to compare with what is written."""

import asyncio
import re
import signal
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from handlers.cli.demo_text import DOES, aligned, introduction, stage_direction
from sandbox.scenario_file import load, names
from sandbox.story import Line
from tests.handlers.cli.conftest import Type

ROOT = Path(__file__).parents[3]
FIRST = load("first-lesson")


def test_every_story_is_listed_with_its_title(type_: Type) -> None:
    listed = type_("demo", "--list").out.splitlines()
    assert [line.split()[0] for line in listed] == names()
    assert all(load(line.split()[0]).title in line for line in listed)


def test_without_a_page_a_story_is_told_line_by_line_and_compared(type_: Type) -> None:
    played = type_("demo", "--headless", "--scenario", "on-time")
    *told, verdict = played.out.splitlines()
    assert (played.code, verdict) == (0, "on-time: the story came out as written.")
    assert told
    assert all(re.fullmatch(r"\d\d:\d\d  zoom  \S.*  \S.*", line) for line in told)


def test_a_word_that_is_still_to_be_heard_is_left_open_where_it_is_typed() -> None:
    story = load("presence-check")
    typed = [stage_direction(story, step) for step in story.happens if "heard" in step.options]
    assert [line.split("(")[1] for line in typed if line] == ["Chiara Bianchi types /presence confirm … in Slack)"]


def test_it_reads_no_setting_of_the_environment(type_: Type) -> None:
    played = type_(
        "demo", "--headless", "--scenario", "on-time", ROLLCALL_DATABASE_URL="postgresql+asyncpg://x@127.0.0.1:1/x"
    )
    assert played.code == 0


def test_beside_a_page_a_speed_that_outruns_what_has_to_be_done_is_refused_and_the_way_to_the_end_is_named(
    type_: Type,
) -> None:
    refused = type_("demo", "--speed", "601")
    assert (refused.code, refused.out) == (2, "")
    assert "up to 600" in refused.err
    assert "--headless" in refused.err


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "1e30"])
def test_a_speed_at_which_nothing_can_be_played_is_refused(type_: Type, speed: str) -> None:
    refused = type_("demo", "--speed", speed)
    assert (refused.code, refused.out) == (2, "")
    assert "give a number above 0" in refused.err


def test_a_story_that_nobody_wrote_is_refused_with_those_there_are(type_: Type) -> None:
    refused = type_("demo", "--scenario", "nope")
    assert refused.code == 2
    assert "there is no scenario nope" in refused.err
    assert "first-lesson" in refused.err


def test_who_watches_is_told_first_who_is_who() -> None:
    shown = introduction(FIRST, begins_at=FIRST.begins_at, speed=60)
    assert "A minute of the lesson lasts 1 s" in shown
    assert "a classroom on Zoom" in shown
    assert re.search(r"^Trainer: +Grace Hopper$", shown, flags=re.MULTILINE)
    assert re.search(r"^Students: +Ada Lovelace, Bob Stone, ", shown, flags=re.MULTILINE)


def test_messages_stand_below_each_other_whatever_script_the_name_is_in() -> None:
    starts = set()
    for handle in ("ada", "mei", "noor", "#python-101"):
        line = aligned(FIRST, Line(at=FIRST.starts_at, to=handle, kind="posted", text="Hello", whole="Hello"))
        starts.add(cell_len(line.removesuffix("Hello")))
    assert len(starts) == 1


def test_every_step_of_every_story_can_be_said() -> None:
    for name in names():
        story = load(name)
        said = [stage_direction(story, step) for step in story.happens if step.verb in DOES]
        assert all(line is not None and re.match(r"\d\d:\d\d {8,9}\(\S.*\)$", line) for line in said)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
async def test_stopped_in_the_middle_it_cleans_up_and_ends_well(told: signal.Signals, tmp_path: Path) -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--speed",
        "300",
        env={"TMPDIR": str(tmp_path)},
        stdout=-1,
        stderr=-1,
        cwd=ROOT,
    )
    assert demo.stdout is not None
    assert re.fullmatch(rb"Look at http://127\.0\.0\.1:\d+/[\w-]{24,}/\n", await demo.stdout.readline())
    while b"  zoom  " not in await demo.stdout.readline():
        pass
    demo.send_signal(told)
    out, err = await demo.communicate()
    assert (demo.returncode, err) == (0, b"")
    assert out.endswith(b"The demo is over; nothing of it is kept.\n")
    assert nothing_is_left(tmp_path)


def nothing_is_left(folder: Path) -> bool:
    return not any(folder.iterdir())
