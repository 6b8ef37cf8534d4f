"""What waits in the inbox becomes presence events; one delivery that is out of order stops no other."""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import text

from bot.attendance.events import Handle
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.connectors import Delivery, Fact
from handlers.platforms import CONNECTORS
from handlers.platforms.zoom import connector as zoom
from handlers.ticks import apply_deliveries
from storage.database import Store
from storage.deliveries import NewDelivery
from storage.errors import StorageError
from tests.builders import ADA, NINE, ROOM, at, joined
from tests.handlers.platforms.fixtures import zoom_fixture
from tests.handlers.slack.school import LESSON, School
from tests.storage.rows import look

#: what is in the recordings happened shortly before
RECEIVED_AT = zoom_fixture("left").received_at
APPLIED, IGNORED, UNREADABLE, RECEIVED = "applied", "ignored", "unreadable", "received"


class Peculiar:
    """A connector that says what the body asks for: an event, an error of its own, or one that cannot be kept."""

    name, max_body, kept_headers = "zoom", 1000, frozenset[str]()
    routes: Mapping[str, int] = MappingProxyType({})
    verify, reply_to_handshake, delivery_key, redact, reply = (
        zoom.verify,
        zoom.reply_to_handshake,
        zoom.delivery_key,
        zoom.redact,
        zoom.reply,
    )

    def normalise(self, delivery: Delivery) -> Sequence[Fact]:
        if delivery.body == b"record":
            stay = RecordedStay(handle=Handle(external_id="ada-1"), joined_at=NINE, left_at=at(60))
            return [
                PlatformRecord(
                    room=ROOM,
                    session="session-1",
                    source="vcaas_data",
                    received_at=delivery.received_at,
                    started_at=NINE,
                    ended_at=at(60),
                    stays=(stay,),
                )
            ]
        event = joined(ADA, connection=delivery.headers["key"])
        if delivery.body == b"bug":
            raise KeyError("ada@example.com")
        return [replace(event, session=None) if delivery.body == b"unkeepable" else event]


PECULIAR = {"zoom": Peculiar()}


@pytest.fixture(autouse=True)
async def _school(school: School) -> None:
    await school.plan()


async def deliver(store: Store, *bodies: bytes, account: str = "zoom") -> None:
    """Keep requests as the door does."""
    async with store.write() as memory:
        await memory.deliveries.keep(
            [
                NewDelivery(
                    account_id=account,
                    route="",
                    delivery_key=f"key {number}",
                    headers={"key": f"key {number}"},
                    body=body,
                    received_at=RECEIVED_AT,
                    verified_at=NINE,
                )
                for number, body in enumerate(bodies)
            ]
        )


def recorded(*names: str) -> list[bytes]:
    return [zoom_fixture(name).body for name in names]


async def outcomes(store: Store) -> list[tuple[str, str]]:
    """(state, error) of every delivery, in order."""
    async with store.read() as memory:
        rows = await memory._transaction.all(text("SELECT state, error FROM delivery ORDER BY id"))
    return [(row.state, row.error) for row in rows]


async def states(store: Store) -> list[str]:
    return [state for state, _ in await outcomes(store)]


async def events(store: Store) -> int:
    async with store.read() as memory:
        found: int = (await look(memory, "SELECT count(*) AS n FROM presence_event")).n
    return found


async def test_what_was_told_is_recorded_and_its_lesson_looked_at(store: Store) -> None:
    await deliver(store, b"event")
    assert await apply_deliveries.tick(store, PECULIAR, now=NINE) is None
    assert await outcomes(store) == [(APPLIED, "")]
    async with store.read() as memory:
        (due,) = await memory.lessons.due(now=NINE, limit=10)
    assert due.facts.lesson.id == LESSON
    (event,) = due.facts.events
    assert (event.room, event.connection) == (ROOM, "key 0")


async def test_a_record_is_kept_for_its_session_and_its_lesson_looked_at(store: Store) -> None:
    await deliver(store, b"record")
    assert await apply_deliveries.tick(store, PECULIAR, now=NINE) is None
    assert await outcomes(store) == [(APPLIED, "")]
    async with store.read() as memory:
        (due,) = await memory.lessons.due(now=NINE, limit=10)
    assert [record.session for record in due.facts.records] == ["session-1"]


@pytest.mark.parametrize(("size", "is_beside"), [(1000, False), (2 * apply_deliveries.LARGE, True)])
async def test_large_bodies_are_read_beside_the_event_loop(store: Store, size: int, *, is_beside: bool) -> None:
    read_in: list[threading.Thread] = []

    class Noting(Peculiar):
        def normalise(self, delivery: Delivery) -> Sequence[Fact]:
            read_in.append(threading.current_thread())
            return super().normalise(delivery)

    await deliver(store, b"x" * size)
    await apply_deliveries.tick(store, {"zoom": Noting()}, now=NINE)
    assert [each is not threading.main_thread() for each in read_in] == [is_beside]


async def test_an_event_links_to_the_delivery_that_told_it(store: Store) -> None:
    await deliver(store, b"event")
    await apply_deliveries.tick(store, PECULIAR, now=NINE)
    async with store.read() as memory:
        row = await look(memory, "SELECT delivery_id, delivery.id FROM presence_event CROSS JOIN delivery")
    assert row[0] == row[1]


async def test_nothing_is_applied_twice(store: Store) -> None:
    await deliver(store, *recorded("left"))
    await apply_deliveries.tick(store, CONNECTORS, now=NINE)
    told = await events(store)
    await apply_deliveries.tick(store, CONNECTORS, now=NINE)
    assert await events(store) == told == 1


async def test_an_event_without_interest_is_ignored(store: Store) -> None:
    await deliver(store, *recorded("unknown_event"))
    await apply_deliveries.tick(store, CONNECTORS, now=NINE)
    assert await outcomes(store) == [(IGNORED, "")]


async def test_what_cannot_be_read_is_kept_with_its_reason_and_stops_no_other(store: Store) -> None:
    await deliver(store, *recorded("guest_without_email_joined", "half_a_json", "left"))
    await apply_deliveries.tick(store, CONNECTORS, now=NINE)
    (_, _), (state, error), (_, _) = await outcomes(store)
    assert await states(store) == [APPLIED, UNREADABLE, APPLIED]
    assert state == UNREADABLE
    assert error
    assert await events(store) == 2


async def test_an_error_of_the_connector_itself_stops_no_other_and_is_named_by_its_kind_alone(store: Store) -> None:
    await deliver(store, b"event", b"bug", b"event")
    await apply_deliveries.tick(store, PECULIAR, now=NINE)
    assert await states(store) == [APPLIED, UNREADABLE, APPLIED]
    assert (await outcomes(store))[1][1] == "KeyError: could not be applied"
    assert await events(store) == 2


async def test_what_the_database_refuses_stops_no_other(store: Store) -> None:
    await deliver(store, b"event", b"unkeepable", b"event")
    await apply_deliveries.tick(store, PECULIAR, now=NINE)
    assert await states(store) == [APPLIED, UNREADABLE, APPLIED]
    assert await events(store) == 2


async def test_a_platform_that_is_switched_off_stops_no_other(store: Store) -> None:
    async with store.write() as memory:
        elsewhere = await memory.accounts.default("elsewhere", now=NINE)
    await deliver(store, b"event", account=elsewhere)
    await deliver(store, b"event")
    await apply_deliveries.tick(store, PECULIAR, now=NINE)
    assert await outcomes(store) == [(UNREADABLE, "No platform of that name is switched on."), (APPLIED, "")]


async def test_what_waits_is_taken_in_chunks_the_oldest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply_deliveries, "CHUNK", 2)
    await deliver(store, b"event", b"event", b"event")
    later = NINE + timedelta(seconds=3)
    assert await apply_deliveries.tick(store, PECULIAR, now=later) == later
    assert await states(store) == [APPLIED, APPLIED, RECEIVED]
    assert await apply_deliveries.tick(store, PECULIAR, now=later) is None
    assert await states(store) == [APPLIED] * 3


async def test_what_is_large_is_taken_a_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply_deliveries, "MOST_BYTES", 6)
    await deliver(store, b"event", b"event", b"event")
    assert await apply_deliveries.tick(store, PECULIAR, now=NINE) == NINE
    assert await states(store) == [APPLIED, APPLIED, RECEIVED]
    assert await apply_deliveries.tick(store, PECULIAR, now=NINE) is None


async def test_a_database_that_is_locked_makes_no_delivery_unreadable(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told 200 is applied later: a lock says nothing against what was told."""
    await deliver(store, b"event", b"event")

    async def locked(*_: object, **__: object) -> None:
        raise StorageError(sqlite3.OperationalError("database is locked"))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(apply_deliveries, "_apply", locked)
        with pytest.raises(StorageError):
            await apply_deliveries.tick(store, PECULIAR, now=NINE)
    assert await states(store) == [RECEIVED, RECEIVED]
    await apply_deliveries.tick(store, PECULIAR, now=NINE)
    assert await states(store) == [APPLIED, APPLIED]
