"""The whole way: a tick writes a message, somebody presses its button, and the next tick changes the message."""

import pytest

from bot.attendance.lessons import CorrectionKind
from bot.messages import actions
from handlers.ticks import send_messages, watch_lessons
from sandbox.slack.model import Message
from tests.builders import ADA, BOB, GRACE, joined
from tests.handlers.slack.conftest import Desk


async def tick(desk: Desk) -> None:
    """What the ticks do when they are woken, until nothing is left to do now."""
    for _ in range(3):
        await watch_lessons.tick(desk.school.store, now=desk.clock.now())
        await send_messages.tick(desk.school.store, desk.slack, now=desk.clock.now())


def newest(desk: Desk, who: str) -> Message:
    return desk.person(who).inbox[-1]


@pytest.fixture(autouse=True)
async def _bob_is_missing(desk: Desk) -> None:
    """Bob got his first reminder; Ada and Grace are there, and somebody unknown."""
    await desk.school.plan()
    await desk.school.hear(joined(GRACE, at=-5), joined(ADA, at=0), joined("iPad (2)", at=2))
    desk.moment(3.1)
    await tick(desk)


async def test_on_my_way_changes_the_reminder_and_nothing_else_is_said(desk: Desk) -> None:
    before = newest(desk, "bob")
    assert await desk.presses_in("bob", before, f"{actions.ON_MY_WAY}.10") == ""
    await tick(desk)
    (after,) = desk.person("bob").inbox
    assert after.ts == before.ts
    assert "you are expected at" in after.text


async def test_cannot_come_stops_the_reminders(desk: Desk) -> None:
    await desk.presses_in("bob", newest(desk, "bob"), actions.CANNOT_COME)
    await desk.fills_in("bob", {actions.REASON: "flu"})
    await tick(desk)
    desk.moment(20)
    await tick(desk)
    (message,) = desk.person("bob").inbox
    assert "knows that you can't come" in message.text


async def test_in_already_puts_one_tap_on_the_trainers_card_and_the_tap_settles_it(desk: Desk) -> None:
    await desk.presses_in("bob", newest(desk, "bob"), actions.IN_ALREADY)
    await desk.fills_in("bob", {actions.NAME_IN_ROOM: "iPad (2)"})
    await tick(desk)
    card = newest(desk, "grace")
    assert "says to be in as “iPad (2)”" in str(card.blocks)
    (yes,) = [
        element
        for _, element in card.elements()
        if element["action_id"].startswith(actions.IS_PERSON) and "Yes" in element["text"]["text"]
    ]
    await desk.presses_in("grace", card, yes["action_id"])
    await tick(desk)
    assert "You joined at" in newest(desk, "bob").text
    assert newest(desk, "bob").action_ids() == []


async def test_a_reminder_that_was_asked_for_comes_at_once(desk: Desk) -> None:
    first = newest(desk, "bob")
    desk.moment(5)
    await desk.presses("grace", actions.REMIND_MISSING)
    desk.moment(5.1)
    await tick(desk)
    (second,) = desk.person("bob").inbox
    assert second.ts != first.ts


async def test_who_comes_sees_the_reminder_turn(desk: Desk) -> None:
    await desk.school.hear(joined(BOB, at=4))
    desk.moment(4.1)
    await tick(desk)
    assert newest(desk, "bob").text.startswith("You joined at")


async def test_a_cancelled_lesson_is_told_to_the_channel_and_to_who_was_reminded(desk: Desk) -> None:
    await desk.types("grace", "cancel fire alarm")
    await tick(desk)
    assert [said.kind for said in await desk.school.corrections()] == [CorrectionKind.CANCELLED]
    assert "is cancelled" in newest(desk, "bob").text
    channel = desk.workspace.channel_named("#python-101")
    assert channel is not None
    assert any("fire alarm" in str(message.blocks) + message.text for message in desk.workspace.messages_in(channel.id))


async def test_a_mark_shows_on_the_reminder(desk: Desk) -> None:
    await desk.types("grace", "mark bob excused flu")
    await tick(desk)
    assert "You are excused from Python 101" in newest(desk, "bob").text
