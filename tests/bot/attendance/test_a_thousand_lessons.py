"""Whatever webhooks lose, repeat and shuffle: with the platform's record the sheet is what truly happened.

Without it the sheet marks what it assumed, and the marks cover every second in which it is wrong.
"""

from itertools import pairwise

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.events import EventKind
from bot.attendance.intervals import intersect, subtract, union
from bot.attendance.lessons import Interval
from bot.attendance.sheet import PersonSheet, Sheet, Stay
from bot.attendance.view import LessonView, view_of
from tests.recorded_lessons import ASKED_AT, Truth, a_truth, received

LESSONS = range(1000)


def said_of(line: PersonSheet) -> dict[str, object]:
    """Everything on a person's line but where it was told from."""
    return {
        "verdict": line.verdict,
        "flags": line.flags,
        "attended": line.attended,
        "denominator": line.denominator,
        "joined": line.first_joined_at,
        "left": line.last_left_at,
        "late by": line.late_by,
        "assumed": line.assumed_seconds,
        "waited": line.waited_seconds,
        "bridged": line.bridged_seconds,
        "stays": tuple(when(stay) for stay in line.stays),
    }


def when(stay: Stay) -> tuple[object, ...]:
    return (stay.joined_at, stay.left_at, stay.lost)


def content(sheet: Sheet) -> dict[str, object]:
    people = {line.person_id: said_of(line) for line in (*sheet.people, *sheet.not_enrolled)}
    strangers = {
        each.display_name: (each.attended_seconds, tuple(when(stay) for stay in each.stays)) for each in sheet.strangers
    }
    return {"people": people, "strangers": strangers, "held": sheet.held_seconds, "confirmation": sheet.confirmation}


@pytest.mark.parametrize("hundred", range(10))
def test_with_the_record_the_sheet_is_the_truth_per_person_and_second(hundred: int) -> None:
    for seed in LESSONS[hundred * 100 : (hundred + 1) * 100]:
        truth = a_truth(seed)
        merged = sheet_of(truth.facts(received(truth, seed), truth.records), now=ASKED_AT)
        assert content(merged) == content(sheet_of(truth.facts(truth.events), now=ASKED_AT)), seed


@pytest.mark.parametrize("hundred", range(10))
def test_without_the_record_what_is_marked_as_assumed_covers_every_second_that_is_wrong(hundred: int) -> None:
    for seed in LESSONS[hundred * 100 : (hundred + 1) * 100]:
        truth = a_truth(seed)
        told = view_of(truth.facts(received(truth, seed)), now=ASKED_AT)
        whole = view_of(truth.facts(truth.events), now=ASKED_AT)
        for person, presence in told.presences.items():
            wrong = subtract(presence.measured, whole.presence(person).measured)
            assert subtract(wrong, presence.assumed) == [], (seed, person)
        assert lacking(told, whole, truth, seed) == [], seed


def lacking(told: LessonView, whole: LessonView, truth: Truth, seed: int) -> list[Interval]:
    """Seconds of the lesson that the sheet lacks, though the *joined* of that room was told and was no tie."""
    told_of = {
        kind: {(each.connection, each.occurred_at) for each in received(truth, seed) if each.kind is kind}
        for kind in (EventKind.JOINED, EventKind.LEFT)
    }
    joined = told_of[EventKind.JOINED] - told_of[EventKind.LEFT]
    missed: list[Interval] = []
    for person, presence in whole.presences.items():
        for (_, connection), events in presence.connections.items():
            moments = sorted({each.occurred_at for each in events})
            rooms = [Interval(*pair) for pair in pairwise(moments) if (connection, pair[0]) in joined]
            missed += intersect(subtract(union(rooms), told.presence(person).measured), [whole.facts.lesson.planned])
    return missed
