"""`GET /signaling`: who may speak, and on how many sockets.

* 401  no token, or one that is good for nothing: before the upgrade
* 426  a good token, and no WebSocket
* 429  as many sockets of one person in one lesson as there may be
* 503  the program is stopping
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from aiohttp import WSCloseCode, hdrs, web

from bot.clock import Clock
from handlers.checks import Checks
from handlers.signaling.bearer import Bearers, spoken, token_of
from handlers.signaling.conversation import Conversation
from handlers.signaling.hub import POLL, Guest, Hub
from handlers.signaling.listener import Listener
from handlers.signaling.reaching import Reaching
from handlers.signaling.register import LEASE, Register
from storage.database import Store
from storage.sockets import Seat

#: Of one person in one lesson, with one process: a few devices with a few pages.
MOST_SOCKETS = 20
#: Bytes of a frame; those of the protocol have two hundred.
LARGEST_FRAME = 16 * 1024
#: Wire seconds of silence after which a client is asked whether it is there; it has half of it to answer.
HEARTBEAT = 20.0
#: Wire seconds for a client to say goodbye too.
GOODBYE_WITHIN = 3.0


class SignalingDoor:
    """Lets people in by their tokens. Open it before the server listens, close it before it stops."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bearers: Bearers,
        checks: Checks,
        *,
        delivered: Callable[[], None],
        lease: timedelta = LEASE,
        poll: float = POLL,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        """`delivered` is called when somebody came into, or went from, a classroom of our own."""
        self._store = store
        self._clock = clock
        self._bearers = bearers
        self._checks = checks
        self._heartbeat = heartbeat
        self._reaching = Reaching(checks, clock)
        self._register = Register(store, clock, delivered=delivered, lease=lease)
        self.hub = Hub(store, clock, self._register, self._reaching, poll=poll)
        self._closing: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/signaling", self.receive)]

    def open(self) -> None:
        """Begin to write and to listen; needs a running event loop."""
        self._register.open()
        self.hub.open()

    async def close(self) -> None:
        """Dismiss everybody, and finish what is to be written."""
        await self.hub.close()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await self._reaching.close()
        await self._register.close()

    async def receive(self, request: web.Request) -> web.StreamResponse:
        seat = await self._bearers.seat(token_of(request))
        if seat is None:
            return _error(401, "unauthorised", "Give a good signaling token: `?token=…`, or the protocol `ticket#…`.")
        if (refusal := self._refusal(request, seat)) is not None:
            return refusal
        ws = web.WebSocketResponse(
            protocols=spoken(request),
            heartbeat=self._heartbeat,
            autoping=False,  # a pong is a sign of life, and only whoever sees it can note its time
            max_msg_size=LARGEST_FRAME + 1,  # `aiohttp` refuses this very size too
            timeout=GOODBYE_WITHIN,
            compress=False,
        )
        await ws.prepare(request)
        await self._conversation(request, ws, seat).run()
        return ws

    def _refusal(self, request: web.Request, seat: Seat) -> web.Response | None:
        if request.headers.get(hdrs.UPGRADE, "").lower() != "websocket":
            reply = _error(426, "upgrade_required", "This is a WebSocket: connect with `Upgrade: websocket`.")
            reply.headers[hdrs.UPGRADE] = "websocket"
            return reply
        if self.hub.is_closing:
            return _error(503, "stopping", "The program is stopping. Try again in a moment.")
        if self.hub.count(seat) >= MOST_SOCKETS:
            return _error(429, "too_many_sockets", f"At most {MOST_SOCKETS} sockets of one person: close some pages.")
        return None

    def _conversation(self, request: web.Request, ws: web.WebSocketResponse, seat: Seat) -> Conversation:
        transport = request.transport

        def cut_off() -> None:
            if transport is not None:
                transport.abort()

        async def say_goodbye() -> None:
            code = WSCloseCode.GOING_AWAY if self.hub.is_closing else WSCloseCode.POLICY_VIOLATION
            try:
                async with asyncio.timeout(2 * GOODBYE_WITHIN):  # who reads nothing does not read this either
                    await ws.close(code=code)
            except TimeoutError:
                cut_off()

        def close() -> None:
            task = asyncio.get_running_loop().create_task(say_goodbye())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

        return Conversation(
            ws,
            Guest(seat=seat, listener=Listener(ws, cut_off), close=close),
            store=self._store,
            clock=self._clock,
            hub=self.hub,
            register=self._register,
            reaching=self._reaching,
            checks=self._checks,
        )


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
