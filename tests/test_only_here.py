"""The guard of all tests: who wants to speak to Slack itself is found out."""

import socket

import pytest

from tests.only_here import is_here


@pytest.mark.parametrize(
    ("host", "found"),
    [("localhost", True), ("127.0.0.1", True), (b"127.0.0.1", True), ("::1", True), (None, True), ("", True),
     ("slack.com", False), ("api.zoom.us", False), ("example.invalid", False)],
)  # fmt: skip
def test_only_this_machine_is_here(host, found):
    assert is_here(host) is found


def test_nobody_is_looked_up():
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nobody.invalid", 443)
