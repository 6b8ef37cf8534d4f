"""The door for platforms, over real HTTP and a real database: what it keeps, and what it answers."""

import asyncio
import io
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from bot.clock import ManualClock
from bot.connectors import Delivery
from bot.errors import UnreadableDelivery
from handlers.platforms import CONNECTORS
from handlers.platforms.zoom import connector as zoom
from handlers.webhooks import KEPT_WITHIN, WebhookDoor
from storage import schema
from storage.database import Store
from tests.handlers.platforms.fixtures import FIXTURES, SECRET, load, zoom_fixture
from tests.handlers.platforms.signing import sign_as_zoom
from tests.handlers.served import Served

NOW = zoom_fixture("left").received_at
BODY = zoom_fixture("left").body
WEBHOOKS = "/webhooks/zoom"
TOO_LARGE = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: bytes

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"]["code"])


class CountedClock(ManualClock):
    """A clock that can be waited for until it was read so often."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._reads: asyncio.Queue[None] = asyncio.Queue()

    def now(self) -> datetime:
        self._reads.put_nowait(None)
        return super().now()

    async def was_read(self, times: int) -> None:
        for _ in range(times):
            await self._reads.get()

    def forget(self) -> None:
        self._reads = asyncio.Queue()


@dataclass
class House:
    """A door that is open to Zoom, and what a client can do at it."""

    store: Store
    database: Path
    door: WebhookDoor
    client: TestClient[web.Request, web.Application]
    clock: CountedClock
    woken: list[datetime] = field(default_factory=list)

    async def post(self, body: bytes, *, path: str = WEBHOOKS, headers: dict[str, str] | None = None) -> Reply:
        """Signed as Zoom signs, unless other headers are given."""
        sent = sign_as_zoom(body) if headers is None else headers
        async with self.client.post(path, data=io.BytesIO(body), headers=sent) as reply:
            return Reply(reply.status, await reply.read())

    def kept(self) -> list[bytes]:
        """The bodies on disk, read by a connection of its own."""
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute("SELECT body FROM delivery ORDER BY id").fetchall()
        connection.close()
        return [body for (body,) in rows]

    def one(self, column: str) -> object:
        with sqlite3.connect(self.database) as connection:
            ((value,),) = connection.execute(f"SELECT {column} FROM delivery").fetchall()
        connection.close()
        return value


@asynccontextmanager
async def a_house(
    database: Path, *, kept_within: float = KEPT_WITHIN, secrets: Mapping[str, Sequence[str]] | None = None
) -> AsyncIterator[House]:
    """With Zoom switched on, unless there are secrets of others."""
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    woken: list[datetime] = []
    clock = CountedClock(NOW)
    door = WebhookDoor(
        store=store,
        clock=clock,
        connectors=CONNECTORS,
        secrets=secrets or {"zoom": ["the-next-secret", SECRET]},
        wake=lambda: woken.append(NOW),
        kept_within=kept_within,
    )
    await door.open()
    clock.forget()
    app = web.Application()
    app.add_routes(door.routes())
    async with TestClient(Served(app)) as client:
        yield House(store, database, door, client, clock, woken)
    await door.close()
    await store.close()


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("databases") / "empty.db"
    asyncio.run(schema.upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_database, tmp_path / "rollcall.db"))


@pytest.fixture
async def house(database: Path) -> AsyncIterator[House]:
    async with a_house(database) as opened:
        yield opened


def numbered(number: int) -> bytes:
    """A body like no other."""
    return BODY.replace(b"16778240", str(20_000_000 + number).encode())


# What is kept ---------------------------------------------------------------------------------------------------------


async def test_a_signed_delivery_is_kept_and_answered_with_200(house: House) -> None:
    assert await house.post(BODY) == Reply(200, b"")
    (body,) = house.kept()
    assert b'"event":"meeting.participant_left"' in body
    assert house.woken == [NOW]


async def test_what_attendance_does_not_need_is_never_on_disk(house: House) -> None:
    await house.post(BODY)
    assert b"public_ip" in BODY
    assert b"public_ip" not in house.kept()[0]


async def test_a_delivery_is_kept_with_the_moment_it_came_and_the_headers_that_are_evidence(house: House) -> None:
    headers = sign_as_zoom(BODY) | {"authorization": "Basic c2VjcmV0", "cookie": "a=b", "x-zm-request-id": "ä-1"}
    await house.post(BODY, headers=headers)
    kept = json.loads(str(house.one("headers")))
    assert "secret" not in str(house.one("headers")).lower()
    assert "authorization" not in kept
    assert "cookie" not in kept
    assert kept["x-zm-request-timestamp"] == headers["x-zm-request-timestamp"]
    assert kept["x-zm-request-id"].isascii()
    assert str(house.one("state")) == "received"


async def test_a_repeated_delivery_is_kept_once_and_answered_with_200(house: House) -> None:
    await house.post(BODY)
    again = sign_as_zoom(BODY, timestamp="1795460000") | {"x-zm-trackingid": "another"}
    assert (await house.post(BODY, headers=again)).status == 200
    assert len(house.kept()) == 1
    assert len(house.woken) == 1


async def test_the_same_delivery_twice_in_one_batch_is_kept_once(house: House) -> None:
    replies = await asyncio.gather(*(house.post(BODY) for _ in range(8)))
    assert {reply.status for reply in replies} == {200}
    assert len(house.kept()) == 1


async def test_many_at_once_are_all_kept(house: House) -> None:
    replies = await asyncio.gather(*(house.post(numbered(number)) for number in range(100)))
    assert {reply.status for reply in replies} == {200}
    assert len(house.kept()) == 100


@pytest.mark.parametrize("age", ["1", "1795453201", "99999999999"])
async def test_a_signature_of_any_age_is_trusted(house: House, age: str) -> None:
    assert (await house.post(BODY, headers=sign_as_zoom(BODY, timestamp=age))).status == 200


async def test_while_secrets_are_rotated_each_of_them_opens(house: House) -> None:
    assert (await house.post(BODY, headers=sign_as_zoom(BODY, secret="the-next-secret"))).status == 200


async def test_every_recorded_delivery_gets_200_as_it_was_recorded(house: House) -> None:
    recordings = [load(path) for path in FIXTURES if load(path).platform == "zoom"]
    for recording in recordings:
        reply = await house.post(recording.body, path=recording.path, headers=recording.headers)
        assert reply.status == 200
    handshakes = [recording for recording in recordings if recording.notes_on("expect") == ["handshake"]]
    assert len(house.kept()) == len(recordings) - len(handshakes)


async def test_the_question_about_the_url_is_answered_and_not_kept(house: House) -> None:
    recording = zoom_fixture("url_validation")
    reply = await house.post(recording.body, headers=recording.headers)
    assert reply.status == 200
    assert set(json.loads(reply.body)) == {"plainToken", "encryptedToken"}
    assert house.kept() == []


# Bad input ------------------------------------------------------------------------------------------------------------

UNTRUSTED = {
    "a wrong signature": sign_as_zoom(BODY) | {"x-zm-signature": "v0=" + "0" * 64},
    "a signature of another body": sign_as_zoom(BODY + b" "),
    "a signature by another secret": sign_as_zoom(BODY, secret="stolen"),
    "no signature": {"x-zm-request-timestamp": "1795453201"},
    "no time stamp": {"x-zm-signature": sign_as_zoom(BODY)["x-zm-signature"]},
    "a time stamp that is no number": sign_as_zoom(BODY, timestamp="today"),
    "no headers": {},
}


@pytest.mark.parametrize("headers", UNTRUSTED.values(), ids=UNTRUSTED)
async def test_what_is_not_proven_is_refused_with_401_and_not_kept(house: House, headers: dict[str, str]) -> None:
    reply = await house.post(BODY, headers=headers)
    assert (reply.status, reply.error) == (401, "untrusted")
    assert house.kept() == []
    assert house.woken == []


async def test_a_changed_body_is_refused_with_401_and_not_kept(house: House) -> None:
    changed = BODY.replace(b"Ada", b"Eve")
    assert (await house.post(changed, headers=sign_as_zoom(BODY))).status == 401
    assert house.kept() == []


@pytest.mark.parametrize("name", ["100ms", "teams", "..%2Fzoom", "%00"])
async def test_a_platform_that_is_not_switched_on_is_404(house: House, name: str) -> None:
    reply = await house.post(BODY, path=f"/webhooks/{name}")
    assert (reply.status, reply.error) == (404, "unknown_platform")


async def test_an_address_that_belongs_to_no_account_is_404(house: House) -> None:
    reply = await house.post(BODY, path=f"{WEBHOOKS}/s3cret-token")
    assert (reply.status, reply.error) == (404, "unknown_address")
    assert house.kept() == []


UNREADABLE = {
    "half a JSON": "half_a_json",
    "a missing field": "without_uuid",
    "a NUL in an id": "with_nul_in_an_id",
    "a lone surrogate in an id": "with_a_lone_surrogate_in_an_id",
    "a time in the year 1": "in_the_year_one",
}


@pytest.mark.parametrize("name", UNREADABLE.values(), ids=UNREADABLE)
async def test_a_proven_delivery_that_cannot_be_read_gets_200_and_is_kept_to_be_shown(house: House, name: str) -> None:
    recording = zoom_fixture(name)
    assert (await house.post(recording.body)).status == 200
    kept = replace(recording.delivery(account="an account"), body=house.kept()[0])
    with pytest.raises(UnreadableDelivery):
        zoom.normalise(kept)


async def test_an_unknown_event_gets_200_is_kept_and_says_nothing(house: House) -> None:
    recording = zoom_fixture("unknown_event")
    assert (await house.post(recording.body)).status == 200
    kept: Delivery = replace(recording.delivery(account="an account"), body=house.kept()[0])
    assert zoom.normalise(kept) == ()


async def test_bytes_that_are_no_text_get_200_and_are_kept_as_they_came(house: House) -> None:
    assert (await house.post(b"\x00\xff\xfe")).status == 200
    assert house.kept() == [b"\x00\xff\xfe"]


async def test_bad_deliveries_cost_no_other_in_their_batch(house: House) -> None:
    bad = [zoom_fixture(name).body for name in UNREADABLE.values()]
    good = [numbered(number) for number in range(20)]
    unsigned = [house.post(numbered(1000 + number), headers={}) for number in range(5)]
    replies = await asyncio.gather(*(house.post(body) for body in [*good[:10], *bad, *good[10:]]), *unsigned)
    assert [reply.status for reply in replies] == [200] * 25 + [401] * 5
    assert len(house.kept()) == 25


async def test_2_mb_are_refused_with_413_before_anything_else(house: House) -> None:
    for path in (WEBHOOKS, "/webhooks/teams"):
        reply = await house.post(b"x" * TOO_LARGE, path=path, headers={})
        assert (reply.status, reply.error) == (413, "too_large")
    assert house.kept() == []


async def test_2_mb_of_unannounced_length_are_refused_with_413(house: House) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(32):
            yield b"x" * (TOO_LARGE // 32)

    try:
        async with house.client.post(WEBHOOKS, data=pieces()) as reply:
            assert reply.status == 413
    except aiohttp.ClientOSError:
        pass  # the door hung up in the middle of it, which says the same
    assert house.kept() == []


async def test_a_body_of_just_the_largest_size_is_kept(house: House) -> None:
    body = b'{"event":"' + b"x" * (zoom.max_body - 12) + b'"}'
    assert len(body) == zoom.max_body
    assert (await house.post(body)).status == 200
    assert (await house.post(body + b" ")).status == 413


HEAD = b"POST /webhooks/zoom HTTP/1.1\r\nhost: x\r\n"


async def test_a_client_that_goes_away_in_the_middle_costs_nobody_else_and_is_no_error(house: House) -> None:
    _, writer = await asyncio.open_connection(house.client.host, house.client.port)
    with capture_logs() as lines:
        writer.write(HEAD + b"content-length: 500\r\n\r\n{")
        await writer.drain()
        assert (await house.post(BODY)).status == 200
        writer.close()
        assert (await house.post(BODY)).status == 200
    refused = [(line["reason"], line["log_level"]) for line in lines if line["event"] == "delivery_refused"]
    assert refused == [("incomplete", "warning")]


async def test_a_body_that_only_claims_to_be_compressed_is_400_and_costs_nobody_else(house: House) -> None:
    reader, writer = await asyncio.open_connection(house.client.host, house.client.port)
    writer.write(HEAD + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnono")
    assert await reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"
    writer.close()
    assert (await house.post(BODY)).status == 200


@pytest.mark.parametrize("sends", ["nothing more", "a byte now and then"])
async def test_a_body_that_never_ends_is_given_up(database: Path, sends: str) -> None:
    async with a_house(database, kept_within=0.1) as house:
        reader, writer = await asyncio.open_connection(house.client.host, house.client.port)
        writer.write(HEAD + b"content-length: 500\r\n\r\n{")
        reply = asyncio.create_task(reader.readuntil(b"}}"))
        while not reply.done():
            if sends != "nothing more":
                writer.write(b" ")
            await asyncio.sleep(0.01)
        writer.close()
    assert (await reply).startswith(b"HTTP/1.1 503 Service Unavailable")
    assert b'"too_slow"' in await reply


# When the store does not do its work ----------------------------------------------------------------------------------


@asynccontextmanager
async def a_busy_store(house: House) -> AsyncIterator[None]:
    """Somebody else writes, and does not stop."""
    async with house.store.write():
        yield


async def test_a_delivery_that_is_not_on_disk_within_the_time_gets_503(database: Path) -> None:
    async with a_house(database, kept_within=0.05) as house, a_busy_store(house):
        reply = await house.post(BODY)
    assert (reply.status, reply.error) == (503, "not_kept")


async def test_after_the_store_has_hung_everything_goes_on(database: Path) -> None:
    async with a_house(database, kept_within=0.05) as house:
        async with a_busy_store(house):
            refused = await asyncio.gather(*(house.post(numbered(number)) for number in range(5)))
        await until_kept(house, BODY)
    assert {reply.status for reply in refused} == {503}


async def until_kept(house: House, body: bytes) -> None:
    """As a platform does: again and again, whatever the machine is busy with."""
    while (await house.post(body)).status != 200:
        pass


async def test_a_delivery_that_the_store_refuses_gets_503_and_costs_no_other_in_its_batch(house: House) -> None:
    with sqlite3.connect(house.database) as connection:
        connection.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON delivery WHEN instr(NEW.body, 'Eve') BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    connection.close()
    bodies = [numbered(number) for number in range(20)]
    bodies[7] = bodies[7].replace(b"Ada", b"Eve")
    replies = await asyncio.gather(*(house.post(body) for body in bodies))
    assert [reply.status for reply in replies] == [200] * 7 + [503] + [200] * 12
    assert len(house.kept()) == 19


async def test_a_closed_door_says_503(house: House) -> None:
    await house.door.close()
    assert not house.door.is_open
    assert (await house.post(BODY)).status == 503


async def test_what_is_waiting_when_the_door_closes_is_finished_first(house: House) -> None:
    async with a_busy_store(house):
        posting = [asyncio.create_task(house.post(numbered(number))) for number in range(5)]
        await house.clock.was_read(5)  # each delivery reads it once, when it is whole
        closing = asyncio.create_task(house.door.close())
        await asyncio.sleep(0)
    await closing
    assert {reply.status for reply in await asyncio.gather(*posting)} == {200}
    assert len(house.kept()) == 5


def test_the_platform_hears_from_us_before_it_gives_up() -> None:
    assert KEPT_WITHIN == 2.5


# What the log says ----------------------------------------------------------------------------------------------------


async def test_the_log_says_what_was_kept_and_what_was_refused_and_quotes_neither(house: House) -> None:
    with capture_logs() as lines:
        await house.post(BODY)
        await house.post(BODY, headers={})
        await house.post(BODY, path="/webhooks/s3cret-token")
        await house.post(BODY, path=f"{WEBHOOKS}/s3cret-token")
    events = [(line["event"], line.get("platform"), line.get("reason")) for line in lines]
    assert events == [
        ("delivery_kept", None, None),
        ("delivery_refused", "zoom", "untrusted"),
        ("delivery_refused", "unknown", "unknown_platform"),
        ("delivery_refused", "zoom", "unknown_address"),
    ]
    assert "Ada" not in str(lines)
    assert "s3cret" not in str(lines)
