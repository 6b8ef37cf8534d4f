"""The other side of the sender is the Slack of the sandbox, and the people are those of the school."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bot.attendance.wanted import MessageKind, Wanted
from handlers.slack_client import SlackClient
from handlers.ticks import send_messages
from sandbox.slack.model import Message
from sandbox.slack.workspace import Workspace
from storage.database import Store
from storage.messages import StoredMessage
from tests.builders import NINE
from tests.handlers.slack.conftest import clock, school, slack, workspace
from tests.handlers.slack.school import LESSON, School, account_of

__all__ = ["clock", "school", "slack", "workspace"]

CHANNEL = "#python-101"
REMINDER, BOARD, SUMMARY = MessageKind.REMINDER_1, MessageKind.BOARD, MessageKind.SUMMARY


class Post:
    """The sender, and what people see of it."""

    def __init__(self, store: Store, slack: SlackClient, workspace: Workspace) -> None:
        self.store = store
        self.slack = slack
        self.workspace = workspace

    async def want(
        self,
        kind: MessageKind,
        content: Mapping[str, Any] | None,
        *,
        to: str = "bob",
        now: datetime = NINE,
        due_at: datetime | None = None,
        not_after: datetime | None = None,
    ) -> None:
        wanted = Wanted(kind=kind, recipient=to, content=content, due_at=due_at or now, not_after=not_after)
        async with self.store.write() as memory:
            await memory.messages.want([(LESSON, wanted)], now=now)

    async def send(self, now: datetime = NINE, *, slack: SlackClient | None = None) -> datetime | None:
        self.workspace.clock.move_to(now)  # type: ignore[attr-defined]  # it is a ManualClock
        return await send_messages.tick(self.store, slack or self.slack, now=now)

    async def kept(self, kind: MessageKind = REMINDER, to: str = "bob") -> StoredMessage:
        async with self.store.read() as memory:
            found = await memory.messages.find(LESSON, kind, to)
        assert found is not None
        return found

    async def attempts(self, kind: MessageKind = REMINDER, to: str = "bob") -> list[tuple[str, str]]:
        """(method, outcome) of every call, in order."""
        kept = await self.kept(kind, to)
        async with self.store.read() as memory:
            return [(each.method, each.outcome) for each in await memory.messages.attempts_of(kept.id)]

    def inbox(self, who: str = "bob") -> list[Message]:
        return self.workspace.persons[account_of(who)].inbox

    def channel(self) -> list[Message]:
        channel = self.workspace.channel_named(CHANNEL)
        assert channel is not None
        return self.workspace.messages_in(channel.id)

    def calls(self) -> list[str]:
        return [call.method for call in self.workspace.calls]


@pytest.fixture
async def post(store: Store, slack: SlackClient, workspace: Workspace, school: School) -> Post:
    await school.plan()
    return Post(store, slack, workspace)
