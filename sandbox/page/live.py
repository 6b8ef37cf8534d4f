"""The browsers that look on: each gets the world, then what changes, and never a backlog."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.page.changes import Ledger
from sandbox.page.scene import Json, Scene
from sandbox.page.world import world

AT_MOST_EVERY = 0.1
"""Seconds between two frames; longer if drawing them takes long, so that it never fills more than a tenth."""

CLOCK_EVERY = 5.0
BACKLOG = 50
"""Frames that may wait for one browser; one that lags further behind gets the world anew instead."""

MOST_BROWSERS = 50
HEARTBEAT = 20.0


class Browser:
    """One open page."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._frames: deque[str] = deque()
        self._is_behind = True
        self._woken = asyncio.Event()
        self._woken.set()

    def offer(self, frame: str) -> None:
        """Send this soon, unless the world is to be sent anyway."""
        if self._is_behind:
            return
        self._frames.append(frame)
        self._woken.set()
        if len(self._frames) > BACKLOG:
            self.start_anew()

    def start_anew(self) -> None:
        """Send the world soon, instead of whatever waits."""
        self._frames.clear()
        self._is_behind = True
        self._woken.set()

    async def hang_up(self) -> None:
        """Close the line."""
        await self._socket.close(code=WSCloseCode.GOING_AWAY)

    async def write(self, draw_world: Callable[[], str]) -> None:
        """Send what is offered, as fast as the browser reads it, until the line breaks."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._is_behind or self._frames:
                if self._is_behind:
                    frame = draw_world()
                    self._is_behind = False
                else:
                    frame = self._frames.popleft()
                await self._socket.send_str(frame)


class Live:
    """Tells all browsers of one scene; `show` puts another one in its place."""

    def __init__(self, scene: Scene, scenarios: Sequence[Json]) -> None:
        self._scenarios = scenarios
        self._browsers: set[Browser] = set()
        self._woken = asyncio.Event()
        self._scene = scene
        self._ledger = Ledger(scene, self._woken.set)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="page")

    async def stop(self) -> None:
        self._ledger.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def show(self, scene: Scene) -> None:
        """Show another scene from now on."""
        self._ledger.close()
        self._scene = scene
        self._ledger = Ledger(scene, self._woken.set)
        for browser in self._browsers:
            browser.start_anew()

    def refresh(self) -> None:
        """Tell the clock and what else stands beside the story."""
        self._ledger.note_clock()

    async def hang_up(self, _: web.Application) -> None:
        """End every line, as the server shuts down."""
        await asyncio.gather(*(browser.hang_up() for browser in self._browsers), return_exceptions=True)

    @property
    def is_full(self) -> bool:
        return len(self._browsers) >= MOST_BROWSERS

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold the line to one browser until it closes it."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=1024, compress=False)
        await socket.prepare(request)
        browser = Browser(socket)
        self._browsers.add(browser)
        writer = asyncio.ensure_future(browser.write(self._draw_world))
        try:
            async for message in socket:  # pages only listen; whoever talks is none
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    break
        finally:
            self._browsers.discard(browser)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    def _draw_world(self) -> str:
        self._flush()  # what the others have to hear stands in the world already
        return json.dumps(world(self._scene, self._scenarios))

    def _flush(self) -> None:
        changes = self._ledger.take()
        if changes is None:
            for browser in self._browsers:
                browser.start_anew()
        elif changes:
            frame = json.dumps({"kind": "changes", "changes": changes})
            for browser in self._browsers:
                browser.offer(frame)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        clock_told_at = loop.time()
        while True:
            try:
                async with asyncio.timeout(CLOCK_EVERY):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            begun = loop.time()
            if not self._browsers:
                self._ledger.forget()
            else:
                if begun - clock_told_at >= CLOCK_EVERY:
                    self._ledger.note_clock()
                    clock_told_at = begun
                self._flush()
            await asyncio.sleep(max(AT_MOST_EVERY, 9 * (loop.time() - begun)))
