"""People who join the rooms of a school, told by each platform in its own words: made of recorded deliveries."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.benchmarks.school import email_of, external_id_of, room_of
from tests.handlers.platforms.fixtures import PLATFORMS, SECRET, load
from tests.handlers.platforms.signing import SIGNERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """One person comes into the room of a course; `number` is of the delivery, like no other's."""

    course: int
    place: int
    number: int
    at: datetime

    @property
    def name(self) -> str:
        return f"Student {self.course}-{self.place}"

    @property
    def instant(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _recorded(folder: str, name: str) -> Any:
    return json.loads(load(PLATFORMS / folder / "fixtures" / f"{name}.http").body)


_ZOOM = _recorded("zoom", "registered_student_joined")
_HUNDREDMS = _recorded("hundredms", "student_joined")
_VCAAS = _recorded("vcaas", "student_joined")


def told_by_zoom(join: Join) -> bytes:
    told = _ZOOM["payload"]["object"]
    participant = told["participant"] | {
        "user_id": str(20_000_000 + join.number),
        "participant_uuid": f"participant-{join.number}",
        "user_name": join.name,
        "email": email_of(join.course, join.place),
        "registrant_id": "",
        "join_time": join.instant,
    }
    room = {"id": room_of(join.course), "uuid": f"session-{join.course}==", "start_time": join.instant}
    payload = _ZOOM["payload"] | {"object": told | room | {"participant": participant}}
    at = {"event_ts": int(join.at.timestamp() * 1000) + join.number}
    return json.dumps(_ZOOM | at | {"payload": payload}).encode()


def told_by_100ms(join: Join) -> bytes:
    data = _HUNDREDMS["data"] | {
        "room_id": room_of(join.course),
        "session_id": f"session-{join.course}",
        "session_started_at": join.instant,
        "peer_id": f"peer-{join.number}",
        "user_id": external_id_of(join.course, join.place),
        "user_name": join.name,
        "joined_at": join.instant,
    }
    return json.dumps(_HUNDREDMS | {"id": f"event-{join.number}", "timestamp": join.instant, "data": data}).encode()


def told_by_vcaas(join: Join) -> bytes:
    told = {
        "meetingUid": f"session-{join.course}",
        "meetingExternalId": room_of(join.course),
        "externalId": external_id_of(join.course, join.place),
        "externalName": join.name,
        "timestamp": str(int(join.at.timestamp())),
    }
    return json.dumps(_VCAAS | told).encode()


TOLD_BY: Mapping[str, Callable[[Join], bytes]] = {
    "zoom": told_by_zoom,
    "100ms": told_by_100ms,
    "vcaas": told_by_vcaas,
}
"""The body of a delivery, by platform."""

_PATHS = {"vcaas": f"/webhooks/vcaas/{SECRET}/user-join-leave"}


def request(platform: str, join: Join) -> bytes:
    """The whole HTTP request, proven as the platform proves it."""
    body = TOLD_BY[platform](join)
    headers = {
        "host": "bot.example.com",
        "content-type": "application/json",
        "content-length": str(len(body)),
        **SIGNERS[platform](body),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    path = _PATHS.get(platform, f"/webhooks/{platform}")
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body
