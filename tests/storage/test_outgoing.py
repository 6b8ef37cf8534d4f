"""Whatever happens between Slack's answer and ours: nothing is sent by two at once, and the latest content gets there."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.attendance.wanted import MessageKind
from storage.database import Store
from storage.messages import Attempted, MessageState, ToSend
from storage.pacing import POST
from tests.builders import (
    NINE,
    at,
    replace,
)
from tests.storage.rows import a_course, a_person, a_stored_lesson, look
from tests.storage.test_messages import (
    BOARD,
    LESSON,
    REMINDER,
    SECOND,
    claim,
    next_due_at,
    post,
    saying,
    sent,
    stored,
    want,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _ada(store: Store) -> None:
    course = await a_course(store)
    await a_stored_lesson(store, LESSON, course_id=course)
    await a_person(store, id="ada", slack_user_id="U0ADA")


async def busy(store: Store, row: ToSend, *, now: datetime, retry_at: datetime, error: str = "ratelimited") -> None:
    async with store.write() as memory:
        await memory.messages.busy(row.id, retry_at=retry_at, error=error, now=now, method=row.method)


async def rejected(store: Store, row: ToSend, *, now: datetime = NINE) -> None:
    async with store.write() as memory:
        await memory.messages.rejected(
            row.id, revision=row.revision, error="channel_not_found", now=now, method=row.method
        )


# Leases


async def test_a_message_that_is_being_sent_is_nobody_elses(store: Store) -> None:
    await want(store, REMINDER)
    assert len(await claim(store)) == 1
    assert await claim(store, now=at(1), wire_now=NINE + 59 * SECOND) == []
    assert await next_due_at(store) is None


async def test_a_lease_that_ran_out_is_claimed_again(store: Store) -> None:
    await want(store, REMINDER)
    first = await claim(store)
    assert await claim(store, wire_now=NINE + 60 * SECOND) == first


async def test_a_lease_runs_in_wire_time_whatever_lesson_time_does(store: Store) -> None:
    await want(store, REMINDER)
    await claim(store, now=NINE, wire_now=at(1000))
    assert await claim(store, now=at(500), wire_now=at(1000.5)) == []


async def test_claimers_at_once_never_get_the_same_message(store: Store, database_url: str) -> None:
    await want(store, *(replace(REMINDER, recipient=f"#{number}") for number in range(20)))
    other = await Store.open(database_url)
    claims = await asyncio.gather(*(claim(each, limit=3) for each in (store, other) * 4))
    ids = [row.id for rows in claims for row in rows]
    assert len(ids) == len(set(ids)) == 20
    await other.close()


# Races between wanting and sending


async def test_a_content_that_changes_while_the_earlier_one_is_being_sent_is_sent_afterwards(store: Store) -> None:
    await want(store, REMINDER)
    (row,) = await claim(store)
    await want(store, saying(REMINDER, {"stage": "joined"}))
    await sent(store, row)
    (edit,) = await claim(store)
    assert (edit.method, edit.ts, edit.content) == ("chat.update", "1.1", {"stage": "joined"})


async def test_it_is_sent_after_its_gap(store: Store) -> None:
    await want(store, BOARD)
    (row,) = await claim(store)
    await want(store, saying(BOARD, {"here": 2}))
    await sent(store, row)
    assert await next_due_at(store) == NINE + 10 * SECOND


async def test_what_is_taken_back_while_it_is_being_posted_is_deleted_afterwards(store: Store) -> None:
    await want(store, REMINDER)
    (row,) = await claim(store)
    await want(store, saying(REMINDER, None))
    await sent(store, row)
    assert [(each.method, each.ts) for each in await claim(store)] == [("chat.delete", "1.1")]


async def test_what_is_taken_back_while_posting_it_fails_is_not_posted(store: Store) -> None:
    other = replace(REMINDER, recipient="#channel")
    await want(store, REMINDER, other)
    first, second = await claim(store)
    await want(store, saying(REMINDER, None), saying(other, None))
    await busy(store, first, now=NINE, retry_at=at(1))
    await rejected(store, second)
    assert {(await stored(store, each)).state for each in (REMINDER, other)} == {MessageState.SKIPPED}
    assert await next_due_at(store) is None


async def test_what_is_wanted_again_while_it_is_being_deleted_is_posted_anew(store: Store) -> None:
    await post(store, BOARD)
    await want(store, saying(BOARD, None))
    (row,) = await claim(store)
    await want(store, saying(BOARD, {"here": 5}))
    async with store.write() as memory:
        await memory.messages.deleted(row.id, revision=row.revision, now=NINE)
    assert [(each.method, each.content) for each in await claim(store)] == [("chat.postMessage", {"here": 5})]


async def test_a_message_posted_again_while_it_is_being_edited_is_posted_again(store: Store) -> None:
    await post(store, REMINDER)
    await want(store, saying(REMINDER, {"stage": "joined"}))
    (edit,) = await claim(store)
    async with store.write() as memory:
        await memory.messages.again(LESSON, REMINDER.kind, "ada", now=NINE)
    await sent(store, edit)
    assert [each.method for each in await claim(store)] == ["chat.postMessage"]


async def test_a_newer_content_is_tried_though_slack_refused_the_earlier_one(store: Store) -> None:
    await want(store, REMINDER)
    (row,) = await claim(store)
    await want(store, saying(REMINDER, {"stage": "joined"}))
    await rejected(store, row)
    assert [each.content for each in await claim(store)] == [{"stage": "joined"}]


async def test_an_answer_about_a_message_that_was_erased_meanwhile_is_nothing(store: Store) -> None:
    (row,) = [replace(await post(store, REMINDER), id="erased")]
    await sent(store, row)
    await busy(store, row, now=NINE, retry_at=at(1))
    await rejected(store, row)
    async with store.write() as memory:
        await memory.messages.deleted("erased", revision=1, now=NINE)
        await memory.messages.lost("erased", now=NINE)
    assert (await stored(store, REMINDER)).state is MessageState.SENT


# When Slack does not take it


async def test_when_slack_is_busy_the_message_waits_and_counts_its_tries(store: Store) -> None:
    await want(store, REMINDER)
    for tries, minute in enumerate((0, 1, 2)):
        (row,) = await claim(store, now=at(minute))
        assert row.attempts == tries
        await busy(store, row, now=at(minute), retry_at=at(minute + 1))
        assert await claim(store, now=at(minute + 0.5)) == []
    (row,) = await claim(store, now=at(3))
    await sent(store, row, now=at(3))
    await want(store, saying(REMINDER, {"stage": "joined"}, due_at=at(3)), now=at(3))
    assert [each.attempts for each in await claim(store, now=at(3))] == [0]


async def test_a_new_content_does_not_hurry_a_message_that_waits_for_slack(store: Store) -> None:
    await want(store, REMINDER)
    (row,) = await claim(store)
    await busy(store, row, now=NINE, retry_at=at(5), error="internal_error")
    await want(store, saying(REMINDER, {"stage": "joined"}, due_at=at(1)), now=at(1))
    assert await next_due_at(store) == at(5)
    assert [each.content for each in await claim(store, now=at(5))] == [{"stage": "joined"}]


async def test_what_slack_refuses_for_good_is_kept_with_its_reason_and_not_tried_again(store: Store) -> None:
    await want(store, BOARD)
    (row,) = await claim(store)
    await rejected(store, row)
    refused = await stored(store, BOARD)
    assert (refused.state, refused.error, refused.due_at) == (MessageState.REJECTED, "channel_not_found", None)
    assert await claim(store, now=at(60)) == []


async def test_after_a_refusal_another_content_is_tried_after_the_gap(store: Store) -> None:
    await want(store, BOARD)
    (row,) = await claim(store)
    await rejected(store, row)
    await want(store, saying(BOARD, {"here": 2}))
    assert await next_due_at(store) == NINE + 10 * SECOND
    assert len(await claim(store, now=at(1))) == 1


async def test_what_somebody_removed_from_slack_is_posted_anew(store: Store) -> None:
    await post(store, replace(REMINDER, not_after=at(1)))
    await want(store, saying(REMINDER, {"stage": "joined"}, not_after=at(1), due_at=at(2)), now=at(2))
    (row,) = await claim(store, now=at(2))
    async with store.write() as memory:
        await memory.messages.lost(row.id, now=at(2))
    assert [each.method for each in await claim(store, now=at(2))] == ["chat.postMessage"]


async def test_every_call_is_written_down_with_what_came_of_it(store: Store) -> None:
    await want(store, REMINDER)
    (row,) = await claim(store)
    await busy(store, row, now=NINE, retry_at=at(1))
    (row,) = await claim(store, now=at(1))
    await sent(store, row, now=at(1))
    await want(store, saying(REMINDER, None), now=at(2))
    (row,) = await claim(store, now=at(2))
    async with store.write() as memory:
        await memory.messages.deleted(row.id, revision=row.revision, now=at(2))
        assert await memory.messages.attempts_of(row.id) == [
            Attempted(NINE, "chat.postMessage", "ratelimited"),
            Attempted(at(1), "chat.postMessage", "ok"),
            Attempted(at(2), "chat.delete", "ok"),
        ]


# Pacing


async def test_a_busy_channel_takes_three_at_once_and_then_one_a_second(store: Store) -> None:
    kinds = (MessageKind.TRAINER_LATE, MessageKind.CANCELLED, MessageKind.BOARD, MessageKind.COORDINATOR_NOT_HELD)
    await want(store, *(replace(BOARD, kind=kind) for kind in kinds))
    assert len(await claim(store)) == 3
    assert await next_due_at(store) == NINE + SECOND
    assert [row.kind for row in await claim(store, now=NINE + SECOND)] == [MessageKind.COORDINATOR_NOT_HELD]


async def test_a_busy_channel_does_not_hold_up_others(store: Store) -> None:
    busy_channel = (replace(REMINDER, kind=kind, recipient="#busy") for kind in MessageKind)
    await want(store, *busy_channel, replace(BOARD, recipient="#calm"))
    assert "#calm" in [row.recipient for row in await claim(store, limit=4)]


async def test_a_hundred_messages_go_as_fast_as_the_workspace_takes_them_and_no_faster(store: Store) -> None:
    await want(store, *(replace(REMINDER, recipient=f"#{number}") for number in range(100)))
    now, sent_at = NINE, []
    while (due := await next_due_at(store)) is not None:
        now = max(now, due)
        rows = await claim(store, now=now)
        assert rows, "whenever something is due, something goes"
        for row in rows:
            await sent(store, row, now=now)
            sent_at.append(now)
    assert sent_at.count(NINE) == 20
    assert len(sent_at) == 100
    assert now - NINE == 80 * MINUTE / 240


async def test_what_becomes_urgent_overtakes_what_waits_for_the_workspace(store: Store) -> None:
    await want(store, *(replace(BOARD, recipient=f"#{number}") for number in range(60)))
    await claim(store, limit=100)
    later = NINE + SECOND
    await want(store, replace(REMINDER, due_at=later), now=later)
    assert [row.recipient for row in await claim(store, now=later, limit=1)] == ["ada"]


async def test_what_waits_for_the_workspace_goes_in_the_order_in_which_it_became_due(store: Store) -> None:
    names = [f"#{number:02}" for number in range(24)]
    await want(store, *(replace(BOARD, recipient=name, due_at=NINE + n * SECOND) for n, name in enumerate(names)))
    later = at(1)
    went = [row.recipient for row in await claim(store, now=later, limit=100)]
    await want(store, replace(BOARD, recipient="#new", due_at=later + SECOND / 10), now=later)
    while (due := await next_due_at(store)) is not None:
        went += [row.recipient for row in await claim(store, now=max(due, later), limit=100)]
    assert went == [*names, "#new"]


async def test_postings_that_must_wait_do_not_hold_up_edits(store: Store) -> None:
    await post(store, BOARD)
    await want(store, *(replace(REMINDER, recipient=f"#{number}") for number in range(60)), now=at(1))
    await claim(store, now=at(1), limit=100)
    await want(store, saying(BOARD, {"here": 2}, due_at=at(1)), now=at(1))
    assert [row.method for row in await claim(store, now=at(1))] == ["chat.update"]


async def test_when_slack_holds_posting_nothing_is_posted_until_then(store: Store) -> None:
    async with store.write() as memory:
        await memory.pacing.hold(POST, at(1))
    await want(store, REMINDER)
    assert await claim(store) == []
    assert await next_due_at(store) == at(1)
    assert len(await claim(store, now=at(1))) == 1


async def test_after_an_outage_all_that_is_too_late_is_skipped_at_once(store: Store) -> None:
    late = [replace(REMINDER, recipient=f"#{number}", not_after=at(30)) for number in range(300)]
    await want(store, *late, BOARD)
    assert [row.recipient for row in await claim(store, now=at(60))] == ["#python-101"]
    async with store.read() as memory:
        assert (await look(memory, "SELECT count(*) AS rows FROM message WHERE state = 'skipped'")).rows == 300
