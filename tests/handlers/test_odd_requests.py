"""Whatever stands in an address or in a body: every door says what is wrong with it, and none of them breaks."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import stamina
from aiohttp import web
from yarl import URL

from bot import __main__ as program
from bot.clock import SystemClock
from tests.lessons.world import API_TOKEN, settings

ODD = {
    "nothing to print": "\0",
    "half a character": "%ED%A0%80",
    "many": "x" * 4_000,
    "a way out": "..%2F..%2Fetc%2Fpasswd",
    "SQL": "' OR 1=1 --",
    "other digits": "١٢٣",
    "turned around": "\u202egpj.exe",
    "a word": "nobody",
    "a percent sign": "%25",
}
#: What somebody may put where a text, a number or a list is expected.
BODIES = {
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe\x00",
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e400",
    "deep": b"[" * 100_000,
    "nothing to print": b'{"checkpoint": "\\u0000", "room_id": "\\u0000", "user_id": "\\u0000", "role": "\\u0000", "name": "\\u0000"}',
    "half a character": b'{"checkpoint": "\\ud800", "room_id": "\\ud800", "user_id": "\\ud800", "role": "host", "name": "\\ud800"}',
    "other kinds": b'{"checkpoint": [1], "room_id": {"a": 1}, "user_id": 5, "role": null, "name": [[]]}',
    "other kinds again": b'{"checkpoint": null, "room_id": 7, "user_id": null, "role": [], "name": 1}',
}
#: Where nobody answers.
NOBODY = "http://127.0.0.1:1"
HEADERS = {"Authorization": f"Bearer {API_TOKEN}", "Content-Type": "application/json"}


class Doors:
    """The whole bot, and every route that it has."""

    def __init__(self, url: str, app: web.Application) -> None:
        self.url = url
        self.routes = [
            (route.method, route.resource.canonical)
            for route in app.router.routes()
            if route.resource is not None and route.method in {"GET", "POST"}
        ]

    def addresses(self, method: str, odd: str) -> set[str]:
        """Every address with this wherever something may stand, and asked for with it, too."""
        given = odd if "%" in odd else quote(odd, safe="")
        paths = [path for each, path in self.routes if each == method]
        filled = {"/".join(given if "{" in part else part for part in path.split("/")) for path in paths}
        names = ("course", "from", "to", "room_id", "token", "period", "language", "code", "state")
        return filled | {f"{path}?{'&'.join(f'{name}={given}' for name in names)}" for path in filled}


@pytest.fixture
async def doors(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Doors]:
    made: list[web.Application] = []
    application = program.application

    def noted(*given: Any, **how: Any) -> web.Application:
        made.append(application(*given, **how))
        return made[-1]

    monkeypatch.setattr(program, "application", noted)
    platform = {
        "HMS_APP_ACCESS_KEY": "key",
        "HMS_APP_SECRET": "a secret of a classroom, of more than thirty-two letters",
        "HMS_API_URL": NOBODY,
    }
    environment = settings(database_url, slack_api_url=f"{NOBODY}/api/", ROLLCALL_DATA_DIR=str(tmp_path), **platform)
    bot = program.Program(environment, SystemClock())
    url = await bot.start()
    with stamina.set_testing(True):  # who does not answer is asked once
        yield Doors(url, made[0])
    await bot.stop()


async def test_an_odd_address_is_told_what_is_wrong_with_it(doors: Doors) -> None:
    broken = []
    async with aiohttp.ClientSession(headers=HEADERS) as http:
        for name, odd in ODD.items():
            for address in sorted(doors.addresses("GET", odd)):
                async with http.get(URL(f"{doors.url}{address}", encoded=True), allow_redirects=False) as reply:
                    if reply.status == 500:
                        broken.append((name, address[:100], reply.status))
    assert broken == []


async def test_an_odd_body_is_told_what_is_wrong_with_it(doors: Doors) -> None:
    broken = []
    async with aiohttp.ClientSession(headers=HEADERS) as http:
        for name, body in BODIES.items():
            for path in sorted(doors.addresses("POST", "nobody")):
                async with http.post(f"{doors.url}{path}", data=body) as reply:
                    if reply.status == 500:
                        broken.append((name, path, reply.status))
    assert broken == []
