"""A button with a link opens it: links of this machine are followed one step, as a browser would, and no others."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.slack.browsing import is_here, leads_to


@pytest.fixture
async def server() -> AsyncIterator[tuple[TestServer, list[str]]]:
    agents: list[str] = []

    async def send_on(request: web.Request) -> web.Response:
        agents.append(request.headers["User-Agent"])
        return web.Response(status=302, headers={"Location": "https://classroom.example.com/j/1"})

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="a page")

    app = web.Application()
    app.add_routes([web.get("/join", send_on), web.get("/page", page)])
    async with TestServer(app) as running:
        yield running, agents


async def test_who_opens_a_link_of_this_machine_arrives_where_it_sends_them(
    server: tuple[TestServer, list[str]],
) -> None:
    running, agents = server
    assert await leads_to(str(running.make_url("/join"))) == "https://classroom.example.com/j/1"
    assert "Firefox" in agents[0]


async def test_a_page_of_this_machine_is_where_one_stays(server: tuple[TestServer, list[str]]) -> None:
    for path in ("/page", "/nothing"):
        url = str(server[0].make_url(path))
        assert await leads_to(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://classroom.example.com/j/1",
        "",
        "https://127.0.0.1/x",
        "http://127.0.0.1:0/x",
        "http://[::1/x",
        "slack://x",
    ],
)
async def test_what_is_elsewhere_is_not_asked(url: str) -> None:
    assert not is_here(url)
    assert await leads_to(url) == url


async def test_who_is_sent_to_a_door_that_is_shut_stays_before_it(server: tuple[TestServer, list[str]]) -> None:
    url = str(server[0].make_url("/join"))
    await server[0].close()
    assert await leads_to(url) == url
