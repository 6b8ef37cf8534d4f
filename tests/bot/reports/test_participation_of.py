"""What the participation report says of a presence check that was played from its start to its end."""

from typing import Any

import pytest

from bot.attendance.checks.settings import CheckSettings, Template
from bot.reports.participation import Participation
from bot.reports.participation_of import participation_of
from tests.builders import ADA, BOB, a_lesson, at, facts, replace
from tests.check_story import BY_THE_CLOCK, CheckStory


def report_of(story: CheckStory, **changes: Any) -> Participation:
    known = facts(lesson=story.lesson, **changes)
    return participation_of(
        replace(known, logging=story.logging),
        story.check,
        zone="Europe/Rome",
        history_hash="9c" * 32,
        now=at(180),
    )


def marks_of(report: Participation, name: str) -> list[Any]:
    (participant,) = (each for each in report.participants if each.name == name)
    return [mark and (mark.state, mark.at, mark.is_accepted) for mark in participant.marks]


@pytest.fixture
def story() -> CheckStory:
    """Asked after 10, 30 and 50 minutes; Ada confirms each, Bob only the first."""
    played = CheckStory(lesson=a_lesson(minutes=180, title="Python 101"))
    played.class_is_in()
    played.enable(0, BY_THE_CLOCK)
    for number, minute in enumerate((10, 30, 50), start=1):
        played.press(ADA, minute + 1, number=number)
        if number == 1:
            played.press(BOB, minute + 2, number=number)
    played.until(60)
    played.disable(60)
    return played


def test_it_says_when_each_was_asked_and_what_each_answered(story: CheckStory) -> None:
    report = report_of(story)
    assert [opened for opened, _ in report.checkpoints] == [at(10), at(30), at(50)]
    assert marks_of(report, "Ada Lovelace") == [("confirmed", at(minute), False) for minute in (11, 31, 51)]
    assert marks_of(report, "Bob Kahn") == [
        ("confirmed", at(12), False),
        ("missed", None, False),
        ("missed", None, False),
    ]


def test_it_begins_when_the_check_began_and_ends_when_nobody_was_asked_any_more(story: CheckStory) -> None:
    report = report_of(story)
    assert (report.start, report.end, report.made_at) == (at(0), at(60), at(60))


def test_the_verdict_of_each_is_that_of_the_rule(story: CheckStory) -> None:
    told = [
        (each.name, each.passed, each.countable, each.needed, each.has_passed) for each in report_of(story).participants
    ]
    assert told == [("Ada Lovelace", 3, 3, 3, True), ("Bob Kahn", 1, 3, 3, False)]


def test_a_late_answer_is_shown_as_late_also_when_a_trainer_let_it_count() -> None:
    late = CheckStory(lesson=a_lesson(minutes=180))
    late.class_is_in()
    late.enable(0, BY_THE_CLOCK)
    late.press(ADA, 11)
    late.until(16)
    late.press(BOB, 17)
    assert marks_of(report_of(late), "Bob Kahn")[0] == ("late", at(17), False)
    late.accept(BOB, 18)
    assert marks_of(report_of(late), "Bob Kahn")[0] == ("late", at(17), True)


def test_the_seed_is_told_where_it_chose_the_moments(story: CheckStory) -> None:
    report = report_of(story)
    assert (report.seed, report.seed_hash) == (story.check.seed, story.check.seed_hash)
    asked_at_once = CheckStory(lesson=a_lesson(minutes=180))
    asked_at_once.class_is_in()
    asked_at_once.check_now(5)
    assert (report_of(asked_at_once).seed, report_of(asked_at_once).seed_hash) == ("", "")


def test_who_was_erased_is_known_by_id_alone(story: CheckStory) -> None:
    (unknown, *_) = sorted(report_of(story, roster=[]).participants, key=lambda each: each.beside)
    assert (unknown.name, unknown.beside) == ("", "ada")


def test_who_joined_later_was_not_asked_before() -> None:
    played = CheckStory(lesson=a_lesson(minutes=180))
    played.class_is_in()
    played.enable(
        0, CheckSettings(template=Template.CUSTOM, initial=BY_THE_CLOCK.initial, interval=BY_THE_CLOCK.interval)
    )
    played.leaves(BOB, 5)
    played.press(ADA, 11)
    played.until(16)
    played.joins(BOB, 20)
    played.press(ADA, 31, number=2)
    played.press(BOB, 32, number=2)
    assert [mark is None for mark in marks_of(report_of(played), "Bob Kahn")] == [True, False]


def test_what_a_trainer_decides_after_the_end_makes_another_version(story: CheckStory) -> None:
    assert report_of(story).version == 1
    story.waive(BOB, 70, number=2)
    assert (report_of(story).version, report_of(story).made_at) == (2, at(70))
    story.waive(BOB, 75, number=3)
    assert (report_of(story).version, report_of(story).made_at) == (3, at(75))


def test_what_a_trainer_decides_while_it_runs_makes_none() -> None:
    played = CheckStory(lesson=a_lesson(minutes=180))
    played.class_is_in()
    played.enable(0, BY_THE_CLOCK)
    played.press(ADA, 11)
    played.waive(BOB, 20)
    played.disable(40)
    assert report_of(played).version == 1
