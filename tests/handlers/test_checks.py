"""What people do about presence checks, on disk: whatever the face, it is one and the same check."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.run import RunState
from bot.attendance.checks.values import AnswerState, CheckpointState, Via
from bot.attendance.lessons import Person
from bot.attendance.sheet import Flag, Verdict
from bot.attendance.wanted import MessageKind
from bot.errors import NotFound
from bot.reports.attendance_json import attendance_json
from handlers.attendance import current_sheet
from tests.builders import ADA, BOB, EVE, GRACE, at, joined, left, replace
from tests.handlers.check_class import BY_THE_CLOCK, CheckClass

NOT_FOR_YOU = RefusalCode.PRESENCE_LOGGING_NOT_ALLOWED_FOR_PARTICIPANT


@pytest.fixture
async def lesson(database_url: str) -> AsyncIterator[CheckClass]:
    """A class in which everybody is in, ten minutes before a series asks for the first time."""
    opened = CheckClass(database_url)
    await opened.open()
    await opened.class_is_in()
    yield opened
    await opened.close()


async def asked(lesson: CheckClass) -> CheckClass:
    """The first question is open, from 10 to 15."""
    await lesson.enable(0)
    await lesson.until(10.2)
    return lesson


async def refused(code: RefusalCode, lesson: CheckClass, act: object) -> None:
    """It is refused by this word, and no row is another than before."""
    before = await lesson.everything()
    with pytest.raises(CheckRefused) as problem:
        await act  # type: ignore[misc]  # whatever is given is awaited
    assert problem.value.code is code
    assert await lesson.everything() == before


async def test_a_press_is_confirmed_and_told_on_every_face(lesson: CheckClass):
    await asked(lesson)
    answer = await lesson.press(ADA, 11)
    assert (answer.state, answer.at, answer.via) == (AnswerState.CONFIRMED, at(11), Via.BUTTON)
    assert await lesson.answer(ADA) == answer
    told = (await lesson.told())[-1]
    assert (told.kind, told.to, dict(told.facts)) == ("presence_confirmation_logged", "ada", {})
    assert lesson.wakes == 2  # when it was enabled, and now


async def test_a_second_press_changes_nothing_but_is_answered(lesson: CheckClass):
    await asked(lesson)
    first = await lesson.press(ADA, 11)
    count = len(await lesson.told())
    assert await lesson.press(ADA, 12, via=Via.WEB) == first
    assert await lesson.answer(ADA) == first
    assert len(await lesson.told()) == count + 1


@pytest.mark.parametrize("person", [GRACE, EVE])
async def test_who_was_not_asked_cannot_confirm(lesson: CheckClass, person: Person):
    await asked(lesson)
    await refused(NOT_FOR_YOU, lesson, lesson.press(person, 11))
    question = await lesson.question()
    await refused(NOT_FOR_YOU, lesson, lesson.press(person, 11, checkpoint_id=question.id))


async def test_before_the_first_question_there_is_nothing_to_confirm(lesson: CheckClass):
    await refused(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED, lesson, lesson.press(ADA, 1))
    await lesson.enable(2)
    await refused(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED, lesson, lesson.press(ADA, 3))


async def test_only_who_teaches_starts_stops_and_decides(lesson: CheckClass):
    code, checks = RefusalCode.INSUFFICIENT_PERMISSIONS, lesson.checks
    await refused(code, lesson, checks.enable(lesson.lesson_id, ADA.id, BY_THE_CLOCK, now=at(0)))
    await asked(lesson)
    question = (await lesson.question()).id
    await refused(code, lesson, checks.disable(lesson.lesson_id, ADA.id, now=at(11)))
    await refused(code, lesson, checks.check_now(lesson.lesson_id, EVE.id, now=at(11)))
    await refused(code, lesson, checks.waive(question, BOB.id, ADA.id, "please", now=at(11)))
    await refused(code, lesson, checks.accept_late(question, BOB.id, ADA.id, now=at(11)))
    await refused(code, lesson, checks.give_time(lesson.lesson_id, ADA.id, ADA.id, timedelta(minutes=9), now=at(11)))


async def test_a_second_start_is_refused_and_writes_no_row(lesson: CheckClass):
    await lesson.enable(0)
    await refused(RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED, lesson, lesson.enable(1))


async def test_what_does_not_exist_is_not_found(lesson: CheckClass):
    with pytest.raises(NotFound):
        await lesson.checks.enable("nowhere", GRACE.id, BY_THE_CLOCK, now=at(0))
    with pytest.raises(NotFound):
        await lesson.checks.was_there("nothing", ADA.id, now=at(0))
    with pytest.raises(NotFound):
        await lesson.checks.status("nowhere", now=at(0))


async def test_the_word_said_aloud_confirms_and_another_does_not(lesson: CheckClass):
    await asked(lesson)
    word = (await lesson.question()).word
    await refused(NOT_FOR_YOU, lesson, lesson.press(ADA, 11, via=Via.CODE, word="bananas"))
    answer = await lesson.press(ADA, 11, via=Via.CODE, word=f" {word.upper()} ")
    assert (answer.state, answer.via) == (AnswerState.CONFIRMED, Via.CODE)


async def test_after_the_deadline_the_button_is_i_was_there(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(16)
    question = (await lesson.question()).id
    late = await lesson.checks.was_there(question, ADA.id, now=at(17))
    disputed = await lesson.checks.was_there(question, BOB.id, now=at(40))
    assert (late.state, late.at) == (AnswerState.LATE, at(17))
    assert (disputed.state, disputed.disputed_at) == (AnswerState.MISSED, at(40))


async def test_a_dispute_stands_though_somebody_who_had_not_seen_it_writes_the_answer(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(16)
    before = await lesson.answer(BOB)
    await lesson.checks.was_there(before.checkpoint_id, BOB.id, now=at(40))
    offline = replace(before, state=AnswerState.DISCONNECTED)
    async with lesson.store.write() as memory:
        lost = await memory.checks.keep_answers(lesson.lesson_id, [(before, offline)], is_news=False, now=at(40))
    answer = await lesson.answer(BOB)
    assert (lost, answer.state, answer.disputed_at) == ({BOB.id}, AnswerState.MISSED, at(40))


async def test_a_late_press_counts_once_a_trainer_accepts_it(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(16)
    question = (await lesson.question()).id
    await lesson.checks.was_there(question, ADA.id, now=at(17))
    await lesson.checks.accept_late(question, ADA.id, GRACE.id, now=at(20))
    answer = await lesson.answer(ADA)
    assert (answer.state, answer.decided_by) == (AnswerState.CONFIRMED, GRACE.id)


async def test_who_waived_when_and_why_stands_in_the_history(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(16)
    await lesson.checks.waive((await lesson.question()).id, BOB.id, GRACE.id, "power cut", now=at(20))
    answer = await lesson.answer(BOB)
    assert (answer.state, answer.decided_at, answer.reason) == (AnswerState.WAIVED, at(20), "power cut")
    rows = (await lesson.everything())["history"]
    assert any("answer.waived" in row for row in rows)
    assert not any("power cut" in str(row) for row in rows)  # only committed to: it is about a person
    async with lesson.store.read() as memory:
        assert await memory.history.verify() is None


async def test_the_hash_of_the_seed_stands_in_the_history_from_the_start_and_the_seed_from_the_end(lesson: CheckClass):
    check = await lesson.enable(0)
    first = str((await lesson.everything())["history"])
    assert check.seed_hash in first
    assert check.seed not in first
    await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(5))
    assert check.seed in str((await lesson.everything())["history"])


async def test_two_devices_are_one_person_who_is_asked_once(lesson: CheckClass):
    await lesson.hear(joined(ADA, at=1, device="phone"))
    await asked(lesson)
    async with lesson.store.read() as memory:
        assert await memory.checks.asked((await lesson.question()).id) == {ADA.id, BOB.id}
    await lesson.hear(left(ADA, at=11, device="laptop"))
    await lesson.until(16)
    assert (await lesson.answer(ADA)).state is AnswerState.MISSED  # the phone was there all the time


async def test_a_student_who_needs_it_has_longer_from_the_next_question_on(lesson: CheckClass):
    await asked(lesson)
    await lesson.checks.give_time(lesson.lesson_id, ADA.id, GRACE.id, timedelta(minutes=12), now=at(11))
    await lesson.until(35.2)
    assert (await lesson.answer(ADA, 1)).state is AnswerState.MISSED
    assert (await lesson.answer(BOB, 2)).state is AnswerState.MISSED
    assert (await lesson.answer(ADA, 2)).state is AnswerState.AWAITED


async def test_longer_time_has_bounds_and_is_for_students(lesson: CheckClass):
    give, invalid = lesson.checks.give_time, RefusalCode.INVALID_PARAMETERS
    await refused(invalid, lesson, give(lesson.lesson_id, ADA.id, GRACE.id, timedelta(hours=2), now=at(1)))
    await refused(NOT_FOR_YOU, lesson, give(lesson.lesson_id, GRACE.id, GRACE.id, timedelta(minutes=9), now=at(1)))


async def test_check_now_asks_at_once(lesson: CheckClass):
    question = await lesson.checks.check_now(lesson.lesson_id, GRACE.id, now=at(20))
    assert (question.state, question.opened_at) == (CheckpointState.OPEN, at(20))
    await lesson.look(20.1)
    await lesson.press(ADA, 21, checkpoint_id=question.id)
    await lesson.until(26)
    assert (await lesson.logging()).state is RunState.IDLE_WITH_CREATOR
    assert len(lesson.reported) == 1


async def test_an_old_button_never_answers_a_newer_question(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(30.2)
    old = (await lesson.question(1)).id
    await lesson.press(ADA, 31, checkpoint_id=old)
    assert (await lesson.answer(ADA, 1)).disputed_at == at(31)
    assert (await lesson.answer(ADA, 2)).state is AnswerState.AWAITED


async def test_a_question_is_wanted_in_slack_once_for_each_student_and_delivery_starts_the_time(lesson: CheckClass):
    await asked(lesson)
    async with lesson.store.read() as memory:
        row = await memory.messages.find((await lesson.question()).id, MessageKind.CHECK_QUESTION, ADA.id)
    assert row is not None
    assert row.sent_at is not None
    answer = await lesson.answer(ADA)
    assert (answer.asked_at, answer.deadline) == (row.sent_at, row.sent_at + timedelta(minutes=5))


async def test_what_slack_takes_from_nobody_within_two_minutes_fails_nobody(lesson: CheckClass):
    lesson.takes_questions = False
    await asked(lesson)
    await lesson.until(13)
    assert (await lesson.question()).state is CheckpointState.CANCELLED
    assert (await lesson.answer(ADA)).state is AnswerState.VOID


async def test_while_slack_does_not_answer_nobody_misses_anything(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(12)
    lesson.is_slack_well = False
    await lesson.until(17)
    assert (await lesson.answer(ADA)).state is AnswerState.AWAITED
    lesson.is_slack_well = True
    await lesson.until(18)
    assert (await lesson.answer(ADA)).state is AnswerState.AWAITED
    assert (await lesson.press(ADA, 21)).state is AnswerState.CONFIRMED


async def test_who_looks_at_a_page_can_be_asked_without_slack(database_url: str):
    lesson = CheckClass(database_url)
    await lesson.open([ADA, replace(BOB, slack_user_id=""), GRACE])
    await lesson.class_is_in()
    await asked(lesson)
    assert (await lesson.answer(BOB)).state is AnswerState.UNDELIVERED
    await lesson.checks.reached(lesson.lesson_id, BOB.id, now=at(12))
    answer = await lesson.answer(BOB)
    assert (answer.state, answer.deadline) == (AnswerState.AWAITED, at(17))
    assert (await lesson.press(BOB, 16, via=Via.WEB)).via is Via.WEB
    await lesson.close()


async def test_in_a_classroom_of_our_own_who_confirms_before_the_joining_was_applied_is_in(database_url: str):
    lesson = CheckClass(database_url)
    await lesson.open(platform="signaling")
    await lesson.hear(joined(GRACE, at=-5), joined(ADA, at=-5))
    await asked(lesson)
    answer = await lesson.press(BOB, 11, via=Via.WEB)
    assert (answer.state, answer.is_optional) == (AnswerState.CONFIRMED, True)
    await refused(NOT_FOR_YOU, lesson, lesson.press(EVE, 11, via=Via.WEB))
    await lesson.close()


# The sheet


async def test_the_numbers_stand_on_the_sheet_and_in_the_api(lesson: CheckClass):
    await asked(lesson)
    await lesson.press(ADA, 11)
    await lesson.until(16)
    document = attendance_json(current_sheet(await lesson.facts(), now=at(16)))
    by_name = {person["name"]: person for person in document["people"]}
    nothing = dict.fromkeys(("confirmed", "late", "missed", "disconnected", "undelivered", "waived", "void"), 0)
    assert by_name["Ada Lovelace"]["checks"] == {"asked": 1, **nothing, "confirmed": 1}
    assert by_name["Bob Kahn"]["checks"] == {"asked": 1, **nothing, "missed": 1}
    assert by_name["Grace Hopper"]["checks"] == {"asked": 0, **nothing}
    assert by_name["Bob Kahn"]["flags"] == ["check_failed"]
    (checkpoint,) = document["checkpoints"]
    asked_at = (await lesson.answer(ADA)).asked_at
    assert asked_at is not None
    assert checkpoint == {
        "opened_at": "2026-03-02T09:10:00Z",
        "state": "closed",
        "answers": [
            {
                "person": "ada",
                "asked_at": asked_at.isoformat().removesuffix("+00:00") + "Z",
                "deadline": (asked_at + timedelta(minutes=5)).isoformat().removesuffix("+00:00") + "Z",
                "state": "confirmed",
                "at": "2026-03-02T09:11:00Z",
                "via": "button",
            },
            {
                "person": "bob",
                "asked_at": asked_at.isoformat().removesuffix("+00:00") + "Z",
                "deadline": (asked_at + timedelta(minutes=5)).isoformat().removesuffix("+00:00") + "Z",
                "state": "missed",
                "at": None,
                "via": None,
            },
        ],
    }


@pytest.mark.parametrize(("failure", "verdict"), [("flag", Verdict.VALIDATED), ("partial", Verdict.PARTIAL)])
async def test_failing_makes_the_verdict_partial_only_where_the_course_says_so(
    database_url: str, failure: str, verdict: Verdict
):
    lesson = CheckClass(database_url)
    await lesson.open(check_failure=failure)
    await lesson.class_is_in()
    await asked(lesson)
    await lesson.press(ADA, 11)
    await lesson.until(20)
    await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(40))
    await lesson.hear(*(left(person, at=181) for person in (GRACE, ADA, BOB)))
    await lesson.until(200)
    sheet = current_sheet(await lesson.facts(), now=at(200))
    ada, bob = sheet.by_id[ADA.id], sheet.by_id[BOB.id]
    assert (ada.verdict, ada.flags) == (Verdict.VALIDATED, ())
    assert (bob.verdict, Flag.CHECK_FAILED in bob.flags) == (verdict, True)
    await lesson.close()


async def test_waived_after_the_end_the_sheet_is_written_again(lesson: CheckClass):
    await asked(lesson)
    await lesson.until(20)
    await lesson.hear(*(left(person, at=181) for person in (GRACE, ADA, BOB)))
    await lesson.until(200)
    written = (await lesson.facts()).written
    assert written is not None
    assert Flag.CHECK_FAILED in written.sheet.by_id[BOB.id].flags
    question = (await lesson.question()).id
    await lesson.checks.waive(question, BOB.id, GRACE.id, "power cut", now=at(210))
    await lesson.until(211)
    again = (await lesson.facts()).written
    assert again is not None
    assert Flag.CHECK_FAILED not in again.sheet.by_id[BOB.id].flags
    assert again.version > written.version
