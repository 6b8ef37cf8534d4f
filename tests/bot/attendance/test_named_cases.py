"""The cases that the definitions of attendance name one by one: what platforms, rooms and people do."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from bot.attendance.attendance import sheet_of
from bot.attendance.ending import state_of
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import (
    FeedFacts,
    Interval,
    LessonFacts,
    LessonState,
    Person,
    Role,
)
from bot.attendance.sheet import Flag, PersonSheet, Presence, QuestionKind, Seconds, Sheet, Verdict
from bot.attendance.view import view_of
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    NINE,
    a_lesson,
    admitted,
    an_ended_lesson,
    at,
    during,
    facts,
    joined,
    left,
    moved,
    moved_back,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
    waiting,
)

WHOLE = Seconds(planned=3600, held=3600)
CAROL = Person(id="carol", name="Carol Shaw", role=Role.STUDENT, email="carol@example.com")
ALAN = Person(id="alan", name="Alan Turing", role=Role.TRAINER, email="alan@example.com")


def live(*events: Any, now: float, **changes: Any) -> Sheet:
    return sheet_of(facts(*events, **changes), now=at(now))


def ended(*events: Any, **changes: Any) -> Sheet:
    return sheet_of(facts(*events, **{"lesson": an_ended_lesson(), **changes}), now=at(300))


def ada_in(sheet: Sheet) -> PersonSheet:
    return sheet.by_id[ADA.id]


def state_at(now: float, given: LessonFacts) -> LessonState:
    return state_of(view_of(given, now=at(now))).state


class TestDeliveries:
    def test_a_left_that_is_told_again_after_a_rejoin_changes_nothing(self) -> None:
        told = (the_trainer(), stay(ADA, 0, 20), joined(ADA, at=20.5))
        sheet = live(*told, left(ADA, at=20, received=25), now=30)
        assert sheet == live(*told, now=30)
        assert ada_in(sheet).presence is Presence.PRESENT

    def test_a_left_that_arrives_before_its_joined_still_ends_the_stay(self) -> None:
        sheet = live(the_trainer(), left(ADA, at=20), joined(ADA, at=0, received=21), now=30)
        assert ada_in(sheet).presence is Presence.LEFT
        assert ada_in(sheet).attended.planned == 20 * 60

    def test_any_order_and_any_repetition_of_the_same_events_give_one_sheet(self) -> None:
        told = (joined(ADA, at=0), left(ADA, at=20), joined(ADA, at=20), left(ADA, at=50), waiting(ADA, at=55))
        sheets = [ended(the_trainer(), *order, *order[:2]) for order in permutations(told)]
        assert all(sheet == sheets[0] for sheet in sheets)

    def test_after_twenty_minutes_without_webhooks_nobody_is_late_for_want_of_them(self) -> None:
        told = (*the_trainer(end=60), *stay(BOB, 12, 60), *stay(ADA, 26, 60))
        all_at_once = [replace(event, received_at=max(event.received_at, at(20))) for event in told]
        feed = FeedFacts(room_heard_at=at(20), late_intervals=(during(0, 20),))
        sheet = ended(all_at_once, feed=feed)
        assert Flag.LATE not in sheet.by_id[BOB.id].flags
        assert Flag.LATE in ada_in(sheet).flags

    def test_who_would_be_absent_in_a_lesson_without_webhooks_has_no_data(self) -> None:
        feed = FeedFacts(room_heard_at=at(61), late_intervals=(during(-5, 59),))
        assert ada_in(ended(the_trainer(), feed=feed)).verdict is Verdict.NO_DATA

    def test_a_joined_that_was_lost_is_assumed_from_the_start_of_the_session(self) -> None:
        ada = ada_in(ended(session_started(at=10), the_trainer(), left(ADA, at=60)))
        assert (ada.attended.planned, ada.assumed_seconds) == (50 * 60, 50 * 60)
        assert ada.flags == (Flag.ASSUMED,)

    def test_a_left_that_was_lost_is_assumed_at_the_planned_end_and_does_not_remove_late(self) -> None:
        ada = ada_in(ended(the_trainer(), joined(ADA, at=10)))
        assert (ada.attended.planned, ada.assumed_seconds) == (50 * 60, 50 * 60)
        assert ada.flags == (Flag.LATE, Flag.ASSUMED)

    def test_more_than_ten_assumed_minutes_are_a_question(self) -> None:
        def questions(*events: PresenceEvent) -> set[QuestionKind]:
            return {question.kind for question in ended(the_trainer(), *events).questions}

        assert QuestionKind.MUCH_ASSUMED in questions(joined(ADA, at=49))
        assert QuestionKind.MUCH_ASSUMED not in questions(joined(ADA, at=50))


class TestRooms:
    def test_one_session_serves_two_lessons(self) -> None:
        told = (the_trainer(-10, 130), stay(ADA, 0, 120))
        room = (during(0, 60), during(60, 120))
        first = ended(*told, room_lessons=room)
        second = ended(*told, lesson=an_ended_lesson(start=60), room_lessons=room)
        assert ada_in(first).attended == ada_in(second).attended == WHOLE

    def test_a_device_left_in_a_room_since_yesterday_is_not_there_today(self) -> None:
        yesterday = Interval(NINE - timedelta(days=1), NINE - timedelta(hours=23))
        told = (session_started(at=yesterday.start), joined(BOB, at=yesterday.start), the_trainer(), stay(ADA, 0, 60))
        sheet = ended(*told, room_lessons=(yesterday, during(0, 60)))
        assert sheet.by_id[BOB.id].verdict is Verdict.ABSENT
        assert ada_in(sheet).attended == WHOLE

    def test_a_host_who_came_31_minutes_early_has_been_there_from_the_start(self) -> None:
        sheet = ended(session_started(at=-31), joined(GRACE, at=-31), session_ended(at=60), stay(ADA, 0, 60))
        assert (sheet.reference_start, sheet.held_seconds) == (at(0), 3600)

    def test_a_lesson_that_overruns_counts_only_to_its_planned_end(self) -> None:
        room = (during(0, 60), during(60, 120))
        told = (the_trainer(-10, 75), stay(ADA, 0, 75), joined(BOB, at=0))
        assert ada_in(ended(*told, room_lessons=room)).attended == WHOLE
        following = ended(*told, lesson=an_ended_lesson(start=60), room_lessons=room, roster=(ADA, BOB, GRACE))
        assert ada_in(following).attended == Seconds(planned=15 * 60, held=15 * 60)

    def test_two_courses_back_to_back_count_each_their_own_roster(self) -> None:
        told = (the_trainer(-10, 65), stay(ADA, 0, 63), stay(ALAN, 58, 125), stay(CAROL, 55, 120))
        room = (during(0, 60), during(60, 120))
        first = ended(*told, room_lessons=room, known=(CAROL, ALAN))
        second = ended(
            *told,
            lesson=an_ended_lesson(start=60),
            room_lessons=room,
            roster=(CAROL, ALAN),
            known=tuple(replace(person, role=Role.NOT_ENROLLED) for person in (ADA, GRACE)),
        )
        assert ada_in(first).attended == second.by_id[CAROL.id].attended == WHOLE
        assert [person.person_id for person in second.not_enrolled] == [ADA.id, GRACE.id]
        assert second.strangers == ()

    def test_a_host_restart_at_minute_29_does_not_end_the_lesson(self) -> None:
        told = (session_started(at=-10), *the_trainer(-10, 29), *stay(ADA, 0, 29), session_ended(at=29))
        given = facts(told)
        assert state_at(31, given) is LessonState.LIVE
        assert ada_in(sheet_of(given, now=at(31))).verdict is Verdict.PENDING
        back = facts(told, session_started(at=32, session="session-2"), joined(ADA, at=32, session="session-2"))
        assert state_at(45, back) is LessonState.LIVE

    def test_a_room_that_stays_empty_for_ten_minutes_ends_the_lesson(self) -> None:
        given = facts(session_started(at=-10), the_trainer(-10, 29), stay(ADA, 0, 29), session_ended(at=29))
        assert state_at(38.9, given) is LessonState.LIVE
        assert state_at(39, given) is LessonState.PROVISIONAL

    def test_a_microphone_test_of_two_minutes_starts_nothing(self) -> None:
        given = facts(session_started(at=-22), the_trainer(-22, -20), stay(ADA, -22, -20), session_ended(at=-20))
        assert state_at(-19, given) is LessonState.PLANNED
        sheet = sheet_of(given, now=at(4))
        assert (sheet.reference_start, ada_in(sheet).late_by, ada_in(sheet).flags) == (None, None, ())
        assert ada_in(sheet).verdict is Verdict.PENDING

    def test_an_end_that_is_followed_by_a_joined_of_the_same_session_ended_nothing(self) -> None:
        told = (joined(ADA, at=0), session_ended(at=30), *stay(BOB, 35, 60))
        assert ada_in(ended(the_trainer(), told)).attended == WHOLE

    def test_left_and_joined_in_one_second_is_no_visit_where_a_joined_follows(self) -> None:
        told = (left(ADA, at=10), joined(ADA, at=10), *stay(ADA, 30, 60))
        assert [each.joined_at for each in ada_in(ended(the_trainer(), told)).stays] == [at(30)]

    def test_left_and_joined_in_one_second_opens_a_stay_where_a_left_follows(self) -> None:
        told = (left(ADA, at=10), joined(ADA, at=10), left(ADA, at=60))
        ada = ada_in(ended(the_trainer(), told))
        assert [(each.joined_at, each.assumed) for each in ada.stays] == [(at(10), frozenset())]

    def test_moves_between_breakout_rooms_are_one_stay(self) -> None:
        in_breakout = (
            left(ADA, at=20),
            moved(ADA, at=20),
            moved_back(ADA, at=40),
            left(ADA, at=40),
            joined(ADA, at=40),
        )
        ada = ada_in(ended(the_trainer(), joined(ADA, at=0), in_breakout, left(ADA, at=60)))
        assert [(each.joined_at, each.left_at) for each in ada.stays] == [(at(0), at(60))]


class TestTime:
    def test_a_lesson_across_midnight_is_one_lesson(self) -> None:
        start = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
        end = start + timedelta(hours=1)
        lesson = an_ended_lesson(start=start)
        sheet = sheet_of(
            facts(stay(GRACE, start, end), stay(ADA, start, end), lesson=lesson), now=end + timedelta(hours=3)
        )
        assert ada_in(sheet).attended == WHOLE

    def test_who_joins_in_the_very_instant_of_looking_is_present(self) -> None:
        ada = ada_in(live(the_trainer(), joined(ADA, at=3), now=3))
        assert (ada.presence, ada.since, ada.attended.planned) == (Presence.PRESENT, at(3), 0)

    def test_a_platform_whose_clock_runs_ahead_still_says_that_somebody_is_in(self) -> None:
        ada = ada_in(live(the_trainer(), joined(ADA, at="09:03:04"), now=3))
        assert ada.presence is Presence.PRESENT

    def test_who_comes_after_the_planned_end_has_not_arrived(self) -> None:
        ada = ada_in(ended(the_trainer(), stay(ADA, 62, 70)))
        assert (ada.late_by, ada.verdict, ada.flags) == (None, Verdict.ABSENT, ())

    def test_parts_of_a_second_are_added_before_they_are_rounded_down(self) -> None:
        halves = [stay(ADA, at(minute), at(minute) + timedelta(milliseconds=500)) for minute in (10, 20, 30)]
        assert ada_in(ended(the_trainer(), *halves)).attended.planned == 1


class TestWaiting:
    def test_who_waited_and_was_not_let_in_is_partial_and_asked_about(self) -> None:
        sheet = ended(the_trainer(), waiting(ADA, at=0), session_ended(at=60))
        ada = ada_in(sheet)
        assert (ada.verdict, ada.flags, ada.waited_seconds) == (Verdict.PARTIAL, (Flag.WAITED,), 3600)
        assert (QuestionKind.WAITED, ADA.id) in [(question.kind, question.subject) for question in sheet.questions]

    def test_who_was_let_in_and_left_at_once_was_not_kept_waiting(self) -> None:
        told = (waiting(ADA, at=0), admitted(ADA, at=8), *stay(ADA, 8, 8.5))
        assert ada_in(ended(the_trainer(), told)).verdict is Verdict.ABSENT

    def test_who_waits_from_before_the_start_and_is_let_in_later_is_not_late(self) -> None:
        told = (waiting(ADA, at=-1), admitted(ADA, at=8), *stay(ADA, 8, 60))
        assert Flag.LATE not in ada_in(ended(the_trainer(), told)).flags

    def test_let_in_without_a_joined_for_two_minutes_opens_an_assumed_stay(self) -> None:
        told = (the_trainer(), waiting(ADA, at=0), admitted(ADA, at=8))
        assert ada_in(live(*told, now=9.9)).presence is Presence.WAITING
        ada = ada_in(live(*told, now=20))
        assert (ada.presence, ada.attended.planned, ada.assumed_seconds) == (Presence.PRESENT, 720, 720)

    def test_who_comes_to_the_waiting_room_and_joins_in_one_second_is_in(self) -> None:
        ada = ada_in(live(the_trainer(), joined(ADA, at=8), waiting(ADA, at=8), now=30))
        assert (ada.presence, ada.waited_seconds) == (Presence.PRESENT, 0)

    def test_waiting_ends_with_its_session(self) -> None:
        assert ada_in(ended(the_trainer(), waiting(ADA, at=0), session_ended(at=30))).waited_seconds == 1800

    def test_put_back_into_the_waiting_room_ends_the_stay(self) -> None:
        told = (joined(ADA, at=8), waiting(ADA, at=20))
        ada = ada_in(live(the_trainer(), told, now=30))
        assert (ada.presence, ada.attended.planned, ada.waited_seconds) == (Presence.WAITING, 720, 600)

    def test_a_left_told_after_being_put_back_opens_no_stay_before_it(self) -> None:
        told = (joined(ADA, at=8), waiting(ADA, at=20), left(ADA, at="09:20:01"))
        assert ada_in(ended(session_started(at=-10), the_trainer(), told)).attended.planned == 12 * 60 + 1

    def test_the_end_of_another_session_ends_no_waiting(self) -> None:
        told = (session_ended(at=30.1), waiting(ADA, at=30, session="session-2"))
        assert ada_in(live(the_trainer(), told, now=40)).waited_seconds == 600


def test_a_lesson_that_is_not_over_decides_nothing() -> None:
    sheet = live(the_trainer(), stay(ADA, 0, 20), now=40, lesson=a_lesson())
    assert [person.verdict for person in sheet.students] == [Verdict.PENDING, Verdict.PENDING]
    assert Flag.LEFT_EARLY not in ada_in(sheet).flags
