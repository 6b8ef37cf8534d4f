"""A *joined* that never came, where the *left* of the same connection tells when it was."""

from itertools import permutations
from typing import Any

from bot.attendance.attendance import sheet_of
from bot.attendance.events import PresenceEvent
from bot.attendance.sheet import PersonSheet
from tests.builders import (
    ADA,
    GRACE,
    admitted,
    an_ended_lesson,
    at,
    facts,
    handle_of,
    joined,
    left,
    replace,
    the_trainer,
    waiting,
)

ROSTER = (ADA, GRACE)


def ada_of(*told: PresenceEvent, **changes: Any) -> PersonSheet:
    lesson = an_ended_lesson()
    return sheet_of(facts(*the_trainer(), *told, lesson=lesson, roster=ROSTER, **changes), now=at(300)).by_id["ada"]


def test_the_stay_begins_when_the_left_says_and_nothing_is_assumed():
    whole = ada_of(joined(ADA, at=20), left(ADA, at=60))
    assert ada_of(left(ADA, at=60, joined_at=at(20))) == whole
    assert whole.assumed_seconds == 0


def test_a_left_that_does_not_say_it_leaves_the_beginning_assumed():
    assert ada_of(left(ADA, at=60)).assumed_seconds > 0


def test_what_the_left_says_again_changes_nothing_where_the_joined_came_in_any_order():
    told = (joined(ADA, at=20), left(ADA, at=60, joined_at=at(20)))
    assert {repr(ada_of(*order)) for order in permutations((*told, *told))} == {repr(ada_of(*told))}


def test_who_was_called_otherwise_when_they_left_is_still_known_by_the_first_name():
    came, went = joined(ADA, at=20), left(ADA, at=60, joined_at=at(20))
    renamed = replace(went, handle=replace(handle_of(ADA), name="A. L.", email=""))
    assert ada_of(renamed, came).stays == ada_of(came, renamed).stays == ada_of(came, went).stays


def test_a_connection_that_left_before_it_came_is_not_believed():
    assert ada_of(left(ADA, at=40, joined_at=at(50))) == ada_of(left(ADA, at=40))


def test_a_gap_that_is_filled_because_an_end_is_assumed_is_assumed_too():
    """With the *joined* the gap is a second too long for a bridge; without it, being let in stands for it."""
    away = (
        joined(ADA, at=0),
        left(ADA, at=50),
        waiting(ADA, at=50.5, device="phone"),
        admitted(ADA, at=51, device="phone"),
    )
    back = (joined(ADA, at="09:51:01", device="phone"), left(ADA, at=52, device="phone"))
    known, less = ada_of(*away, *back), ada_of(*away, back[1])
    assert (known.bridged_seconds, less.bridged_seconds) == (0, 60)
    assert less.assumed_seconds == 120, "the minute of the bridge, and what was assumed of the stay"
    assert less.attended.planned - less.assumed_seconds <= known.attended.planned


def test_a_gap_between_two_ends_that_were_told_is_filled_for_sure():
    ada = ada_of(
        joined(ADA, at=0), left(ADA, at=20), joined(ADA, at=21), left(ADA, at=40), left(ADA, at=50, device="phone")
    )
    assert (ada.bridged_seconds, ada.assumed_seconds) == (60, 600)
