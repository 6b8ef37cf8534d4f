"""What is particular to VCaaS."""

import json
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.records import PlatformRecord
from bot.connectors import Delivery, Fact
from bot.errors import UnreadableDelivery, UntrustedDelivery
from handlers.platforms.vcaas import connector
from handlers.platforms.vcaas.connector import MAX_BODY, MAX_MEETING_DATA, MEANINGS
from tests.builders import ADA, NINE, at
from tests.handlers.platforms.fixtures import PLATFORMS, SECRET, fixtures_of, load


def delivery_of(name: str) -> Delivery:
    return load(PLATFORMS / "vcaas" / "fixtures" / f"{name}.http").delivery(account="an account")


def told_by(name: str, **changes: Any) -> PresenceEvent:
    was = delivery_of(name)
    changed = json.dumps(json.loads(was.body) | changes).encode()
    (event,) = connector.normalise(replace(was, body=changed))
    assert isinstance(event, PresenceEvent)
    return event


# Who sent it, and what it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "fixture-secre", "fixture-secret ", "FIXTURE-SECRET", "ü", "\udcff", "\0"])
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(UntrustedDelivery):
        connector.verify(replace(delivery_of("student_joined"), token=token), secrets=["the-next-secret", SECRET])


def test_the_token_is_not_shown_when_a_delivery_is() -> None:
    assert SECRET not in repr(delivery_of("student_joined"))


def test_the_same_body_at_another_address_is_another_delivery() -> None:
    """The teacher's click has no status of its own: only the address tells what it is."""
    click = delivery_of("class_ended_for_all")
    assert connector.delivery_key(replace(click, route="recording-start-end")) != connector.delivery_key(click)


def test_every_callback_has_a_fixture_and_an_address_of_its_own() -> None:
    recorded = {load(path).delivery(account="").route for path in fixtures_of("vcaas")}
    assert recorded == set(connector.routes) == {*MEANINGS, "meeting-data"}


@pytest.mark.parametrize("path", fixtures_of("vcaas"), ids=lambda path: path.stem)
def test_a_recording_without_an_address_says_the_same_where_it_says_anything(path: Path) -> None:
    delivery = load(path).delivery(account="an account")
    if told := _readable(delivery):
        assert connector.normalise(replace(delivery, route="")) == told


def test_only_the_meeting_data_may_be_large() -> None:
    assert {route: size for route, size in connector.routes.items() if size != MAX_BODY} == {
        "meeting-data": MAX_MEETING_DATA
    }


def test_the_reply_is_the_word_that_ends_the_tries() -> None:
    assert connector.reply(delivery_of("meeting_started")) == b"success"


# Single fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "timestamp",
    [1795453200, "1795453200", 1795453200000, "1795453200000", 1795453200.0, "1795453200000.0", " 1795453200 "],
)
def test_seconds_and_milliseconds_numbers_and_text_are_the_same_instant(timestamp: object) -> None:
    event = told_by("student_joined", timestamp=timestamp)
    assert (event.occurred_at.isoformat(), event.is_time_assumed) == ("2026-11-23T17:00:00+00:00", False)


@pytest.mark.parametrize("timestamp", ["123456", 0, "99999999999", "100000000000", "0001-01-01T00:00:00Z"])
def test_for_a_time_that_cannot_be_the_time_of_receipt_stands_in(timestamp: object) -> None:
    event = told_by("student_joined", timestamp=timestamp)
    assert (event.occurred_at, event.is_time_assumed) == (event.received_at, True)


@pytest.mark.parametrize(
    ("role", "is_host"), [("0", True), (0, True), ("1", False), ("2", False), (None, False), ("teacher", False)]
)
def test_the_teacher_is_the_host(role: object, is_host: bool) -> None:
    assert told_by("student_joined", userRole=role).handle.is_host is is_host


@pytest.mark.parametrize(("field", "kind"), [(0, EventKind.JOINED), (1, EventKind.LEFT), (2, EventKind.WAITING)])
def test_a_status_may_be_a_number_or_text(field: int, kind: EventKind) -> None:
    assert (
        told_by("student_joined", userStatus=field).kind
        is told_by("student_joined", userStatus=str(field)).kind
        is kind
    )


def test_nothing_names_a_connection() -> None:
    events = [fact for path in fixtures_of("vcaas") for fact in _readable(load(path).delivery(account=""))]
    assert {event.connection for event in events if isinstance(event, PresenceEvent)} == {None}


def _readable(delivery: Delivery) -> Sequence[Fact]:
    try:
        return connector.normalise(delivery)
    except UnreadableDelivery:
        return ()


# The data of a meeting ------------------------------------------------------------------------------------------------


def pushed(*details: tuple[str, float], received: float = 65, **changes: Any) -> Delivery:
    """Of Ada, who did this at these minutes of a lesson at nine."""
    attendee = {
        "externalId": ADA.external_id,
        "details": [{"type": f"Attendee{kind}", "timestamp": _milliseconds(minute)} for kind, minute in details],
    }
    meeting = {"meetingUid": "m", "meetingExternalId": "r", "startTime": _seconds(-10), "endTime": _seconds(60)}
    body = json.dumps({"meetingData": meeting, "attendeeDatas": [attendee | changes]}).encode()
    was = delivery_of("meeting_data")
    return replace(was, body=body, received_at=NINE + timedelta(minutes=received))


def minutes_in(delivery: Delivery) -> list[tuple[float, float]]:
    (record,) = connector.normalise(delivery)
    assert isinstance(record, PlatformRecord)
    minute = timedelta(minutes=1)
    return [((stay.joined_at - NINE) / minute, (stay.left_at - NINE) / minute) for stay in record.stays]


def _milliseconds(minute: float) -> int:
    return int(at(minute).timestamp() * 1000)


def _seconds(minute: float) -> str:
    return str(int(at(minute).timestamp()))


def test_while_one_device_is_in_the_person_is() -> None:
    assert minutes_in(
        pushed(("Joined", 0), ("Joined", 10), ("Left", 20), ("Joined", 30), ("Left", 40), ("Left", 50))
    ) == [(0, 50)]


def test_details_may_stand_in_any_order_and_twice() -> None:
    details = [("Joined", 0), ("Left", 20), ("Joined", 30), ("Left", 40)]
    assert minutes_in(pushed(*details[::-1], *details)) == [(0, 20), (30, 40)]


def test_a_device_that_changes_within_one_instant_is_one_stay() -> None:
    assert minutes_in(pushed(("Joined", 0), ("Left", 20), ("Joined", 20), ("Left", 40))) == [(0, 40)]


def test_who_is_not_told_to_have_left_was_in_until_the_last_exit_else_the_end() -> None:
    assert minutes_in(pushed(("Joined", 0), timeOut=_seconds(55))) == [(0, 55)]
    assert minutes_in(pushed(("Joined", 0))) == [(0, 60)]


def test_a_push_in_which_nobody_was_in_for_any_time_is_no_record_yet() -> None:
    assert connector.normalise(pushed(("Joined", 10), ("Left", 10))) == ()


def test_a_detail_of_another_kind_or_another_age_is_passed_over() -> None:
    assert minutes_in(pushed(("Joined", 0), ("RaisedHand", 5), ("Joined", -99_999_999), ("Left", 50))) == [(0, 50)]


def test_a_push_as_large_as_they_come_is_read_in_little_memory_and_time() -> None:
    """32 MiB of people: what attendance does not need is skipped, not built."""
    filler = "x" * 1000
    one = json.loads(pushed(("Joined", 0), ("Left", 60)).body)
    people = [one["attendeeDatas"][0] | {"externalId": f"s-{n}", "device": filler} for n in range(28_000)]
    body = json.dumps({"meetingData": one["meetingData"], "attendeeDatas": people}).encode()
    assert 30 * 2**20 < len(body) < MAX_MEETING_DATA
    delivery = replace(pushed(), body=body)
    tracemalloc.start()
    (record,) = connector.normalise(delivery)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(record, PlatformRecord)
    assert len(record.stays) == 28_000
    assert peak < 2 * len(body)
