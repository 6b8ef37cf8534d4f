"""Socket Mode: the app opens a WebSocket and gets commands, interactions and events through it."""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from sandbox.slack.app_link import Delivered, DeliveryKind, Retry
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST_CONNECTIONS = 10
_TICKETS_KEPT = 100


@dataclass(eq=False, slots=True)
class Connection:
    """One WebSocket; an envelope is acknowledged by its id."""

    workspace: "Workspace"
    socket: web.WebSocketResponse
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    async def deliver(self, kind: DeliveryKind, payload: Json, retry: Retry | None) -> Delivered:
        """Send an envelope and wait for its acknowledgement; the caller limits the time."""
        envelope_id = self.workspace.new_id("envelope")
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            await self.socket.send_str(json.dumps(envelope))
            return Delivered(200, await answer)
        except ConnectionError:
            return Delivered(None, failure="connection_failed")
        finally:
            del self._waiting[envelope_id]

    def take(self, text: str) -> None:
        """Take what the app sent: an acknowledgement, perhaps with a payload."""
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.workspace.complain("Socket Mode: something that is no acknowledgement")
            return
        answer = self._waiting.get(envelope_id)
        if answer is None or answer.done():
            self.workspace.complain("Socket Mode: an acknowledgement too late or for no envelope")
            return
        answer.set_result(message.get("payload", ""))

    def abandon(self) -> None:
        """Fail whatever still waits for an acknowledgement."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the connection is closed"))


class Sockets:
    """The app's connections: at most ten, each opened with a ticket of apps.connections.open."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._tickets: OrderedDict[str, None] = OrderedDict()
        self.connections: list[Connection] = []

    def issue_ticket(self) -> str:
        """Return a ticket that opens one connection."""
        ticket = self._workspace.new_id("ticket")
        self._tickets[ticket] = None
        if len(self._tickets) > _TICKETS_KEPT:
            self._tickets.popitem(last=False)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection until either side closes it."""
        if self._tickets.pop(request.query.get("ticket", ""), "unknown") == "unknown":
            return web.Response(status=401)
        if len(self.connections) >= MOST_CONNECTIONS:
            return web.Response(status=429)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(self._workspace, socket)
        self.connections.append(connection)
        self._workspace.app.sockets.append(connection)
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    connection.take(message.data)
        finally:
            self.connections.remove(connection)
            self._workspace.app.sockets.remove(connection)
            connection.abandon()
        return socket

    async def ask_to_reconnect(self) -> None:
        """Send every connection Slack's request to open a new one, as it does every hour or so."""
        for connection in list(self.connections):
            await connection.socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def close(self) -> None:
        """Close all connections."""
        for connection in list(self.connections):
            await connection.socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._workspace.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
        }
