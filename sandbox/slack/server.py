"""Slack's side of the wire: the Web API, uploads, response URLs and Socket Mode over HTTP."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.slack.errors import Refused
from sandbox.slack.faults import Fault
from sandbox.slack.uploads import LARGEST
from sandbox.slack.web_api import answer
from sandbox.slack.wire import read_request, read_upload
from sandbox.slack.workspace import Workspace


def web_app(workspace: Workspace) -> web.Application:
    """Return the application with `/api/{method}`, `/upload/{id}`, `/response/{id}` and `/socket`."""
    endpoints = _Endpoints(workspace)
    app = web.Application(client_max_size=LARGEST + 1024)
    app.router.add_route("*", "/api/{method}", endpoints.call)
    app.router.add_post("/upload/{id}", endpoints.upload)
    app.router.add_post("/response/{id}", endpoints.respond)
    app.router.add_get("/socket", endpoints.socket)
    app.on_shutdown.append(endpoints.shut_down)
    return app


class SlackServer:
    """Serves a workspace on a port of this machine."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, port 0 picking a free one, and return the base URL of the Web API, which ends in `/api/`."""
        self._runner = web.AppRunner(web_app(self.workspace), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.workspace.base_url = f"http://{host}:{bound[1]}/"
        return self.workspace.api_url

    async def stop(self) -> None:
        """Stop listening, stop what runs in the workspace, and let go of the app."""
        await self.workspace.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


class _Endpoints:
    """The handlers; each call meets the faults that are planned for it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stopping = asyncio.Event()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of the Web API."""
        self._learn_address(request)
        method = request.match_info["method"]
        if delay := self._workspace.faults.delay(method):
            await asyncio.sleep(delay)
        try:
            arguments, token = await read_request(request, method)
        except Refused as refused:
            self._workspace.record(method, {}, refused.code, 200)
            return _json(200, refused.body())
        fault = self._workspace.faults.take(method)
        if fault is not None and fault.kind in {"status", "no_answer"}:
            return await self._fail(fault, method, arguments)
        answered = answer(self._workspace, method, arguments, token, fault=fault)
        if fault is not None and fault.kind == "answer_dropped":
            _hang_up(request)
        return _json(answered.status, answered.body, dict(answered.headers))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file."""
        self._learn_address(request)
        status, text = self._workspace.uploads.put(request.match_info["id"], await read_upload(request))
        return web.Response(status=status, text=text)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Take a post to a response URL."""
        self._learn_address(request)
        try:
            body = json.loads(await request.read())
        except ValueError:
            body = None
        fault = self._workspace.faults.take("response_url")
        if fault is not None and fault.kind in {"status", "no_answer"}:
            return await self._fail(fault, "response_url", {})
        return _json(*self._workspace.response_urls.post(request.match_info["id"], body))

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Hold a Socket Mode connection."""
        return await self._workspace.sockets.serve(request)

    async def shut_down(self, _: web.Application) -> None:
        """Let go of callers that wait for an answer that never comes, and of the sockets."""
        self._stopping.set()
        await self._workspace.sockets.close()

    def _learn_address(self, request: web.Request) -> None:
        self._workspace.base_url = f"{request.url.origin()}/"

    async def _fail(self, fault: Fault, method: str, arguments: dict[str, Any]) -> web.StreamResponse:
        if fault.kind == "status":
            self._workspace.record(method, arguments, f"http_{fault.status}", fault.status)
            return web.Response(status=fault.status, text="fault on purpose")
        self._workspace.record(method, arguments, "no_answer", 0)
        await self._stopping.wait()
        return web.Response(status=503)


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(body, status=status, headers=headers)
