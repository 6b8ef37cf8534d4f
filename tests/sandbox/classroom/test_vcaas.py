"""A room of VCaaS: what is told about it and where to, how it is written down, and when it is told again."""

import json
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.classroom.deliveries import Handling
from sandbox.classroom.participant import Participant
from sandbox.classroom.vcaas import VcaasClassroom
from sandbox.errors import ClassroomError
from sandbox.verbs import CLASSROOM
from tests.sandbox.classroom.receiver import SECRET, SIX, HandClock, play

GRACE = Participant(handle="grace", name="Grace Hopper", external_id="grace-1")
ADA = Participant(handle="ada", name="Ada Lovelace", external_id="ada-1")
BOB = Participant(handle="bob", name="Bob Stone")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Bot:
    """Keeps what is sent to the right address, with the moment, and replies what it is told to."""

    clock: HandClock
    replies: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        assert request.match_info["token"] == SECRET
        self.told.append((request.match_info["route"], json.loads(await request.read())))
        self.times.append(self.clock.now())
        status, text = self.replies.pop(0) if self.replies else (200, "success")
        return web.Response(status=status, text=text)

    def of(self, route: str) -> list[dict[str, Any]]:
        return [body for to, body in self.told if to == route]

    @property
    def gaps(self) -> list[int]:
        """Whole seconds between one request and the next."""
        return [
            round((after - before).total_seconds()) for before, after in zip(self.times, self.times[1:], strict=False)
        ]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def bot(clock: HandClock) -> Bot:
    return Bot(clock)


@pytest.fixture
async def room(bot: Bot, clock: HandClock) -> AsyncIterator[VcaasClassroom]:
    app = web.Application()
    app.router.add_post("/webhooks/vcaas/{token}/{route}", bot.take)
    server = TestServer(app)
    await server.start_server()
    url = str(server.make_url("/webhooks/vcaas"))
    room = VcaasClassroom("python-101", SECRET, url, clock, random.Random(7), host=GRACE)
    yield room
    await room.close()
    await server.close()


async def test_a_callback_is_flat_text_in_whole_seconds(room: VcaasClassroom, bot: Bot, clock: HandClock) -> None:
    room.host_joins()
    await play(room, clock)
    (joined,) = bot.of("user-join-leave")
    assert joined == {
        "meetingUid": joined["meetingUid"],
        "meetingExternalId": "python-101",
        "userRole": "0",
        "externalId": "grace-1",
        "externalName": "Grace Hopper",
        "userStatus": "0",
        "timestamp": str(int(SIX.timestamp())),
    }


async def test_each_kind_of_news_goes_to_an_address_of_its_own(
    room: VcaasClassroom, bot: Bot, clock: HandClock
) -> None:
    room.host_joins()
    await play(room, clock)
    room.end_for_all()
    await play(room, clock, for_=6 * MINUTE)
    assert {route: len(bot.of(route)) for route, _ in bot.told} == {
        "meeting-start-end": 2,
        "user-join-leave": 2,
        "recording-start-end": 2,
        "end-class-for-all": 1,
        "meeting-data": 1,
    }


async def test_two_devices_are_told_as_two_joins_of_one_person(
    room: VcaasClassroom, bot: Bot, clock: HandClock
) -> None:
    room.join(ADA)
    room.join(ADA, device="phone")
    await play(room, clock)
    room.leave(ADA, device="phone")
    await play(room, clock)
    told = [(body["externalId"], body["userStatus"]) for body in bot.of("user-join-leave")]
    assert told == [("ada-1", "0"), ("ada-1", "0"), ("ada-1", "1")]


async def test_the_data_are_pushed_five_minutes_after_the_end_with_what_nobody_heard(
    room: VcaasClassroom, bot: Bot, clock: HandClock
) -> None:
    room.host_joins()
    with room.deliveries.handled(Handling(is_lost=True)):
        room.join(ADA)
    await play(room, clock)
    room.drop(ADA, noticed_after=20 * SECOND)
    await play(room, clock)
    room.leave(GRACE)
    await play(room, clock, for_=6 * MINUTE)
    (pushed,) = bot.of("meeting-data")
    at = int(SIX.timestamp())
    assert [
        (each["externalId"], each["timeIn"], each["timeOut"], each["totalTime"]) for each in pushed["attendeeDatas"]
    ] == [
        ("grace-1", str(at), str(at + 120), "120"),
        ("ada-1", str(at), str(at + 80), "80"),
    ]
    assert pushed["attendeeDatas"][1]["details"] == [
        {"type": "AttendeeJoined", "timestamp": at * 1000},
        {"type": "AttendeeDropped", "timestamp": (at + 80) * 1000},
    ]
    assert round((bot.times[-1] - SIX).total_seconds()) in range(420, 424)


async def test_who_waits_and_is_let_in_is_told_as_waiting_and_joined(
    room: VcaasClassroom, bot: Bot, clock: HandClock
) -> None:
    room.host_joins()
    room.wait(ADA)
    await play(room, clock)
    room.admit(ADA)
    await play(room, clock)
    assert [body["userStatus"] for body in bot.of("user-join-leave") if body["externalId"] == "ada-1"] == ["2", "0"]


@pytest.mark.parametrize("reply", [(500, "success"), (200, "ok"), (404, ""), (401, "success")])
async def test_anything_but_success_and_it_is_told_four_times_more(
    room: VcaasClassroom, bot: Bot, clock: HandClock, reply: tuple[int, str]
) -> None:
    bot.replies = [reply] * 9
    room.deliveries.put("user-join-leave joined", b"{}")
    await play(room, clock, for_=60 * MINUTE)
    assert bot.gaps == [15, 30, 180, 1800]
    assert room.deliveries.record[-1].state == "given up"


async def test_the_data_are_pushed_five_times_in_an_hour(room: VcaasClassroom, bot: Bot, clock: HandClock) -> None:
    bot.replies = [(503, "")] * 9
    room.deliveries.put("meeting-data pushed", b"{}")
    await play(room, clock, for_=90 * MINUTE)
    assert bot.gaps == [300, 600, 900, 1800]


async def test_unheard_replies_are_as_none(room: VcaasClassroom, bot: Bot, clock: HandClock) -> None:
    with room.deliveries.handled(Handling(is_unheard=True)):
        room.deliveries.put("user-join-leave joined", b"{}")
    await play(room, clock, for_=60 * MINUTE)
    assert len(bot.told) == 5


async def test_a_second_meeting_has_another_id(room: VcaasClassroom, bot: Bot, clock: HandClock) -> None:
    room.host_joins()
    room.restart(after=3 * MINUTE)
    await play(room, clock, for_=10 * MINUTE)
    assert len({body["meetingUid"] for body in bot.of("meeting-start-end")}) == 2


@pytest.mark.parametrize(
    "verb",
    [
        lambda room: room.breakout(ADA, "Room 1"),
        lambda room: room.rename(ADA, "A"),
        lambda room: room.dial_in(ADA, phone_number="+39"),
        lambda room: room.wait_for_host(ADA),
        lambda room: room.wait(ADA),
        lambda room: room.leave(BOB),
    ],
)
def test_what_vcaas_does_not_have_or_makes_no_sense_is_said(
    room: VcaasClassroom, verb: Callable[[VcaasClassroom], None]
) -> None:
    with pytest.raises(ClassroomError):
        verb(room)


@pytest.mark.parametrize("verb", sorted(VcaasClassroom.lacks))
def test_what_it_lacks_is_refused_wherever_somebody_is(room: VcaasClassroom, verb: str) -> None:
    """So that the page need not offer it."""
    happens, _ = CLASSROOM[verb]
    options = {"into": "Group 1", "number": "+39 055 5550101", "to": "Ada L.", "role": "co-host"}
    for step in (
        room.host_joins,
        lambda: room.join(ADA),
        lambda: room.join(ADA, device="phone"),
        lambda: room.leave(ADA),
    ):
        step()
        with pytest.raises(ClassroomError):
            happens(room, ADA, options)
