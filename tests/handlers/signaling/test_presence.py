"""When an open socket is presence, and when it is not; and what a restart or a crash makes of it."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient

from handlers.platforms import CONNECTORS
from handlers.signaling.protocol import CONTROL, REPORT
from handlers.web import application
from handlers.webhooks import WebhookDoor
from storage.database import Store
from tests.handlers.served import Served
from tests.handlers.signaling.house import House, a_house, report

GONE = timedelta(seconds=-1)


async def test_in_a_classroom_of_ones_own_who_joins_is_in_and_who_leaves_has_left(house: House) -> None:
    await house.joined("grace")
    ada = await house.joined("ada")
    await house.at(20)
    attendance = await house.attendance()
    assert {who: each["presence"] for who, each in attendance.items()} == {
        "grace": "present",
        "ada": "present",
        "bob": "not_joined",
    }
    await ada.leaves()
    await house.at(30)
    ada_now = (await house.attendance())["ada"]
    assert (ada_now["presence"], ada_now["attended_seconds"]["planned"], ada_now["flags"]) == ("left", 1200, [])
    assert ada_now["stays"] == [
        {"joined_at": "2026-11-23T17:00:00Z", "left_at": "2026-11-23T17:20:00Z", "connections": 1, "assumed": []}
    ]


async def test_two_devices_are_one_stay_and_the_last_one_ends_it(house: House) -> None:
    laptop, phone = await house.joined("ada"), await house.joined("ada")
    await house.at(10)
    await laptop.leaves()
    await house.at(15)
    assert (await house.attendance())["ada"]["presence"] == "present"
    await phone.leaves()
    await house.at(16)
    (stay,) = (await house.attendance())["ada"]["stays"]
    assert (stay["left_at"], stay["connections"]) == ("2026-11-23T17:15:00Z", 2)


async def test_what_was_told_is_on_disk_before_anybody_is_told_that_they_joined(house: House) -> None:
    ada = await house.connect("ada")
    assert await house.deliveries() == []
    await ada.joins()
    (told,) = await house.deliveries()
    assert (told["event"], told["room"], told["alone"], told["who"]["id"]) == (
        "joined",
        "python-101",
        True,
        house.people["ada"],
    )


async def test_a_run_of_the_room_is_from_its_first_socket_to_its_last(house: House) -> None:
    ada = await house.joined("ada")
    bob = await house.joined("bob")
    await ada.leaves()
    await bob.leaves()
    await house.joined("ada")
    told = [(each["event"], each.get("alone", False)) for each in await house.deliveries()]
    assert told == [("joined", True), ("joined", False), ("left", False), ("left", True), ("joined", True)]
    sessions = [each["session"] for each in await house.deliveries()]
    assert len(set(sessions[:4])) == 1 != len(set(sessions))


async def test_a_socket_that_did_not_join_is_nobodys_presence(house: House) -> None:
    await house.connect("ada")
    await house.at(5)
    assert (await house.deliveries(), (await house.attendance())["ada"]["presence"]) == ([], "not_joined")


@pytest.mark.parametrize("platform", ["zoom", "100ms", "vcaas"])
async def test_on_every_other_platform_a_socket_and_an_open_page_are_never_presence(
    sqlite_store: Store, platform: str
) -> None:
    async with a_house(sqlite_store, platform=platform) as house:
        grace, ada = await house.joined("grace"), await house.joined("ada")
        async with house.client.get(f"/check/{await house.token('ada')}") as reply:
            assert reply.status == 200
        await house.at(10)
        assert [frame["payload"]["message"] for frame in await grace.hears()] == ["joined"]
        await ada.leaves()
        await house.at(20)
        assert await house.deliveries() == []
        assert {each["presence"] for each in (await house.attendance()).values()} == {"not_joined"}


async def test_who_has_a_socket_alone_is_nobody_to_wait_for_on_another_platform(sqlite_store: Store) -> None:
    async with a_house(sqlite_store, platform="zoom") as house:
        grace, ada = await house.joined("grace"), await house.joined("ada")
        await grace.hears()
        assert await grace.says(REPORT, "enable_presence_logging") == [report(0, "presence_logging_enabled")]
        await house.at(35)
        assert (await grace.hears(), await ada.hears()) == ([], [])


@pytest.mark.parametrize("path", ["", "/a-token", "/a-token/joined"])
async def test_a_stranger_cannot_tell_of_our_classrooms(house: House, path: str) -> None:
    await house.joined("ada")
    (told,) = await house.deliveries()
    door = WebhookDoor(store=house.store, clock=house.clock, connectors=CONNECTORS, secrets={}, wake=lambda: None)
    await door.open()
    async with TestClient(Served(application(house.store, door.routes()))) as stranger:
        body = {**told, "connection": "another", "session": "another"}
        async with stranger.post(f"/webhooks/signaling{path}", json=body) as reply:
            assert reply.status == 404
    await door.close()
    assert await house.deliveries() == [told]


class TestRestarts:
    async def test_who_is_back_soon_was_never_away_and_the_check_goes_on(self, sqlite_store: Store) -> None:
        async with a_house(sqlite_store) as before:
            grace, ada = await before.joined("grace"), await before.joined("ada")
            ranges = {"after": 600, "within": 0}
            await grace.says(REPORT, "enable_presence_logging", initial_checkpoint_delay=ranges)
            await before.at(10)
            _, *codes = await asyncio.gather(before.door.close(), grace.is_dismissed(), ada.is_dismissed())
            assert codes == [1001, 1001]
        assert [each["event"] for each in await before.deliveries()] == ["joined", "joined"]
        async with a_house(sqlite_store, at=10.25) as after:
            states = [
                (await (await after.connect(who)).joins())["payload"]["training_participation_report"]["state"]
                for who in ("grace", "ada")
            ]
            assert states == ["enabled", "waiting_for_confirmation"]
            await after.at(12)
            attendance = await after.attendance()
            assert [attendance[who]["attended_seconds"]["planned"] for who in ("grace", "ada")] == [720, 720]

    async def test_who_does_not_come_back_left_when_they_were_last_known_to_be_there(self, sqlite_store: Store) -> None:
        async with a_house(sqlite_store, lease=GONE) as before:
            await before.joined("ada")
            await before.at(10)
            await before.hub.close()  # it notes that they are still there
        async with a_house(sqlite_store, at=12) as after:
            await after.until_open(0)
            await after.at(13)
            told = (await after.deliveries())[-1]
            assert (told["event"], told["at"], told["lost"], told["assumed"]) == (
                "left",
                "2026-11-23T17:10:00Z",
                True,
                True,
            )
            (stay,) = (await after.attendance())["ada"]["stays"]
            assert (stay["left_at"], stay["assumed"]) == ("2026-11-23T17:10:00Z", ["left_at"])

    async def test_a_door_that_is_closing_lets_nobody_in(self, house: House) -> None:
        token = await house.token("ada")
        await house.hub.close()
        async with house.client.get("/signaling", params={"token": token}, headers={"Upgrade": "websocket"}) as reply:
            assert reply.status == 503


class TestReplicas:
    """Two processes on one database; on both databases."""

    async def test_each_tells_its_own_people_of_those_of_the_other(self, store: Store) -> None:
        async with a_house(store) as one, a_house(store) as other:
            grace = await one.joined("grace")
            ada = await other.connect("ada")
            assert [each["id"] for each in (await ada.joins())["payload"]["participants"]] == [one.people["grace"]]
            assert [frame["payload"]["message"] for frame in await grace.hears()] == ["joined"]
            enabled = await grace.says(REPORT, "enable_presence_logging")
            assert [frame["payload"]["message"] for frame in enabled] == [
                "presence_logging_enabled",
                "presence_logging_started",
            ]
            assert [frame["payload"]["message"] for frame in await ada.hears()] == ["presence_logging_started"]
            await ada.leaves()
            left = (await grace.hears())[0]
            assert (left["namespace"], left["payload"]["reason"]) == (CONTROL, "quit")

    async def test_the_sockets_of_one_that_died_are_closed_by_the_other_and_only_once(self, store: Store) -> None:
        async with a_house(store, lease=GONE) as one:
            await one.joined("ada")
            one.hub.is_closing = True  # from now on it writes nothing
        async with a_house(store) as two, a_house(store) as three:
            await two.until_open(0)
            assert [each["event"] for each in await three.deliveries()] == ["joined", "left"]
