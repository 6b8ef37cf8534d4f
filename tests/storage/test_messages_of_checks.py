"""Questions of presence checks: asked once, answered in their place, edited after what is more urgent."""

from datetime import timedelta

import pytest

from bot.attendance.wanted import MessageKind, Wanted
from storage.database import Store
from storage.messages import MessageState
from tests.builders import (
    NINE,
    at,
    replace,
)
from tests.storage.rows import a_course, a_person, a_stored_lesson
from tests.storage.test_messages import BOARD, LESSON, SECOND, claim, post, saying, sent, stored, want

QUESTION = Wanted(
    kind=MessageKind.CHECK_QUESTION,
    recipient="ada",
    content={"stage": "asked", "notice": {}},
    due_at=NINE,
    only_if_new=True,
)
MISSED = replace(QUESTION, content={"stage": "missed"}, only_if_new=False, not_after=NINE - SECOND)


@pytest.fixture(autouse=True)
async def _ada(store: Store) -> None:
    course = await a_course(store, zone="Europe/Rome")
    await a_stored_lesson(store, LESSON, course_id=course)
    await a_person(store, id="ada", slack_user_id="U0ADA")


async def test_a_question_is_about_its_checkpoint_so_that_one_student_has_several(store: Store) -> None:
    await want(store, QUESTION, lesson="checkpoint-1")
    await want(store, QUESTION, lesson="checkpoint-2")
    assert {row.subject for row in await claim(store)} == {"checkpoint-1", "checkpoint-2"}


async def test_a_question_that_stands_or_waits_is_left_as_it_was_asked(store: Store) -> None:
    await want(store, QUESTION)
    await want(store, saying(QUESTION, {"stage": "asked"}))
    assert (await stored(store, QUESTION)).content == QUESTION.content
    (row,) = await claim(store)
    await sent(store, row)
    await want(store, saying(QUESTION, {"stage": "asked"}), now=at(1))
    assert await claim(store, now=at(1)) == []


async def test_a_question_that_never_went_out_is_not_posted_as_missed(store: Store) -> None:
    await want(store, QUESTION)
    await want(store, MISSED)
    assert await claim(store) == []
    assert (await stored(store, QUESTION)).state is MessageState.SKIPPED


async def test_what_became_of_a_question_is_an_edit_of_it(store: Store) -> None:
    await post(store, QUESTION)
    await want(store, MISSED, now=at(5))
    (row,) = await claim(store, now=at(5))
    assert (row.method, row.content, row.sent_at) == ("chat.update", MISSED.content, NINE)


async def test_who_was_answered_in_place_is_not_edited_again(store: Store) -> None:
    row = await post(store, QUESTION)
    confirmed = replace(MISSED, content={"stage": "confirmed"}, due_at=at(1) + 3 * SECOND)
    await want(store, confirmed, now=at(1))
    async with store.write() as memory:
        await memory.messages.shown(row.id, confirmed.content or {}, now=at(1))
    await want(store, confirmed, now=at(1))
    assert await claim(store, now=at(2)) == []
    kept = await stored(store, QUESTION)
    assert (kept.state, kept.content) == (MessageState.SENT, confirmed.content)


async def test_what_is_not_answered_in_place_is_edited_three_seconds_later(store: Store) -> None:
    await post(store, QUESTION)
    await want(store, replace(MISSED, content={"stage": "confirmed"}, due_at=at(1) + 3 * SECOND), now=at(1))
    assert await claim(store, now=at(1) + 2 * SECOND) == []
    assert [row.method for row in await claim(store, now=at(1) + 3 * SECOND)] == ["chat.update"]


async def test_a_question_that_does_not_stand_cannot_have_been_answered_in_place(store: Store) -> None:
    await want(store, QUESTION)
    async with store.write() as memory:
        await memory.messages.shown((await stored(store, QUESTION)).id, {"stage": "confirmed"}, now=NINE)
    assert (await stored(store, QUESTION)).content == QUESTION.content


async def test_questions_are_asked_before_the_board_is_edited_and_closed_after_it(store: Store) -> None:
    await post(store, BOARD)
    now = at(1)
    await want(store, saying(BOARD, {"here": 2}, due_at=now), QUESTION, now=now)
    first, second = await claim(store, now=now)
    assert (first.kind, second.kind) == (MessageKind.CHECK_QUESTION, MessageKind.BOARD)
    await sent(store, first, now=now)
    await sent(store, second, now=now)
    later = at(2)
    await want(store, replace(MISSED, due_at=later), saying(BOARD, {"here": 3}, due_at=later), now=later)
    claimed = await claim(store, now=later + timedelta(seconds=1))
    assert [row.kind for row in claimed] == [MessageKind.BOARD, MessageKind.CHECK_QUESTION]
