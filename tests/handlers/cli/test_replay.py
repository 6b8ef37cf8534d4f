"""`rollcall replay`: recorded deliveries through the whole pipeline."""

import json
from pathlib import Path

import pytest

from handlers.platforms import CONNECTORS
from handlers.recordings import read_recording
from tests.handlers.cli.conftest import Type

FIXTURES = Path(__file__).parents[3] / "handlers/platforms/zoom/fixtures"
JOINED = min(FIXTURES.glob("*joined*.http"))


def test_a_recording_is_new_once_and_repeating_it_changes_nothing(type_: Type) -> None:
    assert type_("replay", JOINED, "--platform", "zoom").out == "1 delivery read, 1 new.\n"
    assert type_("replay", JOINED, "--platform", "zoom").out == "1 delivery read, 0 new.\n"


def test_lines_of_json_are_deliveries_too_with_the_body_as_text_or_as_json(type_: Type, tmp_path: Path) -> None:
    delivery = read_recording(JOINED.read_bytes()).delivery(account="")
    line = {
        "received_at": delivery.received_at.isoformat(),
        "headers": delivery.headers,
        "body": delivery.body.decode(),
    }
    file = tmp_path / "day.ndjson"
    file.write_text(f"{json.dumps(line)}\n\n{json.dumps(line | {'body': json.loads(delivery.body)})}\n")
    assert type_("replay", file, "--platform", "zoom").out == "2 deliveries read, 1 new.\n"
    assert type_("replay", JOINED, "--platform", "zoom").out == "1 delivery read, 0 new.\n"


@pytest.mark.parametrize("address", [{"route": "user-join-leave"}, {}])
def test_a_line_of_a_platform_with_several_addresses_may_say_which(
    type_: Type, tmp_path: Path, address: dict[str, str]
) -> None:
    recorded = FIXTURES.parents[1] / "vcaas/fixtures/student_joined.http"
    body = read_recording(recorded.read_bytes()).body.decode()
    file = tmp_path / "day.ndjson"
    file.write_text(json.dumps({"received_at": "2026-11-23T17:00:02Z", "body": body, **address}))
    assert type_("replay", recorded, "--platform", "vcaas").out == "1 delivery read, 1 new.\n"
    assert type_("replay", file, "--platform", "vcaas").out == f"1 delivery read, {0 if address else 1} new.\n"


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b'{"body": "x"}',
        b'{"received_at": "yesterday", "body": "{}"}',
        b'{"received_at": "2026-11-23T17:00:01", "body": "{}"}',
        b'{"received_at": "2026-11-23T17:00:01Z", "body": "\xff"}',
        b'{"received_at": "2026-11-23T17:00:01Z", "headers": 7, "body": "{}"}',
    ],
)
def test_a_bad_line_is_named_with_its_place_and_nothing_is_stored(type_: Type, tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "day.ndjson"
    file.write_bytes(b'{"received_at": "2026-11-23T17:00:01Z", "body": "{}"}\n' + line + b"\n")
    refused = type_("replay", JOINED, file, "--platform", "zoom")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{file}:2: ")
    assert type_("replay", JOINED, "--platform", "zoom").out == "1 delivery read, 1 new.\n"


@pytest.mark.parametrize(
    "content",
    [b"hello", b"POST /webhooks/zoom\n\n{}", b"# received_at: 2026-11-23T17:00:01\nPOST /webhooks/zoom\n\n{}"],
)
def test_a_file_that_is_no_recording_is_named(type_: Type, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "one.http"
    file.write_bytes(content)
    refused = type_("replay", file, "--platform", "zoom")
    assert refused.code == 2
    assert refused.err.startswith(f"{file}: ")


def test_a_platform_we_do_not_know_is_refused_with_those_we_do(type_: Type) -> None:
    refused = type_("replay", JOINED, "--platform", "zom")
    assert (refused.code, refused.err) == (2, f"--platform zom: there is {', '.join(sorted(CONNECTORS))}\n")


def test_what_cannot_be_read_is_kept_and_said(type_: Type, tmp_path: Path) -> None:
    file = tmp_path / "day.ndjson"
    file.write_text('{"received_at": "2026-11-23T17:00:01Z", "body": "{half"}\n')
    replayed = type_("replay", file, "--platform", "zoom")
    assert replayed.code == 0
    assert "1 new.\ndelivery " in replayed.out
    assert "could not be read" in replayed.out
