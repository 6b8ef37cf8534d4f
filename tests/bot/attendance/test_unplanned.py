"""A session that nobody planned is a lesson once a trainer and a student have been in together for ten minutes."""

from datetime import timedelta

from bot.attendance.events import Handle, PresenceEvent
from bot.attendance.unplanned import FoundLesson, found_lesson
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    at,
    during,
    facts,
    joined,
    left,
    session_ended,
    session_started,
    stay,
    the_trainer,
)


def found(
    *events: PresenceEvent | tuple[PresenceEvent, ...], now: float = 300, sessions: bool = False
) -> FoundLesson | None:
    return found_lesson(facts(*events), takes_sessions=sessions, now=at(now))


class TestOutsideTheTimetable:
    def test_ten_minutes_of_a_trainer_and_a_student_together_are_a_lesson(self) -> None:
        lesson = found(the_trainer(0, 40), stay(ADA, 5, 35), now=60)
        assert lesson == FoundLesson(planned=during(5, 35), is_unplanned=True)

    def test_a_second_less_is_none(self) -> None:
        assert found(the_trainer(0, 40), stay(ADA, 5, 14.98), now=60) is None
        assert found(the_trainer(0, 40), stay(ADA, 5, 15), now=60) is not None

    def test_it_runs_from_the_first_such_instant_to_the_last(self) -> None:
        lesson = found(the_trainer(0, 30), the_trainer(40, 90, device="phone"), stay(ADA, 10, 20), stay(BOB, 45, 80))
        assert lesson is not None
        assert lesson.planned == during(10, 80)

    def test_it_grows_while_they_are_in(self) -> None:
        session = (joined(GRACE, at=0), joined(ADA, at=0))
        assert found(*session, now=9) is None
        assert found(*session, now=10) == FoundLesson(planned=during(0, 10), is_unplanned=True)
        assert found(*session, now=45) == FoundLesson(planned=during(0, 45), is_unplanned=True)

    def test_it_stops_with_the_session_and_with_two_hours_of_silence(self) -> None:
        session = (joined(GRACE, at=0), joined(ADA, at=5))
        assert found(*session, session_ended(at=40), now=300) == FoundLesson(planned=during(5, 40), is_unplanned=True)
        assert found(*session, now=300) == FoundLesson(planned=during(5, 125), is_unplanned=True)

    def test_the_host_stands_in_for_a_trainer_who_was_not_recognised(self) -> None:
        assert found(stay("Room 4", 0, 40), stay(ADA, 0, 40)) is None
        assert found(stay(Handle(name="Room 4", is_host=True), 0, 40), stay(ADA, 0, 40)) is not None

    def test_students_alone_a_trainer_alone_and_strangers_are_none(self) -> None:
        assert found(stay(ADA, 0, 60), stay(BOB, 0, 60)) is None
        assert found(the_trainer(0, 60)) is None
        assert found(the_trainer(0, 60), stay(EVE, 0, 60), stay("iPad (2)", 0, 60)) is None

    def test_who_was_there_one_after_the_other_was_not_there_together(self) -> None:
        assert found(the_trainer(0, 20), stay(ADA, 20, 60)) is None

    def test_nothing_at_all_is_no_lesson(self) -> None:
        assert found() is None
        assert found(joined(GRACE, at=0), now=0) is None


class TestACourseThatTakesEverySession:
    def test_the_session_is_the_lesson_with_the_start_and_length_that_the_platform_planned(self) -> None:
        planned_for = timedelta(minutes=90)
        events = (session_started(at=-3, planned_for=planned_for), the_trainer(0, 20))
        assert found(*events, sessions=True, now=6) == FoundLesson(
            planned=during(-3, 87), is_unplanned=False, grows=False
        )
        assert found(*events, stay(ADA, 0, 110), sessions=True) == FoundLesson(
            planned=during(-3, 87), is_unplanned=False, grows=False
        )

    def test_without_a_planned_length_it_lasts_as_long_as_somebody_of_the_roster_is_in(self) -> None:
        events = (session_started(at=-3), joined(GRACE, at=0), joined(ADA, at=2))
        assert found(*events, sessions=True, now=30) == FoundLesson(planned=during(-3, 30), is_unplanned=False)
        over = (*events, left(GRACE, at=40), left(ADA, at=55))
        assert found(*over, sessions=True) == FoundLesson(planned=during(-3, 55), is_unplanned=False)

    def test_the_start_of_the_session_may_be_told_by_any_of_its_events(self) -> None:
        events = (joined(ADA, at=2, session_started_at=at(-8)), left(ADA, at=40))
        assert found(*events, sessions=True) == FoundLesson(planned=during(-8, 40), is_unplanned=False)

    def test_a_microphone_test_of_two_minutes_is_none(self) -> None:
        assert found(session_started(at=0, planned_for=timedelta(hours=1)), the_trainer(0, 2), sessions=True) is None

    def test_students_who_wait_for_their_trainer_make_it_one(self) -> None:
        assert found(stay(ADA, 0, 6), sessions=True) == FoundLesson(planned=during(0, 6), is_unplanned=False)

    def test_strangers_alone_make_none(self) -> None:
        assert found(stay(EVE, 0, 60), stay("iPad (2)", 0, 60), sessions=True) is None
