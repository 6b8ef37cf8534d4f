"""The platforms' own records: each version is kept, the one received last counts, and lessons hear of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.attendance.events import Handle
from bot.attendance.lessons import LessonFacts
from bot.attendance.records import PlatformRecord, RecordedStay
from storage.database import Store
from storage.tables import PlatformAccount, Record, Room, Session, table_of
from tests.builders import (
    ADA,
    EVE,
    ROOM,
    SESSION,
    at,
    replace,
    session_ended,
    session_started,
    stay,
)
from tests.storage.world import a_course_with_a_lesson, add_lesson, add_person, course_of, facts, tell

RECORD = PlatformRecord(
    room=ROOM,
    session=SESSION,
    source="vcaas_data",
    received_at=at(65),
    started_at=at(-10),
    ended_at=at(60),
    stays=(
        RecordedStay(handle=Handle(external_id="ada-1"), joined_at=at(0), left_at=at(40), lost=True),
        RecordedStay(handle=Handle(external_id="ada-1"), joined_at=at(41) + timedelta(milliseconds=3), left_at=at(60)),
    ),
)
SECOND = replace(RECORD, received_at=at(70), stays=RECORD.stays[:1])


@pytest.fixture
async def lesson_id(store: Store) -> str:
    async with store.write() as memory:
        return await a_course_with_a_lesson(memory)


async def kept(store: Store, *records: PlatformRecord) -> set[str]:
    async with store.write() as memory:
        account_id = await memory.accounts.default("zoom", now=at(0))
        return await memory.presence.record([], at(65), records=[(account_id, record) for record in records])


async def known(store: Store, lesson_id: str) -> LessonFacts:
    async with store.read() as memory:
        return await facts(memory, lesson_id)


async def test_a_record_is_read_back_as_it_was_written(store: Store, lesson_id: str) -> None:
    assert await kept(store, RECORD) == {lesson_id}
    assert (await known(store, lesson_id)).records == (RECORD,)


async def test_a_record_of_a_session_of_which_nothing_was_told_is_seen_by_its_lesson(
    store: Store, lesson_id: str
) -> None:
    await kept(store, RECORD)
    found = await known(store, lesson_id)
    assert (found.events, found.feed.room_heard_at) == ((), at(65))


async def test_a_repeated_record_is_stored_once_and_touches_nothing(store: Store, lesson_id: str) -> None:
    await kept(store, RECORD)
    assert await kept(store, RECORD) == set()
    async with store.read() as memory:
        assert len(await memory._transaction.all(select(table_of(Record).c.id))) == 1


@pytest.mark.parametrize("order", [1, -1])
async def test_of_two_versions_both_are_kept_and_the_one_received_last_counts(
    store: Store, lesson_id: str, order: int
) -> None:
    for record in (RECORD, SECOND)[::order]:
        await kept(store, record)
    assert (await known(store, lesson_id)).records == (SECOND,)
    async with store.read() as memory:
        assert len(await memory._transaction.all(select(table_of(Record).c.id))) == 2


@pytest.mark.parametrize("is_record_first", [True, False])
async def test_a_record_and_webhooks_make_one_session_in_either_order(
    store: Store, lesson_id: str, *, is_record_first: bool
) -> None:
    live = (session_started(), *stay(ADA, 0, 60), session_ended(at=60.5))
    if is_record_first:
        await kept(store, RECORD)
    async with store.write() as memory:
        await tell(memory, *live)
    await kept(store, RECORD)
    session = table_of(Session)
    async with store.read() as memory:
        (row,) = await memory._transaction.all(select(session.c.first_at, session.c.last_at, session.c.ended_at))
    assert tuple(row) == (at(-10), at(60.5), at(60.5))


async def test_who_is_not_enrolled_and_stands_in_a_record_alone_is_known(store: Store, lesson_id: str) -> None:
    async with store.write() as memory:
        await add_person(memory, replace(EVE, external_id="eve-1"))
    visit = RecordedStay(handle=Handle(external_id="eve-1"), joined_at=at(0), left_at=at(60))
    await kept(store, replace(RECORD, stays=(visit,)))
    assert [person.name for person in (await known(store, lesson_id)).known] == [EVE.name]


async def test_a_record_makes_no_feed_late(store: Store, lesson_id: str) -> None:
    await kept(store, replace(RECORD, received_at=at(200)))
    account = table_of(PlatformAccount)
    async with store.read() as memory:
        assert await memory._transaction.value(select(account.c.last_received_at)) is None
    assert (await known(store, lesson_id)).feed.late_intervals == ()


async def asked(store: Store, record: PlatformRecord) -> set[str]:
    async with store.write() as memory:
        account_id = await memory.accounts.default("zoom", now=at(0))
        return await memory.presence.record([], at(65), asked=[(account_id, record)])


async def test_a_record_that_was_asked_for_speaks_for_its_lesson_and_proves_no_later_one(
    store: Store, lesson_id: str
) -> None:
    async with store.write() as memory:
        course_id = await course_of(memory, lesson_id)
        room_id = await memory._transaction.value(select(table_of(Room).c.id))
        next_id = await add_lesson(memory, course_id=course_id, room_id=room_id, start=at(60))
    report = replace(RECORD, source="zoom_report", is_whole=False)
    assert await asked(store, report) == {lesson_id, next_id}
    assert (await known(store, lesson_id)).feed.room_heard_at == at(65)
    assert (await known(store, next_id)).feed.room_heard_at is None
