"""Tokens and scopes, taken from the app's own manifest, so that the manifest is tested with every call."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sandbox.slack.errors import Refused
from sandbox.slack.methods import MethodSpec

_APP_LEVEL = {"apps.connections.open"}
_OPEN_TO_ALL = {"blocks.validate"}


class Tokens:
    """Which token is what, which are revoked, and what the bot's token may do."""

    def __init__(self, *, bot_token: str, app_token: str, manifest: Mapping[str, Any]) -> None:
        self._kinds: dict[str, Literal["bot", "app"]] = {bot_token: "bot", app_token: "app"}
        self._revoked: set[str] = set()
        self.scopes: tuple[str, ...] = tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))

    def revoke(self, token: str) -> None:
        """Make every later call with this token fail with `token_revoked`."""
        self._revoked.add(token)

    def check(self, spec: MethodSpec, token: str | None) -> None:
        """Refuse a token that is missing, unknown, revoked or of the wrong kind."""
        if spec.name in _OPEN_TO_ALL:
            return
        if not token:
            raise Refused("not_authed")
        kind = self._kinds.get(token)
        if kind is None:
            raise Refused("invalid_auth")
        if token in self._revoked:
            raise Refused("token_revoked")
        if kind != ("app" if spec.name in _APP_LEVEL else "bot"):
            raise Refused("not_allowed_token_type")

    def require(self, needed: Iterable[str]) -> None:
        """Refuse with `missing_scope` unless one of the scopes was granted; needing none is fine."""
        needed = tuple(needed)
        if needed and not set(needed) & set(self.scopes):
            raise Refused("missing_scope", extra={"needed": ",".join(needed), "provided": ",".join(self.scopes)})
