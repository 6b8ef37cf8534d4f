"""The stand-in for Zoom's REST API tells what the classroom played, as Zoom would."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.sandbox.apis.conftest import ADA, BOB, GRACE, ZOOM_ROOM, Asker, steered


async def a_lesson(asker: Asker) -> str:
    """Grace and Ada for half an hour, Ada ten minutes of it in a breakout room; Bob waits two minutes. Its uuid."""
    asker.zoom.host_joins()
    await asker.later(minutes=5)
    asker.zoom.join(ADA)
    await asker.later(minutes=5)
    asker.zoom.wait(BOB)
    asker.zoom.breakout(ADA, "Pairs")
    await asker.later(minutes=2)
    asker.zoom.admit(BOB)
    await asker.later(minutes=8)
    asker.zoom.back_to_main(ADA)
    await asker.later(minutes=10)
    asker.zoom.end_for_all()
    return next(iter(asker.zoom.book)).session_id


def twice(uuid: str) -> str:
    return quote(quote(uuid, safe=""), safe="")


async def participants(asker: Asker, uuid: str, kind: str = "past_meetings", **query: str | int) -> tuple[int, Any]:
    path = f"/{kind}/{twice(uuid)}/participants" if kind == "past_meetings" else f"/report/meetings/{twice(uuid)}/participants"  # fmt: skip
    return await asker.ask_zoom(path, **query)


async def test_every_hop_between_rooms_is_a_row(asker: Asker) -> None:
    uuid = await a_lesson(asker)
    status, answer = await participants(asker, uuid)
    assert status == 200
    told = [
        (row["name"], row["join_time"][11:19], row["leave_time"][11:19], row["status"])
        for row in answer["participants"]
    ]
    assert told == [
        ("Grace Hopper", "17:00:00", "17:30:00", "in_meeting"),
        ("Ada Lovelace", "17:05:00", "17:10:00", "in_meeting"),
        ("Bob Stone", "17:10:00", "17:12:00", "in_waiting_room"),
        ("Ada Lovelace", "17:10:00", "17:20:00", "in_meeting"),
        ("Bob Stone", "17:12:02", "17:30:00", "in_meeting"),
        ("Ada Lovelace", "17:20:00", "17:30:00", "in_meeting"),
    ]
    assert len({row["user_id"] for row in answer["participants"] if row["name"] == "Ada Lovelace"}) == 3
    assert answer["participants"][0]["duration"] == 1800


async def test_the_report_has_more_fields_and_the_registrant_only_where_it_is_asked_for(asker: Asker) -> None:
    uuid = await a_lesson(asker)
    _, plain = await participants(asker, uuid, "report")
    _, whole = await participants(asker, uuid, "report", include_fields="registrant_id")
    assert all("registrant_id" not in row for row in plain["participants"])
    assert {row["registrant_id"] for row in whole["participants"]} == {"", "rEgAda"}
    breakout = [row["bo_mtg_id"] for row in whole["participants"] if row["join_time"][11:16] == "17:10"]
    assert [bool(room) for room in breakout] == [False, True]


async def test_of_somebody_alone_there_is_no_report(asker: Asker) -> None:
    asker.zoom.host_joins()
    await asker.later(minutes=5)
    asker.zoom.leave(GRACE)
    uuid = next(iter(asker.zoom.book)).session_id
    assert (await participants(asker, uuid, "report"))[1]["participants"] == []
    assert len((await participants(asker, uuid))[1]["participants"]) == 1


async def test_a_list_comes_in_pages_and_each_token_is_good_for_its_list_alone(asker: Asker) -> None:
    uuid = await a_lesson(asker)
    _, whole = await participants(asker, uuid)
    rows: list[Any] = []
    token = ""
    while True:
        status, page = await participants(asker, uuid, page_size=4, next_page_token=token)
        assert (status, page["page_count"], page["total_records"]) == (200, 2, 6)
        rows += page["participants"]
        last, token = token, page["next_page_token"]
        if not token:
            break
    assert rows == whole["participants"]
    status, answer = await participants(asker, uuid, "report", next_page_token=last)
    assert (status, answer["code"]) == (400, 300)
    steered(asker, a_page=1)
    assert len((await participants(asker, uuid))[1]["participants"]) == 1


async def test_a_session_is_found_by_its_uuid_encoded_twice_or_the_latest_by_the_meetings_number(asker: Asker) -> None:
    for _ in range(40):  # until one has a slash
        uuid = await a_lesson(asker)
        if "/" in uuid:
            break
        await asker.later(minutes=5)
    last = list(asker.zoom.book)[-1]
    status, answer = await asker.ask_zoom(f"/past_meetings/{twice(last.session_id)}")
    assert (status, answer["uuid"]) == (200, last.session_id)
    assert answer["end_time"] > answer["start_time"]
    assert (await asker.ask_zoom(f"/past_meetings/{ZOOM_ROOM}"))[1]["uuid"] == last.session_id
    assert (await asker.ask_zoom(f"/past_meetings/{quote(last.session_id, safe='')}"))[0] == 404
    _, instances = await asker.ask_zoom(f"/past_meetings/{ZOOM_ROOM}/instances")
    assert [each["uuid"] for each in instances["meetings"]] == [each.session_id for each in asker.zoom.book]


async def test_what_runs_is_told_by_the_dashboard_alone(asker: Asker) -> None:
    live = f"/metrics/meetings/{ZOOM_ROOM}/participants"
    assert (await asker.ask_zoom(live, type="live"))[0] == 404
    asker.zoom.host_joins()
    await asker.later(minutes=5)
    uuid = next(iter(asker.zoom.book)).session_id
    status, answer = await asker.ask_zoom(live, type="live")
    assert (status, [(row["user_name"], row["leave_time"]) for row in answer["participants"]]) == (
        200,
        [("Grace Hopper", "")],
    )
    assert (await asker.ask_zoom(f"/past_meetings/{ZOOM_ROOM}/instances"))[1] == {"meetings": []}
    status, answer = await participants(asker, uuid)
    assert (status, answer) == (404, {"code": 3001, "message": f"Meeting does not exist: {quote(uuid, safe='')}."})


async def test_the_dashboard_lists_what_runs_with_how_many_are_in(asker: Asker) -> None:
    live = {"type": "live", "from": "2026-11-22", "to": "2026-11-24"}
    assert (await asker.ask_zoom("/metrics/meetings", **live))[1]["meetings"] == []
    asker.zoom.host_joins()
    asker.zoom.join(ADA)
    asker.zoom.wait(BOB)
    await asker.later(minutes=5)
    status, answer = await asker.ask_zoom("/metrics/meetings", **live)
    (meeting,) = answer["meetings"]
    assert (status, answer["total_records"], answer["next_page_token"]) == (200, 1, "")
    assert (meeting["id"], meeting["participants"], meeting["start_time"][11:19]) == (int(ZOOM_ROOM), 2, "17:00:00")
    _, rows = await asker.ask_zoom(f"/metrics/meetings/{ZOOM_ROOM}/participants", type="live")
    assert [(row["user_name"], row["role"], row["status"]) for row in rows["participants"]] == [
        ("Grace Hopper", "host", "in_meeting"),
        ("Ada Lovelace", "participant", "in_meeting"),
        ("Bob Stone", "participant", "in_waiting_room"),
    ]
    asker.zoom.end_for_all()
    await asker.later(minutes=1)
    assert (await asker.ask_zoom("/metrics/meetings", **live))[1]["meetings"] == []


@pytest.mark.parametrize("path", ["/metrics/meetings", f"/metrics/meetings/{ZOOM_ROOM}/participants"])
async def test_without_a_business_plan_there_is_no_dashboard(asker: Asker, path: str) -> None:
    steered(asker, has_no_dashboard=True)
    status, answer = await asker.ask_zoom(path, **{"type": "live", "from": "2026-11-22", "to": "2026-11-24"})
    assert (status, answer["code"]) == (400, 200)


async def test_the_dashboard_wants_dates_and_tells_of_what_is_live_alone(asker: Asker) -> None:
    assert (await asker.ask_zoom("/metrics/meetings", type="live"))[0] == 400
    assert (await asker.ask_zoom("/metrics/meetings", **{"type": "past", "from": "2026-11-22", "to": "2026-11-24"}))[0] == 400  # fmt: skip


async def test_who_is_registered_has_the_same_link_each_time_and_three_tries_a_day(asker: Asker) -> None:
    path = f"/meetings/{ZOOM_ROOM}/registrants"
    ada = {"email": "ada@example.com", "first_name": "Ada"}
    answers = [await asker.ask_zoom(path, ada) for _ in range(4)]
    assert [status for status, _ in answers] == [201, 201, 201, 429]
    assert len({answer["join_url"] for _, answer in answers[:3]}) == 1
    assert answers[0][1]["registrant_id"]
    await asker.later(hours=24)
    assert (await asker.ask_zoom(path, ada))[0] == 201
    assert (await asker.ask_zoom(path, {"email": "nobody"}))[0] == 400
    status, answer = await asker.ask_zoom(f"/meetings/{ZOOM_ROOM}/batch_registrants", {"registrants": [{**ada, "email": f"{name}@example.com"} for name in ("bob", "cy")]})  # fmt: skip
    assert (status, len(answer["registrants"])) == (201, 2)
    _, listed = await asker.ask_zoom(path, status="approved", page_size=2)
    assert [each["email"] for each in listed["registrants"]] == ["ada@example.com", "bob@example.com"]
    assert listed["next_page_token"]
    assert (await asker.ask_zoom(f"/meetings/{ZOOM_ROOM}"))[1]["settings"] == {"approval_type": 0}
    assert (await asker.ask_zoom("/meetings/1"))[0] == 404


async def test_tokens_are_given_to_the_app_alone_and_come_to_an_end(asker: Asker) -> None:
    assert (await asker.zoom_token(secret="wrong"))[1]["error"] == "invalid_client"
    assert (await asker.zoom_token(account="wrong"))[0] == 400
    assert (await asker.ask_zoom(f"/meetings/{ZOOM_ROOM}"))[0] == 200
    asker.token = "made up"
    assert (await asker.ask_zoom(f"/meetings/{ZOOM_ROOM}"))[1]["message"] == "Invalid access token."
    steered(asker, tokens_last=timedelta(microseconds=1))
    asker.token = ""
    assert (await asker.ask_zoom(f"/meetings/{ZOOM_ROOM}")) == (
        401,
        {"code": 124, "message": "Access token is expired."},
    )


@pytest.mark.parametrize("room", ["0", "abc"])
async def test_what_is_not_there_is_not_found(asker: Asker, room: str) -> None:
    assert (await asker.ask_zoom(f"/past_meetings/{room}"))[0] == 404
    assert (await asker.ask_zoom(f"/past_meetings/{room}/instances"))[0] == 404
