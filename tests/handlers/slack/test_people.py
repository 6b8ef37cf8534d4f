"""Slack's accounts of the people we know: by event as they change, and once a day for everybody."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.ticks import refresh_people
from storage import tables
from tests.builders import NINE, at
from tests.handlers.slack.conftest import Desk


async def visitor(desk: Desk, account: str) -> Any:
    async with desk.school.store.read() as memory:
        return await memory.door.visitor(account, now=NINE)


async def forget_accounts(desk: Desk) -> None:
    """The people are known by their e-mail alone, as after an import."""
    async with desk.school.store.write() as memory:
        await memory._transaction.run(
            tables.table_of(tables.Person).update().values(slack_user_id="", looked_up_at=None)
        )


async def look(desk: Desk) -> Any:
    return await refresh_people.tick(desk.school.store, desk.slack, now=desk.clock.now())


def calls(desk: Desk) -> list[str]:
    return [call.method for call in desk.workspace.calls]


async def test_who_came_with_a_course_file_is_found_by_e_mail(desk: Desk) -> None:
    await forget_accounts(desk)
    desk.person("ada").email = "ADA@example.com"
    assert (await visitor(desk, "U0ADA")).person_id == ""
    assert await look(desk) == NINE + timedelta(days=1)
    ada = await visitor(desk, "U0ADA")
    assert (ada.person_id, ada.language) == ("ada", "en-GB")
    assert (await visitor(desk, "U0RITA")).is_admin


async def test_everybody_is_looked_up_once_a_day_and_after_an_import(desk: Desk) -> None:
    await look(desk)
    await look(desk)
    assert calls(desk).count("users.list") == 1
    desk.moment(24 * 60)
    await look(desk)
    assert calls(desk).count("users.list") == 2
    await desk.school.insert(
        tables.Person, id="new", workspace_id=(await workspace_of(desk)), name="New", email="eve@example.com"
    )
    await look(desk)
    assert (await visitor(desk, "U0EVE")).person_id == "new"


async def workspace_of(desk: Desk) -> str:
    async with desk.school.store.read() as memory:
        return memory.workspace_id


async def test_an_account_that_the_course_file_names_stays_theirs(desk: Desk) -> None:
    desk.workspace.persons["U0EVE"].email = "bob@example.com"
    await look(desk)
    assert (await visitor(desk, "U0BOB")).person_id == "bob"
    assert (await visitor(desk, "U0EVE")).person_id == ""


async def test_a_new_account_replaces_one_that_is_gone(desk: Desk) -> None:
    desk.person("bob").deleted = True
    await look(desk)
    desk.workspace.persons["U0EVE"].email = "bob@example.com"
    desk.moment(24 * 60)
    await look(desk)
    assert (await visitor(desk, "U0EVE")).person_id == "bob"


async def test_an_admin_whom_no_course_knows_becomes_a_person_to_tell(desk: Desk) -> None:
    desk.workspace.persons["U0EVE"].is_admin = True
    await look(desk)
    eve = await visitor(desk, "U0EVE")
    assert eve.person_id
    assert (eve.name, eve.is_admin) == ("Eve Clark", True)
    assert (await visitor(desk, desk.workspace.bot.id)).person_id == ""


async def test_a_zone_that_changes_is_told_by_slack(desk: Desk) -> None:
    assert desk.app is not None
    reply = await desk.person("bob").change(zone="Europe/Rome", locale="it-IT")
    await desk.app.door.idle()
    assert reply is not None
    assert reply.acknowledged
    bob = await visitor(desk, "U0BOB")
    assert (bob.zone, bob.language) == ("Europe/Rome", "it-IT")


async def test_a_deactivated_student_is_not_reachable_in_the_lesson_that_runs(desk: Desk) -> None:
    await desk.school.plan()
    assert desk.app is not None
    await desk.person("bob").change(deleted=True)
    await desk.app.door.idle()
    (bob,) = [person for person in (await desk.school.facts()).roster if person.id == "bob"]
    assert bob.slack_user_id == ""
    async with desk.school.store.read() as memory:
        assert [lesson.facts.lesson.id for lesson in await memory.lessons.due(now=desk.clock.now(), limit=9)] == [
            "lesson-1"
        ]


async def test_a_busy_slack_is_left_alone_until_it_said(desk: Desk) -> None:
    desk.workspace.faults.rate_limit("users.list", retry_after=42)
    assert await look(desk) == at(0.7)
    desk.moment(0.6)
    assert await look(desk) == at(0.7)
    assert calls(desk).count("users.list") == 1
    desk.moment(0.7)
    assert await look(desk) == at(0.7) + timedelta(days=1)


async def test_a_slack_that_refuses_is_asked_again_later(desk: Desk) -> None:
    desk.workspace.faults.error("users.list", "missing_scope")
    assert await look(desk) == NINE + refresh_people.RETRY


async def test_a_token_of_another_workspace_changes_nobody(desk: Desk) -> None:
    await forget_accounts(desk)
    async with desk.school.store.write() as memory:
        assert await memory.door.bind(team_id="T0OTHER", enterprise_id=None, name="Other")
    await look(desk)
    assert (await visitor(desk, "U0ADA")).person_id == ""


@pytest.mark.parametrize("pages", [1, 3])
async def test_many_people_come_in_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    monkeypatch.setattr(refresh_people, "PAGE", len(desk.workspace.persons) // pages + 1)
    await forget_accounts(desk)
    await look(desk)
    assert calls(desk).count("users.list") == pages
    assert all(
        [(await visitor(desk, f"U0{name}")).person_id for name in ("ADA", "BOB", "GRACE", "OLGA", "HEDY", "RITA")]
    )
