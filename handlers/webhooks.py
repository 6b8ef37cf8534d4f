"""The door for platforms: verify, keep, answer. Everything else happens behind it, when a tick looks.

Which status for what:

* 200  on disk, or there already, or of no interest to attendance, or trusted and unreadable (kept, shown to admins).
       An answer to a question about the endpoint itself is 200 too and is not kept.
* 401  nothing proves that the platform sent it; counted in the log, the body is not kept
* 404  the platform is not switched on, no account has this address, or the platform has no such callback
* 413  more bytes than the platform ever sends; looked at before everything else
* 400  the body broke off, or is not encoded as its headers say
* 503  not whole after 2.5 s, not on disk after 2.5 s more, or the store refused it: the platform tries again (Zoom
       waits 3 s, never repeats a 4xx)
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.connectors import Delivery, PlatformConnector
from bot.errors import (
    BotError,
    DeliveryTooLarge,
    DeliveryTooSlow,
    IncompleteDelivery,
    NotFound,
    UnknownPlatform,
    UntrustedDelivery,
)
from handlers.addresses import Addressed, Addresses
from handlers.batches import Batcher, NotWritten
from handlers.refusals import Refusals
from storage.database import Store
from storage.deliveries import NewDelivery

#: seconds of the machine's time; Zoom gives up after 3
KEPT_WITHIN = 2.5
#: where no platform says another limit
LARGEST_BODY = 1024 * 1024
#: bytes; what is larger is looked at beside the event loop
LARGE_BODY = 256 * 1024

STATUS_OF = {
    UntrustedDelivery: (HTTPStatus.UNAUTHORIZED, "untrusted"),
    UnknownPlatform: (HTTPStatus.NOT_FOUND, "unknown_platform"),
    NotFound: (HTTPStatus.NOT_FOUND, "unknown_address"),
    IncompleteDelivery: (HTTPStatus.BAD_REQUEST, "incomplete"),
    DeliveryTooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"),
    DeliveryTooSlow: (HTTPStatus.SERVICE_UNAVAILABLE, "too_slow"),
}

log = structlog.get_logger()


def uncounted(_platform: str, _outcome: str) -> None:
    """What was answered is counted nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedOn:
    """A platform with secrets, and the account that they belong to."""

    connector: PlatformConnector
    account_id: str
    secrets: Sequence[str]


class WebhookDoor:
    """`POST /webhooks/{platform}`, with `/{token}` for an account with an address of its own, with
    `/{token}/{route}` where a platform has several URLs.

    Open it before the server listens, close it after the last request.

    `secrets`: by platform, those that are switched on. `wake` is called when something new is on disk. `kept_within`:
    seconds for a delivery to be whole, and as many again for it to be on disk; larger bodies have longer to be whole.
    `addresses`: the accounts with one of their own; None: there are none. `count` is told of each answer: the name of
    the platform, and `kept`, `handshake` or the code of the refusal.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        connectors: Mapping[str, PlatformConnector],
        secrets: Mapping[str, Sequence[str]],
        wake: Callable[[], None],
        addresses: Addresses | None = None,
        count: Callable[[str, str], None] = uncounted,
        kept_within: float = KEPT_WITHIN,
    ) -> None:
        self._store = store
        self._clock = clock
        self._connectors = connectors
        self._secrets = secrets
        self._wake = wake
        self._addresses = addresses
        self._refusals = Refusals(store)
        self._count = count
        self._kept_within = kept_within
        self._on: dict[str, SwitchedOn] = {}
        self._batches: Batcher[NewDelivery, None] = Batcher(self._write, within=kept_within)

    @property
    def is_open(self) -> bool:
        """Whether a delivery would be kept."""
        return self._batches.is_open

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/webhooks/{platform}", self.receive),
            web.post("/webhooks/{platform}/{token}", self.receive),
            web.post("/webhooks/{platform}/{token}/{route}", self.receive),
        ]

    async def open(self) -> None:
        async with self._store.write() as memory:
            for platform, secrets in self._secrets.items():
                account_id = await memory.accounts.default(platform, now=self._clock.now())
                connector = self._connectors[platform]
                self._on[platform] = SwitchedOn(connector=connector, account_id=account_id, secrets=secrets)
        if self._addresses is not None:
            await self._addresses.open()
        self._batches.open()

    async def close(self) -> None:
        """Finish the open batch, and what was counted."""
        await self._batches.close()
        await self._refusals.close()

    async def receive(self, request: web.Request) -> web.Response:
        try:
            return await self._receive(request)
        except BotError as refusal:
            status, code = STATUS_OF[type(refusal)]
            log.warning("delivery_refused", platform=self._name(request), reason=code)
            self._count(self._name(request), code)
            return _error(status, code, str(refusal))
        except (TimeoutError, NotWritten) as problem:
            cause = type(problem.__cause__ or problem).__name__
            log.error("delivery_not_kept", platform=self._name(request), cause=cause)  # noqa: TRY400 - its text may quote the row
            self._count(self._name(request), "not_kept")
            return _error(
                HTTPStatus.SERVICE_UNAVAILABLE, "not_kept", "The delivery could not be stored. Try again later."
            )

    async def _receive(self, request: web.Request) -> web.Response:
        at_most = self._at_most(request)
        body = await _read(request, at_most=at_most, within=self._kept_within * max(1, at_most // LARGEST_BODY))
        now = self._clock.now()
        platform = await self._addressed(request, now)
        connector = platform.connector
        delivery = Delivery(
            account=platform.account_id,
            route=request.match_info.get("route", ""),
            token=request.match_info.get("token", ""),
            headers=request.headers,  # finds names in any case, so nothing has to be copied
            body=body,
            received_at=now,
        )
        try:
            connector.verify(delivery, secrets=platform.secrets)
        except UntrustedDelivery:
            self._refusals.count(platform.account_id, now)
            raise
        if connector.routes and delivery.route not in connector.routes:
            raise NotFound("There is no such callback.")
        if (answer := connector.reply_to_handshake(delivery, secrets=platform.secrets)) is not None:
            self._count(connector.name, "handshake")
            return web.Response(body=answer, content_type="application/json")
        is_large = len(body) > LARGE_BODY
        new = await asyncio.to_thread(_to_keep, connector, delivery) if is_large else _to_keep(connector, delivery)
        await self._batches.add(new)
        self._count(connector.name, "kept")
        return web.Response(body=connector.reply(delivery), content_type="text/plain")

    def _at_most(self, request: web.Request) -> int:
        connector = self._connectors.get(request.match_info["platform"])
        if connector is None:
            return LARGEST_BODY
        return connector.routes.get(request.match_info.get("route", ""), connector.max_body)

    async def _addressed(self, request: web.Request, now: datetime) -> SwitchedOn:
        """Whose address it is. Raises `UnknownPlatform`, `NotFound` for an address of nobody."""
        name, token = request.match_info["platform"], request.match_info.get("token")
        platform, connector = self._on.get(name), self._connectors.get(name)
        if token is None or connector is None:
            if platform is None:
                raise UnknownPlatform
            return platform
        if (account := await self._account(name, token)) is not None:
            return SwitchedOn(connector=connector, account_id=account.id, secrets=account.secrets_at(now))
        if not connector.routes:
            raise NotFound("No account has this address.")
        if platform is not None:
            return platform  # the token is what proves the delivery, so that is for the connector to say
        raise UntrustedDelivery if self._addresses is not None and self._addresses.has_some(name) else UnknownPlatform

    async def _account(self, platform: str, token: str) -> Addressed | None:
        return None if self._addresses is None else await self._addresses.find(platform, token)

    async def _write(self, batch: Sequence[NewDelivery]) -> Sequence[None]:
        new = await self._store.keep(batch)
        log.debug("delivery_kept", deliveries=len(batch), of_them_new=new)
        if new:
            self._wake()
        return [None] * len(batch)

    def _name(self, request: web.Request) -> str:
        """The platform's name, if it is one: paths are outside text and may hold a token."""
        name = request.match_info["platform"]
        return name if name in self._connectors else "unknown"


def _to_keep(connector: PlatformConnector, delivery: Delivery) -> NewDelivery:
    return NewDelivery(
        account_id=delivery.account,
        route=delivery.route,
        delivery_key=connector.delivery_key(delivery),
        headers=_worth_keeping(delivery.headers, connector.kept_headers),
        body=connector.redact(delivery),
        received_at=delivery.received_at,
        verified_at=delivery.received_at,
    )


async def _read(request: web.Request, *, at_most: int, within: float) -> bytes:
    if (request.content_length or 0) > at_most:
        raise DeliveryTooLarge
    try:
        if request.content.is_eof():  # most come with their headers, and a timer costs as much as a signature
            return await _whole(request, at_most)
        async with asyncio.timeout(within):
            return await _whole(request, at_most)
    except TimeoutError:
        raise DeliveryTooSlow from None
    except (ConnectionError, web.RequestPayloadError):
        raise IncompleteDelivery from None


async def _whole(request: web.Request, at_most: int) -> bytes:
    chunks = []
    size = 0
    while chunk := await request.content.readany():
        size += len(chunk)
        if size > at_most:
            raise DeliveryTooLarge
        chunks.append(chunk)
    return b"".join(chunks)


def _worth_keeping(headers: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """ASCII only: aiohttp hands on undecodable bytes as lone surrogates, which no database takes."""
    kept = {}
    for name in names:
        if (value := headers.get(name)) is not None:
            kept[name] = value if value.isascii() else value.encode("ascii", "backslashreplace").decode()
    return kept


def _error(status: HTTPStatus, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
