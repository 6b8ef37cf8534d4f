"""Bars of presence: on one axis, from ten minutes before the lesson to ten after it, in a thousand steps."""

from datetime import timedelta

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.sheet import Stay
from bot.reports.forms import Forms
from bot.reports.timeline import Scale, axis, bar
from tests.builders import ADA, an_ended_lesson, at, during, facts, replace, stay, the_trainer

SCALE = Scale(start=at(-10), end=at(70), now=at(40))


def a_stay(start: float, end: float | None, *, assumed: bool = False) -> Stay:
    return Stay(
        joined_at=at(start),
        left_at=None if end is None else at(end),
        assumed=frozenset({"left_at"}) if assumed else frozenset(),
    )


def present(*stays: Stay) -> list[tuple[int, int]]:
    return bar(stays, (), SCALE)["present"]


def test_a_stay_is_where_it_was() -> None:
    assert present(a_stay(0, 60)) == [(125, 875)]


def test_what_began_before_the_axis_is_cut_and_what_was_over_by_then_is_not_there() -> None:
    assert present(a_stay(-30, 0)) == [(0, 125)]
    assert present(a_stay(-30, -10)) == []
    assert present(a_stay(50, 100)) == [(750, 1000)]
    assert present(a_stay(70, 100)) == []


def test_who_is_still_in_is_drawn_until_now() -> None:
    assert present(a_stay(0, None)) == [(125, 625)]


def test_the_shortest_stay_can_be_seen() -> None:
    assert present(a_stay(10, 10 + 1 / 60)) == [(250, 251)]
    assert present(a_stay(70 - 1 / 60, 70)) == [(999, 1000)]


def test_what_touches_is_one() -> None:
    assert present(a_stay(0, 10), a_stay(10, 20), a_stay(30, 40)) == [(125, 375), (500, 625)]


def test_what_is_assumed_and_waiting_are_told_apart() -> None:
    drawn = bar([a_stay(0, 10), a_stay(20, 30, assumed=True)], [during(-5, 0)], SCALE)
    assert drawn == {"present": [(125, 250)], "assumed": [(375, 500)], "waited": [(62, 125)]}


@pytest.mark.parametrize(
    ("minutes", "zone", "times"),
    [
        (60, "UTC", ["09:00", "09:15", "09:30", "09:45", "10:00"]),
        (180, "UTC", ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00"]),
        (60, "Asia/Kathmandu", ["14:45", "15:00", "15:15", "15:30", "15:45"]),
        (24 * 60, "UTC", ["12:00", "16:00", "20:00", "00:00", "04:00", "08:00"]),
        (20, "UTC", ["08:50", "09:00", "09:10", "09:20"]),
    ],
)
def test_the_axis_has_full_times_of_the_place(minutes: float, zone: str, times: list[str]) -> None:
    lesson = an_ended_lesson(minutes=minutes)
    sheet = sheet_of(facts(the_trainer(0, minutes), stay(ADA, 0, minutes), lesson=lesson), now=at(minutes + 15))
    assert [time for _, time in axis(sheet, Forms("en", zone))["ticks"]] == times


def test_the_held_time_is_the_ground() -> None:
    sheet = sheet_of(facts(the_trainer(10, 50), lesson=an_ended_lesson()), now=at(75))
    assert axis(sheet, Forms("en", "UTC"))["held"] == [(250, 750)]
    moved = replace(sheet, planned_start=sheet.planned_start + timedelta(minutes=30))
    assert axis(moved, Forms("en", "UTC"))["held"][0][0] == 0
