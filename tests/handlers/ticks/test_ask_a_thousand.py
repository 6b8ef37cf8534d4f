"""A thousand students are asked as fast as Slack allows, and each has the whole time to answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.attendance.wanted import MessageKind, Wanted
from storage import tables
from storage.pacing import POST, RATES
from storage.tables import table_of
from tests.bot.messages.contents import a_question_to_ada
from tests.builders import NINE
from tests.handlers.ticks.conftest import Post

CHECKPOINT = "checkpoint-1"
STEP = timedelta(seconds=5)
A_THOUSAND = [f"student-{number:04}" for number in range(1_000)]


@pytest.fixture
async def a_thousand(post: Post) -> Post:
    """The school with a thousand students more, all of them in Slack."""
    rows: list[dict[str, Any]] = []
    async with post.store.write() as memory:
        for person_id in A_THOUSAND:
            post.workspace.add_person(id=f"U{person_id[-4:]}", name=person_id, email=f"{person_id}@example.com")
            rows.append(
                tables.Person(
                    id=person_id,
                    workspace_id=memory.workspace_id,
                    name=person_id,
                    slack_user_id=f"U{person_id[-4:]}",
                    zone="UTC",
                    language="en",
                ).model_dump()
            )
        await memory._transaction.run(insert(table_of(tables.Person)).values(rows))
    return post


async def ask(post: Post) -> datetime:
    """Ask them all at nine; the moment at which the last one was asked."""
    wanted = [
        Wanted(
            kind=MessageKind.CHECK_QUESTION,
            recipient=person_id,
            content=a_question_to_ada(window_seconds=300),
            due_at=NINE,
            only_if_new=True,
        )
        for person_id in A_THOUSAND
    ]
    async with post.store.write() as memory:
        await memory.messages.want([(CHECKPOINT, each) for each in wanted], now=NINE)
    now = NINE
    while (due_at := await post.send(now)) is not None:
        now = now if due_at <= now else now + STEP
    return now


@pytest.mark.parametrize("database", ["sqlite"])  # Slack's pace is what is looked at, and the calls take their time
async def test_a_thousand_are_asked_within_what_slack_allows_and_not_much_more(a_thousand: Post) -> None:
    asked_by = await ask(a_thousand)
    refused = [call for call in a_thousand.workspace.calls if call.outcome != "ok"]
    assert refused == []
    fastest = (len(A_THOUSAND) - RATES[POST].burst) * RATES[POST].interval
    assert asked_by - NINE <= fastest + 2 * STEP
    inboxes = [len(a_thousand.workspace.persons[f"U{person_id[-4:]}"].inbox) for person_id in A_THOUSAND]
    assert set(inboxes) == {1}
    assert a_thousand.workspace.problems == []
    await _each_has_the_whole_time(a_thousand)


async def _each_has_the_whole_time(post: Post) -> None:
    """The deadline that a student reads is five minutes after the delivery of their own message."""
    for person_id in (A_THOUSAND[0], A_THOUSAND[-1]):
        (message,) = post.workspace.persons[f"U{person_id[-4:]}"].inbox
        delivered = datetime.fromtimestamp(float(message.ts), NINE.tzinfo)
        assert message.text == f"Are you there? Confirm by {delivered + timedelta(minutes=5):%H:%M}"
        async with post.store.read() as memory:
            row = await memory.messages.find(CHECKPOINT, MessageKind.CHECK_QUESTION, person_id)
        assert row is not None
        assert row.sent_at is not None
        assert abs(row.sent_at - delivered) < timedelta(seconds=1)
