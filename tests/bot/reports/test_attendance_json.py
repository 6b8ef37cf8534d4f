"""The attendance object of the HTTP API: the contract, key by key."""

import json
from datetime import timedelta
from types import NoneType
from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import CorrectionKind
from bot.attendance.sheet import Sheet
from bot.reports.attendance_json import attendance_json, instant, lesson_json, percent
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    INSPECTOR,
    a_lesson,
    an_ended_lesson,
    at,
    correction,
    facts,
    joined,
    stay,
    waiting,
)

NO_CHECKS = {
    "asked": 0,
    "confirmed": 0,
    "late": 0,
    "missed": 0,
    "disconnected": 0,
    "undelivered": 0,
    "waived": 0,
    "void": 0,
}


def a_sheet(*, now: float = 30) -> Sheet:
    """Half an hour into a lesson with somebody of every kind."""
    told = facts(
        joined(GRACE, at=-10),
        joined(ADA, at=7),
        joined(ADA, at=10, device="phone"),
        waiting(BOB, at=25),
        stay("iPad (2)", 5, 10),
        stay(EVE, 0, 20),
        stay(INSPECTOR, 1, 2),
        lesson=a_lesson(),
        roster=(ADA, BOB, GRACE, INSPECTOR),
        known=(EVE,),
    )
    return sheet_of(told, now=at(now))


def shape(value: Any) -> Any:
    """A value as its keys and types; of a list, what its elements may be."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value)


def person(name: str, sheet: Sheet | None = None) -> dict[str, Any]:
    return next(each for each in attendance_json(sheet or a_sheet())["people"] if each["name"] == name)


def test_the_object_has_the_keys_of_the_contract_and_no_others():
    assert list(attendance_json(a_sheet())) == [
        "lesson",
        "people",
        "unknown",
        "not_enrolled",
        "observers",
        "checkpoints",
    ]


def test_it_can_be_written_as_json_and_read_back():
    found = attendance_json(a_sheet())
    assert json.loads(json.dumps(found)) == found


def test_the_lesson_while_it_runs():
    assert attendance_json(a_sheet())["lesson"] == {
        "id": "lesson-1",
        "course": "Python 101",
        "state": "live",
        "confirmation": "confirmed",
        "feed": "proven",
        "version": 0,
        "sha256": None,
        "planned_start": "2026-03-02T09:00:00Z",
        "planned_end": "2026-03-02T10:00:00Z",
        "actual_start": "2026-03-02T09:00:00Z",
        "actual_end": None,
        "planned_seconds": 1800,
        "held_seconds": 1800,
        "record": "pending",
        "sources": ["webhooks"],
        "differences": [],
    }


def test_the_lesson_after_its_end_with_what_was_written_down():
    told = facts(
        stay(GRACE, 0, 50),
        stay(ADA, 0, 50),
        lesson=an_ended_lesson(),
        corrections=[correction(CorrectionKind.PRESENT, BOB)],
    )
    lesson = lesson_json(sheet_of(told, now=at(100)), version=3, sha256="abc")
    assert (lesson["version"], lesson["sha256"], lesson["state"]) == (3, "abc", "provisional")
    assert (lesson["actual_end"], lesson["sources"]) == ("2026-03-02T09:50:00Z", ["webhooks", "manual"])
    assert (lesson["planned_seconds"], lesson["held_seconds"]) == (3600, 3000)


def test_a_student_who_is_there():
    assert person("Ada Lovelace") == {
        "id": "ada",
        "name": "Ada Lovelace",
        "role": "student",
        "email": "ada@example.com",
        "slack_user_id": "U0ADA",
        "presence": "present",
        "verdict": "pending",
        "flags": ["late"],
        "first_joined_at": "2026-03-02T09:07:00Z",
        "last_left_at": None,
        "late_by_seconds": 420,
        "attended_seconds": {"planned": 1380, "held": 1380},
        "percent": {"planned": 76.6, "held": 76.6},
        "assumed_seconds": 0,
        "waited_seconds": 0,
        "measured_seconds": 1380,
        "stays": [{"joined_at": "2026-03-02T09:07:00Z", "left_at": None, "connections": 2, "assumed": []}],
        "checks": NO_CHECKS,
    }


def test_a_student_who_waits():
    bob = person("Bob Kahn")
    assert (bob["presence"], bob["first_joined_at"], bob["stays"]) == ("waiting", None, [])
    assert (bob["waited_seconds"], bob["late_by_seconds"], bob["flags"]) == (300, 1500, ["late", "waited"])


def test_before_the_arrival_nobody_is_late_by_anything():
    assert person("Bob Kahn", a_sheet(now=20))["late_by_seconds"] is None


def test_a_trainer_has_no_verdict_and_no_flags():
    grace = person("Grace Hopper")
    assert (grace["role"], grace["verdict"], grace["flags"]) == ("trainer", None, [])


def test_who_has_no_address_and_no_slack_account_has_null():
    nowhere = sheet_of(facts(roster=[type(ADA)(id="x", name="X", role=ADA.role)]), now=at(5))
    assert (person("X", nowhere)["email"], person("X", nowhere)["slack_user_id"]) == (None, None)


def test_every_person_has_the_same_keys_in_whatever_list_they_stand():
    found = attendance_json(a_sheet())
    everybody = [*found["people"], *found["not_enrolled"], *found["observers"]]
    assert {tuple(each) for each in everybody} == {tuple(person("Ada Lovelace"))}
    assert [each["name"] for each in found["not_enrolled"]] == ["Eve Clark"]
    assert [each["name"] for each in found["observers"]] == [INSPECTOR.name]


def test_somebody_unknown():
    assert attendance_json(a_sheet())["unknown"] == [
        {
            "display_name": "iPad (2)",
            "platform": "zoom",
            "attended_seconds": 300,
            "stays": [
                {
                    "joined_at": "2026-03-02T09:05:00Z",
                    "left_at": "2026-03-02T09:10:00Z",
                    "connections": 1,
                    "assumed": [],
                }
            ],
        }
    ]


def test_what_is_assumed_of_a_stay_is_named_in_order():
    told = facts(stay(GRACE, 0, 60), joined(ADA, at=0), lesson=an_ended_lesson())
    (ada_stay,) = person("Ada Lovelace", sheet_of(told, now=at(100)))["stays"]
    assert ada_stay["assumed"] == ["left_at"]


def test_numbers_are_numbers_and_texts_are_texts():
    found = shape(person("Ada Lovelace"))
    assert (found["percent"], found["attended_seconds"]) == (
        {"planned": float, "held": float},
        {"planned": int, "held": int},
    )
    assert (found["late_by_seconds"], found["last_left_at"]) == (int, NoneType)


def test_percent_is_null_where_there_is_nothing_to_attend():
    assert person("Ada Lovelace", a_sheet(now=-5))["percent"] == {"planned": None, "held": None}


@pytest.mark.parametrize(("permille", "shown"), [(899, 89.9), (1000, 100.0), (0, 0.0), (None, None)])
def test_a_percentage_is_rounded_down_to_one_decimal(permille, shown):
    assert percent(permille) == shown


def test_an_instant_is_rfc_3339_in_utc_with_fractions_only_where_there_are_some():
    assert instant(at(0)) == "2026-03-02T09:00:00Z"
    assert instant(at(0) + timedelta(microseconds=1500)) == "2026-03-02T09:00:00.001500Z"
    assert instant(None) is None
