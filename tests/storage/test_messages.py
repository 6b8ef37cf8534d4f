"""What is wanted comes to stand in Slack once, as it was wanted last; edits coalesce, and what is too late is skipped."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.attendance.lessons import Told
from bot.attendance.wanted import MessageKind, Wanted
from storage.database import Store
from storage.facts.said import load_told
from storage.messages import MessageState, StoredMessage, ToSend
from tests.builders import (
    NINE,
    at,
    replace,
)
from tests.storage.rows import a_course, a_person, a_stored_lesson, look

LESSON = "lesson-1"
SECOND = timedelta(seconds=1)
REMINDER = Wanted(kind=MessageKind.REMINDER_1, recipient="ada", content={"stage": "missing"}, due_at=NINE)
BOARD = Wanted(kind=MessageKind.BOARD, recipient="#python-101", content={"here": 1}, due_at=NINE, edit_gap_seconds=10)


def saying(wanted: Wanted, content: Mapping[str, Any] | None, **changes: Any) -> Wanted:
    return replace(wanted, content=content, **changes)


async def want(store: Store, *wanted: Wanted, lesson: str = LESSON, now: datetime = NINE) -> None:
    async with store.write() as memory:
        await memory.messages.want([(lesson, each) for each in wanted], now=now)


async def claim(
    store: Store, *, now: datetime = NINE, wire_now: datetime | None = None, limit: int = 20
) -> list[ToSend]:
    async with store.write() as memory:
        lease = timedelta(seconds=60)
        return await memory.messages.claim(now=now, wire_now=wire_now or now, limit=limit, lease=lease)


async def stored(store: Store, wanted: Wanted, lesson: str = LESSON) -> StoredMessage:
    async with store.read() as memory:
        found = await memory.messages.find(lesson, wanted.kind, wanted.recipient)
    assert found is not None
    return found


async def sent(store: Store, row: ToSend, *, now: datetime = NINE, ts: str = "1.1") -> None:
    async with store.write() as memory:
        await memory.messages.sent(row.id, revision=row.revision, channel="D0ADA", ts=ts, now=now, method=row.method)


async def post(store: Store, wanted: Wanted, *, now: datetime = NINE) -> ToSend:
    """Want it, and have it stand in Slack."""
    await want(store, wanted, now=now)
    (row,) = await claim(store, now=now)
    await sent(store, row, now=now)
    return row


async def next_due_at(store: Store) -> datetime | None:
    async with store.read() as memory:
        return await memory.messages.next_due_at()


@pytest.fixture(autouse=True)
async def _ada(store: Store) -> None:
    course = await a_course(store, zone="Europe/Rome")
    await a_stored_lesson(store, LESSON, course_id=course)
    await a_person(store, id="ada", slack_user_id="U0ADA", language="it-IT")


# What is wanted


async def test_what_is_wanted_waits_until_it_is_sent_and_then_stands(store: Store) -> None:
    await want(store, REMINDER)
    assert (await stored(store, REMINDER)).state is MessageState.WAITING
    (row,) = await claim(store)
    assert (row.kind, row.subject, row.recipient, row.content) == (
        MessageKind.REMINDER_1,
        LESSON,
        "ada",
        {"stage": "missing"},
    )
    assert (row.method, row.channel, row.ts, row.attempts) == ("chat.postMessage", "", "", 0)
    await sent(store, row)
    standing = await stored(store, REMINDER)
    assert (standing.state, standing.channel, standing.ts, standing.sent_at) == (
        MessageState.SENT,
        "D0ADA",
        "1.1",
        NINE,
    )
    assert await claim(store, now=at(5)) == []


async def test_a_person_is_addressed_by_their_slack_account_and_read_in_their_language(store: Store) -> None:
    await want(store, REMINDER, BOARD)
    by_recipient = {row.recipient: row for row in await claim(store)}
    to_ada, to_channel = by_recipient["ada"], by_recipient["#python-101"]
    assert (to_ada.address, to_ada.language, to_ada.zone) == ("U0ADA", "it-IT", "Europe/Rome")
    assert (to_channel.address, to_channel.language, to_channel.zone) == ("#python-101", "", "Europe/Rome")


async def test_a_persons_own_zone_goes_before_the_courses(store: Store) -> None:
    await a_person(store, id="bob", slack_user_id="U0BOB", zone="Asia/Kathmandu")
    await want(store, replace(REMINDER, recipient="bob"))
    assert [row.zone for row in await claim(store)] == ["Asia/Kathmandu"]


async def test_wanting_the_same_again_changes_nothing(store: Store) -> None:
    await post(store, REMINDER)
    before = await stored(store, REMINDER)
    await want(store, saying(REMINDER, {"stage": "missing"}, due_at=at(3), edit_gap_seconds=5), now=at(3))
    assert await stored(store, REMINDER) == before
    assert await claim(store, now=at(4)) == []


async def test_contents_are_compared_as_json_not_as_objects(store: Store) -> None:
    await post(store, saying(REMINDER, {"names": ["Ada", "Bob"], "at": 1, "note": "è"}))
    await want(store, saying(REMINDER, {"note": "è", "at": 1, "names": ("Ada", "Bob")}))
    assert (await stored(store, REMINDER)).revision == 1


async def test_another_content_edits_what_stands(store: Store) -> None:
    await post(store, REMINDER)
    await want(store, saying(REMINDER, {"stage": "joined"}, due_at=at(4)), now=at(4))
    (row,) = await claim(store, now=at(4))
    assert (row.method, row.channel, row.ts, row.content) == ("chat.update", "D0ADA", "1.1", {"stage": "joined"})
    await sent(store, row, now=at(4))
    assert (await stored(store, REMINDER)).sent_at == NINE


async def test_of_two_wishes_for_one_message_in_one_breath_the_last_counts(store: Store) -> None:
    await want(store, REMINDER, saying(REMINDER, {"stage": "joined"}))
    assert [row.content for row in await claim(store)] == [{"stage": "joined"}]


async def test_nothing_wanted_where_nothing_was_leaves_no_trace(store: Store) -> None:
    await want(store, saying(REMINDER, None))
    async with store.read() as memory:
        assert await memory.messages.find(LESSON, REMINDER.kind, "ada") is None


async def test_each_lesson_kind_and_recipient_has_its_own_message(store: Store) -> None:
    await a_stored_lesson(store, "lesson-2")
    await want(store, REMINDER, replace(REMINDER, kind=MessageKind.REMINDER_2), BOARD)
    await want(store, REMINDER, lesson="lesson-2")
    assert len({row.id for row in await claim(store)}) == 4


async def test_ninety_rows_of_a_chunk_are_kept_in_one_go(store: Store) -> None:
    many = [replace(REMINDER, recipient=f"#{number}") for number in range(90)]
    await want(store, *many)
    await want(store, *(saying(each, {"stage": "joined"}) for each in many))
    async with store.read() as memory:
        counted = await look(memory, "SELECT count(*) AS rows, min(desired_revision) AS revision FROM message")
    assert tuple(counted) == (90, 2)


async def test_who_is_told_the_same_at_once_has_a_message_of_their_own(store: Store) -> None:
    content = {"stage": "missing", "said": ""}
    for lesson in ("lesson-2", "lesson-3"):
        await a_stored_lesson(store, lesson)
    alike = [replace(REMINDER, recipient=f"#{number}", content=content) for number in range(120)]
    await want(store, *alike, replace(BOARD, content=content))
    await want(store, *alike, lesson="lesson-2")
    async with store.write() as memory:
        await memory.messages.want([("lesson-3", each) for each in (*alike, REMINDER)], now=NINE)
    async with store.read() as memory:
        counted = await look(
            memory, "SELECT count(*), count(DISTINCT id), count(DISTINCT CAST(desired AS TEXT)) FROM message"
        )
        found = await memory.messages.find("lesson-3", REMINDER.kind, "#119")
    assert tuple(counted) == (362, 362, 2)
    assert found is not None
    assert found.content == content


# Edits coalesce


async def test_an_edit_waits_for_its_gap_and_only_the_latest_content_is_sent(store: Store) -> None:
    await post(store, BOARD)
    for minute, here in ((0.05, 2), (0.1, 3)):
        await want(store, saying(BOARD, {"here": here}, due_at=at(minute)), now=at(minute))
        assert await claim(store, now=at(minute)) == []
    assert await next_due_at(store) == NINE + 10 * SECOND
    assert [row.content for row in await claim(store, now=NINE + 10 * SECOND)] == [{"here": 3}]


async def test_what_waits_already_goes_no_later_because_its_content_changes(store: Store) -> None:
    await want(store, BOARD)
    await want(store, saying(BOARD, {"here": 2}, due_at=at(3)))
    assert [row.content for row in await claim(store)] == [{"here": 2}]


async def test_an_edit_after_a_quiet_time_goes_at_once(store: Store) -> None:
    await post(store, BOARD)
    await want(store, saying(BOARD, {"here": 2}, due_at=at(1)), now=at(1))
    assert len(await claim(store, now=at(1))) == 1


async def test_the_gap_counts_from_the_last_edit_too(store: Store) -> None:
    await post(store, BOARD)
    await want(store, saying(BOARD, {"here": 2}, due_at=at(1)), now=at(1))
    (row,) = await claim(store, now=at(1))
    await sent(store, row, now=at(1))
    await want(store, saying(BOARD, {"here": 3}, due_at=at(1)), now=at(1))
    assert await next_due_at(store) == at(1) + 10 * SECOND


async def test_a_first_posting_knows_no_gap(store: Store) -> None:
    await want(store, BOARD)
    await want(store, saying(BOARD, {"here": 2}))
    assert [row.content for row in await claim(store)] == [{"here": 2}]


# Nothing is wanted any more


async def test_a_message_whose_reason_went_away_before_it_was_sent_is_skipped(store: Store) -> None:
    await want(store, REMINDER)
    await want(store, saying(REMINDER, None))
    skipped = await stored(store, REMINDER)
    assert (skipped.state, skipped.due_at, skipped.error) == (MessageState.SKIPPED, None, "taken back")
    assert await claim(store, now=at(60)) == []
    assert await next_due_at(store) is None


async def test_a_message_that_stands_and_is_not_wanted_is_deleted_at_once(store: Store) -> None:
    await post(store, BOARD)
    await want(store, saying(BOARD, None))
    (row,) = await claim(store)
    assert (row.method, row.channel, row.ts) == ("chat.delete", "D0ADA", "1.1")
    async with store.write() as memory:
        await memory.messages.deleted(row.id, revision=row.revision, now=NINE)
    gone = await stored(store, BOARD)
    assert (gone.channel, gone.ts, gone.sent_at, gone.state, gone.due_at) == ("", "", None, MessageState.SENT, None)
    assert await claim(store, now=at(60)) == []


async def test_what_is_wanted_again_after_it_was_skipped_or_deleted_is_posted(store: Store) -> None:
    await want(store, REMINDER)
    await want(store, saying(REMINDER, None))
    await want(store, REMINDER)
    (row,) = await claim(store)
    await sent(store, row)
    await want(store, saying(REMINDER, None))
    (row,) = await claim(store)
    async with store.write() as memory:
        await memory.messages.deleted(row.id, revision=row.revision, now=NINE)
    await want(store, saying(REMINDER, {"stage": "excused"}))
    assert [(row.method, row.content) for row in await claim(store)] == [("chat.postMessage", {"stage": "excused"})]


# Too late, too early, out of reach


async def test_what_is_past_its_time_is_not_posted_and_says_so(store: Store) -> None:
    await want(store, replace(REMINDER, not_after=at(30)))
    assert await claim(store, now=at(31)) == []
    late = await stored(store, REMINDER)
    assert (late.state, late.due_at, late.error) == (MessageState.SKIPPED, None, "too late")


async def test_at_the_last_moment_it_is_still_posted(store: Store) -> None:
    await want(store, replace(REMINDER, not_after=at(30)))
    assert len(await claim(store, now=at(30))) == 1


async def test_an_edit_is_never_too_late(store: Store) -> None:
    await post(store, replace(REMINDER, not_after=at(30)))
    await want(store, saying(REMINDER, {"stage": "over"}, not_after=at(30), due_at=at(60)), now=at(60))
    assert [row.method for row in await claim(store, now=at(60))] == ["chat.update"]


async def test_nothing_goes_before_it_is_due(store: Store) -> None:
    await want(store, replace(REMINDER, due_at=at(3)))
    assert await next_due_at(store) == at(3)
    assert await claim(store, now=at(2.9)) == []
    assert len(await claim(store, now=at(3))) == 1


@pytest.mark.parametrize("of_person", [{}, {"slack_user_id": "U0BOB", "is_gone": True}])
async def test_who_is_not_in_slack_is_not_written_to(store: Store, of_person: dict[str, Any]) -> None:
    await a_person(store, id="bob", **of_person)
    await want(store, replace(REMINDER, recipient="bob"), REMINDER)
    assert [row.recipient for row in await claim(store)] == ["ada"]
    refused = await stored(store, replace(REMINDER, recipient="bob"))
    assert (refused.state, refused.error, refused.due_at) == (MessageState.REJECTED, "not in Slack", None)


async def test_the_most_urgent_goes_first_and_then_the_longest_due(store: Store) -> None:
    early, late = (replace(REMINDER, recipient=name, due_at=due) for name, due in (("#a", NINE), ("#b", at(1))))
    await want(store, replace(BOARD, due_at=NINE - SECOND), late, early)
    assert [row.recipient for row in await claim(store, now=at(1), limit=2)] == ["#a", "#b"]
    assert [row.recipient for row in await claim(store, now=at(1))] == ["#python-101"]


# What stands is known to the rules


async def test_the_rules_are_told_what_stands_and_what_is_wanted(store: Store) -> None:
    other = await a_stored_lesson(store, "lesson-2")
    await post(store, REMINDER)
    await want(store, BOARD, replace(REMINDER, kind=MessageKind.REMINDER_2))
    await want(store, saying(replace(REMINDER, kind=MessageKind.REMINDER_2), None))
    async with store.read() as memory:
        assert await load_told(memory._transaction, [LESSON, other]) == {
            LESSON: {
                ("reminder_1", "ada"): Told(sent_at=NINE, is_wanted=True),
                ("board", "#python-101"): Told(sent_at=None, is_wanted=True),
                ("reminder_2", "ada"): Told(sent_at=None, is_wanted=False),
            }
        }


async def test_a_message_is_found_by_where_it_stands(store: Store) -> None:
    await post(store, REMINDER)
    async with store.read() as memory:
        assert await memory.messages.by_place("D0ADA", "1.1") == await stored(store, REMINDER)
        assert await memory.messages.by_place("D0ADA", "1.2") is None


async def test_a_summary_can_be_posted_again_as_a_new_message(store: Store) -> None:
    await post(store, replace(REMINDER, not_after=at(1)))
    async with store.write() as memory:
        assert await memory.messages.again(LESSON, REMINDER.kind, "ada", now=at(90))
        assert not await memory.messages.again(LESSON, MessageKind.SUMMARY, "ada", now=at(90))
    (row,) = await claim(store, now=at(90))
    assert (row.method, row.ts) == ("chat.postMessage", "")
    await sent(store, row, now=at(90), ts="2.2")
    assert (await stored(store, REMINDER)).ts == "2.2"
