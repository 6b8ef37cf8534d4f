"""What people change and say about a lesson: one more input to the rules, later ones winning over earlier ones."""

from typing import Any

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import Confirmation, Correction, CorrectionKind
from bot.attendance.sheet import Flag, PersonSheet, QuestionKind, Seconds, Sheet, Verdict
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    a_lesson,
    admitted,
    an_ended_lesson,
    at,
    correction,
    during,
    facts,
    left,
    session_started,
    stay,
    the_trainer,
    waiting,
)

WHOLE = Seconds(planned=3600, held=3600)


def ended(*events: Any, said: tuple[Correction, ...] = (), **changes: Any) -> Sheet:
    given = facts(*events, **{"lesson": an_ended_lesson(), "corrections": said, **changes})
    return sheet_of(given, now=at(300))


def ada(*events: Any, said: tuple[Correction, ...], **changes: Any) -> PersonSheet:
    return ended(the_trainer(), *events, said=said, **changes).by_id[ADA.id]


class TestPresence:
    def test_marked_present_counts_for_the_whole_lesson_and_is_marked(self) -> None:
        line = ada(stay(ADA, 20, 60), said=(correction(CorrectionKind.PRESENT, ADA),))
        assert (line.attended, line.verdict, line.flags) == (WHOLE, Verdict.VALIDATED, (Flag.CORRECTED,))

    def test_what_was_measured_stands_beside_a_correction(self) -> None:
        line = ada(stay(ADA, 20, 60), said=(correction(CorrectionKind.PRESENT, ADA),))
        assert line.measured_seconds == 40 * 60

    def test_marked_present_for_a_while_counts_for_that_while(self) -> None:
        line = ada(stay(ADA, 20, 60), said=(correction(CorrectionKind.PRESENT, ADA, during=during(0, 10)),))
        assert line.attended.planned == 50 * 60

    def test_marked_absent_takes_away_what_was_measured(self) -> None:
        line = ada(stay(ADA, 0, 60), said=(correction(CorrectionKind.NOT_PRESENT, ADA),))
        assert (line.attended.planned, line.verdict, line.measured_seconds) == (0, Verdict.ABSENT, 3600)

    def test_the_later_correction_wins_in_whatever_order_they_are_read(self) -> None:
        present = correction(CorrectionKind.PRESENT, ADA, at=70)
        absent = correction(CorrectionKind.NOT_PRESENT, ADA, at=80)
        present_after_all = correction(CorrectionKind.PRESENT, ADA, at=90)
        assert ada(said=(present, absent)).verdict is Verdict.ABSENT
        assert ada(said=(absent, present)).verdict is Verdict.ABSENT
        assert ada(said=(present_after_all, absent, present)).verdict is Verdict.VALIDATED

    def test_a_gap_that_a_trainer_made_is_not_bridged(self) -> None:
        line = ada(stay(ADA, 0, 60), said=(correction(CorrectionKind.NOT_PRESENT, ADA, during=during(30, 30.5)),))
        assert (line.attended.planned, line.bridged_seconds) == (3570, 0)

    def test_a_correction_of_time_to_come_does_not_count_yet_and_makes_nobody_late(self) -> None:
        said = (correction(CorrectionKind.PRESENT, ADA, at=10, during=during(40, 60)),)
        given = facts(the_trainer(), corrections=said, lesson=a_lesson())
        line = sheet_of(given, now=at(20)).by_id[ADA.id]
        assert (line.attended.planned, line.late_by, line.flags) == (0, None, (Flag.CORRECTED,))

    def test_a_start_that_was_assumed_makes_late_once_a_trainer_vouches_for_it(self) -> None:
        told = (session_started(at=10), left(ADA, at=60))
        said = (correction(CorrectionKind.PRESENT, ADA, during=during(10, 30)),)
        assert Flag.LATE not in ada(told, said=()).flags
        assert Flag.LATE in ada(told, said=said).flags

    def test_a_trainer_who_is_marked_present_makes_the_lesson_held(self) -> None:
        sheet = ended(stay(ADA, 0, 60), said=(correction(CorrectionKind.PRESENT, GRACE, actor=ADA),))
        assert (sheet.held_seconds, sheet.by_id[ADA.id].verdict) == (3600, Verdict.VALIDATED)


class TestExcuses:
    def test_who_is_excused_and_does_not_come_is_excused_and_out_of_both_sums(self) -> None:
        line = ada(said=(correction(CorrectionKind.EXCUSED, ADA),))
        assert (line.verdict, line.denominator, line.flags) == (Verdict.EXCUSED, Seconds(planned=0, held=0), ())

    def test_who_is_excused_comes_anyway_and_reaches_the_minimum_is_validated_like_everybody(self) -> None:
        line = ada(stay(ADA, 3, 60), said=(correction(CorrectionKind.EXCUSED, ADA),))
        assert (line.verdict, line.attended.held, line.denominator.held) == (Verdict.VALIDATED, 57 * 60, 3600)

    def test_who_is_excused_and_comes_for_a_while_stays_excused(self) -> None:
        line = ada(stay(ADA, 0, 30), said=(correction(CorrectionKind.EXCUSED, ADA),))
        assert (line.verdict, line.attended.held) == (Verdict.EXCUSED, 0)

    def test_an_excuse_for_a_while_leaves_that_while_out_of_attended_and_of_the_whole(self) -> None:
        said = (correction(CorrectionKind.EXCUSED, ADA, during=during(0, 30)),)
        assert ada(stay(ADA, 20, 60), said=said).attended == Seconds(planned=1800, held=1800)
        assert ada(stay(ADA, 20, 60), said=said).verdict is Verdict.VALIDATED
        assert ada(said=said).verdict is Verdict.ABSENT

    def test_marked_absent_later_takes_an_excuse_back(self) -> None:
        excused, absent = (correction(CorrectionKind.EXCUSED, ADA, at=70), correction(CorrectionKind.NOT_PRESENT, ADA))
        assert ada(said=(excused, absent)).verdict is Verdict.ABSENT

    def test_an_excuse_for_later_excuses_nothing_at_the_start(self) -> None:
        said = (correction(CorrectionKind.EXCUSED, ADA, at=-30, during=during(40, 60)),)
        line = sheet_of(facts(the_trainer(), corrections=said), now=at(0)).by_id[ADA.id]
        assert line.verdict is Verdict.PENDING


class TestWaiting:
    def test_waiting_is_credited_with_one_tap(self) -> None:
        told = (waiting(ADA, at=0), admitted(ADA, at=8), *stay(ADA, 8, 60))
        line = ada(told, said=(correction(CorrectionKind.CREDIT_WAITING, ADA),))
        assert (line.attended, line.verdict) == (WHOLE, Verdict.VALIDATED)


class TestTheLesson:
    def half(self, *said: Correction) -> Sheet:
        """The trainer was seen for the first 20 minutes only, Ada for the whole."""
        return ended(the_trainer(0, 20), stay(ADA, 0, 60), said=said)

    def test_a_lesson_held_for_less_than_half_is_unconfirmed_and_asked_about(self) -> None:
        sheet = self.half()
        assert (sheet.confirmation, sheet.by_id[ADA.id].verdict) == (Confirmation.UNCONFIRMED, Verdict.PENDING)
        assert [each.kind for each in sheet.questions] == [QuestionKind.DID_IT_TAKE_PLACE]

    def test_it_took_place_the_whole_time(self) -> None:
        sheet = self.half(correction(CorrectionKind.TOOK_PLACE, during=during(0, 60)))
        assert (sheet.reference_start, sheet.expected_end, sheet.held_seconds) == (at(0), at(60), 3600)
        assert (sheet.by_id[ADA.id].verdict, sheet.questions) == (Verdict.VALIDATED, ())

    def test_it_took_place_from_to(self) -> None:
        sheet = self.half(correction(CorrectionKind.TOOK_PLACE, during=during(10, 40)))
        assert (sheet.reference_start, sheet.expected_end, sheet.held_seconds) == (at(10), at(40), 1800)

    def test_it_took_place_as_measured(self) -> None:
        sheet = self.half(correction(CorrectionKind.TOOK_PLACE))
        assert (sheet.confirmation, sheet.held_seconds) == (Confirmation.CONFIRMED, 20 * 60)
        assert sheet.by_id[ADA.id].verdict is Verdict.VALIDATED
        assert sheet.by_id[BOB.id].verdict is Verdict.ABSENT

    def test_it_did_not_take_place_and_nobody_is_absent(self) -> None:
        sheet = self.half(correction(CorrectionKind.NOT_HELD))
        assert {person.verdict for person in sheet.students} == {Verdict.NOT_HELD}
        assert sheet.questions == ()

    def test_the_last_answer_is_the_answer(self) -> None:
        no, yes = correction(CorrectionKind.NOT_HELD, at=70), correction(CorrectionKind.TOOK_PLACE, at=80)
        assert self.half(yes, no).confirmation is Confirmation.CONFIRMED

    def test_a_break_that_the_trainer_taps_replaces_the_next_planned_one(self) -> None:
        said = (correction(CorrectionKind.BREAK, at=15, during=during(15, 25)),)
        lesson = an_ended_lesson(breaks=(during(30, 40), during(50, 55)))
        line = ada(stay(ADA, 0, 15), stay(ADA, 25, 60), said=said, lesson=lesson)
        assert (line.attended.planned, line.denominator.planned) == (45 * 60, 45 * 60)

    def test_a_break_that_is_tapped_after_the_planned_ones_is_one_more(self) -> None:
        said = (correction(CorrectionKind.BREAK, at=30, during=during(30, 40)),)
        line = ada(stay(ADA, 0, 60), said=said, lesson=an_ended_lesson(breaks=(during(10, 20),)))
        assert line.denominator.planned == 40 * 60

    def test_a_substitute_teaches_this_lesson(self) -> None:
        said = (correction(CorrectionKind.SUBSTITUTE, person_ids=(EVE.id,)),)
        sheet = ended(stay(EVE, 0, 60), stay(ADA, 0, 60), said=said, known=(EVE,))
        assert (sheet.held_seconds, sheet.by_id[ADA.id].verdict) == (3600, Verdict.VALIDATED)
        assert EVE.id in [person.person_id for person in sheet.trainers]
