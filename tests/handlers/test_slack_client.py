"""What the one Slack client makes of Slack's answers; the other side is the sandbox's Slack over HTTP."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import structlog
import yaml
from aiohttp import web

from bot.clock import ManualClock
from bot.errors import SlackBusy, SlackRefused
from handlers.slack_client import SlackClient, SlackClients
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import BOT_TOKEN, Workspace
from storage.slack_accounts import SlackAccount
from tests.builders import NINE

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace(clock=ManualClock(NINE), manifest=yaml.safe_load(Path("manifest.yml").read_text()))
    made.add_person(id="U0ADA", name="Ada Lovelace", email="Ada@Example.com", zone="Europe/London", locale="en-GB")
    made.add_person(id="U0GONE", name="Gus Gone", email="gus@example.com", deleted=True)
    made.add_person(id="U0ROOT", name="Rita Root", email="root@example.com", is_admin=True)
    made.add_channel("python-101", members=["U0ADA"])
    return made


@pytest.fixture
async def clients(workspace: Workspace) -> AsyncIterator[SlackClients]:
    server = SlackServer(workspace)
    timeout = aiohttp.ClientTimeout(total=0.3)
    clients = SlackClients(bot_token=BOT_TOKEN, api_url=await server.start(), timeout=timeout)
    yield clients
    await clients.close()
    await server.stop()


@pytest.fixture
def slack(clients: SlackClients) -> SlackClient:
    return clients.client_for("w1")


async def test_a_token_that_is_refused_is_remembered_until_slack_takes_it_again(
    workspace: Workspace, clients: SlackClients, slack: SlackClient
) -> None:
    assert slack.refusal == ""
    workspace.tokens.revoke(BOT_TOKEN)
    for _ in range(2):
        with pytest.raises(SlackBusy):
            await slack.post("U0ADA", text="Hello")
        assert slack.refusal == "token_revoked"
    workspace.tokens._revoked.clear()
    await slack.post("U0ADA", text="Hello")
    assert slack.refusal == ""


async def test_a_message_is_posted_edited_and_taken_away(workspace: Workspace, slack: SlackClient) -> None:
    posted = await slack.post("U0ADA", text="Hello", blocks=BLOCKS)
    (message,) = workspace.persons["U0ADA"].inbox
    assert (message.ts, message.channel) == (posted.ts, posted.channel)
    await slack.edit(posted.channel, posted.ts, text="You joined")
    (message,) = workspace.persons["U0ADA"].inbox
    assert (message.text, message.blocks) == ("You joined", ())
    assert (await slack.permalink(posted.channel, posted.ts)).startswith("http")
    await slack.delete(posted.channel, posted.ts)
    assert workspace.persons["U0ADA"].inbox == []
    assert workspace.problems == []


async def test_a_channel_is_addressed_by_its_name(workspace: Workspace, slack: SlackClient) -> None:
    posted = await slack.post("#python-101", text="Board", blocks=BLOCKS)
    await slack.edit(posted.channel, posted.ts, text="Board, edited", blocks=BLOCKS)
    await slack.ephemeral(posted.channel, "U0ADA", text="Only you")
    (board,) = workspace.messages_in(posted.channel)
    assert board.text == "Board, edited"
    assert workspace.persons["U0ADA"].ephemerals[0].text == "Only you"


async def test_slack_says_whose_token_it_is(workspace: Workspace, slack: SlackClient) -> None:
    team = await slack.whose_token()
    assert (team.team_id, team.bot_user_id) == (workspace.team_id, workspace.bot.id)


async def test_everybody_comes_in_pages(slack: SlackClient) -> None:
    first = await slack.users_page(limit=2)
    second = await slack.users_page(first.next_cursor, limit=2)
    assert second.next_cursor == ""
    by_id = {profile.account.user_id: profile.account for profile in (*first.profiles, *second.profiles)}
    assert by_id["U0ADA"] == SlackAccount(
        user_id="U0ADA", name="Ada Lovelace", email="ada@example.com", zone="Europe/London", language="en-GB"
    )
    assert by_id["U0GONE"].is_gone
    assert by_id["U0ROOT"].is_admin


async def test_an_address_that_nobody_has_finds_nobody(slack: SlackClient) -> None:
    found = await slack.lookup_by_email("ada@example.com")
    assert found is not None
    assert found.account.user_id == "U0ADA"
    assert await slack.lookup_by_email("nobody@example.com") is None


async def test_too_many_calls_are_busy_with_the_time_to_wait(workspace: Workspace, slack: SlackClient) -> None:
    workspace.faults.rate_limit("chat.postMessage", retry_after=17)
    with pytest.raises(SlackBusy) as busy:
        await slack.post("U0ADA", text="Hello")
    assert (busy.value.code, busy.value.retry_after) == ("ratelimited", timedelta(seconds=17))


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "message_limit_exceeded"])
async def test_what_passes_by_itself_is_busy(workspace: Workspace, slack: SlackClient, code: str) -> None:
    workspace.faults.error("chat.postMessage", code)
    with pytest.raises(SlackBusy) as busy:
        await slack.post("U0ADA", text="Hello")
    assert busy.value.code == code


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"])
async def test_while_the_app_is_not_installed_everything_waits_and_the_log_says_what_to_do(
    workspace: Workspace, slack: SlackClient, code: str
) -> None:
    """Nothing is wrong with what was to be said: it goes out once the token is good again."""
    workspace.faults.error("chat.postMessage", code)
    with structlog.testing.capture_logs() as logs, pytest.raises(SlackBusy) as busy:
        await slack.post("U0ADA", text="Hello")
    assert (busy.value.code, busy.value.retry_after) == (code, timedelta(minutes=1))
    (told,) = logs
    assert (told["event"], told["log_level"], told["code"]) == ("slack_token_refused", "error", code)
    assert "SLACK_BOT_TOKEN" in told["remedy"]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_broken_answer_is_busy(workspace: Workspace, slack: SlackClient, status: int) -> None:
    workspace.faults.server_error("chat.update", status=status)
    with pytest.raises(SlackBusy):
        await slack.edit("D1", "1.2", text="Hello")


async def test_no_answer_within_the_time_is_busy_and_asked_once(workspace: Workspace, slack: SlackClient) -> None:
    workspace.faults.no_answer("chat.postMessage")
    with pytest.raises(SlackBusy) as busy:
        await slack.post("U0ADA", text="Hello")
    assert busy.value.code == "timeout"
    assert [call.method for call in workspace.calls] == ["chat.postMessage"]


async def test_an_answer_that_was_lost_is_busy_and_nothing_is_posted_twice(
    workspace: Workspace, slack: SlackClient
) -> None:
    workspace.faults.drop_answer("chat.postMessage")
    with pytest.raises(SlackBusy) as busy:
        await slack.post("U0ADA", text="Hello")
    assert busy.value.code == "connection_failed"
    assert len(workspace.persons["U0ADA"].inbox) == 1


async def test_a_press_is_answered_in_the_message_that_was_pressed(workspace: Workspace, slack: SlackClient) -> None:
    posted = await slack.post("U0ADA", text="Are you there?")
    message = workspace.messages.find(posted.channel, posted.ts)
    url = workspace.response_urls.mint("U0ADA", posted.channel, message)
    await slack.respond(url, text="Confirmed", in_place=True)
    ada = workspace.persons["U0ADA"]
    assert [each.text for each in ada.inbox] == ["Confirmed"]
    assert ada.ephemerals == []
    assert "response_type" not in workspace.calls[-1].arguments  # or Slack would answer beside it


async def test_what_will_never_work_is_refused_with_slacks_own_word(slack: SlackClient) -> None:
    for call, code in [
        (slack.post("U0GONE", text="Hello"), "user_disabled"),
        (slack.post("#nowhere", text="Hello"), "channel_not_found"),
        (slack.edit("C9", "1.2", text="Hello"), "channel_not_found"),
        (
            slack.open_view(
                "no-trigger", {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
            ),
            "",
        ),
    ]:
        with pytest.raises(SlackRefused) as refused:
            await call
        assert refused.value.code == code or not code


async def test_a_slack_that_is_not_there_is_busy() -> None:
    clients = SlackClients(bot_token=BOT_TOKEN, api_url="http://127.0.0.1:1/api/")
    with pytest.raises(SlackBusy) as busy:
        await clients.client_for("w1").whose_token()
    await clients.close()
    assert busy.value.code == "connection_failed"


@pytest.mark.parametrize("page", ["<html>proxy</html>", "[]", "null", "{", "ok"])
@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/json"])
async def test_a_page_of_a_proxy_is_busy(page: str, content_type: str) -> None:
    async def reply(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type=content_type)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", reply)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clients = SlackClients(bot_token=BOT_TOKEN, api_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/")
    with pytest.raises(SlackBusy):
        await clients.client_for("w1").post("U0ADA", text="Hello")
    await clients.close()
    await runner.cleanup()


async def test_neither_tokens_nor_texts_reach_the_log(
    workspace: Workspace, slack: SlackClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await slack.post("U0ADA", text="confidential")
        workspace.faults.error("chat.postMessage", "invalid_blocks")
        with pytest.raises(SlackRefused) as refused:
            await slack.post("U0ADA", text="confidential")
    assert "confidential" not in caplog.text
    assert BOT_TOKEN not in caplog.text
    assert "confidential" not in str(refused.value)


async def test_a_proxy_of_the_environment_does_not_stand_before_a_slack_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    here = SlackClients(bot_token=BOT_TOKEN, api_url="http://127.0.0.1:1/api/")
    there = SlackClients(bot_token=BOT_TOKEN, api_url="https://slack.com/api/")
    assert here.client_for("w1").web.proxy is None
    assert there.client_for("w1").web.proxy == "http://proxy.invalid:3128"
    await here.close()
    await there.close()
