"""What runs all day finds its rows by an index: its cost follows the work to do, not the size of the school."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from bot.attendance.decide import decide
from bot.attendance.events import Handle
from bot.attendance.inside import Inside
from bot.attendance.lessons import CorrectionKind
from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery, Settled
from storage.dialects import dialect_of
from storage.slack_accounts import SlackAccount
from storage.tables import metadata
from tests.builders import ADA, BOB, GRACE, NINE, at, correction, joined, session_ended
from tests.handlers.check_class import CheckClass
from tests.storage.world import a_course_with_a_lesson, tell

#: All but those that stay as small as a school has platforms; an alias counts as its table.
LARGE = {table.name for table in metadata.sorted_tables} - {"workspace", "platform_account"}

Statements = dict[str, Any]


@contextmanager
def collected(store: Store) -> Iterator[Statements]:
    """Every statement that the store executes meanwhile, with its parameters."""
    found: Statements = {}

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        found[statement] = parameters[0] if many else parameters

    engines = [store._dialect.reading.sync_engine, store._dialect.writing.sync_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", remember)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", remember)


async def whole_tables_read(url: str, statements: Statements) -> dict[str, list[str]]:
    """Statement → the tables that SQLite would read from their beginning to their end."""
    dialect = dialect_of(url)
    scanned: dict[str, list[str]] = {}
    try:
        async with dialect.reading.connect() as connection:
            for statement, parameters in statements.items():
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                tables = re.findall(r"SCAN (\w+)", "; ".join(row[3] for row in plan))
                scanned[statement] = [name for name in tables if re.sub(r"_\d+$", "", name) in LARGE]
    finally:
        await dialect.close()
    return {statement: tables for statement, tables in scanned.items() if tables}


async def a_day_of_work(store: Store) -> None:
    """A delivery comes, is applied, its lesson looked at, something said about it, and a message sent."""
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=NINE)
        delivery = NewDelivery(
            account_id=account, route="", delivery_key="1", headers={}, body=b"", received_at=NINE, verified_at=NINE
        )
        await memory.deliveries.keep([delivery])
    async with store.read() as memory:
        (waiting,) = await memory.deliveries.waiting(limit=500)
    async with store.write() as memory:
        everything = Handle(name="Eve", email="eve@example.com", user_id="u", registrant_id="r", external_id="x")
        await tell(memory, joined(everything, at=1), now=at(1))
        await tell(memory, joined("Somebody", at=-600, session="2"), session_ended(at=-500, session="2"), now=at(1))
        await memory.deliveries.settle([Settled(waiting.id, DeliveryState.APPLIED)], NINE)
    async with store.read() as memory:
        (lesson,) = await memory.lessons.due(now=at(4), limit=40)
        await memory.lessons.next_due_at()
        strays = await memory.strays.due(now=at(4))
        await memory.strays.next_due_at()
    async with store.write() as memory:
        decision = decide(lesson.facts, now=at(4))
        await memory.lessons.keep_many([(lesson, decision)], now=at(4))
        await memory.messages.want([(decision.lesson_id, wanted) for wanted in decision.wanted], now=at(4))
        await memory.strays.look_again([(stray, None) for stray in strays])
        await memory.record_requests.want({decision.lesson_id: at(4)}, now=at(4))
        await memory.record_requests.want({decision.lesson_id: at(3)}, now=at(4))
    async with store.write() as memory:
        await memory.record_requests.next_due_at(wire_now=NINE)
        (request,) = await memory.record_requests.claim(now=at(10), wire_now=NINE, limit=5, lease=timedelta(minutes=5))
        assert request.sessions
        await memory.record_requests.answered(request, due_at=None, made=1, tries=0)
    async with store.write() as memory:
        await memory.room_looks.want([lesson.facts.lesson.id], now=at(4))
        await memory.room_looks.next_due_at(wire_now=NINE)
        (look,) = await memory.room_looks.claim(now=at(4), wire_now=NINE, limit=5, lease=timedelta(minutes=2))
        await memory.room_looks.answered(look, Inside(people=1), now=at(4))
    async with store.write() as memory:
        await memory.strangers.next_due_at()
        (email,) = await memory.strangers.take(now=at(4), lease=timedelta(minutes=1))
        await memory.strangers.answered(email, SlackAccount(user_id="U0EVE", name="Eve", email=email), now=at(4))
    async with store.read() as memory:
        await memory.troubles.accounts()
        await memory.troubles.channels(now=at(5))
        await memory.troubles.standing(["account@0"])
        await memory.troubles.admins()
    async with store.write() as memory:
        await memory.messages.claim(now=at(5), wire_now=NINE, limit=20, lease=timedelta(seconds=30))
        await memory.messages.next_due_at()
        said = correction(CorrectionKind.PRESENT, at=5)
        await memory.corrections.add(lesson.facts.lesson.id, said, press_key="1", now=at(5))


async def test_nothing_that_runs_all_day_reads_a_whole_table(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    async with store.write() as memory:
        await a_course_with_a_lesson(memory)
    with collected(store) as statements:
        await a_day_of_work(store)
    await store.close()
    # What SQLite plans for an INSERT is for foreign keys that are checked at the end, and we have none of these.
    searching = {sql: given for sql, given in statements.items() if sql.startswith(("SELECT", "UPDATE", "WITH"))}
    assert len(searching) > 40
    assert await whole_tables_read(sqlite_url, searching) == {}


async def test_whose_lesson_somebody_teaches_instead_is_found_among_substitutes_alone(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    async with store.write() as memory:
        await a_course_with_a_lesson(memory)
    with collected(store) as statements:
        async with store.read() as memory:
            await memory.door.visitor("U0GRACE", now=at(4))
    await store.close()
    looked_up = {sql: given for sql, given in statements.items() if "FROM correction" in sql}
    assert len(looked_up) == 1
    assert await whole_tables_read(sqlite_url, looked_up) == {}


async def test_a_presence_check_from_its_start_to_its_report_reads_no_whole_table(sqlite_url: str) -> None:
    lesson = CheckClass(sqlite_url)
    await lesson.open()
    with collected(lesson.store) as statements:
        await lesson.class_is_in()
        await lesson.enable(0)
        await lesson.until(10.2)
        await lesson.press(ADA, 11)
        await lesson.checks.reached(lesson.lesson_id, BOB.id, now=at(11))
        await lesson.until(16)
        await lesson.checks.was_there((await lesson.question()).id, BOB.id, now=at(17))
        await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(20))
        await lesson.look(20)
        await lesson.told()
    await lesson.close()
    own = {
        sql: given for sql, given in statements.items() if re.search(r"presence_|checkpoint|answer|check_event", sql)
    }
    searching = {sql: given for sql, given in own.items() if sql.startswith(("SELECT", "UPDATE", "WITH", "DELETE"))}
    assert len(searching) > 15
    assert await whole_tables_read(sqlite_url, searching) == {}
