"""The door itself: who is let in, that everything is acknowledged, and what becomes of errors."""

import asyncio
import io
import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp
import pytest
import structlog
import yarl

from bot.clock import ManualClock, wire_now
from bot.errors import NotAllowedNow
from bot.messages.actions import pattern
from handlers.slack.app import SeenRequests, SlackApp
from handlers.slack.door import Door, answer
from handlers.slack.visit import Visit, with_way_back
from handlers.slack_client import SlackClient
from sandbox.slack.app_link import encoded, signature
from sandbox.slack.model import Message
from sandbox.slack.people import Person
from sandbox.slack.workspace import Workspace
from storage.errors import StorageError
from tests.handlers.slack.conftest import House

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "try.it", "value": "v1", "text": {"type": "plain_text", "text": "Try"}}
    ],
}
LINK = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "x.link",
            "url": "https://example.com",
            "text": {"type": "plain_text", "text": "Go"},
        }
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "try.view",
    "private_metadata": "lesson-1",
    "title": {"type": "plain_text", "text": "Try"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "reason"},
        }
    ],
}


class Trial:
    """A feature that does what a test wants."""

    def __init__(self, work: Callable[[Visit], Awaitable[None]] | None = None) -> None:
        self.visits: list[Visit] = []
        self.events: list[Any] = []
        self._work = work

    def register(self, door: Door) -> None:
        door.command("/rollcall", self._do)
        door.action(pattern("try.it"), self._do)
        door.view(
            "try.view", self._do, check=lambda visit: {"reason": "Say more."} if visit.fields["reason"] == "?" else {}
        )
        door.event("user_change", self._note)

    async def _do(self, visit: Visit) -> None:
        self.visits.append(visit)
        if self._work is not None:
            await self._work(visit)

    async def _note(self, event: Any, now: datetime) -> None:
        self.events.append(event)
        if self._work is not None:
            raise ZeroDivisionError


@pytest.fixture
def bob(workspace: Workspace) -> Person:
    return workspace.persons["U0BOB"]


async def a_message(workspace: Workspace, slack: SlackClient, block: Any) -> Message:
    await slack.post("U0BOB", text="Try this", blocks=[block])
    return workspace.persons["U0BOB"].inbox[-1]


def open_house(house: House, trial: Trial) -> Awaitable[SlackApp]:
    return house.open([trial])


async def test_a_command_reaches_its_listener_acknowledged_and_empty(house: House, bob: Person) -> None:
    trial = Trial()
    app = await open_house(house, trial)
    reply = await bob.command("/rollcall why Python 101  ")
    await app.door.idle()
    assert reply.acknowledged
    assert reply.message is None
    (visit,) = trial.visits
    assert (visit.user, visit.text) == ("U0BOB", "why Python 101")


async def test_who_raises_right_after_the_acknowledgement_is_acknowledged_all_the_same(
    house: House, bob: Person, workspace: Workspace
) -> None:
    async def fail(_: Visit) -> None:
        raise ZeroDivisionError

    app = await open_house(house, Trial(fail))
    with structlog.testing.capture_logs() as logs:
        reply = await bob.command("/rollcall")
        await app.door.idle()
    assert reply.acknowledged
    (failure,) = [entry for entry in logs if entry["event"] == "slack_work_failed"]
    assert failure["error_id"] in bob.ephemerals[-1].text
    assert workspace.problems == []


@pytest.mark.parametrize(
    ("error", "is_passing", "sentence"),
    [
        (sqlite3.OperationalError("database is locked"), True, "Please try again in a moment"),
        (sqlite3.IntegrityError("FOREIGN KEY constraint failed"), False, "it is our mistake"),
    ],
)
async def test_a_database_that_refuses_is_told_to_who_acted_and_to_the_log(
    house: House, bob: Person, error: Exception, is_passing: bool, sentence: str
) -> None:
    async def fail(_: Visit) -> None:
        raise StorageError(error)

    app = await open_house(house, Trial(fail))
    with structlog.testing.capture_logs() as logs:
        assert (await bob.command("/rollcall")).acknowledged
        await app.door.idle()
    (failure,) = [entry for entry in logs if entry["event"] == "slack_storage_failed"]
    assert (failure["error"], failure["is_passing"]) == (str(error), is_passing)
    assert sentence in bob.ephemerals[-1].text
    assert failure["error_id"] in bob.ephemerals[-1].text


async def test_a_known_error_is_a_sentence_where_the_person_is(
    house: House, slack: SlackClient, workspace: Workspace, bob: Person
) -> None:
    async def refuse(_: Visit) -> None:
        raise NotAllowedNow("The lesson is over.")

    app = await open_house(house, Trial(refuse))
    message = await a_message(workspace, slack, BUTTON)
    assert (await bob.click(message, "try.it")).acknowledged
    await app.door.idle()
    assert bob.ephemerals[-1].text == "The lesson is over."
    assert bob.inbox == [message]


async def test_a_failing_modal_answers_where_its_button_was(
    house: House, slack: SlackClient, workspace: Workspace, bob: Person
) -> None:
    async def work(visit: Visit) -> None:
        if visit.fields:
            raise NotAllowedNow("Too late for that.")
        await slack.open_view(visit.trigger_id, with_way_back(MODAL, visit))

    trial = Trial(work)
    app = await open_house(house, trial)
    await bob.click(await a_message(workspace, slack, BUTTON), "try.it")
    await app.door.idle()
    (view,) = bob.open_views
    reply = await bob.submit(view, {"reason": "flu"})
    await app.door.idle()
    assert (reply.acknowledged, reply.view) == (True, None)
    assert (trial.visits[-1].value, trial.visits[-1].fields) == ("lesson-1", {"reason": "flu"})
    assert bob.ephemerals[-1].text == "Too late for that."


async def test_a_wrong_field_is_told_at_the_field_and_the_modal_stays(
    house: House, slack: SlackClient, workspace: Workspace, bob: Person
) -> None:
    async def work(visit: Visit) -> None:
        if not visit.fields:
            await slack.open_view(visit.trigger_id, with_way_back(MODAL, visit))

    trial = Trial(work)
    app = await open_house(house, trial)
    await bob.click(await a_message(workspace, slack, BUTTON), "try.it")
    await app.door.idle()
    reply = await bob.submit(bob.open_views[0], {"reason": "?"})
    assert reply.errors == {"reason": "Say more."}
    assert len(trial.visits) == 1


async def test_an_answer_still_comes_after_the_response_url_has_expired(
    house: House, slack: SlackClient, workspace: Workspace, clock: ManualClock, bob: Person
) -> None:
    async def work(visit: Visit) -> None:
        if visit.fields:
            await answer(slack, visit, text="Noted.")
        else:
            await slack.open_view(visit.trigger_id, with_way_back(MODAL, visit))

    app = await open_house(house, Trial(work))
    await bob.click(await a_message(workspace, slack, BUTTON), "try.it")
    await app.door.idle()
    clock.advance(minutes=31)
    await bob.submit(bob.open_views[0], {"reason": "flu"})
    await app.door.idle()
    assert bob.ephemerals[-1].text == "Noted."


async def test_a_slow_listener_is_acknowledged_in_time(house: House, bob: Person, workspace: Workspace) -> None:
    gate = asyncio.Event()

    async def wait(_: Visit) -> None:
        await gate.wait()

    app = await open_house(house, Trial(wait))
    assert (await bob.command("/rollcall")).acknowledged
    gate.set()
    await app.door.idle()


async def test_an_unknown_button_is_acknowledged_and_answered_politely(
    house: House, slack: SlackClient, workspace: Workspace, bob: Person
) -> None:
    app = await open_house(house, Trial())
    old = json.loads(json.dumps(BUTTON).replace("try.it", "old.one"))
    assert (await bob.click(await a_message(workspace, slack, old), "old.one")).acknowledged
    await app.door.idle()
    assert "older version" in bob.ephemerals[-1].text


async def test_a_link_button_is_acknowledged_in_silence(
    house: House, slack: SlackClient, workspace: Workspace, bob: Person
) -> None:
    app = await open_house(house, Trial())
    assert (await bob.click(await a_message(workspace, slack, LINK), "x.link")).acknowledged
    await app.door.idle()
    assert bob.ephemerals == []


async def test_slack_may_verify_the_address(house: House, workspace: Workspace) -> None:
    await open_house(house, Trial())
    assert await workspace.verify_url()


async def test_an_event_is_acknowledged_even_if_its_work_fails(house: House, bob: Person) -> None:
    async def any_work(_: Visit) -> None: ...

    trial = Trial(any_work)
    app = await open_house(house, trial)
    with structlog.testing.capture_logs() as logs:
        reply = await bob.change(zone="Europe/Rome")
        await app.door.idle()
    assert reply is not None
    assert reply.acknowledged
    assert trial.events[0]["user"]["tz"] == "Europe/Rome"
    assert [entry["event_type"] for entry in logs if entry["event"] == "slack_event_failed"] == ["user_change"]


# Who is let in


async def post(house: House, body: bytes, *, secret: str = "", timestamp: str = "", headers: Any = None) -> int:
    """Send bytes as Slack would; the status of the reply."""
    timestamp = timestamp or str(int(wire_now().timestamp()))
    signed = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
    async with (
        aiohttp.ClientSession() as http,
        http.post(house.url, data=body, headers={**signed, **(headers or {})}) as reply,
    ):
        return reply.status


COMMAND = encoded(
    "slash_commands", {"command": "/rollcall", "text": "confidential", "user_id": "U0BOB", "team_id": "T0SANDBOX"}
)[1]


async def test_a_request_that_slack_did_not_sign_is_refused_and_its_body_never_logged(
    house: House, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    trial = Trial()
    app = await open_house(house, trial)
    secret = workspace.signing_secret
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        assert await post(house, COMMAND, secret="wrong") == 401
        assert await post(house, COMMAND, secret=secret, timestamp="soon") == 401
        assert await post(house, COMMAND, secret=secret, timestamp="１２３") == 401
        assert await post(house, COMMAND, secret=secret, timestamp="1000000000") == 401
        assert await post(house, COMMAND, secret=secret, headers={"X-Slack-Signature": "v0=é"}) == 401
        assert await post(house, b"text=\xff", secret=secret) == 400
    await app.door.idle()
    assert trial.visits == []
    assert "confidential" not in caplog.text + repr(logs)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b"payload={", b"payload=[]", b"", b"{}", b'{"type": 1}', b'{"payload": "x"}']
)
async def test_a_signed_request_that_makes_no_sense_breaks_nothing(
    house: House, workspace: Workspace, body: bytes
) -> None:
    app = await open_house(house, Trial())
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        status = await post(house, body, secret=workspace.signing_secret, headers={"Content-Type": content_type})
        assert status in {200, 400, 404}
        workspace.problems.clear()
    await app.door.idle()


HEAD = (
    b"POST /slack/events HTTP/1.1\r\nhost: x\r\nx-slack-request-timestamp: 1000000000\r\ncontent-length: 500\r\n\r\n{"
)


async def test_a_body_that_never_ends_is_given_up(house: House) -> None:
    await open_house(house, Trial())
    url = yarl.URL(house.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(HEAD)
    reply = await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
    writer.close()
    assert reply.startswith(b"HTTP/1.1 408")


async def test_who_hangs_up_in_the_middle_of_a_body_leaves_no_traceback(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await open_house(house, Trial())
    url = yarl.URL(house.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(HEAD)
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.5)
    assert caplog.text == ""


async def test_more_than_slack_ever_sends_is_413_before_anybody_proves_anything(house: House) -> None:
    trial = Trial()
    await open_house(house, trial)
    body = io.BytesIO(b"command=" + b"x" * 2 * 1024 * 1024)
    headers = {"x-slack-request-timestamp": "1", "x-slack-signature": "v0=0"}
    async with aiohttp.ClientSession() as http, http.post(house.url, data=body, headers=headers) as reply:
        assert reply.status == 413
    assert trial.visits == []


async def test_a_copied_request_gets_200_and_does_nothing(house: House, workspace: Workspace) -> None:
    trial = Trial()
    app = await open_house(house, trial)
    timestamp = str(int(wire_now().timestamp()))
    for _ in range(2):
        assert await post(house, COMMAND, secret=workspace.signing_secret, timestamp=timestamp) == 200
    await app.door.idle()
    assert len(trial.visits) == 1


def test_a_signature_may_come_again_once_it_is_too_old_to_be_good() -> None:
    now = 0.0
    seen = SeenRequests(lambda: now)
    assert seen.is_new("a")
    assert not seen.is_new("a")
    now = 601.0
    assert seen.is_new("a")
    seen.forget("a")
    assert seen.is_new("a")


async def test_another_workspace_is_not_let_in(house: House, workspace: Workspace) -> None:
    trial = Trial()
    app = await open_house(house, trial)
    await app.bind()
    foreign = COMMAND.replace(b"T0SANDBOX", b"T0FOREIGN")
    assert await post(house, foreign, secret=workspace.signing_secret) == 200
    assert await post(house, COMMAND, secret=workspace.signing_secret) == 200
    await app.door.idle()
    assert len(trial.visits) == 1


async def test_no_request_makes_us_ask_slack_who_we_are(house: House, workspace: Workspace, bob: Person) -> None:
    app = await open_house(house, Trial())
    await app.bind()
    for _ in range(3):
        await bob.command("/rollcall")
    await app.door.idle()
    assert [call.method for call in workspace.calls] == ["auth.test"]


# Shutdown and Socket Mode


async def test_work_under_way_is_finished_at_shutdown(house: House, bob: Person) -> None:
    done: list[str] = []

    async def work(_: Visit) -> None:
        await asyncio.sleep(0.05)
        done.append("done")

    app = await open_house(house, Trial(work))
    await bob.command("/rollcall")
    await app.close()
    assert done == ["done"]


async def test_work_that_never_ends_does_not_hold_up_the_shutdown(house: House, bob: Person) -> None:
    async def work(_: Visit) -> None:
        await asyncio.Event().wait()

    app = await open_house(house, Trial(work))
    await bob.command("/rollcall")
    await app.close(seconds=0.01)
    await app.door.idle()


async def test_socket_mode_is_the_same_door_without_an_address(house: House, workspace: Workspace, bob: Person) -> None:
    trial = Trial()
    app = house.built([trial])
    await app.connect(workspace.app_token)
    async with asyncio.timeout(5):
        while not workspace.app.sockets:  # noqa: ASYNC110  the sandbox tells nobody when somebody connects
            await asyncio.sleep(0.01)
    assert (await bob.command("/rollcall now")).acknowledged
    await app.door.idle()
    assert trial.visits[0].text == "now"
    await app.close()
