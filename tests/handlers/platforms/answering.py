"""A platform's API that answers what a test tells it to, and remembers what it was asked."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.platform_api import Patience

ANSWERS = Path(__file__).parent / "answers"

#: Quick, so that a test need not wait; as often as in the school.
QUICK = Patience(answer=0.5, connect=0.5, first_wait=0.001, longest_wait=0.05)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    #: not decoded
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def bearer(self) -> str:
        return self.headers["Authorization"].removeprefix("Bearer ")


class AnsweringApi:
    """Gives its answers one after the other, the last one again and again."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: list[Answer] = []
        self._given = 0
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._server = TestServer(app)

    async def start(self) -> str:
        await self._server.start_server(access_log=None)
        return str(self._server.make_url("")).rstrip("/")

    async def stop(self) -> None:
        await self._server.close()

    def will(self, *answers: Answer) -> None:
        self._answers, self._given = list(answers), 0

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(
            Asked(
                method=request.method,
                path=request.rel_url.raw_path,
                query=dict(request.query),
                headers=dict(request.headers),
                body=await request.read(),
            )
        )
        answer = self._answers[min(self._given, len(self._answers) - 1)]
        self._given += 1
        return await answer(request)


def kept(name: str, **changes: Any) -> Any:
    """An answer as the platform writes it, some of its fields changed."""
    return {**json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8")), **changes}


def says(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """JSON."""
    return written(json.dumps(document), status=status, headers=headers, content_type="application/json")


def written(
    body: str, *, status: int = 200, headers: Mapping[str, str] | None = None, content_type: str = "text/html"
) -> Answer:
    """Whatever it is."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, headers=headers, content_type=content_type)

    return answer


async def hangs(_: web.Request) -> web.StreamResponse:
    """Longer than anybody waits."""
    await asyncio.sleep(30)
    raise AssertionError("nobody waited")


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """In the middle of its answer."""
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b'{"data": [')
    assert request.transport is not None
    request.transport.close()
    return answer


async def hangs_up(request: web.Request) -> web.StreamResponse:
    """Before its answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()
