"""The platforms' APIs behind one address on this machine."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from sandbox.apis.base import Api, ApiKeys, Handler, World
from sandbox.apis.hundredms import HundredmsApi
from sandbox.apis.records import AS_IT_WAS, Records, Telling
from sandbox.apis.vcaas import VcaasApi
from sandbox.apis.zoom import ZoomApi
from sandbox.classroom.rooms import Classroom
from sandbox.clock import Clock

CALLS_KEPT = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request: when (lesson time), to which platform, and how it was answered; `status` 0: not at all."""

    at: datetime
    platform: str
    method: str
    path: str
    query: Mapping[str, str]
    status: int


class PlatformApis:
    """The APIs of all the platforms that have one, on a port of this machine.

    `admit(rooms)` may come after `start()`: the bot wants to know the addresses before there are classrooms. `calls`
    has the latest two thousand; `telling.steer(…)` changes what is told. `registered`: e-mail → registrant id of who
    registered on Zoom by themselves.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        keys: ApiKeys | None = None,
        records: Records = AS_IT_WAS,
        registered: Mapping[str, str] | None = None,
    ) -> None:
        self.keys = keys or ApiKeys()
        self.telling = Telling(records)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._world = World(clock=clock, keys=self.keys, telling=self.telling, registered=registered or {})
        self._apis: list[Api] = [ZoomApi(self._world), HundredmsApi(self._world), VcaasApi(self._world)]
        self._runner: web.AppRunner | None = None
        self._in_flight = 0

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return self._in_flight == 0

    def admit(self, rooms: Mapping[str, Classroom]) -> None:
        """Tell of these classrooms, by their ids."""
        self._world.rooms = rooms

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, port 0 picking a free one, and return the address, behind which come `/zoom`, `/100ms`, `/vcaas`."""
        app = web.Application()
        for api in self._apis:
            for route in api.routes():
                app.router.add_route(
                    route.method, f"/{api.prefix}{route.path}", partial(self._serve, api, route.handler)
                )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self._world.base_url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self._world.base_url

    async def stop(self) -> None:
        """Stop listening; who still waits for an answer gets none."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, api: Api, handler: Handler, request: web.Request) -> web.StreamResponse:
        self._in_flight += 1
        status = 0
        try:
            answer = await api.answer(request, handler)
            status = answer.status
            return answer
        finally:
            self._in_flight -= 1
            call = Call(
                at=self._world.clock.now(),
                platform=api.prefix,
                method=request.method,
                path=request.rel_url.raw_path,
                query=dict(request.query),
                status=status,
            )
            self.calls.append(call)
