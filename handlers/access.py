"""Who may ask over HTTP: a bearer token, its scopes, and the course that it is bound to."""

import hmac
from collections.abc import Awaitable, Callable, Collection

from aiohttp import web

from bot.clock import wire_now
from bot.scopes import OF_THE_FIXED_TOKEN, Grant, Scope
from storage.database import Store

#: A handler that is told what its caller may see.
Granted = Callable[[web.Request, Grant], Awaitable[web.StreamResponse]]


class Access:
    """Knows tokens: those that were given out, and the fixed one of the settings, if there is one."""

    def __init__(self, store: Store, *, fixed: str | None = None) -> None:
        self._store = store
        self._fixed = fixed

    def guarded(
        self, handler: Granted, *, scope: Scope, also: Collection[Scope] = ()
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The handler behind a token: 401 without a good one, 403 for one without the scope, or one of `also`."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            grant = await self._grant(request)
            if grant is None:
                reply = _error(401, "unauthorised", f"Send `Authorization: Bearer …` with a token of scope `{scope}`.")
                reply.headers["WWW-Authenticate"] = "Bearer"
                return reply
            if grant.scopes.isdisjoint({scope, *also}):
                return _error(403, "forbidden", f"This token has not the scope `{scope}`.")
            return await handler(request, grant)

        return guarded

    async def _grant(self, request: web.Request) -> Grant | None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            return None
        if self._fixed is not None and hmac.compare_digest(given.encode(errors="replace"), self._fixed.encode()):
            return Grant(OF_THE_FIXED_TOKEN)
        async with self._store.read() as memory:
            return await memory.api_tokens.grant(given, now=wire_now())


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
