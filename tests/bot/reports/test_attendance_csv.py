"""The sheet as CSV: the whole text, and names that would be formulas."""

import csv
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.attendance.attendance import sheet_of
from bot.reports.attendance_csv import attendance_csv
from bot.reports.harmless import harmless
from tests.builders import ADA, BOB, EVE, GRACE, INSPECTOR, an_ended_lesson, at, facts, replace, stay

HEADER = (
    "name,email,role,first_joined_at,last_left_at,late_by_seconds,attended_planned_seconds,"
    "attended_held_seconds,percent_planned,percent_held,flags,verdict"
)


def test_the_whole_text():
    told = facts(
        stay(GRACE, 0, 60),
        stay(ADA, 0, 60),
        stay(BOB, 7, 50),
        stay(EVE, 0, 30),
        stay(INSPECTOR, 10, 20),
        lesson=an_ended_lesson(),
        roster=(ADA, BOB, GRACE, replace(INSPECTOR, name="Inspector, the")),
        known=(EVE,),
    )
    assert attendance_csv(sheet_of(told, now=at(100))).split("\r\n") == [
        HEADER,
        "Ada Lovelace,ada@example.com,student,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,0,3600,3600,100.0,100.0,,validated",
        "Bob Kahn,bob@example.com,student,2026-03-02T09:07:00Z,2026-03-02T09:50:00Z,420,2580,2580,71.6,71.6,late left_early,partial",
        "Grace Hopper,grace@example.com,trainer,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,0,3600,3600,100.0,100.0,,",
        "Eve Clark,eve@example.com,not_enrolled,2026-03-02T09:00:00Z,2026-03-02T09:30:00Z,0,1800,1800,50.0,50.0,,",
        '"Inspector, the",inspector@example.com,observer,2026-03-02T09:10:00Z,2026-03-02T09:20:00Z,600,600,600,16.6,16.6,,',
        "",
    ]


def test_what_there_is_not_is_empty():
    rows = attendance_csv(sheet_of(facts(lesson=an_ended_lesson(), roster=(ADA,)), now=at(100))).splitlines()
    assert rows[1] == "Ada Lovelace,ada@example.com,student,,,,0,0,0.0,,,not_held"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("＝1", "'＝1"),
        ("Anna-Maria", "Anna-Maria"),
        ("O'Hara", "O'Hara"),
        ("李雷", "李雷"),
    ],
)
def test_a_name_is_never_a_formula(name, written):
    assert harmless(name) == written


@given(st.text(max_size=12))
@example('=cmd|"/C calc"!A0')
@example("a\r\n=1")
def test_any_name_is_one_cell_that_computes_nothing(name):
    told = facts(lesson=an_ended_lesson(), roster=(replace(ADA, name=name, email=name),))
    text = attendance_csv(sheet_of(told, now=at(100)))
    _, row = csv.reader(StringIO(text, newline=""))
    assert row[0].removeprefix("'") == name.removeprefix("'")
    assert not row[0].lstrip().startswith(("=", "+", "-", "@"))
    assert not row[1].lstrip().startswith(("=", "+", "-", "@"))
