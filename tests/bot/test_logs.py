"""The log: one event name and fields a line, for a person or for a machine."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Logging is the process's: give it back as it was found."""
    root, alarms = logging.getLogger(), logging.getLogger("apscheduler")
    handlers, level, loudness = root.handlers[:], root.level, alarms.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    alarms.setLevel(loudness)
    structlog.reset_defaults()


def test_for_a_machine_each_line_is_an_object(capsys):
    set_up("json")
    structlog.get_logger().info("delivery_kept", delivery=7)
    written = json.loads(capsys.readouterr().err)
    assert (written["event"], written["delivery"], written["level"]) == ("delivery_kept", 7, "info")
    assert written["timestamp"].endswith("Z")


def test_for_a_person_each_line_names_the_event_and_its_fields(capsys):
    set_up("console")
    structlog.get_logger().info("delivery_kept", delivery=7)
    (line,) = capsys.readouterr().err.splitlines()
    assert "delivery_kept" in line
    assert "delivery=7" in line


def test_nothing_below_its_level_is_written(capsys):
    set_up("json", level=logging.WARNING)
    structlog.get_logger().info("delivery_kept")
    assert capsys.readouterr().err == ""


def test_an_error_is_written_with_where_it_came_from(capsys):
    set_up("json")
    structlog.get_logger().error("lesson_not_decided", exc_info=LookupError("nothing here"))
    (found,) = json.loads(capsys.readouterr().err)["exception"]
    assert (found["exc_type"], found["exc_value"]) == ("LookupError", "nothing here")


def test_a_late_alarm_is_no_news():
    set_up("json")
    assert not logging.getLogger("apscheduler").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_names_lines_and_never_the_values_of_variables(log_format, capsys):
    set_up(log_format)

    def fails(name: str) -> None:
        raise ValueError(len(name))

    try:
        fails("Ada " + "Lovelace")
    except ValueError:
        structlog.get_logger().exception("tick_failed")
    written = capsys.readouterr().err
    assert "fails" in written
    assert "Ada Lovelace" not in written
