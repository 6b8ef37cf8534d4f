"""No test speaks to anybody but this machine: Slack, above all, is the sandbox's."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

#: Names that stand for nobody (RFC 2606), for tests in which somebody cannot be found.
NOBODY = ("invalid", "test", "example", "example.com", "example.org", "example.net")


def is_here(host: object) -> bool:
    """Whether a name or address needs nobody's help to be found."""
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name == "localhost":
        return True
    try:
        ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return True


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that looks up the address of anybody else."""
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def look_up_here(host: Any, *rest: Any, **more: Any) -> Any:
        if is_here(host):
            return look_up(host, *rest, **more)
        if not str(host).endswith(NOBODY):
            asked.append(str(host))
        raise socket.gaierror(socket.EAI_NONAME, f"tests look up nobody, so not {host} either")

    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
    yield
    assert asked == [], f"this test wanted to speak to {', '.join(asked)}"
