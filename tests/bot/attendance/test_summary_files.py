"""The documents in the summary's thread: wherever it stands with names, of the newest version, without haste."""

from datetime import timedelta
from typing import Any

import pytest

from bot.attendance.lessons import CorrectionKind, LessonFacts, LessonState
from bot.attendance.summary_files import BETWEEN, CALM
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    a_lesson,
    at,
    correction,
    facts,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
)
from tests.fakes.lesson_watch import LessonWatch, watched

PLANNED = a_lesson(state=LessonState.PLANNED)
FILES, SUMMARY = MessageKind.SUMMARY_FILES, MessageKind.SUMMARY
AFTER = 90


def an_hour(**changes: Any) -> LessonFacts:
    return facts(
        session_started(),
        the_trainer(-10, 60),
        stay(ADA, 0, 60),
        stay(BOB, 20, 60),
        session_ended(at=60),
        **{"lesson": PLANNED, **changes},
    )


def places(watch: LessonWatch) -> list[str]:
    return sorted(recipient for kind, recipient in watch.contents if kind == FILES.value)


def test_they_are_of_the_version_that_the_summary_shows() -> None:
    watch = watched(an_hour(), until=AFTER)
    summary, files = (watch.standing(kind, PLANNED.channel) for kind in (SUMMARY, FILES))
    assert summary is not None
    assert files is not None
    assert (files["version"], files["sha256"]) == (summary["version"], summary["sha256"])


def test_while_the_lesson_runs_there_are_none() -> None:
    assert places(watched(an_hour(), until=59)) == []


@pytest.mark.parametrize(
    ("staff_channel", "summary_names", "where"),
    [
        ("", True, [PLANNED.channel]),
        ("", False, []),
        ("C0STAFF", True, ["C0STAFF"]),
        ("C0STAFF", False, ["C0STAFF"]),
    ],
)
def test_they_stand_only_where_names_may_stand(staff_channel: str, summary_names: bool, where: list[str]) -> None:
    lesson = replace(PLANNED, staff_channel=staff_channel, policy=replace(PLANNED.policy, summary_names=summary_names))
    assert places(watched(an_hour(lesson=lesson), until=AFTER)) == where


def test_they_come_when_the_end_has_calmed_down_and_are_exchanged_seldom() -> None:
    watch = watched(an_hour(), until=AFTER)
    assert watch.decision is not None
    (wanted,) = (each for each in watch.decision.wanted if each.kind is FILES)
    assert wanted.due_at >= at(60) + CALM
    assert timedelta(seconds=wanted.edit_gap_seconds) == BETWEEN
    assert wanted.not_after is None


def test_a_correction_makes_others_of_them() -> None:
    excused = correction(CorrectionKind.EXCUSED, BOB, at=80)
    before, after = (watched(an_hour(corrections=[excused]), until=until) for until in (79, 81))
    contents = [watch.standing(FILES, PLANNED.channel) for watch in (before, after)]
    assert [content and content["version"] for content in contents] == [1, 2]


def test_while_the_lesson_goes_on_again_nothing_newer_takes_their_place() -> None:
    ended_early = facts(
        session_started(),
        the_trainer(-10, 40),
        stay(ADA, 0, 40),
        session_ended(at=40),
        session_started(at=55, session="two"),
        stay(ADA, 55, 60, session="two"),
        lesson=PLANNED,
    )
    watch = LessonWatch.of(ended_early)
    watch.until(54)
    before = watch.standing(FILES, PLANNED.channel)
    watch.until(57)
    summary = watch.standing(SUMMARY, PLANNED.channel)
    assert summary is not None
    assert summary["state"] == "live"
    assert before is not None
    assert watch.standing(FILES, PLANNED.channel) == before


def test_of_a_lesson_that_was_over_before_it_was_imported_there_are_none() -> None:
    assert places(watched(an_hour(lesson=replace(PLANNED, is_silent=True)), until=AFTER)) == []
