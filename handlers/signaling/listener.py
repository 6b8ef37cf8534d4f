"""The sending side of one socket: what it is told waits in a line that has an end."""

import asyncio
from collections.abc import Callable

from aiohttp import web

#: Frames that may wait for a slow reader. Who is further behind is cut off: on coming back, the state is told anew.
BACKLOG = 256
#: Wire seconds for one frame to leave; a line that takes none is dead.
SENT_WITHIN = 20.0


class Listener:
    """Says frames to a client, one after the other; `cut_off` ends the connection where the client does not read."""

    def __init__(
        self, ws: web.WebSocketResponse, cut_off: Callable[[], None], *, sent_within: float = SENT_WITHIN
    ) -> None:
        self._ws = ws
        self._cut_off = cut_off
        self._sent_within = sent_within
        self._frames: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self._speaking: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to send; needs a running event loop."""
        self._speaking = asyncio.get_running_loop().create_task(self._speak())

    async def close(self) -> None:
        """Send no more."""
        if self._speaking is not None:
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)

    def say(self, frame: str) -> None:
        """Put a frame in the line."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self._cut_off()

    async def _speak(self) -> None:
        try:
            while True:
                frame = await self._frames.get()
                async with asyncio.timeout(self._sent_within):
                    await self._ws.send_str(frame)
        except (TimeoutError, ConnectionError):
            self._cut_off()
