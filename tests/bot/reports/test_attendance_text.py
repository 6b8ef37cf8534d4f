"""The sheet for a terminal: the whole text."""

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.inside import Inside, Shown
from bot.attendance.lessons import FeedFacts, Person, Role
from bot.reports.attendance_text import attendance_text
from bot.text import width_of
from tests.builders import ADA, BOB, GRACE, an_ended_lesson, at, facts, stay

NAMELESS = Person(id="long", name="A name that is much too long for any terminal", role=Role.STUDENT)


def test_the_whole_text():
    told = facts(
        stay(GRACE, 0, 60),
        stay(ADA, 0, 60),
        stay(BOB, 7, 50),
        stay("iPad", 0, 48),
        lesson=an_ended_lesson(),
        roster=(ADA, BOB, GRACE, NAMELESS),
    )
    assert attendance_text(sheet_of(told, now=at(100)), zone="Europe/Rome").splitlines() == [
        "Python 101  2026-03-02 10:00–11:00 Europe/Rome",
        "provisional · confirmed · feed proven · held 1 h 00 of 1 h 00",
        "1 of 3 students attended",
        "",
        "  A name that is much too long for      –––          0 min    0.0 %  absent",
        "  Ada Lovelace                      10:00–11:00     1 h 00  100.0 %  validated",
        "  Bob Kahn                          10:07–10:50     43 min   71.6 %  partial late left_early",
        "  Grace Hopper                      10:00–11:00     1 h 00  100.0 %  trainer",
        "? iPad                              48 min",
    ]


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (Shown(asked_at=at(4), answered_at=at(1), inside=Inside(people=3)), "asked at 10:01 who is in: 3 in the room"),
        (Shown(asked_at=at(4), error="Zoom refused."), "asked at 10:04 who is in: Zoom refused."),
        (Shown(asked_at=at(4)), "0 of 2 students attended"),
        (None, "0 of 2 students attended"),
    ],
)
def test_what_a_platform_said_when_it_was_asked_who_is_in_stands_under_the_feed(shown: Shown | None, line: str):
    told = facts(lesson=an_ended_lesson(), feed=FeedFacts(shown=shown))
    sheet = sheet_of(told, now=at(100))
    assert attendance_text(sheet, zone="Europe/Rome", shown=shown).splitlines()[2] == line


def test_columns_stand_under_each_other_in_every_script():
    names = ("欧阳娜娜", "Ada Lovelace", "Zoe\u0308 Kay", "김아다" * 8)
    people = [Person(id=name, name=name, role=Role.STUDENT) for name in names]
    told = facts(stay(GRACE, 0, 60), lesson=an_ended_lesson(), roster=(GRACE, *people))
    lines = attendance_text(sheet_of(told, now=at(100)), zone="UTC").splitlines()[4:]
    assert len({width_of(line[: line.index("–")]) for line in lines if "absent" in line}) == 1


def test_without_a_denominator_there_is_no_percentage():
    text = attendance_text(sheet_of(facts(lesson=an_ended_lesson(), roster=(ADA,)), now=at(100)), zone="UTC")
    assert text.endswith("–  not_held\n")
