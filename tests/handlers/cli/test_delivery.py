"""`rollcall delivery`: what came, what could not be read and why, and another try."""

import asyncio
import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import ManualClock
from handlers.cli.context import Context
from handlers.cli.delivery import _retry
from handlers.platforms import CONNECTORS
from handlers.ticks import apply_deliveries
from handlers.ticks.runner import TickRunner
from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery
from storage.inbox import Which
from tests.handlers.cli.conftest import Type
from tests.handlers.platforms.fixtures import zoom_fixture

LEFT = zoom_fixture("left")
FILE = Path(__file__).parents[3] / "handlers/platforms/zoom/fixtures/left.http"


@pytest.fixture
def inbox(type_: Type, tmp_path: Path) -> dict[str, str]:
    """The ids of one delivery that was applied, and of one that could not be read."""
    half = tmp_path / "half.ndjson"
    half.write_text('{"received_at": "2026-11-23T17:00:01Z", "body": "{half"}\n')
    type_("replay", FILE, half, "--platform", "zoom")
    listed = json.loads(type_("delivery", "list", "--json").out)
    return {each["state"]: str(each["id"]) for each in listed}


def test_the_list_says_what_could_not_be_read_and_why(type_: Type, inbox: dict[str, str]) -> None:
    first, second = type_("delivery", "list").out.splitlines()
    newest, applied = (first, second) if first.startswith(inbox["unreadable"]) else (second, first)
    assert "2026-11-23 17:00:01  zoom  unreadable  5 bytes  " in newest
    assert newest.rstrip()[-1] == "."
    assert "applied" in applied
    assert "{half" not in first + second


@pytest.mark.parametrize(
    ("words", "states"),
    [
        (["--state", "unreadable"], ["unreadable"]),
        (["--platform", "100ms"], []),
        (["--since", "2026-11-23T17:00Z", "--state", "unreadable"], ["unreadable"]),
        (["--since", "2026-11-24", "--state", "unreadable"], []),
    ],
)
def test_the_list_is_filtered_by_state_platform_and_time(
    type_: Type, inbox: dict[str, str], words: list[str], states: list[str]
) -> None:
    assert [each["state"] for each in json.loads(type_("delivery", "list", "--json", *words).out)] == states


def test_a_list_that_is_cut_says_how_to_see_the_rest(type_: Type, inbox: dict[str, str]) -> None:
    *_, last = type_("delivery", "list", "--limit", "1").out.splitlines()
    assert last == "… and 1 older: --limit 2 shows all."


def test_one_delivery_is_shown_with_its_body_and_a_word_about_what_that_is(type_: Type, inbox: dict[str, str]) -> None:
    shown = type_("delivery", "show", inbox["unreadable"])
    assert shown.out.endswith("\n{half\n")
    assert "could not be read: " in shown.out
    assert shown.err.startswith("This holds what the platform told of people")


def test_what_is_exported_can_be_replayed_into_another_database(
    type_: Type, inbox: dict[str, str], tmp_path: Path
) -> None:
    written = type_("delivery", "export", "-o", "day.ndjson")
    assert written.out == "2 deliveries written to day.ndjson.\n"
    other = f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    replayed = type_("replay", "day.ndjson", "--platform", "zoom", ROLLCALL_DATABASE_URL=other)
    assert replayed.out.startswith("2 deliveries read, 2 new.\n")
    again = type_("delivery", "export", ROLLCALL_DATABASE_URL=other)
    assert again.out == (tmp_path / "day.ndjson").read_text()


def test_a_body_that_is_no_text_stays_what_it_was(type_: Type, tmp_path: Path) -> None:
    line = '{"received_at": "2026-11-23T17:00:01Z", "headers": {}, "body_base64": "/wD+"}\n'
    (tmp_path / "raw.ndjson").write_text(line)
    type_("replay", "raw.ndjson", "--platform", "zoom")
    assert type_("delivery", "export").out == line


def test_deliveries_of_several_platforms_are_exported_one_platform_at_a_time(
    type_: Type, inbox: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "other.ndjson").write_text('{"received_at": "2026-11-23T17:00:01Z", "body": "{}"}\n')
    type_("replay", "other.ndjson", "--platform", "100ms")
    refused = type_("delivery", "export")
    assert (refused.code, refused.out) == (2, "")
    assert "give --platform 100ms or zoom" in refused.err
    assert type_("delivery", "export", "--platform", "100ms").out.count("\n") == 1


class Silent:
    """Alarms that nobody needs: the poll alone runs the tick."""

    def set(self, name: str, moment: datetime) -> None: ...


async def test_what_is_tried_again_is_taken_up_by_the_poll_of_a_running_serve(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    async with store.write() as memory:
        account = await memory.accounts.default("zoom", now=LEFT.received_at)
    await store.keep([_kept(account)])
    runner = TickRunner(
        "apply_deliveries",
        lambda now: apply_deliveries.tick(store, CONNECTORS, now=now),
        clock=ManualClock(LEFT.received_at),
        alarms=Silent(),
    )
    runner.start()
    await _done(runner)
    context = Context(environment={"ROLLCALL_DATABASE_URL": sqlite_url}, assemble=lambda *_: None)  # type: ignore[arg-type,return-value]  # nothing is run
    assert await _retry(context, Which(state=DeliveryState.APPLIED)) == 1
    assert await _states(store) == [DeliveryState.RECEIVED]
    runner.poll()
    await _done(runner)
    assert await _states(store) == [DeliveryState.APPLIED]
    await runner.stop()
    await store.close()


def test_another_try_says_how_many_and_who_makes_it(type_: Type, inbox: dict[str, str]) -> None:
    for words in (["--state", "unreadable"], [inbox["unreadable"]]):
        tried = type_("delivery", "retry", *words)
        assert tried.out.startswith("1 delivery will be looked into again: by a running `rollcall serve`")
        assert inbox["unreadable"] in type_("delivery", "list", "--state", "received").out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["show", "4711"], "There is no delivery 4711: `rollcall delivery list` shows the ids.\n"),
        (["export", "4711"], "There is no delivery 4711: `rollcall delivery list` shows the ids.\n"),
        (["retry", "4711"], "There is no delivery 4711: `rollcall delivery list` shows the ids.\n"),
        (["retry"], "Give the ids of deliveries, or --state unreadable for all that could not be read.\n"),
        (["list", "--platform", "zom"], f"--platform zom: there is {', '.join(sorted(CONNECTORS))}\n"),
        (
            ["list", "--since", "monday"],
            "--since monday: write how long ago (2h, 7d), or a time as 2026-11-23 or 2026-11-23T17:00Z\n",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence_and_changes_nothing(
    type_: Type, inbox: dict[str, str], words: list[str], why: str
) -> None:
    before = type_("delivery", "list").out
    refused = type_("delivery", *words)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.endswith(why)
    assert type_("delivery", "list").out == before


def _kept(account: str) -> NewDelivery:
    return NewDelivery(
        account_id=account,
        route="",
        delivery_key="1",
        headers={},
        body=LEFT.body,
        received_at=LEFT.received_at,
        verified_at=LEFT.received_at,
    )


async def _done(runner: TickRunner) -> None:
    while not runner.is_idle:  # noqa: ASYNC110  a runner tells nobody that it is done
        await asyncio.sleep(0.01)


async def _states(store: Store) -> list[DeliveryState]:
    async with store.read() as memory:
        return [each.state for each in await memory.inbox.listed(Which(), limit=9)]
