"""Two classrooms without a bot, and the APIs that tell of them, asked over HTTP."""

import random
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from yarl import URL

from sandbox.apis.records import Records
from sandbox.apis.server import PlatformApis
from sandbox.classroom.hundredms import HundredmsClassroom
from sandbox.classroom.participant import Participant
from sandbox.classroom.rooms import Classroom
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.clock import wire_now
from tests.sandbox.classroom.receiver import SECRET, HandClock

ZOOM_ROOM, HMS_ROOM = "97711976001", "6f0000000000000000000101"
NOWHERE = "http://127.0.0.1:9/webhooks"

GRACE = Participant(handle="grace", name="Grace Hopper", email="grace@example.com", zoom_id="grAceAccount", external_id="grace-1")  # fmt: skip
ADA = Participant(handle="ada", name="Ada Lovelace", email="ada@example.com", registrant_id="rEgAda", external_id="ada-1")  # fmt: skip
BOB = Participant(handle="bob", name="Bob Stone")


@dataclass
class Asker:
    """Whoever asks the APIs, with good credentials unless told otherwise."""

    apis: PlatformApis
    clock: HandClock
    zoom: ZoomClassroom
    hundredms: HundredmsClassroom
    http: aiohttp.ClientSession
    url: str
    token: str = ""

    async def later(self, **lengths: float) -> None:
        """Lesson time goes by, and what is due in the classrooms happens."""
        until = self.clock.at + timedelta(**lengths)
        rooms: list[Classroom] = [self.zoom, self.hundredms]
        while (at := min((room.next_at() or until for room in rooms), default=until)) < until:
            self.clock.at = max(at, self.clock.at)
            for room in rooms:
                await room.run_due(self.clock.at)
        self.clock.at = until

    async def ask_zoom(self, path: str, body: Any = None, **query: str | int) -> tuple[int, Any]:
        self.token = self.token or (await self.zoom_token())[1]["access_token"]
        return await self._ask(f"/zoom/v2{path}", {"Authorization": f"Bearer {self.token}"}, body, query)

    async def zoom_token(self, *, secret: str = "", account: str = "") -> tuple[int, Any]:
        keys = self.apis.keys
        basic = b64encode(f"{keys.zoom_client_id}:{secret or keys.zoom_client_secret}".encode()).decode()
        query = {"grant_type": "account_credentials", "account_id": account or keys.zoom_account_id}
        return await self._ask("/zoom/oauth/token", {"Authorization": f"Basic {basic}"}, {}, query)

    async def ask_100ms(self, path: str, body: Any = None, *, token: str = "", **query: str | int) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token or self.management_token()}"}
        return await self._ask(f"/100ms/v2{path}", headers, body, query)

    def management_token(self, *, secret: str = "", **changes: Any) -> str:
        now = int(wire_now().timestamp())
        claims = {"access_key": self.apis.keys.hms_access_key, "type": "management", "version": 2, "jti": "1", "iat": now, "nbf": now, "exp": now + 86400}  # fmt: skip
        return jwt.encode({**claims, **changes}, secret or self.apis.keys.hms_secret, algorithm="HS256")

    async def _ask(self, path: str, headers: dict[str, str], body: Any, query: Any) -> tuple[int, Any]:
        url = URL(self.url + path, encoded=True).update_query(query)
        method = "GET" if body is None else "POST"
        async with self.http.request(method, url, headers=headers, json=body) as answer:
            text = await answer.text()
            return answer.status, (await answer.json()) if text[:1] in {"{", "["} and text[-1:] in {"}", "]"} else text


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    clock = HandClock()
    zoom = ZoomClassroom(ZOOM_ROOM, SECRET, NOWHERE, clock, random.Random(7), host=GRACE, topic="Python 101")
    hundredms = HundredmsClassroom(HMS_ROOM, SECRET, NOWHERE, clock, random.Random(7), host=GRACE, topic="Python 101")
    apis = PlatformApis(clock)
    url = await apis.start()
    apis.admit({ZOOM_ROOM: zoom, HMS_ROOM: hundredms})
    async with aiohttp.ClientSession() as http:
        yield Asker(apis=apis, clock=clock, zoom=zoom, hundredms=hundredms, http=http, url=url)
    await apis.stop()
    await zoom.close()
    await hundredms.close()


def steered(asker: Asker, **records: Any) -> None:
    asker.apis.telling.steer(Records(**records))
