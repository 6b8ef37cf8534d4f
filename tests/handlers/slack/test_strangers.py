"""Who is in a room with the e-mail of a Slack account of the workspace is not enrolled, and not unknown."""

from datetime import timedelta
from typing import Any

from bot.attendance.attendance import sheet_of
from bot.attendance.events import Handle, PresenceEvent
from handlers.ticks import name_strangers
from storage.strangers import AGAIN_AFTER
from tests.builders import NINE, at, joined
from tests.handlers.slack.conftest import Desk

EVE = Handle(name="Eve", email="eve@example.com")
NOBODY = Handle(name="Nemo", email="nemo@example.com")


async def tell(desk: Desk, *events: PresenceEvent) -> None:
    async with desk.school.store.write() as memory:
        account_id = await memory.accounts.default("zoom", now=NINE)
        await memory.presence.record([(account_id, None, event) for event in events], now=desk.clock.now())


async def look(desk: Desk) -> Any:
    return await name_strangers.tick(desk.school.store, desk.slack, now=desk.clock.now(), wake=desk._wake)


def asked(desk: Desk) -> int:
    return [call.method for call in desk.workspace.calls].count("users.lookupByEmail")


async def listed(desk: Desk) -> tuple[list[str], list[str]]:
    """Who is not enrolled, and who is unknown."""
    sheet = sheet_of(await desk.school.facts(), now=desk.clock.now())
    return [line.name for line in sheet.not_enrolled], [each.display_name for each in sheet.strangers]


async def test_an_account_of_the_workspace_is_listed_as_not_enrolled(desk: Desk) -> None:
    await desk.school.plan()
    await tell(desk, joined(EVE, at=0))
    assert await listed(desk) == ([], ["Eve"])
    assert await look(desk) is None
    assert await listed(desk) == (["Eve Clark"], [])
    assert desk.woken == 1


async def test_everything_that_slack_tells_of_the_account_is_kept(desk: Desk) -> None:
    eve = desk.person("eve")
    eve.zone, eve.locale, eve.email = "Europe/Rome", "it-IT", "EVE@example.com"
    await tell(desk, joined(EVE, at=0))
    await look(desk)
    async with desk.school.store.read() as memory:
        visitor = await memory.door.visitor("U0EVE", now=NINE)
    assert (visitor.name, visitor.zone, visitor.language) == ("Eve Clark", "Europe/Rome", "it-IT")


async def test_who_has_no_account_stays_unknown_and_is_asked_about_once(desk: Desk) -> None:
    await desk.school.plan()
    await tell(desk, joined(NOBODY, at=0))
    await look(desk)
    await tell(desk, joined(NOBODY, at=0, session="2"))
    assert await look(desk) == NINE + AGAIN_AFTER
    assert await listed(desk) == ([], ["Nemo"])
    assert (asked(desk), desk.woken) == (1, 0)


async def test_where_nobody_is_unknown_slack_is_asked_nothing(desk: Desk) -> None:
    before = len(desk.workspace.calls)
    await tell(desk, joined(Handle(name="Ada", email="ada@example.com"), at=0), joined("iPad (2)", at=0))
    assert await look(desk) is None
    assert len(desk.workspace.calls) == before


async def test_a_crowd_is_named_no_faster_than_slack_allows(desk: Desk) -> None:
    await tell(desk, *(joined(Handle(email=f"{number}@example.com"), at=0) for number in range(60)))
    while (next_at := await look(desk)) is not None:
        assert next_at > desk.clock.now()
        desk.clock.move_to(next_at)
    assert asked(desk) == 60
    assert desk.clock.now() > NINE + timedelta(minutes=1)


async def test_a_busy_slack_is_left_alone_until_it_said(desk: Desk) -> None:
    desk.workspace.faults.rate_limit("users.lookupByEmail", retry_after=90)
    await tell(desk, joined(EVE, at=0))
    assert await look(desk) == at(1.5)
    desk.moment(1)
    assert await look(desk) == at(1.5)
    assert asked(desk) == 1
    desk.moment(1.5)
    assert await look(desk) is None
    assert asked(desk) == 2


async def test_a_slack_that_refuses_is_asked_again_later(desk: Desk) -> None:
    desk.workspace.faults.error("users.lookupByEmail", "missing_scope")
    await tell(desk, joined(EVE, at=0))
    assert await look(desk) == NINE + name_strangers.RETRY


async def test_an_address_that_slack_cannot_read_holds_nobody_up(desk: Desk) -> None:
    desk.workspace.faults.error("users.lookupByEmail", "invalid_arguments")
    await tell(desk, joined(Handle(email="@"), at=0), joined(EVE, at=0))
    assert await look(desk) is None
    assert asked(desk) == 2


async def test_a_token_of_another_workspace_names_nobody(desk: Desk) -> None:
    async with desk.school.store.write() as memory:
        assert await memory.door.bind(team_id="T0OTHER", enterprise_id=None, name="Other")
    await tell(desk, joined(EVE, at=0))
    assert await look(desk) == NINE + name_strangers.RETRY
    assert asked(desk) == 0
