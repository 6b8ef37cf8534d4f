"""Many press at once: all is read and kept together, each hears of their own, and nothing heavy is woken for it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot.attendance.checks.refused import CheckRefused
from bot.attendance.checks.values import Answer, AnswerState, Via
from bot.attendance.lessons import Person, Role
from handlers.checks import Checks
from storage.database import Store
from tests.builders import EVE, GRACE, at, joined
from tests.handlers.check_class import KEYS, CheckClass

CROWD = [
    Person(id=f"s{n:02}", name=f"Student {n}", role=Role.STUDENT, email=f"s{n}@example.com", slack_user_id=f"US{n:02}")
    for n in range(60)
]


class Bells:
    """Counts who was woken."""

    def __init__(self) -> None:
        self.everybody = 0
        self.for_the_card = 0

    def checks(self, store: Store) -> Checks:
        return Checks(store, KEYS, self._wake, pressed=self._pressed)

    def _wake(self) -> None:
        self.everybody += 1

    def _pressed(self) -> None:
        self.for_the_card += 1


@pytest.fixture
async def lesson(database_url: str) -> AsyncIterator[CheckClass]:
    """Sixty are in and were asked at 10, each with five minutes."""
    opened = CheckClass(database_url)
    await opened.open([GRACE, *CROWD])
    await opened.hear(*(joined(person, at=-5) for person in (GRACE, *CROWD)))
    await opened.enable(0)
    await opened.until(10.2)
    yield opened
    await opened.close()


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements by which answers were changed meanwhile: one in each transaction that keeps any."""
    found: list[str] = []
    engine = store._dialect.writing.sync_engine

    def remember(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "UPDATE answer " in statement:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    yield found
    event.remove(engine, "before_cursor_execute", remember)


async def press(checks: Checks, lesson: CheckClass, person: Person, via: Via = Via.BUTTON) -> Answer:
    return await checks.confirm(lesson.lesson_id, person.id, via=via, now=at(11))


async def test_who_press_at_once_are_kept_in_one_transaction(lesson: CheckClass) -> None:
    checks = Bells().checks(lesson.store)
    with counted(lesson.store) as keeping:
        answers = await asyncio.gather(*(press(checks, lesson, person) for person in CROWD))
    assert len(keeping) == 1
    assert [answer.person_id for answer in answers] == [person.id for person in CROWD]
    assert list(answers) == [await lesson.answer(person) for person in CROWD]
    told = [event.to for event in await lesson.told() if event.kind == "presence_confirmation_logged"]
    assert sorted(told) == [person.id for person in CROWD]


async def test_among_many_each_is_refused_alone(lesson: CheckClass) -> None:
    checks = Bells().checks(lesson.store)
    several = [CROWD[0], EVE, CROWD[1]]
    found = await asyncio.gather(*(press(checks, lesson, person) for person in several), return_exceptions=True)
    assert [isinstance(each, CheckRefused) for each in found] == [False, True, False]
    assert (await lesson.answer(CROWD[1])).state is AnswerState.CONFIRMED


async def test_who_presses_on_two_devices_at_once_has_one_answer(lesson: CheckClass) -> None:
    checks = Bells().checks(lesson.store)
    first, second = await asyncio.gather(*(press(checks, lesson, CROWD[0], via) for via in (Via.BUTTON, Via.WEB)))
    assert first == second == await lesson.answer(CROWD[0])


async def test_who_sees_the_question_and_who_confirms_it_at_once_are_both_kept(lesson: CheckClass) -> None:
    checks = Bells().checks(lesson.store)
    await asyncio.gather(checks.reached(lesson.lesson_id, CROWD[0].id, now=at(11)), press(checks, lesson, CROWD[1]))
    assert (await lesson.answer(CROWD[0])).state is AnswerState.AWAITED
    assert (await lesson.answer(CROWD[1])).state is AnswerState.CONFIRMED


async def test_a_press_wakes_neither_the_sender_nor_who_looks_at_sheets(lesson: CheckClass) -> None:
    bells = Bells()
    await press(bells.checks(lesson.store), lesson, CROWD[0])
    assert (bells.everybody, bells.for_the_card) == (0, 1)


async def test_what_is_said_elsewhere_changes_the_message_at_once(lesson: CheckClass) -> None:
    bells = Bells()
    await press(bells.checks(lesson.store), lesson, CROWD[0], Via.WEB)
    assert (bells.everybody, bells.for_the_card) == (1, 0)


async def test_one_press_reads_nobody_elses_answer(lesson: CheckClass) -> None:
    async with lesson.store.read() as memory:
        found = (await memory.checks.of([lesson.lesson_id], person_ids=[CROWD[7].id]))[lesson.lesson_id]
    assert {answer.person_id for answer in found.answers} == {CROWD[7].id}
