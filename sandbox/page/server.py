"""The page's server: the static files, the live line, and what people do, under a path that nobody can guess."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from aiohttp import web

from sandbox.errors import SandboxError
from sandbox.page import drawn, drawn_room
from sandbox.page.acts_room import IN_CLASSROOM
from sandbox.page.acts_slack import IN_SLACK
from sandbox.page.guard import add_headers, only_from_here
from sandbox.page.live import Live
from sandbox.page.scene import Json, Scene
from sandbox.page.wishes import Unclear, read, text
from sandbox.slack.model import CannotDo

STATIC = Path(__file__).parent / "static"
LARGEST_WISH = 256 * 1024
#: What a browser may show of a file; anything else is handed out to be kept.
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"})

ACTS = {**IN_SLACK, **IN_CLASSROOM}
Play = Callable[[str], Awaitable[Scene]]


class Page:
    """Shows a scene, and lets whoever looks at it act in it.

    `scenarios` are (name, title) of those that the page offers to play; `play` puts up the one of that name and
    returns it as a scene, after taking down the one before; it may raise SandboxError with a sentence for people.
    """

    def __init__(self, scene: Scene, *, scenarios: Sequence[tuple[str, str]] = (), play: Play | None = None) -> None:
        self._scene = scene
        self._play = play
        self._live = Live(scene, [{"name": name, "title": title} for name, title in scenarios])
        self._secret = secrets.token_urlsafe(18)
        self._runner: web.AppRunner | None = None
        self._changing = asyncio.Lock()

    async def start(self, port: int = 0, *, or_any: bool = False) -> str:
        """Listen on this port of the loopback interface and return the page's address, which ends in a slash.

        Port 0 is any free one. With `or_any` another one is taken if the port is; else that raises OSError.
        """
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except OSError:
            if not or_any:
                raise
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._live.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/{self._secret}/"

    async def stop(self) -> None:
        """Let go of all browsers and stop listening."""
        await self._live.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def show(self, scene: Scene) -> None:
        """Show another scene; every browser gets the world anew."""
        self._scene = scene
        self._live.show(scene)

    def refresh(self) -> None:
        """Tell the clock, the story's end and what else nobody is told of by itself."""
        self._live.refresh()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[only_from_here], client_max_size=LARGEST_WISH)
        app.on_response_prepare.append(add_headers)
        root = f"/{self._secret}"
        app.add_routes(
            [
                web.get(root, self._to_the_slash),
                web.get(f"{root}/", self._index),
                web.get(f"{root}/live", self._follow),
                web.post(f"{root}/act", self._act),
                web.get(f"{root}/deliveries/{{id}}", self._delivery),
                web.get(f"{root}/files/{{id}}", self._file),
                web.static(f"{root}/static", STATIC),
            ]
        )
        app.on_shutdown.append(self._live.hang_up)
        return app

    async def _to_the_slash(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPPermanentRedirect(f"{request.path}/")

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        if self._live.is_full:
            raise web.HTTPServiceUnavailable(text="Too many pages are open.")
        return await self._live.serve(request)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        # A form of another site can be sent without asking, but never as JSON.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            return web.json_response(await self._do(read(await request.read())))
        except (Unclear, CannotDo, SandboxError) as problem:
            return web.json_response({"ok": False, "error": str(problem)})

    async def _do(self, wish: Json) -> Json:
        name = text(wish, "act")
        if name == "play":
            return await self._play_anew(text(wish, "scenario"))
        if name not in ACTS:
            raise Unclear(f"{name!r} is unknown; known are {', '.join((*ACTS, 'play'))}")
        if self._changing.locked():
            raise Unclear("another scenario is being put up")
        scene = self._scene
        done = await ACTS[name](scene, wish)
        if name in IN_CLASSROOM and scene is self._scene:
            self._live.refresh()
        return done

    async def _play_anew(self, scenario: str) -> Json:
        if self._play is None:
            raise Unclear("this page plays no scenarios")
        if self._changing.locked():
            raise Unclear("another scenario is being put up")
        async with self._changing:
            self.show(await self._play(scenario))
        return {"ok": True}

    async def _delivery(self, request: web.Request) -> web.StreamResponse:
        if self._changing.locked():
            raise web.HTTPServiceUnavailable(text="Another scenario is being put up.")
        scene = self._scene
        found = scene.find_delivery(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(text="This delivery is not kept any longer.")
        room, delivery = found
        became = await scene.lookup(room.platform, delivery) if scene.lookup else None
        return web.json_response(drawn_room.delivery_detail(room, delivery, became))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        held = self._scene.workspace.files.get(request.match_info["id"])
        if held is None or held.content is None:
            raise web.HTTPNotFound(text="This file is not kept any longer.")
        kind = drawn.mimetype(held)
        is_shown = kind in SHOWN_TYPES
        response = web.Response(body=held.content, content_type=kind if is_shown else "application/octet-stream")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if not is_shown:
            response.headers["Content-Disposition"] = "attachment"
        return response
