"""Presence checks go on by themselves: through every state across a restart, with reports, for a thousand at once."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from bot.attendance.checks.refused import CheckRefused, RefusalCode, ReportFailed
from bot.attendance.checks.run import EndReason, RunState, StartReason
from bot.attendance.checks.values import AnswerState
from bot.attendance.wanted import MessageKind
from handlers.ticks import run_presence_checks
from tests.builders import ADA, BOB, GRACE, at, joined, left
from tests.handlers.check_class import KEYS, CheckClass, Document
from tests.handlers.ticks.meanwhile import BeforeTheFirstWrite
from tests.storage.world import a_student


@pytest.fixture
async def lesson(database_url: str) -> AsyncIterator[CheckClass]:
    opened = CheckClass(database_url)
    await opened.open()
    yield opened
    await opened.close()


async def state_of(lesson: CheckClass) -> RunState:
    return (await lesson.logging()).state


# A restart in each state: how one gets there, and that it goes on where it was.


async def idle_without_creator(lesson: CheckClass) -> None:
    await lesson.enable(-5)
    await lesson.hear(joined(GRACE, at=-4))
    await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(-3))
    await lesson.hear(left(GRACE, at=-2))
    await lesson.until(2)


async def and_a_trainer_may_start_again(lesson: CheckClass) -> None:
    await lesson.hear(joined(GRACE, at=3), joined(ADA, at=3))
    assert await state_of(lesson) is RunState.IDLE_WITH_CREATOR
    await lesson.enable(4)
    assert await state_of(lesson) is RunState.WAITING_FOR_INITIAL_DELAY


async def idle_with_creator(lesson: CheckClass) -> None:
    await lesson.class_is_in()
    await lesson.enable(0)
    await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(1))


async def waiting_for_participant(lesson: CheckClass) -> None:
    await lesson.hear(joined(GRACE, at=-5))
    await lesson.enable(0)


async def and_the_first_student_starts_it(lesson: CheckClass) -> None:
    await lesson.hear(joined(ADA, at=3))
    check = (await lesson.logging()).checks[-1]
    assert check.start_reason is StartReason.FIRST_PARTICIPANT_JOINED


async def waiting_for_initial_delay(lesson: CheckClass) -> None:
    await lesson.class_is_in()
    await lesson.enable(0)


async def and_the_first_question_comes_at_its_moment(lesson: CheckClass) -> None:
    await lesson.until(10.2)
    assert (await lesson.question()).opened_at == at(10)


async def collecting(lesson: CheckClass) -> None:
    await waiting_for_initial_delay(lesson)
    await lesson.until(10.2)


async def and_answers_and_deadlines_stand(lesson: CheckClass) -> None:
    await lesson.press(ADA, 11)
    await lesson.until(30.2)
    assert (await lesson.answer(ADA, 1)).state is AnswerState.CONFIRMED
    assert (await lesson.answer(BOB, 1)).state is AnswerState.MISSED
    assert (await lesson.question(2)).opened_at == at(30)


async def finalising(lesson: CheckClass) -> None:
    await collecting(lesson)
    await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(12))


async def and_the_report_is_made(lesson: CheckClass) -> None:
    await lesson.look(12.1)
    check = (await lesson.logging()).checks[-1]
    assert (check.is_over, check.asset_id) == (True, f"asset of {check.id}")
    assert lesson.reported == [check.id]
    assert await state_of(lesson) is RunState.IDLE_WITH_CREATOR


Go = Callable[[CheckClass], Awaitable[None]]


@pytest.mark.parametrize(
    ("state", "get_there", "go_on"),
    [
        (RunState.IDLE_WITHOUT_CREATOR, idle_without_creator, and_a_trainer_may_start_again),
        (RunState.IDLE_WITH_CREATOR, idle_with_creator, and_a_trainer_may_start_again),
        (RunState.WAITING_FOR_PARTICIPANT, waiting_for_participant, and_the_first_student_starts_it),
        (RunState.WAITING_FOR_INITIAL_DELAY, waiting_for_initial_delay, and_the_first_question_comes_at_its_moment),
        (RunState.COLLECTING, collecting, and_answers_and_deadlines_stand),
        (RunState.FINALISING, finalising, and_the_report_is_made),
    ],
)
async def test_after_a_restart_in_any_state_it_goes_on_where_it_was(
    lesson: CheckClass, state: RunState, get_there: Go, go_on: Go
):
    await get_there(lesson)
    before = await lesson.logging()
    assert before.state is state
    await lesson.restart()
    assert await lesson.logging() == before
    await go_on(lesson)


async def test_a_lesson_that_ends_while_its_checks_are_looked_at_ends_them_all_the_same(lesson: CheckClass):
    await collecting(lesson)

    async def ends() -> None:
        async with lesson.store.write() as memory:
            await memory._transaction.run(text("UPDATE lesson SET state = 'provisional'"))
            await memory.checks.look_again([lesson.lesson_id], now=at(12))

    async with lesson.store.write() as memory:
        await memory.lessons.touch([lesson.lesson_id], at(12))
    await lesson.look_at_checks(12, store=BeforeTheFirstWrite(lesson.store, ends))
    assert (await lesson.logging()).checks[-1].ended_at == at(12)


#: What is refused in each state, by which word of the protocol.
REFUSED: list[tuple[Go, str, RefusalCode]] = [
    (idle_without_creator, "check now", RefusalCode.INVALID_PARAMETERS),  # nobody is there
    (idle_without_creator, "disable", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (idle_without_creator, "confirm", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (idle_with_creator, "disable", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (idle_with_creator, "confirm", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (waiting_for_participant, "enable", RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED),
    (waiting_for_participant, "check now", RefusalCode.INVALID_PARAMETERS),
    (waiting_for_participant, "confirm", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (waiting_for_initial_delay, "enable", RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED),
    (waiting_for_initial_delay, "confirm", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (collecting, "enable", RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED),
    (collecting, "check now", RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED),
    (finalising, "enable", RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED),
    (finalising, "check now", RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED),
    (finalising, "disable", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
    (finalising, "confirm", RefusalCode.PRESENCE_LOGGING_NOT_ENABLED),
]


@pytest.mark.parametrize(
    ("get_there", "act", "code"), REFUSED, ids=[f"{state.__name__}: {act}" for state, act, _ in REFUSED]
)
async def test_what_has_no_place_in_a_state_is_refused_and_changes_no_row(
    lesson: CheckClass, get_there: Go, act: str, code: RefusalCode
):
    await get_there(lesson)
    moment = at(13)
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "enable": lambda: lesson.enable(13),
        "check now": lambda: lesson.checks.check_now(lesson.lesson_id, GRACE.id, now=moment),
        "disable": lambda: lesson.checks.disable(lesson.lesson_id, GRACE.id, now=moment),
        "confirm": lambda: lesson.press(ADA, 13),
    }
    if get_there is waiting_for_initial_delay:
        acts |= {"enable": lambda: lesson.enable(3), "confirm": lambda: lesson.press(ADA, 3)}
    before = await lesson.everything()
    with pytest.raises(CheckRefused) as refused:
        await acts[act]()
    assert refused.value.code is code
    assert await lesson.everything() == before


async def test_a_process_that_died_while_the_report_was_made_asks_for_it_again(lesson: CheckClass):
    await finalising(lesson)

    async def dies(_check_id: str) -> Document:
        raise KeyboardInterrupt

    reports, lesson.reports = lesson.reports, dies
    with pytest.raises(KeyboardInterrupt):
        await lesson.look(12.1)
    await lesson.restart()
    lesson.reports = reports
    await lesson.look(12.2)
    assert await state_of(lesson) is RunState.IDLE_WITH_CREATOR
    told = [each.kind for each in await lesson.told()]
    assert told.count("pdf_asset") == 1


async def test_a_report_that_another_replica_has_kept_meanwhile_is_no_failure_and_delays_nothing(lesson: CheckClass):
    await finalising(lesson)
    reports = lesson.reports

    async def slowly(check_id: str) -> Document:
        lesson.reports = reports
        await lesson.look(12.1)  # the other one, from beginning to end
        return await reports(check_id)

    lesson.reports = slowly
    await lesson.look(12.1)
    assert await state_of(lesson) is RunState.IDLE_WITH_CREATOR
    assert [each.kind for each in await lesson.told()].count("pdf_asset") == 1
    async with lesson.store.read() as memory:
        assert await memory.checks.failures([lesson.lesson_id]) == {lesson.lesson_id: 0}


@pytest.mark.parametrize("code", [RefusalCode.STORAGE_EXCEEDED, RefusalCode.STORAGE, RefusalCode.GENERATE])
async def test_a_report_that_cannot_be_made_or_kept_is_told_and_ends_the_run_all_the_same(
    lesson: CheckClass, code: RefusalCode
):
    async def fails(_check_id: str) -> Document:
        if code is RefusalCode.GENERATE:
            raise ZeroDivisionError
        raise ReportFailed(code, "no room")

    lesson.reports = fails
    await finalising(lesson)
    await lesson.look(12.1)
    assert (await lesson.logging()).checks[-1].trouble == code
    last = (await lesson.told())[-1]
    assert (last.kind, last.to, dict(last.facts)) == ("error", "creator", {"error": code.value})


async def test_a_lesson_whose_course_has_it_so_starts_its_check_by_itself(database_url: str):
    lesson = CheckClass(database_url)
    await lesson.open(presence_checks="light", autostart=True)
    await lesson.class_is_in()
    await lesson.until(0.2)
    check = (await lesson.logging()).checks[-1]
    assert (check.start_reason, check.creator_id) == (StartReason.AUTOSTART, "")
    await lesson.close()


async def test_without_autostart_no_lesson_has_a_check(lesson: CheckClass):
    await lesson.class_is_in()
    await lesson.until(1)
    assert (await lesson.facts()).logging is None


async def test_the_end_of_the_lesson_ends_the_run_and_voids_what_is_awaited(lesson: CheckClass):
    await lesson.class_is_in(139)
    await lesson.enable(140)
    await lesson.until(170.2)
    await lesson.hear(*(left(person, at=171) for person in (GRACE, ADA, BOB)))
    await lesson.until(176)
    check = (await lesson.logging()).checks[-1]
    assert check.end_reason is EndReason.CREATOR_LEFT
    assert (await lesson.answer(ADA, 2)).state is AnswerState.VOID
    assert (await lesson.answer(ADA, 1)).state is AnswerState.MISSED


async def test_a_press_between_reading_and_keeping_stands(lesson: CheckClass):
    await collecting(lesson)
    await lesson.until(14)
    check_tick = lesson.look

    async def pressing() -> bool:
        await lesson.press(ADA, 15.1)  # late already, and nobody has looked yet
        return True

    lesson._does_slack_answer = pressing  # type: ignore[method-assign]  # asked between reading and keeping
    await check_tick(15.2)
    assert (await lesson.answer(ADA)).state is AnswerState.LATE


async def test_a_lesson_that_cannot_be_looked_at_waits_longer_each_time(lesson: CheckClass):
    await waiting_for_initial_delay(lesson)
    async with lesson.store.write() as memory:
        await memory._transaction.run(text("""UPDATE lesson SET breaks = '[["soon", "later"]]'"""))
    for moment, next_at in ((10, 11), (11, 13)):
        due_at = await run_presence_checks.tick(
            lesson.store,
            KEYS,
            now=at(moment),
            make_report=lesson._make_report,
            is_slack_well=lesson._does_slack_answer,
        )
        assert due_at == at(next_at)


async def test_a_thousand_students_are_asked_with_one_set_of_queries(sqlite_url: str):
    few, many = 3, 1_000
    counts = []
    for number in (few, many):
        lesson = CheckClass(sqlite_url.replace("rollcall.db", f"rollcall-{number}.db"))
        counts.append(await _statements_to_ask(lesson, number, template=sqlite_url))
    assert counts[1] - counts[0] < 60  # rows travel in portions; nothing is asked or written one by one


async def _statements_to_ask(lesson: CheckClass, number: int, *, template: str) -> int:
    shutil.copyfile(template.split("///")[1], lesson.url.split("///")[1])
    people = [GRACE, *(a_student(each) for each in range(number))]
    await lesson.open(people)
    await lesson.hear(*(joined(person, at=-5) for person in people))
    lesson.takes_questions = False
    await lesson.enable(0)
    statements: list[str] = []
    for engine in (lesson.store._dialect.reading, lesson.store._dialect.writing):
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    await run_presence_checks.tick(
        lesson.store,
        KEYS,
        now=at(10),
        make_report=lesson._make_report,
        is_slack_well=lesson._does_slack_answer,
    )
    question = await lesson.question()
    async with lesson.store.read() as memory:
        deliveries = await memory.checks.deliveries([question.id])
    assert len((await lesson.logging()).answers) == number
    assert len(deliveries) == number
    async with lesson.store.read() as memory:
        row = await memory.messages.find(question.id, MessageKind.CHECK_QUESTION, "student-0")
    assert row is not None
    assert row.due_at == at(10)
    await lesson.close()
    return len(statements)


async def test_who_press_while_it_is_looked_at_are_all_confirmed(database_url: str):
    lesson = CheckClass(database_url)
    students = [a_student(number) for number in range(30)]
    await lesson.open([GRACE, *students])
    await lesson.hear(*(joined(person, at=-5) for person in (GRACE, *students)))
    await lesson.enable(0)
    await lesson.until(10.2)

    async def looks(number: int) -> None:
        async with lesson.store.write() as memory:
            await memory.lessons.touch([lesson.lesson_id], at(11))
        await lesson.look(11 + number / 100)

    presses = [lesson.press(student, 11) for student in students]
    await asyncio.gather(*(looks(number) for number in range(4)), *presses)
    assert {answer.state for answer in (await lesson.logging()).answers} == {AnswerState.CONFIRMED}
    await lesson.close()


@pytest.mark.parametrize(("kind", "begins"), [("is_unplanned", False), ("is_silent", False), ("", True)])
async def test_only_a_planned_lesson_starts_its_check_by_itself(database_url: str, kind: str, *, begins: bool):
    lesson = CheckClass(database_url)
    await lesson.open(presence_checks="light", autostart=True)
    if kind:
        async with lesson.store.write() as memory:
            await memory._transaction.run(text(f"UPDATE lesson SET {kind} = true"))
    await lesson.class_is_in()
    await lesson.until(0.2)
    assert ((await lesson.facts()).logging is not None) is begins
    await lesson.close()


async def test_the_trainers_card_follows_a_press_within_ten_seconds(lesson: CheckClass):
    await collecting(lesson)
    await lesson.press(ADA, 11)
    async with lesson.store.read() as memory:
        due_at = await memory.checks.next_due_at()
    assert due_at is not None
    assert due_at <= at(11) + timedelta(seconds=10)
