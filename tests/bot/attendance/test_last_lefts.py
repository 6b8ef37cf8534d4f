"""The last *left*s come a little after *ended*: before they had their time nothing is said, and nobody is missed."""

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.decide import decide
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import Confirmation, LessonState, Role
from bot.attendance.sheet import Verdict
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    a_lesson,
    at,
    during,
    facts,
    joined,
    left,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
    waiting,
)
from tests.fakes.lesson_watch import LessonWatch

SECOND = 1 / 60
FIRST = a_lesson(state=LessonState.PLANNED)
#: the lesson after it in the same session
NEXT = a_lesson(start=60, state=LessonState.PLANNED, coordinator="office")
ROOM = (during(0, 60), during(60, 120))
TAUGHT = (ADA, GRACE)


def the_end(moment: float, *, told: float, lefts: float | None) -> list[PresenceEvent]:
    """The session ends for Ada and Grace; `lefts` seconds after *ended* is told who left, None: never."""
    events = [session_ended(at=moment, received=told)]
    if lefts is not None:
        events += [left(who, at=moment, received=told + lefts * SECOND) for who in TAUGHT]
    return events


def two_lessons(*, lefts: float | None, **changes) -> LessonWatch:
    """Grace and Ada come before the first lesson and stay on through the second, of which nothing else is told."""
    begun = (session_started(at=-5), joined(GRACE, at=-5), joined(ADA, at=-3))
    end = the_end(120.5, told=120.8, lefts=lefts)
    given = {"lesson": NEXT, "roster": TAUGHT, "room_lessons": ROOM, **changes}
    return LessonWatch.of(facts(*begun, *end, **given))


def verdict_of_ada(watch: LessonWatch) -> Verdict | None:
    return watch.decision.sheet.by_id["ada"].verdict


# Before they had their time


def test_a_lesson_is_over_only_when_the_last_lefts_had_their_time():
    watch = two_lessons(lefts=2.4)
    assert watch.until(120.8 + 2 * SECOND).decision.state is LessonState.LIVE
    assert watch.until(120.8 + 3 * SECOND).decision.state is LessonState.PROVISIONAL


def test_after_the_end_nobody_is_asked_and_nobody_is_called_absent_before_the_last_lefts():
    watch = two_lessons(lefts=2.4).until(125)
    (summary,) = [each.content for each in watch.sent if each.kind is MessageKind.SUMMARY]
    assert [row["verdict"] for row in summary["rows"]] == ["validated"]
    assert {kind for _, kind in watch.told("grace") + watch.told("ada") + watch.told("office")} == set()


def test_a_card_that_stands_does_not_call_them_missing_before_the_last_lefts():
    watch = two_lessons(lefts=2.4, roster=(*TAUGHT, BOB)).until(125)
    cards = [each.content for each in watch.sent if each.kind is MessageKind.TRAINER_CARD]
    assert {person["name"] for card in cards for person in card["missing"]} == {"Bob Kahn"}


def test_a_sheet_is_written_down_only_when_the_last_lefts_had_their_time():
    """Also when the session of the next lesson ends, which this one still sees."""
    watch = two_lessons(lefts=2.4, lesson=FIRST).until(120.8 + 2 * SECOND)
    before = watch.facts.written
    assert before is not None
    assert watch.until(120.8 + 2.3 * SECOND).facts.written == before


def test_when_the_host_restarts_in_the_second_lesson_nobody_is_missed_meanwhile():
    ended = the_end(67, told=67.3, lefts=2.4)
    back = (
        session_started(at=69, session="two"),
        joined(GRACE, at=69, session="two"),
        joined(ADA, at=69, session="two"),
    )
    begun = (session_started(at=-5), joined(GRACE, at=-5), joined(ADA, at=-3))
    told = facts(*begun, *ended, *back, lesson=NEXT, roster=TAUGHT, room_lessons=ROOM)
    watch = LessonWatch.of(told).until(90)
    assert watch.told("grace") + watch.told("ada") + watch.told("office") == []


# A *left* that never comes


def test_who_stays_on_through_two_lessons_is_not_absent_in_the_second_for_want_of_a_left():
    watch = two_lessons(lefts=None).until(125)
    assert verdict_of_ada(watch) is Verdict.PENDING
    assert watch.decision.sheet.confirmation is Confirmation.UNCONFIRMED


def test_where_the_trainers_left_was_told_there_is_no_data_of_who_only_lacks_theirs():
    told = (the_trainer(-5, 120), session_started(at=-5), joined(ADA, at=-3), session_ended(at=120))
    given = {"lesson": replace(NEXT, state=LessonState.PROVISIONAL), "roster": TAUGHT, "room_lessons": ROOM}
    ada = sheet_of(facts(*told, **given), now=at(130)).by_id["ada"]
    assert (ada.verdict, ada.attended.planned) == (Verdict.NO_DATA, 0)


def test_what_is_told_later_of_them_decides():
    told = (the_trainer(-5, 120), session_started(at=-5), joined(ADA, at=-3), session_ended(at=120))
    given = {"lesson": replace(NEXT, state=LessonState.PROVISIONAL), "roster": TAUGHT, "room_lessons": ROOM}
    went, stayed = (sheet_of(facts(*told, left(ADA, at=end), **given), now=at(130)).by_id["ada"] for end in (59, 120))
    assert (went.verdict, stayed.verdict) == (Verdict.ABSENT, Verdict.VALIDATED)


def test_in_the_first_lesson_they_were_there_whatever_became_of_the_left():
    watch = two_lessons(lefts=None, lesson=FIRST).until(125)
    assert verdict_of_ada(watch) is Verdict.VALIDATED


# The card of the first lesson


def test_after_the_lesson_its_card_knows_nobody_who_came_for_the_next_one():
    """Bob misses the first lesson and comes for the second, while the room is still open."""
    told = facts(
        session_started(),
        the_trainer(-10, 120),
        stay(ADA, 0, 120),
        stay(BOB, 61, 120),
        session_ended(at=120),
        lesson=FIRST,
        room_lessons=ROOM,
    )
    watch = LessonWatch.of(told).until(60.5)
    card = watch.standing(MessageKind.TRAINER_CARD, "grace")
    assert (card["stage"], [each["name"] for each in card["missing"]], card["arrived"]) == ("over", ["Bob Kahn"], [])
    assert watch.until(130).standing(MessageKind.TRAINER_CARD, "grace") == card


def test_who_waited_before_the_door_until_the_end_did_come():
    told = facts(the_trainer(-10, 60), waiting(ADA, at=5), joined(BOB, at=0), left(BOB, at=60), lesson=FIRST)
    came_late = facts(the_trainer(-10, 60), waiting(ADA, at=12), joined(BOB, at=0), left(BOB, at=60), lesson=FIRST)
    assert LessonWatch.of(told).until(80).standing(MessageKind.TRAINER_CARD, "grace") is None
    assert LessonWatch.of(came_late).until(80).standing(MessageKind.TRAINER_CARD, "grace")["missing"] == []


def test_a_trainer_who_comes_for_the_next_lesson_did_not_come_for_this_one():
    told = facts(session_started(), stay(ADA, 0, 120), the_trainer(61, 120), lesson=FIRST, room_lessons=ROOM)
    watch = LessonWatch.of(told).until(80)
    assert watch.standing(MessageKind.TRAINER_MISSING, "grace")["stage"] == "over"


# Not enrolled


@pytest.mark.parametrize(("start", "end", "is_listed"), [(-20, -1, False), (61, 90, False), (58, 90, True)])
def test_who_is_not_enrolled_is_listed_only_if_they_were_there_in_the_lesson(start, end, is_listed):
    eve = replace(ADA, id="eve", name="Eve Clark", email="eve@example.com", role=Role.NOT_ENROLLED)
    told = (the_trainer(-20, 90), stay(BOB, 0, 60), stay(eve, start, end))
    given = {"lesson": replace(FIRST, state=LessonState.PROVISIONAL), "known": (eve,), "roster": (BOB, GRACE)}
    sheet = sheet_of(facts(*told, **given), now=at(95))
    assert bool(sheet.not_enrolled) is is_listed


@pytest.mark.parametrize(("now", "is_listed"), [(-10, True), (61, False)])
def test_who_is_not_enrolled_is_listed_before_the_lesson_and_not_after_it(now, is_listed):
    eve = replace(ADA, id="eve", name="Eve Clark", email="eve@example.com", role=Role.NOT_ENROLLED)
    in_now = joined(eve, at=now - 1)
    sheet = sheet_of(facts(the_trainer(-20, 90), in_now, known=(eve,), roster=(BOB, GRACE)), now=at(now))
    assert bool(sheet.not_enrolled) is is_listed


def test_a_decision_taken_while_the_last_lefts_may_come_looks_again_when_they_had_their_time():
    watch = two_lessons(lefts=None).until(120.8)
    decision = decide(watch.facts, now=at(120.8))
    assert (decision.wanted, decision.due_at) == ((), at(120.8 + 3 * SECOND))
