"""Something happens at a given moment of a tick: between reading and keeping, or while a call is on the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from handlers.slack_client import Posted, SlackClient
from storage.database import Store
from storage.memory import Memory

Do = Callable[[], Awaitable[Any]]


class BeforeTheFirstWrite:
    """A store: something else happens after what was read and before the first transaction that writes."""

    def __init__(self, store: Store, do: Do) -> None:
        self.read = store.read
        self._store = store
        self._to_do: list[Do] = [do]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Memory]:
        while self._to_do:
            await self._to_do.pop()()
        async with self._store.write() as memory:
            yield memory


class OnTheWire(SlackClient):
    """A client: something else happens when Slack has posted and we do not know it yet."""

    def __init__(self, slack: SlackClient, do: Do) -> None:
        super().__init__(slack.web, slack._session)
        self._do = do

    async def post(self, *args: Any, **said: Any) -> Posted:
        posted = await super().post(*args, **said)
        await self._do()
        return posted
