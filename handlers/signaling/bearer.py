"""Who stands behind a socket: the token in the address, or the ticket among the protocols that a client offers."""

from collections.abc import Sequence

import jwt
from aiohttp import hdrs, web

from bot.clock import wire_now
from handlers.signaling.protocol import SUBPROTOCOL, TICKET
from storage.database import Store
from storage.sockets import Seat

_NEEDED = ["jti", "exp", "lesson", "person", "role"]


def token_of(request: web.Request) -> str:
    """The token that a request shows; empty: none."""
    if given := request.query.get("token", ""):
        return given
    tickets = [offer.removeprefix(TICKET) for offer in offered(request) if offer.startswith(TICKET)]
    return tickets[0] if tickets else ""


def offered(request: web.Request) -> list[str]:
    """The protocols that a client offers to speak, the one it likes best first."""
    given = ",".join(request.headers.getall(hdrs.SEC_WEBSOCKET_PROTOCOL, []))
    return [offer.strip() for offer in given.split(",") if offer.strip()]


def spoken(request: web.Request) -> tuple[str, ...]:
    """The protocol to answer with.

    A client that offers nothing but its ticket gets it back: browsers close what answers none of their offers, and
    aiohttp would write the offers, ticket and all, into the log.
    """
    offers = offered(request)
    return (SUBPROTOCOL,) if SUBPROTOCOL in offers else tuple(offers[:1])


class Bearers:
    """Knows tokens: signed with one of our keys, given out, neither over nor taken back, of somebody enrolled."""

    def __init__(self, store: Store, signing: Sequence[bytes]) -> None:
        self._store = store
        self._signing = signing

    async def seat(self, token: str) -> Seat | None:
        """Whom the token lets into which lesson; None: it is good for nothing."""
        token_id = next((found for key in self._signing if (found := _id_of(token, key))), "")
        if not token_id:
            return None
        async with self._store.read() as memory:
            return await memory.sockets.seat(token_id, now=wire_now())


def _id_of(token: str, key: bytes) -> str:
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": _NEEDED})
    except jwt.InvalidTokenError:
        return ""
    token_id = claims["jti"]
    return token_id if isinstance(token_id, str) else ""
