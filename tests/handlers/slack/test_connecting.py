"""The way to Slack at the start: what is the matter is said once, with what to do, and once that it is over."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import ManualClock
from bot.errors import BotError, SlackBusy
from handlers.slack.app import SlackApp
from handlers.slack.connecting import Connecting
from handlers.slack_client import SlackClient
from sandbox.slack.workspace import Workspace
from tests.builders import NINE

SECOND = timedelta(seconds=1)
UNREACHABLE = SlackBusy("auth.test: connection_failed", code="connection_failed")
DOWN = SlackBusy("auth.test: HTTP 503", code="service_unavailable")
REFUSED = SlackBusy("auth.test: invalid_auth", code="invalid_auth", retry_after=timedelta(minutes=1))


class App:
    """Slack's answers to *whose token is this?*, one after the other; then it answers well."""

    def __init__(self, *answers: BotError) -> None:
        self.answers = list(answers)
        self.done: list[str] = []

    async def bind(self) -> None:
        if self.answers:
            raise self.answers.pop(0)
        self.done.append("bound")

    async def connect(self, app_token: str) -> None:
        self.done.append(f"connected with {app_token}")


def connecting(app: App, app_token: str = "") -> Connecting:
    return Connecting(app, ManualClock(NINE), api_url="https://slack.com/api/", app_token=app_token)


async def test_a_slack_that_answers_is_asked_once_and_nothing_is_said() -> None:
    app = App()
    with capture_logs() as said:
        assert await connecting(app, "xapp-1").tick(NINE) is None
    assert (app.done, said) == (["bound", "connected with xapp-1"], [])


async def test_a_slack_that_cannot_be_reached_is_said_once_with_what_to_do_and_so_is_that_it_is_back() -> None:
    tick = connecting(App(UNREACHABLE, UNREACHABLE, UNREACHABLE)).tick
    with capture_logs() as said:
        again = [await tick(NINE) for _ in range(4)]
    assert again == [NINE + 5 * SECOND, NINE + 10 * SECOND, NINE + 20 * SECOND, None]
    matter, over = said
    assert (matter["event"], matter["address"]) == ("slack_cannot_be_reached", "https://slack.com/api/")
    assert "SLACK_API_URL" in matter["remedy"]
    assert over["event"] == "slack_answers_again"


async def test_a_trouble_of_another_kind_is_said_again() -> None:
    tick = connecting(App(UNREACHABLE, DOWN, DOWN)).tick
    with capture_logs() as said:
        for _ in range(4):
            await tick(NINE)
    assert [each["event"] for each in said] == [
        "slack_cannot_be_reached",
        "slack_does_not_answer",
        "slack_answers_again",
    ]


async def test_a_refused_token_is_asked_about_a_minute_later_and_said_where_it_was_refused() -> None:
    tick = connecting(App(REFUSED)).tick
    with capture_logs() as said:
        assert await tick(NINE) == NINE + timedelta(minutes=1)
    assert said == []


@pytest.mark.parametrize("has_app_token", [True, False])
async def test_a_token_of_the_app_that_slack_refuses_is_named_as_such(
    slack: SlackClient, workspace: Workspace, clock: ManualClock, has_app_token: bool
) -> None:
    workspace.faults.error("apps.connections.open" if has_app_token else "auth.test", "invalid_auth")
    app = SlackApp((), slack=slack, signing_secret="s", clock=clock, dice=None)  # type: ignore[arg-type]  # nobody presses
    with capture_logs() as said:
        again = await Connecting(app, clock, api_url="", app_token="xapp-1").tick(clock.now())
    assert again is not None
    (refused,) = said
    assert refused["event"] == "slack_token_refused"
    assert ("SLACK_APP_TOKEN" in refused["remedy"]) is has_app_token
