"""Zoom's dashboard tells who is in rooms now: one list where that says enough, and the participants where not."""

from typing import Any

import pytest

from bot.attendance.inside import Inside
from bot.connectors import AskedRoom
from bot.errors import BotError, PlatformBusy, PlatformRefused, PlatformUnavailable
from tests.handlers.platforms.answering import Answer, hangs, kept, says, written
from tests.handlers.platforms.test_zoom_client import NONE_SUCH, NOW, ROOM, Zoom, at, zoom

__all__ = ["zoom"]  # a fixture

OTHER, EMPTY = "97711976002", "97711976003"
LIST = "/v2/metrics/meetings"
NOT_PAID = says({"code": 200, "message": "This API is only available for Business or higher accounts."}, status=400)
NO_SCOPE = says({"code": 4711, "message": "Invalid access token, does not contain scopes."}, status=400)


async def inside(zoom: Zoom, *rooms: str, since: str = "16:30") -> dict[str, Inside]:
    asked = [AskedRoom(account="a", room=room, start=at(since), end=NOW) for room in rooms]
    return dict(await zoom.client.inside(asked, now=NOW))


def meetings(*rows: Any, **more: Any) -> Answer:
    return says({"from": "2026-11-23", "to": "2026-11-23", "meetings": list(rows), **more})


def paths(zoom: Zoom) -> list[str]:
    return [asked.path for asked in zoom.asked]


async def test_one_list_of_what_runs_counts_who_is_in_each_room(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/live_meetings")))
    assert await inside(zoom, ROOM, EMPTY) == {
        ROOM: Inside(people=3, came_at=at("16:57:51")),
        EMPTY: Inside(people=0),
    }
    (asked,) = zoom.asked
    assert asked.path == LIST
    assert asked.query == {"type": "live", "from": "2026-11-22", "to": "2026-11-24", "page_size": "300"}


async def test_of_a_session_older_than_what_is_asked_about_the_participants_say_when_the_last_one_came(
    zoom: Zoom,
) -> None:
    zoom.will(says(kept("zoom/live_meetings")), says(kept("zoom/live_participants")))
    assert await inside(zoom, OTHER) == {OTHER: Inside(people=1, came_at=at("17:02"))}
    assert paths(zoom) == [LIST, f"{LIST}/{OTHER}/participants"]
    assert zoom.asked[1].query == {"type": "live", "page_size": "300"}


@pytest.mark.parametrize("refusal", [NONE_SUCH, NO_SCOPE, says({}, status=403), written("<html>"), hangs])
async def test_where_the_participants_cannot_be_read_the_count_of_the_list_stands(zoom: Zoom, refusal: Answer) -> None:
    zoom.will(says(kept("zoom/live_meetings")), refusal)
    assert await inside(zoom, OTHER) == {OTHER: Inside(people=4)}


async def test_who_left_and_who_waits_is_not_in(zoom: Zoom) -> None:
    gone = {"join_time": "2026-11-23T17:00:00Z", "leave_time": "2026-11-23T17:10:00Z", "status": "in_meeting"}
    waits = {"join_time": "2026-11-23T17:00:00Z", "status": "in_waiting_room"}
    zoom.will(says(kept("zoom/live_meetings")), says({"participants": [gone, waits, None]}))
    assert await inside(zoom, OTHER) == {OTHER: Inside(people=0)}


async def test_all_pages_of_the_list_are_read(zoom: Zoom) -> None:
    first, second, third = kept("zoom/live_meetings")["meetings"]
    zoom.will(meetings(third, second, next_page_token="second"), meetings(first, next_page_token=""))
    assert await inside(zoom, ROOM) == {ROOM: Inside(people=3, came_at=at("16:57:51"))}
    assert [asked.query.get("next_page_token") for asked in zoom.asked] == [None, "second"]


@pytest.mark.parametrize(
    "row",
    [
        {"id": ROOM, "participants": "3", "start_time": "2026-11-23T16:57:51Z"},
        {"id": int(ROOM), "participants": 3, "start_time": "2026-11-23T17:57:51+01:00", "uuid": None},
    ],
)
async def test_numbers_may_be_text(zoom: Zoom, row: Any) -> None:
    zoom.will(meetings(row))
    assert await inside(zoom, ROOM) == {ROOM: Inside(people=3, came_at=at("16:57:51"))}


@pytest.mark.parametrize("odd", [{"participants": None}, {"participants": "many"}, {"start_time": ""}])
async def test_what_the_list_does_not_say_the_participants_do(zoom: Zoom, odd: dict[str, Any]) -> None:
    row = {"id": int(ROOM), "participants": 3, "start_time": "2026-11-23T16:57:51Z", **odd}
    zoom.will(meetings({"id": []}, None, row), says(kept("zoom/live_participants")))
    assert await inside(zoom, ROOM) == {ROOM: Inside(people=1, came_at=at("17:02"))}


@pytest.mark.parametrize("nothing", [says({}), meetings(), says({"meetings": None})])
async def test_where_nothing_runs_nobody_is_in(zoom: Zoom, nothing: Answer) -> None:
    zoom.will(nothing)
    assert await inside(zoom, ROOM) == {ROOM: Inside(people=0)}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (NOT_PAID, PlatformRefused),
        (NO_SCOPE, PlatformRefused),
        (NONE_SUCH, PlatformRefused),
        (says({}, status=429, headers={"Retry-After": "60"}), PlatformBusy),
        (says({}, status=500), PlatformUnavailable),
        (written("<html>hello</html>"), PlatformUnavailable),
        (written('{"meetings": ['), PlatformUnavailable),
        (says({"meetings": {"id": 1}}), PlatformUnavailable),
        (hangs, PlatformUnavailable),
    ],
)
async def test_a_list_that_is_not_given_says_nothing_of_any_room(
    zoom: Zoom, answer: Answer, error: type[BotError]
) -> None:
    zoom.will(answer)
    with pytest.raises(error):
        await inside(zoom, ROOM, OTHER)


async def test_a_page_that_fails_in_the_middle_says_nothing_either(zoom: Zoom) -> None:
    zoom.will(says(kept("zoom/live_meetings", next_page_token="second")), says({}, status=500))
    with pytest.raises(PlatformUnavailable):
        await inside(zoom, EMPTY)
