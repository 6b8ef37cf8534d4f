"""Whole lessons, made by chance: two independent readings of the rules agree, and what must always hold, holds."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.attendance.attendance import sheet_of
from bot.attendance.sheet import PersonSheet, Sheet
from tests.builders import (
    ADA,
    replace,
)
from tests.lesson_generator import WholeLesson, lost_events, whole_lessons
from tests.oracle import Answer, Row, oracle_of
from tests.oracle_identity import comparable

usually = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
thoroughly = settings(usually, max_examples=150)
quickly = settings(usually, max_examples=50)


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


def everybody(sheet: Sheet) -> list[PersonSheet]:
    return [*sheet.people, *sheet.not_enrolled, *sheet.observers]


@thoroughly
@given(whole_lessons())
def test_two_readings_of_the_rules_agree(whole: WholeLesson) -> None:
    oracle = oracle_of(whole.facts, now=whole.now)

    assert answer_of(sheet_of(whole.facts, now=whole.now), oracle) == oracle


@quickly
@given(whole_lessons(), st.data())
def test_any_order_and_any_repetition_of_the_same_events_gives_the_same_sheet(
    whole: WholeLesson, data: st.DataObject
) -> None:
    events = whole.facts.events
    again = data.draw(st.lists(st.sampled_from(events), max_size=5)) if events else []
    redelivered = [replace(event, received_at=event.received_at + timedelta(hours=1)) for event in again]
    shuffled = data.draw(st.permutations([*events, *redelivered]))

    sheet = sheet_of(whole.facts, now=whole.now)

    assert sheet_of(replace(whole.facts, events=tuple(shuffled)), now=whole.now) == sheet


@quickly
@given(whole_lessons())
def test_the_stays_of_one_person_follow_each_other_and_never_overlap(whole: WholeLesson) -> None:
    sheet = sheet_of(whole.facts, now=whole.now)

    for stays in [person.stays for person in everybody(sheet)] + [stranger.stays for stranger in sheet.strangers]:
        assert all(stay.left_at is None or stay.joined_at < stay.left_at for stay in stays)
        for earlier, later in pairwise(stays):
            assert earlier.left_at is not None
            assert earlier.left_at < later.joined_at


@quickly
@given(whole_lessons())
def test_nobody_attends_more_than_there_was_to_attend(whole: WholeLesson) -> None:
    sheet = sheet_of(whole.facts, now=whole.now)

    assert 0 <= sheet.held_seconds <= sheet.planned_seconds
    for person in everybody(sheet):
        assert 0 <= person.attended.planned <= person.denominator.planned <= sheet.planned_seconds
        assert 0 <= person.attended.held <= person.denominator.held <= sheet.held_seconds
        assert person.bridged_seconds <= 300


@quickly
@given(lost_events())
def test_an_event_that_comes_later_only_shrinks_what_was_assumed(lessons: tuple[WholeLesson, WholeLesson]) -> None:
    known, less = (sheet_of(whole.facts, now=whole.now).by_id[ADA.id] for whole in lessons)

    assert known.assumed_seconds <= less.assumed_seconds


@quickly
@given(lost_events())
def test_what_is_not_marked_assumed_is_true_even_where_an_event_was_lost(
    lessons: tuple[WholeLesson, WholeLesson],
) -> None:
    known, less = (sheet_of(whole.facts, now=whole.now).by_id[ADA.id] for whole in lessons)

    # A second is what rounding down may take away.
    assert less.attended.planned - less.assumed_seconds <= known.attended.planned + 1
