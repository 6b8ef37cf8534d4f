"""People are found by what identifies them, and what a human confirmed of a handle is remembered for the course."""

from collections.abc import Iterable
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.attendance.events import Handle
from bot.attendance.lessons import LessonState
from storage.database import Store
from storage.tables import Identity, table_of
from tests.builders import NINE, at
from tests.storage.rows import a_course, a_person, a_stored_lesson, look

IDENTITY = table_of(Identity)
IPAD = Handle(name="iPad (2)", user_id="16778240")
ADA_AT_HOME = Handle(name="Lovelace  Home (she/her)", email="home@example.com", external_id="ada-1")


async def found(store: Store, who: str) -> list[str]:
    async with store.read() as memory:
        return [person.id for person in await memory.people.find(who)]


@pytest.fixture
async def course(store: Store) -> str:
    for name in ("ada", "bob", "grace"):
        await a_person(store, id=name, name=name.title())
    return await a_course(store, id="python-1")


async def confirm(store: Store, handles: Iterable[Handle], *people: str, now: datetime = NINE) -> bool:
    async with store.write() as memory:
        return await memory.people.confirm_identity(
            course_id="python-1", handles=handles, person_ids=people, by="grace", now=now
        )


async def remembered(store: Store) -> dict[tuple[str, str], set[str | None]]:
    """(kind, value) → the persons it stands for now."""
    kept: dict[tuple[str, str], set[str | None]] = {}
    async with store.read() as memory:
        for row in await memory._transaction.all(select(IDENTITY).where(IDENTITY.c.withdrawn_at.is_(None))):
            kept.setdefault((row.kind, row.value), set()).add(row.person_id)
    return kept


# Who is meant


@pytest.mark.parametrize("who", ["ada-id", "ADA@example.com", "U0ADA", "Ada Lovelace", "  ada   lovelace (she/her)"])
async def test_a_person_is_found_by_id_by_e_mail_by_slack_id_and_by_name(store: Store, who: str) -> None:
    await a_person(store, "Ada Lovelace", id="ada-id", email="ada@example.com", slack_user_id="U0ADA")
    await a_person(store, "Bob Kahn", id="bob-id")
    assert await found(store, who) == ["ada-id"]


async def test_two_people_of_one_name_are_both_found(store: Store) -> None:
    await a_person(store, "Ada Lovelace", id="1")
    await a_person(store, "Ada Lovelace", id="2")
    assert await found(store, "ada lovelace") == ["1", "2"]


@pytest.mark.parametrize("who", ["", "  ", "Ada", "nobody@example.com"])
async def test_what_means_nobody_finds_nobody(store: Store, who: str) -> None:
    await a_person(store, "Ada Lovelace")
    assert await found(store, who) == []


async def test_who_turned_out_to_be_somebody_else_is_not_found(store: Store) -> None:
    await a_person(store, "Ada Lovelace", id="ada", email="ada@example.com")
    await a_person(store, "A. Lovelace", id="other", merged_into="ada", slack_user_id="U0ADA")
    assert await found(store, "U0ADA") == []


async def test_the_first_time_somebody_is_informed_counts(store: Store) -> None:
    await a_person(store, id="ada")
    for now in (NINE, at(5)):
        async with store.write() as memory:
            await memory.people.informed(["ada"], now=now)
    async with store.read() as memory:
        assert str((await look(memory, "SELECT informed_at FROM person")).informed_at).startswith("2026-03-02 09:00:00")


# What was confirmed


async def test_ids_e_mails_and_names_of_a_handle_are_remembered(store: Store, course: str) -> None:
    assert await confirm(store, [ADA_AT_HOME], "ada")
    assert await remembered(store) == {
        ("email", "home@example.com"): {"ada"},
        ("external_id", "ada-1"): {"ada"},
        ("alias", "lovelace home"): {"ada"},
    }


@pytest.mark.parametrize("name", ["iPad (2)", "Zoom User", "12345", ""])
async def test_a_name_that_says_nothing_about_a_person_is_not_remembered(store: Store, course: str, name: str) -> None:
    assert not await confirm(store, [Handle(name=name)], "ada")
    assert await remembered(store) == {}


async def test_an_id_is_remembered_for_its_platform_account_and_an_e_mail_for_all(store: Store, course: str) -> None:
    await confirm(store, [IPAD, ADA_AT_HOME], "ada")
    async with store.read() as memory:
        rows = await memory._transaction.all(select(IDENTITY))
    assert {row.kind for row in rows if row.account_id is not None} == {"user_id", "external_id"}
    assert {row.kind for row in rows if row.account_id is None} == {"email", "alias"}


async def test_one_screen_may_be_several_people(store: Store, course: str) -> None:
    await confirm(store, [IPAD], "ada", "bob")
    assert await remembered(store) == {("user_id", "16778240"): {"ada", "bob"}}


async def test_a_note_taker_is_remembered_as_nobody(store: Store, course: str) -> None:
    assert await confirm(store, [IPAD])
    assert not await confirm(store, [IPAD])
    assert await remembered(store) == {("user_id", "16778240"): {None}}


async def test_what_is_known_already_is_not_written_again(store: Store, course: str) -> None:
    assert await confirm(store, [IPAD], "ada")
    assert not await confirm(store, [IPAD], "ada")
    assert await confirm(store, [IPAD, ADA_AT_HOME], "ada")
    async with store.read() as memory:
        assert (await look(memory, "SELECT count(*) AS rows FROM identity")).rows == 4


async def test_a_later_confirmation_takes_the_place_of_the_earlier_one_which_is_kept(store: Store, course: str) -> None:
    await confirm(store, [IPAD], "ada")
    await confirm(store, [IPAD], "bob", now=at(5))
    assert await remembered(store) == {("user_id", "16778240"): {"bob"}}
    async with store.read() as memory:
        rows = await memory._transaction.all(select(IDENTITY).where(IDENTITY.c.withdrawn_at.is_not(None)))
    assert [(row.person_id, row.confirmed_by, row.withdrawn_at) for row in rows] == [("ada", "grace", at(5))]


async def test_what_is_confirmed_for_one_course_says_nothing_about_another(store: Store, course: str) -> None:
    await a_course(store, "history", id="history-1")
    await confirm(store, [IPAD], "ada")
    async with store.write() as memory:
        assert await memory.people.confirm_identity(
            course_id="history-1", handles=[IPAD], person_ids=["bob"], by="grace", now=NINE
        )
    assert await remembered(store) == {("user_id", "16778240"): {"ada", "bob"}}


@pytest.mark.parametrize(
    ("state", "start", "is_touched"),
    [
        (LessonState.LIVE, NINE, True),
        (LessonState.PROVISIONAL, at(-600), True),
        (LessonState.RECONCILED, at(-600), True),
        (LessonState.LOCKED, at(-600), False),
        (LessonState.CANCELLED, NINE, False),
        (LessonState.PLANNED, at(600), False),
    ],
)
async def test_lessons_that_can_still_change_are_looked_at_again(
    store: Store, course: str, state: LessonState, start: datetime, is_touched: bool
) -> None:
    await a_stored_lesson(store, course_id=course, state=state.value, start=start)
    await confirm(store, [IPAD], "ada", now=at(5))
    async with store.read() as memory:
        assert (await look(memory, "SELECT revision FROM lesson")).revision == int(is_touched)


async def test_the_history_knows_who_confirmed_whom_and_keeps_the_name_aside(store: Store, course: str) -> None:
    await confirm(store, [ADA_AT_HOME], "ada")
    async with store.read() as memory:
        entry = await look(memory, "SELECT actor, action, subject, facts FROM history")
        aside = await look(memory, "SELECT person_id, value FROM history_secret")
        assert await memory.history.verify() is None
    assert (entry.actor, entry.action, entry.subject) == ("grace", "identity.confirmed", "python-1")
    assert "home" not in str(entry.facts)
    assert (aside.person_id, "home@example.com" in aside.value) == ("ada", True)
