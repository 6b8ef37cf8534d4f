"""How each platform signs, written down a second time; run as a module it signs fixtures again after an edit.

python -m tests.handlers.platforms.signing handlers/platforms/zoom/fixtures/left.http
"""

import hashlib
import hmac
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.handlers.platforms.fixtures import SECRET, load


def sign_as_zoom(body: bytes, *, secret: str = SECRET, timestamp: str = "1795453201") -> dict[str, str]:
    message = b":".join([b"v0", timestamp.encode(), body])
    signature = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": timestamp, "x-zm-signature": f"v0={signature}"}


def prove_as_100ms(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    return {"x-rollcall-secret": secret}


def prove_as_vcaas(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    """By nothing but the token in the path."""
    return {}


SIGNERS: Mapping[str, Callable[..., dict[str, str]]] = {
    "zoom": sign_as_zoom,
    "100ms": prove_as_100ms,
    "vcaas": prove_as_vcaas,
}


def sign_again(path: Path) -> None:
    """Replaces the headers of a signature in one fixture; all other bytes stay."""
    recording = load(path)
    head, separator, body = path.read_bytes().partition(b"\n\n")
    for name, value in SIGNERS[recording.platform](recording.body).items():
        head = re.sub(rf"(?m)^{re.escape(name)}:.*$".encode(), f"{name}: {value}".encode(), head)
    path.write_bytes(head + separator + body)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        sign_again(Path(argument))
