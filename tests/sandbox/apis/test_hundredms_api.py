"""The stand-in for 100ms's REST API tells what the classroom played, as 100ms would."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.classroom.deliveries import Handling
from tests.sandbox.apis.conftest import ADA, BOB, GRACE, HMS_ROOM, Asker, steered


async def a_lesson(asker: Asker) -> str:
    """Half an hour with Grace; Ada has two devices for a while; Bob leaves and comes back. The id of the session."""
    room = asker.hundredms
    room.host_joins()
    await asker.later(minutes=5)
    room.join(ADA)
    room.join(BOB)
    await asker.later(minutes=5)
    room.join(ADA, device="phone")
    room.leave(BOB)
    await asker.later(minutes=5)
    room.leave(ADA, device="laptop")
    room.join(BOB)
    await asker.later(minutes=15)
    room.end_for_all()
    return list(room.book)[-1].session_id


async def test_a_session_has_a_peer_for_each_device_under_its_id(asker: Asker) -> None:
    session_id = await a_lesson(asker)
    status, session = await asker.ask_100ms(f"/sessions/{session_id}")
    assert (status, session["active"], session["room_id"]) == (200, False, HMS_ROOM)
    peers = session["peers"]
    assert all(peer["id"] == key and peer["session_id"] == session_id for key, peer in peers.items())
    told = [
        (peer["name"], peer["user_id"], peer["role"], peer["joined_at"][11:], peer["left_at"][11:])
        for peer in peers.values()
    ]
    assert told == [
        ("Grace Hopper", "grace-1", "teacher", "17:00:00Z", "17:30:00Z"),
        ("Ada Lovelace", "ada-1", "student", "17:05:00Z", "17:15:00Z"),
        ("Bob Stone", "", "student", "17:05:00Z", "17:10:00Z"),
        ("Ada Lovelace", "ada-1", "student", "17:10:00Z", "17:30:00Z"),
        ("Bob Stone", "", "student", "17:15:00Z", "17:30:00Z"),
    ]
    assert (session["created_at"][11:], session["updated_at"][11:]) == ("17:00:00Z", "17:30:00Z")


async def test_who_is_still_in_has_no_end_and_the_room_is_active(asker: Asker) -> None:
    active = f"/active-rooms/{HMS_ROOM}"
    assert (await asker.ask_100ms(active))[0] == 404
    asker.hundredms.host_joins()
    await asker.later(minutes=5)
    asker.hundredms.join(ADA)
    asker.hundredms.leave(GRACE)
    (played,) = asker.hundredms.book
    _, session = await asker.ask_100ms(f"/sessions/{played.session_id}")
    assert session["active"] is True
    assert ["left_at" in peer for peer in session["peers"].values()] == [True, False]
    _, room = await asker.ask_100ms(active)
    _, inside = await asker.ask_100ms(f"{active}/peers")
    assert room["session"]["peers"] == list(inside["peers"])
    assert [peer["user_id"] for peer in inside["peers"].values()] == ["ada-1"]
    await asker.later(minutes=1)
    asker.hundredms.leave(ADA)
    assert (await asker.ask_100ms(f"{active}/peers"))[0] == 404


async def test_sessions_are_listed_page_by_page_the_latest_first(asker: Asker) -> None:
    ids = []
    for _ in range(3):
        ids.append(await a_lesson(asker))
        await asker.later(minutes=5)
    steered(asker, a_page=2)
    _, first = await asker.ask_100ms("/sessions", room_id=HMS_ROOM, active="false", limit=100)
    _, second = await asker.ask_100ms("/sessions", room_id=HMS_ROOM, active="false", limit=100, start=first["last"])
    _, third = await asker.ask_100ms("/sessions", room_id=HMS_ROOM, active="false", limit=100, start=second["last"])
    assert [each["id"] for each in (*first["data"], *second["data"])] == ids[::-1]
    assert (third["data"], third["last"]) == ([], "")


async def test_sessions_are_told_as_asked_for(asker: Asker) -> None:
    await a_lesson(asker)
    assert (await asker.ask_100ms("/sessions"))[1]["data"] == []  # only those that run
    assert len((await asker.ask_100ms("/sessions", active="false"))[1]["data"]) == 1
    assert (await asker.ask_100ms("/sessions", active="false", room_id="another"))[1]["data"] == []
    assert (await asker.ask_100ms("/sessions", active="false", after="2026-11-23T17:00:01.000Z"))[1]["data"] == []
    assert (await asker.ask_100ms("/sessions", active="false", before="2026-11-23T16:59:59.000Z"))[1]["data"] == []
    assert (await asker.ask_100ms("/sessions", active="false", before="soon"))[0] == 400
    assert (await asker.ask_100ms("/sessions", active="false", limit="many"))[0] == 400
    assert (await asker.ask_100ms("/sessions/none"))[0] == 404


@pytest.mark.parametrize(
    "changes",
    [{"secret": "another secret of more than thirty-two letters"}, {"type": "app"}, {"access_key": "x"}, {"version": 1}, {"jti": None}, {"exp": 1}, {"nbf": 4102444800}],
)  # fmt: skip
async def test_a_token_that_is_not_ours_or_not_good_now_is_refused(asker: Asker, changes: Any) -> None:
    status, answer = await asker.ask_100ms("/sessions", token=asker.management_token(**changes))
    assert (status, answer["code"]) == (401, 401)
    assert (await asker.ask_100ms("/sessions", token="a.b.c"))[0] == 401
    assert (await asker.ask_100ms("/sessions"))[0] == 200


async def test_a_token_may_be_good_for_less_than_it_says(asker: Asker) -> None:
    steered(asker, tokens_last=timedelta(microseconds=1))
    assert (await asker.ask_100ms("/sessions"))[1]["message"] == "token is expired"


async def test_a_room_of_a_name_is_made_once_and_changed_later(asker: Asker) -> None:
    _, first = await asker.ask_100ms("/rooms", {"name": "Evening", "region": "eu"})
    _, again = await asker.ask_100ms("/rooms", {"name": "evening", "description": "Tuesdays"})
    _, other = await asker.ask_100ms("/rooms", {})
    assert (first["id"], again["description"]) == (again["id"], "Tuesdays")
    assert other["id"] != first["id"]
    _, codes = await asker.ask_100ms(f"/room-codes/room/{first['id']}", {})
    assert {each["role"] for each in codes["data"]} == {"teacher", "co-teacher", "student"}
    assert (await asker.ask_100ms(f"/room-codes/room/{first['id']}"))[1] == codes
    assert (await asker.ask_100ms("/room-codes/room/none", {}))[0] == 404


async def test_webhooks_that_were_not_delivered_are_listed_and_sent_again_once(asker: Asker) -> None:
    with asker.hundredms.deliveries.handled(Handling(is_lost=True)):
        asker.hundredms.host_joins()
    span = {"start_time": "2026-11-23T16:59:00Z", "end_time": "2026-11-23T17:01:00Z"}
    _, page = await asker.ask_100ms("/analytics/webhooks", **span, status="failed", limit=1)
    assert page["pagination"]["total_items"] == 2
    assert page["pagination"]["has_next"] is True
    assert page["events"][0]["payload"]["original_event_name"] == "session.open.success"
    _, second = await asker.ask_100ms("/analytics/webhooks", **span, status="failed", limit=1, page=2)
    assert second["events"][0]["payload"]["event_data"]["user_id"] == "grace-1"
    assert second["pagination"]["has_next"] is False
    status, answer = await asker.ask_100ms("/analytics/webhooks/replay", span)
    assert (status, answer["status"]) == (200, "started")
    again = list(asker.hundredms.deliveries.record)[-2:]
    assert all(json.loads(delivery.body)["is_replay"] is True for delivery in again)
    assert json.loads(again[0].body)["id"] == page["events"][0]["event_id"]
    assert (await asker.ask_100ms("/analytics/webhooks", **span))[1]["events"] == []


@pytest.mark.parametrize(
    "span",
    [
        {"start_time": "2026-10-01T00:00:00Z"},
        {"start_time": "2026-11-01T00:00:00Z", "end_time": "2026-11-20T00:00:00Z"},
    ],
)
async def test_webhooks_are_told_of_a_month_and_of_two_weeks_at_once(asker: Asker, span: dict[str, str]) -> None:
    status, answer = await asker.ask_100ms("/analytics/webhooks", **span)
    assert (status, answer["code"]) == (400, 400)
