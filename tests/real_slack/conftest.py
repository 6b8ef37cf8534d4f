"""The two places in which each test runs: the sandbox, and Slack itself if the environment names a workspace."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.alone import slack

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
SANDBOX, SLACK = "the sandbox", "Slack"
VALIDATE = "ROLLCALL_TEST_SLACK_VALIDATE"
BOT_TOKEN = "ROLLCALL_TEST_SLACK_BOT_TOKEN"
CHANNEL = "ROLLCALL_TEST_SLACK_CHANNEL"
PERSON = "ROLLCALL_TEST_SLACK_PERSON"


@dataclass(frozen=True)
class Place:
    """A workspace: our app's client there, a channel that it is a member of, and a person."""

    client: AsyncWebClient
    channel: str
    person: str


@pytest.fixture(autouse=True)
def only_this_machine() -> None:
    """Here, and only here, Slack may be spoken to."""


@pytest.fixture(params=[SANDBOX, SLACK])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """A workspace with our app; Slack's only if all its variables are set."""
    if request.param == SANDBOX:
        async with slack(MANIFEST, rate_limits=False) as workspace:
            channel = workspace.channel_named("general")
            assert channel is not None
            async with client(workspace.bot_token, workspace.api_url) as ours:
                yield Place(ours, channel.id, "U0ADA")
        return
    given = {name: os.environ.get(name, "") for name in (BOT_TOKEN, CHANNEL, PERSON)}
    if missing := [name for name, value in given.items() if not value]:
        pytest.skip(f"no workspace to test in: {', '.join(missing)} not set")
    async with client(given[BOT_TOKEN]) as ours:
        yield Place(ours, given[CHANNEL], given[PERSON])


@pytest.fixture(params=[SANDBOX, SLACK])
async def validator(request: pytest.FixtureRequest) -> AsyncIterator[AsyncWebClient]:
    """Who judges blocks without a token; Slack only if it is switched on, because that needs the network."""
    if request.param == SANDBOX:
        async with slack(MANIFEST, rate_limits=False) as workspace, client(None, workspace.api_url) as ours:
            yield ours
        return
    if os.environ.get(VALIDATE) != "1":
        pytest.skip(f"blocks.validate is not asked: {VALIDATE} is not 1")
    async with client(None) as ours:
        yield ours


@asynccontextmanager
async def client(token: str | None, url: str = AsyncWebClient.BASE_URL) -> AsyncIterator[AsyncWebClient]:
    """A client that waits as long as it is told to."""
    async with aiohttp.ClientSession() as session:
        ours = AsyncWebClient(token=token, base_url=url, session=session)
        ours.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=10))
        yield ours
