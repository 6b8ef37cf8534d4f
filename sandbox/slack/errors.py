"""The one way in which a call is refused."""

from collections.abc import Iterable, Mapping
from typing import Any


class Refused(Exception):
    """A call is answered with `ok: false`; `messages` become response_metadata.messages."""

    def __init__(
        self,
        code: str,
        *,
        messages: Iterable[str] = (),
        extra: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = dict(extra or {})
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Return the reply's JSON."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body
