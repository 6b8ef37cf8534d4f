"""The platforms of which there are classrooms, and how a room of each is opened."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.classroom.hundredms import HundredmsClassroom
from sandbox.classroom.rooms import Classroom
from sandbox.classroom.vcaas import VcaasClassroom
from sandbox.classroom.zoom import ZoomClassroom
from sandbox.clock import Clock
from sandbox.story import Room
from sandbox.verbs import participant


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a platform sends its webhooks, and what it proves itself with; VCaaS adds it and a route to the URL."""

    webhook_url: str
    secret: str


def _zoom(room: Room, endpoint: Endpoint, clock: Clock, rng: random.Random, account_id: str) -> Classroom:
    return ZoomClassroom(
        room.id,
        endpoint.secret,
        endpoint.webhook_url,
        clock,
        rng,
        host=participant(room.host),
        account_id=account_id,
        topic=room.topic,
        zone=room.zone.key,
        duration_minutes=room.duration_minutes,
    )


def _hundredms(room: Room, endpoint: Endpoint, clock: Clock, rng: random.Random, account_id: str) -> Classroom:
    return HundredmsClassroom(
        room.id,
        endpoint.secret,
        endpoint.webhook_url,
        clock,
        rng,
        host=participant(room.host),
        account_id=account_id,
        topic=room.topic,
    )


def _vcaas(room: Room, endpoint: Endpoint, clock: Clock, rng: random.Random, account_id: str) -> Classroom:
    return VcaasClassroom(
        room.id,
        endpoint.secret,
        endpoint.webhook_url,
        clock,
        rng,
        host=participant(room.host),
        account_id=account_id,
        topic=room.topic,
        duration_minutes=room.duration_minutes,
    )


OpenRoom = Callable[[Room, Endpoint, Clock, random.Random, str], Classroom]
"""Opens a room; the last is the account of the platform's other rooms, empty for the first room."""

PLATFORMS: Mapping[str, OpenRoom] = {"zoom": _zoom, "100ms": _hundredms, "vcaas": _vcaas}
"""How a room of each platform is opened."""
