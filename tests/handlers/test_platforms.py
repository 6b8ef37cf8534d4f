"""What holds for every platform: each folder and each recorded delivery of it is put through all of this."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.events import EventKind, PresenceEvent
from bot.connectors import Delivery, Fact
from bot.errors import UnreadableDelivery, UntrustedDelivery
from handlers.platforms import CONNECTORS, OWN
from tests.handlers.platforms.fixtures import FIXTURES, FOLDERS, SECRET, load, told

GUARANTEES = (
    "Requests signed over the body",
    "Own id per delivery",
    "Id of one live session, apart from the room",
    "Id of one connection of a participant",
    "Stable user id we can match to Slack",
    "Leave is always sent (also after a network drop)",
    "Retries, and for how long",
    "Time resolution of events",
)
GARBAGE = st.binary() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["event", "payload", "object", "participant", "id", "uuid", "type", "data", "room_id"])
            | st.text(),
            inner,
        )
    ),
).map(lambda value: json.dumps(value).encode())


def guarantees(folder: Path) -> dict[str, tuple[str, str]]:
    """What the platform's README says of each guarantee: (answer, source)."""
    rows = re.findall(r"^\| ([^|]+?) +\| ([^|]+)\|([^|]+) \|$", (folder / "README.md").read_text(), re.MULTILINE)
    return {guarantee: (answer.strip(), source.strip()) for guarantee, answer, source in rows}


every_fixture = pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
every_fixture_from_outside = pytest.mark.parametrize(
    "path",
    [path for path in FIXTURES if load(path).platform not in OWN],
    ids=lambda path: f"{path.parts[-3]}-{path.stem}",
)
every_fixture_signed_over_its_body = pytest.mark.parametrize(
    "path",
    [path for path in FIXTURES if guarantees(path.parents[1])[GUARANTEES[0]][0].startswith("yes")],
    ids=lambda path: f"{path.parts[-3]}-{path.stem}",
)
every_readable_fixture = pytest.mark.parametrize(
    "path",
    [path for path in FIXTURES if "# expect: unreadable" not in path.read_text()],
    ids=lambda path: f"{path.parts[-3]}-{path.stem}",
)
every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
every_platform = pytest.mark.parametrize("platform", sorted(CONNECTORS))


def recorded(path: Path) -> Delivery:
    return load(path).delivery(account="an account")


def outcome(platform: str, delivery: Delivery) -> list[str] | str:
    try:
        return [told(event) for event in CONNECTORS[platform].normalise(delivery)]
    except UnreadableDelivery as problem:
        return str(problem)


def is_of_receipt(fact: Fact) -> bool:
    return isinstance(fact, PresenceEvent) and fact.is_time_assumed and fact.occurred_at == fact.received_at


@every_folder
def test_a_platform_is_registered(folder: Path) -> None:
    modules = {type(connector).__module__ for connector in CONNECTORS.values()}
    assert f"handlers.platforms.{folder.name}.connector" in modules


@every_platform
def test_a_platform_is_registered_under_the_name_in_its_urls(platform: str) -> None:
    assert CONNECTORS[platform].name == platform


@every_folder
def test_the_readme_says_of_every_guarantee_whether_it_is_given_and_who_says_so(folder: Path) -> None:
    told = guarantees(folder)
    for guarantee in GUARANTEES:
        answer, source = told[guarantee]
        assert answer.split()[0].strip(",;.") in {"yes", "no", "unknown"}, guarantee
        assert source, guarantee


@every_folder
def test_a_platform_has_recorded_deliveries(folder: Path) -> None:
    assert any((folder / "fixtures").glob("*.http"))


def test_every_kind_of_event_comes_from_some_platform() -> None:
    said = {line.split()[0] for path in FIXTURES for line in load(path).notes_on("expect")}
    assert {kind.value for kind in EventKind} <= said


@every_fixture_from_outside
def test_a_recorded_delivery_is_trusted(path: Path) -> None:
    CONNECTORS[load(path).platform].verify(recorded(path), secrets=[SECRET])


@pytest.mark.parametrize("platform", sorted(OWN))
def test_nobody_is_trusted_to_tell_of_a_platform_of_our_own(platform: str) -> None:
    for delivery in (recorded(path) for path in FIXTURES if load(path).platform == platform):
        with pytest.raises(UntrustedDelivery):
            CONNECTORS[platform].verify(delivery, secrets=[SECRET, delivery.token])


@every_fixture_from_outside
def test_a_recorded_delivery_is_trusted_a_day_later_too(path: Path) -> None:
    later = replace(recorded(path), received_at=recorded(path).received_at + timedelta(days=1))
    CONNECTORS[load(path).platform].verify(later, secrets=[SECRET])


@every_fixture_from_outside
def test_a_recorded_delivery_is_trusted_while_secrets_are_rotated(path: Path) -> None:
    CONNECTORS[load(path).platform].verify(recorded(path), secrets=["the-next-secret", SECRET])


@every_fixture_signed_over_its_body
def test_a_delivery_with_a_changed_body_is_refused(path: Path) -> None:
    delivery = recorded(path)
    with pytest.raises(UntrustedDelivery):
        CONNECTORS[load(path).platform].verify(replace(delivery, body=delivery.body + b" "), secrets=[SECRET])


@every_fixture
def test_a_delivery_without_headers_and_token_is_refused(path: Path) -> None:
    with pytest.raises(UntrustedDelivery):
        CONNECTORS[load(path).platform].verify(replace(recorded(path), headers={}, token=""), secrets=[SECRET])


@every_fixture
@pytest.mark.parametrize("secrets", [[], [""], ["another-secret"]], ids=["none", "empty", "another"])
def test_a_delivery_that_none_of_our_secrets_signed_is_refused(path: Path, secrets: list[str]) -> None:
    with pytest.raises(UntrustedDelivery):
        CONNECTORS[load(path).platform].verify(recorded(path), secrets=secrets)


@every_fixture
def test_a_delivery_says_what_its_fixture_says(path: Path) -> None:
    recording = load(path)
    said = outcome(recording.platform, recorded(path))
    expected = recording.notes_on("expect")
    if expected[0].startswith("unreadable "):
        assert isinstance(said, str)
        assert said.startswith(expected[0].removeprefix("unreadable ") + " ")
    else:
        assert said == [line for line in expected if line not in {"nothing", "handshake"}]


@every_fixture
def test_only_a_handshake_is_answered_as_one(path: Path) -> None:
    reply = CONNECTORS[load(path).platform].reply_to_handshake(recorded(path), secrets=[SECRET])
    assert (reply is not None) == (load(path).notes_on("expect") == ["handshake"])


@every_fixture
def test_a_repeated_delivery_has_the_same_key_whatever_its_headers(path: Path) -> None:
    connector = CONNECTORS[load(path).platform]
    later = recorded(path).received_at + timedelta(hours=1)
    again = replace(recorded(path), headers={}, token="another", received_at=later)
    assert connector.delivery_key(again) == connector.delivery_key(recorded(path))


@every_platform
def test_any_two_deliveries_have_different_keys(platform: str) -> None:
    mine = [recorded(path) for path in FIXTURES if load(path).platform == platform]
    keys = {CONNECTORS[platform].delivery_key(delivery) for delivery in mine}
    assert len(keys) == len(mine)


@every_fixture
def test_redacting_takes_nothing_that_is_needed(path: Path) -> None:
    platform = load(path).platform
    kept = replace(recorded(path), body=CONNECTORS[platform].redact(recorded(path)))
    assert outcome(platform, kept) == outcome(platform, recorded(path))


@every_fixture
def test_what_is_redacted_has_nothing_more_to_redact(path: Path) -> None:
    connector = CONNECTORS[load(path).platform]
    kept = replace(recorded(path), body=connector.redact(recorded(path)))
    assert connector.redact(kept) == kept.body


@every_platform
@given(body=GARBAGE, data=st.data())
def test_any_bytes_are_at_worst_unreadable(platform: str, body: bytes, data: st.DataObject) -> None:
    connector = CONNECTORS[platform]
    route = data.draw(st.sampled_from(["", *sorted(connector.routes)]))
    delivery = replace(recorded(FIXTURES[0]), route=route, body=body)
    kept = replace(delivery, body=connector.redact(delivery))
    assert outcome(platform, kept) == outcome(platform, delivery)


@every_platform
@given(body=GARBAGE, token=st.text(), values=st.lists(st.text(), min_size=6, max_size=6))
def test_any_headers_and_bytes_are_at_worst_untrusted(
    platform: str, body: bytes, token: str, values: list[str]
) -> None:
    connector = CONNECTORS[platform]
    headers = dict(zip(sorted(connector.kept_headers), values, strict=False))
    delivery = replace(recorded(FIXTURES[0]), body=body, headers=headers, token=token)
    assert connector.reply_to_handshake(delivery, secrets=[SECRET]) is None
    with pytest.raises(UntrustedDelivery):
        connector.verify(delivery, secrets=[SECRET])


@every_fixture
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_delivery_with_one_damaged_byte_is_at_worst_unreadable(path: Path, data: st.DataObject) -> None:
    platform, delivery = load(path).platform, recorded(path)
    place = data.draw(st.integers(0, len(delivery.body) - 1))
    damaged = delivery.body[:place] + data.draw(st.binary(max_size=3)) + delivery.body[place + 1 :]
    said = outcome(platform, replace(delivery, body=damaged))
    kept = CONNECTORS[platform].redact(replace(delivery, body=damaged))
    assert outcome(platform, replace(delivery, body=kept)) == said


@every_readable_fixture
def test_an_event_that_is_told_again_later_has_the_key_it_had(path: Path) -> None:
    """Where the time of receipt stands in for one that cannot be, only the delivery's own key tells that it is told again."""
    connector = CONNECTORS[load(path).platform]
    again = replace(recorded(path), received_at=recorded(path).received_at + timedelta(hours=2))
    pairs = zip(connector.normalise(recorded(path)), connector.normalise(again), strict=True)
    assert all(is_of_receipt(first) or first.key == second.key for first, second in pairs)
