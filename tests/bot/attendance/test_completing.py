"""A record that completes the webhooks, row by row: whose row it is, what it replaces, and what it never shortens."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.events import EventKind, Handle
from bot.attendance.lessons import CorrectionKind, RecordState
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.attendance.sheet import ChangeKind, Difference, Flag, PersonSheet, Question, QuestionKind, Sheet, Verdict
from tests.builders import (
    ADA,
    BOB,
    ROOM,
    SESSION,
    Moment,
    Who,
    admitted,
    an_ended_lesson,
    at,
    correction,
    event,
    facts,
    handle_of,
    joined,
    left,
    moved,
    session_ended,
    stay,
    the_trainer,
    waiting,
)

#: Ada joined and nobody told that she left; the session ended at minute 60
ADA_CAME = (joined(ADA, at=0, number="16"), session_ended(at=60))


def row(who: Who, start: Moment, end: Moment | None, **changes: Any) -> RecordedStay:
    left_at = None if end is None else at(end)
    return RecordedStay(**{"handle": handle_of(who), "joined_at": at(start), "left_at": left_at, **changes})


def report(*rows: RecordedStay, **changes: Any) -> PlatformRecord:
    """Zoom's, with Grace in it all the time."""
    given = PlatformRecord(
        room=ROOM,
        session=SESSION,
        source="zoom_report",
        received_at=at(95),
        started_at=at(-10),
        ended_at=at(70),
        stays=(row("Grace Hopper", -10, 70), *rows),
        is_whole=False,
    )
    return replace(given, **changes)


def merged(*events: Any, record: PlatformRecord, **changes: Any) -> Sheet:
    given = facts(the_trainer(), *events, lesson=an_ended_lesson(), records=(record,), **changes)
    return sheet_of(given, now=at(300), explained=True)


def line_of(person_id: str, *events: Any, record: PlatformRecord, **changes: Any) -> PersonSheet:
    return merged(*events, record=record, **changes).by_id[person_id]


def minutes_of(line: PersonSheet) -> list[tuple[float, float]]:
    zero = at(0)
    return [
        ((each.joined_at - zero).total_seconds() / 60, (each.left_at - zero).total_seconds() / 60)
        for each in line.stays
        if each.left_at is not None
    ]


# What it replaces and adds


def test_the_end_that_was_assumed_is_the_one_of_the_row_with_the_same_number() -> None:
    line = line_of("ada", *ADA_CAME, record=report(row("somebody", 0, 40, number="16")))
    assert (minutes_of(line), line.flags, line.assumed_seconds) == ([(0, 40)], (Flag.LEFT_EARLY,), 0)


def test_a_room_hop_of_which_only_the_beginning_was_told_is_completed_row_by_row() -> None:
    hops = (row(ADA, 0, 20, number="16"), row(ADA, 20, 30, number="17"), row(ADA, 30, 60, number="18"))
    line = line_of("ada", *ADA_CAME, record=report(*hops))
    assert (minutes_of(line), line.flags, line.verdict) == ([(0, 60)], (), Verdict.VALIDATED)


def test_two_ends_of_different_numbers_are_no_interval_that_was_told() -> None:
    """She hopped at 20 and was away from 30 to 50; of all that only the first and the last were told."""
    told = (joined(ADA, at=0, number="16"), left(ADA, at=60, number="18"))
    rows = (row(ADA, 0, 20, number="16"), row(ADA, 20, 30, number="17"), row(ADA, 50, 60, number="18"))
    assert minutes_of(line_of("ada", *told, record=report(*rows))) == [(0, 30), (50, 60)]


def test_100ms_tells_the_connection_itself() -> None:
    peer = joined(ADA, at=0)
    session = report(row("", 0, 40, connection=peer.connection), source="100ms_session")
    assert minutes_of(line_of("ada", peer, session_ended(at=60), record=session)) == [(0, 40)]


def test_of_a_session_that_still_runs_an_open_row_is_open() -> None:
    running = report(row(ADA, 0, None, number="16"), ended_at=None)
    sheet = merged(joined(ADA, at=0, number="16"), record=running)
    assert (sheet.record, sheet.by_id["ada"].flags) == (RecordState.PENDING, (Flag.ASSUMED,))


def test_an_instant_that_both_tell_is_the_webhook_s_exact_one() -> None:
    told = (joined(ADA, at=at(0).replace(microsecond=654_321), number="16"), session_ended(at=60))
    (first,) = line_of("ada", *told, record=report(row(ADA, 0, 40, number="16"))).stays
    assert first.joined_at == at(0).replace(microsecond=654_321)


def test_a_connection_that_webhooks_said_was_lost_is_a_drop() -> None:
    told = (*stay(ADA, 0, 20, number="16"), left(ADA, at=20, lost=True, number="16"))
    line = line_of("ada", *told, record=report(row(ADA, 0, 20.2, number="16")))
    assert line.flags == (Flag.DROPPED,)


def test_a_room_into_which_somebody_moved_opens_nothing_that_the_record_does_not_know() -> None:
    told = (*ADA_CAME, moved(ADA, at=45))
    assert minutes_of(line_of("ada", *told, record=report(row(ADA, 0, 40, number="16")))) == [(0, 40)]


def test_what_no_row_is_about_stays_as_it_was_told() -> None:
    line = line_of("ada", *ADA_CAME, record=report(row(BOB, 0, 60, number="20")))
    assert (minutes_of(line), line.flags) == ([(0, 60)], (Flag.ASSUMED,))


def test_the_waiting_room_of_the_record_is_no_presence() -> None:
    rows = (row(BOB, 0, 8, number="19", is_waiting=True), row(BOB, 8.5, 60, number="20"))
    line = line_of("bob", record=report(*rows))
    assert (minutes_of(line), line.waited_seconds, line.flags) == ([(8.5, 60)], 480, (Flag.WAITED,))


def test_who_waited_in_the_record_and_is_in_soon_after_was_let_in_and_had_come_then() -> None:
    rows = (row(BOB, 5, 6, number="19", is_waiting=True), row(BOB, 6.5, 60, number="20"))
    line = line_of("bob", record=report(*rows))
    assert (line.late_by, line.flags) == (timedelta(minutes=5), ())


def test_who_waited_and_was_never_let_in_waited_by_the_record_too() -> None:
    line = line_of("bob", record=report(row(BOB, 0, 8, number="19", is_waiting=True)))
    assert (line.stays, line.waited_seconds, line.verdict) == ((), 480, Verdict.PARTIAL)


def test_what_was_told_of_the_waiting_room_stays() -> None:
    told = (waiting(BOB, at=0), admitted(BOB, at=8), joined(BOB, at=8, number="20"))
    line = line_of("bob", *told, session_ended(at=60), record=report(row(BOB, 8, 60, number="20")))
    assert (line.waited_seconds, line.assumed_seconds) == (480, 0)


# Whose row it is


@pytest.mark.parametrize(
    "handle",
    [
        Handle(name="iPad", registrant_id=ADA.registrant_id),
        Handle(name="iPad", email=ADA.email),
        Handle(name="Ada Lovelace (she)"),
    ],
    ids=["registrant", "e-mail", "name"],
)
def test_a_row_of_which_no_webhook_told_is_found_by_registrant_e_mail_or_name(handle: Handle) -> None:
    line = line_of("ada", record=report(row(handle, 0, 60, number="16")))
    assert (minutes_of(line), line.verdict) == ([(0, 60)], Verdict.VALIDATED)


def test_a_row_without_a_number_is_the_connection_s_with_the_same_e_mail() -> None:
    device = Handle(name="iPad", email=ADA.email)
    told = event(EventKind.JOINED, device, at=0)
    sheet = merged(told, session_ended(at=60), record=report(row(replace(device, name="Ada's"), 0, 40)))
    line = sheet.by_id["ada"]
    assert (minutes_of(line), line.connections) == ([(0, 40)], ((SESSION, str(told.connection)),))


def test_by_the_name_alone_only_a_connection_that_was_there_then() -> None:
    """A trainer said who the guest of the first half is; the guest of the second half is not asked for by that."""
    guest = Handle(name="Lab 3")
    told = event(EventKind.JOINED, guest, at=0), event(EventKind.LEFT, guest, at=20)
    known = correction(CorrectionKind.LINK, connection=(SESSION, str(told[0].connection)), person_ids=("ada",))
    rows = (row(guest, 0, 20), row(guest, 40, 60))
    assert minutes_of(line_of("ada", *told, record=report(*rows), corrections=[known])) == [(0, 20)]


def test_of_two_devices_of_one_name_neither_gets_a_row_by_it() -> None:
    screens = [joined("Lab 3", at=0, device=device) for device in ("one", "two")]
    sheet = merged(*screens, session_ended(at=60), record=report(row("Lab 3", 0, 40)))
    (stranger,) = sheet.strangers
    assert len(stranger.connections) == 3


def test_names_of_devices_are_nobody_s() -> None:
    told = (joined("iPad", at=0), session_ended(at=60))
    sheet = merged(*told, record=report(row("iPad", 0, 40, number="9")))
    assert {len(each.connections) for each in sheet.strangers} == {2}


# What it never shortens


def test_what_was_told_from_end_to_end_stands_and_becomes_a_question() -> None:
    sheet = merged(*stay(BOB, 0, 58, number="20"), record=report(row(BOB, 0, 52, number="20")))
    assert sheet.by_id["bob"].attended.planned == 58 * 60
    assert sheet.differences == (Difference(person_id="bob", webhooks_seconds=3480, record_seconds=3120),)
    assert Question(kind=QuestionKind.RECORD_DIFFERS, subject="bob", seconds=360) in sheet.questions


@pytest.mark.parametrize(("record_end", "is_asked"), [(57, False), (56.9, True)])
def test_a_minute_is_not_worth_a_word(record_end: float, *, is_asked: bool) -> None:
    sheet = merged(*stay(BOB, 0, 58, number="20"), record=report(row(BOB, 0, record_end, number="20")))
    assert (sheet.differences != ()) == is_asked
    assert any(each.kind is QuestionKind.RECORD_DIFFERS for each in sheet.questions) == is_asked


def test_a_trainer_who_takes_the_record_shortens_it() -> None:
    tap = correction(CorrectionKind.TAKE_RECORD, BOB, at=100)
    told = stay(BOB, 0, 58, number="20")
    line = line_of("bob", *told, record=report(row(BOB, 0, 52, number="20")), corrections=[tap])
    assert line.attended.planned == 52 * 60
    assert [each.note for each in line.changes if each.kind is ChangeKind.SAID] == ["take_record"]


def test_a_decision_from_before_the_record_answers_nothing() -> None:
    accepted = correction(CorrectionKind.ACCEPT_VERDICT, BOB, at=80)
    told, record = stay(BOB, 0, 58, number="20"), report(row(BOB, 0, 52, number="20"))
    assert QuestionKind.RECORD_DIFFERS in {
        each.kind for each in merged(*told, record=record, corrections=[accepted]).questions
    }
    later = replace(accepted, at=at(100))
    assert QuestionKind.RECORD_DIFFERS not in {
        each.kind for each in merged(*told, record=record, corrections=[later]).questions
    }


# Where it stands


def test_why_names_the_record_where_no_webhook_told() -> None:
    line = line_of("ada", *ADA_CAME, record=report(row(ADA, 0, 40, number="16")))
    assert [(each.kind, each.source) for each in line.changes] == [
        (ChangeKind.JOINED, "zoom webhook"),
        (ChangeKind.LEFT, "zoom record"),
    ]


def test_a_second_session_without_its_record_keeps_the_sheet_waiting() -> None:
    again = (joined(ADA, at=40, session="session-2"), session_ended(at=60, session="session-2"))
    sheet = merged(
        *stay(ADA, 0, 30, number="16"), session_ended(at=30), *again, record=report(row(ADA, 0, 30, number="16"))
    )
    assert sheet.record is RecordState.PENDING
