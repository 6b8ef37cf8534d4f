"""The protocol as text: every command, every event and every word for what went wrong, as whole JSON objects."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.checks.joining import JoiningState
from bot.attendance.checks.settings import TimeRange
from handlers.signaling.protocol import (
    CONTROL,
    REPORT,
    ConfirmPresence,
    DisablePresenceLogging,
    EnablePresenceLogging,
    Join,
    LeftReason,
    Nonsense,
    Participant,
    RoomShown,
    error,
    join_success,
    joined,
    left,
    read_frame,
    write_frame,
)

NOW = datetime(2026, 11, 23, 17, 0, 0, 123456, tzinfo=UTC)
GRACE = Participant(id="grace", name="Grace Hopper", is_owner=True, joined_at=NOW)
ADA = Participant(id="ada", name="Ada Lovelace", is_owner=False, joined_at=NOW + timedelta(minutes=2))
ROOM = RoomShown(lesson_id="lesson-1", course_id="course-1", course="Python 101", owner="Grace Hopper", closes_at=NOW)


def said(namespace: Any, payload: Any, **more: Any) -> str:
    return json.dumps({"namespace": namespace, "payload": payload, **more})


def nonsense(text: str | bytes) -> tuple[str, str]:
    """Where it is answered, and with which word."""
    with pytest.raises(Nonsense) as caught:
        read_frame(text)
    return caught.value.namespace, caught.value.error


def test_joining_needs_no_name_and_believes_none():
    assert read_frame(said(CONTROL, {"action": "join", "display_name": "Test"})) == Join()
    assert read_frame(said(CONTROL, {"action": "join"})) == Join()


def test_enabling_may_name_either_range_or_both_or_none():
    ranges = {
        "initial_checkpoint_delay": {"after": 600, "within": 1200},
        "checkpoint_interval": {"after": 6300, "within": 1800},
    }
    first, every = TimeRange(600, 1200), TimeRange(6300, 1800)
    enable = {"action": "enable_presence_logging"}
    assert read_frame(said(REPORT, enable)) == EnablePresenceLogging(None, None)
    assert read_frame(said(REPORT, {**enable, **ranges})) == EnablePresenceLogging(first, every)
    only_first = {**enable, "initial_checkpoint_delay": {"after": 600, "within": 1200}}
    assert read_frame(said(REPORT, only_first)) == EnablePresenceLogging(first, None)
    only_every = {**enable, "checkpoint_interval": {"after": 6300, "within": 1800}}
    assert read_frame(said(REPORT, only_every)) == EnablePresenceLogging(None, every)


def test_the_other_commands_have_no_fields():
    assert read_frame(said(REPORT, {"action": "disable_presence_logging"})) == DisablePresenceLogging()
    assert read_frame(said(REPORT, {"action": "confirm_presence"})) == ConfirmPresence()


def test_what_a_frame_has_besides_is_passed_over():
    text = said(REPORT, {"action": "confirm_presence", "mood": "good"}, transaction_id=3, version=[1])
    assert read_frame(text) == ConfirmPresence()


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{", "[]", "7", "null", '"join"', "[" * 100_000, '{"namespace": "control"', "\ud800", b"\x00\xff"],
    ids=["empty", "word", "half", "list", "number", "null", "text", "deep", "cut off", "surrogate", "bytes"],
)
def test_what_is_no_json_object_is_nonsense_of_nobodys(text: str | bytes):
    assert nonsense(text) == (CONTROL, "invalid_json")


@pytest.mark.parametrize("namespace", ["chat", "", None, 7, [], {}, "Control"])
def test_a_namespace_that_there_is_not_is_nonsense(namespace: Any):
    assert nonsense(said(namespace, {"action": "join"})) == (CONTROL, "invalid_namespace")


@pytest.mark.parametrize("namespace", [CONTROL, REPORT])
@pytest.mark.parametrize(
    "payload", [None, [], "join", {}, {"action": None}, {"action": ["join"]}, {"action": "dance"}, {"message": "join"}]
)
def test_an_action_that_there_is_not_is_nonsense_of_its_namespace(namespace: str, payload: Any):
    assert nonsense(said(namespace, payload)) == (namespace, "invalid_action")


def test_an_action_belongs_to_its_namespace():
    assert nonsense(said(CONTROL, {"action": "confirm_presence"})) == (CONTROL, "invalid_action")
    assert nonsense(said(REPORT, {"action": "join"})) == (REPORT, "invalid_action")


@pytest.mark.parametrize("name", ["initial_checkpoint_delay", "checkpoint_interval"])
@pytest.mark.parametrize(
    "given",
    [
        None,
        600,
        "600",
        [600, 1200],
        {},
        {"after": 600},
        {"within": 1200},
        {"after": "600", "within": 1200},
        {"after": 600, "within": None},
        {"after": 600.0, "within": 1200},
        {"after": True, "within": 1200},
    ],
)
def test_a_range_is_two_whole_numbers(name: str, given: Any):
    text = said(REPORT, {"action": "enable_presence_logging", name: given})
    assert nonsense(text) == (REPORT, "invalid_parameters")


def test_a_name_is_text():
    assert nonsense(said(CONTROL, {"action": "join", "display_name": 7})) == (CONTROL, "invalid_parameters")


@given(st.text() | st.binary())
def test_any_text_is_at_worst_nonsense(text: str | bytes):
    with pytest.raises(Nonsense):
        read_frame(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([CONTROL, REPORT, "join"]),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["namespace", "payload", "action", "after", "within"]), inner)
        ),
    )
)
def test_any_json_is_a_command_or_nonsense(value: Any):
    try:
        command = read_frame(json.dumps(value))
    except Nonsense:
        return
    assert isinstance(command, Join | EnablePresenceLogging | DisablePresenceLogging | ConfirmPresence)


def test_a_frame_of_ours_has_a_namespace_a_time_in_utc_and_a_payload():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=1)))
    assert json.loads(write_frame(REPORT, error("insufficient_permissions"), now=elsewhere)) == {
        "namespace": "training_participation_report",
        "timestamp": "2026-11-23T17:00:00Z",
        "payload": {"message": "error", "error": "insufficient_permissions"},
    }


def test_who_joins_is_told_all_that_the_protocol_shows():
    assert join_success(GRACE, [ADA], ROOM, JoiningState.ENABLED) == {
        "message": "join_success",
        "id": "grace",
        "display_name": "Grace Hopper",
        "avatar_url": "",
        "role": "moderator",
        "closes_at": "2026-11-23T17:00:00Z",
        "is_room_owner": True,
        "tariff": {
            "id": "00000000-0000-0000-0000-000000000000",
            "name": "Rollcall",
            "quotas": {},
            "modules": {"core": {"features": []}},
        },
        "participants": [
            {
                "id": "ada",
                "control": {
                    "display_name": "Ada Lovelace",
                    "hand_is_up": False,
                    "hand_updated_at": "2026-11-23T17:02:00Z",
                    "joined_at": "2026-11-23T17:02:00Z",
                    "participation_kind": "user",
                    "is_room_owner": False,
                    "role": "user",
                },
            }
        ],
        "event_info": {"id": "course-1", "title": "Python 101"},
        "room_info": {
            "id": "lesson-1",
            "created_by": {
                "title": "",
                "firstname": "Grace",
                "lastname": "Hopper",
                "display_name": "Grace Hopper",
                "avatar_url": "",
            },
        },
        "training_participation_report": {"state": "enabled"},
    }


def test_the_three_states_have_the_protocols_words():
    assert [state.value for state in JoiningState] == ["disabled", "enabled", "waiting_for_confirmation"]


def test_others_are_told_who_joined():
    assert joined(ADA) == {
        "message": "joined",
        "id": "ada",
        "control": {
            "display_name": "Ada Lovelace",
            "hand_is_up": False,
            "hand_updated_at": "2026-11-23T17:02:00Z",
            "joined_at": "2026-11-23T17:02:00Z",
            "participation_kind": "user",
            "is_room_owner": False,
            "role": "user",
        },
    }


def test_others_are_told_who_left_and_why():
    assert left("ada", LeftReason.QUIT) == {"message": "left", "id": "ada", "reason": "quit"}
    assert left("ada", LeftReason.TIMEOUT) == {"message": "left", "id": "ada", "reason": "timeout"}
