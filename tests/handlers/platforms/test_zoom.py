"""What is particular to Zoom."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.attendance.events import EventKind
from bot.connectors import Delivery
from bot.errors import UnreadableDelivery, UntrustedDelivery
from handlers.platforms.zoom import connector
from handlers.platforms.zoom.connector import MEANINGS, sign
from handlers.platforms.zoom.redaction import is_same_number, shortened
from tests.handlers.platforms.fixtures import SECRET, fixtures_of, load, zoom_fixture
from tests.handlers.platforms.signing import sign_as_zoom


def delivery_of(name: str) -> Delivery:
    return zoom_fixture(name).delivery(account="an account")


def kept(name: str) -> str:
    return connector.redact(delivery_of(name)).decode()


def joined_at(moment: datetime) -> Delivery:
    """A guest who joined then, told at 17:15:02."""
    was = delivery_of("in_the_year_one")
    return replace(was, body=was.body.replace(b"0001-01-01T00:00:00Z", moment.isoformat().encode()))


# What we understand ---------------------------------------------------------------------------------------------------


def test_every_event_that_we_understand_has_a_fixture() -> None:
    recorded = {
        json.loads(load(path).body)["event"]
        for path in fixtures_of("zoom")
        if load(path).body.startswith(b'{"') and path.stem != "half_a_json"
    }
    assert set(MEANINGS) <= recorded


def test_every_kind_of_event_but_those_of_recordings_can_come_from_zoom() -> None:
    others = {kind for kind in EventKind if not kind.value.startswith("recording")}
    assert {meaning.kind for meaning in MEANINGS.values()} == others


def test_both_halves_of_a_move_between_rooms_are_of_one_connection_in_one_second() -> None:
    (left,) = connector.normalise(delivery_of("hop_left"))
    (joined,) = connector.normalise(delivery_of("hop_joined"))
    assert (left.connection, left.session, left.occurred_at) == (joined.connection, joined.session, joined.occurred_at)


def test_null_empty_and_absent_are_the_same() -> None:
    (nulls,) = connector.normalise(delivery_of("guest_with_nulls_joined"))
    (empty,) = connector.normalise(delivery_of("guest_without_email_joined"))
    assert nulls.handle == empty.handle


@pytest.mark.parametrize(
    "moment", [timedelta(days=-31), timedelta(minutes=10)], ids=["31 days before", "10 minutes after"]
)
def test_a_time_at_the_edge_of_what_can_be_is_believed(moment: timedelta) -> None:
    received_at = delivery_of("in_the_year_one").received_at
    (event,) = connector.normalise(joined_at(received_at + moment))
    assert event.occurred_at == received_at + moment


@pytest.mark.parametrize(
    "moment", [timedelta(days=-31, seconds=-1), timedelta(minutes=10, seconds=1)], ids=["before", "after"]
)
def test_a_time_beyond_it_is_not(moment: timedelta) -> None:
    received_at = delivery_of("in_the_year_one").received_at
    with pytest.raises(UnreadableDelivery, match="join_time"):
        connector.normalise(joined_at(received_at + moment))


def test_an_impossible_start_of_the_session_costs_nobody_their_presence() -> None:
    was = delivery_of("guest_without_email_joined")
    (event,) = connector.normalise(
        replace(was, body=was.body.replace(b"2026-11-23T16:56:12Z", b"1970-01-01T00:00:00Z"))
    )
    assert event.kind is EventKind.JOINED
    assert event.session_started_at is None


def test_an_email_that_is_none_is_left_out() -> None:
    was = delivery_of("registered_student_joined")
    (event,) = connector.normalise(replace(was, body=was.body.replace(b"ada@example.com", b"a\\u0000da@example.com")))
    assert event.handle.email == ""


def test_what_cannot_be_read_is_not_quoted() -> None:
    was = delivery_of("with_a_word_for_a_time")
    with pytest.raises(UnreadableDelivery) as caught:
        connector.normalise(was)
    assert "soon" not in str(caught.value)
    assert caught.value.__suppress_context__


# Who sent it ----------------------------------------------------------------------------------------------------------


def test_two_ways_of_writing_the_signature_down_agree() -> None:
    signature = sign_as_zoom(b'{"a": 1}', secret="s", timestamp="1795453201")["x-zm-signature"]
    assert sign("s", timestamp="1795453201", body=b'{"a": 1}') == signature


@pytest.mark.parametrize(
    "timestamp", ["", "soon", "+1795453201", " 1795453201", "1795453201.5", "１７９５４５３２０１", "-1"]
)
def test_a_time_stamp_that_is_no_number_is_refused_even_when_signed(timestamp: str) -> None:
    was = delivery_of("left")
    signed = replace(was, headers=sign_as_zoom(was.body, timestamp=timestamp))
    with pytest.raises(UntrustedDelivery):
        connector.verify(signed, secrets=[SECRET])


@pytest.mark.parametrize("timestamp", ["0", "1", "99999999999999999999"])
def test_a_time_stamp_of_any_age_is_trusted(timestamp: str) -> None:
    was = delivery_of("left")
    connector.verify(replace(was, headers=sign_as_zoom(was.body, timestamp=timestamp)), secrets=[SECRET])


@pytest.mark.parametrize("signature", ["", "v0=", "v0=ü", "v0=\udcff", "V0"])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    was = delivery_of("left")
    with pytest.raises(UntrustedDelivery):
        connector.verify(replace(was, headers={**was.headers, "x-zm-signature": signature}), secrets=[SECRET])


def test_the_question_about_the_url_is_answered_with_the_secret_that_asked() -> None:
    question = delivery_of("url_validation")
    reply = connector.reply_to_handshake(question, secrets=["the-next-secret", SECRET])
    assert reply is not None
    assert json.loads(reply) == {
        "plainToken": "Zr7w0KqLTj6uXeN4vHs9Cg",
        "encryptedToken": "7f045dd66a2492d76877b964393e0635a2251e0bc2f7b3e97780561158dd0162",
    }


@pytest.mark.parametrize(
    "body",
    [
        b'{"event":"endpoint.url_validation"}',
        b'{"event":"endpoint.url_validation","payload":{"plainToken":""}}',
        b'{"event":"endpoint.url_validation","payload":{"plainToken":7}}',
        b'"endpoint.url_validation"',
        b"endpoint.url_validation",
        b'{"event":"meeting.started","payload":{"object":{"topic":"endpoint.url_validation"}}}',
    ],
)
def test_what_only_looks_like_the_question_gets_no_answer(body: bytes) -> None:
    looks_like_it = replace(delivery_of("url_validation"), body=body, headers=sign_as_zoom(body))
    assert connector.reply_to_handshake(looks_like_it, secrets=[SECRET]) is None


# What is kept ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("left", ["public_ip", "198.51.100.23", "private_ip", "10.0.0.7"]),
        ("phone_joined", ["39065550143", "06 555", "198.51.100.23"]),
        ("phone_bound", ["39065550143"]),
        ("registration_created", ["Analytical", '"city"', "Engine Works", "Curious", "See you", "tk=secret", "0143"]),
        ("meeting_updated", ["Sw0rdfish", "0pensesame"]),
    ],
)
def test_what_attendance_does_not_need_is_not_kept(name: str, gone: list[str]) -> None:
    assert all(text in zoom_fixture(name).body.decode() for text in gone)
    assert not any(text in kept(name) for text in gone)


def test_the_end_of_a_telephone_number_is_kept() -> None:
    assert json.loads(kept("phone_joined"))["payload"]["object"]["participant"]["user_name"] == "***0143"
    assert json.loads(kept("phone_joined"))["payload"]["object"]["participant"]["phone_number"] == "***0143"


def test_who_registered_is_kept() -> None:
    registrant = json.loads(kept("registration_created"))["payload"]["object"]["registrant"]
    assert registrant == {
        "id": "lyF4h08rRuq8APkkzh5n1Q",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "status": "approved",
    }


@pytest.mark.parametrize("name", ["ended", "half_a_json", "unknown_event"])
def test_a_body_with_nothing_to_redact_is_kept_as_it_came(name: str) -> None:
    assert connector.redact(delivery_of(name)) == zoom_fixture(name).body


@pytest.mark.parametrize(
    ("name", "number", "is_same"),
    [
        ("+39 06 555 0143", "39065550143", True),
        ("***0143", "***0143", True),
        ("***0143", "39065550143", True),
        ("Ada 0143", "39065550143", False),
        ("39065550144", "39065550143", False),
        ("", "39065550143", False),
        ("0143", "", False),
        ("...", "...", False),
    ],
)
def test_a_name_is_a_number_when_it_is_the_callers(name: str, number: str, is_same: bool) -> None:
    assert is_same_number(name, number) is is_same


def test_a_shortened_number_cannot_be_shortened_further() -> None:
    assert shortened(shortened("+39 06 555 0143")) == shortened("+39 06 555 0143") == "***0143"
