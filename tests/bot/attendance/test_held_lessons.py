"""Whether there was a lesson at all: nobody came, nothing was heard, and who stands in for a trainer."""

from datetime import timedelta
from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.events import Handle
from bot.attendance.lessons import Confirmation, CorrectionKind, Feed, FeedFacts, Policy
from bot.attendance.sheet import PersonSheet, QuestionKind, Sheet, Verdict
from tests.builders import ADA, BOB, GRACE, an_ended_lesson, at, correction, during, facts, stay, the_trainer


def ended(*events: Any, **changes: Any) -> Sheet:
    return sheet_of(facts(*events, **{"lesson": an_ended_lesson(), **changes}), now=at(300))


def ada_in(sheet: Sheet) -> PersonSheet:
    return sheet.by_id[ADA.id]


class TestNobodyThere:
    def test_nobody_joined_and_nothing_speaks_against_it_is_not_held_and_asked(self) -> None:
        sheet = ended()
        assert (sheet.feed, sheet.confirmation) == (Feed.UNKNOWN, Confirmation.NOT_HELD)
        assert ada_in(sheet).verdict is Verdict.NOT_HELD
        assert [question.kind for question in sheet.questions] == [QuestionKind.DID_IT_TAKE_PLACE]

    @pytest.mark.parametrize(
        "changes",
        [
            {"feed": FeedFacts(account_ever_delivered=False)},
            {"feed": FeedFacts(last_received_at=at(30), last_delay=timedelta(minutes=3))},
            {"corrections": (correction(CorrectionKind.IN_ALREADY, ADA, at=5, actor=ADA),)},
        ],
        ids=["never delivered", "deliveries come late", "somebody says to be in"],
    )
    def test_a_platform_that_was_silent_gives_no_data_and_makes_nobody_absent(self, changes: dict[str, Any]) -> None:
        sheet = ended(**changes)
        assert sheet.feed is Feed.SILENT
        assert [person.verdict for person in sheet.students] == [Verdict.NO_DATA, Verdict.NO_DATA]

    def test_a_silent_platform_does_not_outweigh_a_trainer_who_says_who_was_there(self) -> None:
        said = (correction(CorrectionKind.PRESENT, ADA), correction(CorrectionKind.TOOK_PLACE, during=during(0, 60)))
        sheet = ended(feed=FeedFacts(account_ever_delivered=False), corrections=said)
        assert (ada_in(sheet).verdict, sheet.by_id[BOB.id].verdict) == (Verdict.VALIDATED, Verdict.ABSENT)

    def test_a_student_who_is_marked_present_on_a_silent_platform_is_data(self) -> None:
        said = (correction(CorrectionKind.PRESENT, ADA),)
        sheet = ended(feed=FeedFacts(account_ever_delivered=False), corrections=said)
        assert (sheet.confirmation, ada_in(sheet).verdict) == (Confirmation.UNCONFIRMED, Verdict.PENDING)

    def test_a_trainer_without_students_held_the_lesson(self) -> None:
        sheet = ended(the_trainer())
        assert (sheet.confirmation, ada_in(sheet).verdict) == (Confirmation.CONFIRMED, Verdict.ABSENT)


class TestTrainers:
    def test_a_perfect_student_stays_at_100_percent_when_the_trainer_stops_ten_minutes_early(self) -> None:
        ada = ada_in(ended(the_trainer(-10, 50), stay(ADA, -1, 50)))
        assert (ada.permille_held, ada.verdict, ada.flags) == (1000, Verdict.VALIDATED, ())
        assert ada.permille_planned == 833

    def test_a_trainer_under_an_unknown_name_is_stood_in_for_by_the_host(self) -> None:
        host = Handle(name="Seminar room", is_host=True)
        sheet = ended(stay(host, -5, 60), stay(ADA, 0, 60))
        assert (sheet.held_seconds, ada_in(sheet).verdict) == (3600, Verdict.VALIDATED)

    def test_a_trainer_under_an_unknown_name_who_does_not_host_leaves_it_to_be_asked(self) -> None:
        sheet = ended(stay("Seminar room", -5, 60), stay(ADA, 0, 60))
        assert (sheet.confirmation, ada_in(sheet).verdict) == (Confirmation.UNCONFIRMED, Verdict.PENDING)
        assert QuestionKind.DID_IT_TAKE_PLACE in [question.kind for question in sheet.questions]

    def test_the_host_stands_in_beside_a_trainer_who_was_not_seen_and_marked_present(self) -> None:
        said = (correction(CorrectionKind.PRESENT, GRACE, during=during(0, 10)),)
        host = Handle(name="Seminar room", is_host=True)
        assert ended(stay(host, 5, 60), stay(ADA, 0, 60), corrections=said).held_seconds == 3600

    def test_a_host_does_not_stand_in_once_a_trainer_was_recognised(self) -> None:
        sheet = ended(stay(Handle(name="Projector", is_host=True), 0, 60), the_trainer(20, 60), stay(ADA, 0, 60))
        assert sheet.held_seconds == 40 * 60

    def test_where_a_course_names_the_roles_of_hosts_these_stand_in_and_no_others(self) -> None:
        course = Policy(host_roles=("instructor",))
        room = Handle(name="Seminar room", role="instructor")
        helper = Handle(name="Projector", role="host", is_host=True)
        lesson = an_ended_lesson(policy=course)
        assert ended(stay(room, 5, 60), stay(helper, 0, 60), stay(ADA, 0, 60), lesson=lesson).held_seconds == 55 * 60

    def test_a_host_of_whom_no_role_is_told_stands_in_whatever_roles_a_course_names(self) -> None:
        lesson = an_ended_lesson(policy=Policy(host_roles=("instructor",)))
        host = Handle(name="Seminar room", is_host=True)
        assert ended(stay(host, -5, 60), stay(ADA, 0, 60), lesson=lesson).held_seconds == 3600

    def test_a_student_who_hosts_teaches_nobody(self) -> None:
        host = Handle(name=ADA.name, email=ADA.email, is_host=True)
        assert ended(stay(host, 0, 60)).held_seconds == 0
