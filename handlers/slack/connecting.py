"""The way to Slack at the start: whose token it is, and Socket Mode. Webhooks are taken whatever Slack says."""

from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.clock import Clock
from bot.errors import SlackBusy, SlackRefused
from handlers.slack_client import NOT_INSTALLED

#: Lesson time until the next try, by number of tries.
PATIENCE: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
#: What is said where nobody answered, as `handlers/slack_client.py` calls it.
UNREACHABLE: Final = frozenset({"connection_failed", "timeout"})

log = structlog.get_logger()


class App(Protocol):
    """What `handlers/slack/app.py` has to do before Slack is there; raises `SlackBusy` and `SlackRefused`."""

    async def bind(self) -> object:
        """Ask whose token it is."""
        ...

    async def connect(self, app_token: str) -> None:
        """Open Socket Mode."""
        ...


class Connecting:
    """A tick that tries until Slack has answered; what is the matter is said once, and once that it is over."""

    def __init__(self, app: App, clock: Clock, *, api_url: str, app_token: str) -> None:
        """With `app_token` Socket Mode is opened too."""
        self._app = app
        self._clock = clock
        self._api_url = api_url
        self._app_token = app_token
        self._is_bound = False
        self._is_open = not app_token
        self._tries = 0
        self._said = ""

    async def tick(self, _now: datetime) -> datetime | None:
        """When to try again; None: there is nothing left to do."""
        try:
            await self._connect()
        except (SlackBusy, SlackRefused) as problem:
            self._say(problem)
            wait = PATIENCE[min(self._tries, len(PATIENCE) - 1)]
            self._tries += 1
            asked = problem.retry_after if isinstance(problem, SlackBusy) else None
            return self._clock.now() + (asked or wait)
        if self._said:
            log.info("slack_answers_again", after_tries=self._tries)
            self._said = ""
        return None

    async def _connect(self) -> None:
        if not self._is_bound:
            await self._app.bind()
            self._is_bound = True
        if not self._is_open:
            await self._app.connect(self._app_token)
            self._is_open = True

    def _say(self, problem: SlackBusy | SlackRefused) -> None:
        if problem.code == self._said:
            return
        self._said = problem.code
        if problem.code in UNREACHABLE:
            log.error(
                "slack_cannot_be_reached",
                address=self._api_url,
                problem=str(problem),
                remedy="check the network, a proxy and SLACK_API_URL; webhooks are kept and messages wait meanwhile",
            )
        elif problem.code not in NOT_INSTALLED:  # of those the client has said it, with the remedy
            remedy = "see https://slack-status.com; webhooks are kept and messages wait meanwhile"
            log.error("slack_does_not_answer", problem=str(problem), remedy=remedy)
