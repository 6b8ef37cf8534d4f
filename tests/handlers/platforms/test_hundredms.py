"""What is particular to 100ms."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.attendance.events import EventKind, PresenceEvent
from bot.connectors import Delivery
from bot.errors import UnreadableDelivery, UntrustedDelivery
from handlers.platforms.hundredms import connector
from handlers.platforms.hundredms.connector import IGNORED, MEANINGS
from tests.handlers.platforms.fixtures import PLATFORMS, SECRET, fixtures_of, load

#: The events on the page *Webhook events* of 100ms's documentation, read in November 2026.
DOCUMENTED = {
    "session.open.success", "session.close.success", "peer.join.success", "peer.leave.success", "peer.join.failure",
    "peer.leave.failure", "room.end.success", "room.end.failure", "role.change.success", "role.change.failure",
    "recording.success", "recording.failed", "beam.started.success", "beam.stopped.success", "beam.recording.success",
    "beam.failure", "hls.started.success", "hls.stopped.success", "hls.recording.success", "hls.failure",
    "transcription.started.success", "transcription.success", "transcription.failure",
}  # fmt: skip
ABOUT_PEOPLE_AND_SESSIONS = {name for name in DOCUMENTED if name.split(".")[0] in {"session", "peer", "room", "role"}}


def delivery_of(name: str) -> Delivery:
    return load(PLATFORMS / "hundredms" / "fixtures" / f"{name}.http").delivery(account="an account")


def told_by(name: str) -> PresenceEvent:
    (event,) = connector.normalise(delivery_of(name))
    return event


def changed(name: str, envelope: Mapping[str, Any] | None = None, **data: Any) -> Delivery:
    """A recorded delivery with other values in its envelope or its data."""
    was = delivery_of(name)
    document = json.loads(was.body) | dict(envelope or {})
    return replace(was, body=json.dumps({**document, "data": document["data"] | data}).encode())


def types_recorded() -> set[str]:
    bodies = [load(path).body for path in fixtures_of("hundredms")]
    documents = [json.loads(body) for body in bodies if body.endswith(b"}")]
    return {document["type"] for document in documents}


# What we understand ---------------------------------------------------------------------------------------------------


def test_every_documented_event_is_understood_or_ignored_and_never_both() -> None:
    assert MEANINGS.keys() | IGNORED.keys() == DOCUMENTED
    assert not MEANINGS.keys() & IGNORED.keys()


def test_what_is_ignored_is_so_for_a_stated_reason() -> None:
    assert all(len(reason.split()) > 4 for reason in IGNORED.values())


def test_every_event_about_people_and_sessions_has_a_fixture() -> None:
    assert types_recorded() >= ABOUT_PEOPLE_AND_SESSIONS


@pytest.mark.parametrize("event", sorted(IGNORED))
def test_what_is_ignored_says_nothing_whatever_is_in_it(event: str) -> None:
    assert connector.normalise(changed("student_joined", {"type": event}, joined_at=["no time"])) == ()


def test_nanoseconds_are_cut_to_microseconds_and_never_rounded() -> None:
    event = connector.normalise(changed("student_joined", joined_at="2026-11-23T16:57:00.999999999Z"))[0]
    assert event.occurred_at.microsecond == 999_999


@pytest.mark.parametrize("digits", ["5", "50", "50000000", "500000000"])
def test_a_second_may_have_any_number_of_digits(digits: str) -> None:
    event = connector.normalise(changed("student_joined", joined_at=f"2026-11-23T16:57:00.{digits}Z"))[0]
    assert event.occurred_at.microsecond == 500_000


def test_a_join_at_the_zero_time_has_no_time() -> None:
    with pytest.raises(UnreadableDelivery, match=r"data\.joined_at is missing"):
        connector.normalise(delivery_of("in_the_year_one"))


def test_an_impossible_start_of_the_session_costs_nobody_their_presence() -> None:
    event = connector.normalise(changed("student_joined", session_started_at="1970-01-01T00:00:00Z"))[0]
    assert event.kind is EventKind.JOINED
    assert event.session_started_at is None


@pytest.mark.parametrize(
    ("role", "is_host"),
    [("host", True), ("teacher", True), ("Teacher", True), ("student", False), ("co-host", False), ("", False), (None, False)],
)  # fmt: skip
def test_the_roles_host_and_teacher_count_as_host(role: str | None, is_host: bool) -> None:
    assert connector.normalise(changed("student_joined", role=role))[0].handle.is_host is is_host


def test_two_devices_are_two_connections_of_one_external_id() -> None:
    laptop, phone = told_by("student_joined"), told_by("second_device_joined")
    assert laptop.connection != phone.connection
    assert laptop.handle == phone.handle


@pytest.mark.parametrize(
    ("reason", "lost"),
    [
        ("client request", False), ("peer kicked", False), ("websocket closed", True),
        ("ice connection state closed", True), ("server removed peer", True), ("something new", False), (None, False),
    ],
)  # fmt: skip
def test_a_leave_for_reasons_of_the_network_is_a_lost_connection(reason: str | None, lost: bool) -> None:
    assert connector.normalise(changed("left", reason=reason))[0].lost is lost


def test_room_end_and_session_close_are_ends_of_one_session() -> None:
    end, close = told_by("room_ended"), told_by("session_closed")
    assert (end.kind, end.session, end.who) == (close.kind, close.session, close.who)
    assert (end.is_time_assumed, close.is_time_assumed) == (True, False)


def test_the_recorder_is_nobody() -> None:
    assert connector.normalise(delivery_of("recorder_joined")) == ()
    assert connector.normalise(delivery_of("recorder_left")) == ()


# Who sent it ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", " ", SECRET[:-1], SECRET + " ", SECRET.upper(), "ü", "\udcff"])
def test_what_is_not_the_secret_is_refused(given: str) -> None:
    was = replace(delivery_of("left"), headers={"x-rollcall-secret": given})
    with pytest.raises(UntrustedDelivery):
        connector.verify(was, secrets=["", SECRET, "old"])


def test_a_secret_may_have_any_letters() -> None:
    connector.verify(replace(delivery_of("left"), headers={"x-rollcall-secret": "schlüssel"}), secrets=["schlüssel"])


# What is kept ---------------------------------------------------------------------------------------------------------


def test_the_key_of_a_delivery_is_the_id_of_its_event() -> None:
    assert connector.delivery_key(delivery_of("left")) == json.loads(delivery_of("left").body)["id"]


def test_a_replay_has_the_key_of_what_it_repeats() -> None:
    again = changed("left", {"is_replay": True})
    assert connector.delivery_key(again) == connector.delivery_key(delivery_of("left"))


@pytest.mark.parametrize("event_id", ["", None, ["a list"], "7" * 256, "with\0nul"])
def test_a_delivery_without_a_usable_id_is_known_by_its_body(event_id: Any) -> None:
    first = changed("left", {"id": event_id})
    other = changed("left", {"id": event_id}, left_at="2026-11-23T17:45:01Z")
    assert connector.delivery_key(first).startswith("~")
    assert connector.delivery_key(first) != connector.delivery_key(other)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("with_user_data_joined", ["isHandRaised", "Bergen"]),
        ("left_because_removed", ["Nobody here knows"]),
        ("recording_ready", ["0pensesame", "s3://", "chat"]),
    ],
)
def test_what_attendance_does_not_need_is_not_kept(name: str, gone: list[str]) -> None:
    assert all(text in delivery_of(name).body.decode() for text in gone)
    assert not any(text in connector.redact(delivery_of(name)).decode() for text in gone)


@pytest.mark.parametrize("name", ["session_closed", "half_a_json", "not_an_object", "unknown_event", "without_data"])
def test_a_body_with_nothing_to_redact_is_kept_as_it_came(name: str) -> None:
    assert connector.redact(delivery_of(name)) == delivery_of(name).body


def test_no_header_is_kept_that_proves_anything() -> None:
    assert "x-rollcall-secret" not in connector.kept_headers
