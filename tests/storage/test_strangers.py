"""An e-mail in a room that is nobody's whom we know is noted once, and Slack is asked about it once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.attendance.events import Handle, PresenceEvent
from bot.attendance.lessons import LinkKind
from storage import tables
from storage.memory import Memory
from storage.slack_accounts import SlackAccount
from storage.strangers import AGAIN_AFTER
from tests.builders import ADA, EVE, at, joined, left
from tests.storage.world import a_course_with_a_lesson, add, add_person, facts, tell

MINUTE = timedelta(minutes=1)
STRANGER = Handle(name="Eve", email=EVE.email, user_id="u-eve", registrant_id="r-eve", external_id="x-eve")
ACCOUNT = SlackAccount(user_id="U0EVE", name="Eve Clark", email=EVE.email, zone="Europe/Rome", language="it-IT")


ONE = at(1)


async def taken(memory: Memory, now: datetime = ONE) -> list[str]:
    return await memory.strangers.take(now=now, lease=MINUTE)


async def revision(memory: Memory, lesson_id: str) -> int:
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    return found.revision


async def confirm(memory: Memory, kind: LinkKind, value: str, **values: Any) -> None:
    await add(
        memory,
        tables.Identity,
        workspace_id=memory.workspace_id,
        kind=kind.value,
        value=value,
        person_id=ADA.id,
        confirmed_at=at(0),
        **values,
    )


async def test_a_stranger_is_asked_about_at_once_and_by_one_asker(memory: Memory) -> None:
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    assert await memory.strangers.next_due_at() == at(1)
    assert await taken(memory) == [EVE.email]
    assert await taken(memory) == []


async def test_where_everybody_is_known_or_has_no_e_mail_there_is_nobody_to_ask_about(memory: Memory) -> None:
    await a_course_with_a_lesson(memory)
    await tell(memory, joined(ADA, at=0), joined("iPad (2)", at=1), now=at(1))
    assert await memory.strangers.next_due_at() is None
    assert await taken(memory) == []


@pytest.mark.parametrize(
    "kind", [LinkKind.EMAIL, LinkKind.USER_ID, LinkKind.REGISTRANT_ID, LinkKind.EXTERNAL_ID], ids=str
)
async def test_whom_a_person_confirmed_is_no_stranger(memory: Memory, kind: LinkKind) -> None:
    await a_course_with_a_lesson(memory)
    await confirm(memory, kind, getattr(STRANGER, kind.value))
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    assert await memory.strangers.next_due_at() is None


async def test_what_was_confirmed_and_taken_back_does_not_count(memory: Memory) -> None:
    await a_course_with_a_lesson(memory)
    await confirm(memory, LinkKind.EMAIL, EVE.email, withdrawn_at=at(0))
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    assert await taken(memory) == [EVE.email]


@pytest.mark.parametrize("known_by", [{"registrant_id": ADA.registrant_id}, {"external_id": ADA.external_id}])
async def test_a_student_with_a_private_e_mail_is_no_stranger(memory: Memory, known_by: dict[str, str]) -> None:
    await a_course_with_a_lesson(memory)
    await tell(memory, joined(Handle(email="ada@private.example", **known_by), at=1), now=at(1))
    assert await memory.strangers.next_due_at() is None


async def test_without_an_answer_it_is_asked_again_when_the_lease_is_over(memory: Memory) -> None:
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    await taken(memory)
    assert await memory.strangers.next_due_at() == at(2)
    assert await taken(memory, at(2)) == [EVE.email]


async def test_who_became_known_meanwhile_is_not_asked_about(memory: Memory) -> None:
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    await add_person(memory, EVE)
    assert await taken(memory) == []
    assert await memory.strangers.next_due_at() is None


async def test_somebody_with_an_account_becomes_known_to_the_lessons_that_saw_them(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    before = await revision(memory, lesson_id)
    await memory.strangers.answered(EVE.email, ACCOUNT, now=at(2))
    (eve,) = (await facts(memory, lesson_id)).known
    assert (eve.name, eve.email, eve.slack_user_id) == (EVE.name, EVE.email, "U0EVE")
    visitor = await memory.door.visitor("U0EVE", now=at(2))
    assert (visitor.zone, visitor.language) == ("Europe/Rome", "it-IT")
    assert await revision(memory, lesson_id) == before + 1
    assert await memory.lessons.next_due_at() == at(2)
    await tell(memory, left(STRANGER, at=3), now=at(3))
    assert await memory.strangers.next_due_at() is None


async def test_a_lesson_that_did_not_see_them_is_left_alone(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(STRANGER, at=1, room="another room", session="2"), now=at(1))
    before = await revision(memory, lesson_id)
    await memory.strangers.answered(EVE.email, ACCOUNT, now=at(2))
    assert await revision(memory, lesson_id) == before


async def test_an_address_that_is_nobodys_changes_nothing_and_makes_no_person(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    before = await revision(memory, lesson_id)
    await memory.strangers.answered(EVE.email, None, now=at(2))
    assert await memory.strangers.next_due_at() is None
    assert (await facts(memory, lesson_id)).known == ()
    assert await revision(memory, lesson_id) == before


async def test_an_address_that_is_nobodys_is_asked_about_again_when_it_is_seen_a_day_later(memory: Memory) -> None:
    await tell(memory, joined(STRANGER, at=1), now=at(1))
    await memory.strangers.answered(EVE.email, None, now=at(1))
    await tell(memory, left(STRANGER, at=2), now=at(2))
    assert await memory.strangers.next_due_at() is None
    await tell(memory, joined(STRANGER, at=60, session="2"), now=at(60))
    assert await memory.strangers.next_due_at() == at(1) + AGAIN_AFTER
    assert await taken(memory, at(61)) == []
    assert await taken(memory, at(1) + AGAIN_AFTER) == [EVE.email]


async def test_a_stranger_whose_account_is_that_of_a_student_is_asked_about_once(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    private = Handle(email="ada@private.example")
    await tell(memory, joined(private, at=1), now=at(1))
    account = SlackAccount(user_id=ADA.slack_user_id, name=ADA.name, email=private.email)
    await memory.strangers.answered(private.email, account, now=at(2))
    await tell(memory, left(private, at=3), now=at(3))
    assert await memory.strangers.next_due_at() is None
    assert ADA.email in {person.email for person in (await facts(memory, lesson_id)).roster}


async def test_a_crowd_of_strangers_is_asked_about_as_fast_as_slack_allows(memory: Memory) -> None:
    crowd: list[PresenceEvent] = [joined(Handle(email=f"{number}@example.com"), at=1) for number in range(10)]
    await tell(memory, *crowd, now=at(1))
    first = await taken(memory)
    assert len(first) == 5
    next_at = await memory.strangers.next_due_at()
    assert next_at is not None
    assert at(1) < next_at < at(1.1)
    (second,) = await taken(memory, next_at)
    assert second not in first
