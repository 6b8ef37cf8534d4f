"""The door of a platform that is given a URL for each kind of news, with a token in it: VCaaS, over real HTTP."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import stopwatch
from handlers.platforms.vcaas import connector
from tests.handlers.platforms.fixtures import PLATFORMS, SECRET, load
from tests.handlers.test_webhooks import House, Reply, a_house

MIB = 1024 * 1024
SUCCESS = Reply(200, b"success")
OLD = "the-token-before"


def recorded(name: str) -> bytes:
    return load(PLATFORMS / "vcaas" / "fixtures" / f"{name}.http").body


CALLBACKS = {
    "user-join-leave": recorded("student_joined"),
    "meeting-start-end": recorded("meeting_started"),
    "recording-start-end": recorded("recording_started"),
    "end-class-for-all": recorded("class_ended_for_all"),
    "meeting-data": recorded("meeting_data"),
}


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "rollcall.db"))


@pytest.fixture
async def house(database: Path) -> AsyncIterator[House]:
    async with a_house(database, secrets={"vcaas": [SECRET, OLD]}) as opened:
        yield opened


async def post(house: House, path: str, body: bytes) -> Reply:
    return await house.post(body, path=f"/webhooks/vcaas{path}", headers={})


def large(size: int) -> bytes:
    """A meeting's data of so many bytes."""
    pushed = json.loads(CALLBACKS["meeting-data"])
    pushed["filler"] = ""
    return json.dumps(pushed | {"filler": "x" * (size - len(json.dumps(pushed)))}).encode()


@pytest.mark.parametrize("route", sorted(CALLBACKS))
async def test_each_callback_is_kept_under_its_name_and_answered_with_success(house: House, route: str) -> None:
    assert await post(house, f"/{SECRET}/{route}", CALLBACKS[route]) == SUCCESS
    assert (house.kept(), house.one("route")) == ([CALLBACKS[route]], route)


async def test_five_pushes_of_the_same_data_are_kept_once(house: House) -> None:
    replies = [await post(house, f"/{SECRET}/meeting-data", CALLBACKS["meeting-data"]) for _ in range(5)]
    assert replies == [SUCCESS] * 5
    assert len(house.kept()) == 1


async def test_what_is_repeated_under_the_old_token_is_known(house: House) -> None:
    assert await post(house, f"/{OLD}/user-join-leave", CALLBACKS["user-join-leave"]) == SUCCESS
    assert await post(house, f"/{SECRET}/user-join-leave", CALLBACKS["user-join-leave"]) == SUCCESS
    assert len(house.kept()) == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/another/user-join-leave", 401, "untrusted"),
        (f"/{SECRET}x/user-join-leave", 401, "untrusted"),
        ("/another/nothing-of-the-kind", 401, "untrusted"),
        ("", 401, "untrusted"),
        ("/user-join-leave", 401, "untrusted"),
        (f"/{SECRET}", 404, "unknown_address"),
        (f"/{SECRET}/nothing-of-the-kind", 404, "unknown_address"),
    ],
)
async def test_a_wrong_token_is_401_and_another_kind_under_a_right_one_404(
    house: House, path: str, status: int, code: str
) -> None:
    reply = await post(house, path, CALLBACKS["user-join-leave"])
    assert (reply.status, reply.error) == (status, code)
    assert house.kept() == []


async def test_a_platform_that_is_not_switched_on_is_404(database: Path) -> None:
    async with a_house(database) as house:
        reply = await post(house, f"/{SECRET}/user-join-leave", CALLBACKS["user-join-leave"])
    assert (reply.status, reply.error) == (404, "unknown_platform")


async def test_what_cannot_be_read_is_kept_and_ends_the_tries(house: House) -> None:
    assert await post(house, f"/{SECRET}/user-join-leave", b'{"meetingUid":') == SUCCESS
    assert house.kept() == [b'{"meetingUid":']


@pytest.mark.parametrize(
    ("route", "size", "status"),
    [
        ("user-join-leave", MIB, 200),
        ("user-join-leave", MIB + 1, 413),
        ("meeting-data", 32 * MIB, 200),
        ("meeting-data", 32 * MIB + 1, 413),
        ("nothing-of-the-kind", MIB + 1, 413),
    ],
)
async def test_a_meetings_data_may_have_32_mib_and_all_else_one(
    house: House, route: str, size: int, status: int
) -> None:
    assert (await post(house, f"/{SECRET}/{route}", large(size))).status == status


async def test_while_large_data_come_in_the_others_are_answered(house: House) -> None:
    """Small callbacks, one after the other, as long as 30 MiB are received, read for their key and written."""
    longest = 0.0
    pushing = asyncio.create_task(post(house, f"/{SECRET}/meeting-data", large(30 * MIB)))
    for number in range(10_000):
        begun = stopwatch()
        body = CALLBACKS["user-join-leave"].replace(b"ada-1", f"student-{number}".encode())
        assert await post(house, f"/{SECRET}/user-join-leave", body) == SUCCESS
        longest = max(longest, stopwatch() - begun)
        if pushing.done():
            break
    assert await pushing == SUCCESS
    assert longest < 2.5


async def test_the_token_is_neither_logged_nor_on_disk(house: House, database: Path) -> None:
    with capture_logs() as lines:
        await post(house, f"/{SECRET}/user-join-leave", CALLBACKS["user-join-leave"])
        await post(house, f"/{SECRET}/nothing-of-the-kind", b"{}")
        await post(house, f"/{SECRET}/user-join-leave", b"x" * (MIB + 1))
        await post(house, f"/{SECRET}x/user-join-leave", b"{}")
    assert SECRET not in str(lines)
    assert not any(SECRET.encode() in path.read_bytes() for path in database.parent.glob("rollcall.db*"))
    assert not connector.kept_headers & {"host", "referer", "x-original-url"}
