"""The minutes of 100ms's guide *Build attendance*, and what its example does not show."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.platforms.hundredms.analytics import newest, session_analytics
from handlers.platforms.hundredms.replies import session_of

SIX = datetime(2026, 11, 23, 18, tzinfo=UTC)


def at(seconds: float) -> str:
    """So many seconds after six, as 100ms writes it."""
    return (SIX + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def peer(user_id: str | None, joined: float, left: float | None, name: str = "") -> dict[str, Any]:
    told = {"name": name or f"name of {user_id}", "role": "student", "joined_at": at(joined)}
    if user_id is not None:
        told["user_id"] = user_id
    if left is not None:
        told["left_at"] = at(left)
    return told


def session(*peers: dict[str, Any], end: float = 3600, active: bool = False) -> dict[str, Any]:
    named = {f"peer-{number}": {"id": f"peer-{number}", **each} for number, each in enumerate(peers, start=1)}
    return {"id": "session-1", "active": active, "created_at": at(0), "updated_at": at(end), "peers": named}


def minutes(found: dict[str, Any]) -> list[tuple[str | None, float]]:
    return [(each["user_id"], each["duration"]) for each in found["user_duration_list"]]


def analytics(*peers: dict[str, Any], end: float = 3600, active: bool = False, now: float = 5000) -> dict[str, Any]:
    return of_written(session(*peers, end=end, active=active), now=now)


def of_written(written: dict[str, Any], *, now: float = 5000) -> dict[str, Any]:
    return session_analytics(session_of(json.dumps(written).encode()), now=SIX + timedelta(seconds=now))


def test_the_guide_s_example_comes_out_number_by_number() -> None:
    found = analytics(peer("user1", 0, 145.3, "username1"), peer("user2", 2, 144.4, "username2"), end=145.3)
    assert found == {
        "user_duration_list": [
            {"name": "username1", "user_id": "user1", "duration": 2.42},
            {"name": "username2", "user_id": "user2", "duration": 2.37},
        ],
        "session_duration": "2.42",
        "total_peer_duration": "4.79",
    }


def test_who_comes_back_has_both_times() -> None:
    assert minutes(analytics(peer("ada", 0, 600), peer("ada", 900, 1200))) == [("ada", 15.0)]


def test_two_devices_at_once_count_once() -> None:
    found = analytics(peer("ada", 0, 600), peer("ada", 300, 900), peer("ada", 400, 500))
    assert (minutes(found), found["total_peer_duration"]) == ([("ada", 15.0)], "15.00")


def test_each_time_is_rounded_before_it_is_added() -> None:
    # 0.3 s are 0.005 minutes, and halves go up: two of them are 0.02, not 0.01.
    found = analytics(peer("ada", 0, 0.3), peer("ada", 10, 10.3), peer("bob", 0, 0.299))
    assert (minutes(found), found["total_peer_duration"]) == ([("ada", 0.02), ("bob", 0.0)], "0.02")


def test_a_device_that_follows_within_the_same_moment_is_rounded_by_itself() -> None:
    assert minutes(analytics(peer("ada", 0, 0.3), peer("ada", 0.3, 0.6))) == [("ada", 0.02)]


def test_the_name_is_the_one_that_somebody_had_last() -> None:
    found = analytics(peer("ada", 900, 1200, "Ada Lovelace"), peer("ada", 0, 600, "iPad"))
    assert [each["name"] for each in found["user_duration_list"]] == ["Ada Lovelace"]


def test_peers_without_a_user_id_are_one_entry_each() -> None:
    found = analytics(peer(None, 0, 60, "Guest"), peer("", 0, 120, "Guest"), peer("ada", 0, 180))
    assert [(each.get("peer_id"), each["duration"]) for each in found["user_duration_list"]] == [
        ("peer-1", 1.0), ("peer-2", 2.0), (None, 3.0),
    ]  # fmt: skip
    assert found["total_peer_duration"] == "6.00"


def test_a_peer_id_is_never_somebody_s_user_id() -> None:
    found = analytics(peer(None, 0, 60), peer("peer-1", 0, 120))
    assert len(found["user_duration_list"]) == 2


def test_who_is_still_in_counts_up_to_now_and_so_does_the_session() -> None:
    found = analytics(peer("ada", 0, None), peer("bob", 0, 60), end=60, active=True, now=300)
    assert (minutes(found), found["session_duration"]) == ([("ada", 5.0), ("bob", 1.0)], "5.00")


@pytest.mark.parametrize("left", [None, "0001-01-01T00:00:00Z", ""])
def test_of_a_session_that_is_over_nobody_counts_beyond_its_end(left: str | None) -> None:
    found = analytics({**peer("ada", 0, None), "left_at": left}, end=600, now=99_999)
    assert (minutes(found), found["session_duration"]) == ([("ada", 10.0)], "10.00")


def test_nanoseconds_are_cut_and_a_clock_that_goes_back_is_no_negative_time() -> None:
    precise = {
        **peer("ada", 0, None),
        "joined_at": "2026-11-23T18:00:00.000999999Z",
        "left_at": "2026-11-23T18:00:00.3Z",
    }
    assert minutes(analytics(precise, peer("bob", 60, 0))) == [("ada", 0.01), ("bob", 0.0)]


def test_a_session_without_anybody_has_zeros() -> None:
    found = of_written({"created_at": at(0), "updated_at": at(6), "peers": None})
    assert found == {"user_duration_list": [], "session_duration": "0.10", "total_peer_duration": "0.00"}


def test_a_peer_that_cannot_be_read_or_never_came_in_costs_no_other() -> None:
    written = session(peer("ada", 0, 60))
    written["peers"] |= {"2": "bob", "3": {"user_id": "carla", "joined_at": "0001-01-01T00:00:00Z"}}
    assert minutes(of_written(written)) == [("ada", 1.0)]


def test_the_newest_session_is_the_one_that_began_last_wherever_it_stands() -> None:
    listed = [session_of(json.dumps({"id": number, "created_at": at(number)}).encode()) for number in (2, 3, 1)]
    found = newest(listed)
    assert found is not None
    assert found.id == "3"
    assert newest([]) is None
