"""VCaaS's REST API, of which only one call is documented: a meeting is created, with the addresses of its callbacks."""

from collections import deque
from typing import Any, ClassVar

from aiohttp import web

from sandbox.apis.base import Api, Refusal, World

MEETINGS_KEPT = 200
KEY_HEADER = "X-Api-Key"
"""Nobody documents how VCaaS knows who asks; here it is this."""


class VcaasApi(Api):
    """`/vcaas/v2/meeting-center/meetings`; `created` has the latest requests, as they came."""

    prefix: ClassVar[str] = "vcaas"
    most_a_second: ClassVar[int] = 20

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.created: deque[dict[str, Any]] = deque(maxlen=MEETINGS_KEPT)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v2/meeting-center/meetings", self._create)]

    def refused(self, refusal: Refusal) -> web.Response:
        body = {"code": refusal.code, "message": refusal.message}
        return web.json_response(body, status=refusal.status, headers=refusal.headers)

    def admit(self, request: web.Request) -> None:
        if request.headers.get(KEY_HEADER) != self.world.keys.vcaas_key:
            raise Refusal(401, 401, "Unauthorized")

    async def _create(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        if int(wanted.get("endTime", 0)) <= int(wanted.get("startTime", 0)):
            raise Refusal(400, 400, "endTime must be after startTime")
        if int(wanted["startTime"]) < int(self.world.clock.now().timestamp()) - 60:
            raise Refusal(400, 400, "startTime must not be in the past")
        self.created.append(wanted)
        number = f"{10_000 + len(self.created)}"
        return web.json_response({"meetingId": number, "meetingUrl": f"{self.world.base_url}/vcaas/m/{number}"})
