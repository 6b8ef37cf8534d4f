"""Who has Slack and a socket, or neither: on a platform of somebody else's, where presence comes by webhook."""

from collections.abc import AsyncIterator

import pytest

from bot.attendance.checks.values import AnswerState, Via
from bot.attendance.events import EventKind, Handle, PresenceEvent
from handlers.signaling.protocol import REPORT
from storage.database import Store
from tests.handlers.signaling.house import FIVE, House, a_house, report

MAILS = {"grace": "grace@example.com", "ada": "ada@example.com", "bob": "bob@example.com"}


@pytest.fixture
async def house(sqlite_store: Store) -> AsyncIterator[House]:
    """Five minutes into a lesson on Zoom, with everybody in its room. Bob has Slack, Ada has not."""
    async with a_house(sqlite_store, platform="zoom") as held:
        async with held.store.write() as memory:
            account = await memory.accounts.default("zoom", now=FIVE)
            told = [
                PresenceEvent(
                    kind=EventKind.JOINED,
                    room="python-101",
                    session="s",
                    connection=who,
                    handle=Handle(name=who, email=mail, is_host=who == "grace"),
                    occurred_at=FIVE,
                    received_at=FIVE,
                )
                for who, mail in MAILS.items()
            ]
            await memory.presence.record([(account, None, event) for event in told], now=FIVE)
        for minutes in range(6):
            await held.at(minutes)
        yield held


async def ask(house: House) -> None:
    await house.checks.check_now(house.lesson, house.people["grace"], now=house.clock.now())
    await house.tell()


async def answer(house: House, who: str) -> tuple[AnswerState, Via | None]:
    async with house.store.read() as memory:
        logging = (await memory.checks.of([house.lesson], person_ids=[house.people[who]]))[house.lesson]
    return logging.answers[-1].state, logging.answers[-1].via


async def asked_in_slack(house: House) -> set[str]:
    """First names of those for whom a question stands or will stand in Slack."""
    async with house.store.read() as memory:
        logging = (await memory.checks.of([house.lesson]))[house.lesson]
        rows = await memory.checks.deliveries([each.id for each in logging.open_checkpoints])
    names = {person_id: who for who, person_id in house.people.items()}
    return {names[person_id] for _, person_id in rows}


async def test_who_has_slack_and_a_socket_is_asked_on_both(house: House) -> None:
    bob = await house.joined("bob")
    await ask(house)
    assert [frame["payload"]["message"] for frame in await bob.hears()] == [
        "presence_logging_started",
        "presence_confirmation_requested",
    ]
    assert "bob" in await asked_in_slack(house)


async def test_the_answer_on_the_socket_settles_both(house: House) -> None:
    bob = await house.joined("bob")
    await ask(house)
    await bob.hears()
    assert await bob.says(REPORT, "confirm_presence") == [report(5, "presence_confirmation_logged")]
    assert await answer(house, "bob") == (AnswerState.CONFIRMED, Via.WEB)


async def test_the_answer_in_slack_settles_both_and_is_told_on_the_socket(house: House) -> None:
    bob = await house.joined("bob")
    await ask(house)
    await bob.hears()
    await house.checks.confirm(house.lesson, house.people["bob"], via=Via.BUTTON, now=house.clock.now())
    assert await bob.hears() == [report(5, "presence_confirmation_logged")]
    await bob.says(REPORT, "confirm_presence")
    assert await answer(house, "bob") == (AnswerState.CONFIRMED, Via.BUTTON)


async def test_who_has_no_slack_is_reached_by_the_socket_and_has_the_whole_window_from_then(house: House) -> None:
    await ask(house)
    assert (await answer(house, "ada"))[0] is AnswerState.UNDELIVERED
    await house.at(6)
    ada = await house.connect("ada")
    assert (await ada.joins())["payload"]["training_participation_report"] == {"state": "waiting_for_confirmation"}
    await house.until_reached("ada")
    async with house.client.get(f"/check/{await house.token('ada')}/now") as reply:
        question = (await reply.json())["question"]
    assert (question["state"], question["asked_at"], question["deadline"]) == (
        "awaited",
        "2026-11-23T17:06:00Z",
        "2026-11-23T17:11:00Z",
    )
    assert await ada.says(REPORT, "confirm_presence") == [report(6, "presence_confirmation_logged")]


async def test_who_is_watching_and_not_asked_hears_nothing_of_a_question(house: House) -> None:
    iris = await house.joined("iris")
    await ask(house)
    assert "presence_confirmation_requested" not in [frame["payload"]["message"] for frame in await iris.hears()]
