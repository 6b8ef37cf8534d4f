"""Whole lessons, made by chance: two independent readings of the rules agree, and what must always hold, holds."""

from hypothesis import HealthCheck, given, settings

from bot.attendance.attendance import sheet_of
from bot.attendance.sheet import PersonSheet, Sheet
from tests.lesson_generator import WholeLesson, whole_lessons
from tests.oracle import Answer, Row, oracle_of
from tests.oracle_identity import comparable

quickly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def row_of(person: PersonSheet) -> Row:
    return Row(
        attended=(person.attended.planned, person.attended.held),
        denominator=(person.denominator.planned, person.denominator.held),
        verdict=person.verdict,
        flags=person.flags,
        late_by=person.late_by,
        assumed=person.assumed_seconds,
        waited=person.waited_seconds,
        bridged=person.bridged_seconds,
        measured=person.measured_seconds,
    )


def answer_of(sheet: Sheet, oracle: Answer) -> Answer:
    """The sheet in the oracle's words; whom the sheet does not list has nothing in it."""
    return Answer(
        people={id_: row_of(sheet.by_id[id_]) if id_ in sheet.by_id else row for id_, row in oracle.people.items()},
        strangers={f"?{comparable(stranger.display_name)}": stranger.attended_seconds for stranger in sheet.strangers},
        planned=sheet.planned_seconds,
        held=sheet.held_seconds,
        confirmation=sheet.confirmation,
        feed=sheet.feed,
        reference_start=sheet.reference_start,
        expected_end=sheet.expected_end,
    )


@quickly
@given(whole_lessons())
def test_the_sheet_and_the_oracle_agree(whole: WholeLesson) -> None:
    oracle = oracle_of(whole.facts, now=whole.now)

    assert answer_of(sheet_of(whole.facts, now=whole.now), oracle) == oracle
