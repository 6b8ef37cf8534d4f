"""A *left* whose moment nobody saw: a process died, and somebody was last known to be in then."""

from typing import Any

from bot.attendance.attendance import sheet_of
from bot.attendance.events import PresenceEvent
from bot.attendance.sheet import Flag, PersonSheet
from tests.builders import ADA, GRACE, an_ended_lesson, at, facts, joined, left, the_trainer

ROSTER = (ADA, GRACE)


def ada_of(*told: PresenceEvent, **changes: Any) -> PersonSheet:
    lesson = an_ended_lesson()
    return sheet_of(facts(*the_trainer(), *told, lesson=lesson, roster=ROSTER, **changes), now=at(300)).by_id["ada"]


def test_what_was_seen_counts_and_its_end_is_marked_as_assumed():
    ada = ada_of(joined(ADA, at=0), left(ADA, at=40, lost=True, is_time_assumed=True))
    (stay,) = ada.stays
    assert (stay.joined_at, stay.left_at, stay.assumed) == (at(0), at(40), frozenset({"left_at"}))
    assert ada.assumed_seconds == 0


def test_who_is_back_at_once_was_there_all_the_time():
    gone = left(ADA, at=40, lost=True, is_time_assumed=True)
    ada = ada_of(joined(ADA, at=0), gone, joined(ADA, at=40.2, device="again"), left(ADA, at=60, device="again"))
    assert ada.attended.planned == 3600
    assert Flag.BRIDGED in ada.flags


def test_another_device_that_left_as_it_was_told_settles_the_end():
    gone = left(ADA, at=40, is_time_assumed=True)
    ada = ada_of(joined(ADA, at=0), gone, joined(ADA, at=0, device="phone"), left(ADA, at=60, device="phone"))
    assert [stay.assumed for stay in ada.stays] == [frozenset()]
