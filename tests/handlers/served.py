"""A test's server that treats who hangs up as the real one does."""

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


class Served(TestServer):
    """aiohttp's own cancels the handler of a client that has gone; `web.AppRunner` as we use it lets it go on."""

    async def _make_runner(self, **settings: Any) -> web.BaseRunner:
        # Nobody here goes on sending after the answer for as long as ten seconds, which it would wait for.
        return await super()._make_runner(**{**settings, "handler_cancellation": False, "lingering_time": 1.0})
