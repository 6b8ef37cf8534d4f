"""Zoom's tokens for Server-to-Server OAuth: good for an hour, never refreshed, several may be good at once."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.errors import PlatformUnavailable
from bot.payloads import text
from handlers.platforms.zoom.replies import Token

#: Seconds. A token is renewed so long before its end, but is used for half its life at least.
USUALLY_GOOD, RENEWED_BEFORE = 3600.0, 300.0

#: Asks Zoom's OAuth endpoint, with this query and these headers.
Ask = Callable[[Mapping[str, str], Mapping[str, str]], Awaitable[Token]]


class ZoomTokens:
    """The tokens of one app: one is kept until shortly before its end, or until it is refused."""

    refusals: Collection[int] = frozenset({401})

    def __init__(
        self, ask: Ask, *, account_id: str, client_id: str, client_secret: str, now: Callable[[], datetime]
    ) -> None:
        """`now` is wire time."""
        self._ask = ask
        self._query = {"grant_type": "account_credentials", "account_id": account_id}
        self._basic = b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._client_secret = client_secret
        self._now = now
        self._kept = ""
        self._renewed_at: datetime | None = None
        self._one_asks = asyncio.Lock()

    @property
    def secrets(self) -> Sequence[str]:
        return [each for each in (self._kept, self._client_secret, self._basic) if each]

    async def token(self) -> str:
        """One that is good for a while; if there is none, one call asks for all that wait."""
        async with self._one_asks:
            if self._renewed_at is None or self._now() >= self._renewed_at:
                self._kept, lasts = await self._asked()
                self._renewed_at = self._now() + timedelta(seconds=max(lasts - RENEWED_BEFORE, lasts / 2))
            return self._kept

    def forget(self, token: str) -> None:
        if token == self._kept:
            self._renewed_at = None

    async def _asked(self) -> tuple[str, float]:
        answer = await self._ask(self._query, {"Authorization": f"Basic {self._basic}"})
        token = text(answer.access_token)
        if not token:
            raise PlatformUnavailable("Zoom answered without a token when asked to give us one.")
        try:
            return token, float(answer.expires_in or USUALLY_GOOD)
        except ValueError:
            return token, USUALLY_GOOD
