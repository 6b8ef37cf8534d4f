"""Messages that wait for their moment of lesson time."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.slack.content import Content
from sandbox.slack.errors import Refused
from sandbox.slack.model import Channel, Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

AHEAD = timedelta(days=120)
MOST_TOGETHER = 30  # for one channel within five minutes
TOGETHER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One scheduled message."""

    id: str
    channel: Channel
    post_at: datetime
    content: Content
    thread_ts: str | None

    def as_slack(self) -> Json:
        """Return it as chat.scheduledMessages.list shows it."""
        return {
            "id": self.id,
            "channel_id": self.channel.id,
            "post_at": int(self.post_at.timestamp()),
            "text": self.content.text,
        }


class Scheduled:
    """Keeps scheduled messages and posts those that are due."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self.waiting: dict[str, Waiting] = {}
        self._alarms: dict[str, asyncio.Task[None]] = {}

    def add(self, channel: Channel, post_at: int, content: Content, thread_ts: str | None) -> Waiting:
        """Keep a message until `post_at`, UNIX seconds, at most 120 days ahead."""
        try:
            moment = datetime.fromtimestamp(post_at, UTC)
        except (OverflowError, ValueError, OSError):
            raise Refused("invalid_time") from None
        now = self._workspace.clock.now()
        if moment <= now:
            raise Refused("time_in_past")
        if moment - now > AHEAD:
            raise Refused("time_too_far")
        if self._around(channel, moment) >= MOST_TOGETHER:
            raise Refused("restricted_too_many")
        waiting = Waiting(self._workspace.new_id("Q"), channel, moment, content, thread_ts)
        self.waiting[waiting.id] = waiting
        if _loop_runs():
            self._alarms[waiting.id] = self._workspace.spawn(self._post_in((moment - now).total_seconds()))
        return waiting

    def cancel(self, waiting: Waiting) -> None:
        """Take a message back before it is posted."""
        del self.waiting[waiting.id]
        if (alarm := self._alarms.pop(waiting.id, None)) is not None:
            alarm.cancel()

    def post_due(self) -> None:
        """Post everything whose moment has come, in order."""
        now = self._workspace.clock.now()
        due = sorted((w for w in self.waiting.values() if w.post_at <= now), key=lambda waiting: waiting.post_at)
        for waiting in due:
            del self.waiting[waiting.id]
            self._alarms.pop(waiting.id, None)
            self._workspace.messages.post(
                waiting.channel,
                self._workspace.bot.id,
                waiting.content.text,
                blocks=waiting.content.blocks,
                attachments=waiting.content.attachments,
                thread_ts=waiting.thread_ts,
            )

    def _around(self, channel: Channel, moment: datetime) -> int:
        """Count what the channel is to get in the five minutes around a moment."""
        return sum(w.channel is channel and abs(w.post_at - moment) < TOGETHER for w in self.waiting.values())

    async def _post_in(self, seconds: float) -> None:
        await self._workspace.clock.sleep(seconds)
        self.post_due()


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
