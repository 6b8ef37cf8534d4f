"""Slack's way in: Bolt inside our own aiohttp application over HTTP, or Socket Mode where an app token is set."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from random import Random
from typing import Protocol

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

from bot.clock import Clock, stopwatch
from handlers.slack.door import DRAIN, Door
from handlers.slack_client import SlackClient
from handlers.slack_values import SlackTeam

log = structlog.get_logger(__name__)

#: Slack refuses a time stamp that is more than five minutes off, and so do we; until then a copy would be accepted.
REPLAY_SECONDS = 300.0
_REPLAYS_KEPT = 20_000
#: Nothing that Slack sends comes near; what is larger is not read before anybody has proven anything.
_LARGEST_BODY = 1024 * 1024
#: Wire seconds for a body to arrive; Slack itself waits three for the whole reply.
_READ_WITHIN = 3.0

# At INFO Bolt writes whole bodies to its log, with names and texts of people.
_QUIET = logging.getLogger("slack_bolt.rollcall")
_QUIET.setLevel(logging.ERROR)


class Feature(Protocol):
    """One file of this folder: what people can do, and the listeners for it."""

    def register(self, door: Door) -> None:
        """Tell the door what to listen to."""
        ...


class SlackApp:
    """Everything that comes from Slack. Only the workspace whose token we have is let in."""

    def __init__(
        self,
        features: Iterable[Feature],
        *,
        slack: SlackClient,
        signing_secret: str,
        clock: Clock,
        dice: Random,
        read_within: float = _READ_WITHIN,
    ) -> None:
        self._slack = slack
        self._read_within = read_within
        self._verifier = SignatureVerifier(signing_secret)
        self._seen = SeenRequests()
        self._socket: AsyncSocketModeHandler | None = None
        self._team: SlackTeam | None = None
        self._bolt = AsyncApp(
            name="rollcall",
            logger=_QUIET,
            client=slack.web,
            signing_secret=signing_secret,
            authorize=self._authoriser(),
        )
        self.door = Door(self._bolt, slack, clock, dice)
        for feature in features:
            feature.register(self.door)
        self.door.ignore_the_rest()

    async def bind(self) -> SlackTeam:
        """Ask Slack whose token we have; from then on nobody else's requests are let in. Raises as `SlackClient`."""
        self._team = await self._slack.whose_token()
        return self._team

    async def receive(self, request: web.Request) -> web.Response:
        """POST /slack/events: events, commands and interactivity.

        401 not signed by Slack, 400 not readable, 408 too slow, 413 too large; a copy of a request gets 200 and does
        nothing.
        """
        request = request.clone(client_max_size=_LARGEST_BODY)
        signature = request.headers.get("x-slack-signature", "")
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,12}", timestamp):  # Bolt would answer 500
            return _refused(401, "the time stamp is no number")
        try:
            async with asyncio.timeout(self._read_within):
                body = (await request.read()).decode()
        except TimeoutError:
            return _refused(408, "the body does not arrive")
        except (ConnectionError, web.RequestPayloadError):
            return _refused(400, "the body breaks off")
        except UnicodeDecodeError:  # Bolt would answer 500
            return _refused(400, "the body is not UTF-8")
        # hmac.compare_digest raises for what is not ASCII
        if not signature.isascii() or not self._verifier.is_valid(body, timestamp, signature):
            return _refused(401, "the signature does not fit")
        if not self._seen.is_new(signature):
            return web.Response()
        return await self._dispatch(request, signature)

    async def connect(self, app_token: str) -> None:
        """Open Socket Mode; returns once it is connected. Raises as `SlackClient`."""
        # Asked here, because Bolt tries for ever, with a traceback each time.
        address = await self._slack.socket_address(app_token)
        self._socket = AsyncSocketModeHandler(self._bolt, app_token, logger=_QUIET, proxy=self._slack.web.proxy)
        self._socket.client.wss_uri = address
        await self._socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt's has no types

    async def close(self, seconds: float = DRAIN) -> None:
        """Let nobody in any more and let the work under way finish, at most so long (wire time)."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # Bolt's has no types
            self._socket = None
        await self.door.drain(seconds)

    async def _dispatch(self, request: web.Request, signature: str) -> web.Response:
        try:
            bolt_request = await to_bolt_request(request)
        except (ValueError, AttributeError, KeyError, TypeError):  # signed, and yet no JSON or not Slack's
            return _refused(400, "the body cannot be read")
        reply = await to_aiohttp_response(await self._bolt.async_dispatch(bolt_request))
        if reply.status != 200:
            self._seen.forget(signature)  # Slack may send it again, and then it counts
        return reply

    def _authoriser(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            # The signature proves that Slack sends it for our app; until `bind` has succeeded that has to be enough.
            team = self._team
            if team is not None and team_id not in (None, team.team_id):
                log.warning("slack_foreign_workspace", team=team_id)
                return None
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_user_id=team.bot_user_id if team is not None else None,
                bot_token=self._slack.web.token,
            )

        # A function, because Bolt takes the `self` of a method for an argument that it cannot fill.
        return authorize  # type: ignore[return-value]  # None is Bolt's own word for "not installed"; its type forgets it


class SeenRequests:
    """The signatures of the last five minutes: a copied request is as valid as the first one."""

    def __init__(self, now: Callable[[], float] = stopwatch) -> None:
        self._now = now
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, signature: str) -> bool:
        """Whether it was not seen within the time in which Slack's signature is good; from now on it was."""
        now = self._now()
        while self._seen and (len(self._seen) > _REPLAYS_KEPT or next(iter(self._seen.values())) < now):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        # The time stamp may be five minutes ahead of us as well as behind.
        self._seen[signature] = now + 2 * REPLAY_SECONDS
        return True

    def forget(self, signature: str) -> None:
        """Let it come again."""
        self._seen.pop(signature, None)


def _refused(status: int, reason: str) -> web.Response:
    log.warning("slack_request_refused", status=status, reason=reason)
    return web.Response(status=status)
