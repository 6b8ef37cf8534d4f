"""Late facts: what comes after a verdict was posted improves it at once; to worsen it, a trainer taps."""

from datetime import timedelta

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState, Policy
from bot.attendance.sheet import QuestionKind, Verdict
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    a_lesson,
    correction,
    during,
    facts,
    joined,
    left,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
)
from tests.fakes.lesson_watch import LessonWatch

PLANNED = a_lesson(state=LessonState.PLANNED)
HOUR_TO_LOCK = replace(PLANNED, policy=Policy(lock_after=timedelta(hours=1)))
#: Bob has two devices; of the phone it is told two hours late that it left after ten minutes.
BOB_WENT = left(BOB, at=10, received=180)
#: Ada was there all the time; it is told three hours late.
ADA_CAME = (joined(ADA, at=0, received=180), left(ADA, at=60, received=180))


def a_lesson_with(*events, **changes) -> LessonWatch:
    """Bob comes at the beginning; whether he stays and whether Ada came is told late."""
    return LessonWatch.of(
        facts(
            session_started(),
            the_trainer(-10, 60),
            joined(BOB, at=0),
            *events,
            session_ended(at=60),
            **{"lesson": PLANNED, **changes},
        )
    )


def verdicts(watch: LessonWatch) -> tuple[str, str]:
    """Of Ada and Bob."""
    ada, bob = watch.decision.sheet.students
    return ada.verdict.value, bob.verdict.value


def asked(watch: LessonWatch) -> list[tuple[str, ...]]:
    """Whose verdicts wait for a tap."""
    return [each.person_ids for each in watch.decision.sheet.questions if each.kind is QuestionKind.LATE_FACTS]


# What worsens a verdict


def test_a_worse_verdict_is_held_back_and_the_trainer_is_asked():
    watch = a_lesson_with(BOB_WENT).until(179)
    assert verdicts(watch) == ("absent", "validated")
    watch.until(181)
    assert (verdicts(watch), asked(watch)) == (("absent", "validated"), [("bob",)])


def test_the_question_stands_on_the_summary_with_the_name():
    summary = a_lesson_with(BOB_WENT).until(181).standing(MessageKind.SUMMARY, "C0PYTHON")
    (question,) = summary["questions"]
    assert (question["kind"], [each["name"] for each in question["suggestions"]]) == ("late_facts", ["Bob Kahn"])


def test_nothing_is_written_down_while_it_waits_for_a_tap():
    watch = a_lesson_with(BOB_WENT).until(179)
    before = watch.facts.written
    assert watch.until(181).facts.written == before


def test_it_waits_also_while_the_lesson_is_reconciled():
    watch = a_lesson_with(BOB_WENT).until(26 * 60)
    assert watch.decision.state is LessonState.RECONCILED
    assert (verdicts(watch), asked(watch)) == (("absent", "validated"), [("bob",)])


def test_a_tap_applies_it_and_writes_a_new_version():
    tap = correction(CorrectionKind.APPLY_CHANGES, at=190)
    watch = a_lesson_with(BOB_WENT, corrections=[tap]).until(189)
    version = watch.facts.written.version
    watch.until(191)
    assert (verdicts(watch), asked(watch)) == (("absent", "partial"), [])
    assert watch.facts.written.version == version + 1
    assert watch.facts.written.sheet.person("bob").verdict is Verdict.PARTIAL


def test_a_tap_applies_only_what_was_known_then():
    tap = correction(CorrectionKind.APPLY_CHANGES, at=170)
    watch = a_lesson_with(BOB_WENT, corrections=[tap]).until(181)
    assert (verdicts(watch), asked(watch)) == (("absent", "validated"), [("bob",)])


@pytest.mark.parametrize("answer", [CorrectionKind.TOOK_PLACE, CorrectionKind.NOT_HELD])
def test_who_decides_about_the_lesson_decides_for_everybody(answer):
    watch = a_lesson_with(BOB_WENT, corrections=[correction(answer, at=190)]).until(191)
    assert (verdicts(watch)[1] != "validated", asked(watch)) == (True, [])


# What improves it


def test_a_better_verdict_applies_at_once():
    watch = a_lesson_with(*ADA_CAME).until(181)
    assert (verdicts(watch), asked(watch)) == (("validated", "validated"), [])


def test_what_improves_applies_beside_what_is_held_back():
    watch = a_lesson_with(*ADA_CAME, BOB_WENT).until(181)
    assert (verdicts(watch), asked(watch)) == (("validated", "validated"), [("bob",)])


def test_who_is_new_on_the_roster_has_no_verdict_that_could_be_worsened():
    watch = a_lesson_with().until(100)
    late = replace(ADA, id="carol", name="Carol Shaw", email="carol@example.com")
    watch.facts = replace(watch.facts, roster=(*watch.facts.roster, late))
    assert [line.verdict.value for line in watch.until(101).decision.sheet.students] == [
        "absent",
        "validated",
        "absent",
    ]


# What a person decides


def test_a_trainers_correction_applies_at_once_though_it_worsens():
    watch = a_lesson_with(corrections=[correction(CorrectionKind.NOT_PRESENT, BOB, at=190)]).until(191)
    assert (verdicts(watch), asked(watch)) == (("absent", "absent"), [])


def test_deciding_about_one_does_not_decide_about_another():
    """Ada is marked present while Bob's worse verdict waits for a tap."""
    watch = a_lesson_with(BOB_WENT, corrections=[correction(CorrectionKind.PRESENT, ADA, at=190)]).until(191)
    assert (verdicts(watch), asked(watch)) == (("validated", "validated"), [("bob",)])


@pytest.mark.parametrize("said", [CorrectionKind.DISPUTED, CorrectionKind.DECLINED, CorrectionKind.ACCEPT_VERDICT])
def test_what_people_only_say_applies_nothing(said):
    watch = a_lesson_with(BOB_WENT, corrections=[correction(said, BOB, at=190)]).until(191)
    assert (verdicts(watch), asked(watch)) == (("absent", "validated"), [("bob",)])


def test_a_connection_given_to_somebody_else_decides_about_both():
    """The laptop that was taken for Bob's was Ada's."""
    link = correction(CorrectionKind.LINK, at=190, connection=("session-1", "bob's laptop"), person_ids=("ada",))
    watch = a_lesson_with(corrections=[link]).until(191)
    assert (verdicts(watch), asked(watch)) == (("validated", "absent"), [])


def test_a_connection_given_to_one_does_not_decide_about_another():
    link = correction(CorrectionKind.LINK, at=190, connection=("session-1", "iPad's laptop"), person_ids=("ada",))
    watch = a_lesson_with(BOB_WENT, stay("iPad", 0, 60), corrections=[link]).until(191)
    assert (verdicts(watch), asked(watch)) == (("validated", "validated"), [("bob",)])


# Students are told


CHANGES = {MessageKind.VERDICT_CHANGED, MessageKind.VERDICT_CHANGED_AGAIN}


def told_of_a_change(watch: LessonWatch, person: str) -> list[tuple[str, str, str]]:
    return [
        (f"{each.at:%H:%M}", each.content["old"], each.content["new"])
        for each in watch.sent
        if each.kind in CHANGES and each.content is not None and each.recipient == person
    ]


def test_a_student_is_told_once_of_a_change_of_the_own_verdict():
    watch = a_lesson_with(*ADA_CAME).until(300)
    assert told_of_a_change(watch, "ada") == [("12:00", "absent", "validated")]
    assert told_of_a_change(watch, "bob") == []


def test_nobody_is_told_of_a_change_that_waits_for_a_tap():
    watch = a_lesson_with(BOB_WENT, corrections=[correction(CorrectionKind.APPLY_CHANGES, at=190)]).until(189)
    assert told_of_a_change(watch, "bob") == []
    assert told_of_a_change(watch.until(200), "bob") == [("12:10", "validated", "partial")]


def test_of_a_second_change_they_are_told_again():
    back = correction(CorrectionKind.PRESENT, BOB, at=200)
    away = correction(CorrectionKind.NOT_PRESENT, BOB, at=190)
    watch = a_lesson_with(corrections=[away, back]).until(300)
    assert told_of_a_change(watch, "bob") == [("12:10", "validated", "absent"), ("12:20", "absent", "validated")]


# A locked lesson


def locked_with(*events, **changes) -> LessonWatch:
    return a_lesson_with(*events, lesson=HOUR_TO_LOCK, **changes)


def test_in_a_locked_lesson_new_facts_change_nothing_and_become_a_question():
    watch = locked_with(*ADA_CAME, BOB_WENT).until(179)
    before = watch.facts.written
    watch.until(181)
    assert watch.decision.state is LessonState.LOCKED
    assert (verdicts(watch), asked(watch)) == (("absent", "validated"), [("ada", "bob")])
    assert watch.facts.written == before


def test_new_facts_that_change_no_verdict_are_no_question():
    watch = locked_with(left(BOB, at=58, received=180)).until(181)
    assert asked(watch) == []


def test_a_tap_in_a_locked_lesson_writes_a_new_version_locked_again():
    tap = correction(CorrectionKind.APPLY_CHANGES, at=190)
    watch = locked_with(*ADA_CAME, BOB_WENT, corrections=[tap]).until(189)
    version = watch.facts.written.version
    watch.until(191)
    assert (verdicts(watch), asked(watch)) == (("validated", "partial"), [])
    assert (watch.facts.written.version, watch.facts.written.state) == (version + 1, LessonState.LOCKED)


def test_a_correction_in_a_locked_lesson_changes_only_whom_it_is_about():
    mark = correction(CorrectionKind.EXCUSED, ADA, at=190)
    watch = locked_with(BOB_WENT, corrections=[mark]).until(191)
    assert (verdicts(watch), asked(watch)) == (("excused", "validated"), [("bob",)])
    assert watch.facts.written.sheet.person("ada").verdict is Verdict.EXCUSED


def test_this_is_wrong_in_a_locked_lesson_is_asked_and_changes_nothing():
    said = correction(CorrectionKind.DISPUTED, ADA, at=190, actor=ADA)
    watch = locked_with(BOB_WENT, corrections=[said]).until(179)
    before = watch.facts.written
    kinds = {each.kind for each in watch.until(191).decision.sheet.questions}
    assert kinds == {QuestionKind.DISPUTED, QuestionKind.LATE_FACTS}
    assert (verdicts(watch), watch.facts.written) == (("absent", "validated"), before)


def test_a_stranger_named_in_a_locked_lesson_is_no_stranger_any_more():
    link = correction(CorrectionKind.LINK, at=190, connection=("session-1", "iPad's laptop"), person_ids=("ada",))
    watch = locked_with(stay("iPad", 0, 60), corrections=[link]).until(189)
    assert [each.display_name for each in watch.decision.sheet.strangers] == ["iPad"]
    watch.until(191)
    assert (verdicts(watch), watch.decision.sheet.strangers) == (("validated", "validated"), ())


def test_marking_is_named_among_the_sources_of_a_locked_sheet():
    mark = correction(CorrectionKind.PRESENT, ADA, at=190, during=during(0, 60))
    watch = locked_with(corrections=[mark]).until(191)
    assert watch.decision.sheet.sources == ("webhooks", "manual")


def test_who_left_the_roster_keeps_the_line_of_a_locked_sheet():
    watch = locked_with().until(130)
    watch.facts = replace(watch.facts, roster=(BOB, GRACE))
    assert (verdicts(watch.until(131)), asked(watch)) == (("absent", "validated"), [])
