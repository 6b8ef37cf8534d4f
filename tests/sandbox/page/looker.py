"""Somebody who looks at the page: a browser without the pictures."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp


class Looker:
    """Opens a page's address, hears what it tells, and acts."""

    def __init__(self, address: str, http: aiohttp.ClientSession) -> None:
        self.address = address
        self._http = http
        self.frames: list[dict[str, Any]] = []
        self._lines: list[aiohttp.ClientWebSocketResponse] = []
        self._others: list[Looker] = []

    def beside(self) -> "Looker":
        """Somebody else who looks at the same page; goes when this one goes."""
        other = Looker(self.address, self._http)
        self._others.append(other)
        return other

    async def open(self, **options: Any) -> dict[str, Any]:
        """Open the live line; the first frame."""
        self.line = await self._http.ws_connect(f"{self.address}live", max_msg_size=0, **options)
        self._lines.append(self.line)
        return await self.frame()

    async def frame(self) -> dict[str, Any]:
        """The next frame."""
        async with asyncio.timeout(5):
            frame: dict[str, Any] = json.loads(await self.line.receive_str())
        self.frames.append(frame)
        return frame

    async def change(self, kind: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """Hear frames until one tells a change of this kind that fits; that change."""
        while True:
            for change in (await self.frame()).get("changes", ()):
                if change["is"] == kind and fits(change):
                    return change

    async def change_of_world(self) -> dict[str, Any]:
        """Hear frames until one is a whole world; it."""
        while (frame := await self.frame())["kind"] != "world":
            pass
        return frame

    async def act(self, act: str, **more: Any) -> dict[str, Any]:
        """Do something; the reply."""
        async with self._http.post(f"{self.address}act", json={"act": act, **more}) as reply:
            return await reply.json()

    async def done(self, act: str, **more: Any) -> None:
        """Do something that works."""
        assert await self.act(act, **more) == {"ok": True}

    async def refused(self, act: str, **more: Any) -> str:
        """Do something that does not work; the sentence that says why."""
        reply = await self.act(act, **more)
        assert reply["ok"] is False
        return str(reply["error"])

    async def close(self) -> None:
        """Close every line that was opened."""
        for line in self._lines:
            await line.close()
        for other in self._others:
            await other.close()
