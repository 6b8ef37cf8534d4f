"""The one way in for every command, press and submission: acknowledge first, work afterwards, answer where it was.

Bolt answers Slack with 404 after three seconds when a listener raises right after its `ack()`, and drops what lazy
listeners raise. So no listener here does anything that can raise: the work runs in a task of our own, which catches,
answers and is waited for at shutdown.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.clock import Clock
from bot.errors import BotError, SlackBusy, SlackRefused
from bot.messages.answers import Answers
from bot.messages.message import Reader
from handlers.slack import visit as read
from handlers.slack.visit import Visit
from handlers.slack_client import SlackClient
from storage.errors import StorageError

log = structlog.get_logger(__name__)

Work = Callable[[Visit], Awaitable[None]]
#: Looks at the fields of a modal before it closes: field → what is wrong with it. Pure and quick.
Check = Callable[[Visit], Mapping[str, str]]
#: Is given the event and the lesson time at the door.
EventWork = Callable[[Mapping[str, Any], datetime], Awaitable[None]]

#: Wire seconds that work under way is given at shutdown.
DRAIN = 10.0

#: Of who is not known at the door, or not yet.
_ANYBODY = Answers(Reader())


@dataclass(slots=True)
class Registered:
    """What the code listens to; a test compares it with the manifest."""

    commands: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    actions: list[re.Pattern[str]] = field(default_factory=list)
    views: list[str] = field(default_factory=list)


class Door:
    """Registers listeners with Bolt and runs their work."""

    def __init__(self, app: AsyncApp, slack: SlackClient, clock: Clock, dice: Random) -> None:
        self._app = app
        self._slack = slack
        self._clock = clock
        self._dice = dice
        self._tasks: set[asyncio.Task[None]] = set()
        self.registered = Registered()

    def command(self, name: str, work: Work) -> None:
        """Do this for a slash command."""

        async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack()
            self._begin(work, read.of_command(body, now=self._clock.now()))

        self.registered.commands.append(name)
        self._app.command(name)(listen)

    def action(self, action_id: re.Pattern[str], work: Work) -> None:
        """Do this for a button or a menu."""

        async def listen(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
            await ack()
            self._begin(work, read.of_action(body, action, now=self._clock.now()))

        self.registered.actions.append(action_id)
        self._app.action(action_id)(listen)

    def view(self, callback_id: str, work: Work, check: Check | None = None) -> None:
        """Do this for a submitted modal; a field that `check` finds wrong keeps it open."""

        async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
            submitted = read.of_submission(body, now=self._clock.now())
            if wrong := wrong_fields(check, submitted):
                await ack(response_action="errors", errors=dict(wrong))
                return
            await ack()
            self._begin(work, submitted)

        self.registered.views.append(callback_id)
        self._app.view(callback_id)(listen)

    def event(self, name: str, work: EventWork) -> None:
        """Do this for an event; Slack may repeat it and may lose it."""

        async def listen(event: dict[str, Any]) -> None:  # Bolt acknowledges events by itself
            self._track(self._run_event(name, work, event))

        self.registered.events.append(name)
        self._app.event(name)(listen)

    def ignore_the_rest(self) -> None:
        """Acknowledge what nobody listens to, after all else is registered: Slack repeats what is not acknowledged."""

        async def polite(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
            await ack()
            if action.get("type") == "button" and not action.get("url"):
                self._begin(self._old_button, read.of_action(body, action, now=self._clock.now()))

        async def silent(ack: AsyncAck) -> None:
            await ack()

        anything = re.compile(".*")
        self._app.action(anything)(polite)
        self._app.view(anything)(silent)
        self._app.view_closed(anything)(silent)
        self._app.event(anything)(silent)

    @property
    def is_idle(self) -> bool:
        """Whether no work is under way."""
        return not self._tasks

    async def idle(self) -> None:
        """Wait until no work is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def drain(self, seconds: float = DRAIN) -> None:
        """Let the work under way finish, and cancel what takes longer than that (wire time)."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, work: Work, visit: Visit) -> None:
        self._track(self._run(work, visit))

    def _track(self, running: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, work: Work, visit: Visit) -> None:
        try:
            await work(visit)
        except (SlackBusy, SlackRefused) as failed:
            error_id = self._noted(visit, event="slack_call_failed", code=failed.code)
            await self._say(visit, _ANYBODY.slack_failed(error_id))
        except BotError as known:
            await self._say(visit, str(known))
        except StorageError as failed:
            facts = {"error": str(failed), "is_passing": failed.is_passing}
            error_id = self._noted(visit, event="slack_storage_failed", **facts)
            says = _ANYBODY.try_again_soon if failed.is_passing else _ANYBODY.something_failed
            await self._say(visit, says(error_id))
        except Exception:  # noqa: BLE001  the Slack door is one of the three places that catch: error → sentence for the user
            error_id = self._noted(visit, event="slack_work_failed", exc_info=True)
            await self._say(visit, _ANYBODY.something_failed(error_id))

    async def _run_event(self, name: str, work: EventWork, event: Mapping[str, Any]) -> None:
        try:
            await work(event, self._clock.now())
        except Exception:  # as above; nobody waits for an answer to an event
            log.exception("slack_event_failed", event_type=name)

    async def _old_button(self, visit: Visit) -> None:
        await self._say(visit, _ANYBODY.old_button())

    def _noted(self, visit: Visit, *, event: str, **facts: Any) -> str:
        """Write the error into the log under an id that the person is told."""
        error_id = f"{self._dice.getrandbits(32):08x}"
        log.error(event, error_id=error_id, user=visit.user, action=visit.action_id, **facts)
        return error_id

    async def _say(self, visit: Visit, sentence: str) -> None:
        try:
            await answer(self._slack, visit, text=sentence)
        except (SlackBusy, SlackRefused) as failed:
            log.warning("slack_answer_lost", user=visit.user, code=failed.code)


def wrong_fields(check: Check | None, submitted: Visit) -> Mapping[str, str]:
    """Field → what is wrong with it; what cannot be told at a field is told by the work."""
    try:
        return check(submitted) if check is not None else {}
    except BotError:
        return {}


async def answer(slack: SlackClient, visit: Visit, *, text: str, blocks: Any = ()) -> None:
    """Answer an act where it was made, so that only who acted sees it; what was pressed at home, as a message."""
    if visit.response_url:
        try:
            await slack.respond(visit.response_url, text=text, blocks=blocks)
        except SlackRefused:
            log.info("slack_response_url_expired", user=visit.user)
        else:
            return
    if visit.channel == visit.user:
        await slack.post(visit.user, text=text, blocks=blocks)
    elif visit.channel:
        await slack.ephemeral(visit.channel, visit.user, text=text, blocks=blocks)
    elif visit.view_id:
        await slack.update_view(visit.view_id, _ANYBODY.failed_view(text))
