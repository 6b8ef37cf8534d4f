"""Waiting: the waiting room, the lobby, before the host; matched by person, ended by the room's own end."""

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import CorrectionKind
from bot.attendance.sheet import Flag, Presence, Verdict
from tests.builders import (
    BOB,
    GRACE,
    a_lesson,
    admitted,
    an_ended_lesson,
    at,
    correction,
    during,
    facts,
    joined,
    left,
    session_ended,
    stay,
    the_trainer,
    waiting,
    waiting_left,
)


def bob(*events, now=100, lesson=None, **changes):
    sheet = sheet_of(facts(the_trainer(), *events, lesson=lesson or an_ended_lesson(), **changes), now=at(now))
    line = sheet.person("bob")
    assert line is not None
    return line


def test_nobody_waits_longer_than_the_room_is_open():
    """Bob waits before a room that closes at 20, and again before the next one."""
    line = bob(
        waiting(BOB, at=10),
        session_ended(at=20),
        waiting(BOB, at=40, session="two"),
        waiting_left(BOB, at=45, session="two"),
    )
    assert line.waited_seconds == 15 * 60


def test_who_is_let_in_on_another_device_waits_no_more():
    line = bob(waiting(BOB, at=5, device="tablet"), joined(BOB, at=9), lesson=a_lesson(), now=20)
    assert (line.presence, line.waited_seconds) == (Presence.PRESENT, 240)


def test_who_waits_now_is_waiting_and_who_gave_up_is_not():
    assert bob(waiting(BOB, at=5), lesson=a_lesson(), now=7).presence is Presence.WAITING
    gave_up = bob(waiting(BOB, at=5), waiting_left(BOB, at=6), lesson=a_lesson(), now=7)
    assert gave_up.presence is Presence.NOT_JOINED


def test_between_admitted_and_joined_somebody_is_still_waiting():
    line = bob(waiting(BOB, at=5), admitted(BOB, at=8), lesson=a_lesson(), now=9)
    assert (line.presence, line.since) == (Presence.WAITING, at(5))


def test_waiting_is_never_presence():
    line = bob(waiting(BOB, at=0))
    assert (line.attended.planned, line.verdict, line.flags) == (0, Verdict.PARTIAL, (Flag.WAITED,))


def test_one_tap_credits_it():
    line = bob(
        waiting(BOB, at=0),
        admitted(BOB, at=8),
        stay(BOB, 8, 60),
        corrections=[correction(CorrectionKind.CREDIT_WAITING, BOB)],
    )
    assert (line.attended.planned, line.measured_seconds, line.verdict) == (3600, 52 * 60, Verdict.VALIDATED)


def test_a_connection_given_to_somebody_whom_nobody_knows_is_nobodys():
    """They were merged or erased since."""
    link = correction(CorrectionKind.LINK, connection=("session-1", "bob's laptop"), person_ids=("long gone",))
    assert bob(stay(BOB, 0, 60), corrections=[link]).verdict is Verdict.ABSENT


def test_what_is_credited_is_waiting_in_the_lesson_not_in_its_breaks():
    """With its break, Grace's waiting would make a stretch of five minutes out of one of four."""
    told = facts(
        waiting(GRACE, at=9),
        admitted(GRACE, at=12),
        joined(GRACE, at=12),
        left(GRACE, at=16),
        lesson=an_ended_lesson(breaks=(during(10, 15),)),
        corrections=[correction(CorrectionKind.CREDIT_WAITING, GRACE)],
    )
    assert sheet_of(told, now=at(100)).held_seconds == 0
