"""Recorded deliveries: a request in a file, byte for byte, as `.http`.

    # received_at: 2026-11-23T17:00:01Z
    # expect: joined 2026-11-23T17:00:00Z room=97711976001 ...
    POST /webhooks/zoom
    x-zm-request-timestamp: 1795453201

    {"event": ...

Comments come first, then the request line, the headers, an empty line, and the body to the very end of the file. Where
a platform has several URLs, the path is `/webhooks/NAME/TOKEN/ROUTE`.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.connectors import Delivery
from bot.errors import BadInput

WEBHOOKS = "/webhooks/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded request, and what its file says about it."""

    path: str
    headers: dict[str, str]
    body: bytes
    #: the comments, by their key, in the order of the file
    notes: tuple[tuple[str, str], ...]

    @property
    def platform(self) -> str:
        return self._parts[0]

    @property
    def _parts(self) -> tuple[str, str, str]:
        """Platform, token and route."""
        platform, token, route, *_ = (*self.path.removeprefix(WEBHOOKS).split("/"), "", "")
        return platform, token, route

    @property
    def received_at(self) -> datetime:
        """Raises `BadInput` when the file does not say it."""
        for text in self.notes_on("received_at"):
            return datetime.fromisoformat(text)
        raise BadInput("A recording needs a line `# received_at: <time>`.")

    def notes_on(self, key: str) -> list[str]:
        return [text for name, text in self.notes if name == key]

    def delivery(self, *, account: str) -> Delivery:
        """As the door would hand it to a connector."""
        _, token, route = self._parts
        return Delivery(
            account=account,
            route=route,
            token=token,
            headers=self.headers,
            body=self.body,
            received_at=self.received_at,
        )


def read_recording(content: bytes) -> Recording:
    """Raises `BadInput` when the file has not the form above."""
    head, separator, body = content.partition(b"\n\n")
    lines = head.decode().splitlines()
    comments = [line[1:] for line in lines if line.startswith("#")]
    request = [line for line in lines if not line.startswith("#")]
    if not separator or not request or not request[0].startswith(f"POST {WEBHOOKS}"):
        raise BadInput(f"A recording needs a line `POST {WEBHOOKS}<platform>`, headers, an empty line and the body.")
    headers = [_pair(line) for line in request[1:]]
    return Recording(
        path=request[0].split()[1],
        headers={name.lower(): value for name, value in headers},
        body=body,
        notes=tuple(_pair(line) for line in comments if ":" in line),
    )


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()
