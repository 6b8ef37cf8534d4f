"""100ms's tokens: JWTs that we sign ourselves, one kind for its REST API, one that lets a person into a room."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import jwt

from bot.clock import wire_now

#: How long a token is good, and how long before its end the next one is made.
LASTS = timedelta(hours=24)
RENEWED_BEFORE = timedelta(minutes=5)


@dataclass(slots=True)
class Tokens:
    """Signs for one 100ms app; the management token is kept until shortly before its end, or until it is refused."""

    access_key: str = field(repr=False)
    app_secret: str = field(repr=False)
    #: wire time
    now: Callable[[], datetime] = wire_now
    refusals: Collection[int] = frozenset({401, 403})
    _kept: str = field(default="", init=False, repr=False)
    _good_until: datetime | None = field(default=None, init=False, repr=False)

    @property
    def secrets(self) -> Sequence[str]:
        return [each for each in (self._kept, self.app_secret, self.access_key) if each]

    async def token(self) -> str:
        """The management token, a new one shortly before its end."""
        now = self.now()
        if self._good_until is None or now >= self._good_until - RENEWED_BEFORE:
            self._kept, self._good_until = self._signed({"type": "management"}, now, LASTS), now + LASTS
        return self._kept

    def forget(self, token: str) -> None:
        if token == self._kept:
            self._good_until = None

    def for_room(self, *, room_id: str, user_id: str, role: str, lasts: timedelta = LASTS) -> str:
        """An auth token: whoever has it joins this room as this user, in this role."""
        claims = {"type": "app", "room_id": room_id, "user_id": user_id, "role": role}
        return self._signed(claims, self.now(), lasts)

    def _signed(self, claims: Mapping[str, str], now: datetime, lasts: timedelta) -> str:
        issued = int(now.timestamp())
        ends = issued + int(lasts.total_seconds())
        payload = {"access_key": self.access_key, "version": 2, **claims, "iat": issued, "nbf": issued, "exp": ends}
        return jwt.encode({**payload, "jti": str(uuid4())}, self.app_secret, algorithm="HS256")
