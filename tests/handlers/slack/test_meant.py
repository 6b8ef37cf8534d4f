"""Which lesson and which student somebody means."""

from datetime import timedelta

import pytest

from bot.attendance.lessons import LessonState
from handlers.slack.meant import Which, named, near, similar
from storage.door import KnownLesson, KnownStudent
from tests.builders import Moment, at


def a_lesson(
    id_: str, start: Moment, *, course: str = "python", state: LessonState = LessonState.PLANNED
) -> KnownLesson:
    begins = at(start)
    return KnownLesson(
        id=id_,
        course_id=course,
        title=course,
        zone="UTC",
        planned_start=begins,
        planned_end=begins + timedelta(hours=1),
        state=state,
    )


LAST_WEEK = a_lesson("last week", -7 * 24 * 60, state=LessonState.RECONCILED)
TODAY = a_lesson("today", 0, state=LessonState.LIVE)
NEXT_WEEK = a_lesson("next week", 7 * 24 * 60)
ALL = [LAST_WEEK, TODAY, NEXT_WEEK]


def meant(which: Which, minute: float) -> list[str]:
    return [lesson.id for lesson in near(ALL, which, at(minute))]


@pytest.mark.parametrize(
    ("minute", "running", "running_or_last", "running_or_next", "ended"),
    [
        (-60, [], ["last week"], ["today"], ["last week"]),
        (-30, ["today"], ["last week"], ["today"], ["last week"]),
        (0, ["today"], ["today"], ["today"], ["last week"]),
        (30, ["today"], ["today"], ["today"], ["last week"]),
        (60, [], ["today"], ["next week"], ["today"]),
    ],
)
def test_the_lesson_that_is_meant_follows_the_time(
    minute: float, running: list[str], running_or_last: list[str], running_or_next: list[str], ended: list[str]
) -> None:
    assert meant(Which.RUNNING, minute) == running
    assert meant(Which.RUNNING_OR_LAST, minute) == running_or_last
    assert meant(Which.RUNNING_OR_NEXT, minute) == running_or_next
    assert meant(Which.ENDED, minute) == ended


def test_a_lesson_that_ended_early_is_over_though_its_hour_is_not() -> None:
    ended_early = a_lesson("today", 0, state=LessonState.PROVISIONAL)
    lessons = [LAST_WEEK, ended_early, NEXT_WEEK]
    assert near(lessons, Which.ENDED, at(30)) == [ended_early]
    assert near(lessons, Which.RUNNING, at(30)) == []
    assert near(lessons, Which.RUNNING_OR_NEXT, at(30)) == [NEXT_WEEK]


def test_each_course_offers_one_lesson() -> None:
    history = a_lesson("history", 10, course="history", state=LessonState.LIVE)
    assert near([*ALL, history], Which.RUNNING, at(30)) == [TODAY, history]


def test_a_course_without_lessons_offers_none() -> None:
    assert all(near([], which, at(0)) == [] for which in Which)
    assert near([NEXT_WEEK], Which.RUNNING_OR_LAST, at(0)) == []
    assert near([LAST_WEEK], Which.RUNNING_OR_NEXT, at(0)) == []
    assert near([NEXT_WEEK], Which.ENDED, at(0)) == []


def student(name: str) -> KnownStudent:
    return KnownStudent(person_id=name.lower(), name=name, slack_user_id="", course_id="python")


BOB_STONE, BOB_KAHN, ADA = student("Bob Stone"), student("Bob Kahn"), student("Ada Lovelace")
STUDENTS = [ADA, BOB_KAHN, BOB_STONE]


def test_a_full_name_means_one_person() -> None:
    assert named("bob  stone", STUDENTS) == [BOB_STONE]


def test_a_part_of_a_name_means_everybody_who_has_it() -> None:
    assert named("Bob", STUDENTS) == [BOB_KAHN, BOB_STONE]
    assert named("lovelace", STUDENTS) == [ADA]


def test_a_full_name_wins_over_longer_ones() -> None:
    assert named("Bob Kahn", [*STUDENTS, student("Bob Kahn Junior")]) == [BOB_KAHN]


def test_nobody_is_meant_by_a_name_that_is_only_similar_but_it_is_suggested() -> None:
    assert named("Bob Ston", STUDENTS) == []
    assert named("", STUDENTS) == []
    assert similar("Bob Ston", STUDENTS)[0] == "Bob Stone"
    assert similar("xyzzy", STUDENTS) == []
